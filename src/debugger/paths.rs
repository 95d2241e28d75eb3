use std::sync::Arc;

use super::Debugger;
use super::count::Count;
use crate::engine::op::{Op, OpId, RuleInput};
use crate::engine::{NONE, Run, ValueId};

/// Why a value has the grad it has: every path from the root down to it, the local derivatives multiplied along each, and
/// the sum over all paths. That sum is what the chain rule says the grad is.
#[derive(Clone)]
pub struct Why {
    /// What it was found in, and at which step.
    run: Arc<Run>,
    step: u32,
    pub value: ValueId,
    pub root: ValueId,
    /// How many paths there are, exactly.
    pub paths: Count,
    /// The sum over all of them.
    pub sum: f64,
    /// Those with the largest products, the largest first.
    pub largest: Vec<Path>,
}

/// One path, from the root to the value.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    pub values: Vec<ValueId>,
    /// The local derivative of each value on it to the next.
    pub slopes: Vec<f64>,
    pub product: f64,
}

/// How many of the paths are listed.
const LISTED: usize = 8;

/// One of the best ways to a value so far: the product, and where it came from.
#[derive(Clone, Copy)]
struct Way {
    product: f64,
    last: Step,
}

/// The last step of a way.
#[derive(Clone, Copy)]
struct Step {
    slope: f64,
    /// The value before it on the path, and which of that one's ways. The root's own way comes from nowhere: [`NONE`].
    from: ValueId,
    at: u8,
}

#[derive(Default, Clone)]
struct Reached {
    paths: Count,
    sum: f64,
    ways: Vec<Way>,
}

impl Debugger {
    /// The paths to a value, with the numbers that values hold at the cursor.
    ///
    /// One walk in reversed topological order over the values between the root and this one, so that it takes no longer
    /// where there are 2^1000 paths.
    pub fn why(&self, v: ValueId) -> Why {
        let order = self.order().clone();
        let mut between = Between::new(self, v, order.root);
        if let Some(root) = between.get(order.root) {
            let last = Step { slope: 1.0, from: NONE, at: 0 };
            *root = Reached { paths: Count::from(1), sum: 1.0, ways: vec![Way { product: 1.0, last }] };
        }
        for node in order.topo.iter().rev().copied().filter(|node| *node != v) {
            let Some(here) = between.leave(node) else { continue };
            for (operand, slope) in self.slopes(node) {
                if let Some(to) = between.get(operand) {
                    pass_on(&here, node, slope, to);
                }
            }
        }
        let Reached { paths, sum, ways } = between.leave(v).unwrap_or_default();
        let largest = ways.iter().map(|way| between.trace_back(v, way)).collect();
        Why { run: self.run.clone(), step: self.step, value: v, root: order.root, paths, sum, largest }
    }

    /// Whether that is still why `v` has its grad: nothing that it was found from is another here.
    pub fn still_holds(&self, why: &Why, v: ValueId) -> bool {
        let graph = &self.run.graph;
        let of_data_alone = !graph.op.iter().any(|&op| op != OpId::LEAF && !Op::is_builtin(op));
        let computed = self.run.segments[0].end();
        let same_data = || !self.run.changes_data() && of_data_alone && why.step.min(self.step) >= computed;
        why.value == v
            && why.root == self.order().root
            && Arc::ptr_eq(&why.run, &self.run)
            && (why.step == self.step || same_data())
    }

    /// The operands of a value, each with the local derivative that its line has now: the amount for a grad of 1.
    fn slopes(&self, node: ValueId) -> Vec<(ValueId, f64)> {
        let input = RuleInput { out_grad: 1.0, ..self.input(node, self.step) };
        let lines = self.run.graph.op_of(node).map_or(&[][..], |op| &op.lines);
        let operands = &self.run.graph.operands[node as usize];
        lines.iter().map(|line| (operands[line.slot], input.eval(&line.amount))).collect()
    }
}

/// What is known of the values that are made of `first`, and of `first`: paths to it lead through nothing else. They are
/// made after it and before the root, so a place for each of these is all it takes.
struct Between {
    first: ValueId,
    places: Vec<Place>,
}

/// What is known of a value.
#[derive(Clone)]
enum Place {
    /// No path leads through it.
    Outside,
    Inside,
    Reached(Box<Reached>),
    /// The walk has left it. Only the ways to it are asked for again: the count of paths may be long.
    Left(Box<[Step]>),
}

impl Between {
    fn new(debugger: &Debugger, first: ValueId, root: ValueId) -> Self {
        let places = (root as usize + 1).saturating_sub(first as usize);
        let mut between = Self { first, places: vec![Place::Outside; places] };
        let Some(place) = between.places.first_mut() else { return between };
        *place = Place::Inside;
        let mut waiting = vec![first];
        while let Some(v) = waiting.pop() {
            for usage in debugger.consumers().of_value(v) {
                let place = between.places.get_mut((usage.consumer() - first) as usize);
                if let Some(place @ Place::Outside) = place {
                    *place = Place::Inside;
                    waiting.push(usage.consumer());
                }
            }
        }
        between
    }

    fn place(&mut self, v: ValueId) -> Option<&mut Place> {
        self.places.get_mut(v.checked_sub(self.first)? as usize)
    }

    /// What is to be known of a value that the walk has still to come to.
    fn get(&mut self, v: ValueId) -> Option<&mut Reached> {
        let place = self.place(v)?;
        if matches!(place, Place::Inside) {
            *place = Place::Reached(Box::default());
        }
        if let Place::Reached(reached) = place { Some(reached) } else { None }
    }

    /// Leaves a value that a path from the root leads to.
    fn leave(&mut self, v: ValueId) -> Option<Reached> {
        let place = self.place(v).filter(|place| matches!(place, Place::Reached(_)))?;
        let Place::Reached(reached) = std::mem::replace(place, Place::Outside) else { return None };
        *place = Place::Left(reached.ways.iter().map(|way| way.last).collect());
        Some(*reached)
    }

    /// The path that a way to a value came by.
    fn trace_back(&self, v: ValueId, way: &Way) -> Path {
        let mut path = Path { values: vec![v], slopes: Vec::new(), product: way.product };
        let mut last = way.last;
        while last.from != NONE {
            path.values.push(last.from);
            path.slopes.push(last.slope);
            let Place::Left(steps) = &self.places[(last.from - self.first) as usize] else { break };
            last = steps[usize::from(last.at)];
        }
        path.values.reverse();
        path.slopes.reverse();
        path
    }
}

/// Carries every way to a value on to one of its operands, of which the best are kept.
fn pass_on(here: &Reached, node: ValueId, slope: f64, to: &mut Reached) {
    to.paths.add(&here.paths);
    to.sum += here.sum * slope;
    let ways = (0..).zip(&here.ways);
    to.ways.extend(ways.map(|(at, way)| Way { product: way.product * slope, last: Step { slope, from: node, at } }));
    to.ways.sort_by(|a, b| b.product.abs().total_cmp(&a.product.abs()));
    to.ways.truncate(LISTED);
}
