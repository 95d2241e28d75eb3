use rustc_hash::FxHashMap;

use super::Debugger;
use super::count::Count;
use crate::engine::ValueId;
use crate::engine::op::RuleInput;

/// Why a value has the grad it has: every path from the root down to it, the local derivatives multiplied along each, and
/// the sum over all paths. That sum is what the chain rule says the grad is.
#[derive(Debug, Clone)]
pub struct Why {
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

/// The best ways to a value so far: the product, and where it came from.
#[derive(Clone, Copy)]
struct Way {
    product: f64,
    slope: f64,
    /// The value before it on the path, and which of that one's ways.
    from: Option<(ValueId, usize)>,
}

#[derive(Default)]
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
        let mut reached: FxHashMap<ValueId, Reached> = FxHashMap::default();
        let start = Way { product: 1.0, slope: 1.0, from: None };
        reached.insert(order.root, Reached { paths: Count::from(1), sum: 1.0, ways: vec![start] });
        let between = self.between(v);
        for node in order.topo.iter().rev().copied().filter(|node| *node != v && between.contains(node)) {
            let Some(here) = reached.remove(&node) else { continue };
            for (operand, slope) in self.slopes(node).into_iter().filter(|(operand, _)| between.contains(operand)) {
                pass_on(&here, node, slope, reached.entry(operand).or_default());
            }
            reached.insert(node, here);
        }
        let Reached { paths, sum, ways } = reached.remove(&v).unwrap_or_default();
        let largest = ways.iter().map(|way| trace_back(v, way, &reached)).collect();
        Why { value: v, root: order.root, paths, sum, largest }
    }

    /// The values that are made of `v`, and `v`: paths lead through nothing else.
    fn between(&self, v: ValueId) -> rustc_hash::FxHashSet<ValueId> {
        let mut between = rustc_hash::FxHashSet::default();
        let mut waiting = vec![v];
        between.insert(v);
        while let Some(v) = waiting.pop() {
            for usage in self.consumers().of_value(v) {
                if between.insert(usage.consumer) {
                    waiting.push(usage.consumer);
                }
            }
        }
        between
    }

    /// The operands of a value, each with the local derivative that its line has now: the amount for a grad of 1.
    fn slopes(&self, node: ValueId) -> Vec<(ValueId, f64)> {
        let input = RuleInput { out_grad: 1.0, ..self.input(node, self.step) };
        let lines = self.run.graph.op_of(node).map_or(&[][..], |op| &op.lines);
        let operands = &self.run.graph.operands[node as usize];
        lines.iter().map(|line| (operands[line.slot], input.eval(&line.amount))).collect()
    }
}

/// The path that a way to a value came by.
fn trace_back(v: ValueId, way: &Way, reached: &FxHashMap<ValueId, Reached>) -> Path {
    let mut path = Path { values: vec![v], slopes: Vec::new(), product: way.product };
    let mut way = *way;
    while let Some((before, at)) = way.from {
        path.values.push(before);
        path.slopes.push(way.slope);
        way = reached[&before].ways[at];
    }
    path.values.reverse();
    path.slopes.reverse();
    path
}

/// Carries every way to a value on to one of its operands, of which the best are kept.
fn pass_on(here: &Reached, node: ValueId, slope: f64, to: &mut Reached) {
    to.paths.add(&here.paths);
    to.sum += here.sum * slope;
    let ways = here.ways.iter().enumerate();
    to.ways.extend(ways.map(|(at, way)| Way { product: way.product * slope, slope, from: Some((node, at)) }));
    to.ways.sort_by(|a, b| b.product.abs().total_cmp(&a.product.abs()));
    to.ways.truncate(LISTED);
}
