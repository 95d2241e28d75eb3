//! Predict mode: each step is asked before it is shown.

use super::{App, Effect, Mode, Prompt, PromptKind, View};
use crate::debugger::grain::Grain;
use crate::debugger::predict::Question;
use crate::debugger::rows::Rows;
use crate::engine::{SegmentKind, ValueId};
use crate::formula::Trouble;

/// How the questions have gone so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Score {
    pub right: u32,
    pub asked: u32,
}

impl App {
    /// Turns the mode on or off.
    pub(super) fn turn_predict(&mut self) {
        if let Some(score) = self.predict.take() {
            return self.say(format!("no more questions; {} of {} were right", score.right, score.asked));
        }
        self.predict = Some(Score::default());
        self.view = View::Source;
        self.play.on = false;
        self.say("predict: s asks for the next number, n for the next node; P ends it");
    }

    /// Asks about the next step, where it is one that can be worked out. Says whether it did.
    pub(super) fn ask_first(&mut self, grain: Grain) -> bool {
        if self.predict.is_none() {
            return false;
        }
        let question = match grain {
            Grain::Line => self.debugger.number_to_predict(),
            Grain::Node => self.debugger.node_to_predict(),
            Grain::Phase => None,
        };
        let Some(question) = question else { return false };
        self.mode = Mode::Prompt(Prompt::new(PromptKind::Predict(question), String::new()));
        true
    }

    /// Judges an answer, and takes the step that it was about. What is no answer is asked for again.
    pub(super) fn answer(&mut self, question: Question, text: &str) -> Result<Effect, Trouble> {
        if text.trim().is_empty() {
            self.say("no answer, no step: Esc and P end the questions");
            return Ok(Effect::None);
        }
        let (right, sentence) = self.debugger.judge(question, text)?;
        let score = self.predict.get_or_insert_default();
        score.asked += 1;
        score.right += u32::from(right);
        self.debugger.forward(if matches!(question, Question::Number(_)) { Grain::Line } else { Grain::Node });
        if right {
            self.say(format!("✓ {sentence}"));
        } else {
            self.complain(sentence);
        }
        Ok(Effect::None)
    }

    /// The rows of panes 2 and 3 as they are shown: while the next node is asked for, the order in which nodes will run is
    /// not.
    pub fn list(&self) -> List<'_> {
        let rows = self.debugger.rows();
        let reached = rows.order.topo.len();
        let mut list = List { rows, from: reached, made: Vec::new() };
        if self.predict.is_none() {
            return list;
        }
        let place = self.debugger.place();
        let whole = matches!(self.debugger.run.segments[self.debugger.segment_here()].kind, SegmentKind::Backward(_));
        list.from = if whole { place.nodes.0 } else { 0 };
        if reached - list.from <= MOST_SORTED {
            list.made = (list.from..reached).map(|row| rows.value(row).0).collect();
            list.made.sort_unstable();
        }
        list
    }
}

/// More rows than this are not put in another order for a frame: their names are hidden.
const MOST_SORTED: usize = 20_000;

/// Which value is in which row.
pub struct List<'a> {
    rows: &'a Rows,
    /// From this row on, up to the values that the root does not reach, the order is not told.
    from: usize,
    /// What stands there instead: the same values in the order in which they were made.
    made: Vec<ValueId>,
}

impl List<'_> {
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The value in a row, and its number in the order, if it has one that is told.
    pub fn value(&self, row: usize) -> (ValueId, Option<usize>) {
        if row < self.from {
            return self.rows.value(row);
        }
        let value = self.made.get(row - self.from).copied().unwrap_or_else(|| self.rows.value(row).0);
        (value, None)
    }

    /// Whether even the name in a row would tell the order.
    pub fn hides(&self, row: usize) -> bool {
        self.made.is_empty() && (self.from..self.rows.order.topo.len()).contains(&row)
    }

    pub fn row(&self, v: ValueId) -> usize {
        self.made.binary_search(&v).map_or_else(|_| self.rows.row(v), |at| self.from + at)
    }
}
