use std::fmt;

/// A count without bound: there may be 2^1000 paths through a thousand values.
///
/// Digits to the base 10^9, the lowest first; none for zero.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Count {
    digits: Vec<u32>,
}

const BASE: u32 = 1_000_000_000;

impl From<u32> for Count {
    fn from(count: u32) -> Self {
        let mut digits = vec![count % BASE, count / BASE];
        while digits.last() == Some(&0) {
            digits.pop();
        }
        Self { digits }
    }
}

impl Count {
    pub fn add(&mut self, other: &Self) {
        let mut carry = 0;
        for at in 0..self.digits.len().max(other.digits.len()) {
            if at == self.digits.len() {
                self.digits.push(0);
            }
            let sum = self.digits[at] + other.digits.get(at).copied().unwrap_or(0) + carry;
            carry = u32::from(sum >= BASE);
            self.digits[at] = sum % BASE;
        }
        if carry > 0 {
            self.digits.push(carry);
        }
    }

    /// Which power of two it is, if it is one.
    fn power_of_two(&self) -> Option<u32> {
        let mut power = (0, Self::from(1));
        while power.1.digits.len() <= self.digits.len() {
            if power.1 == *self {
                return Some(power.0);
            }
            let same = power.1.clone();
            power.1.add(&same);
            power.0 += 1;
        }
        None
    }

    /// For people: digits, as long as one can read them; a power of two as such.
    pub fn short(&self) -> String {
        let digits = self.to_string();
        match self.power_of_two() {
            Some(power) if digits.len() > 6 => format!("2^{power}"),
            _ if digits.len() > 15 => {
                format!("{}.{}e+{} (exactly {digits})", &digits[..1], &digits[1..3], digits.len() - 1)
            }
            _ => digits,
        }
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.digits.split_last() {
            None => f.write_str("0"),
            Some((first, rest)) => {
                write!(f, "{first}")?;
                rest.iter().rev().try_for_each(|digits| write!(f, "{digits:09}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Count;

    #[test]
    fn two_to_the_thousand_is_exact() {
        let mut count = Count::from(1);
        for _ in 0..1000 {
            let same = count.clone();
            count.add(&same);
        }
        let digits = count.to_string();
        assert_eq!((digits.len(), &digits[..10], &digits[292..]), (302, "1071508607", "5668069376"));
        assert_eq!(count.short(), "2^1000");
        assert_eq!(
            (Count::default().to_string(), Count::from(1_000_000_000).to_string()),
            ("0".into(), "1000000000".into())
        );
    }
}
