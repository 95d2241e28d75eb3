//! The same graph by the notebook's old rules, whose lines write with `=`, or by those that add.

use rustc_hash::FxHashMap;

use super::graph::Graph;
use super::op::{Line, Op, OpId};

/// The ops of each name, number of operands, and with an exponent or without.
type Namesakes = FxHashMap<(String, usize, bool), Vec<usize>>;

impl Graph {
    /// Makes every op that is used write with `+=`, by the rules of the table where there are such, or with `=`. Says
    /// whether there was room for the ops that this takes: where there was not, nothing is changed.
    pub fn set_rules(&mut self, accumulate: bool) -> bool {
        let count = self.ops.len();
        let mut namesakes = namesakes(&self.ops);
        let mut others: Vec<OpId> = (0..count).map(OpId::of).collect();
        for id in self.used() {
            let Some(other) = self.op_so(id, accumulate, &mut namesakes) else {
                self.ops.truncate(count);
                return false;
            };
            others[id] = OpId::of(other);
        }
        for op in &mut self.op {
            *op = others.get(usize::from(op.0)).copied().unwrap_or(*op);
        }
        true
    }

    /// The ops that make some value.
    fn used(&self) -> Vec<usize> {
        let mut is_used = vec![false; self.ops.len()];
        for op in &self.op {
            if let Some(is_used) = is_used.get_mut(usize::from(op.0)) {
                *is_used = true;
            }
        }
        (0..is_used.len()).filter(|&id| is_used[id]).collect()
    }

    /// The op that writes so: the one of the table, the same, one that is there already, or a new one. `None` where there
    /// is no room for a new one.
    fn op_so(&mut self, id: usize, accumulate: bool, namesakes: &mut Namesakes) -> Option<usize> {
        let op = &self.ops[id];
        let others = namesakes.entry(called(op)).or_default();
        let of_table = others.iter().copied().find(|&other| accumulate && !self.ops[other].own);
        if of_table.is_some() || op.lines.iter().all(|line| line.accumulate == accumulate) {
            return of_table.or(Some(id));
        }
        let mut so = op.clone();
        so.own = true;
        so.lines.iter_mut().for_each(|line| line.accumulate = accumulate);
        if let Some(&other) = others.iter().find(|&&other| text(&self.ops[other]) == text(&so)) {
            return Some(other);
        }
        let new = self.ops.len();
        if new >= usize::from(OpId::LEAF.0) {
            return None;
        }
        others.push(new);
        self.ops.push(so);
        Some(new)
    }
}

fn namesakes(ops: &[Op]) -> Namesakes {
    let mut namesakes = Namesakes::default();
    for (id, op) in ops.iter().enumerate() {
        namesakes.entry(called(op)).or_default().push(id);
    }
    namesakes
}

fn called(op: &Op) -> (String, usize, bool) {
    (op.name.clone(), op.operands, op.exponent)
}

/// Its rules, as they would be written.
fn text(op: &Op) -> Vec<String> {
    let forward = op.forward.show(|name| name.text().to_owned());
    std::iter::once(forward).chain(op.lines.iter().map(Line::source)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Graph, NONE, OpId};

    /// `f(a) + a`, with an op of its own, and others that nothing uses.
    fn graph(own: usize) -> Graph {
        let mut graph = Graph::default();
        let sum = OpId::of(graph.ops.iter().position(|op| op.name == "+").expect("a sum"));
        let first = OpId::of(graph.ops.len());
        let mut op = graph.ops[usize::from(sum.0)].clone();
        op.own = true;
        graph.ops.extend((0..own).map(|at| super::Op { name: format!("f{at}"), ..op.clone() }));
        let a = graph.add_leaf(3.0);
        let f = graph.add(first, [a, a]);
        graph.add(sum, [f, a]);
        assert_ne!(a, NONE);
        graph
    }

    #[test]
    fn an_op_that_is_there_already_is_not_made_again() {
        let mut graph = graph(2);
        let (ops, right) = (graph.ops.len(), graph.op.clone());
        assert!(graph.set_rules(false));
        assert_eq!(graph.ops.len(), ops + 2, "of those that are used");
        let old = graph.op.clone();
        for _ in 0..3 {
            assert!(graph.set_rules(false) && graph.op == old);
            assert!(graph.set_rules(true) && graph.op == right);
        }
        assert!(graph.set_rules(false) && graph.op == old);
        assert_eq!(graph.ops.len(), ops + 2);
    }

    #[test]
    fn where_there_is_no_room_for_another_nothing_changes() {
        let full = usize::from(OpId::LEAF.0) - Graph::default().ops.len();
        let mut graph = graph(full - 1);
        let before = (graph.op.clone(), graph.ops.len());
        assert!(!graph.set_rules(false), "of two there is room for one");
        assert_eq!((graph.op.clone(), graph.ops.len()), before);
        assert!(graph.set_rules(true));
    }
}
