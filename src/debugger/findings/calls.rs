use crate::debugger::Debugger;
use crate::engine::plan::{Order, call_events};
use crate::engine::{Phase, SegmentKind, ValueId};
use crate::formula::Field;
use std::sync::Arc;

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
pub struct Pass {
    pub number: u32,
    /// What was seeded, or else what was called first.
    pub root: ValueId,
    /// The step of the base case, if there was one.
    pub seed: Option<u32>,
    pub start: u32,
    pub end: u32,
    pub calls: Vec<Call>,
    /// The order of the root: what it reaches, and nothing else, can get a grad in this pass.
    pub order: Arc<Order>,
    /// For each value, whether the root reaches it.
    pub reached: Vec<bool>,
    /// Whether one `backward()` made every call, in an order that is right by construction.
    pub whole: bool,
}

/// Every pass of a run.
pub struct Calls {
    pub passes: Vec<Pass>,
}

impl Calls {
    pub fn of(debugger: &Debugger) -> Self {
        let last = debugger.run.segments.last().map_or(0, |segment| segment.pass);
        Self { passes: (1..=last).filter_map(|number| pass(debugger, number)).collect() }
    }
}

impl Pass {
    /// The calls of one value, in order.
    pub fn calls_of(&self, v: ValueId) -> impl Iterator<Item = &Call> {
        self.calls.iter().filter(move |call| call.node == v)
    }
}

fn pass(debugger: &Debugger, number: u32) -> Option<Pass> {
    let run = &debugger.run;
    let segments = || run.segments.iter().filter(|segment| segment.pass == number && segment.statement.is_some());
    let (first, last) = (segments().next()?, segments().next_back()?);
    let calls: Vec<Call> = segments().flat_map(|segment| calls_in(debugger, &segment.kind, segment.first)).collect();
    let before_calls = |step: u32| calls.first().is_none_or(|call| step <= call.start);
    let seeds = segments().filter_map(|segment| match &segment.kind {
        SegmentKind::Seed(root) => Some((*root, segment.end())),
        SegmentKind::Assign(target) if segment.phase == Phase::Seed && target.field == Field::Grad => {
            Some((target.value, segment.end()))
        }
        _ => None,
    });
    let seeds: Vec<(ValueId, u32)> = seeds.filter(|(_, step)| before_calls(*step)).collect();
    // Of several, the base case is that of the value which is called first.
    let called = calls.first().and_then(|call| seeds.iter().rfind(|(root, _)| *root == call.node));
    let seed = called.or(seeds.last()).copied();
    let root = seed.map(|(root, _)| root).or_else(|| calls.first().map(|call| call.node))?;
    let sweeps = segments().filter(|segment| segment.phase == Phase::Backward);
    let whole = sweeps.map(|segment| matches!(segment.kind, SegmentKind::Backward(_))).eq([true]);
    let known = segments().find_map(|segment| match &segment.kind {
        SegmentKind::Backward(order) => Some(order.clone()),
        _ => None,
    });
    let known = known.or_else(|| Some(debugger.rows().order.clone())).filter(|order| order.root == root);
    let order = known.unwrap_or_else(|| Arc::new(Order::new(&run.graph, root)));
    let mut reached = vec![false; run.graph.len()];
    order.topo.iter().for_each(|&v| reached[v as usize] = true);
    let seed = seed.map(|(_, step)| step);
    Some(Pass { number, root, seed, start: first.first, end: last.end(), calls, order, reached, whole })
}

fn calls_in(debugger: &Debugger, kind: &SegmentKind, first: u32) -> Vec<Call> {
    let graph = &debugger.run.graph;
    let mut start = first;
    let mut call = |node: ValueId| {
        let end = start + call_events(graph, node);
        Call { node, start: std::mem::replace(&mut start, end), end }
    };
    match kind {
        SegmentKind::Call(node) => vec![call(*node)],
        SegmentKind::Backward(order) => order.topo.iter().rev().map(|&node| call(node)).collect(),
        _ => Vec::new(),
    }
}
