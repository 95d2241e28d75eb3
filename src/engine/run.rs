use std::sync::Arc;

use super::bits::Bits;
use super::graph::{Graph, ValueId};
use super::history::History;
use super::plan::{Number, Order, Script, Segment, SegmentKind};
use super::topo::Visit;
use crate::formula::{Field, Verb};

/// A recorded run: every number at every step, and what event stands between two steps.
///
/// Step k is the state after k events; event k leads from step k to step k + 1. Nothing here changes: a debugger is a
/// step number that moves.
pub struct Run {
    pub graph: Arc<Graph>,
    pub script: Arc<Script>,
    pub segments: Vec<Segment>,
    /// Which values an op makes. They are computed in the order in which they were made.
    pub computed: Bits,
    /// The data of every value after the first forward pass.
    pub(super) data: Vec<f64>,
    /// Writes to data after that pass.
    pub(super) datas: History,
    pub(super) grads: History,
    pub assertions: Vec<Assertion>,
    pub(super) tolerance: f64,
    /// How many events there are.
    pub steps: u32,
}

/// An `assert` of the script, and whether it held.
pub struct Assertion {
    pub statement: usize,
    /// The step after it.
    pub step: u32,
    pub held: bool,
}

/// What happens between two steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Event {
    /// An op computes its value.
    Compute {
        node: ValueId,
        after: f64,
    },
    Visit(Visit),
    Write(Write),
    /// A `_backward` that has no lines: a leaf's.
    Idle {
        node: ValueId,
    },
    Assert {
        held: bool,
    },
}

/// One number is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Write {
    pub target: Number,
    /// The value whose `_backward` writes, and which of its lines; `None` for a statement of the script.
    pub by: Option<(ValueId, usize)>,
    pub before: f64,
    pub amount: f64,
    pub after: f64,
}

impl Run {
    /// What `v.data` is at a step; `None` where it has not been computed yet.
    pub fn data(&self, v: ValueId, step: u32) -> Option<f64> {
        if let Some(written) = self.datas.at(v, step) {
            return Some(written);
        }
        let forward = self.segments[0].len;
        let there = step >= forward || self.rank(v).is_none_or(|rank| rank < step);
        there.then(|| self.data[v as usize])
    }

    /// How many values the first forward pass computes before this one; `None` for a leaf.
    pub fn rank(&self, v: ValueId) -> Option<u32> {
        self.computed.get(v).then(|| self.computed.rank(v))
    }

    /// What `v.grad` is at a step.
    pub fn grad(&self, v: ValueId, step: u32) -> f64 {
        self.grads.at(v, step).unwrap_or(0.0)
    }

    /// One of the two numbers of a value at a step; NaN for data that is not there yet.
    pub fn number(&self, number: Number, step: u32) -> f64 {
        match number.field {
            Field::Data => self.data(number.value, step).unwrap_or(f64::NAN),
            Field::Grad => self.grad(number.value, step),
        }
    }

    /// Whether the script changes any data, or computes it again.
    pub fn changes_data(&self) -> bool {
        self.datas.bytes() > 0
    }

    /// Whether no number is NaN or infinite, at any step.
    pub fn is_finite(&self) -> bool {
        self.data.iter().all(|data| data.is_finite()) && self.datas.is_finite() && self.grads.is_finite()
    }

    /// Every write to one of the numbers of a value, after the first forward pass.
    pub fn history(&self, field: Field) -> &History {
        match field {
            Field::Data => &self.datas,
            Field::Grad => &self.grads,
        }
    }

    /// Each write to a number, in order, with the step after it and what it wrote; that of the first forward pass among
    /// them.
    #[inline]
    pub fn each_write(&self, Number { value, field }: Number, mut each: impl FnMut(u32, f64)) {
        if let Some(rank) = self.rank(value).filter(|_| field == Field::Data) {
            each(rank + 1, self.data[value as usize]);
        }
        self.history(field).writes(value).for_each(|(step, after)| each(step, after));
    }

    /// The steps after each write to a number, in order; that of the first forward pass among them.
    pub fn writes(&self, number: Number) -> impl Iterator<Item = u32> {
        let first = match number.field {
            Field::Data => self.rank(number.value).map(|rank| rank + 1),
            Field::Grad => None,
        };
        first.into_iter().chain(self.history(number.field).writes(number.value).map(|(step, _)| step))
    }

    /// Which segment an event belongs to. `event` is less than [`Run::steps`].
    pub fn segment_of(&self, event: u32) -> usize {
        // Segments may be empty (a forward pass over leaves alone), so the last that starts at or before it.
        self.segments.partition_point(|segment| segment.first <= event) - 1
    }

    /// What happens between step `event` and the next. `event` is less than [`Run::steps`].
    pub fn event(&self, event: u32) -> Event {
        let segment = &self.segments[self.segment_of(event)];
        let at = event - segment.first;
        match &segment.kind {
            SegmentKind::Forward => self.compute(self.computed.nth(at).expect("one an event"), event),
            SegmentKind::Topo(order) => Event::Visit(order.visit(&self.graph, at)),
            SegmentKind::Seed(root) => self.write(Number { value: *root, field: Field::Grad }, None, 1.0, event),
            SegmentKind::Backward(order) => {
                let (at, line) = order.find(&self.graph, at);
                self.line(order.node(at), line, event)
            }
            SegmentKind::Call(v) => self.line(*v, at as usize, event),
            SegmentKind::ZeroGrad => self.write(Number { value: at, field: Field::Grad }, None, 0.0, event),
            SegmentKind::Assign(target, _) => self.write(*target, None, self.assigned(segment, event), event),
            SegmentKind::Assert => {
                Event::Assert { held: self.assertions.iter().any(|a| a.step == event + 1 && a.held) }
            }
        }
    }

    fn compute(&self, node: ValueId, event: u32) -> Event {
        Event::Compute { node, after: self.data(node, event + 1).unwrap_or(f64::NAN) }
    }

    fn line(&self, node: ValueId, line: usize, event: u32) -> Event {
        let Some(rule) = self.graph.op_of(node).and_then(|op| op.lines.get(line)) else { return Event::Idle { node } };
        let number = |field| move |value| self.number(Number { value, field }, event);
        let amount = self.graph.rule_input(node, number(Field::Data), number(Field::Grad)).eval(&rule.amount);
        let value = self.graph.operands[node as usize][rule.slot];
        self.write(Number { value, field: Field::Grad }, Some((node, line)), amount, event)
    }

    fn write(&self, target: Number, by: Option<(ValueId, usize)>, amount: f64, event: u32) -> Event {
        let (before, after) = (self.number(target, event), self.number(target, event + 1));
        Event::Write(Write { target, by, before, amount, after })
    }

    fn assigned(&self, segment: &Segment, event: u32) -> f64 {
        let statement = segment.statement().map(|at| &self.script[at].verb);
        let Some(Verb::Assign { amount, .. }) = statement else { return f64::NAN };
        amount.eval(self.tolerance, |number| self.number(*number, event))
    }

    /// The order of the backward pass that a segment belongs to, where it is one of `backward()`.
    pub fn order_of(&self, segment: usize) -> Option<&Arc<Order>> {
        match &self.segments[segment].kind {
            SegmentKind::Topo(order) | SegmentKind::Backward(order) => Some(order),
            SegmentKind::Seed(_) => self.order_of(segment + 1),
            _ => None,
        }
    }

    /// Bytes the history takes: what moving in time costs in memory.
    pub fn history_bytes(&self) -> usize {
        self.grads.bytes() + self.datas.bytes()
    }
}
