use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::calls::Pass;
use crate::engine::{Graph, ValueId};

/// Which consumers of a value are called in a pass, or after it with what they got in it, and have not been yet: an index
/// that goes through the pass call by call, since a value may be called as often as it has consumers.
pub struct Waiting {
    /// A value and a consumer of it that is still to run.
    left: BTreeSet<(ValueId, ValueId)>,
    /// For each value that is called how many of its consumers are called in this pass, and how many are still to run.
    counts: FxHashMap<ValueId, (usize, usize)>,
}

impl Waiting {
    /// `later` are those that are called after the pass.
    pub fn new(graph: &Graph, pass: &Pass, later: &[ValueId]) -> Self {
        let mut own = Self { left: BTreeSet::new(), counts: FxHashMap::default() };
        let called = pass.calls().map(|call| call.node).filter(|&v| pass.reached.has(v));
        for (consumer, called) in called.map(|v| (v, 1)).chain(later.iter().map(|&v| (v, 0))) {
            for &operand in graph.operands_of(consumer) {
                if pass.has_call(operand) && !graph.is_leaf(operand) && own.left.insert((operand, consumer)) {
                    let counts = own.counts.entry(operand).or_default();
                    *counts = (counts.0 + called, counts.1 + 1);
                }
            }
        }
        own
    }

    /// How many consumers of a value are called in the pass, and how many are still to run.
    pub fn count(&self, v: ValueId) -> (usize, usize) {
        self.counts.get(&v).copied().unwrap_or_default()
    }

    /// Those that are still to run, in the order in which they were made.
    pub fn of(&self, v: ValueId) -> impl Iterator<Item = ValueId> {
        self.left.range((v, 0)..=(v, ValueId::MAX)).map(|(_, consumer)| *consumer)
    }

    /// A value has been called.
    pub fn ran(&mut self, graph: &Graph, v: ValueId) {
        for &operand in graph.operands_of(v) {
            if self.left.remove(&(operand, v)) {
                self.counts.entry(operand).and_modify(|(_, left)| *left -= 1);
            }
        }
    }
}
