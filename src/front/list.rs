//! `stepgrad list`: the built-in scenarios.

use std::io::{self, Write};

use super::output::{self, BOLD, styled};
use crate::scenario::{Source, builtin, cleaned, read};

pub fn run() -> io::Result<()> {
    let mut out = output::text();
    let width = builtin::names().map(str::len).max().unwrap_or(0);
    for (at, group) in builtin::GROUPS.iter().enumerate() {
        writeln!(out, "{}{}", if at == 0 { "" } else { "\n" }, styled(BOLD, group.title))?;
        for entry in group.scenarios {
            let title = Source::builtin(entry.name).and_then(|source| read(&source).ok()?.title);
            let line = format!("  {:<width$}  {}", entry.name, cleaned(title.as_deref().unwrap_or_default()));
            writeln!(out, "{}", line.trim_end())?;
        }
    }
    out.flush()
}
