//! The commands of the `:` prompt: a name for every action, those that take arguments, and every statement.

use std::path::{Path, PathBuf};

use super::action::NAMED;
use super::{Action, App, Effect, Mode, PICTURES, Written};
use crate::debugger::breaks::Breakpoint;
use crate::debugger::differences::with_numbers;
use crate::engine::Event;
use crate::formula::number::repr;
use crate::formula::{Term, Trouble, condition};
use crate::scenario::{Complaint, Source, did_you_mean};

/// A command that takes arguments.
pub struct Command {
    pub names: &'static [&'static str],
    pub arguments: &'static str,
    pub help: &'static str,
    run: fn(&mut App, &str) -> Result<Effect, Trouble>,
}

const fn command(
    names: &'static [&'static str],
    arguments: &'static str,
    help: &'static str,
    run: fn(&mut App, &str) -> Result<Effect, Trouble>,
) -> Command {
    Command { names, arguments, help, run }
}

/// Every command that takes arguments. Troubles are about the arguments.
#[rustfmt::skip]
pub const COMMANDS: &[Command] = &[
    command(&["break", "b"], "NAME [if COND] | if COND", "stop before a _backward, or when a condition becomes true", App::break_at),
    command(&["watch"], "NAME.grad [if COND]", "stop after every write to a number", App::watch),
    command(&["delete"], "[N]", "forget breakpoint N, or all", App::delete_break),
    command(&["enable"], "[N]", "switch breakpoint N on, or all", App::enable),
    command(&["disable"], "[N]", "switch it off", App::disable),
    command(&["goto"], "STEP", "go to a step by its number", App::goto),
    command(&["select"], "NAME", "select a value", App::select_named),
    command(&["print", "p"], "EXPRESSION", "what an expression is worth here: 2 * x1.grad", App::print),
    command(&["write", "w"], "FILE", "save the session as a scenario", App::write_file),
    command(&["export"], "FILE.svg or .dot or .mmd", "draw the graph, as it is at this step, into a file", App::export),
    command(&["open"], "NAME or FILE", "open another scenario", App::open_named),
];

/// The names of every command and action.
pub fn names() -> impl Iterator<Item = &'static str> {
    let commands = COMMANDS.iter().flat_map(|command| command.names).copied();
    commands.chain(NAMED.iter().map(|(name, _)| *name)).chain(["zero_grad()", "forward()", "assert"])
}

impl App {
    /// Does what a line of the prompt says.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub(super) fn run_command(&mut self, line: &str) -> Result<Effect, Trouble> {
        let text = line.trim();
        let word = text.split_whitespace().next().unwrap_or_default();
        if word.is_empty() {
            return Ok(Effect::None);
        }
        if let Some(step) = self.step_away(text) {
            return Ok(self.update(Action::Step(step)));
        }
        if text.parse::<u32>().is_ok() {
            return self.goto(line);
        }
        let start = line.len() - line.trim_start().len() + word.len();
        let arguments = &line[start..];
        if let Some(command) = COMMANDS.iter().find(|command| command.names.contains(&word)) {
            return (command.run)(self, arguments).map_err(|trouble| trouble.shifted(start));
        }
        match NAMED.iter().find(|(name, _)| *name == word) {
            Some((_, action)) if !arguments.trim_start().starts_with('=') => {
                self.count = count(arguments, word).map_err(|trouble| trouble.shifted(start))?;
                Ok(self.update(*action))
            }
            _ => self.statement(line, word, start - word.len()),
        }
    }

    /// `+3` and `-3`: so many steps on, so many back, as far as there are any.
    fn step_away(&self, text: &str) -> Option<u32> {
        let steps = |text: &str| text.parse::<u32>().ok();
        let (on, back) = (text.strip_prefix('+').and_then(steps), text.strip_prefix('-').and_then(steps));
        let here = self.debugger.step;
        on.map(|steps| here.saturating_add(steps)).or(back.map(|steps| here.saturating_sub(steps)))
    }

    /// A statement; or else an expression, whose number is shown, as a notebook would.
    fn statement(&mut self, line: &str, word: &str, at: usize) -> Result<Effect, Trouble> {
        let trouble = match self.debugger.with_statements(line) {
            Ok(edited) => {
                self.apply(edited);
                self.say_statement(line.trim());
                return Ok(Effect::None);
            }
            Err(trouble) => trouble,
        };
        let (lone, is_expression) = (word.len() == line.trim().len(), condition(line).is_ok());
        match self.debugger.evaluate(line) {
            Ok(_) => self.print(line),
            Err(_) if self.is_unknown(word) && (lone || !is_expression) => Err(no_command(word, at)),
            // What is an expression, or longer one than it is a statement, is complained about as one.
            Err(other) if is_expression || other.span.start > trouble.span.start => Err(other),
            Err(_) => Err(trouble),
        }
    }

    /// Whether a word is neither a value nor what a statement begins with.
    fn is_unknown(&self, word: &str) -> bool {
        let plain = word.chars().all(|c| c.is_alphanumeric() || c == '-');
        plain && word != "assert" && !matches!(self.debugger.value_called(word, &(0..0)), Ok(Some(_)))
    }

    /// What came of a statement that was typed.
    fn say_statement(&mut self, text: &str) {
        let run = &self.debugger.run;
        let last = run.segments[self.debugger.segment_here()].statement();
        let numbers = last.map(|at| with_numbers(run, at, self.debugger.step)).unwrap_or_default();
        match self.debugger.last_event() {
            Some(Event::Assert { held: true }) => self.say(format!("{text} holds: {numbers}; u takes it back")),
            Some(Event::Assert { .. }) => self.complain(format!("{text} does not hold: {numbers}; u takes it back")),
            _ => self.say(format!("{text} has run; u takes it back")),
        }
    }

    fn break_at(&mut self, text: &str) -> Result<Effect, Trouble> {
        let breakpoint = self.debugger.breakpoint(text)?;
        self.add_break(breakpoint);
        Ok(Effect::None)
    }

    fn watch(&mut self, text: &str) -> Result<Effect, Trouble> {
        let breakpoint = self.debugger.watchpoint(text)?;
        self.add_break(breakpoint);
        Ok(Effect::None)
    }

    fn add_break(&mut self, breakpoint: Breakpoint) {
        let before = self.stops.len();
        let text = breakpoint.text.clone();
        let number = self.set_break(breakpoint);
        self.say(if self.stops.len() == before {
            format!("breakpoint {number}, which adds no stop to this run")
        } else {
            format!("breakpoint {number}: {text}")
        });
    }

    fn delete_break(&mut self, text: &str) -> Result<Effect, Trouble> {
        if text.trim().is_empty() {
            let count = self.breakpoints.len();
            self.say(format!("{count} breakpoint{} deleted", if count == 1 { "" } else { "s" }));
            self.breakpoints.clear();
        } else {
            let gone = self.breakpoints.remove(self.break_number(text)?);
            self.say(format!("deleted: {}", gone.text));
        }
        self.find_stops();
        Ok(Effect::None)
    }

    fn enable(&mut self, text: &str) -> Result<Effect, Trouble> {
        self.switch(text, true)
    }

    fn disable(&mut self, text: &str) -> Result<Effect, Trouble> {
        self.switch(text, false)
    }

    /// Switches one breakpoint, or all where no number is given.
    fn switch(&mut self, text: &str, on: bool) -> Result<Effect, Trouble> {
        let which = if text.trim().is_empty() { 0..self.breakpoints.len() } else { one(self.break_number(text)?) };
        self.breakpoints[which].iter_mut().for_each(|breakpoint| breakpoint.on = on);
        self.find_stops();
        let count = self.breakpoints.iter().filter(|breakpoint| breakpoint.on).count();
        self.say(format!("{count} of {} breakpoints on", self.breakpoints.len()));
        Ok(Effect::None)
    }

    /// The place in the list of the breakpoint of that number.
    fn break_number(&self, text: &str) -> Result<usize, Trouble> {
        let wrong = || Trouble::new(whole(text), "there is no breakpoint of that number", "`B` lists them");
        let number = text.trim().parse::<usize>().map_err(|_| wrong())?;
        self.breakpoints.iter().position(|breakpoint| breakpoint.number == number).ok_or_else(wrong)
    }

    fn goto(&mut self, text: &str) -> Result<Effect, Trouble> {
        let Ok(step) = text.trim().parse::<u32>() else {
            return Err(Trouble::new(whole(text), "this is no step", "expected a number"));
        };
        let steps = self.debugger.run.steps;
        if step > steps {
            let message = format!("this run has {steps} steps");
            return Err(Trouble::new(whole(text), message, "no such step"));
        }
        Ok(self.update(Action::Step(step)))
    }

    fn select_named(&mut self, text: &str) -> Result<Effect, Trouble> {
        let value = self.debugger.meant(text.trim().trim_matches('`'), whole(text))?;
        Ok(self.update(Action::Choose(value)))
    }

    fn print(&mut self, text: &str) -> Result<Effect, Trouble> {
        let number = self.debugger.evaluate(text)?;
        let text = text.trim();
        self.say(match (is_question(text), number == 0.0) {
            (true, false) => format!("{text} is True"),
            (true, true) => format!("{text} is False"),
            _ => format!("{text} = {}", repr(number)),
        });
        Ok(Effect::None)
    }

    fn open_named(&mut self, text: &str) -> Result<Effect, Trouble> {
        match Source::named(text.trim(), self.max_bytes) {
            Ok(source) => self.load(source),
            Err(Complaint { title, help, .. }) => {
                return Err(Trouble { help, ..Trouble::new(whole(text), title, "cannot be opened") });
            }
        }
        Ok(Effect::None)
    }

    fn write_file(&mut self, text: &str) -> Result<Effect, Trouble> {
        let Some(path) = self.free(text, Written::Session)? else { return Ok(Effect::None) };
        self.save(&path).map_err(|trouble| Trouble { span: whole(text), ..trouble })?;
        Ok(Effect::None)
    }

    fn export(&mut self, text: &str) -> Result<Effect, Trouble> {
        let ending = Path::new(text.trim()).extension().and_then(|ending| ending.to_str());
        if !text.trim().is_empty() && !ending.is_some_and(|ending| PICTURES.contains(&ending)) {
            let message = "the name of the file says how to draw the graph";
            return Err(Trouble::new(whole(text), message, "expected a name that ends in .dot, .mmd or .svg"));
        }
        Ok(self.free(text, Written::Picture)?.map_or(Effect::None, Effect::Export))
    }

    /// The file to write, unless it is there already: then the person is asked first.
    fn free(&mut self, text: &str, what: Written) -> Result<Option<PathBuf>, Trouble> {
        let path = PathBuf::from(text.trim());
        if text.trim().is_empty() {
            return Err(Trouble::new(text.len()..text.len(), "write where?", "expected a file name"));
        }
        if path.is_dir() {
            return Err(Trouble::new(whole(text), "this is a directory", "expected the name of a file"));
        }
        if path.exists() {
            self.mode = Mode::Overwrite(path, what);
            return Ok(None);
        }
        Ok(Some(path))
    }
}

/// A lone word that is neither a command nor a value. Too short a one says nothing about what was meant.
fn no_command(word: &str, at: usize) -> Trouble {
    let near = if word.len() > 2 { did_you_mean(word, names()) } else { None };
    let help = near.unwrap_or_else(|| "? lists the commands".to_owned());
    Trouble::new(at..at + word.len(), format!("there is no command `{word}`"), "not a command").help(help)
}

/// Whether an expression is true or false, and no other number.
fn is_question(text: &str) -> bool {
    condition(text).is_ok_and(|expr| match expr.nodes.last().map(|node| &node.term) {
        Some(Term::Binary(op)) => !op.is_arithmetic(),
        Some(Term::Call { function, .. }) => ["isnan", "isinf"].contains(&&**function),
        term => term == Some(&Term::Not),
    })
}

/// How often an action is to be done: `3` of `next 3`; 0 where that is not said.
fn count(arguments: &str, word: &str) -> Result<u32, Trouble> {
    if arguments.trim().is_empty() {
        return Ok(0);
    }
    let message = || format!("`{word}` takes nothing but a count");
    arguments.trim().parse().map_err(|_| Trouble::new(whole(arguments), message(), "expected a number"))
}

fn one(at: usize) -> std::ops::Range<usize> {
    at..at + 1
}

/// All of the arguments, without the space around them.
fn whole(text: &str) -> std::ops::Range<usize> {
    let start = text.len() - text.trim_start().len();
    start..text.trim_end().len().max(start)
}
