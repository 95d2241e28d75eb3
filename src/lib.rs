#![doc = "stepgrad"]
pub mod app;
pub mod debugger;
pub mod engine;
pub mod formula;
pub mod keymap;
pub mod scenario;
pub mod ui;
