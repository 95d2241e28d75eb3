use std::sync::Arc;

use crate::debugger::reached::Reached;
use crate::debugger::work::Work;
use crate::engine::plan::Number;
use crate::engine::{Run, Segment, SegmentKind, ValueId};
use crate::formula::{Field, close};

/// Which data a pass should have run with: one walk over the run tells where data changes, and what was found for the same
/// values and the same data is not looked for again.
pub struct Fresh<'a> {
    run: &'a Run,
    /// The ends of the forward passes, and of all that writes data.
    forwards: Vec<u32>,
    writes: Vec<u32>,
    known: Option<Known>,
    /// How many values have been looked at.
    pub work: Work,
}

/// Whether anything that some roots are made of was stale after so many writes.
struct Known {
    reached: Arc<Reached>,
    writes: usize,
    stale: bool,
}

impl<'a> Fresh<'a> {
    pub fn new(run: &'a Run) -> Self {
        let ends = |of: fn(&SegmentKind) -> bool| run.segments.iter().filter(move |s| of(&s.kind)).map(Segment::end);
        let forward = |kind: &SegmentKind| matches!(kind, SegmentKind::Forward);
        let writes = |kind: &SegmentKind| {
            matches!(kind, SegmentKind::Forward | SegmentKind::Assign(Number { field: Field::Data, .. }, _))
        };
        Self {
            run,
            forwards: ends(forward).collect(),
            writes: ends(writes).collect(),
            known: None,
            work: Work::default(),
        }
    }

    /// The end of the last forward pass up to a step.
    pub fn forward(&self, step: u32) -> u32 {
        let ended = self.forwards.partition_point(|end| *end <= step);
        ended.checked_sub(1).map_or(0, |last| self.forwards[last])
    }

    /// The step whose data a pass should have run with, of which the first `_backward` began at `first`: that one, if no
    /// data that its roots are made of is stale there; else the end of the last forward pass.
    pub fn point(&mut self, reached: &Arc<Reached>, first: u32) -> u32 {
        let forward = self.forward(first);
        if !self.run.changes_data() {
            return forward;
        }
        let writes = self.writes.partition_point(|end| *end <= first);
        let same = |known: &&Known| known.writes == writes && Arc::ptr_eq(&known.reached, reached);
        let search = || {
            self.work.add(reached.values.len());
            reached.values.iter().any(|&v| is_stale(self.run, v, first))
        };
        let stale = self.known.as_ref().filter(same).map_or_else(search, |known| known.stale);
        self.known = Some(Known { reached: reached.clone(), writes, stale });
        if stale { forward } else { first }
    }
}

/// Whether a value's data does not follow from its operands at a step.
pub fn is_stale(run: &Run, v: ValueId, step: u32) -> bool {
    let data = |v: ValueId| run.data(v, step).unwrap_or(f64::NAN);
    let Some(op) = run.graph.op_of(v) else { return false };
    let (fresh, held) = (run.graph.rule_input(v, data, |_| 0.0).eval(&op.forward), data(v));
    !(close(fresh, held, 1e-12) || fresh.is_nan() && held.is_nan())
}
