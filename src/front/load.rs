//! From a name, `-` or `-e` to a scenario.

use std::io;

use clap::CommandFactory;

use super::Failure;
use super::cli::{Cli, Common, Input};
use crate::engine::Run;
use crate::scenario::{Complaint, Scenario, Source, read};

/// What opens where nothing is named.
const DEFAULT: &str = "neuron";

/// Reads the scenario of a command line; the neuron where it names none.
pub fn open(name: Option<&str>, lines: &[String], max_bytes: u64) -> Result<(Scenario, Source), Failure> {
    let source = match name {
        _ if !lines.is_empty() => Source::of_lines(lines),
        None => Source::builtin(DEFAULT).expect("the default is built in"),
        Some(name) => named(name, max_bytes).map_err(|complaint| or_command(*complaint, name))?,
    };
    Ok((read(&source)?, source))
}

/// `stepgrad trce` names no scenario; a command was meant.
fn or_command(complaint: Complaint, name: &str) -> Complaint {
    let near = |command: &&str| strsim::damerau_levenshtein(command, name) <= 1 + command.len() / 5;
    let command = Cli::command().get_subcommands().map(clap::Command::get_name).find(near).map(str::to_owned);
    match command {
        Some(command) => complaint.help(Some(format!("did you mean the command `stepgrad {command}`?"))),
        None => complaint,
    }
}

/// The text of a file, of standard input, or of a built-in scenario.
pub fn named(name: &str, max_bytes: u64) -> Result<Source, Box<Complaint>> {
    let source = match name {
        "-" => Source::read("<stdin>", io::stdin().lock(), max_bytes),
        name => Source::named(name, max_bytes),
    };
    source.map_err(Box::new)
}

/// Reads the scenario that a command needs.
pub fn scenario(input: &Input, common: &Common) -> Result<(Scenario, Source), Failure> {
    open(input.scenario.as_deref(), &input.written.lines, common.max_bytes)
}

/// The step that was asked for; the end where none was.
pub fn step(at: Option<u32>, run: &Run) -> Result<u32, Failure> {
    match at {
        Some(at) if at > run.steps => {
            Err(Failure::Message(format!("there is no step {at}: this run ends at step {}", run.steps)))
        }
        at => Ok(at.unwrap_or(run.steps)),
    }
}
