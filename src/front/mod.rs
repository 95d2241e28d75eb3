//! The front: the command line, and everything that runs without a screen.
//!
//! | file | holds |
//! |---|---|
//! | [`cli`] | what may be typed, and `--help` |
//! | [`load`] | from a name, `-` or `-e` to a scenario |
//! | [`test`], [`report`] | `stepgrad test`: run scenarios, compare with what they expect; say what came of it |
//! | [`trace`], [`lines`] | `stepgrad trace`: every event, as JSON Lines and as text |
//! | [`show`] | `stepgrad show`: every value at a step |
//! | [`list`], [`schema`] | `stepgrad list`, `stepgrad schema` |
//! | [`json`] | the pieces of JSON that several commands write |
//! | [`output`] | standard output as a handle, with its colours |
//! | [`live`] | the debugger on a terminal, and its screen as text |
//!
//! Results go to standard output, everything else to standard error. The JSON and the exit statuses are contracts.

pub mod cli;
mod json;
mod lines;
mod list;
pub mod live;
mod load;
mod output;
mod report;
mod schema;
mod show;
pub mod terminal;
mod test;
mod trace;

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use self::cli::{Cli, Command, Open, Screen};
use crate::scenario::{Complaint, cleaned};

/// How the debugger opens.
#[derive(Debug, Clone, Copy)]
pub struct LiveOptions {
    /// The step to stand at first; where people start if left out.
    pub at: Option<u32>,
    /// Larger files are refused, also those that are opened from inside.
    pub max_bytes: u64,
    pub color: cli::Color,
}

/// Why a command stopped.
enum Failure {
    Scenario(Box<Complaint>),
    /// Anything else that is wrong with what was asked for, in a sentence.
    Message(String),
    Output(io::Error),
}

impl From<Complaint> for Failure {
    fn from(complaint: Complaint) -> Self {
        Self::Scenario(Box::new(complaint))
    }
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Self::Message(message)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// The status for a wrong command line or scenario.
const WRONG: u8 = 2;

/// Reads the command line and does what it says.
pub fn main() -> ExitCode {
    match Cli::try_parse() {
        Ok(cli) => run(cli).unwrap_or_else(|failure| explain(&failure)),
        Err(error) => {
            // Help goes to standard output, a complaint to standard error; a reader who has gone misses nothing.
            let _ = error.print();
            ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(WRONG))
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode, Failure> {
    output::set_color(color(&cli));
    match cli.command {
        None => open(cli.open),
        Some(Command::Test(test)) => Ok(test::run(&test)?),
        Some(Command::Trace(trace)) => trace::run(&trace).map(|()| ExitCode::SUCCESS),
        Some(Command::Show(show)) => show::run(&show).map(|()| ExitCode::SUCCESS),
        Some(Command::Screen(screen)) => print_screen(&screen).map(|()| ExitCode::SUCCESS),
        Some(Command::List(_)) => Ok(list::run().map(|()| ExitCode::SUCCESS)?),
        Some(Command::Schema) => Ok(schema::run().map(|()| ExitCode::SUCCESS)?),
        Some(Command::Completions { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "stepgrad", &mut script);
            io::stdout().write_all(&script)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn color(cli: &Cli) -> cli::Color {
    match &cli.command {
        None => cli.open.common.color,
        Some(Command::Test(cli::Test { common, .. }) | Command::Trace(cli::Trace { common, .. })) => common.color,
        Some(Command::Show(cli::Show { common, .. }) | Command::Screen(Screen { common, .. })) => common.color,
        Some(Command::List(common)) => common.color,
        Some(Command::Schema | Command::Completions { .. }) => cli::Color::default(),
    }
}

/// The debugger; its trace where there is no terminal to open it on.
fn open(open: Open) -> Result<ExitCode, Failure> {
    let Open { scenario, written, at, common } = open;
    let (scenario, source) = load::open(scenario.as_deref(), &written.lines, common.max_bytes)?;
    if !io::stdout().is_terminal() {
        trace::text(&scenario)?;
        return Ok(ExitCode::SUCCESS);
    }
    let options = LiveOptions { at: at.at, max_bytes: common.max_bytes, color: common.color };
    Ok(live::open(scenario, source, &options)?)
}

fn print_screen(screen: &Screen) -> Result<(), Failure> {
    let (scenario, source) = load::scenario(&screen.input, &screen.common)?;
    let text = live::screen(scenario, source, &screen.keys, screen.size, screen.at.at)?;
    let mut out = output::text();
    writeln!(out, "{}", text.trim_end_matches('\n'))?;
    Ok(out.flush()?)
}

/// Says on standard error why a command stopped. A reader who has gone (`| head`) has what was wanted: no failure.
fn explain(failure: &Failure) -> ExitCode {
    match failure {
        Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => return ExitCode::SUCCESS,
        Failure::Output(error) => output::complain(format_args!("error: standard output: {error}")),
        Failure::Scenario(complaint) => output::complain(complaint.render(true)),
        Failure::Message(message) => output::complain(format_args!("error: {}", cleaned(message))),
    }
    ExitCode::from(WRONG)
}
