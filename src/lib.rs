#![doc = "stepgrad"]
pub mod engine;
pub mod formula;
pub mod front;
pub mod scenario;
