//! What is said of a command line that is wrong, or that asks for help.

use std::ffi::OsString;
use std::io::{self, Write};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Error, Parser};

use super::cli::Cli;
use crate::scenario::cleaned;

/// A second scenario is no unknown word: says what takes several.
pub fn one_at_a_time(mut error: Error) -> Error {
    if let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidArg)
        && error.kind() == ErrorKind::UnknownArgument
        && !word.starts_with('-')
        && error.get(ContextKind::Suggested).is_none()
    {
        let tip = "one scenario is opened at a time; `stepgrad test` takes several";
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    }
    error
}

/// What was typed comes back in complaints: it is read once more as it may be shown, so that no part of it steers the
/// terminal, or looks like a line of ours.
pub fn fit_to_show(error: Error) -> Error {
    let fit = |arg: OsString| cleaned(&arg.to_string_lossy()).into_owned();
    Cli::try_parse_from(std::env::args_os().map(fit)).err().unwrap_or(error)
}

/// Prints help on standard output, or a complaint on standard error: where that is closed nobody can be told.
///
/// # Errors
/// The help cannot be written.
pub fn print(error: &Error) -> io::Result<()> {
    let printed = error.print().and_then(|()| io::stdout().flush());
    if error.use_stderr() { Ok(()) } else { printed }
}
