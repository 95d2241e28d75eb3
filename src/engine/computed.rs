use super::graph::{Graph, ValueId};

/// The values that an op makes, in the order in which they are made: a bit a value, and how many come before each word
/// of bits. So which is the `n`th, and the how-manieth one is, are found without a list of them.
pub struct Computed {
    words: Vec<u64>,
    /// For each word, how many there are before it.
    before: Vec<u32>,
    len: u32,
}

impl Computed {
    pub fn of(graph: &Graph) -> Self {
        let mut words = vec![0_u64; graph.len().div_ceil(64)];
        for v in graph.ids().filter(|&v| !graph.is_leaf(v)) {
            words[v as usize / 64] |= 1 << (v % 64);
        }
        let mut len = 0;
        let mut before = Vec::with_capacity(words.len());
        for word in &words {
            before.push(len);
            len += word.count_ones();
        }
        Self { words, before, len }
    }

    pub fn len(&self) -> u32 {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many are made before a value; `None` for a leaf.
    pub fn rank(&self, v: ValueId) -> Option<u32> {
        let (word, bit) = (self.words[v as usize / 64], 1 << (v % 64));
        (word & bit != 0).then(|| self.before[v as usize / 64] + (word & (bit - 1)).count_ones())
    }

    /// The one before which `n` are made.
    ///
    /// # Panics
    /// Where there are not more than `n`.
    pub fn nth(&self, n: u32) -> ValueId {
        let at = self.before.partition_point(|&before| before <= n) - 1;
        let place = ones(self.words[at]).nth((n - self.before[at]) as usize);
        value(at, place.expect("there are more than so many"))
    }

    pub fn iter(&self) -> impl Iterator<Item = ValueId> {
        self.words.iter().enumerate().flat_map(|(at, &word)| ones(word).map(move |place| value(at, place)))
    }
}

/// The value that a bit of a word stands for.
fn value(word: usize, place: u32) -> ValueId {
    u32::try_from(word * 64).expect("a graph has fewer than 2^32 values") + place
}

/// The places of the bits that are set, the lowest first.
fn ones(word: u64) -> impl Iterator<Item = u32> {
    std::iter::successors(Some(word), |&left| Some(left & left.wrapping_sub(1)))
        .take_while(|&left| left != 0)
        .map(u64::trailing_zeros)
}

#[cfg(test)]
mod tests {
    use super::Computed;
    use crate::engine::ops::Builtin;
    use crate::engine::{Graph, NONE};

    #[test]
    fn ranks_and_places_are_those_of_a_list() {
        for every in [1, 2, 3, 64, 65, 200] {
            let mut graph = Graph::default();
            graph.add_leaf(1.0);
            for v in 1..300 {
                if v % every == 0 {
                    graph.add(Builtin::Neg.id(), [0, NONE])
                } else {
                    graph.add_leaf(0.0)
                };
            }
            let (list, computed) = (graph.ids().filter(|&v| !graph.is_leaf(v)), Computed::of(&graph));
            let list: Vec<u32> = list.collect();
            assert_eq!(computed.iter().collect::<Vec<u32>>(), list);
            assert_eq!((computed.len() as usize, computed.is_empty()), (list.len(), false));
            for v in graph.ids() {
                let rank = list.binary_search(&v).ok();
                assert_eq!(computed.rank(v).map(|rank| rank as usize), rank, "{v}, every {every}");
                assert!(rank.is_none_or(|_| computed.nth(computed.rank(v).unwrap()) == v));
            }
        }
    }
}
