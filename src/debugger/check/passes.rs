use std::collections::{BTreeMap, VecDeque};

use rustc_hash::FxHashMap;

use super::reader::{Pass, Reader};
use crate::debugger::reached::Reached;
use crate::debugger::work::Work;
use crate::engine::plan::Number;
use crate::engine::{Phase, Run, Segment, SegmentKind, ValueId};
use crate::formula::Field;

/// Which passes count for the grads at a step, for one step after the other: each segment of the run is read once.
///
/// A root counts once, by its last pass: what earlier passes of it left is left over. Different roots add up, as losses do,
/// but for a value whose grad was set to 0 since.
pub struct Passes<'a> {
    run: &'a Run,
    reader: Reader<'a>,
    /// Passes that have been read and end after the step.
    ahead: VecDeque<Pass>,
    /// Segments before the step.
    at: usize,
    /// The roots that count, in the order in which they came; and where each of them is.
    counted: BTreeMap<usize, Counted>,
    places: FxHashMap<ValueId, usize>,
    /// How many statements have set a single grad to 0, and which of them was the last for each value.
    zeroings: usize,
    zeroed: FxHashMap<ValueId, usize>,
}

/// A root that counts.
struct Counted {
    root: ValueId,
    point: u32,
    /// The zeroings before its pass.
    zeroings: usize,
}

/// Roots of passes at the same data, with nothing set to 0 between them: what they leave in a grad adds up, as if they were
/// one pass.
pub struct Together {
    /// Those of the last pass first.
    pub roots: Vec<ValueId>,
    /// A step at which all data is as it should have been.
    pub point: u32,
    zeroings: usize,
}

impl<'a> Passes<'a> {
    /// Where no `_backward` runs at all there is a pass all the same: the one from `root` that should have run, at the end.
    pub fn new(run: &'a Run, root: ValueId) -> Self {
        Self {
            run,
            reader: Reader::new(run, root),
            ahead: VecDeque::new(),
            at: 0,
            counted: BTreeMap::new(),
            places: FxHashMap::default(),
            zeroings: 0,
            zeroed: FxHashMap::default(),
        }
    }

    /// How many values had to be looked at so far.
    pub fn work(&self) -> Work {
        self.reader.work()
    }

    /// How many roots count.
    pub fn len(&self) -> usize {
        self.counted.len()
    }

    /// Goes on to a step, which is not before the last one.
    pub fn go_to(&mut self, step: u32) {
        while self.ahead.back().is_none_or(|pass| pass.end <= step) {
            let Some(pass) = self.reader.next() else { break };
            self.ahead.push_back(pass);
        }
        let run = self.run;
        for segment in run.segments[self.at..].iter().take_while(|segment| segment.end() <= step) {
            self.count(segment.first);
            self.zero(segment);
            self.at += 1;
        }
        self.count(step);
    }

    /// Takes in the passes that have ended by a step.
    fn count(&mut self, step: u32) {
        while self.ahead.front().is_some_and(|pass| pass.end <= step) {
            let pass = self.ahead.pop_front().expect("there is one");
            for &root in pass.roots.iter().rev() {
                let place = self.counted.last_key_value().map_or(0, |(last, _)| last + 1);
                if let Some(before) = self.places.insert(root, place) {
                    self.counted.remove(&before);
                }
                self.counted.insert(place, Counted { root, point: pass.point, zeroings: self.zeroings });
            }
        }
    }

    /// Takes note of what a statement sets to 0.
    fn zero(&mut self, segment: &Segment) {
        match segment.kind {
            SegmentKind::ZeroGrad => {
                self.counted.clear();
                self.places.clear();
            }
            SegmentKind::Assign(Number { value, field: Field::Grad }, Phase::Zero) => {
                self.zeroings += 1;
                self.zeroed.insert(value, self.zeroings);
            }
            _ => {}
        }
    }

    /// What counts, the last passes first.
    pub fn together(&self) -> Vec<Together> {
        let mut all: Vec<Together> = Vec::new();
        for &Counted { root, point, zeroings } in self.counted.values().rev() {
            match all.last_mut().filter(|last| (last.point, last.zeroings) == (point, zeroings)) {
                Some(last) => last.roots.push(root),
                None => all.push(Together { roots: vec![root], point, zeroings }),
            }
        }
        all
    }

    /// Whether a grad still holds what these left in it.
    pub fn holds(&self, together: &Together, v: ValueId) -> bool {
        self.zeroed.get(&v).is_none_or(|last| *last <= together.zeroings)
    }

    /// The values whose grads hold it, in their order.
    pub fn values(&self, together: &Together) -> Vec<ValueId> {
        let reached = Reached::of(&self.run.graph, &together.roots).values;
        reached.into_iter().rev().filter(|&v| self.holds(together, v)).collect()
    }
}

/// The step whose grads are looked at: the last one; but where grads are set to 0 after the last pass, to be ready for
/// the next, the one before that.
pub fn looked_at(run: &Run) -> u32 {
    let calls = |segment: &Segment| matches!(segment.kind, SegmentKind::Backward(_) | SegmentKind::Call(_));
    let after = run.segments.iter().rposition(calls).map_or(run.segments.len(), |last| last + 1);
    let zeroing = run.segments[after..].iter().find(|segment| segment.phase() == Phase::Zero);
    zeroing.map_or(run.steps, |segment| segment.first)
}
