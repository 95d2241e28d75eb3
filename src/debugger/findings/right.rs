//! The grads that a run should have had.

use std::sync::PoisonError;

use super::{Finding, Kind, named};
use crate::debugger::Debugger;
use crate::debugger::check::passes::Passes;
use crate::debugger::check::point::Point;
use crate::debugger::standing::Standing;
use crate::debugger::work::Work;
use crate::engine::{Phase, ValueId};
use crate::formula::close;

/// How far from 0 rounding may leave a grad that is 0.
const NOTHING: f64 = 1e-12;

/// Numbers that are computed for one search: a run may have as many passes as its graph has values.
const MOST: usize = 10_000_000;

/// The grads that a right run would have, at one step after the other: those of clean passes, each seeded with 1, in
/// topological order, with `+=`, every slope that of the op's own forward, at data that belong together. A root counts
/// once; different roots add up, unless a grad was set to 0 between them.
pub struct Rights<'a> {
    debugger: &'a Debugger,
    passes: Passes<'a>,
    /// The step that was asked about last, and what was found.
    known: Option<(u32, Vec<f64>)>,
    work: Work,
}

impl<'a> Rights<'a> {
    pub fn new(debugger: &'a Debugger) -> Self {
        Self {
            debugger,
            passes: Passes::new(&debugger.run, debugger.scenario.root),
            known: None,
            work: Work::default(),
        }
    }

    /// The grads at a step, which is not before the last one; `None` where too much has been computed already.
    pub fn at(&mut self, step: u32) -> Option<&[f64]> {
        if self.known.as_ref().is_none_or(|(at, _)| *at != step) {
            self.known = self.grads(step).map(|grads| (step, grads));
        }
        self.known.as_ref().map(|(_, grads)| &grads[..])
    }

    fn is_spent(&self) -> bool {
        self.work.and(self.passes.work()).is_more_than(MOST)
    }

    fn grads(&mut self, step: u32) -> Option<Vec<f64>> {
        let run = &*self.debugger.run;
        self.passes.go_to(step);
        let together = self.passes.together();
        self.work.add(self.passes.len() + (1 + together.len()) * run.graph.len());
        if self.is_spent() {
            return None;
        }
        let mut grads = vec![0.0; run.graph.len()];
        for together in &together {
            let point = Point::new(run, &together.roots, together.point);
            let sums = point.sums();
            for v in point.downwards().filter(|&v| self.passes.holds(together, v)) {
                grads[v as usize] += sums[v as usize];
            }
        }
        Some(grads)
    }

    /// What a right pass from these roots does at one point, and the grads that it makes; `None` where too much has been
    /// computed already.
    pub fn of_pass<'r>(&mut self, roots: &'r [ValueId], point: u32) -> Option<(Point<'r>, Vec<f64>)>
    where
        'a: 'r,
    {
        let run = &*self.debugger.run;
        self.work.add(run.graph.len());
        (!self.is_spent()).then(|| {
            let point = Point::new(run, roots, point);
            let grads = point.sums();
            (point, grads)
        })
    }

    /// Where something went wrong in a pass and every grad is right all the same.
    pub fn by_luck(&mut self, pass: u32, blamed: Vec<ValueId>) -> Option<Finding> {
        let (debugger, at) = (self.debugger, end_of(self.debugger, pass));
        let right = self.at(at)?;
        let is_right = |v: ValueId| is_right(debugger.run.grad(v, at), right[v as usize]);
        let count = blamed.len();
        let (values, more) = named(blamed.into_iter(), count);
        debugger.run.graph.ids().all(is_right).then(|| Finding {
            kind: Kind::ByLuck,
            step: at,
            values,
            more,
            message: "the run is wrong, and every grad is right all the same: by luck, with these numbers".into(),
            cure: "mend it anyway: with other numbers the grads would be wrong".into(),
        })
    }
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
    let after = of_pass.take_while(|segment| segment.phase() != Phase::Backward);
    let zeroing = after.filter(|segment| segment.phase() == Phase::Zero).last();
    zeroing.map_or(segments[until - 1].end(), |segment| segment.first)
}

/// The grads of a right run at the end of one pass, where somebody asked for them.
pub struct OfPass {
    pass: u32,
    grads: Option<Vec<f64>>,
}

impl Debugger {
    /// The grad that a value would have at the end of a pass in a right run; `None` where that takes too long for a key.
    fn right(&self, pass: u32, v: ValueId) -> Option<f64> {
        let mut known = self.right.lock().unwrap_or_else(PoisonError::into_inner);
        if known.as_ref().is_none_or(|known| known.pass != pass) {
            let grads = Rights::new(self).at(end_of(self, pass)).map(<[f64]>::to_vec);
            *known = Some(OfPass { pass, grads });
        }
        known.as_ref()?.grads.as_ref()?.get(v as usize).copied()
    }

    /// What a value's grad must be at the end of the pass that the cursor is in, where it can be said already that it is
    /// another: a fault has been found, and every use of the value has passed its share back, or will not any more.
    pub fn must_be(&self, v: ValueId) -> Option<f64> {
        let pass = self.run.segments[self.segment_here()].pass;
        let faulty = self.findings_so_far().iter().any(|finding| finding.kind.is_fault());
        if pass == 0 || !faulty {
            return None;
        }
        let end = end_of(self, pass);
        if self.step > end || self.step < end && self.standing(v) != Standing::Final {
            return None;
        }
        let right = self.right(pass, v)?;
        let grad = self.grad(v);
        (!is_right(grad, right)).then_some(right)
    }
}
