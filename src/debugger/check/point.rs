use super::passes::{Pass, made_of};
use crate::engine::op::RuleInput;
use crate::engine::{Graph, Run, ValueId};

/// A place in the space of leaves at which slopes are taken, and what both ways to a slope need to know about it.
pub struct Point<'a> {
    pub graph: &'a Graph,
    pub roots: &'a [ValueId],
    /// The largest root: nothing after it matters.
    pub last: ValueId,
    /// Every value, computed anew from the leaves, so that nothing here is stale.
    pub data: Vec<f64>,
    /// Whether a root is made of it.
    pub reached: Vec<bool>,
    /// By dual numbers, the slope of each value that is reached by each of its operands.
    pub slopes: Vec<[f64; 2]>,
}

impl<'a> Point<'a> {
    pub fn new(run: &'a Run, pass: &'a Pass) -> Self {
        let graph = &*run.graph;
        let data = data_at(run, pass.point);
        let reached = made_of(graph, &pass.roots);
        let mut slopes = vec![[0.0; 2]; graph.len()];
        for v in graph.ids().filter(|&v| reached[v as usize]) {
            if let Some(op) = graph.op_of(v) {
                let input = graph.rule_input(v, |v| data[v as usize], |_| 0.0);
                for (slot, slope) in slopes[v as usize].iter_mut().enumerate().take(op.operands) {
                    *slope = op.slope(&input, slot);
                }
            }
        }
        let last = pass.roots.iter().copied().max().unwrap_or(0);
        Self { graph, roots: &pass.roots, last, data, reached, slopes }
    }

    /// The values that a root is made of, from the last one down: consumers before their operands.
    pub fn downwards(&self) -> impl Iterator<Item = ValueId> {
        (0..=self.last).rev().filter(|&v| self.reached[v as usize])
    }

    /// What the `_backward` of a value would add to an operand's grad for a grad of 1.
    pub fn amount(&self, v: ValueId, slot: usize) -> f64 {
        let input = self.graph.rule_input(v, |v| self.data[v as usize], |_| 0.0);
        let input = RuleInput { out_grad: 1.0, ..input };
        let lines = self.graph.op_of(v).map_or(&[][..], |op| &op.lines);
        lines.iter().filter(|line| line.slot == slot).map(|line| input.eval(&line.amount)).sum()
    }
}

/// Every value's data as a forward pass makes it of the leaves at a step.
fn data_at(run: &Run, step: u32) -> Vec<f64> {
    let graph = &*run.graph;
    let leaf = |v| if graph.is_leaf(v) { run.data(v, step).unwrap_or(f64::NAN) } else { 0.0 };
    let mut data: Vec<f64> = graph.ids().map(leaf).collect();
    for &v in &run.computed {
        data[v as usize] = graph.compute(v, &data);
    }
    data
}
