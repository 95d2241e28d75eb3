//! The grads that a run should have had.

use super::{Finding, Kind};
use crate::debugger::Debugger;
use crate::debugger::check::passes;
use crate::debugger::check::point::Point;
use crate::debugger::standing::Standing;
use crate::engine::{Phase, ValueId};
use crate::formula::close;

/// How far from 0 rounding may leave a grad that is 0.
const NOTHING: f64 = 1e-12;

/// The grads that a right run would have at a step: those of clean passes, each seeded with 1, in topological order, with
/// `+=`, every slope that of the op's own forward, at data that belong together. A root counts once; different roots add
/// up, unless a grad was set to 0 between them.
pub fn grads_at(debugger: &Debugger, step: u32) -> Vec<f64> {
    let run = &*debugger.run;
    let all = passes::passes(run, debugger.scenario.root);
    let mut grads = vec![0.0; run.graph.len()];
    for (pass, values) in passes::counted(run, &all, step) {
        let sums = Point::new(run, &pass).sums();
        for v in values {
            grads[v as usize] += sums[v as usize];
        }
    }
    grads
}

/// Whether a grad is the right one.
pub fn is_right(grad: f64, right: f64) -> bool {
    close(grad, right, 1e-9) || (grad - right).abs() <= NOTHING || (grad.is_nan() && right.is_nan())
}

/// The last step of a pass at which its grads are looked at: where they are set to 0 after its calls, the one before that.
pub fn end_of(debugger: &Debugger, number: u32) -> u32 {
    let segments = &debugger.run.segments;
    let until = segments.partition_point(|segment| segment.pass <= number);
    let of_pass = segments[..until].iter().rev().take_while(|segment| segment.pass == number);
    let after = of_pass.take_while(|segment| segment.phase != Phase::Backward);
    let zeroing = after.filter(|segment| segment.phase == Phase::Zero).last();
    zeroing.map_or(segments[until - 1].end(), |segment| segment.first)
}

/// Where something went wrong in a pass and every grad is right all the same.
pub fn by_luck(debugger: &Debugger, pass: u32, faults: &[Finding]) -> Option<Finding> {
    let blamed: Vec<ValueId> = faults.iter().filter_map(|finding| finding.values.first().copied()).collect();
    let at = end_of(debugger, pass);
    let right = grads_at(debugger, at);
    let is_right = |v: ValueId| is_right(debugger.run.grad(v, at), right[v as usize]);
    debugger.run.graph.ids().all(is_right).then(|| Finding {
        kind: Kind::ByLuck,
        step: at,
        values: blamed,
        message: "the run is wrong, and every grad is right all the same: by luck, with these numbers".into(),
        cure: "mend it anyway: with other numbers the grads would be wrong".into(),
    })
}

/// More numbers than this are not computed for a screen: every key must stay instant.
const MOST: usize = 1_000_000;

impl Debugger {
    /// The grads of a right run at the end of each pass of this one; empty where that would be too many.
    fn right_runs(&self) -> &[Vec<f64>] {
        self.right.get_or_init(|| {
            let passes = self.run.segments.last().map_or(0, |segment| segment.pass);
            let numbers = passes as usize * self.run.graph.len();
            let right = |pass: u32| grads_at(self, end_of(self, pass));
            if numbers > MOST { Vec::new() } else { (1..=passes).map(right).collect() }
        })
    }

    /// What a value's grad must be at the end of the pass that the cursor is in, where it can be said already that it is
    /// another: a fault has been found, and every use of the value has passed its share back, or will not any more.
    pub fn must_be(&self, v: ValueId) -> Option<f64> {
        let pass = self.run.segments[self.segment_here()].pass;
        let faulty = self.findings_so_far().iter().any(|finding| finding.kind.is_fault());
        let end = end_of(self, pass);
        let may_change = || self.step < end && self.standing(v) != Standing::Final;
        if pass == 0 || !faulty || self.step > end || may_change() {
            return None;
        }
        let right = *self.right_runs().get(pass as usize - 1)?.get(v as usize)?;
        let grad = self.grad(v);
        (!is_right(grad, right)).then_some(right)
    }
}
