//! The debugger on a terminal, and its screen as text.

use std::process::ExitCode;

use super::LiveOptions;
use crate::scenario::{Scenario, Source};

/// # Errors
/// Always.
pub fn open(_scenario: Scenario, _source: Source, _options: &LiveOptions) -> Result<ExitCode, String> {
    Err("not built yet".into())
}

/// # Errors
/// Always.
pub fn screen(
    _scenario: Scenario,
    _source: Source,
    _keys: &str,
    _size: (u16, u16),
    _at: Option<u32>,
) -> Result<String, String> {
    Err("not built yet".into())
}
