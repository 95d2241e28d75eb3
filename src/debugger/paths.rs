use std::sync::Arc;

use super::Debugger;
use super::count::Count;
use super::trails::{Leg, Trails};
use crate::engine::bits::BitSet;
use crate::engine::op::{Op, OpId, RuleInput};
use crate::engine::{Graph, Run, ValueId};

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
    /// How many values are on it.
    pub len: usize,
    /// These values, where they are at most [`WHOLE`]; else the first [`ENDS`] and the last, which is all that a person
    /// reads of it.
    pub values: Vec<ValueId>,
    /// The local derivative of each of these but the last to the next on the path.
    pub slopes: Vec<f64>,
    pub product: f64,
}

/// How many of the paths are listed.
const LISTED: usize = 8;
/// Of a longer path only its ends are kept: there may be a million values on it.
pub const WHOLE: usize = 100;
pub const ENDS: usize = 12;

/// One of the best ways to a value so far: the product, and where it came from.
#[derive(Clone, Copy)]
struct Way {
    product: f64,
    leg: Leg,
}

/// What is known of a value that the walk has still to come to.
#[derive(Default, Clone)]
struct Reached {
    paths: Count,
    sum: f64,
    /// The best first.
    ways: Vec<Way>,
}

impl Debugger {
    /// The paths to a value, with the numbers that values hold at the cursor.
    ///
    /// One walk in reversed topological order over the values between the root and this one, so that it takes no longer
    /// where there are 2^1000 paths.
    pub fn why(&self, v: ValueId) -> Why {
        let order = self.order().clone();
        let mut ahead = Ahead::new(&self.run.graph, v, order.root);
        let mut trails = Trails::with_room(ahead.places.len());
        if let Some(root) = ahead.get(order.root) {
            *root = Reached { paths: Count::from(1), sum: 1.0, ways: vec![Way { product: 1.0, leg: Leg::START }] };
        }
        let mut slopes = Vec::new();
        for node in order.topo.iter().rev().copied().take_while(|node| *node != v) {
            let Some(mut here) = ahead.take(node) else { continue };
            self.slopes(node, &mut slopes);
            for way in &mut here.ways {
                way.leg.from = trails.leave(node, way.leg);
            }
            for (line, &(operand, slope)) in (0..).zip(&slopes) {
                if let Some(to) = ahead.get(operand) {
                    pass_on(&here, line, slope, to, &mut trails);
                }
            }
            here.ways.iter().for_each(|way| trails.release(way.leg.from));
            ahead.done(here);
        }
        let Reached { paths, sum, ways } = ahead.take(v).unwrap_or_default();
        let largest = ways.iter().map(|way| self.path(v, way, &trails)).collect();
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
    fn slopes(&self, node: ValueId, slopes: &mut Vec<(ValueId, f64)>) {
        slopes.clear();
        let graph = &*self.run.graph;
        let operands = &graph.operands[node as usize];
        if let Some(builtin) = graph.op_of(node).and_then(|op| op.like) {
            let data = |v| self.run.data(v, self.step).unwrap_or(f64::NAN);
            let RuleInput { data: [a, b], out_data, .. } = graph.rule_input(node, data, |_| 0.0);
            let amounts = builtin.amounts(a, b, out_data, 1.0).into_iter().take(graph.lines_of(node));
            return slopes.extend(operands.iter().copied().zip(amounts));
        }
        let lines = graph.op_of(node).map_or(&[][..], |op| &op.lines);
        let input = RuleInput { out_grad: 1.0, ..self.input(node, self.step) };
        slopes.extend(lines.iter().map(|line| (operands[line.slot], input.eval(&line.amount))));
    }

    /// The path that a way to a value came by.
    fn path(&self, v: ValueId, way: &Way, trails: &Trails) -> Path {
        let len = trails.back(way.leg).count() + 1;
        let is_kept = |at: usize| len <= WHOLE || at < ENDS || at + ENDS >= len;
        let before = (0..len - 1).rev().zip(trails.back(way.leg)).filter(|(at, _)| is_kept(*at));
        let (mut values, mut slopes, mut of_value) = (vec![v], Vec::new(), Vec::new());
        for (_, (value, line)) in before {
            self.slopes(value, &mut of_value);
            values.push(value);
            slopes.push(of_value[line].1);
        }
        values.reverse();
        slopes.reverse();
        Path { len, values, slopes, product: way.product }
    }
}

/// What the walk has still to come to of the values that are made of `first`, and `first`: paths to it lead through nothing
/// else.
struct Ahead {
    first: ValueId,
    /// Those that are made of it, and it.
    made: BitSet,
    /// For each value from `first` to the root where it stands in `reached`, and 1; 0 where nothing has reached it yet.
    places: Vec<u32>,
    reached: Vec<Reached>,
    /// Places that are free.
    free: Vec<u32>,
    /// Room for the ways of the next that are reached: of those that the walk has left.
    spare: Vec<Vec<Way>>,
}

impl Ahead {
    fn new(graph: &Graph, first: ValueId, root: ValueId) -> Self {
        let last = first.max(root);
        let mut made = BitSet::up_to(last);
        made.put(first);
        // Operands have smaller numbers than what is made of them.
        for v in first + 1..=last {
            if graph.operands_of(v).iter().any(|&operand| made.has(operand)) {
                made.put(v);
            }
        }
        let places = vec![0; (last - first) as usize + 1];
        Self { first, made, places, reached: Vec::new(), free: Vec::new(), spare: Vec::new() }
    }

    /// What is known of a value, if paths lead through it.
    fn get(&mut self, v: ValueId) -> Option<&mut Reached> {
        let place = self.places.get_mut(v.checked_sub(self.first)? as usize).filter(|_| self.made.has(v))?;
        if *place == 0 {
            *place = self.free.pop().unwrap_or_else(|| {
                self.reached.push(Reached::default());
                u32::try_from(self.reached.len()).expect("there are fewer values")
            });
            self.reached[*place as usize - 1].ways = self.spare.pop().unwrap_or_default();
        }
        self.reached.get_mut(*place as usize - 1)
    }

    /// What is known of a value that the walk has come to, if a path from the root leads to it.
    fn take(&mut self, v: ValueId) -> Option<Reached> {
        let place = self.places.get(v.checked_sub(self.first)? as usize).copied().filter(|place| *place > 0)?;
        self.free.push(place);
        Some(std::mem::take(&mut self.reached[place as usize - 1]))
    }

    /// The walk has left a value.
    fn done(&mut self, mut here: Reached) {
        here.ways.clear();
        self.spare.push(here.ways);
    }
}

/// Carries every way to a value, which has been left, on to the operand of one of its lines, of which the best are kept.
fn pass_on(here: &Reached, line: u16, slope: f64, to: &mut Reached, trails: &mut Trails) {
    to.paths.add(&here.paths);
    to.sum += here.sum * slope;
    if to.ways.capacity() == 0 {
        // Mostly no more come. Half a million values may wait for their turn.
        to.ways.reserve_exact(here.ways.len());
    }
    for &Way { product, leg } in &here.ways {
        let product = product * slope;
        let better = to.ways.partition_point(|way| way.product.abs().total_cmp(&product.abs()).is_ge());
        if better == LISTED {
            continue;
        }
        if to.ways.len() == LISTED {
            to.ways.pop().into_iter().for_each(|way| trails.release(way.leg.from));
        }
        trails.share(leg.from);
        to.ways.insert(better, Way { product, leg: Leg { line, ..leg } });
    }
}
