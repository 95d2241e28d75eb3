use std::sync::Arc;

use super::fresh::Fresh;
use crate::debugger::reached::Reached;
use crate::debugger::work::Work;
use crate::engine::plan::Number;
use crate::engine::{Phase, Run, Segment, SegmentKind, ValueId};
use crate::formula::Field;

/// What a backward pass differentiates, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Pass {
    /// The value it starts from. Several, where several were seeded that are not made of each other: then it is their
    /// sum that is differentiated.
    pub roots: Vec<ValueId>,
    /// A step at which all data is as it should have been for the whole pass: see [`Fresh::point`].
    pub point: u32,
    /// The step after its last `_backward`.
    pub end: u32,
}

/// Reads the segments of a run in order: every backward pass of it. Where no `_backward` ran there is one all the same: the
/// one that should have run, at the end.
pub struct Reader<'a> {
    run: &'a Run,
    root: ValueId,
    /// Segments that have been read.
    read: usize,
    /// Whether there has been a pass.
    any: bool,
    /// What was seeded for this pass; what was for the one before, while nothing is for this one.
    seeds: Vec<ValueId>,
    /// What some values are made of, about which somebody asked: mostly it is the same ones for pass after pass.
    reached: Option<(Vec<ValueId>, Arc<Reached>)>,
    /// Whether nothing has been seeded for this pass.
    fresh: bool,
    /// The pass that is running: where its first `_backward` begins, and its end so far.
    open: Option<(u32, u32)>,
    data: Fresh<'a>,
    work: Work,
}

impl<'a> Reader<'a> {
    pub fn new(run: &'a Run, root: ValueId) -> Self {
        Self {
            run,
            root,
            read: 0,
            any: false,
            seeds: Vec::new(),
            reached: None,
            fresh: true,
            open: None,
            data: Fresh::new(run),
            work: Work::default(),
        }
    }

    /// How many values had to be looked at so far.
    pub fn work(&self) -> Work {
        self.work.and(self.data.work)
    }

    fn read(&mut self, segment: &Segment) -> Option<Pass> {
        match &segment.kind {
            SegmentKind::Forward | SegmentKind::ZeroGrad => self.close(),
            SegmentKind::Seed(root) => {
                let closed = self.close();
                (self.seeds, self.fresh) = (vec![*root], false);
                closed
            }
            SegmentKind::Assign(Number { value, field: Field::Grad }, Phase::Seed) => self.seed(*value),
            SegmentKind::Backward(_) | SegmentKind::Call(_) => {
                let (first, _) = self.open.unwrap_or((segment.first, 0));
                self.open = Some((first, segment.end()));
                None
            }
            SegmentKind::Topo(_) | SegmentKind::Assign(..) | SegmentKind::Assert => None,
        }
    }

    /// A grad set by hand is a base case; but one that the running pass is to compute is only a correction of it.
    fn seed(&mut self, v: ValueId) -> Option<Pass> {
        if self.open.is_some() && !self.seeds.is_empty() && self.reached().has(v) && !self.seeds.contains(&v) {
            return None;
        }
        let closed = self.close();
        if std::mem::replace(&mut self.fresh, false) {
            self.seeds.clear();
        }
        self.seeds.push(v);
        closed
    }

    /// What the base cases are made of. Without any the root is the scenario's.
    fn reached(&mut self) -> Arc<Reached> {
        let given = if self.seeds.is_empty() { &[self.root][..] } else { &self.seeds };
        if let Some((_, reached)) = self.reached.as_ref().filter(|(of, _)| of == given) {
            return reached.clone();
        }
        let reached = Arc::new(Reached::in_pass(&self.run.graph, given));
        self.work.add(reached.values.len());
        self.reached = Some((given.to_vec(), reached.clone()));
        reached
    }

    /// Ends the running pass. Its roots stay those of the next one, until something else is seeded.
    fn close(&mut self) -> Option<Pass> {
        let (first, end) = self.open.take()?;
        let reached = self.reached();
        self.seeds.clone_from(&reached.roots);
        self.fresh = true;
        self.any = true;
        Some(Pass { roots: self.seeds.clone(), point: self.data.point(&reached, first), end })
    }
}

impl Iterator for Reader<'_> {
    type Item = Pass;

    fn next(&mut self) -> Option<Pass> {
        let run = self.run;
        while let Some(segment) = run.segments.get(self.read) {
            self.read += 1;
            if let Some(pass) = self.read(segment) {
                return Some(pass);
            }
        }
        let last = self.close();
        if std::mem::replace(&mut self.any, true) {
            return last;
        }
        Some(Pass { roots: self.reached().roots.clone(), point: self.data.forward(run.steps), end: run.steps })
    }
}
