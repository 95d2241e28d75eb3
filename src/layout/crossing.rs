//! Counting crossings: between two neighbouring layers, and in the finished drawing.

use std::collections::HashMap;

use super::drawing::Layout;
use super::geometry::Point;
use super::layers::Layers;

/// Crossings of a whole order: pairs of trunks that swap sides between two layers.
pub fn of_order(layers: &Layers, position: &[u32]) -> usize {
    layers.order.iter().map(|order| between(order, &layers.left, position)).sum()
}

/// Crossings of the wires that enter one layer: inversions among their other ends.
fn between(order: &[u32], left: &[Vec<u32>], position: &[u32]) -> usize {
    let mut ends = Vec::new();
    for &item in order {
        let from = ends.len();
        ends.extend(left[item as usize].iter().map(|&other| position[other as usize]));
        ends[from..].sort_unstable();
        let mut kept = from;
        for at in from..ends.len() {
            if at == from || ends[at] != ends[at - 1] {
                ends[kept] = ends[at];
                kept += 1;
            }
        }
        ends.truncate(kept);
    }
    inversions(&ends)
}

/// How many pairs stand in the wrong order, with a Fenwick tree.
fn inversions(ends: &[u32]) -> usize {
    let mut tree = vec![0_usize; ends.iter().max().map_or(0, |&last| last as usize + 2)];
    let mut count = 0;
    for (before, &end) in ends.iter().enumerate() {
        let mut at = end as usize + 1;
        let mut not_above = 0;
        while at > 0 {
            not_above += tree[at];
            at &= at - 1;
        }
        count += before - not_above;
        let mut at = end as usize + 1;
        while at < tree.len() {
            tree[at] += 1;
            at += at & at.wrapping_neg();
        }
    }
    count
}

/// Crossings between the wires of two items with `upper` standing above `lower`, given the sorted
/// positions of their neighbours in one layer.
pub fn of_pair(upper: &[u32], lower: &[u32]) -> usize {
    let mut below = 0;
    let mut count = 0;
    for &end in upper {
        while below < lower.len() && lower[below] < end {
            below += 1;
        }
        count += below;
    }
    count
}

/// Crossings in the finished drawing: cells where the wires of two values cross.
pub fn crossings(layout: &Layout) -> usize {
    let mut runs = HashMap::<(i32, i32), [u32; 2]>::new();
    for wire in &layout.wires {
        for pair in wire.points.windows(2) {
            let vertical = pair[0].x == pair[1].x;
            for point in inside(pair[0], pair[1]) {
                runs.entry((point.x, point.y)).or_insert([u32::MAX; 2])[usize::from(vertical)] = wire.source;
            }
        }
    }
    runs.values().filter(|[across, down]| across != down && *across != u32::MAX && *down != u32::MAX).count()
}

/// The cells strictly between two points on a line.
fn inside(a: Point, b: Point) -> impl Iterator<Item = Point> {
    let (dx, dy) = ((b.x - a.x).signum(), (b.y - a.y).signum());
    let steps = (b.x - a.x).abs().max((b.y - a.y).abs());
    (1..steps).map(move |step| Point { x: a.x + dx * step, y: a.y + dy * step })
}
