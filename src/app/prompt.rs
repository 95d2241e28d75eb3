use tui_input::{Input, InputRequest};

use super::App;
use super::command;
use crate::engine::ValueId;
use crate::formula::Trouble;

/// A line that is being typed.
pub struct Prompt {
    pub kind: PromptKind,
    pub input: Input,
    /// What is wrong with it, where Enter was pressed on something wrong.
    pub trouble: Option<Trouble>,
    /// What Tab found to go on with.
    pub completions: Vec<String>,
    /// Which line of the history is shown, counted from the last.
    recalled: Option<usize>,
}

/// What the line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromptKind {
    /// A command or a statement.
    Command,
    /// A part of a name or label.
    Search,
    /// A number for a value.
    Edit(ValueId),
}

impl Prompt {
    pub fn new(kind: PromptKind, text: String) -> Self {
        Self { kind, input: Input::new(text), trouble: None, completions: Vec::new(), recalled: None }
    }

    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// Changes the line. The complaint about what it was is out of date then.
    pub fn edit(&mut self, request: InputRequest) {
        self.input.handle(request);
        self.trouble = None;
        self.completions.clear();
    }

    /// Shows an older or a newer line of the history.
    pub fn recall(&mut self, history: &[String], older: bool) {
        let next = match (self.recalled, older) {
            (None, true) => Some(0),
            (Some(at), true) => Some((at + 1).min(history.len().saturating_sub(1))),
            (Some(at), false) => at.checked_sub(1),
            (None, false) => None,
        };
        let line = next.and_then(|at| history.iter().rev().nth(at));
        self.recalled = next.filter(|_| line.is_some());
        self.input = Input::new(line.cloned().unwrap_or_default());
        self.trouble = None;
    }

    /// Goes on with the word at the end as far as it is plain; lists what it could become.
    pub fn complete(&mut self, candidates: impl Iterator<Item = String>) {
        let text = self.input.value().to_owned();
        let start = text.rfind(|c: char| c.is_whitespace() || "(+-*/=<>".contains(c)).map_or(0, |at| at + 1);
        let word = &text[start..];
        let mut found: Vec<String> = candidates.filter(|candidate| candidate.starts_with(word)).take(200).collect();
        found.sort();
        found.dedup();
        let Some(common) = common_start(&found) else { return };
        self.input = Input::new(format!("{}{common}", &text[..start]));
        self.completions = if found.len() > 1 { found } else { Vec::new() };
    }
}

/// The longest text that all of them start with; `None` where there are none.
fn common_start(found: &[String]) -> Option<String> {
    let (first, rest) = found.split_first()?;
    let mut common = first.as_str();
    for other in rest {
        let same = common.char_indices().zip(other.chars()).find(|((_, a), b)| a != b).map(|((at, _), _)| at);
        common = &common[..same.unwrap_or(common.len().min(other.len()))];
    }
    Some(common.to_owned())
}

impl App {
    /// What Tab may put: commands at the start of the line, names anywhere.
    pub(super) fn candidates(&self, first_word: bool) -> Vec<String> {
        let names = self.debugger.scenario.names.iter().take(100_000).map(crate::formula::quoted);
        let commands = command::names().filter(|_| first_word).map(str::to_owned);
        commands.chain(names).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Prompt, PromptKind};

    #[test]
    fn a_word_is_completed_as_far_as_it_is_plain() {
        let names = || ["x1", "x2", "weight", "watch"].map(String::from).into_iter();
        let completed = |text: &str| {
            let mut prompt = Prompt::new(PromptKind::Command, text.into());
            prompt.complete(names());
            (prompt.text().to_owned(), prompt.completions.len())
        };
        assert_eq!(completed("break x"), ("break x".into(), 2));
        assert_eq!(completed("break we"), ("break weight".into(), 0));
        assert_eq!(completed("assert abs(x"), ("assert abs(x".into(), 2));
        assert_eq!(completed("q"), ("q".into(), 0));
    }
}
