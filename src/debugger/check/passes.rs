use std::collections::HashSet;

use crate::engine::plan::Number;
use crate::engine::{Event, Graph, Phase, Run, Segment, SegmentKind, ValueId, Write};
use crate::formula::{Field, close};

/// What a backward pass differentiates, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Pass {
    /// The value it starts from. Several, where several were seeded that are not made of each other: then it is their
    /// sum that is differentiated.
    pub roots: Vec<ValueId>,
    /// A step at which all data is as it should have been for the whole pass: see [`point`].
    pub point: u32,
    /// The step after its last `_backward`.
    pub end: u32,
}

/// Every backward pass of a run, in order. Where no `_backward` ran there is one all the same: the one that should have
/// run, at the end.
pub fn passes(run: &Run, root: ValueId) -> Vec<Pass> {
    let mut reader = Reader { run, root, passes: Vec::new(), seeds: Vec::new(), fresh: true, forward: 0, open: None };
    for segment in &run.segments {
        reader.read(segment);
    }
    reader.close();
    if reader.passes.is_empty() {
        reader.passes.push(Pass { roots: reader.roots(), point: reader.forward, end: run.steps });
    }
    reader.passes
}

/// The step whose grads are looked at: the last one; but where grads are set to 0 after the last pass, to be ready for
/// the next, the one before that.
pub fn looked_at(run: &Run, passes: &[Pass]) -> u32 {
    let end = passes.last().map_or(0, |pass| pass.end);
    let zeroing = run.segments.iter().find(|segment| segment.first >= end && segment.phase == Phase::Zero);
    zeroing.map_or(run.steps, |segment| segment.first)
}

/// The step whose data a pass should have run with, of which the first `_backward` began at `first`: that one, if no data
/// that the root is made of is stale there; else the end of the last forward pass, `forward`.
pub fn point(run: &Run, reached: &[bool], first: u32, forward: u32) -> u32 {
    if !run.changes_data() {
        return forward;
    }
    let stale = |v: ValueId| reached[v as usize] && is_stale(run, v, first);
    if run.computed.iter().any(stale) { forward } else { first }
}

/// Whether a value's data does not follow from its operands at a step.
pub fn is_stale(run: &Run, v: ValueId, step: u32) -> bool {
    let data = |v: ValueId| run.data(v, step).unwrap_or(f64::NAN);
    let Some(op) = run.graph.op_of(v) else { return false };
    let (fresh, held) = (run.graph.rule_input(v, data, |_| 0.0).eval(&op.forward), data(v));
    !(close(fresh, held, 1e-12) || fresh.is_nan() && held.is_nan())
}

/// Reads the segments of a run in order.
struct Reader<'a> {
    run: &'a Run,
    root: ValueId,
    passes: Vec<Pass>,
    /// What was seeded for this pass; what was for the one before, while nothing is for this one.
    seeds: Vec<ValueId>,
    /// Whether nothing has been seeded for this pass.
    fresh: bool,
    /// The step after the last forward pass.
    forward: u32,
    /// The pass that is running: where its first `_backward` begins, and its end so far.
    open: Option<(u32, u32)>,
}

impl Reader<'_> {
    fn read(&mut self, segment: &Segment) {
        match &segment.kind {
            SegmentKind::Forward => {
                self.close();
                self.forward = segment.end();
            }
            SegmentKind::ZeroGrad => self.close(),
            SegmentKind::Seed(root) => {
                self.close();
                self.seeds = vec![*root];
                self.fresh = false;
            }
            SegmentKind::Assign(Number { value, field: Field::Grad }) if segment.phase == Phase::Seed => {
                self.seed(*value);
            }
            SegmentKind::Backward(_) | SegmentKind::Call(_) => {
                let (first, _) = self.open.unwrap_or((segment.first, 0));
                self.open = Some((first, segment.end()));
            }
            SegmentKind::Topo(_) | SegmentKind::Assign(_) | SegmentKind::Assert => {}
        }
    }

    /// A grad set by hand is a base case; but one that the running pass is to compute is only a correction of it.
    fn seed(&mut self, v: ValueId) {
        if self.open.is_some() {
            if !self.seeds.contains(&v) && made_of(&self.run.graph, &self.seeds)[v as usize] {
                return;
            }
            self.close();
        }
        if std::mem::replace(&mut self.fresh, false) {
            self.seeds.clear();
        }
        self.seeds.push(v);
    }

    /// Ends the running pass. Its roots stay those of the next one, until something else is seeded.
    fn close(&mut self) {
        let Some((first, end)) = self.open.take() else { return };
        self.seeds = self.roots();
        let point = point(self.run, &made_of(&self.run.graph, &self.seeds), first, self.forward);
        self.fresh = true;
        self.passes.push(Pass { roots: self.seeds.clone(), point, end });
    }

    fn roots(&self) -> Vec<ValueId> {
        let roots = topmost(&self.run.graph, &self.seeds);
        if roots.is_empty() { vec![self.root] } else { roots }
    }
}

/// Of some values those that none of the others is made of, the last first; leaves only where there is nothing else.
pub fn topmost(graph: &Graph, values: &[ValueId]) -> Vec<ValueId> {
    let Some(last) = values.iter().copied().max() else { return Vec::new() };
    let (mut roots, mut reached) = (Vec::new(), vec![false; last as usize + 1]);
    let mut given = reached.clone();
    for &v in values {
        given[v as usize] = true;
    }
    for v in (0..=last).rev() {
        let idle = graph.is_leaf(v) && !roots.is_empty();
        if given[v as usize] && !reached[v as usize] && !idle {
            roots.push(v);
            reached[v as usize] = true;
        }
        if reached[v as usize] {
            graph.operands_of(v).iter().for_each(|&operand| reached[operand as usize] = true);
        }
    }
    roots
}

/// For each value, whether one of the roots is made of it, or is it.
pub fn made_of(graph: &Graph, roots: &[ValueId]) -> Vec<bool> {
    let mut reached = vec![false; graph.len()];
    for &root in roots {
        reached[root as usize] = true;
    }
    // Operands have smaller numbers, so one walk from the last root down sees every consumer before its operands.
    for v in (0..=roots.iter().copied().max().unwrap_or(0)).rev() {
        if reached[v as usize] {
            graph.operands_of(v).iter().for_each(|&operand| reached[operand as usize] = true);
        }
    }
    reached
}

/// Every pass that counts for the grads at a step, each with the values it counts for. A root counts once, by its last
/// pass: what earlier passes of it left is left over. Different roots add up, as losses do, but for a value whose grad was
/// set to 0 since.
pub fn counted(run: &Run, passes: &[Pass], step: u32) -> Vec<(Pass, Vec<ValueId>)> {
    let (mut counted, mut seen) = (Vec::new(), HashSet::new());
    for pass in passes.iter().rev().filter(|pass| pass.end <= step) {
        let roots: Vec<ValueId> = pass.roots.iter().copied().filter(|root| seen.insert(*root)).collect();
        if roots.is_empty() {
            continue;
        }
        let reached = made_of(&run.graph, &roots);
        let values = run.graph.ids().filter(|&v| reached[v as usize] && !zeroed(run, v, pass.end, step)).collect();
        counted.push((Pass { roots, ..*pass }, values));
    }
    counted
}

/// Whether a statement set a grad to 0 after one step, up to another.
fn zeroed(run: &Run, v: ValueId, after: u32, until: u32) -> bool {
    if after == until {
        return false;
    }
    let mut writes = run.history(Field::Grad).writes(v).skip_while(|(step, _)| *step <= after);
    let by_hand = |step: u32| matches!(run.event(step - 1), Event::Write(Write { by: None, .. }));
    writes.any(|(step, grad)| step <= until && grad == 0.0 && by_hand(step))
}
