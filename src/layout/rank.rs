//! Ranks: which layer, counted from the left, each value stands in.
//!
//! Every operand stands left of its consumer. Within that, short wires: a leaf such as `b` stands
//! just before the first op that reads it and not in a long first column.

use super::operands::Rows;
use super::simplex::{Arc, shorten};

/// Up to this many values the network simplex takes milliseconds; beyond, ALAP is near enough.
pub const SIMPLEX_LIMIT: usize = 1500;

pub fn ranks(graph: Rows) -> Vec<i32> {
    let mut rank = as_late_as_possible(graph);
    if (2..=SIMPLEX_LIMIT).contains(&graph.len()) {
        rank.push(depth(graph));
        shorten(&mut rank, &arcs(graph));
        rank.pop();
    }
    let first = rank.iter().copied().min().unwrap_or(0);
    for layer in &mut rank {
        *layer -= first;
    }
    rank
}

/// Cells of a grid of layers that a graph's values and wires stand in: what it costs to lay it out. A value costs a cell,
/// and one more for each layer that its wire passes.
pub fn cells(graph: Rows) -> usize {
    let rank = as_late_as_possible(graph);
    let mut last = rank.clone();
    for (node, rank) in rank.iter().enumerate() {
        for &operand in graph.row(node) {
            last[operand as usize] = last[operand as usize].max(rank - 1);
        }
    }
    last.iter().zip(&rank).map(|(last, first)| (last - first) as usize + 1).sum()
}

/// The number of ops on the longest way through.
fn depth(graph: Rows) -> i32 {
    let mut rank = vec![0; graph.len()];
    for node in 0..graph.len() {
        let before = graph.row(node).iter().map(|&operand| rank[operand as usize] + 1);
        rank[node] = before.max().unwrap_or(0);
    }
    rank.into_iter().max().unwrap_or(0)
}

/// ALAP: every value just before its first consumer, results in the last layer.
fn as_late_as_possible(graph: Rows) -> Vec<i32> {
    let mut rank = vec![depth(graph); graph.len()];
    for node in (0..graph.len()).rev() {
        for &operand in graph.row(node) {
            rank[operand as usize] = rank[operand as usize].min(rank[node] - 1);
        }
    }
    rank
}

/// One arc an operand, and weightless ones from every result to a virtual end node, which keep
/// separate parts of the graph in one tree without pulling at them.
fn arcs(graph: Rows) -> Vec<Arc> {
    let mut arcs = Vec::with_capacity(graph.items.len() + graph.len());
    let mut read = vec![false; graph.len()];
    for head in 0..graph.len() {
        let row = graph.row(head);
        for (slot, &tail) in row.iter().enumerate() {
            read[tail as usize] = true;
            if !row[..slot].contains(&tail) {
                arcs.push(Arc { tail, head: head as u32, weight: 1, span: 1 });
            }
        }
    }
    let end = graph.len() as u32;
    let results = (0..end).filter(|&node| !read[node as usize]);
    arcs.extend(results.map(|tail| Arc { tail, head: end, weight: 0, span: 0 }));
    arcs
}

#[cfg(test)]
mod tests {
    use super::cells;
    use crate::layout::Rows;

    #[test]
    fn a_wire_costs_a_cell_for_each_layer_it_passes() {
        // A chain of four, and a sum of its ends: the first one's wire passes two layers.
        let graph = Rows { starts: &[0, 0, 1, 2, 3, 5], items: &[0, 1, 2, 3, 0] };
        assert_eq!(cells(graph), 5 + 3);
        assert_eq!(cells(Rows { starts: &[0], items: &[] }), 0);
    }
}
