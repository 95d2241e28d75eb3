//! Layers of items. A wire that passes a layer stands in it as a *dummy*, one for each value and
//! layer, whoever reads the value beyond: a value has one trunk, not one a reader.

use super::operands::Rows;

/// Items `0..nodes` are the values, those after are dummies.
#[derive(Clone)]
pub struct Layers {
    pub nodes: usize,
    /// The value whose wire an item carries; a value carries its own.
    pub source: Vec<u32>,
    pub layer: Vec<u32>,
    /// What feeds an item from the layer before it: for a value one for each operand slot.
    pub left: Vec<Vec<u32>>,
    /// What an item feeds in the next layer, each once.
    pub right: Vec<Vec<u32>>,
    /// The order within each layer, from above.
    pub order: Vec<Vec<u32>>,
}

impl Layers {
    pub fn new(graph: Rows, rank: &[i32]) -> Self {
        let mut layers = Self::of_values(rank);
        let first_dummy = layers.add_dummies(graph, rank);
        for node in 0..graph.len() {
            for &operand in graph.row(node) {
                let before = rank[node] - 1 - rank[operand as usize];
                let item = if before == 0 { operand } else { first_dummy[operand as usize] + before as u32 - 1 };
                layers.left[node].push(item);
                if layers.right[item as usize].last() != Some(&(node as u32)) {
                    layers.right[item as usize].push(node as u32);
                }
            }
        }
        layers.order_depth_first();
        layers
    }

    pub fn is_dummy(&self, item: u32) -> bool {
        item as usize >= self.nodes
    }

    fn of_values(rank: &[i32]) -> Self {
        let nodes = rank.len();
        Self {
            nodes,
            source: (0..nodes as u32).collect(),
            layer: rank.iter().map(|&r| r as u32).collect(),
            left: vec![Vec::new(); nodes],
            right: vec![Vec::new(); nodes],
            order: vec![Vec::new(); rank.iter().max().map_or(0, |&last| last as usize + 1)],
        }
    }

    /// Each value's first dummy; the others of a value follow it, layer by layer.
    fn add_dummies(&mut self, graph: Rows, rank: &[i32]) -> Vec<u32> {
        let mut last = rank.to_vec();
        for (node, layer) in rank.iter().enumerate() {
            for &operand in graph.row(node) {
                last[operand as usize] = last[operand as usize].max(layer - 1);
            }
        }
        let mut first = vec![0; graph.len()];
        for value in 0..graph.len() {
            first[value] = self.source.len() as u32;
            let mut before = value as u32;
            for layer in rank[value] + 1..=last[value] {
                let dummy = self.source.len() as u32;
                self.source.push(value as u32);
                self.layer.push(layer as u32);
                self.left.push(vec![before]);
                self.right.push(Vec::new());
                self.right[before as usize].push(dummy);
                before = dummy;
            }
        }
        first
    }

    /// The order of `build_topo`: depth first, operands left to right. A tree gets no crossing by
    /// it, and `self` stands above `other`.
    fn order_depth_first(&mut self) {
        let mut seen = vec![false; self.source.len()];
        for root in 0..self.nodes as u32 {
            if !self.right[root as usize].is_empty() {
                continue;
            }
            let mut stack = vec![(root, 0)];
            seen[root as usize] = true;
            while let Some((item, slot)) = stack.pop() {
                if let Some(&operand) = self.left[item as usize].get(slot) {
                    stack.push((item, slot + 1));
                    if !std::mem::replace(&mut seen[operand as usize], true) {
                        stack.push((operand, 0));
                    }
                } else {
                    self.order[self.layer[item as usize] as usize].push(item);
                }
            }
        }
    }
}
