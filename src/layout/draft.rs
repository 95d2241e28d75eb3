//! One way to lay out a graph: an order, rows for it, and the columns that its wires need.

use super::drawing::Layout;
use super::geometry::Wire;
use super::height::{Heights, heights};
use super::layers::Layers;
use super::route::{Columns, Router};
use super::spec::Spec;
use super::tiles::Tiles;

pub struct Draft<'a> {
    layers: &'a Layers,
    pub heights: Heights,
    pub columns: Columns,
}

impl<'a> Draft<'a> {
    /// All that are worth a try.
    pub fn all(spec: &Spec, layers: &'a Layers) -> impl Iterator<Item = Self> {
        heights(spec.operands, layers, spec.sizes, spec.hasty).into_iter().map(move |heights| {
            let columns = Router { spec, layers, heights: &heights }.columns();
            Self { layers, heights, columns }
        })
    }

    pub fn finish(&self, spec: &Spec, order_crossings: usize) -> Layout {
        let graph = spec.operands;
        let router = Router { spec, layers: self.layers, heights: &self.heights };
        let nodes = 0..graph.len();
        let slots = nodes.clone().flat_map(|node| (0..graph.row(node).len()).map(move |slot| (node, slot)));
        let wires: Vec<Wire> = slots.map(|(node, slot)| router.wire(node, slot, &self.columns)).collect();
        // A dogleg may have found its free row below everything.
        let lowest = wires.iter().flat_map(|wire| &wire.points).map(|point| point.y + 1).max();
        let mut layout = Layout {
            width: self.columns.width,
            height: self.heights.height.max(lowest.unwrap_or(0)),
            sizes: spec.sizes,
            boxes: nodes.clone().map(|node| router.rect(node, &self.columns)).collect(),
            badges: nodes.clone().map(|node| router.badge(node, &self.columns)).collect(),
            wires,
            port_rows: self.heights.row[..graph.len()].to_vec(),
            order_crossings,
            starts: graph.starts.to_vec(),
            tiles: Tiles::default(),
        };
        layout.tiles = Tiles::new((layout.width, layout.height), &layout.boxes, &layout.badges, &layout.wires);
        layout
    }
}
