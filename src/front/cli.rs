//! The command line: what may be typed, and what `--help` says about it.

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, Args, Command as Clap, CommandFactory, Error, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;

use super::terminal::MOST_CELLS;
use super::usage::{fit_to_show, one_at_a_time};
use crate::scenario::builtin;

const TEMPLATE: &str = "{about}\n\n{before-help}{usage-heading} {usage}\n\n{all-args}{after-help}";

const EXAMPLES: &str = "\
Try:
  stepgrad                             open the debugger on a single neuron
  stepgrad a-plus-a                    a built-in scenario; `stepgrad list` shows them all
  stepgrad mine.json                   a scenario of your own
  stepgrad --watch mine.json           loaded again whenever an editor saves it
  stepgrad -e 'b = a + a' -e 'a = 3'   a graph typed on the spot
  stepgrad trace a-plus-a              every event of the run, one a line
  stepgrad show neuron --format json   every value at the end, for a program to read
  stepgrad check the-notebook          is every gradient right, and if not, what went wrong?
  stepgrad test scenarios/             check what each file expects, as CI does
  stepgrad exporter micrograd          a Python file that writes your own graph as a scenario
";

const AFTER: &str = "\
A SCENARIO is a file, `-` for standard input, or the name of a built-in one. \
A file that is named like a command is written `./test`.

Exit status: 0 fine, 1 a test or a check failed, 2 the command line or a scenario is wrong.";

/// A step debugger for backpropagation: run each _backward, forwards and backwards in time, down to the single +=.
#[derive(Debug, Parser)]
#[command(name = "stepgrad", version, help_template = TEMPLATE, before_help = EXAMPLES, after_help = AFTER)]
#[command(override_usage = "stepgrad [OPTIONS] [SCENARIO | -e LINE...]\n       stepgrad [OPTIONS] <COMMAND>")]
pub struct Cli {
    #[command(flatten)]
    pub open: Open,
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub common: Common,
}

impl Cli {
    /// Reads the command line of the program.
    ///
    /// # Errors
    /// What is wrong with it; also help, where that is asked for.
    pub fn read() -> Result<Self, Error> {
        let cli = Self::try_parse().map_err(fit_to_show).map_err(one_at_a_time)?;
        // clap's own `args_conflicts_with_subcommands` would refuse `--color` before a command, too.
        let Open { scenario, written, at, .. } = &cli.open;
        let before = scenario.is_some() || !written.lines.is_empty() || at.at.is_some();
        if cli.command.is_some() && before {
            let message = "a scenario, -e and --at belong after the command, as in `stepgrad show neuron`";
            return Err(Self::command().error(ErrorKind::ArgumentConflict, message));
        }
        Ok(cli)
    }
}

/// What the debugger opens with.
#[derive(Debug, Args)]
pub struct Open {
    /// A file, `-` or a built-in name; the neuron if left out
    #[arg(value_parser = ScenarioName, hide_possible_values = true, value_hint = ValueHint::FilePath)]
    pub scenario: Option<String>,
    #[command(flatten)]
    pub written: Written,
    #[command(flatten)]
    pub at: At,
    /// Load the file again whenever it is written to, keeping place, selection and breakpoints
    #[arg(long)]
    pub watch: bool,
    /// Leave the mouse to the terminal
    #[arg(long)]
    pub no_mouse: bool,
    /// Use only ASCII, for fonts and terminals that have nothing else
    #[arg(long)]
    pub ascii: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Test(Test),
    Trace(Trace),
    Show(Show),
    Check(Check),
    Screen(Screen),
    /// List the built-in scenarios
    #[command(help_template = TEMPLATE, before_help = "Try:\n  stepgrad list\n  stepgrad list | grep rule\n")]
    List,
    Exporter(Exporter),
    /// Print the JSON Schema of scenario files, for editors that complete and check them
    #[command(help_template = TEMPLATE, before_help = "Try:\n  stepgrad schema > scenario.schema.json\n")]
    Schema,
    Completions(Completions),
    Man(Man),
}

/// Run scenarios without a screen and check what they expect
#[derive(Debug, Args)]
#[command(help_template = TEMPLATE, after_help = "\
A line a scenario; under it what differs from its `expect`, and every `assert` that failed.
Exit status: 0 all as expected, 1 something differs, 2 a scenario cannot be read (the others still run).",
    before_help = "\
Try:
  stepgrad test                        every built-in scenario
  stepgrad test scenarios/ mine.json   every *.json in a folder, and one file
  stepgrad test --format junit scenarios/ > report.xml
")]
pub struct Test {
    /// Files, folders (every *.json in them) or built-in names; every built-in scenario if left out
    #[arg(value_name = "PATH", value_parser = ScenarioName, hide_possible_values = true, value_hint = ValueHint::AnyPath)]
    pub paths: Vec<String>,
    /// How to write it
    #[arg(long, value_enum, default_value_t)]
    pub format: TestFormat,
}

/// Print every event of a run, one a line
#[derive(Debug, Args)]
#[command(override_usage = "stepgrad trace [OPTIONS] <SCENARIO | -e LINE...>")]
#[command(help_template = TEMPLATE, after_help = "\
Step k is the state after k events. In JSON each line has step, phase, event and statement; forward and topo events \
have the node, writes the target, by, source, before, amount and after.",
    before_help = "\
Try:
  stepgrad trace a-plus-a
  stepgrad trace neuron --format json | jq 'select(.target == \"x1.grad\")'
")]
pub struct Trace {
    #[command(flatten)]
    pub input: Input,
    /// How to write it
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Print only the steps at which a breakpoint would stop: `w1`, `x1.grad`, `if isnan(grad)`; may be repeated
    #[arg(long = "break", value_name = "CONDITION")]
    pub breaks: Vec<String>,
}

/// Print every value at a step, with its place in the order
#[derive(Debug, Args)]
#[command(override_usage = "stepgrad show [OPTIONS] <SCENARIO | -e LINE...>")]
#[command(help_template = TEMPLATE, before_help = "\
Try:
  stepgrad show neuron
  stepgrad show neuron --at 30
  stepgrad show neuron --format json | jq '.values[] | {name, grad}'
  stepgrad show neuron --at 30 --format svg > neuron.svg
")]
pub struct Show {
    #[command(flatten)]
    pub input: Input,
    #[command(flatten)]
    pub at: At,
    /// How to write it
    #[arg(long, value_enum, default_value_t)]
    pub format: ShowFormat,
}

/// Check every gradient, and say what went wrong in the run
#[derive(Debug, Args)]
#[command(override_usage = "stepgrad check [OPTIONS] <SCENARIO | -e LINE...>")]
#[command(help_template = TEMPLATE, after_help = "\
A line a value, the wrong ones first: its grad, the slope by central differences (numeric), and the slope by dual \
numbers (exact), which share no code with any _backward. A grad is right where it is the exact slope, within the \
scenario's tolerance. At a kink, where what is measured depends on the side, the exact slope is by convention, and a \
note says so. Under them, what went wrong in the run and what to do about it. A scenario's own `ops` are checked alike.

Exit status: 0 every grad is right and nothing went wrong, 1 otherwise, 2 the scenario is wrong.",
    before_help = "\
Try:
  stepgrad check neuron
  stepgrad check a-plus-a-old
  stepgrad check -e 'b = exp(a) * a' -e 'a = 3'
  stepgrad check mine.json --format json | jq '.values[] | select(.ok | not)'
")]
pub struct Check {
    #[command(flatten)]
    pub input: Input,
    /// How to write it
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Print the debugger's screen as text, without a terminal
#[derive(Debug, Args)]
#[command(override_usage = "stepgrad screen [OPTIONS] <SCENARIO | -e LINE...>")]
#[command(help_template = TEMPLATE, before_help = "\
Try:
  stepgrad screen a-plus-a --keys 'n n s' --size 120x35
")]
pub struct Screen {
    #[command(flatten)]
    pub input: Input,
    #[command(flatten)]
    pub at: At,
    /// Keys to press first, with spaces between them
    #[arg(long, default_value = "", hide_default_value = true)]
    pub keys: String,
    /// Columns and rows
    #[arg(long, value_name = "WxH", default_value = "80x24", value_parser = size)]
    pub size: (u16, u16),
    /// Use only ASCII
    #[arg(long)]
    pub ascii: bool,
}

/// Print a Python file that writes graphs of an engine as scenarios
#[derive(Debug, Args)]
#[command(help_template = TEMPLATE, after_help = "\
micrograd needs nothing but Python, and takes any class like micrograd's Value: the one of the notebook, or yours. torch and \
jax take a function of scalars and a point. What they write holds the engine's own numbers as `expect`, so that `stepgrad \
test` compares the two. How each is used stands on top of its file.",
    before_help = "\
Try:
  stepgrad exporter micrograd > stepgrad_export.py
  python3 -c 'from micrograd.engine import Value; from stepgrad_export import export
a = Value(3.0); b = a + a; b.backward(); export(b, \"b.json\", names=globals())'
  stepgrad test b.json
  stepgrad b.json
")]
pub struct Exporter {
    /// Whose graphs
    pub engine: Engine,
}

/// Print a script that completes commands, options, built-in scenarios and files
#[derive(Debug, Args)]
#[command(help_template = TEMPLATE, before_help = "\
Try:
  source <(stepgrad completions bash)                  # in ~/.bashrc: in every shell
  mkdir -p ~/.zfunc
  stepgrad completions zsh > ~/.zfunc/_stepgrad        # with fpath+=~/.zfunc before compinit
  stepgrad completions fish > ~/.config/fish/completions/stepgrad.fish
")]
pub struct Completions {
    pub shell: Shell,
}

/// Print the manual, or the page of one command
#[derive(Debug, Args)]
#[command(help_template = TEMPLATE, before_help = "\
Try:
  stepgrad man | man -l -
  stepgrad man show | man -l -
  mkdir -p ~/.local/share/man/man1
  stepgrad man > ~/.local/share/man/man1/stepgrad.1
")]
pub struct Man {
    /// The command whose page is wanted
    pub command: Option<String>,
}

/// The scenario that a command needs: a name or `-e`.
#[derive(Debug, Args)]
#[group(skip)]
pub struct Input {
    /// A file, `-` for standard input, or a built-in name
    #[arg(value_parser = ScenarioName, hide_possible_values = true, value_hint = ValueHint::FilePath)]
    #[arg(required_unless_present = "lines")]
    pub scenario: Option<String>,
    #[command(flatten)]
    pub written: Written,
}

/// A scenario typed on the command line.
#[derive(Debug, Args)]
#[group(skip)]
pub struct Written {
    /// A value (`b = a + a`) or a statement to run (`b.backward()`); may be repeated
    #[arg(short = 'e', value_name = "LINE", conflicts_with = "scenario", allow_hyphen_values = true)]
    pub lines: Vec<String>,
}

#[derive(Debug, Args)]
#[group(skip)]
pub struct At {
    /// The step to stand at: the state after N events
    #[arg(long, value_name = "N")]
    pub at: Option<u32>,
}

/// No scenario may have more bytes: where something stands in it is counted in 32 bits.
const LARGEST: u64 = 2 << 30;

/// What every command takes.
#[derive(Debug, Args)]
#[group(skip)]
pub struct Common {
    /// Refuse scenarios of more bytes than this
    #[arg(long, value_name = "N", default_value_t = 512 << 20, value_parser = clap::value_parser!(u64).range(..=LARGEST), global = true)]
    pub max_bytes: u64,
    /// When to use colour
    #[arg(long, value_enum, value_name = "WHEN", default_value_t, global = true)]
    pub color: Color,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    #[default]
    Text,
    Json,
}

/// The engines that exporters are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// micrograd, and any class like its Value
    Micrograd,
    /// PyTorch, by torch.fx
    Torch,
    /// JAX, by its jaxpr
    Jax,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ShowFormat {
    /// A table
    #[default]
    Text,
    /// One object, for programs
    Json,
    /// The graph for Graphviz, as the notebook draws it
    Dot,
    /// The graph for pages that draw Mermaid
    Mermaid,
    /// The graph as a picture
    Svg,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum TestFormat {
    #[default]
    Text,
    Json,
    Junit,
}

fn size(text: &str) -> Result<(u16, u16), String> {
    let sides = text.split_once(['x', 'X', '×']).and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
    let (most_columns, most_rows) = MOST_CELLS;
    match sides.filter(|&(w, h)| w > 0 && h > 0) {
        None => Err("expected columns x rows, as in 120x35".into()),
        Some((w, h)) if w > most_columns || h > most_rows => {
            Err(format!("a screen has {most_columns} columns and {most_rows} rows at most"))
        }
        Some(size) => Ok(size),
    }
}

/// Takes any text, and offers the built-in names to completion.
#[derive(Clone)]
struct ScenarioName;

impl TypedValueParser for ScenarioName {
    type Value = String;

    fn parse_ref(&self, command: &Clap, arg: Option<&Arg>, value: &std::ffi::OsStr) -> Result<String, Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(builtin::names().map(PossibleValue::new)))
    }
}
