use std::ops::Range;

use super::Debugger;
use crate::engine::op::{RuleInput, RuleName};
use crate::engine::{Event, ValueId, Write};
use crate::formula::Field;
use crate::formula::number::short;

/// One write to a value's grad: what it is made of, so far and still to come.
#[derive(Debug, Clone, PartialEq)]
pub struct Contribution {
    /// The step after it.
    pub step: u32,
    /// Whether it has happened at the cursor.
    pub done: bool,
    pub from: Origin,
    pub before: f64,
    pub amount: f64,
    pub after: f64,
    /// What was thrown away, where the write is no `+=`.
    pub lost: Option<f64>,
}

/// Who writes.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    /// A line of the `_backward` of a consumer, in which the value is operand `slot`. `local` is the local derivative, in
    /// symbols and as a number; `upstream` the consumer's own grad.
    Consumer { node: ValueId, slot: usize, local: String, slope: f64, upstream: f64 },
    /// The base case, as a `backward()` sets it.
    Seed(String),
    /// A statement of the script: a zeroing, a base case set by hand.
    Statement(String),
}

impl Debugger {
    /// Every write to a value's grad in the whole run, in order. Those that are done account for its grad, bit for bit:
    /// each starts from what the one before it left.
    pub fn ledger(&self, v: ValueId) -> Vec<Contribution> {
        self.ledger_rows(v, 0..usize::MAX)
    }

    /// Some of them, by their places, and no more work than these are: a value may be used a million times.
    pub fn ledger_rows(&self, v: ValueId, rows: Range<usize>) -> Vec<Contribution> {
        let writes = self.run.history(Field::Grad).writes_in(v, rows);
        writes.filter_map(|(step, _)| self.contribution(step)).collect()
    }

    /// How many writes there are, and how many of them have happened.
    pub fn ledger_len(&self, v: ValueId) -> (usize, usize) {
        let history = self.run.history(Field::Grad);
        (history.writes(v).len(), history.count(v, 0, self.step))
    }

    /// The write that leads to a step.
    pub fn contribution(&self, step: u32) -> Option<Contribution> {
        let Event::Write(write) = self.run.event(step - 1) else { return None };
        let (from, accumulates) = match write.by {
            Some((node, line)) => self.consumer_of(node, line, step - 1)?,
            None => (self.set_by(step - 1), false),
        };
        let Write { before, amount, after, .. } = write;
        let lost = (!accumulates && before != 0.0).then_some(before);
        Some(Contribution { step, done: step <= self.step, from, before, amount, after, lost })
    }

    fn consumer_of(&self, node: ValueId, line: usize, event: u32) -> Option<(Origin, bool)> {
        let rule = self.run.graph.op_of(node)?.lines.get(line)?;
        let input = self.input(node, event);
        // The local derivative of an amount `local * out.grad`.
        let local = match rule.amount.without(&RuleName::OutGrad) {
            Some(local) => local.show(|name| self.in_run(node, *name)),
            None => "1.0".to_owned(),
        };
        let slope = RuleInput { out_grad: 1.0, ..input }.eval(&rule.amount);
        let origin = Origin::Consumer { node, slot: rule.slot, local, slope, upstream: input.out_grad };
        Some((origin, rule.accumulate))
    }

    /// The statement an event belongs to, as it was written; what it does where it is one of several things a statement
    /// does.
    fn set_by(&self, event: u32) -> Origin {
        let segment = &self.run.segments[self.run.segment_of(event)];
        let source = segment.statement().map_or("", |at| &*self.run.script[at].source);
        match segment.kind {
            crate::engine::SegmentKind::Seed(root) => Origin::Seed(format!("{}.grad = 1.0", self.quoted(root))),
            _ => Origin::Statement(source.to_owned()),
        }
    }
}

impl Contribution {
    /// `0.0 + (-3.0) * 0.5 = -1.5`, as the line that wrote it has it.
    pub fn sum(&self) -> String {
        match &self.from {
            Origin::Consumer { slope, upstream, .. } => {
                format!("{} * {} = {}", in_brackets(*slope), in_brackets(*upstream), short(self.amount))
            }
            Origin::Seed(_) | Origin::Statement(_) => short(self.after),
        }
    }
}

/// A number inside a product: brackets around a sign.
pub fn in_brackets(number: f64) -> String {
    let text = short(number);
    if text.starts_with('-') { format!("({text})") } else { text }
}
