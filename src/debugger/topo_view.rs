//! `build_topo` at the cursor: its call stack, what it has visited, the list as it grows.

use super::Debugger;
use super::quote::{Line, Mark, Quote, Tone, blank, context, words};
use crate::engine::plan::Order;
use crate::engine::topo::Visit;
use crate::engine::walk::Walk;
use crate::engine::{Graph, SegmentKind, ValueId};

/// The state of a `build_topo` that is running. Nothing is copied: there may be a million values in each list.
pub struct TopoView<'a> {
    graph: &'a Graph,
    order: &'a Order,
    walk: &'a Walk,
    /// Events that have run.
    done: u32,
}

impl<'a> TopoView<'a> {
    /// What the last event did; `None` before the first.
    pub fn last(&self) -> Option<Visit> {
        self.done.checked_sub(1).map(|last| self.order.visit(self.graph, last))
    }

    /// Calls that are open, the innermost first. What just ran is still in its call: an `append`, and the look at what is
    /// visited already.
    pub fn stack(&self) -> impl Iterator<Item = ValueId> + use<'a> {
        let walk = self.walk;
        let open = std::iter::successors(self.innermost(), |&v| walk.caller(v));
        self.skipped().into_iter().chain(open)
    }

    /// The innermost of the calls that look through children.
    fn innermost(&self) -> Option<ValueId> {
        self.walk.innermost(&self.order.topo, self.done)
    }

    /// How many calls are open.
    pub fn depth(&self) -> usize {
        let open = self.visited().len() - self.topo().len();
        open + usize::from(matches!(self.last(), Some(Visit::Append(_) | Visit::Skip(_))))
    }

    /// The value that the last event found to be visited already.
    fn skipped(&self) -> Option<ValueId> {
        if let Some(Visit::Skip(v)) = self.last() { Some(v) } else { None }
    }

    /// Whether the call of a value is open.
    pub fn is_open(&self, v: ValueId) -> bool {
        let (visited, place) = self.walk.state(v, self.done);
        visited && (place.is_none() || self.last() == Some(Visit::Append(v)))
    }

    /// The place of a value in the list, once it has been appended.
    pub fn place(&self, v: ValueId) -> Option<usize> {
        self.walk.state(v, self.done).1.map(|place| place as usize)
    }

    /// Whether an open call is busy with that operand: its own call is open, or it was just skipped.
    pub fn is_busy_with(&self, graph: &Graph, caller: ValueId, slot: usize) -> bool {
        let operands = graph.operands_of(caller);
        let Some(&operand) = operands.get(slot) else { return false };
        let first = operands.iter().position(|&other| other == operand);
        match self.skipped() {
            // Of `a + a` the second operand is the one that is skipped.
            Some(v) if v == operand && self.innermost() == Some(caller) => {
                operands.iter().rposition(|&other| other == operand) == Some(slot)
            }
            _ => first == Some(slot) && self.is_open(operand) && self.walk.caller(operand) == Some(caller),
        }
    }

    /// In the order in which they were entered.
    pub fn visited(&self) -> &'a [ValueId] {
        &self.walk.entered[..self.walk.visited(self.done) as usize]
    }

    /// The list as far as it has grown.
    pub fn topo(&self) -> &'a [ValueId] {
        &self.order.topo[..self.walk.appended(self.done) as usize]
    }

    /// How many values the root reaches.
    pub fn reached(&self) -> usize {
        self.order.topo.len()
    }
}

impl Debugger {
    /// The state of `build_topo`, where the cursor stands in one.
    pub fn topo_view(&self) -> Option<TopoView<'_>> {
        let segment = &self.run.segments[self.segment_here()];
        let SegmentKind::Topo(order) = &segment.kind else { return None };
        let graph = &*self.run.graph;
        Some(TopoView { graph, order, walk: order.walk(graph), done: self.step - segment.first })
    }

    /// The source of `build_topo` with its current line, and why that line ran.
    pub(super) fn build_topo(&self) -> Quote {
        let last = self.topo_view().and_then(|view| view.last());
        let lines = [
            "  if v not in visited:",
            "    visited.add(v)",
            "    for child in v._prev:",
            "      build_topo(child)",
            "    topo.append(v)",
        ];
        let here = match last {
            Some(Visit::Skip(_)) => 0,
            Some(Visit::Enter(_)) => 1,
            Some(Visit::Append(_)) => 4,
            None => usize::MAX,
        };
        let mark = |at| if at == here { Mark::Here } else { Mark::None };
        let mut quoted = vec![context("def build_topo(v):".into())];
        quoted.extend(lines.iter().enumerate().map(|(at, text)| Line::new(mark(at), Tone::Source, *text)));
        quoted.push(blank());
        quoted.extend(self.reason(last));
        Quote { title: "build_topo".into(), lines: quoted }
    }

    fn reason(&self, last: Option<Visit>) -> Vec<Line> {
        match last {
            None => Vec::new(),
            Some(Visit::Skip(v)) => {
                let name = self.introduced(v);
                vec![words(format!("{name} is in visited already:")), words("skipped, so it stands in topo only once")]
            }
            Some(Visit::Enter(v)) => {
                let name = self.introduced(v);
                let next = match self.run.graph.operands_of(v) {
                    [] => "it is a leaf: no children".to_owned(),
                    operands => {
                        let names: Vec<String> = operands.iter().map(|&v| self.quoted(v)).collect();
                        format!("first its children: {}", names.join(", "))
                    }
                };
                vec![words(format!("{name} is visited for the first time")), words(next)]
            }
            Some(Visit::Append(v)) => {
                let name = self.introduced(v);
                let why = if self.run.graph.is_leaf(v) { "a leaf" } else { "its children are all in" };
                vec![words(format!("{name}: {why},")), words("so it is appended")]
            }
        }
    }
}
