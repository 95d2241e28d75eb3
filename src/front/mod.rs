//! The front: the command line, and everything that runs without a screen.
//!
//! | file | holds |
//! |---|---|
//! | [`cli`] | what may be typed, and `--help` |
//! | `usage` | what is said of a command line that is wrong |
//! | `load` | from a name, `-` or `-e` to a scenario |
//! | `test`, `report` | `stepgrad test`: run scenarios, compare with what they expect; say what came of it |
//! | `trace`, `lines` | `stepgrad trace`: every event, as JSON Lines and as text |
//! | `show` | `stepgrad show`: every value at a step |
//! | `check`, `verdict` | `stepgrad check`: every grad against the slope it should be, and what went wrong; as text |
//! | `list`, [`schema`], `completions`, `man` | what `stepgrad` says of itself |
//! | `exporter` | the Python files that write graphs of other engines as scenarios |
//! | `json` | the pieces of JSON that several commands write |
//! | `output` | standard output as a handle, with its colours |
//! | `waiting` | a bar on standard error, where something takes longer than a second |
//! | [`live`], [`terminal`] | the debugger on a terminal, and its screen as text |
//! | `idle`, `watch` | what is due while no key comes; whether a file was written to |
//! | `patient` | work that may take long, beside a terminal that goes on answering |
//!
//! Results go to standard output, everything else to standard error. The JSON and the exit statuses are contracts.

mod check;
pub mod cli;
mod completions;
pub mod export;
mod exporter;
mod idle;
mod json;
mod lines;
mod list;
pub mod live;
mod load;
mod man;
mod output;
mod patient;
mod report;
pub mod schema;
mod show;
pub mod terminal;
mod test;
mod trace;
mod usage;
mod verdict;
mod waiting;
mod watch;

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use self::cli::{Cli, Command, Common, Open, Screen};
use self::terminal::Keyboard;
use crate::scenario::{Complaint, cleaned};
use crate::ui::theme::Look;

/// How the debugger opens.
#[derive(Debug, Clone, Copy)]
pub struct LiveOptions {
    /// The step to stand at first; where people start if left out.
    pub at: Option<u32>,
    /// Larger files are refused, also those that are opened from inside.
    pub max_bytes: u64,
    pub color: cli::Color,
    pub keyboard: Keyboard,
    pub mouse: bool,
    pub ascii: bool,
    /// Load the file again whenever it is written to.
    pub watch: bool,
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
    match Cli::read() {
        Ok(cli) => run(cli).unwrap_or_else(|failure| explain(&failure)),
        Err(error) => match usage::print(&error) {
            Ok(()) => ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(WRONG)),
            Err(failure) => explain(&Failure::Output(failure)),
        },
    }
}

fn run(cli: Cli) -> Result<ExitCode, Failure> {
    let Cli { open, command, common } = cli;
    output::set_color(common.color);
    if !io::stdout().is_terminal() && !output::is_writable() {
        return Err(Failure::Output(io::Error::other("it is open for reading only")));
    }
    match command {
        None => return debug(open, &common),
        Some(Command::Test(test)) => return Ok(test::run(&test, &common)?),
        Some(Command::Trace(trace)) => trace::run(&trace, &common)?,
        Some(Command::Show(show)) => show::run(&show, &common)?,
        Some(Command::Check(check)) => return check::run(&check, &common),
        Some(Command::Screen(screen)) => print_screen(&screen, &common)?,
        Some(Command::List) => list::run()?,
        Some(Command::Schema) => schema::run()?,
        Some(Command::Exporter(exporter)) => exporter::run(exporter.engine)?,
        Some(Command::Completions(completions)) => completions::run(completions.shell)?,
        Some(Command::Man(man)) => man::run(man.command.as_deref())?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The debugger; its trace where there is no terminal to open it on.
fn debug(open: Open, common: &Common) -> Result<ExitCode, Failure> {
    let Open { scenario, written, at, watch, no_mouse, ascii } = open;
    let Common { max_bytes, color } = *common;
    let request = load::Request::new(scenario, written.lines, max_bytes);
    if watch && !request.is_file() {
        let message = format!("--watch needs a file to watch, and {} is none", request.name());
        return Err(Failure::Message(message));
    }
    let keyboard = if request.is_typed() { Keyboard::Terminal } else { Keyboard::StandardInput };
    if !io::stdout().is_terminal() {
        let (scenario, _) = waiting::on_stderr(request.name(), |progress| request.open(progress))?;
        trace::text(&scenario, at.at)?;
        return Ok(ExitCode::SUCCESS);
    }
    let options = LiveOptions { at: at.at, max_bytes, color, keyboard, mouse: !no_mouse, ascii, watch };
    live::open(request, &options)
}

fn print_screen(screen: &Screen, common: &Common) -> Result<(), Failure> {
    let (scenario, source) = load::scenario(&screen.input, common)?;
    let look = Look { ascii: screen.ascii, ..Look::default() };
    let text = live::screen_in(&look, scenario, source, &screen.keys, screen.size, screen.at.at)?;
    let mut out = output::text();
    out.write_all(text.as_bytes())?;
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
