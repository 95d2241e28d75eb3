use std::sync::Arc;

use super::Debugger;
use crate::engine::plan::Order;
use crate::engine::{Graph, SegmentKind, ValueId};

/// The rows of the order and value panes: `reversed(topo)`, then the values that the root does not reach.
pub struct Rows {
    pub order: Arc<Order>,
    /// For each value its row.
    row_of: Vec<u32>,
    unreached: Vec<ValueId>,
}

/// Where a value's `_backward` stands in the current pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ran {
    NotYet,
    /// It is the one that just ran, or is half done.
    Now,
    Done,
}

impl Rows {
    pub fn new(graph: &Graph, order: Arc<Order>) -> Self {
        let mut row_of = vec![u32::MAX; graph.len()];
        for (row, &v) in (0..).zip(order.topo.iter().rev()) {
            row_of[v as usize] = row;
        }
        let unreached: Vec<ValueId> = graph.ids().filter(|&v| row_of[v as usize] == u32::MAX).collect();
        for (row, &v) in
            (graph.ids().end - u32::try_from(unreached.len()).expect("fewer than 2^32 values")..).zip(&unreached)
        {
            row_of[v as usize] = row;
        }
        Self { order, row_of, unreached }
    }

    pub fn len(&self) -> usize {
        self.row_of.len()
    }

    pub fn is_empty(&self) -> bool {
        self.row_of.is_empty()
    }

    /// The value in a row, and its number in the order; `None` for one that the root does not reach.
    pub fn value(&self, row: usize) -> (ValueId, Option<usize>) {
        if row < self.order.topo.len() {
            (self.order.node(row), Some(row + 1))
        } else {
            (self.unreached[row - self.order.topo.len()], None)
        }
    }

    pub fn row(&self, v: ValueId) -> usize {
        self.row_of[v as usize] as usize
    }
}

impl Debugger {
    /// Whether the `_backward` of a value has run in the pass that the cursor stands in.
    pub fn ran(&self, v: ValueId) -> Ran {
        let Some(last) = self.step.checked_sub(1) else { return Ran::NotYet };
        if self.called_at(last) == Some(v) {
            return Ran::Now;
        }
        let at = self.run.segment_of(last);
        let pass = self.run.segments[at].pass;
        let mut calls = self.calls().within(v, self.first_of_pass(pass), at).map(|at| &self.run.segments[at]);
        let done = calls.any(|segment| match &segment.kind {
            SegmentKind::Backward(order) => self.ran_in(order, segment.first, v),
            _ => true,
        });
        if done { Ran::Done } else { Ran::NotYet }
    }

    fn ran_in(&self, order: &Arc<Order>, first: u32, v: ValueId) -> bool {
        self.place_in(order, v).is_some_and(|at| first + order.start_of(&self.run.graph, at) < self.step)
    }

    /// The value whose `_backward` an event belongs to.
    pub fn called_at(&self, event: u32) -> Option<ValueId> {
        let segment = &self.run.segments[self.run.segment_of(event)];
        match &segment.kind {
            SegmentKind::Backward(order) => Some(order.node(order.find(&self.run.graph, event - segment.first).0)),
            SegmentKind::Call(v) => Some(*v),
            _ => None,
        }
    }

    /// The step at which the `_backward` of a value has just run: the next such step after the cursor, else the last
    /// one before it.
    pub fn call_near(&self, v: ValueId) -> Option<u32> {
        let ends: Vec<u32> = self.calls_of(v).collect();
        ends.iter().find(|&&end| end > self.step).or(ends.last()).copied()
    }

    /// The steps at which the `_backward` of a value has just run.
    pub fn calls_of(&self, v: ValueId) -> impl Iterator<Item = u32> {
        let events = crate::engine::plan::call_events(&self.run.graph, v);
        let mut segments: Vec<usize> = self.calls().within(v, 0, usize::MAX).collect();
        segments.sort_unstable();
        segments.into_iter().map(|at| &self.run.segments[at]).filter_map(move |segment| match &segment.kind {
            SegmentKind::Backward(order) => {
                let at = self.place_in(order, v)?;
                Some(segment.first + order.start_of(&self.run.graph, at) + events)
            }
            _ => Some(segment.end()),
        })
    }

    /// Which `_backward` of a pass in that order is a value's, from 0.
    fn place_in(&self, order: &Arc<Order>, v: ValueId) -> Option<usize> {
        Some(self.rows_of(order).row(v)).filter(|&row| row < order.topo.len())
    }
}
