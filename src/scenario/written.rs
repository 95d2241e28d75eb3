use std::ops::Range;

use super::names::Names;
use super::place::{Step, in_string, locate};
use super::states::States;
use super::strings::Strings;
use super::{Complaint, Source};
use crate::formula::Trouble;

/// What a scenario file says, before anybody asks what it means.
#[derive(Default)]
pub(super) struct Written {
    pub title: Option<String>,
    pub about: Option<String>,
    pub root: Option<String>,
    /// Every name that is given to a value or used in the `args` of one.
    pub names: Names,
    /// Which of them are names of values, and how far these have come.
    pub states: States,
    /// Whether there is a field `values` at all.
    pub has_values: bool,
    /// In the order of the file.
    pub values: Vec<Value>,
    pub formulas: Strings,
    /// Where each of them begins, in a source of lines. In JSON they stand where their values do.
    pub formula_starts: Vec<usize>,
    /// The numbers among `args`.
    pub constants: Vec<f64>,
    pub op_names: Names,
    /// Place in `values`, number of the label.
    pub labels: Vec<(u32, u32)>,
    pub label_texts: Names,
    pub ops: Vec<OwnOp>,
    /// `None` where the file has no script.
    pub script: Option<Texts>,
    /// `x1.grad`, and what it should be.
    pub expect: Vec<(String, f64)>,
    pub tolerance: Option<f64>,
    pub findings: Option<Texts>,
}

/// A value as it was given. Small, since there may be a million.
#[derive(Clone, Copy)]
pub(super) struct Value {
    pub name: u32,
    pub form: Form,
}

#[derive(Clone, Copy)]
pub(super) enum Form {
    /// A number, by its bytes: as an `f64` it would want to stand at a multiple of 8, and take half as much again.
    Leaf([u8; 8]),
    /// Place in [`Written::formulas`].
    Formula(u32),
    /// An op by its number in [`Written::op_names`], how many `args` it was given, and the first two.
    Node { op: u16, count: u8, args: [Arg; 2] },
}

impl Form {
    pub fn leaf(number: f64) -> Self {
        Self::Leaf(number.to_ne_bytes())
    }
}

/// One of `args`: the number of a name, or of a constant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Arg(u32);

#[derive(Clone, Copy)]
pub(super) enum ArgKind {
    Name(u32),
    Constant(u32),
}

impl Arg {
    const CONSTANT: u32 = 1 << 31;
    pub const NONE: Self = Self(u32::MAX);

    pub fn name(id: u32) -> Self {
        Self(id)
    }

    pub fn constant(id: u32) -> Self {
        Self(id | Self::CONSTANT)
    }

    pub fn kind(self) -> ArgKind {
        if self.0 & Self::CONSTANT == 0 { ArgKind::Name(self.0) } else { ArgKind::Constant(self.0 & !Self::CONSTANT) }
    }
}

/// An op by its own rules.
pub(super) struct OwnOp {
    pub name: String,
    pub forward: String,
    pub backward: Vec<String>,
}

/// The texts of a field, and where they stand.
#[derive(Default)]
pub(super) struct Texts {
    pub strings: Strings,
    pub stand: Stand,
}

#[derive(Default)]
pub(super) enum Stand {
    /// Nowhere: nobody wrote them.
    #[default]
    Nowhere,
    /// One, as the value of that field.
    Alone(&'static str),
    /// As the elements of an array that is the value of that field.
    Among(&'static str),
    /// In a source of lines, beginning at these bytes.
    Lines(Vec<usize>),
}

impl Texts {
    /// Each text, and its number.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &str)> {
        self.strings.iter().enumerate()
    }

    /// Where the text of that number stands.
    pub fn spot(&self, at: usize) -> Spot {
        match &self.stand {
            Stand::Nowhere => Spot::Bytes(0..0),
            Stand::Alone(field) => Spot::Value(vec![key(field)]),
            Stand::Among(field) => Spot::Value(vec![key(field), Step::Index(at)]),
            Stand::Lines(starts) => Spot::Byte(starts[at]),
        }
    }
}

/// Longer names are refused: a name is said again and again, of each step of a run.
const LONGEST_NAME: usize = 10_000;

/// What is wrong with a name, where something is.
pub(super) fn wrong_name(name: &str) -> Option<(String, &'static str)> {
    (name.len() > LONGEST_NAME).then(|| {
        (format!("this name is longer than {LONGEST_NAME} bytes"), "expected a shorter one; a label may say more")
    })
}

/// Where something stands in a source.
#[derive(Debug, Clone)]
pub(super) enum Spot {
    /// At the end of a path into JSON: the value there, or the key before it.
    Value(Vec<Step>),
    Key(Vec<Step>),
    /// At a byte, in a source of lines.
    Byte(usize),
    /// At these bytes.
    Bytes(Range<usize>),
}

pub(super) fn key(name: &str) -> Step {
    Step::Key(name.to_owned())
}

impl Written {
    /// Where the formula of a value stands.
    pub fn formula_spot(&self, formula: u32, name: u32) -> Spot {
        let start = self.formula_starts.get(formula as usize);
        start.map_or_else(|| Spot::of_value(self.names.get(name)), |&start| Spot::Byte(start))
    }
}

impl Spot {
    pub fn of_value(name: &str) -> Self {
        Self::Value(vec![key("values"), key(name)])
    }

    /// The bytes of the source that stand there; `within` are bytes of the content of a text that stands there.
    pub fn find(&self, source: &Source, within: Option<Range<usize>>) -> Range<usize> {
        let located = match self {
            Self::Value(path) => locate(&source.text, path).map(|(value, _)| value),
            Self::Key(path) => locate(&source.text, path).and_then(|(_, key)| key),
            Self::Byte(at) => return within.map_or(*at..*at, |within| at + within.start..at + within.end),
            Self::Bytes(bytes) => Some(bytes.clone()),
        };
        let whole = located.unwrap_or(0..0);
        let json = &source.text[whole.clone()];
        match within {
            Some(within) if json.starts_with('"') => {
                whole.start + in_string(json, within.start)..whole.start + in_string(json, within.end)
            }
            _ => whole,
        }
    }
}

/// Something wrong with what was written, and where.
pub(super) struct Problem {
    pub spot: Spot,
    pub trouble: Trouble,
    /// Whether the trouble's span is about the text that stands at the spot, and not about the spot as a whole.
    pub within: bool,
}

impl Problem {
    /// About all that stands at the spot.
    pub fn whole(spot: Spot, title: impl Into<String>, label: impl Into<String>) -> Self {
        Self { spot, trouble: Trouble::new(0..0, title, label), within: false }
    }

    /// About a part of the text that stands at the spot.
    pub fn part(spot: Spot, trouble: Trouble) -> Self {
        Self { spot, trouble, within: true }
    }

    #[must_use]
    pub fn help(mut self, help: Option<String>) -> Self {
        self.trouble.help = help.or(self.trouble.help);
        self
    }

    pub fn complaint(self, source: &Source) -> Complaint {
        let Trouble { span, message, label, help } = self.trouble;
        let place = self.spot.find(source, self.within.then_some(span));
        Complaint::new(&source.name, message).at(&source.text, place, label).help(help)
    }
}
