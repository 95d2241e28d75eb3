use rustc_hash::FxHashMap;

use crate::debugger::Debugger;
use crate::debugger::work::Work;
use crate::engine::plan::Order;
use crate::engine::{SegmentKind, ValueId};
use crate::formula::Field;

/// Whether what a value got in one pass is passed on in another. It is asked pass by pass: what is written to a grad is
/// read once.
pub struct Elsewhere<'a> {
    debugger: &'a Debugger,
    known: FxHashMap<ValueId, Known>,
    /// For each root of a whole pass the values of its order, sorted, and the place of each.
    places: FxHashMap<ValueId, Vec<(ValueId, u32)>>,
    /// How many whole passes have been looked at, and values of them.
    work: Work,
}

/// What has been read of the writes to a grad.
#[derive(Default)]
struct Known {
    /// How many of them, what the last left, and the last step that made the grad something else.
    read: usize,
    held: f64,
    since: u32,
    /// How many of them are known to be followed by nothing that a statement sets.
    kept: usize,
}

/// So many of them are: a script may have a hundred thousand passes.
const MOST: usize = 20_000_000;

impl<'a> Elsewhere<'a> {
    pub fn new(debugger: &'a Debugger) -> Self {
        Self { debugger, known: FxHashMap::default(), places: FxHashMap::default(), work: Work::default() }
    }

    /// Whether so much has been looked at that what it says from now on is a guess.
    pub fn is_spent(&self) -> bool {
        self.work.is_more_than(MOST)
    }

    /// Whether a value has been called since its grad became what it is at a step, in whatever pass.
    pub fn has_run_with(&mut self, v: ValueId, step: u32) -> bool {
        let history = self.debugger.run.history(Field::Grad);
        let known = self.known.entry(v).or_default();
        let rows = history.count(v, 0, step);
        for (at, after) in history.writes_in(v, known.read..rows) {
            known.since = if after == known.held { known.since } else { at };
            known.held = after;
        }
        known.read = known.read.max(rows);
        let since = known.since;
        self.next_call(v, since).is_some_and(|start| start < step)
    }

    /// Whether a value is called after a step with what its grad is there, in whatever pass: before a statement makes that
    /// something else.
    pub fn will_run_with(&mut self, v: ValueId, step: u32) -> bool {
        let Some(start) = self.next_call(v, step) else { return self.is_spent() };
        let (debugger, history) = (self.debugger, self.debugger.run.history(Field::Grad));
        let [from, to] = [step, start].map(|step| history.count(v, 0, step));
        let known = self.known.entry(v).or_default();
        known.kept = known.kept.max(from);
        for (at, _) in history.writes_in(v, known.kept..to) {
            if debugger.write_before(at).is_some_and(|write| write.by.is_none() && write.before != write.after) {
                return false;
            }
            known.kept += 1;
        }
        true
    }

    /// The step before the first call of a value that does not begin before `from`.
    pub fn next_call(&mut self, v: ValueId, from: u32) -> Option<u32> {
        let run = &self.debugger.run;
        let first = run.segments.partition_point(|segment| segment.end() <= from);
        let calls = self.debugger.calls();
        let single = calls.single(v, first).map(|at| run.segments[at].first).find(|start| *start >= from);
        for at in calls.whole(first).take_while(|&at| single.is_none_or(|single| run.segments[at].first < single)) {
            let SegmentKind::Backward(order) = &run.segments[at].kind else { continue };
            let start = self.place_in(order, v).map(|place| run.segments[at].first + order.start_of(&run.graph, place));
            if let Some(start) = start.filter(|start| *start >= from) {
                return Some(start);
            }
            if self.is_spent() {
                return None;
            }
        }
        single
    }

    /// Which `_backward` of a pass in that order is a value's, from 0.
    fn place_in(&mut self, order: &Order, v: ValueId) -> Option<usize> {
        self.work.add(1);
        // Operands have smaller numbers than what is made of them.
        if v > order.root || self.is_spent() {
            return None;
        }
        let places = self.places.entry(order.root).or_insert_with(|| {
            self.work.add(order.topo.len());
            let mut places: Vec<(ValueId, u32)> = order.topo.iter().rev().copied().zip(0..).collect();
            places.sort_unstable();
            places
        });
        let at = places.binary_search_by_key(&v, |(v, _)| *v).ok()?;
        Some(places[at].1 as usize)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Elsewhere;
    use crate::debugger::Debugger;
    use crate::engine::ValueId;
    use crate::formula::Field;
    use crate::scenario::{Source, read};

    const STATEMENTS: [&str; 9] = [
        "d.backward()",
        "c.backward()",
        "d._backward()",
        "c._backward()",
        "b._backward()",
        "b.grad = 1.0",
        "c.grad = 1.0",
        "c.grad = 0",
        "zero_grad()",
    ];

    /// The same, by looking at every call and every write.
    fn by_all(debugger: &Debugger, v: ValueId, step: u32) -> [bool; 2] {
        let events = crate::engine::plan::call_events(&debugger.run.graph, v);
        let starts: Vec<u32> = debugger.calls_of(v).map(|end| end - events).collect();
        let writes = |from: u32, to: u32| {
            let steps = debugger.run.history(Field::Grad).writes(v).map(|(step, _)| step);
            let steps = steps.filter(move |step| *step > from && *step <= to);
            steps.map(|step| debugger.write_before(step).expect("a write"))
        };
        let before = starts.iter().copied().rfind(|start| *start < step);
        let after = starts.iter().copied().find(|start| *start >= step);
        let has_run = before.is_some_and(|start| writes(start, step).all(|write| write.before == write.after));
        let stays = |start| writes(step, start).all(|write| write.by.is_some() || write.before == write.after);
        [has_run, after.is_some_and(stays)]
    }

    #[test]
    fn it_is_what_looking_at_everything_finds() {
        let mut seed = 7_u32;
        let mut dice = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) as usize
        };
        let lines = ["a = 2", "b = a * a", "c = b * 3", "d = c + a"].map(str::to_owned);
        let file = Debugger::new(Arc::new(read(&Source::of_lines(&lines)).expect("a scenario")));
        for _ in 0..200 {
            let script: Vec<&str> = (0..12).map(|_| STATEMENTS[dice() % STATEMENTS.len()]).collect();
            let debugger = file.with_statements(&script.join("; ")).expect("statements").debugger;
            let mut elsewhere = Elsewhere::new(&debugger);
            for step in 0..=debugger.run.steps {
                for v in debugger.run.graph.ids().filter(|_| dice() % 3 > 0) {
                    let found = [elsewhere.has_run_with(v, step), elsewhere.will_run_with(v, step)];
                    assert_eq!(found, by_all(&debugger, v, step), "{} at {step} of {script:?}", debugger.name(v));
                }
            }
        }
    }
}
