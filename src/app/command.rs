//! The commands of the `:` prompt: a name for every action, those that take arguments, and every statement.

use super::action::NAMED;
use super::{Action, App, Effect, Mode};
use crate::debugger::breaks;
use crate::formula::Trouble;
use crate::scenario::Source;

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
    command(&["watch"], "NAME.grad", "stop after every write to a number", App::break_at),
    command(&["delete"], "[N]", "forget breakpoint N, or all", App::delete_break),
    command(&["goto"], "STEP", "go to a step by its number", App::goto),
    command(&["select"], "NAME", "select a value", App::select_named),
    command(&["print", "p"], "EXPRESSION", "what an expression is worth here: 2 * x1.grad", App::print),
    command(&["write", "w"], "FILE", "save the session as a scenario", App::write_file),
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
        let text = line.trim_start();
        let offset = line.len() - text.len();
        let word = text.split_whitespace().next().unwrap_or_default();
        if word.is_empty() {
            return Ok(Effect::None);
        }
        if word.parse::<u32>().is_ok() && word == text.trim_end() {
            return self.goto(word);
        }
        if let Some(command) = COMMANDS.iter().find(|command| command.names.contains(&word)) {
            let start = offset + word.len();
            let arguments = &line[start..];
            return (command.run)(self, arguments).map_err(|trouble| trouble.shifted(start));
        }
        if let Some((_, action)) = NAMED.iter().find(|(name, _)| *name == text.trim_end()) {
            return Ok(self.update(*action));
        }
        self.statement(line, word)
    }

    fn statement(&mut self, line: &str, word: &str) -> Result<Effect, Trouble> {
        match self.debugger.with_statements(line) {
            Ok(edited) => {
                self.apply(edited);
                Ok(Effect::None)
            }
            Err(trouble) if word.chars().all(|c| c.is_alphanumeric() || c == '-') => {
                Err(self.no_command(word, trouble))
            }
            Err(trouble) => Err(trouble),
        }
    }

    /// A lone word that is neither a command nor a statement.
    fn no_command(&self, word: &str, trouble: Trouble) -> Trouble {
        if self.debugger.scenario.names.find(word).is_some() {
            return trouble;
        }
        let near = names().filter(|name| strsim::damerau_levenshtein(word, name) <= 2).min_by_key(|name| name.len());
        let help =
            near.map_or_else(|| "`help` lists the commands".to_owned(), |near| format!("did you mean `{near}`?"));
        Trouble::new(0..word.len(), format!("there is no command `{word}`"), "not a command").help(help)
    }

    fn break_at(&mut self, text: &str) -> Result<Effect, Trouble> {
        let breakpoint = breaks::parse(text, &self.debugger.scenario.names)?;
        self.say(format!("breakpoint {}: {}", self.breakpoints.len() + 1, breakpoint.text));
        self.breakpoints.push(breakpoint);
        Ok(Effect::None)
    }

    fn delete_break(&mut self, text: &str) -> Result<Effect, Trouble> {
        if text.trim().is_empty() {
            self.say(format!("{} breakpoints deleted", self.breakpoints.len()));
            self.breakpoints.clear();
            return Ok(Effect::None);
        }
        let number = text.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        match number.filter(|at| *at < self.breakpoints.len()) {
            Some(at) => {
                let gone = self.breakpoints.remove(at);
                self.say(format!("deleted: {}", gone.text));
                Ok(Effect::None)
            }
            None => Err(Trouble::new(whole(text), "there is no breakpoint of that number", "`B` lists them")),
        }
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
        let name = text.trim().trim_matches('`');
        let names = &self.debugger.scenario.names;
        let value = names.find(name).ok_or_else(|| crate::scenario::no_value(name, whole(text), names))?;
        Ok(self.update(Action::Choose(value)))
    }

    fn print(&mut self, text: &str) -> Result<Effect, Trouble> {
        let number = self.debugger.evaluate(text)?;
        self.say(format!("{} = {}", text.trim(), crate::formula::number::repr(number)));
        Ok(Effect::None)
    }

    fn open_named(&mut self, text: &str) -> Result<Effect, Trouble> {
        let name = text.trim();
        match Source::named(name, self.max_bytes) {
            Ok(source) => self.load(source),
            Err(complaint) => return Err(Trouble::new(whole(text), complaint.title, "cannot be opened")),
        }
        Ok(Effect::None)
    }

    fn write_file(&mut self, text: &str) -> Result<Effect, Trouble> {
        let name = text.trim();
        if name.is_empty() {
            return Err(Trouble::new(text.len()..text.len(), "write where?", "expected a file name"));
        }
        let path = std::path::PathBuf::from(name);
        if path.exists() {
            self.mode = Mode::Overwrite(path);
        } else {
            self.save(&path);
        }
        Ok(Effect::None)
    }
}

/// All of the arguments, without the space around them.
fn whole(text: &str) -> std::ops::Range<usize> {
    let start = text.len() - text.trim_start().len();
    start..text.trim_end().len().max(start)
}
