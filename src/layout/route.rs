//! Columns of boxes, and the way of every wire through the gaps between them.

use super::channel::{Net, Track, route};
use super::geometry::{Point, Rect, Wire};
use super::height::Heights;
use super::layers::Layers;
use super::spec::Spec;

pub struct Router<'a> {
    pub spec: &'a Spec<'a>,
    pub layers: &'a Layers,
    pub heights: &'a Heights,
}

/// What is known of the columns after routing.
#[derive(Default)]
pub struct Columns {
    /// The left edge of each layer's boxes.
    pub x: Vec<i32>,
    /// The first track of the gap after each layer.
    first_track: Vec<i32>,
    /// The cell after the last track of that gap.
    end_of_tracks: Vec<i32>,
    /// The track of each item in the gap after it; none if the wire is straight.
    track: Vec<Option<Track>>,
    pub width: i32,
}

impl Router<'_> {
    pub fn columns(&self) -> Columns {
        let mut columns = Columns { track: vec![None; self.layers.source.len()], ..Columns::default() };
        let mut x = 0;
        for layer in 0..self.layers.order.len() {
            let badge = self.widest_badge(layer);
            // An op in the first layer has its operands elsewhere, and a cell to say so.
            let elsewhere = i32::from(layer == 0);
            x += if badge > 0 { badge + self.spec.sizes.arrow + elsewhere } else { 0 };
            columns.x.push(x);
            x += self.widest_box(layer);
            columns.width = x;
            let tracks = self.route_gap(layer, &mut columns.track).max(1);
            columns.first_track.push(x + self.spec.sizes.lead);
            columns.end_of_tracks.push(x + self.spec.sizes.lead + tracks);
            x += self.spec.sizes.lead + tracks + self.spec.sizes.room + self.spec.sizes.join;
        }
        columns
    }

    fn values(&self, layer: usize) -> impl Iterator<Item = usize> {
        self.layers.order[layer].iter().filter(|&&item| !self.layers.is_dummy(item)).map(|&item| item as usize)
    }

    fn widest_badge(&self, layer: usize) -> i32 {
        self.values(layer).map(|node| i32::from(self.spec.badges[node])).max().unwrap_or(0)
    }

    fn widest_box(&self, layer: usize) -> i32 {
        self.values(layer).map(|node| self.box_width(node)).max().unwrap_or(0)
    }

    fn box_width(&self, node: usize) -> i32 {
        self.spec
            .widths
            .map_or(self.spec.sizes.width, |widths| i32::from(widths[node]).clamp(1, self.spec.sizes.width.max(1)))
    }

    /// Rows on which an item's wire leaves the gap after it.
    fn leaving_rows(&self, item: u32) -> Vec<i32> {
        let mut rows = Vec::new();
        for &next in &self.layers.right[item as usize] {
            let level = self.heights.row[next as usize];
            let slots = self.layers.left[next as usize].iter().enumerate();
            rows.extend(slots.filter(|&(_, &from)| from == item).map(|(slot, _)| level + self.port(next, slot)));
        }
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    fn port(&self, item: u32, slot: usize) -> i32 {
        if self.layers.is_dummy(item) {
            0
        } else {
            self.heights.port[self.spec.operands.starts[item as usize] as usize + slot]
        }
    }

    fn route_gap(&self, layer: usize, track: &mut [Option<Track>]) -> i32 {
        let mut nets = Vec::new();
        let mut owners = Vec::new();
        let mut busy = Vec::new();
        for &item in &self.layers.order[layer] {
            let enter = self.heights.row[item as usize];
            let leave = self.leaving_rows(item);
            if leave.iter().any(|&row| row != enter) {
                nets.push(Net { enter, leave });
                owners.push(item);
            } else if !leave.is_empty() {
                busy.push(enter);
            }
        }
        let (tracks, width) = route(&nets, &busy);
        for (item, found) in owners.into_iter().zip(tracks) {
            track[item as usize] = Some(found);
        }
        width
    }

    pub fn rect(&self, node: usize, columns: &Columns) -> Rect {
        let x = columns.x[self.layers.layer[node] as usize];
        let y = self.heights.row[node] - self.spec.sizes.port_row;
        Rect { x, y, w: self.box_width(node), h: self.spec.sizes.height }
    }

    pub fn badge(&self, node: usize, columns: &Columns) -> Rect {
        let w = i32::from(self.spec.badges[node]);
        let x = columns.x[self.layers.layer[node] as usize] - self.spec.sizes.arrow - w;
        Rect { x, y: self.heights.row[node], w, h: i32::from(w > 0) }
    }

    /// From the right border of the source's box to the first cell of the consumer's badge.
    pub fn wire(&self, consumer: usize, slot: usize, columns: &Columns) -> Wire {
        let items = self.items_on_the_way(consumer, slot);
        let source = items[0] as usize;
        let from = self.rect(source, columns);
        let mut points = vec![Point { x: from.x + from.w - 1, y: self.heights.row[source] }];
        for (place, &item) in items.iter().enumerate() {
            let next = items.get(place + 1).map(|&next| self.heights.row[next as usize]);
            let to = next.unwrap_or(self.heights.row[consumer] + self.port(consumer as u32, slot));
            self.pass_gap(item, to, columns, &mut points);
        }
        let badge = self.badge(consumer, columns);
        let joint = badge.x - self.spec.sizes.join;
        let entry = points[points.len() - 1].y;
        if entry != badge.y {
            points.push(Point { x: joint, y: entry });
            points.push(Point { x: joint, y: badge.y });
        }
        points.push(Point { x: badge.x, y: badge.y });
        let gap = self.layers.layer[consumer] as usize - 1;
        let start = columns.end_of_tracks[gap];
        let free = Rect { x: start, y: entry, w: (joint - start).max(0), h: 1 };
        Wire { source: source as u32, consumer: consumer as u32, slot: slot as u32, points, free }
    }

    fn items_on_the_way(&self, consumer: usize, slot: usize) -> Vec<u32> {
        let mut item = self.layers.left[consumer][slot];
        let mut items = vec![item];
        while self.layers.is_dummy(item) {
            item = self.layers.left[item as usize][0];
            items.push(item);
        }
        items.reverse();
        items
    }

    fn pass_gap(&self, item: u32, to: i32, columns: &Columns, points: &mut Vec<Point>) {
        let row = self.heights.row[item as usize];
        let first = columns.first_track[self.layers.layer[item as usize] as usize];
        if row == to {
            return;
        }
        // A wire that is not level has a track, because `route_gap` has seen the same rows.
        let Some(track) = columns.track[item as usize] else {
            return;
        };
        let x = first + track.column;
        points.push(Point { x, y: row });
        let mut last = x;
        if let Some(dogleg) = track.dogleg {
            last = first + dogleg.column;
            points.push(Point { x, y: dogleg.row });
            points.push(Point { x: last, y: dogleg.row });
        }
        points.push(Point { x: last, y: to });
    }
}
