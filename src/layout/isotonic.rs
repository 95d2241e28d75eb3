//! Isotonic regression in L1: whole numbers that never fall, as near as possible to what each
//! wants, by pooling adjacent violators into blocks that share a weighted median.

/// A position wanted, and how much a cell of distance from it costs.
pub type Want = (i32, i64);

struct Block {
    wants: Vec<Want>,
    members: usize,
    value: i32,
}

/// `wants[i]` must not be empty.
pub fn fit(wants: Vec<Vec<Want>>) -> Vec<i32> {
    let mut blocks: Vec<Block> = Vec::with_capacity(wants.len());
    for mut wants in wants {
        let value = median(&mut wants);
        let mut block = Block { wants, members: 1, value };
        while let Some(above) = blocks.pop_if(|above| above.value > block.value) {
            block.wants.extend(above.wants);
            block.members += above.members;
            block.value = median(&mut block.wants);
        }
        blocks.push(block);
    }
    blocks.iter().flat_map(|block| std::iter::repeat_n(block.value, block.members)).collect()
}

/// The middle of the weighted median's interval: between two operands, not beside one.
fn median(wants: &mut [Want]) -> i32 {
    wants.sort_unstable();
    let total: i64 = wants.iter().map(|&(_, weight)| weight).sum();
    let mut below = 0;
    for (place, &(position, weight)) in wants.iter().enumerate() {
        below += weight;
        if 2 * below == total {
            let next = wants.get(place + 1).map_or(position, |&(next, _)| next);
            return (position + next + 1).div_euclid(2);
        }
        if 2 * below > total {
            return position;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn it_rises_and_costs_the_least() {
        let mut seed = 1_u32;
        let mut dice = |bound: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) % bound
        };
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
