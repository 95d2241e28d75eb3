use std::collections::HashSet;

use crate::engine::plan::Number;
use crate::engine::{Graph, Phase, Run, Segment, SegmentKind, ValueId};
use crate::formula::Field;

/// What a backward pass differentiates, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Pass {
    /// The value it starts from. Several, where several were seeded that are not made of each other: then it is their
    /// sum that is differentiated.
    pub roots: Vec<ValueId>,
    /// A step after the forward pass whose numbers it should have run with: the last before its first `_backward`.
    pub point: u32,
    /// The step after its last `_backward`.
    pub end: u32,
}

/// Every backward pass of a run, in order. Where no `_backward` ran there is one all the same: the one that should have
/// run, at the end.
pub fn passes(run: &Run, root: ValueId) -> Vec<Pass> {
    let graph = &run.graph;
    let mut reader = Reader { graph, root, passes: Vec::new(), seeds: Vec::new(), fresh: true, forward: 0, open: None };
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

/// Reads the segments of a run in order.
struct Reader<'a> {
    graph: &'a Graph,
    root: ValueId,
    passes: Vec<Pass>,
    /// What was seeded for this pass; what was for the one before, while nothing is for this one.
    seeds: Vec<ValueId>,
    /// Whether nothing has been seeded for this pass.
    fresh: bool,
    /// The step after the last forward pass.
    forward: u32,
    /// The pass that is running: where it should be taken, and its end so far.
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
                let (point, _) = self.open.unwrap_or((self.forward, 0));
                self.open = Some((point, segment.end()));
            }
            SegmentKind::Topo(_) | SegmentKind::Assign(_) | SegmentKind::Assert => {}
        }
    }

    /// A grad set by hand is a base case; but one that the running pass is to compute is only a correction of it.
    fn seed(&mut self, v: ValueId) {
        if self.open.is_some() {
            if !self.seeds.contains(&v) && made_of(self.graph, &self.seeds)[v as usize] {
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
        let Some((point, end)) = self.open.take() else { return };
        self.seeds = self.roots();
        self.fresh = true;
        self.passes.push(Pass { roots: self.seeds.clone(), point, end });
    }

    /// Of what was seeded that of which nothing else seeded is made; leaves only where there is nothing else.
    fn roots(&self) -> Vec<ValueId> {
        let mut seeds = self.seeds.clone();
        seeds.sort_unstable_by(|a, b| b.cmp(a));
        seeds.dedup();
        let mut roots: Vec<ValueId> = Vec::new();
        for v in seeds {
            let idle = self.graph.is_leaf(v) && !roots.is_empty();
            if !idle && !made_of(self.graph, &roots)[v as usize] {
                roots.push(v);
            }
        }
        if roots.is_empty() { vec![self.root] } else { roots }
    }
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

/// For each value the pass whose slope its grad should be: the last whose root is made of it, unless its grad was set to
/// 0 since. `None` where it should be 0.
pub fn of_values(run: &Run, passes: &[Pass], step: u32) -> Vec<Option<usize>> {
    let mut found: Vec<Option<usize>> = vec![None; run.graph.len()];
    let mut settled = vec![false; run.graph.len()];
    let mut seen = HashSet::new();
    for (at, pass) in passes.iter().enumerate().rev() {
        if !seen.insert(&pass.roots) {
            continue;
        }
        let reached = made_of(&run.graph, &pass.roots);
        for v in run.graph.ids().filter(|&v| reached[v as usize]) {
            if !std::mem::replace(&mut settled[v as usize], true) {
                found[v as usize] = Some(at).filter(|_| !zeroed(run, v, pass.end, step));
            }
        }
    }
    found
}

/// Whether a grad was set to 0 after one step, up to another.
fn zeroed(run: &Run, v: ValueId, after: u32, until: u32) -> bool {
    let mut writes = run.history(Field::Grad).writes(v);
    writes.any(|(step, grad)| (after + 1..=until).contains(&step) && grad == 0.0)
}
