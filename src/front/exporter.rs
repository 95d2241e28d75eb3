//! `stepgrad exporter`: Python files that write graphs of other engines as scenarios.
//!
//! Each is run by its own engine and knows nothing of this program but what a scenario looks like. `tests/exporters.rs` runs them.

use std::io::{self, Write};

use super::cli::Engine;
use super::output;

pub fn run(engine: Engine) -> io::Result<()> {
    let mut out = output::raw();
    out.write_all(text(engine).as_bytes())?;
    out.flush()
}

fn text(engine: Engine) -> &'static str {
    match engine {
        Engine::Micrograd => include_str!("exporters/micrograd.py"),
        Engine::Torch => include_str!("exporters/torch.py"),
        Engine::Jax => include_str!("exporters/jax.py"),
    }
}
