use rustc_hash::FxHashMap;

use crate::debugger::Debugger;
use crate::debugger::check::passes::{self, made_of, point, topmost};
use crate::engine::plan::call_events;
use crate::engine::{Phase, Run, Segment, SegmentKind, ValueId, Write};
use crate::formula::Field;

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
    /// What was seeded, or else what was called, and nothing else of that is made of: mostly one.
    pub roots: Vec<ValueId>,
    /// The roots that were seeded before they were called, each with the step of its base case.
    pub seeds: Vec<(ValueId, u32)>,
    pub start: u32,
    pub end: u32,
    pub calls: Vec<Call>,
    /// The step before the last call of each value; empty where the pass is whole.
    last: FxHashMap<ValueId, u32>,
    /// For each value, whether a root is made of it: that, and nothing else, can get a grad in this pass.
    pub reached: Vec<bool>,
    /// Whether one `backward()` made every call, in an order that is right by construction.
    pub whole: bool,
}

/// Every pass of a run, one after the other: what one needs is as large as the graph.
pub fn passes(debugger: &Debugger) -> impl Iterator<Item = Pass> {
    let last = debugger.run.segments.last().map_or(0, |segment| segment.pass);
    (1..=last).filter_map(|number| pass(debugger, number))
}

impl Pass {
    /// Whether a value is called in this pass.
    pub fn calls(&self, v: ValueId) -> bool {
        if self.whole { self.reached[v as usize] } else { self.last.contains_key(&v) }
    }

    /// Whether a value is called after a step.
    pub fn calls_after(&self, v: ValueId, step: u32) -> bool {
        self.last.get(&v).is_some_and(|start| *start >= step)
    }

    /// What the roots are made of, consumers before their operands.
    pub fn downwards(&self) -> impl Iterator<Item = ValueId> {
        let ids = ValueId::try_from(self.reached.len()).expect("a graph has fewer than 2^32 values");
        (0..ids).rev().filter(|&v| self.reached[v as usize])
    }

    /// Whether it began with this value.
    pub fn is_root(&self, v: ValueId) -> bool {
        self.roots.contains(&v)
    }

    /// What it differentiates, and with which data it should have; `None` where nothing was called.
    pub fn differentiated(&self, run: &Run) -> Option<passes::Pass> {
        let first = self.calls.first()?.start;
        let forwards = run.segments.iter().filter(|segment| matches!(segment.kind, SegmentKind::Forward));
        let forward = forwards.map(Segment::end).take_while(|end| *end <= first).last()?;
        let point = point(run, &self.reached, first, forward);
        Some(passes::Pass { roots: self.roots.clone(), point, end: self.end })
    }
}

/// Whether a value has been called since its grad became what it is at a step, in whatever pass.
pub fn has_run_with(debugger: &Debugger, v: ValueId, step: u32) -> bool {
    let start = calls_of(debugger, v).take_while(|start| *start < step).last();
    start.is_some_and(|start| writes(debugger, v, start, step).all(|write| write.before == write.after))
}

/// Whether a value is called after a step with what its grad is there, in whatever pass: before a statement makes that
/// something else.
pub fn will_run_with(debugger: &Debugger, v: ValueId, step: u32) -> bool {
    let start = calls_of(debugger, v).find(|start| *start >= step);
    let stays = |write: Write| write.by.is_some() || write.before == write.after;
    start.is_some_and(|start| writes(debugger, v, step, start).all(stays))
}

/// The steps before the calls of a value.
fn calls_of(debugger: &Debugger, v: ValueId) -> impl Iterator<Item = u32> {
    let events = call_events(&debugger.run.graph, v);
    debugger.calls_of(v).map(move |end| end - events)
}

/// What is written to a grad after one step, up to another.
fn writes(debugger: &Debugger, v: ValueId, after: u32, until: u32) -> impl Iterator<Item = Write> {
    let history = debugger.run.history(Field::Grad);
    let rows = history.count(v, 0, after)..history.count(v, 0, until);
    history.writes_in(v, rows).filter_map(|(step, _)| debugger.write_before(step))
}

fn pass(debugger: &Debugger, number: u32) -> Option<Pass> {
    let run = &debugger.run;
    let from = run.segments.partition_point(|segment| segment.pass < number);
    let to = run.segments.partition_point(|segment| segment.pass <= number);
    let segments = || run.segments[from..to].iter().filter(|segment| segment.statement().is_some());
    let (first, last) = (segments().next()?, segments().next_back()?);
    let calls: Vec<Call> = segments().flat_map(|segment| calls_in(debugger, &segment.kind, segment.first)).collect();
    let first_call = calls.first().map_or(u32::MAX, |call| call.start);
    let seeds = segments().filter_map(|segment| match &segment.kind {
        SegmentKind::Seed(root) => Some((*root, segment.end())),
        SegmentKind::Assign(target) if segment.phase == Phase::Seed && target.field == Field::Grad => {
            Some((target.value, segment.end()))
        }
        _ => None,
    });
    let seeds: Vec<(ValueId, u32)> = seeds.filter(|(_, step)| *step <= first_call).collect();
    let seeded: Vec<ValueId> = seeds.iter().map(|(v, _)| *v).collect();
    let called = || calls.iter().map(|call| call.node).collect::<Vec<_>>();
    let roots = topmost(&run.graph, &if seeded.is_empty() { called() } else { seeded });
    if roots.is_empty() {
        return None;
    }
    // Of several base cases of one root the last one counts.
    let last_seed = |root: &ValueId| seeds.iter().rev().find(|(v, _)| v == root).copied();
    let seeds = roots.iter().filter_map(last_seed).collect();
    let sweeps = segments().filter(|segment| segment.phase == Phase::Backward);
    let whole = sweeps.map(|segment| matches!(segment.kind, SegmentKind::Backward(_))).eq([true]);
    let mut reached = made_of(&run.graph, &roots);
    reached.resize(run.graph.len(), false);
    let last_calls = calls.iter().filter(|_| !whole).map(|call| (call.node, call.start)).collect();
    Some(Pass { number, roots, seeds, start: first.first, end: last.end(), calls, last: last_calls, reached, whole })
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
