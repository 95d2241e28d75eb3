//! What is near one value, for graphs too large to draw whole.
//!
//! Breadth first over operands and consumers, so that the nearest come first, until a few hops or
//! a few dozen nodes are reached. A weight that a thousand ops read shows some of them and says
//! how many it hides. The time taken depends on the limits and not on the graph.

use std::collections::{BTreeMap, VecDeque};

use super::Rows;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub hops: u32,
    pub nodes: usize,
    /// Consumers of one value that are followed.
    pub consumers: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { hops: 3, nodes: 30, consumers: 4 }
    }
}

/// A small graph cut out of a large one. Local ids are places in `nodes`; they keep the order of
/// the ids of the large graph, so operands still come before their consumers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Neighbourhood {
    /// Ids in the large graph, ascending.
    pub nodes: Vec<u32>,
    /// Operand rows in local ids, of the operands that are shown.
    pub starts: Vec<u32>,
    pub operands: Vec<u32>,
    /// For each entry of `operands`, which slot of its consumer it is in the large graph.
    pub slots: Vec<u32>,
    /// Operand slots of each shown node that are not shown.
    pub hidden_operands: Vec<u32>,
    /// Uses of each shown node that are not shown: `+996 more`.
    pub hidden_consumers: Vec<u32>,
}

/// A graph too large to copy, as it is asked about its edges.
pub trait Neighbours {
    /// How many nodes there are.
    fn count(&self) -> usize;

    /// What a node is computed from, in operand order and with repeats.
    fn operands(&self, node: u32) -> &[u32];

    /// Who reads a node: one entry for each operand slot that does, so `b = a + a` reads `a` twice.
    fn consumers(&self, node: u32) -> impl ExactSizeIterator<Item = u32>;
}

impl Neighbourhood {
    pub fn new(graph: &impl Neighbours, centre: u32, limits: Limits) -> Self {
        if centre as usize >= graph.count() {
            return Self { starts: vec![0], ..Self::default() };
        }
        let nodes = near(graph, centre, limits);
        let mut found = Self { nodes, starts: vec![0], ..Self::default() };
        let mut used = vec![0; found.nodes.len()];
        for at in 0..found.nodes.len() {
            found.add_row(graph.operands(found.nodes[at]), limits.nodes, &mut used);
        }
        let uses = found.nodes.iter().map(|&node| graph.consumers(node).len() as u32);
        found.hidden_consumers = uses.zip(used).map(|(all, shown)| all.saturating_sub(shown)).collect();
        found
    }

    pub fn rows(&self) -> Rows<'_> {
        Rows { starts: &self.starts, items: &self.operands }
    }

    /// The local id of a node of the large graph.
    pub fn local(&self, node: u32) -> Option<usize> {
        self.nodes.binary_search(&node).ok()
    }

    fn add_row(&mut self, row: &[u32], most: usize, used: &mut [u32]) {
        let before = self.operands.len();
        for (slot, &operand) in row.iter().enumerate().take(most) {
            if let Some(local) = self.local(operand) {
                self.operands.push(local as u32);
                self.slots.push(slot as u32);
                used[local] += 1;
            }
        }
        self.starts.push(self.operands.len() as u32);
        self.hidden_operands.push((row.len() - (self.operands.len() - before)) as u32);
    }
}

/// Breadth first; of each node all operands before any consumer, since the next thing to
/// happen to a gradient is to flow there.
fn near(graph: &impl Neighbours, centre: u32, limits: Limits) -> Vec<u32> {
    let mut hops = BTreeMap::from([(centre, 0)]);
    let mut queue = VecDeque::from([centre]);
    while let Some(node) = queue.pop_front() {
        let next = hops[&node] + 1;
        if next > limits.hops {
            break;
        }
        let inputs = graph.operands(node).iter().copied().take(limits.nodes);
        let readers = graph.consumers(node).take(limits.consumers);
        for other in inputs.chain(readers) {
            if hops.len() >= limits.nodes.max(1) {
                break;
            }
            hops.entry(other).or_insert_with(|| {
                queue.push_back(other);
                next
            });
        }
    }
    hops.into_keys().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Plain {
        operands: Vec<Vec<u32>>,
        consumers: Vec<Vec<u32>>,
    }

    impl Plain {
        fn new(operands: Vec<Vec<u32>>) -> Self {
            let mut consumers = vec![Vec::new(); operands.len()];
            for (node, row) in (0..).zip(&operands) {
                for &operand in row {
                    consumers[operand as usize].push(node);
                }
            }
            Self { operands, consumers }
        }
    }

    impl Neighbours for Plain {
        fn count(&self) -> usize {
            self.operands.len()
        }

        fn operands(&self, node: u32) -> &[u32] {
            &self.operands[node as usize]
        }

        fn consumers(&self, node: u32) -> impl ExactSizeIterator<Item = u32> {
            self.consumers[node as usize].iter().copied()
        }
    }

    /// One weight read by a thousand products, which a long chain of sums adds up.
    fn shared_weight() -> Plain {
        let mut rows = vec![Vec::new()];
        for op in 0..1_000 {
            rows.push(vec![0, 0]);
            rows.push(if op == 0 { vec![1] } else { vec![2 * op, 2 * op + 1] });
        }
        Plain::new(rows)
    }

    #[test]
    fn it_says_what_it_hides() {
        let graph = shared_weight();
        let near = Neighbourhood::new(&graph, 1_001, Limits::default());
        let (centre, weight) = (near.local(1_001).unwrap(), near.local(0).unwrap());
        assert!(near.nodes.len() <= 30);
        assert_eq!(near.hidden_operands[centre], 0);
        let shown = near.operands.iter().filter(|&&operand| operand == weight as u32).count() as u32;
        assert_eq!(near.hidden_consumers[weight], 2_000 - shown);
    }

    #[test]
    fn hidden_and_shown_operands_are_all() {
        let graph = shared_weight();
        for centre in 0..graph.count() as u32 {
            let near = Neighbourhood::new(&graph, centre, Limits { hops: 2, nodes: 7, consumers: 2 });
            for (local, &node) in near.nodes.iter().enumerate() {
                let shown = near.rows().row(local).len();
                assert_eq!(shown + near.hidden_operands[local] as usize, graph.operands(node).len());
                assert!(near.rows().row(local).iter().all(|&operand| (operand as usize) < local));
            }
        }
    }

    #[test]
    fn no_graph_no_neighbours() {
        assert!(Neighbourhood::new(&Plain::new(Vec::new()), 0, Limits::default()).nodes.is_empty());
    }
}
