//! `stepgrad schema`: the JSON Schema of scenario files.

use std::io::{self, Write};

use super::output;

/// Committed at the root of the project, where editors and other programs find it.
const TEXT: &str = include_str!("../../scenario.schema.json");

pub fn run() -> io::Result<()> {
    let mut out = output::raw();
    out.write_all(TEXT.as_bytes())?;
    out.flush()
}
