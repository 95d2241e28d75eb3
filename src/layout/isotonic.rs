//! Isotonic regression in L1: whole numbers that never fall, as near as possible to what each
//! wants, by pooling adjacent violators into blocks that share a weighted median.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A position wanted, and how much a cell of distance from it costs.
pub type Want = (i32, i64);

/// What neighbours want who share a position, parted at the weighted median: when blocks are pooled, the smaller goes into
/// the larger, so that thousands who all want to be in one place are not sorted anew for each of them.
#[derive(Default)]
struct Block {
    members: usize,
    /// The fewest of the lowest that weigh half of all or more.
    low: BinaryHeap<Want>,
    high: BinaryHeap<Reverse<Want>>,
    low_weight: i64,
    weight: i64,
}

/// `wants[i]` must not be empty.
pub fn fit(wants: Vec<Vec<Want>>) -> Vec<i32> {
    let mut blocks: Vec<Block> = Vec::with_capacity(wants.len());
    for wants in wants {
        let mut block = Block { members: 1, ..Block::default() };
        for want in wants {
            block.add(want);
        }
        while let Some(above) = blocks.pop_if(|above| above.median() > block.median()) {
            block = block.pooled_with(above);
        }
        blocks.push(block);
    }
    blocks.iter().flat_map(|block| std::iter::repeat_n(block.median(), block.members)).collect()
}

impl Block {
    fn add(&mut self, want: Want) {
        self.weight += want.1;
        if self.low.peek().is_some_and(|top| want < *top) {
            self.low_weight += want.1;
            self.low.push(want);
        } else {
            self.high.push(Reverse(want));
        }
        while 2 * self.low_weight < self.weight {
            let Some(Reverse(lowest)) = self.high.pop() else { break };
            self.low_weight += lowest.1;
            self.low.push(lowest);
        }
        while let Some(&top) = self.low.peek().filter(|top| 2 * (self.low_weight - top.1) >= self.weight) {
            self.low.pop();
            self.low_weight -= top.1;
            self.high.push(Reverse(top));
        }
    }

    fn pooled_with(self, other: Self) -> Self {
        let members = self.members + other.members;
        let size = |block: &Self| block.low.len() + block.high.len();
        let (mut large, small) = if size(&self) < size(&other) { (other, self) } else { (self, other) };
        let high = small.high.into_iter().map(|Reverse(want)| want);
        small.low.into_iter().chain(high).for_each(|want| large.add(want));
        Self { members, ..large }
    }

    /// The middle of the weighted median's interval: between two operands, not beside one.
    fn median(&self) -> i32 {
        let position = self.low.peek().map_or(0, |top| top.0);
        let next = self.high.peek().map_or(position, |Reverse(lowest)| lowest.0);
        if 2 * self.low_weight == self.weight { (position + next + 1).div_euclid(2) } else { position }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dice(mut seed: u32) -> impl FnMut(u32) -> u32 {
        move |bound| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) % bound
        }
    }

    fn cost(wants: &[Vec<Want>], values: &[i32]) -> i64 {
        let each = wants.iter().zip(values);
        each.flat_map(|(wants, value)| wants.iter().map(move |(want, weight)| weight * i64::from((want - value).abs())))
            .sum()
    }

    /// The least cost of any rising values in `0..=top`, one item after the other.
    fn least(wants: &[Vec<Want>], top: i32) -> i64 {
        let mut best = vec![0; top as usize + 1];
        for want in wants {
            let mut least = i64::MAX;
            for value in 0..=top {
                least = least.min(best[value as usize]);
                best[value as usize] = least + cost(std::slice::from_ref(want), &[value]);
            }
        }
        best.into_iter().min().unwrap_or(0)
    }

    /// The middle of all places at which a block costs the least.
    #[test]
    fn a_median_is_that_of_a_sorted_list() {
        let mut dice = dice(3);
        for _ in 0..2_000 {
            let wants: Vec<Want> = (0..=dice(9)).map(|_| (dice(12) as i32 - 6, i64::from(1 + dice(3)))).collect();
            let cost = |place: i32| wants.iter().map(|(want, weight)| weight * i64::from((want - place).abs())).sum();
            let least = (-6..6).map(cost).min().unwrap_or(0_i64);
            let best: Vec<i32> = (-6..6).filter(|&place| cost(place) == least).collect();
            let middle = (best[0] + best[best.len() - 1] + 1).div_euclid(2);
            assert_eq!(fit(vec![wants.clone()]), [middle], "{wants:?}");
        }
    }

    #[test]
    fn it_rises_and_costs_the_least() {
        let mut dice = dice(1);
        for _ in 0..2_000 {
            let items = 1 + dice(6);
            let mut want = || (dice(8) as i32, i64::from(1 + dice(3)));
            let wants: Vec<Vec<Want>> = (0..items).map(|item| (0..=item % 3).map(|_| want()).collect()).collect();
            let values = fit(wants.clone());
            assert!(values.is_sorted());
            assert_eq!(cost(&wants, &values), least(&wants, 8), "{wants:?} {values:?}");
        }
    }
}
