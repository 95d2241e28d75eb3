//! Random graphs of all built-in ops, on numbers for which each has a slope.

use stepgrad::engine::op::{Op, OpId};
use stepgrad::engine::ops::builtin_ops;
use stepgrad::engine::{Graph, NONE, ValueId};

/// The same on every run.
pub struct Random(u64);

/// A graph; its root is the last value.
pub struct Drawn {
    pub graph: Graph,
}

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    pub fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % count as u64).unwrap()
    }

    /// From -2.5 to 2.5; where kinks are wanted one of a few halves, so that there are ties and zeros.
    fn number(&mut self, kinks: bool) -> f64 {
        let parts = if kinks { 2 } else { 20_000 };
        let drawn = u32::try_from(self.below(5 * parts + 1)).unwrap();
        f64::from(drawn) / f64::from(u32::try_from(parts).unwrap()) - 2.5 + if kinks { 0.0 } else { 1e-5 }
    }

    /// Up to `most` values. Away from kinks, or on and off them.
    pub fn graph(&mut self, most: usize, kinks: bool) -> Drawn {
        let ops = builtin_ops();
        let mut graph = Graph::default();
        let leaves = 2 + self.below(3);
        let mut data: Vec<f64> = (0..leaves).map(|_| self.number(kinks)).collect();
        for &number in &data {
            graph.add_leaf(number);
        }
        let wanted = leaves + 1 + self.below(most - leaves);
        while graph.len() < wanted {
            let at = self.op(&ops, kinks);
            let (a, b) = (self.operand(data.len()), self.operand(data.len()));
            let exponent = [2.0, 3.0, -1.0, 0.5, 1.7][self.below(5)];
            let other = if ops[at].exponent { exponent } else { data[b as usize] };
            if !fits(&ops[at], data[a as usize], other, kinks) {
                continue;
            }
            let id = OpId(u16::try_from(at).unwrap());
            let v = match (ops[at].exponent, ops[at].operands) {
                (true, _) => graph.add_power(id, a, exponent),
                (_, 1) => graph.add(id, [a, NONE]),
                _ => graph.add(id, [a, b]),
            };
            data.push(0.0);
            data[v as usize] = graph.compute(v, &data);
        }
        Drawn { graph }
    }

    /// Any op; every other one has a kink, where that is wanted.
    fn op(&mut self, ops: &[Op], kinks: bool) -> usize {
        let bent: Vec<usize> = (0..ops.len()).filter(|&at| BENT.contains(&ops[at].name.as_str())).collect();
        if kinks && self.below(2) == 0 { bent[self.below(bent.len())] } else { self.below(ops.len()) }
    }

    /// Rather one of the last than any: so graphs get deep, and the root is made of most values.
    fn operand(&mut self, count: usize) -> ValueId {
        let from = if self.below(4) == 0 { 0 } else { count.saturating_sub(2) };
        ValueId::try_from(from + self.below(count - from)).unwrap()
    }
}

const BENT: [&str; 4] = ["relu", "abs", "max", "min"];

/// Whether an op has a slope there, and one that is neither steep nor, if that is wanted, on a kink.
fn fits(op: &Op, a: f64, b: f64, kinks: bool) -> bool {
    let smooth = |x: f64| kinks || x.abs() > 0.01;
    let tame = a.abs() < 50.0 && (op.operands == 1 || b.abs() < 50.0);
    tame && match op.name.as_str() {
        "/" => b.abs() > 0.1,
        "**" => a > 0.1 && a < 5.0 && b.abs() < 4.0,
        "log" | "sqrt" => a > 0.05,
        "exp" => a < 3.0,
        "relu" | "abs" => smooth(a),
        "max" | "min" => smooth(a - b),
        _ => true,
    }
}

impl Drawn {
    pub fn root(&self) -> String {
        format!("v{}", self.graph.len() - 1)
    }

    /// Every `_backward` as statements of a script, from the last value made to the first; or the other way round.
    pub fn calls(&self, wrong_way: bool) -> String {
        let mut calls: Vec<String> = self.graph.ids().rev().map(|v| format!("\"v{v}._backward()\"")).collect();
        if wrong_way {
            calls.reverse();
        }
        calls.join(", ")
    }

    /// The file, with `more` fields.
    pub fn text(&self, more: &str) -> String {
        let values: Vec<String> = self.graph.ids().map(|v| format!("\"v{v}\": {}", self.value(v))).collect();
        format!("{{\"values\": {{{}}}{more}}}", values.join(",\n"))
    }

    fn value(&self, v: ValueId) -> String {
        let Some(op) = self.graph.op_of(v) else { return format!("{:?}", self.graph.number[v as usize]) };
        let operands = self.graph.operands_of(v).iter().map(|operand| format!("\"v{operand}\""));
        let args: Vec<String> = operands.chain(self.graph.exponent_of(v).map(|n| format!("{n:?}"))).collect();
        format!("{{\"op\": \"{}\", \"args\": [{}]}}", op.name, args.join(", "))
    }
}
