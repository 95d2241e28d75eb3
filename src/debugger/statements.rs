//! What a statement of the script did, and what follows from it.

use super::Debugger;
use super::differences::with_numbers;
use super::quote::{Line, Mark, Quote, Tone, blank, words};
use crate::engine::plan::Number;
use crate::engine::{Phase, Write};
use crate::formula::number::short;
use crate::formula::{Field, Verb};

impl Debugger {
    pub(super) fn statement_wrote(&self, write: Write) -> Quote {
        let segment = &self.run.segments[self.run.segment_of(self.step - 1)];
        let statement = segment.statement().map(|at| &self.run.script[at]);
        let source = statement.map_or("", |statement| &*statement.source);
        let target = format!("{}.{}", self.quoted(write.target.value), write.target.field.name());
        let mut lines = vec![Line::new(Mark::Here, Tone::Source, source), blank()];
        let change = Line::new(Mark::None, Tone::Numbers, format!("{target} was {}", short(write.before)));
        lines.push(change);
        let amount = match statement.map(|statement| &statement.verb) {
            Some(Verb::Assign { amount, op, .. }) => {
                let numbers = amount.show(|number| short(self.run.number(*number, self.step - 1)));
                format!("{target} {} {numbers}", op.symbol())
            }
            _ => format!("{target} = 0.0"),
        };
        lines.push(Line::new(Mark::None, Tone::Numbers, amount).result(format!("   now {}", short(write.after))));
        lines.extend([blank(), words(self.meaning(segment.phase(), &write))]);
        Quote { title: self.titled(self.statement_title(), write.target.value), lines }
    }

    /// `statement 2 of 7`.
    fn statement_title(&self) -> String {
        let at = self.run.segments[self.run.segment_of(self.step - 1)].statement().map_or(0, |at| at + 1);
        format!("statement {at} of {}", self.run.script.len())
    }

    /// What follows from a statement that wrote.
    fn meaning(&self, phase: Phase, write: &Write) -> &'static str {
        let Number { value, field } = write.target;
        let used = !self.consumers().of_value(value).is_empty();
        match (phase, field) {
            (Phase::Zero, _) => "the next pass starts from nothing",
            (_, Field::Grad) if value != self.order().root && write.after != 0.0 => "set by hand, inside the graph",
            (_, Field::Grad) => "set by hand: the base case of a pass",
            (_, Field::Data) => match (self.run.graph.is_leaf(value), used) {
                (true, true) => "what is made of it is stale until forward()",
                (true, false) => "nothing is made of it",
                (false, true) => "forward() computes it again; what is made of it is stale until then",
                (false, false) => "forward() computes it again",
            },
        }
    }

    pub(super) fn asserted(&self, held: bool) -> Quote {
        let segment = &self.run.segments[self.run.segment_of(self.step - 1)];
        let statement = segment.statement().unwrap_or_default();
        let source = &*self.run.script[statement].source;
        let (mark, text) = if held { (Mark::Done, "it holds") } else { (Mark::Wrong, "it does not hold") };
        let text = format!("{text}: {}", with_numbers(&self.run, statement, self.step));
        let lines = vec![Line::new(Mark::Here, Tone::Source, source), blank(), Line::new(mark, Tone::Words, text)];
        Quote { title: self.statement_title(), lines }
    }
}
