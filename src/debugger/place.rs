use super::Debugger;
use crate::engine::topo::Visit;
use crate::engine::{Event, Phase, SegmentKind, ValueId};

/// Where the cursor stands, for people to read.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The phase of the event that just ran; at the start of a phase, that phase.
    pub phase: Phase,
    /// The statement, and which of how many; `None` in the first forward pass.
    pub statement: Option<(usize, usize)>,
    /// Which backward pass, of how many.
    pub pass: (u32, u32),
    /// Nodes done of all in this phase: values computed, values in `topo`, `_backward`s begun.
    pub nodes: (usize, usize),
    /// Lines done of all in the `_backward` that is running.
    pub lines: Option<(usize, usize)>,
}

impl Debugger {
    pub fn place(&self) -> Place {
        let at = self.segment_here();
        let segment = &self.run.segments[at];
        let done = self.step - segment.first;
        let nodes = match &segment.kind {
            SegmentKind::Topo(order) => (order.walk(&self.run.graph).appended(done) as usize, order.topo.len()),
            SegmentKind::Backward(order) if done == 0 => (0, order.topo.len()),
            SegmentKind::Backward(order) => (order.find(&self.run.graph, done - 1).0 + 1, order.topo.len()),
            SegmentKind::Forward | SegmentKind::ZeroGrad => (done as usize, segment.len as usize),
            _ => (usize::from(done > 0), 1),
        };
        Place {
            phase: segment.phase(),
            statement: segment.statement().map(|statement| (statement, self.run.script.len())),
            pass: (segment.pass, self.run.segments.last().map_or(0, |segment| segment.pass)),
            nodes,
            lines: self.lines_done(),
        }
    }

    /// The segment that the cursor stands in: the one of the event that just ran. But at the start of a backward pass,
    /// which is where a session opens, the cursor stands in that pass and not in the seed before it.
    pub fn segment_here(&self) -> usize {
        let last = self.run.segment_of(self.step.saturating_sub(1));
        let next = (self.step < self.run.steps).then(|| self.run.segment_of(self.step));
        match next {
            Some(next) if next != last && matches!(self.run.segments[next].kind, SegmentKind::Backward(_)) => next,
            _ => last,
        }
    }

    /// Lines done of all, in the `_backward` that just ran or is half done.
    fn lines_done(&self) -> Option<(usize, usize)> {
        let last = self.step.checked_sub(1)?;
        let lines = self.run.graph.lines_of(self.called_at(last)?);
        let group = self.group(last);
        (lines > 0).then(|| ((self.step - group.start) as usize, lines))
    }

    /// The value whose `_backward` or forward just ran, or is half done.
    pub fn running(&self) -> Option<ValueId> {
        let last = self.step.checked_sub(1)?;
        match self.run.event(last) {
            Event::Compute { node, .. } => Some(node),
            _ => self.called_at(last),
        }
    }

    /// The value that the cursor is at: what just ran was about it. The root before anything has run.
    pub fn current(&self) -> Option<ValueId> {
        let last = self.step.checked_sub(1)?;
        if let Some(called) = self.called_at(last) {
            return Some(called);
        }
        match self.run.event(last) {
            Event::Compute { node, .. } | Event::Idle { node } => Some(node),
            Event::Visit(Visit::Enter(v) | Visit::Skip(v) | Visit::Append(v)) => Some(v),
            Event::Write(write) => Some(write.target.value),
            Event::Assert { .. } => None,
        }
    }
}
