//! From a name, `-` or `-e` to a scenario.

use std::io;
use std::time::Duration;

use clap::CommandFactory;

use super::cli::{Cli, Common, Input};
use super::{Failure, waiting};
use crate::engine::Run;
use crate::scenario::{Complaint, Origin, Progress, Scenario, Source, read_with};

/// What opens where nothing is named.
const DEFAULT: &str = "neuron";

/// Larger files take long enough to show that they are being read.
const LARGE: u64 = 1 << 20;

/// What takes no longer needs no window that says so: it would only flash.
pub const PATIENCE: Duration = Duration::from_millis(100);

/// What a command line asks to open.
pub struct Request {
    name: Option<String>,
    lines: Vec<String>,
    max_bytes: u64,
}

impl Request {
    pub fn new(name: Option<String>, lines: Vec<String>, max_bytes: u64) -> Self {
        Self { name, lines, max_bytes }
    }

    /// A file that is open already, to be read again.
    pub fn again(source: &Origin, max_bytes: u64) -> Self {
        Self::new(Some(source.name.clone()), Vec::new(), max_bytes)
    }

    /// As one would name it.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(DEFAULT)
    }

    /// Whether it comes from standard input, which may be somebody's keyboard.
    pub fn is_typed(&self) -> bool {
        self.lines.is_empty() && self.name.as_deref() == Some("-")
    }

    /// Whether it is a file, which may be written to while it is open.
    pub fn is_file(&self) -> bool {
        self.lines.is_empty() && self.name.as_ref().is_some_and(|name| std::path::Path::new(name).is_file())
    }

    /// How long to wait for it before saying that it is being read; `None` for what takes no time to speak of, or is being
    /// typed. What is large is known to take longer; what comes through a pipe may or may not.
    pub fn patience(&self) -> Option<Duration> {
        let named = self.name.as_ref().filter(|_| self.lines.is_empty() && !self.is_typed());
        let file = std::fs::metadata(named?).ok()?;
        match file.is_file() {
            true if file.len() > LARGE => Some(Duration::ZERO),
            true => None,
            false => Some(PATIENCE),
        }
    }

    /// Reads the scenario; the neuron where none is named.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn open(&self, progress: &Progress) -> Result<(Scenario, Source), Complaint> {
        let source = match &self.name {
            _ if !self.lines.is_empty() => Source::of_lines(&self.lines),
            None => Source::builtin(DEFAULT).expect("the default is built in"),
            Some(name) => named(name, self.max_bytes, progress).map_err(|complaint| or_command(*complaint, name))?,
        };
        Ok((read_with(&source, progress)?, source))
    }
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
pub fn named(name: &str, max_bytes: u64, progress: &Progress) -> Result<Source, Box<Complaint>> {
    let source = match name {
        "-" => Source::read("<stdin>", io::stdin().lock(), max_bytes),
        name => Source::named_with(name, max_bytes, progress),
    };
    source.map_err(Box::new)
}

/// Reads the scenario that a command needs.
pub fn scenario(input: &Input, common: &Common) -> Result<(Scenario, Source), Failure> {
    let request = Request::new(input.scenario.clone(), input.written.lines.clone(), common.max_bytes);
    Ok(waiting::on_stderr(request.name(), |progress| request.open(progress))?)
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
