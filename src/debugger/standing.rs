use super::Debugger;
use super::consumers::Use;
use super::rows::Ran;
use crate::engine::{SegmentKind, ValueId};
use crate::formula::Field;

/// Where a value's gradient stands in the pass that the cursor is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// No root that the run goes backward from is made of it: it never gets a grad.
    Unreached,
    /// Its grad is that of an earlier pass, and nothing of this one has arrived.
    Earlier,
    /// Some of its consumers have still to run: `(run, of)`.
    Waiting(u32, u32),
    /// All its consumers have run: its grad is final, and its `_backward` may run.
    Final,
}

/// More uses than this are counted by their writes, not looked at one by one.
const MANY: usize = 1000;

impl Debugger {
    pub fn standing(&self, v: ValueId) -> Standing {
        let rows = self.rows();
        if rows.row(v) >= rows.order.topo.len() {
            return self.in_other_passes(v);
        }
        let (run, of) = self.consumers_run(v);
        let written = self.run.history(Field::Grad).last(v, self.step);
        let stale = written.is_some_and(|(step, grad)| step <= self.pass_start() && grad != 0.0);
        match (run, of) {
            (0, _) if stale => Standing::Earlier,
            (run, of) if run < of => Standing::Waiting(run, of),
            (_, 0) if written.is_none_or(|(step, _)| step <= self.pass_start()) => Standing::Waiting(0, 1),
            _ => Standing::Final,
        }
    }

    /// The standing of a value that the root of this pass is not made of.
    fn in_other_passes(&self, v: ValueId) -> Standing {
        let history = self.run.history(Field::Grad);
        let of_a_pass =
            |(step, grad): (u32, f64)| grad != 0.0 || self.write_before(step).is_some_and(|write| write.by.is_some());
        match history.last(v, self.step) {
            Some(last) if of_a_pass(last) => Standing::Earlier,
            // Where nothing but zeros is written to it by hand, time and again, enough of these have been seen.
            _ if history.writes(v).take(MANY).any(of_a_pass) => Standing::Waiting(0, 1),
            _ => Standing::Unreached,
        }
    }

    /// How many uses of a value have passed their share back in this pass, of how many.
    fn consumers_run(&self, v: ValueId) -> (u32, u32) {
        let uses = self.consumers().of_value(v);
        let length = |uses: usize| u32::try_from(uses).unwrap_or(u32::MAX);
        if uses.len() > MANY {
            let start = self.pass_start();
            let written = self.run.history(Field::Grad).count(v, start, self.step);
            return (length(written).min(length(uses.len())), length(uses.len()));
        }
        let rows = self.rows();
        let of_pass = uses.iter().filter(|usage| rows.row(usage.consumer()) < rows.order.topo.len());
        let (mut run, mut of) = (0, 0);
        for usage in of_pass {
            of += 1;
            run += u32::from(self.has_passed_to(*usage));
        }
        (run, of)
    }

    /// The consumers whose `_backward` has not run in this pass, though the root is made of them.
    pub fn missing(&self, v: ValueId, step: u32) -> Vec<ValueId> {
        let reached = self.rows().order.topo.len();
        let then = Self { step, ..self.at_same() };
        let uses = self.consumers().of_value(v).iter().take(MANY).map(|usage| usage.consumer());
        let mut missing: Vec<ValueId> =
            uses.filter(|&c| self.rows().row(c) < reached && !then.has_passed_back(c)).collect();
        missing.dedup();
        missing
    }

    /// Whether a use of a value has passed its share back: the lines that write to it have run.
    fn has_passed_to(&self, usage: Use) -> bool {
        match self.ran(usage.consumer()) {
            Ran::NotYet => false,
            Ran::Done => true,
            Ran::Now => {
                let run = (self.step - self.group(self.step - 1).start) as usize;
                let lines = self.run.graph.op_of(usage.consumer()).map_or(&[][..], |op| &op.lines);
                lines.iter().skip(run).all(|line| line.slot != usage.slot())
            }
        }
    }

    /// Whether the `_backward` of a value has run to its end in this pass.
    fn has_passed_back(&self, v: ValueId) -> bool {
        match self.ran(v) {
            Ran::NotYet => false,
            Ran::Done => true,
            Ran::Now => self.step == self.group(self.step - 1).end,
        }
    }

    /// The step at which the pass of the cursor began: at its base case, or at the `build_topo` before that.
    pub fn pass_start(&self) -> u32 {
        let at = self.segment_here();
        let pass = self.run.segments[at].pass;
        let of_pass = |kind: &SegmentKind| !matches!(kind, SegmentKind::Forward);
        let mut of_this =
            self.run.segments[self.first_of_pass(pass)..].iter().take_while(|segment| segment.pass == pass);
        of_this.find(|segment| of_pass(&segment.kind)).map_or(0, |segment| segment.first)
    }

    /// The first segment of a pass: passes follow one another.
    pub(super) fn first_of_pass(&self, pass: u32) -> usize {
        self.run.segments.partition_point(|segment| segment.pass < pass)
    }
}
