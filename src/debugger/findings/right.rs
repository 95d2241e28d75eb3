//! The grads that a run should have had.

use super::calls::{Calls, Pass};
use super::{Finding, Kind};
use crate::debugger::Debugger;
use crate::debugger::standing::Standing;
use crate::engine::op::RuleInput;
use crate::engine::{Segment, SegmentKind, ValueId};
use crate::formula::close;

/// The grads of one clean pass: seeded with 1, in topological order, with `+=`, starting from 0, every slope that of the
/// op's own forward. At the data that the last forward pass before it made: where a leaf has changed since, nothing
/// else belongs together.
pub fn grads_of(debugger: &Debugger, pass: &Pass) -> Vec<f64> {
    let first = pass.calls.first().map_or(pass.end, |call| call.start);
    let forwards = debugger.run.segments.iter().filter(|segment| matches!(segment.kind, SegmentKind::Forward));
    let step = forwards.map(Segment::end).filter(|end| *end <= first).last().unwrap_or(first);
    let graph = &debugger.run.graph;
    let mut grads = vec![0.0; graph.len()];
    grads[pass.root as usize] = 1.0;
    for &v in pass.order.topo.iter().rev().filter(|&&v| !graph.is_leaf(v)) {
        let grad = grads[v as usize];
        let input = debugger.input(v, step);
        for (slot, slope) in slopes(debugger, v, &input).into_iter().enumerate() {
            grads[graph.operands[v as usize][slot] as usize] += slope * grad;
        }
    }
    grads
}

/// The local derivatives of a value by its operands: by its rule where that is of the table, which is tested, by dual
/// numbers where it is the scenario's own.
fn slopes(debugger: &Debugger, v: ValueId, input: &RuleInput) -> Vec<f64> {
    let Some(op) = debugger.run.graph.op_of(v) else { return Vec::new() };
    if op.own {
        return (0..op.operands).map(|slot| op.slope(input, slot)).collect();
    }
    let input = RuleInput { out_grad: 1.0, ..*input };
    op.lines.iter().map(|line| input.eval(&line.amount)).collect()
}

/// Where something went wrong in the last pass and every grad is right all the same.
pub fn by_luck(debugger: &Debugger, findings: &[Finding]) -> Option<Finding> {
    let calls = Calls::of(debugger);
    let pass = calls.passes.last()?;
    let fault = |kind: Kind| kind.is_fault() && kind != Kind::NonFinite;
    let faults = findings.iter().filter(|finding| fault(finding.kind) && finding.step > pass.start);
    let blamed: Vec<ValueId> = faults.filter_map(|finding| finding.values.first().copied()).collect();
    if blamed.is_empty() {
        return None;
    }
    let right = grads_of(debugger, pass);
    let end = debugger.run.steps;
    let is_right = |v: &ValueId| {
        let (found, right) = (debugger.run.grad(*v, end), right[*v as usize]);
        close(found, right, 1e-9) || (found.is_nan() && right.is_nan())
    };
    pass.order.topo.iter().all(|v| is_right(v)).then(|| Finding {
        kind: Kind::ByLuck,
        step: end,
        values: blamed,
        message: "the run is wrong, and every grad is right all the same: by luck, with these numbers".into(),
        cure: "mend it anyway: with other numbers the grads would be wrong".into(),
    })
}

/// More numbers than this are not computed for a screen: every key must stay instant.
const MOST: usize = 1_000_000;

impl Debugger {
    /// The grads of a right run, for each pass of this one; empty where that would be too many.
    fn right_runs(&self) -> &[Vec<f64>] {
        self.right.get_or_init(|| {
            let calls = Calls::of(self);
            let numbers = calls.passes.len() * self.run.graph.len();
            if numbers > MOST { Vec::new() } else { calls.passes.iter().map(|pass| grads_of(self, pass)).collect() }
        })
    }

    /// What a value's grad must be at the end of the pass that the cursor is in, where it can be said already that it is
    /// another: a fault has been found, and every use of the value has passed its share back.
    pub fn must_be(&self, v: ValueId) -> Option<f64> {
        let pass = self.run.segments[self.segment_here()].pass.checked_sub(1)?;
        let faulty = self.findings_so_far().iter().any(|finding| finding.kind.is_fault());
        if !faulty || self.standing(v) != Standing::Final {
            return None;
        }
        let right = *self.right_runs().get(pass as usize)?.get(v as usize)?;
        let grad = self.grad(v);
        (!close(grad, right, 1e-9) && !(grad.is_nan() && right.is_nan())).then_some(right)
    }
}
