//! The edges that the step which just ran went along.

use rustc_hash::FxHashMap;

use super::Debugger;
use crate::engine::{Event, Phase, ValueId, Write};

/// An edge, by its consumer and which operand of it: `a + a` has two.
pub type Edge = (ValueId, usize);

/// What runs along the edges.
pub enum Flow {
    Nothing,
    /// Data, from the operands to the value that was computed.
    Data(ValueId),
    /// Gradient, from the value whose `_backward` runs to the operands that its lines have written so far: for each
    /// edge the last write along it.
    Gradient(FxHashMap<Edge, Write>),
    /// The calls of `build_topo` that are open: `TopoView::is_busy_with` tells which edges.
    Calls,
}

impl Debugger {
    /// What ran along the edges in the step that led here, with the lines of a `_backward` that belong together.
    pub fn flow(&self) -> Flow {
        if self.run.segments[self.segment_here()].phase() == Phase::Topo {
            return Flow::Calls;
        }
        match self.last_event() {
            Some(Event::Compute { node, .. }) => Flow::Data(node),
            Some(Event::Write(Write { by: Some(_), .. })) => Flow::Gradient(self.written_edges()),
            _ => Flow::Nothing,
        }
    }

    fn written_edges(&self) -> FxHashMap<Edge, Write> {
        let writes = self.recent().filter_map(|event| match self.run.event(event) {
            Event::Write(write) => write.by.map(|by| (by, write)),
            _ => None,
        });
        let edge = |(node, line): (ValueId, usize)| {
            let slot = self.run.graph.op_of(node).map_or(0, |op| op.lines[line].slot);
            (node, slot)
        };
        writes.map(|(by, write)| (edge(by), write)).collect()
    }
}
