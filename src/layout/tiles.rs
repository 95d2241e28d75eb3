//! What is where: for each tile of the drawing, the nodes and wires that touch it. It makes a
//! frame cost as much as its viewport shows, however large the drawing.

use super::geometry::{Rect, Wire};

const WIDTH: i32 = 32;
const HEIGHT: i32 = 16;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tiles {
    across: i32,
    down: i32,
    nodes: Bins,
    wires: Bins,
}

/// Ids by tile, end to end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Bins {
    starts: Vec<u32>,
    ids: Vec<u32>,
}

impl Bins {
    fn new(tiles: i32, mut pairs: Vec<(i32, u32)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        let mut starts = vec![0; tiles as usize + 1];
        for &(tile, _) in &pairs {
            starts[tile as usize + 1] += 1;
        }
        for tile in 0..tiles as usize {
            starts[tile + 1] += starts[tile];
        }
        Self { starts, ids: pairs.into_iter().map(|(_, id)| id).collect() }
    }

    fn of(&self, tile: i32) -> &[u32] {
        &self.ids[self.starts[tile as usize] as usize..self.starts[tile as usize + 1] as usize]
    }
}

impl Tiles {
    pub fn new((width, height): (i32, i32), boxes: &[Rect], badges: &[Rect], all: &[Wire]) -> Self {
        let across = width / WIDTH + 1;
        let down = height / HEIGHT + 1;
        let mut tiles = Self { across, down, ..Self::default() };
        let mut nodes = Vec::new();
        for (id, (body, badge)) in boxes.iter().zip(badges).enumerate() {
            for rect in [body, badge] {
                nodes.extend(tiles.touched(*rect).map(|tile| (tile, id as u32)));
            }
        }
        let mut wires = Vec::new();
        for (id, wire) in all.iter().enumerate() {
            // Where a box has no frame, the painter draws the wire up to the name in it.
            wires.extend(tiles.touched(boxes[wire.source as usize]).map(|tile| (tile, id as u32)));
            for pair in wire.points.windows(2) {
                let (x, y) = (pair[0].x.min(pair[1].x), pair[0].y.min(pair[1].y));
                let run = Rect { x, y, w: (pair[0].x - pair[1].x).abs() + 1, h: (pair[0].y - pair[1].y).abs() + 1 };
                wires.extend(tiles.touched(run).map(|tile| (tile, id as u32)));
            }
        }
        tiles.nodes = Bins::new(across * down, nodes);
        tiles.wires = Bins::new(across * down, wires);
        tiles
    }

    pub fn visible(&self, viewport: Rect) -> (Vec<u32>, Vec<u32>) {
        let collect = |bins: &Bins| {
            let mut ids: Vec<u32> = self.touched(viewport).flat_map(|tile| bins.of(tile)).copied().collect();
            ids.sort_unstable();
            ids.dedup();
            ids
        };
        (collect(&self.nodes), collect(&self.wires))
    }

    fn touched(&self, rect: Rect) -> impl Iterator<Item = i32> + use<> {
        let columns = rect.x.max(0) / WIDTH..((rect.right() + WIDTH - 1).div_euclid(WIDTH)).min(self.across);
        let rows = rect.y.max(0) / HEIGHT..((rect.bottom() + HEIGHT - 1).div_euclid(HEIGHT)).min(self.down);
        let across = self.across;
        rows.flat_map(move |row| columns.clone().map(move |column| row * across + column))
    }
}
