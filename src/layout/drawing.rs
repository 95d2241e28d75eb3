//! The finished layout.

use super::geometry::{Rect, Wire};
use super::tiles::Tiles;
use super::zoom::Sizes;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    pub width: i32,
    pub height: i32,
    pub sizes: Sizes,
    /// One for each node.
    pub boxes: Vec<Rect>,
    /// One for each node; of width 0 for a leaf.
    pub badges: Vec<Rect>,
    /// One for each operand slot, in the order of the operand rows.
    pub wires: Vec<Wire>,
    /// Row of the node's wires.
    pub port_rows: Vec<i32>,
    /// Pairs of trunks that change places between layers, before routing.
    pub order_crossings: usize,
    /// Where each node's wires begin in `wires`.
    pub(super) starts: Vec<u32>,
    pub(super) tiles: Tiles,
}

impl Layout {
    /// The edges into a node, by operand slot.
    pub fn wires_into(&self, node: usize) -> &[Wire] {
        let range = self.starts.get(node).zip(self.starts.get(node + 1));
        range.map_or(&[], |(&from, &to)| &self.wires[from as usize..to as usize])
    }

    /// Nodes and wires that may show in a viewport, in ascending order, in time independent of
    /// the size of the layout.
    pub fn visible(&self, viewport: Rect) -> (Vec<u32>, Vec<u32>) {
        self.tiles.visible(viewport)
    }
}
