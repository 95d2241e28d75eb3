use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::calls::{Call, Pass};
use crate::debugger::Debugger;
use crate::engine::{Event, Graph, ValueId};
use crate::formula::Field;

/// Which consumers of a value are called in a pass, and have not been yet: an index that goes through the pass call by
/// call, since a value may be called as often as it has consumers.
pub struct Waiting<'a> {
    debugger: &'a Debugger,
    pass: &'a Pass<'a>,
    /// A value and a consumer of it that is still to run.
    left: BTreeSet<(ValueId, ValueId)>,
    /// For each value that is called how many of its consumers are called in this pass, and are still to run.
    counts: FxHashMap<ValueId, (usize, usize)>,
    /// Of values that were called too early: what consumers add to each, in the order of steps, with the first call of the
    /// consumer.
    amounts: FxHashMap<ValueId, Vec<(u32, f64)>>,
}

impl<'a> Waiting<'a> {
    pub fn new(debugger: &'a Debugger, pass: &'a Pass<'a>) -> Self {
        let graph = &debugger.run.graph;
        let mut own =
            Self { debugger, pass, left: BTreeSet::new(), counts: FxHashMap::default(), amounts: FxHashMap::default() };
        for call in pass.calls.iter().filter(|call| pass.reached.has(call.node)) {
            for &operand in graph.operands_of(call.node) {
                if pass.calls(operand) && !graph.is_leaf(operand) && own.left.insert((operand, call.node)) {
                    let (called, left) = own.counts.entry(operand).or_default();
                    (*called, *left) = (*called + 1, *left + 1);
                }
            }
        }
        own
    }

    /// How many consumers of a value are called, and how many of these are still to run.
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

    /// What the consumers that are still to run add to a value's grad after its call.
    pub fn amount(&mut self, call: &Call) -> f64 {
        let (debugger, pass) = (self.debugger, self.pass);
        let amounts = self.amounts.entry(call.node).or_insert_with(|| {
            let history = debugger.run.history(Field::Grad);
            let [from, to] = [pass.start, pass.end].map(|step| history.count(call.node, 0, step));
            let by_consumer =
                history.writes_in(call.node, from..to).filter_map(|(step, _)| match debugger.run.event(step - 1) {
                    Event::Write(write) => write.by.map(|(by, _)| (by, write.amount)),
                    _ => None,
                });
            let reached = by_consumer.filter(|(by, _)| pass.reached.has(*by));
            reached.filter_map(|(by, amount)| Some((pass.first_call(by)?, amount))).collect()
        });
        amounts.iter().filter(|(first, _)| *first >= call.end).map(|(_, amount)| amount).sum()
    }
}
