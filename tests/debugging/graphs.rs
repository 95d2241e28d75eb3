//! Random graphs and random choices, the same on every run.

use std::fmt::Write;

use stepgrad::debugger::Debugger;

/// A generator of numbers (splitmix64): small, and the same everywhere.
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Less than `below`.
    pub fn under(&mut self, below: usize) -> usize {
        usize::try_from(self.next() % below as u64).unwrap()
    }

    pub fn of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.under(choices.len())]
    }
}

/// A graph of `size` values `v0`, `v1`, ..., of which the last is the root; operands are near, and may repeat.
pub fn random(dice: &mut Dice, size: usize, script: &str) -> Debugger {
    let leaves = 2 + dice.under(3);
    let mut values = String::new();
    for v in 0..size {
        let mut operand = || v.saturating_sub(1 + dice.under(6)).min(v.saturating_sub(1));
        let (a, b) = (operand(), operand());
        let formula = match dice.under(8) {
            _ if v < leaves => format!("{}", f64::from(u32::try_from(dice.under(40)).unwrap()) / 10.0 - 2.0),
            0..3 => format!("\"v{a} + v{b}\""),
            3 => format!("\"v{a} - v{b}\""),
            4 => format!("\"v{a} * v{b}\""),
            5 => format!("\"sin(v{a})\""),
            6 => format!("\"max(v{a}, v{b})\""),
            _ => format!("\"tanh(v{a})\""),
        };
        let comma = if v > 0 { ", " } else { "" };
        write!(values, "{comma}\"v{v}\": {formula}").unwrap();
    }
    crate::debugger(&format!("{{\"values\": {{{values}}}, \"script\": [{script}]}}"))
}
