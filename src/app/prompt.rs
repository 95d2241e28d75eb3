use std::ops::Range;

use tui_input::{Input, InputRequest};

use super::App;
use super::command;
use crate::debugger::predict::Question;
use crate::engine::ValueId;
use crate::formula::Trouble;
use crate::scenario::builtin;

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
    /// What was being typed before lines of the history were shown in its place.
    draft: String,
}

/// What the line is for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PromptKind {
    /// A command or a statement.
    Command,
    /// A part of a name or label.
    Search,
    /// A number for a value.
    Edit(ValueId),
    /// An answer to a question about the next step.
    Predict(Question),
}

impl Prompt {
    pub fn new(kind: PromptKind, text: String) -> Self {
        Self {
            kind,
            input: Input::new(text),
            trouble: None,
            completions: Vec::new(),
            recalled: None,
            draft: String::new(),
        }
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

    /// Shows an older or a newer line of the history; the newest is what was being typed.
    pub fn recall(&mut self, history: &[String], older: bool) {
        let next = match (self.recalled, older) {
            (None, true) => Some(0),
            (Some(at), true) => Some(at + 1),
            (Some(at), false) => at.checked_sub(1),
            (None, false) => return,
        };
        let line = match next {
            None => std::mem::take(&mut self.draft),
            Some(at) => match history.iter().rev().nth(at) {
                Some(line) => line.clone(),
                None => return,
            },
        };
        if self.recalled.is_none() {
            self.draft = self.text().to_owned();
        }
        self.recalled = next;
        self.input = Input::new(line);
        self.trouble = None;
        self.completions.clear();
    }

    /// The bytes of the word that the cursor stands at the end of, and whether no other word stands before it.
    pub fn word(&self) -> (Range<usize>, bool) {
        let text = self.text();
        let end = text.char_indices().nth(self.input.cursor()).map_or(text.len(), |(at, _)| at);
        let before = &text[..end];
        let ends_word: fn(char) -> bool = |c| c.is_whitespace() || "(+-*/=<>,;".contains(c);
        let start = match before.rfind('`') {
            // In backquotes anything goes, and a field may follow them.
            Some(open) if before.matches('`').count() % 2 == 1 => open,
            Some(close) if before[close..].starts_with("`.") => before[..close].rfind('`').unwrap_or(close),
            _ => {
                // Commands and scenarios have hyphens in them: `reverse-next`, `a-plus-a`.
                let chunk = last_part(before, char::is_whitespace);
                let hyphened = before[chunk..].chars().all(|c| c.is_ascii_lowercase() || c == '-');
                if hyphened { chunk } else { last_part(before, ends_word) }
            }
        };
        (start..end, before[..start].trim().is_empty())
    }

    /// Goes on with the word at the cursor as far as it is plain; lists what it could become.
    pub fn complete(&mut self, mut found: Vec<String>) {
        found.sort();
        found.dedup();
        let Some(common) = common_start(&found) else { return };
        let (word, _) = self.word();
        let mut text = self.text().to_owned();
        // Names that stand in backquotes and names that do not have nothing in common: what is typed stays.
        let common = if found.len() > 1 && common.len() < word.len() { text[word.clone()].to_owned() } else { common };
        let cursor = text[..word.start].chars().count() + common.chars().count();
        text.replace_range(word, &common);
        self.input = Input::new(text).with_cursor(cursor);
        self.completions = if found.len() > 1 { found } else { Vec::new() };
        self.trouble = None;
    }
}

/// Where the part after the last of those characters begins.
fn last_part(text: &str, ends: fn(char) -> bool) -> usize {
    text.len() - text.rsplit(ends).next().map_or(0, str::len)
}

/// The longest text that all of them start with; `None` where there are none.
fn common_start(found: &[String]) -> Option<String> {
    // They are sorted: what the first and the last have in common, all have.
    let (first, last) = (found.first()?, found.last()?);
    let same = first.char_indices().zip(last.chars()).find(|((_, a), b)| a != b).map(|((at, _), _)| at);
    Some(first[..same.unwrap_or(first.len().min(last.len()))].to_owned())
}

/// What may follow the name of a value.
const MEMBERS: [&str; 4] = ["data", "grad", "_backward()", "backward()"];

impl App {
    /// What the word at the cursor could become: commands at the start of the line, scenarios after `open`, members after
    /// the name of a value, else names.
    pub(super) fn candidates(&self, prompt: &Prompt) -> Vec<String> {
        let (word, first) = prompt.word();
        let (before, word) = (&prompt.text()[..word.start], &prompt.text()[word]);
        let names = &self.debugger.scenario.names;
        if before.trim() == "open" {
            return starting(word, builtin::names().map(str::to_owned));
        }
        if let Some((value, _)) = word.rsplit_once('.')
            && names.find(value.trim_matches('`')).is_some()
        {
            return starting(word, MEMBERS.iter().map(|member| format!("{value}.{member}")));
        }
        // A name that needs backquotes is found without typing them, too.
        let bare = word.trim_start_matches('`');
        let found = names.iter().filter(|name| name.starts_with(bare)).map(crate::formula::quoted);
        let commands = command::names().filter(|name| first && name.starts_with(word)).map(str::to_owned);
        commands.chain(found).collect()
    }
}

fn starting(word: &str, candidates: impl Iterator<Item = String>) -> Vec<String> {
    candidates.filter(|candidate| candidate.starts_with(word)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Prompt, PromptKind};
    use crate::app::App;
    use crate::scenario::Source;

    fn completed(text: &str) -> (String, usize) {
        let lines = ["x1 = 1", "x2 = 2", "`two words` = x1 + x2", "weight = 3", "watch = 4"].map(String::from);
        let app = App::open(Source::of_lines(&lines)).unwrap();
        let mut prompt = Prompt::new(PromptKind::Command, text.into());
        let found = app.candidates(&prompt);
        prompt.complete(found);
        (prompt.text().to_owned(), prompt.completions.len())
    }

    #[test]
    fn a_word_is_completed_as_far_as_it_is_plain() {
        assert_eq!(completed("break x"), ("break x".into(), 2));
        assert_eq!(completed("break we"), ("break weight".into(), 0));
        assert_eq!(completed("assert abs(x"), ("assert abs(x".into(), 2));
        assert_eq!(completed("print x1.g"), ("print x1.grad".into(), 0));
        assert_eq!(completed("print `two"), ("print `two words`".into(), 0));
        assert_eq!(completed("print two"), ("print `two words`".into(), 0));
        assert_eq!(completed("`two words`._"), ("`two words`._backward()".into(), 0));
        assert_eq!(completed("open the-n"), ("open the-notebook".into(), 0));
        assert_eq!(completed("print t"), ("print `two words`".into(), 0));
        assert_eq!(completed("w"), ("w".into(), 5), "three commands and two values");
        assert_eq!(completed("t"), ("t".into(), 5), "names in backquotes and commands have nothing in common");
        assert_eq!(completed("zzz"), ("zzz".into(), 0));
    }

    #[test]
    fn a_blank_of_several_bytes_ends_a_word_too() {
        for blank in ['\u{a0}', '\u{3000}', '\u{2028}', '\u{85}'] {
            assert_eq!(completed(&format!("print{blank}we")), (format!("print{blank}weight"), 0));
            assert_eq!(completed(&format!("print{blank}abs(we")), (format!("print{blank}abs(weight"), 0));
            assert_eq!(completed(&blank.to_string()).0, blank.to_string());
        }
    }

    #[test]
    fn the_newest_line_of_the_history_is_what_was_typed() {
        let history = ["one", "two"].map(String::from);
        let mut prompt = Prompt::new(PromptKind::Command, "thr".into());
        let mut recalled = |older| {
            prompt.recall(&history, older);
            prompt.text().to_owned()
        };
        assert_eq!(
            [true, true, true, false, false, false].map(&mut recalled),
            ["two", "one", "one", "two", "thr", "thr"]
        );
    }
}
