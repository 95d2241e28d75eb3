use std::borrow::Cow;
use std::fmt;

/// A count without bound: there may be 2^1000 paths through a thousand values, and 2^1000000 through a million. Mostly it is
/// short, and takes no memory of its own: a million values have one each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Count {
    short: u64,
    /// In place of the short one, where that is not enough.
    long: Option<Box<Long>>,
}

/// The digits from the first one that is not 0 to the last one, to the base 2^64, the lowest first; none for zero. So a
/// power of two has one, however large. Of more than [`MOST`] the lowest are dropped: it is not exact then.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Long {
    digits: Vec<u64>,
    /// How many 0 come after the lowest.
    zeros: usize,
    exact: bool,
}

/// Enough for a thousand decimal digits.
const MOST: usize = 64;
/// Decimal digits of what is written out, at a time.
const BASE: u64 = 1_000_000_000;

impl From<u32> for Count {
    fn from(count: u32) -> Self {
        Self { short: count.into(), long: None }
    }
}

impl Count {
    pub fn add(&mut self, other: &Self) {
        if let (None, None, Some(sum)) = (&self.long, &other.long, self.short.checked_add(other.short)) {
            self.short = sum;
            return;
        }
        let long = self.long.get_or_insert_with(|| Box::new(Long::from(self.short)));
        match &other.long {
            Some(other) => long.add(other),
            None => long.add(&Long::from(other.short)),
        }
    }

    fn long(&self) -> Cow<'_, Long> {
        self.long.as_deref().map_or_else(|| Cow::Owned(Long::from(self.short)), Cow::Borrowed)
    }

    /// For people: digits, as long as one can read them; a power of two as such.
    pub fn short(&self) -> String {
        let long = self.long();
        match (long.decimal(), long.power_of_two()) {
            (Some(digits), _) if digits.len() <= 6 => digits,
            (_, Some(power)) => format!("2^{power}"),
            (Some(digits), _) if digits.len() > 15 => {
                format!("{}.{}e+{} (exactly {digits})", &digits[..1], &digits[1..3], digits.len() - 1)
            }
            (Some(digits), _) => digits,
            (None, _) => format!("about {}", long.rounded()),
        }
    }
}

/// All of its digits, where they are known and not too many.
impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let long = self.long();
        f.write_str(&long.decimal().unwrap_or_else(|| long.rounded()))
    }
}

impl From<u64> for Long {
    fn from(count: u64) -> Self {
        let digits = if count == 0 { Vec::new() } else { vec![count] };
        Self { digits, zeros: 0, exact: true }
    }
}

impl Long {
    /// In place: there may be a million sums between two keys.
    pub fn add(&mut self, other: &Self) {
        if other.digits.is_empty() {
            return;
        }
        if self.digits.is_empty() {
            self.digits.clone_from(&other.digits);
            (self.zeros, self.exact) = (other.zeros, other.exact);
            return;
        }
        let (last, end) = (self.zeros.min(other.zeros), self.end().max(other.end()));
        let zeros = last.max(end.saturating_sub(MOST));
        self.begin_at(zeros);
        self.digits.resize(end - zeros, 0);
        let mut carry = false;
        for (place, digit) in (zeros..).zip(&mut self.digits) {
            let (sum, over) = digit.overflowing_add(other.digit(place));
            let (sum, again) = sum.overflowing_add(u64::from(carry));
            carry = over || again;
            *digit = sum;
        }
        self.digits.extend(carry.then_some(1));
        let low = self.digits.iter().take_while(|digit| **digit == 0).count();
        self.begin_at(zeros + low);
        self.exact = self.exact && other.exact && zeros == last;
    }

    /// Makes a place the lowest that is kept. What stood below it is dropped.
    fn begin_at(&mut self, zeros: usize) {
        if zeros == self.zeros {
            return;
        }
        let dropped = zeros.saturating_sub(self.zeros).min(self.digits.len());
        self.digits.splice(..dropped, std::iter::repeat_n(0, self.zeros.saturating_sub(zeros)));
        self.zeros = zeros;
    }

    /// The place after the highest digit.
    fn end(&self) -> usize {
        self.zeros + self.digits.len()
    }

    fn digit(&self, place: usize) -> u64 {
        place.checked_sub(self.zeros).and_then(|at| self.digits.get(at)).copied().unwrap_or(0)
    }

    /// Which power of two it is, if it is one.
    fn power_of_two(&self) -> Option<usize> {
        match *self.digits {
            [digit] if self.exact && digit.is_power_of_two() => Some(self.zeros * 64 + digit.trailing_zeros() as usize),
            _ => None,
        }
    }

    /// Its decimal digits, where they are known and a page has room for them.
    fn decimal(&self) -> Option<String> {
        if !self.exact || self.end() > MOST {
            return None;
        }
        let mut left: Vec<u64> = (0..self.end()).map(|place| self.digit(place)).collect();
        let mut parts = Vec::new();
        while left.iter().any(|digit| *digit != 0) {
            parts.push(divide(&mut left, BASE));
        }
        let first = parts.pop().unwrap_or(0).to_string();
        Some(parts.iter().rev().fold(first, |text, part| format!("{text}{part:09}")))
    }

    /// Its first decimal digits and how many follow the first: `1.07e+301`.
    #[allow(clippy::cast_precision_loss, reason = "three digits are shown")]
    fn rounded(&self) -> String {
        let two = [1, 2].map(|from_end| self.end().checked_sub(from_end).map_or(0, |place| self.digit(place)));
        let first = two[0] as f64 + two[1] as f64 / 2_f64.powi(64);
        let power = first.log10() + 64.0 * std::f64::consts::LOG10_2 * (self.end() as f64 - 1.0);
        let mantissa = 10_f64.powf(power.fract());
        format!("{:.2}e+{}", (mantissa * 100.0).floor() / 100.0, power.floor())
    }
}

/// Divides a number by another. What is left over is the result.
fn divide(digits: &mut [u64], by: u64) -> u64 {
    let mut rest = 0;
    for digit in digits.iter_mut().rev() {
        let whole = u128::from(rest) << 64 | u128::from(*digit);
        *digit = u64::try_from(whole / u128::from(by)).expect("the rest is smaller than what it is divided by");
        rest = u64::try_from(whole % u128::from(by)).expect("so is the next");
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::{Count, MOST};

    fn twice(count: &mut Count) {
        let same = count.clone();
        count.add(&same);
    }

    #[test]
    fn two_to_the_thousand_is_exact() {
        let mut count = Count::from(1);
        (0..1000).for_each(|_| twice(&mut count));
        let digits = count.long().decimal().unwrap();
        assert_eq!((digits.len(), &digits[..10], &digits[292..]), (302, "1071508607", "5668069376"));
        assert_eq!(count.short(), "2^1000");
        let texts = [Count::default(), Count::from(64), Count::from(1_000_000_000)].map(|count| count.short());
        assert_eq!(texts, ["0", "64", "1000000000"]);
    }

    /// Sums of numbers that a u128 holds are those of a u128.
    #[test]
    fn sums_are_those_of_plain_numbers() {
        let mut pairs = vec![(Count::default(), 0_u128), (Count::from(1), 1), (Count::from(3), 3)];
        let mut seed = 1_usize;
        for _ in 0..5000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            // Of the newest more often than of the old: sums are to grow.
            let late = |dice: usize| pairs[pairs.len() - 1 - dice % 7 * (dice % 7) % pairs.len()].clone();
            let [(mut count, x), (other, y)] = [late(seed >> 33), late(seed >> 50)];
            let Some(sum) = x.checked_add(y) else { break };
            count.add(&other);
            assert_eq!(count.long().decimal().unwrap(), sum.to_string());
            pairs.push((count, sum));
        }
        assert!(pairs.last().unwrap().1 > 1 << 100);
    }

    /// A count never has more digits than that, so that a million sums of it take no time to speak of.
    #[test]
    fn what_is_too_long_to_be_told_is_told_roughly() {
        let (mut power, mut one, mut two) = (Count::from(1), Count::from(1), Count::from(1));
        for _ in 0..100_000 {
            twice(&mut power);
            one.add(&two);
            std::mem::swap(&mut one, &mut two);
            assert!(power.long().digits.len() == 1 && two.long().digits.len() <= MOST + 1);
        }
        assert_eq!(power.short(), "2^100000");
        // The 100,002nd number of Fibonacci, by sqrt(5) and the golden ratio.
        assert_eq!(two.short(), "about 6.80e+20898");
        power.add(&Count::from(1));
        assert_eq!(power.short(), "about 9.99e+30102");
    }
}
