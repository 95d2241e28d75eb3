use std::ops::Range;

use super::Debugger;
use crate::engine::plan::call_events;
use crate::engine::walk::Walk;
use crate::engine::{Segment, SegmentKind};

/// How far one key moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grain {
    /// One event: a `+=`, a value computed, a visit of `build_topo`.
    Line,
    /// A whole `_backward()`; in `build_topo`, up to the next value that is appended; a whole `zero_grad()`.
    Node,
    /// To the end of the phase.
    Phase,
}

impl Debugger {
    /// Moves one grain forward. Says whether there was anywhere to go.
    pub fn forward(&mut self, grain: Grain) -> bool {
        if self.step >= self.run.steps {
            return false;
        }
        self.step = match grain {
            Grain::Line => self.step + 1,
            Grain::Node => self.group(self.step).end,
            Grain::Phase => self.run.segments[self.run.segment_of(self.step)].end(),
        };
        true
    }

    /// Moves one grain back. Says whether there was anywhere to go.
    pub fn backward(&mut self, grain: Grain) -> bool {
        let Some(event) = self.step.checked_sub(1) else { return false };
        self.step = match grain {
            Grain::Line => event,
            Grain::Node => self.group(event).start,
            Grain::Phase => self.run.segments[self.run.segment_of(event)].first,
        };
        true
    }

    /// The events that make one step of grain [`Grain::Node`] with `event`.
    pub fn group(&self, event: u32) -> Range<u32> {
        let segment = &self.run.segments[self.run.segment_of(event)];
        match &segment.kind {
            SegmentKind::Backward(order) => {
                let (at, line) = order.find(&self.run.graph, event - segment.first);
                let start = event - u32::try_from(line).expect("a rule has few lines");
                start..start + call_events(&self.run.graph, order.node(at))
            }
            SegmentKind::Topo(order) => group_of_visits(order.walk(&self.run.graph), segment, event),
            SegmentKind::Call(_) | SegmentKind::ZeroGrad => segment.first..segment.end(),
            _ => event..event + 1,
        }
    }

    /// The events that the last step of grain [`Grain::Node`] has run so far: those whose effects are marked.
    pub fn recent(&self) -> Range<u32> {
        match self.step.checked_sub(1) {
            Some(event) => self.group(event).start..self.step,
            None => 0..0,
        }
    }
}

/// From after the last `append` before an event to the next one.
fn group_of_visits(walk: &Walk, segment: &Segment, event: u32) -> Range<u32> {
    let appended = walk.appended(event - segment.first);
    let start = appended.checked_sub(1).map_or(0, |last| walk.to_append(last));
    segment.first + start..segment.first + walk.to_append(appended)
}
