//! The order within layers, for few crossings: median and mean sweeps with transposition, after
//! Gansner et al. 1993, section 3.

use super::crossing::{of_order, of_pair};
use super::layers::Layers;

const SWEEPS: usize = 48;
/// Two rounds through all kinds of sweep without a better order are enough.
const PATIENCE: usize = 16;
/// Beyond this many items there are fewer sweeps, so that the whole stays within a second.
const FULL_EFFORT: usize = 4_000;

/// Whether sweeps begin with means or medians, and with ties turned round or as they are. None
/// is best on every graph, so on small ones all are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    pub mean: bool,
    pub flip: bool,
}

impl Start {
    pub const ALL: [Self; 4] = [
        Self { mean: false, flip: false },
        Self { mean: true, flip: false },
        Self { mean: false, flip: true },
        Self { mean: true, flip: true },
    ];
}

/// Reorders `layers` in place and returns the crossings left.
pub fn reduce_crossings(layers: &mut Layers, start: Start) -> usize {
    let mut sweeper = Sweeper::new(layers);
    sweeper.run(start);
    let best = std::mem::take(&mut sweeper.best);
    let count = sweeper.best_count;
    layers.order = best;
    count
}

struct Sweeper<'a> {
    layers: &'a mut Layers,
    /// Place within its layer, for each item.
    position: Vec<u32>,
    best: Vec<Vec<u32>>,
    best_count: usize,
    /// Items that have moved, or a neighbour of which has, since they were last compared with those beside them: of any
    /// other two it is known that they are not to be swapped.
    stirred: Vec<bool>,
}

/// Sorted positions of an item's neighbours in the layers beside it.
#[derive(Default)]
struct Places {
    of: Option<u32>,
    left: Vec<u32>,
    right: Vec<u32>,
}

impl Places {
    fn crossings_above(&self, lower: &Self) -> usize {
        of_pair(&self.left, &lower.left) + of_pair(&self.right, &lower.right)
    }
}

#[derive(Clone, Copy)]
struct Sweep {
    rightwards: bool,
    mean: bool,
    /// Ties are turned round, to leave a local minimum sideways.
    flip: bool,
}

impl<'a> Sweeper<'a> {
    fn new(layers: &'a mut Layers) -> Self {
        let mut position = vec![0; layers.source.len()];
        layers.order.iter().for_each(|order| number(order, &mut position));
        let best = layers.order.clone();
        let best_count = of_order(layers, &position);
        let stirred = vec![true; position.len()];
        Self { layers, position, best, best_count, stirred }
    }

    fn run(&mut self, start: Start) {
        let items = self.layers.source.len().max(1);
        let sweeps = (SWEEPS * FULL_EFFORT / items).clamp(2, SWEEPS);
        self.transpose(false);
        self.keep_best();
        let mut idle = 0;
        for round in 0..sweeps {
            if self.best_count == 0 || idle == PATIENCE {
                return;
            }
            let sweep = Sweep {
                rightwards: round % 2 == 0,
                mean: (round / 2 % 2 == 1) != start.mean,
                flip: (round / 4 % 2 == 1) != start.flip,
            };
            self.sweep(sweep);
            self.transpose(sweep.flip);
            self.transpose(false);
            idle = if self.keep_best() { 0 } else { idle + 1 };
        }
    }

    fn keep_best(&mut self) -> bool {
        let count = of_order(self.layers, &self.position);
        if count < self.best_count {
            self.best_count = count;
            self.best.clone_from(&self.layers.order);
            return true;
        }
        false
    }

    fn sweep(&mut self, sweep: Sweep) {
        let count = self.layers.order.len();
        for step in 1..count {
            let layer = if sweep.rightwards { step } else { count - 1 - step };
            self.sort_layer(layer, sweep);
        }
    }

    /// Sorts a layer by the middle of each item's neighbours; items without any keep their place.
    fn sort_layer(&mut self, layer: usize, sweep: Sweep) {
        let mut order = std::mem::take(&mut self.layers.order[layer]);
        let keyed = order.iter().filter_map(|&item| Some((self.middle(item, sweep)?, item)));
        let mut keyed: Vec<(u64, u32)> = keyed.collect();
        if sweep.flip {
            keyed.reverse();
        }
        keyed.sort_by_key(|&(key, _)| key);
        let mut sorted = keyed.into_iter();
        for place in &mut order {
            if !self.neighbours(*place, sweep.rightwards).is_empty() {
                *place = sorted.next().map_or(*place, |(_, item)| item);
            }
        }
        for (place, &item) in (0..).zip(&order) {
            if self.position[item as usize] != place {
                self.position[item as usize] = place;
                self.stir(item);
            }
        }
        self.layers.order[layer] = order;
    }

    fn stir(&mut self, item: u32) {
        let neighbours = [&self.layers.left[item as usize], &self.layers.right[item as usize]].into_iter().flatten();
        for &item in neighbours.chain([&item]) {
            self.stirred[item as usize] = true;
        }
    }

    fn neighbours(&self, item: u32, left: bool) -> &[u32] {
        let side = if left { &self.layers.left } else { &self.layers.right };
        &side[item as usize]
    }

    /// Median or mean position of the neighbours, in 1/64 of a place.
    fn middle(&self, item: u32, sweep: Sweep) -> Option<u64> {
        let mut places = Vec::new();
        self.sorted_places(item, sweep.rightwards, &mut places);
        let count = places.len();
        let twice = match count {
            0 => return None,
            _ if sweep.mean => {
                return Some(64 * places.iter().map(|&p| u64::from(p)).sum::<u64>() / count as u64);
            }
            _ => places[(count - 1) / 2] + places[count / 2],
        };
        Some(32 * u64::from(twice))
    }

    fn sorted_places(&self, item: u32, left: bool, into: &mut Vec<u32>) {
        into.clear();
        into.extend(self.neighbours(item, left).iter().map(|&other| self.position[other as usize]));
        into.sort_unstable();
        into.dedup();
    }

    /// Swaps neighbours as long as that removes crossings; with `flip`, once also where it does
    /// not matter.
    fn transpose(&mut self, flip: bool) {
        for round in 0..32 {
            let mut better = false;
            for layer in 0..self.layers.order.len() {
                better |= self.transpose_layer(layer, flip && round == 0);
            }
            if !better {
                return;
            }
        }
    }

    fn look_up(&self, item: u32, into: &mut Places) {
        if into.of == Some(item) {
            return;
        }
        into.of = Some(item);
        self.sorted_places(item, true, &mut into.left);
        self.sorted_places(item, false, &mut into.right);
    }

    fn transpose_layer(&mut self, layer: usize, flip: bool) -> bool {
        let mut order = std::mem::take(&mut self.layers.order[layer]);
        let mut better = false;
        let mut upper = Places::default();
        let mut lower = Places::default();
        let mut stirred: Vec<bool> =
            order.iter().map(|&item| std::mem::take(&mut self.stirred[item as usize])).collect();
        for at in 1..order.len() {
            let (u, v) = (order[at - 1], order[at]);
            let by_now = self.stirred[u as usize] || self.stirred[v as usize];
            if !(flip || stirred[at - 1] || stirred[at] || by_now) {
                continue;
            }
            self.look_up(u, &mut upper);
            self.look_up(v, &mut lower);
            let now = upper.crossings_above(&lower);
            let swapped = if now == 0 && !flip { 0 } else { lower.crossings_above(&upper) };
            if swapped < now || (flip && swapped == now) {
                order.swap(at - 1, at);
                stirred.swap(at - 1, at);
                self.position[u as usize] = at as u32;
                self.position[v as usize] = at as u32 - 1;
                self.stir(u);
                self.stir(v);
                better |= swapped < now;
            } else {
                std::mem::swap(&mut upper, &mut lower);
            }
        }
        self.layers.order[layer] = order;
        better
    }
}

pub fn number(order: &[u32], position: &mut [u32]) {
    for (place, &item) in order.iter().enumerate() {
        position[item as usize] = place as u32;
    }
}
