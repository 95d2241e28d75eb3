//! `build_topo` at the cursor: its call stack, what it has visited, the list as it grows.

use super::Debugger;
use super::quote::{Line, Mark, Quote, Tone, blank, context, words};
use crate::engine::topo::Visit;
use crate::engine::{SegmentKind, ValueId};

/// The state of a `build_topo` that is running.
pub struct TopoView {
    pub root: ValueId,
    /// What the last event did; `None` before the first.
    pub last: Option<Visit>,
    /// Calls that are open, the root's first. A value whose `append` just ran is still in its call.
    pub stack: Vec<ValueId>,
    /// In the order in which they were entered.
    pub visited: Vec<ValueId>,
    pub topo: Vec<ValueId>,
    /// How many values the root reaches.
    pub reached: usize,
}

impl Debugger {
    /// The state of `build_topo`, where the cursor stands in one.
    pub fn topo_view(&self) -> Option<TopoView> {
        let segment = &self.run.segments[self.segment_here()];
        let SegmentKind::Topo(order) = &segment.kind else { return None };
        let done = (self.step - segment.first) as usize;
        let visits = &order.visits(&self.run.graph)[..done];
        let mut view = TopoView {
            root: order.root,
            last: visits.last().copied(),
            stack: Vec::new(),
            visited: Vec::new(),
            topo: Vec::new(),
            reached: order.topo.len(),
        };
        for (at, visit) in visits.iter().enumerate() {
            match *visit {
                Visit::Enter(v) => {
                    view.visited.push(v);
                    view.stack.push(v);
                }
                Visit::Skip(_) => {}
                Visit::Append(v) => {
                    view.topo.push(v);
                    if at + 1 < done {
                        view.stack.pop();
                    }
                }
            }
        }
        Some(view)
    }

    /// The source of `build_topo` with its current line, and why that line ran.
    pub(super) fn build_topo(&self) -> Quote {
        let view = self.topo_view();
        let last = view.as_ref().and_then(|view| view.last);
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
                let name = self.quoted(v);
                vec![words(format!("{name} is in visited already:")), words("skipped, so it stands in topo only once")]
            }
            Some(Visit::Enter(v)) => {
                let name = self.quoted(v);
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
                let name = self.quoted(v);
                let why = if self.run.graph.is_leaf(v) { "a leaf" } else { "its children are all in" };
                vec![words(format!("{name}: {why},")), words("so it is appended")]
            }
        }
    }
}
