use std::borrow::Cow;
use std::cmp::Reverse;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::debugger::reached::Reached;
use crate::debugger::work::Work;
use crate::engine::plan::call_events;
use crate::engine::{Graph, Phase, Run, Segment, SegmentKind, ValueId};

/// One `_backward` that ran.
#[derive(Debug, Clone, Copy)]
pub struct Call {
    pub node: ValueId,
    /// The step before its first line.
    pub start: u32,
    /// The step after its last.
    pub end: u32,
}

/// A backward pass: from its base case to the next one's.
pub struct Pass<'a> {
    graph: &'a Graph,
    pub number: u32,
    /// Its segments.
    pub segments: &'a [Segment],
    /// The roots that were seeded before they were called, each with the step of its base case.
    pub seeds: Vec<(ValueId, u32)>,
    pub start: u32,
    pub end: u32,
    /// The first and the last `_backward` that ran, if any did.
    pub ends: Option<(Call, Call)>,
    /// What is called; empty where the pass is whole.
    called: FxHashSet<ValueId>,
    /// What its roots are made of: that, and nothing else, can get a grad in this pass. The roots are what was seeded, or
    /// else what was called, and nothing else of that is made of: mostly one.
    pub reached: Arc<Reached>,
    /// Whether one `backward()` made every call, in an order that is right by construction.
    pub whole: bool,
}

/// Every pass of a run, one after the other: what one needs is as large as what it runs.
pub struct Passes<'a> {
    run: &'a Run,
    /// Segments that have been read.
    read: usize,
    /// What the last pass was given, and what that is made of: mostly it is the same again.
    last: Option<(Vec<ValueId>, Arc<Reached>)>,
    /// How many values had to be looked at to find what roots are made of, beside what runs.
    pub work: Work,
}

impl<'a> Passes<'a> {
    pub fn new(run: &'a Run) -> Self {
        Self { run, read: 0, last: None, work: Work::default() }
    }

    fn pass(&mut self, number: u32, segments: &'a [Segment]) -> Option<Pass<'a>> {
        let (first, last) = (segments.first()?, segments.last()?);
        let graph = &*self.run.graph;
        let calls = || segments.iter().flat_map(|segment| calls_in(graph, segment));
        let ends = calls().next().zip(segments.iter().rev().find_map(|segment| last_in(graph, segment)));
        let first_call = ends.map_or(u32::MAX, |(first, _)| first.start);
        let seeds: Vec<(ValueId, u32)> = segments.iter().filter_map(seed).filter(|(_, at)| *at <= first_call).collect();
        let sweeps = segments.iter().filter(|segment| segment.phase() == Phase::Backward);
        let whole = sweeps.map(|segment| matches!(segment.kind, SegmentKind::Backward(_))).eq([true]);
        let given = if seeds.is_empty() {
            calls().map(|call| call.node).collect()
        } else {
            seeds.iter().map(|(v, _)| *v).collect()
        };
        let reached = self.reached(given, whole);
        if reached.roots.is_empty() {
            return None;
        }
        // Of several base cases of one root the last one counts.
        let last_seeds: FxHashMap<ValueId, u32> = seeds.into_iter().collect();
        let seeds = reached.roots.iter().filter_map(|root| last_seeds.get_key_value(root)).map(|(v, at)| (*v, *at));
        let seeds = seeds.collect();
        let called = calls().take_while(|_| !whole).map(|call| call.node).collect();
        Some(Pass { graph, number, segments, seeds, start: first.first, end: last.end(), ends, called, reached, whole })
    }

    fn reached(&mut self, given: Vec<ValueId>, whole: bool) -> Arc<Reached> {
        if let Some((_, reached)) = self.last.as_ref().filter(|(of, _)| *of == given) {
            return reached.clone();
        }
        let reached = Arc::new(Reached::in_pass(&self.run.graph, &given));
        self.work.add(if whole { 0 } else { reached.values.len() });
        self.last = Some((given, reached.clone()));
        reached
    }
}

impl<'a> Iterator for Passes<'a> {
    type Item = Pass<'a>;

    fn next(&mut self) -> Option<Pass<'a>> {
        let segments = &self.run.segments[..];
        while let Some(Segment { pass: number, .. }) = segments.get(self.read) {
            let from = self.read;
            self.read += segments[from..].iter().take_while(|segment| segment.pass == *number).count();
            if let Some(pass) = (*number > 0).then(|| self.pass(*number, &segments[from..self.read])).flatten() {
                return Some(pass);
            }
        }
        None
    }
}

impl Pass<'_> {
    /// Every `_backward` that ran, in order.
    pub fn calls(&self) -> impl Iterator<Item = Call> {
        self.segments.iter().flat_map(|segment| calls_in(self.graph, segment))
    }

    /// Whether a value is called in this pass.
    pub fn has_call(&self, v: ValueId) -> bool {
        if self.whole { self.reached.has(v) } else { self.called.contains(&v) }
    }

    /// Whether it began with this value.
    pub fn is_root(&self, v: ValueId) -> bool {
        self.reached.is_root(v)
    }

    /// The values whose grads its calls may write, the last first.
    pub fn written(&self) -> Cow<'_, [ValueId]> {
        if self.whole {
            return Cow::Borrowed(&self.reached.values);
        }
        let operands = self.calls().flat_map(|call| self.graph.operands_of(call.node));
        let mut written: Vec<ValueId> = operands.copied().filter(|&v| self.reached.has(v)).collect();
        written.sort_unstable_by_key(|&v| Reverse(v));
        written.dedup();
        written.into()
    }
}

/// The base case that a segment is, if it is one, and the step after it.
fn seed(segment: &Segment) -> Option<(ValueId, u32)> {
    match segment.kind {
        SegmentKind::Seed(root) => Some((root, segment.end())),
        SegmentKind::Assign(target, Phase::Seed) => Some((target.value, segment.end())),
        _ => None,
    }
}

/// The calls that a segment makes: there may be a million, of which none is kept.
fn calls_in(graph: &Graph, segment: &Segment) -> impl Iterator<Item = Call> {
    let (single, order) = match &segment.kind {
        SegmentKind::Call(node) => (Some(*node), None),
        SegmentKind::Backward(order) => (None, Some(order.topo.iter().rev().copied())),
        _ => (None, None),
    };
    let mut start = segment.first;
    single.into_iter().chain(order.into_iter().flatten()).map(move |node| {
        let end = start + call_events(graph, node);
        Call { node, start: std::mem::replace(&mut start, end), end }
    })
}

/// The last of them.
fn last_in(graph: &Graph, segment: &Segment) -> Option<Call> {
    let node = match &segment.kind {
        SegmentKind::Call(node) => *node,
        SegmentKind::Backward(order) => *order.topo.first()?,
        _ => return None,
    };
    let end = segment.end();
    Some(Call { node, start: end - call_events(graph, node), end })
}
