//! The row of every item, for straight wires.
//!
//! One layer at a time, with its neighbours standing still, each item wants to be level with
//! where its wires come from or go to; order and distances within the layer turn that into an
//! isotonic regression, which is solved exactly. Dummies want it most: a long wire with a bend is
//! worse than a short one with a bend.

use super::isotonic::{Want, fit};
use super::layers::Layers;
use super::operands::Rows;
use super::order::number;
use super::simplex::{Arc, shorten};
use super::zoom::Sizes;

const DUMMY_WEIGHT: i64 = 8;

/// Up to this many items the network simplex is quick enough for the rows too.
const POLISH_LIMIT: usize = 600;

pub struct Heights {
    /// Row of the port of each item.
    pub row: Vec<i32>,
    /// Where each operand slot arrives, relative to its consumer's port row.
    pub port: Vec<i32>,
    pub height: i32,
}

#[derive(Clone, Copy)]
enum Look {
    Left,
    Right,
    Both,
}

struct Solver<'a> {
    layers: &'a Layers,
    /// Least distance of each item's row from the row of the item above it in its layer.
    apart: Vec<i32>,
    /// Wires to the layer before: neighbour and how much lower than it the item wants to be.
    left: Vec<Vec<(u32, i32)>>,
    right: Vec<Vec<(u32, i32)>>,
    row: Vec<i32>,
}

/// Rows with wires as straight as can be layer by layer, and over all layers at once, for what is not too large. In
/// haste one round has to do.
pub fn heights(graph: Rows, layers: &Layers, sizes: Sizes, hasty: bool) -> Vec<Heights> {
    let mut position = vec![0; layers.source.len()];
    layers.order.iter().for_each(|order| number(order, &mut position));
    let position = &position;
    let port = ports(graph, layers, position, sizes);
    let extent = extents(graph, layers, sizes);
    let mut solver = Solver::new(graph, layers, &port, &extent, sizes);
    solver.run(if hasty || layers.source.len() > 20_000 { 1 } else { 3 });
    let mut found = vec![from_top(solver.row.clone(), port.clone(), &extent)];
    if !hasty && (2..=POLISH_LIMIT).contains(&layers.source.len()) {
        solver.polish();
        found.push(from_top(solver.row, port, &extent));
    }
    found
}

/// Moves everything so that the first row is 0.
fn from_top(mut row: Vec<i32>, port: Vec<i32>, extent: &[(i32, i32)]) -> Heights {
    let top = row.iter().zip(extent).map(|(row, extent)| row - extent.0).min().unwrap_or(0);
    for row in &mut row {
        *row -= top;
    }
    let height = row.iter().zip(extent).map(|(row, extent)| row + extent.1 + 1).max().unwrap_or(0);
    Heights { row, port, height }
}

/// Ports are free: the operand that comes from above takes the upper one.
fn ports(graph: Rows, layers: &Layers, position: &[u32], sizes: Sizes) -> Vec<i32> {
    let mut port = vec![0; graph.items.len()];
    for node in 0..graph.len() {
        let left = &layers.left[node];
        let mut slots: Vec<usize> = (0..left.len()).collect();
        slots.sort_by_key(|&slot| position[left[slot] as usize]);
        for (place, slot) in slots.into_iter().enumerate() {
            port[graph.starts[node] as usize + slot] = sizes.port(left.len(), place);
        }
    }
    port
}

/// Rows above and below the port row that belong to an item.
fn extents(graph: Rows, layers: &Layers, sizes: Sizes) -> Vec<(i32, i32)> {
    let values = (0..graph.len()).map(|node| graph.row(node).len());
    let mut extent: Vec<_> = values.map(|count| (sizes.above(count), sizes.below(count))).collect();
    extent.resize(layers.source.len(), (0, 0));
    extent
}

impl<'a> Solver<'a> {
    fn new(graph: Rows, layers: &'a Layers, port: &[i32], extent: &[(i32, i32)], sizes: Sizes) -> Self {
        let items = layers.source.len();
        let mut left = vec![Vec::new(); items];
        let mut right = vec![Vec::new(); items];
        for item in 0..items {
            for (slot, &other) in layers.left[item].iter().enumerate() {
                let drop = if item < layers.nodes { port[graph.starts[item] as usize + slot] } else { 0 };
                left[item].push((other, -drop));
                right[other as usize].push((item as u32, drop));
            }
        }
        let mut apart = vec![0; items];
        for pair in layers.order.iter().flat_map(|order| order.windows(2)) {
            let (upper, lower) = (pair[0] as usize, pair[1] as usize);
            let boxes = !layers.is_dummy(pair[0]) && !layers.is_dummy(pair[1]);
            let gap = if boxes { sizes.row_gap } else { 0 };
            apart[lower] = extent[upper].1 + 1 + gap + extent[lower].0;
        }
        Self { layers, apart, left, right, row: vec![0; items] }
    }

    fn run(&mut self, rounds: usize) {
        self.pack();
        let mut best = (i64::MAX, self.row.clone());
        for _ in 0..rounds {
            let before = self.row.clone();
            for look in [Look::Left, Look::Right, Look::Left, Look::Both, Look::Both] {
                self.pass(look);
                let cost = self.cost();
                if cost < best.0 {
                    best = (cost, self.row.clone());
                }
            }
            // Another round would only do the same again.
            if self.row == before {
                break;
            }
        }
        self.row = best.1;
    }

    /// The same problem as ranking, turned by a quarter (Gansner et al., section 4.2): a node for
    /// each wire hangs above both its ends, and the network simplex pulls the ends level.
    fn polish(&mut self) {
        let items = self.row.len() as u32;
        let mut arcs = Vec::new();
        for order in &self.layers.order {
            arcs.extend(order.first().map(|&head| Arc { tail: items, head, weight: 0, span: 0 }));
            arcs.extend(order.windows(2).map(|pair| Arc {
                tail: pair[0],
                head: pair[1],
                weight: 0,
                span: self.apart[pair[1] as usize],
            }));
        }
        let mut row = std::mem::take(&mut self.row);
        row.push(row.iter().copied().min().unwrap_or(0));
        for (item, left) in self.left.iter().enumerate() {
            for &(other, drop) in left {
                let weight = self.weight(item as u32, other);
                let (to_other, to_item) = ((-drop).max(0), drop.max(0));
                let tail = row.len() as u32;
                row.push((row[other as usize] - to_other).min(row[item] - to_item));
                arcs.push(Arc { tail, head: other, weight, span: to_other });
                arcs.push(Arc { tail, head: item as u32, weight, span: to_item });
            }
        }
        shorten(&mut row, &arcs);
        row.truncate(items as usize);
        self.row = row;
        // An optimum of many; this one puts an op in the middle of its operands where it may.
        self.pass(Look::Both);
    }

    /// To begin with, every layer from the top with nothing between.
    fn pack(&mut self) {
        for order in &self.layers.order {
            let mut row = 0;
            for &item in order {
                row += self.apart[item as usize];
                self.row[item as usize] = row;
            }
        }
    }

    fn pass(&mut self, look: Look) {
        let count = self.layers.order.len();
        for step in 0..count {
            let layer = if matches!(look, Look::Right) { count - 1 - step } else { step };
            self.settle(layer, look);
        }
    }

    fn settle(&mut self, layer: usize, look: Look) {
        let order = &self.layers.order[layer];
        let mut offset = 0;
        let mut wants = Vec::with_capacity(order.len());
        for &item in order {
            offset += self.apart[item as usize];
            wants.push(self.wants(item, offset, look));
        }
        let mut offset = 0;
        for (&item, base) in order.iter().zip(fit(wants)) {
            offset += self.apart[item as usize];
            self.row[item as usize] = base + offset;
        }
    }

    fn wants(&self, item: u32, offset: i32, look: Look) -> Vec<Want> {
        let left = &self.left[item as usize];
        let right = &self.right[item as usize];
        let (left, right) = match look {
            Look::Left => (&left[..], &[][..]),
            Look::Right => (&[][..], &right[..]),
            Look::Both => (&left[..], &right[..]),
        };
        let want =
            |&(other, drop): &(u32, i32)| (self.row[other as usize] + drop - offset, 16 * self.weight(item, other));
        let right = right.iter().map(|&(other, drop)| want(&(other, -drop)));
        let mut wants: Vec<Want> = left.iter().map(want).chain(right).collect();
        if wants.is_empty() {
            wants.push((self.row[item as usize] - offset, 1));
        }
        wants
    }

    fn weight(&self, item: u32, other: u32) -> i64 {
        match (self.layers.is_dummy(item), self.layers.is_dummy(other)) {
            (true, true) => DUMMY_WEIGHT,
            (false, false) => 1,
            _ => 2,
        }
    }

    fn cost(&self) -> i64 {
        let wires = self.left.iter().enumerate().flat_map(|(item, left)| left.iter().map(move |wire| (item, wire)));
        wires
            .map(|(item, &(other, drop))| {
                let bend = self.row[item] - self.row[other as usize] - drop;
                self.weight(item as u32, other) * (4 * i64::from(bend.abs()) + i64::from(bend != 0))
            })
            .sum()
    }
}
