/// A row of bits, and how many are set before each word of them: so where the `n`th that is set stands, and how many are
/// set before a place, is found without a list of them.
#[derive(Default)]
pub struct Bits {
    words: Vec<u64>,
    /// For each word, how many are set before it.
    before: Vec<u32>,
    len: u32,
    set: u32,
}

impl Bits {
    /// Adds one at the end.
    pub fn push(&mut self, bit: bool) {
        if self.len.is_multiple_of(u64::BITS) {
            self.words.push(0);
            self.before.push(self.set);
        }
        if bit {
            let last = self.words.len() - 1;
            self.words[last] |= 1 << (self.len % u64::BITS);
            self.set += 1;
        }
        self.len += 1;
    }

    pub fn len(&self) -> u32 {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many are set.
    pub fn set(&self) -> u32 {
        self.set
    }

    pub fn get(&self, at: u32) -> bool {
        self.words[word_of(at)] & bit_of(at) != 0
    }

    /// How many are set before a place, which may be the end.
    pub fn rank(&self, at: u32) -> u32 {
        let word = word_of(at);
        match self.words.get(word) {
            Some(bits) => self.before[word] + (bits & (bit_of(at) - 1)).count_ones(),
            None => self.set,
        }
    }

    /// The place of the one before which `n` are set, if there are more than `n`.
    pub fn nth(&self, n: u32) -> Option<u32> {
        let word = self.before.partition_point(|&before| before <= n).checked_sub(1)?;
        let place = ones(self.words[word]).nth((n - self.before[word]) as usize)?;
        Some(place_of(word) + place)
    }

    /// The places of those that are set, in order.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        places(&self.words)
    }
}

/// A set of numbers up to a bound, one bit each.
#[derive(Default)]
pub struct BitSet {
    words: Vec<u64>,
}

impl BitSet {
    /// None yet, up to `last`.
    pub fn up_to(last: u32) -> Self {
        Self { words: vec![0; word_of(last) + 1] }
    }

    /// Puts one in, which is not past the bound.
    pub fn put(&mut self, number: u32) {
        self.words[word_of(number)] |= bit_of(number);
    }

    pub fn has(&self, number: u32) -> bool {
        self.words.get(word_of(number)).is_some_and(|word| word & bit_of(number) != 0)
    }

    /// Those from `64 * word` on, as bits.
    pub fn word(&self, word: usize) -> u64 {
        self.words[word]
    }

    /// How many words it has.
    pub fn words(&self) -> usize {
        self.words.len()
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        places(&self.words)
    }
}

impl FromIterator<bool> for Bits {
    fn from_iter<I: IntoIterator<Item = bool>>(bits: I) -> Self {
        let mut all = Self::default();
        bits.into_iter().for_each(|bit| all.push(bit));
        all
    }
}

fn word_of(at: u32) -> usize {
    (at / u64::BITS) as usize
}

fn bit_of(at: u32) -> u64 {
    1 << (at % u64::BITS)
}

/// The place of the first bit of a word.
fn place_of(word: usize) -> u32 {
    u32::try_from(word).expect("there are fewer than 2^32 bits") * u64::BITS
}

/// The places of the bits that are set, in order.
fn places(words: &[u64]) -> impl Iterator<Item = u32> {
    words.iter().enumerate().flat_map(|(word, &bits)| ones(bits).map(move |place| place_of(word) + place))
}

/// The places of the bits of a word that are set.
fn ones(word: u64) -> impl Iterator<Item = u32> {
    std::iter::successors(Some(word), |&left| Some(left & left.wrapping_sub(1)))
        .take_while(|&left| left != 0)
        .map(u64::trailing_zeros)
}

#[cfg(test)]
mod tests {
    use super::Bits;

    #[test]
    fn ranks_and_places_are_those_of_a_list() {
        for (every, len) in [(1, 1), (1, 64), (2, 65), (3, 300), (64, 300), (65, 300), (200, 320), (400, 300)] {
            let list: Vec<u32> = (0..len).filter(|at| (at + 1) % every == 0).collect();
            let bits: Bits = (0..len).map(|at| list.contains(&at)).collect();
            assert_eq!(bits.iter().collect::<Vec<u32>>(), list);
            assert_eq!((bits.len(), bits.set() as usize, bits.is_empty()), (len, list.len(), false));
            for at in 0..=len {
                assert_eq!(bits.rank(at) as usize, list.partition_point(|&set| set < at), "{at}, every {every}");
                assert_eq!(bits.nth(at), list.get(at as usize).copied(), "{at}, every {every}");
                assert!(at == len || bits.get(at) == list.contains(&at));
            }
        }
        assert_eq!((Bits::default().rank(0), Bits::default().nth(0)), (0, None));
    }
}
