use crate::debugger::kinks::local_slopes;
use crate::debugger::reached::Reached;
use crate::engine::op::RuleInput;
use crate::engine::{Graph, Run, ValueId};

/// A place in the space of leaves at which slopes are taken, and what both ways to a slope need to know about it.
pub struct Point<'a> {
    pub graph: &'a Graph,
    pub roots: &'a [ValueId],
    /// The largest root: nothing after it matters.
    pub last: ValueId,
    /// What the roots are made of.
    pub reached: Reached,
    /// The data of each value that is reached, computed anew from the leaves, so that nothing here is stale.
    pub data: Vec<f64>,
    /// By dual numbers, the slope of each value that is reached by each of its operands; at a kink, what its rule chose.
    pub slopes: Vec<[f64; 2]>,
}

impl<'a> Point<'a> {
    /// The point with the numbers that leaves hold at a step.
    pub fn new(run: &'a Run, roots: &'a [ValueId], step: u32) -> Self {
        let graph = &*run.graph;
        let reached = Reached::of(graph, roots);
        let (mut data, mut slopes) = (vec![0.0; graph.len()], vec![[0.0; 2]; graph.len()]);
        for &v in reached.values.iter().rev() {
            let Some(op) = graph.op_of(v) else {
                data[v as usize] = run.data(v, step).unwrap_or(f64::NAN);
                continue;
            };
            data[v as usize] = graph.compute(v, &data);
            slopes[v as usize] = local_slopes(op, &graph.rule_input(v, |v| data[v as usize], |_| 0.0));
        }
        let last = roots.iter().copied().max().unwrap_or(0);
        Self { graph, roots, last, reached, data, slopes }
    }

    /// The values that a root is made of, from the last one down: consumers before their operands.
    pub fn downwards(&self) -> impl Iterator<Item = ValueId> {
        self.reached.values.iter().copied()
    }

    /// What the `_backward` of a value would add to an operand's grad for a grad of 1.
    pub fn amount(&self, v: ValueId, slot: usize) -> f64 {
        let input = self.graph.rule_input(v, |v| self.data[v as usize], |_| 0.0);
        let input = RuleInput { out_grad: 1.0, ..input };
        self.graph.op_of(v).map_or(0.0, |op| op.passes_on(&input, slot))
    }

    /// The sum over all paths from a root to each value of the product of these slopes, from the roots down: what the
    /// grads of a right pass are.
    pub fn sums(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.graph.len()];
        for &root in self.roots {
            sums[root as usize] = 1.0;
        }
        for v in self.downwards() {
            let sum = sums[v as usize];
            for (&operand, slope) in self.graph.operands_of(v).iter().zip(self.slopes[v as usize]) {
                sums[operand as usize] += slope * sum;
            }
        }
        sums
    }
}
