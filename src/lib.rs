#![doc = "stepgrad"]
pub mod engine;
pub mod formula;
pub mod scenario;
