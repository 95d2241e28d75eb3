//! The graphs that are measured, of any size: a chain, something like a multi-layer perceptron, and leaves that very
//! many read. Each benchmark uses a part of this.
#![allow(dead_code, reason = "the rest is for the others")]

use std::fmt::Write;

use stepgrad::engine::ops::Builtin;
use stepgrad::engine::{Graph, NONE, ValueId};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Each value is made of the one before it: as deep as it is long.
    Chain,
    /// Layers of `WIDTH` neurons, each the tanh of a sum of products with weights of its own.
    Mlp,
    /// A sum of products of eight leaves, each of which is read by an eighth of all that there is.
    FanOut,
}

/// One value: a leaf, or what an op makes of values before it.
#[derive(Clone, Copy)]
pub enum Made {
    Leaf(f64),
    By(Builtin, ValueId, ValueId),
}

const WIDTH: u32 = 64;

impl Shape {
    pub const ALL: [Self; 3] = [Self::Chain, Self::Mlp, Self::FanOut];

    pub fn name(self) -> &'static str {
        match self {
            Self::Chain => "chain",
            Self::Mlp => "mlp",
            Self::FanOut => "fan-out",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shape| shape.name() == name)
    }

    /// So many values, in the order in which they are made; the last is the root.
    pub fn values(self, count: u32) -> Vec<Made> {
        match self {
            Self::Chain => chain(count),
            Self::Mlp => mlp(count),
            Self::FanOut => fan_out(count),
        }
    }

    pub fn graph(self, count: u32) -> Graph {
        let mut graph = Graph::default();
        for made in self.values(count) {
            match made {
                Made::Leaf(data) => graph.add_leaf(data),
                Made::By(op, a, b) => graph.add(op.id(), [a, b]),
            };
        }
        graph
    }

    /// The same as a scenario file, in the form that exporters write, spaced as Python's `json.dumps` does it.
    pub fn json(self, count: u32) -> String {
        let mut text = r#"{"values": {"#.to_owned();
        for (v, made) in self.values(count).into_iter().enumerate() {
            let comma = if v == 0 { "" } else { ", " };
            let value = match made {
                Made::Leaf(data) => format!(r#"{{"data": {data:?}}}"#),
                Made::By(op, a, NONE) => format!(r#"{{"op": "{}", "args": ["v{a}"]}}"#, symbol(op)),
                Made::By(op, a, b) => format!(r#"{{"op": "{}", "args": ["v{a}", "v{b}"]}}"#, symbol(op)),
            };
            write!(text, r#"{comma}"v{v}": {value}"#).expect("a string takes it");
        }
        text + "}}\n"
    }
}

fn symbol(op: Builtin) -> &'static str {
    match op {
        Builtin::Add => "+",
        Builtin::Mul => "*",
        _ => "tanh",
    }
}

fn chain(count: u32) -> Vec<Made> {
    let leaves = [Made::Leaf(1.000_000_9), Made::Leaf(1.0)];
    leaves.into_iter().chain((2..count).map(|v| Made::By(Builtin::Mul, v - 1, 0))).collect()
}

fn fan_out(count: u32) -> Vec<Made> {
    let mut values: Vec<Made> = (1..=8).map(|leaf| Made::Leaf(f64::from(leaf) / 16.0)).collect();
    values.push(Made::By(Builtin::Mul, 0, 1));
    for v in 9..count {
        let (leaf, other) = (v / 2 % 8, v / 16 % 8);
        let product = v % 2 == 1 && v + 1 < count;
        values.push(if product {
            Made::By(Builtin::Mul, leaf, other)
        } else {
            Made::By(Builtin::Add, v - 1, if v % 2 == 0 { v - 2 } else { leaf })
        });
    }
    values
}

/// Values are made as micrograd does it: a neuron's weight, its product, its place in the sum.
fn mlp(count: u32) -> Vec<Made> {
    let mut values: Vec<Made> = (0..WIDTH).map(|at| Made::Leaf(f64::from(at) / f64::from(WIDTH) - 0.5)).collect();
    let mut layer: Vec<ValueId> = (0..WIDTH).collect();
    let mut seed = 5_u64;
    let mut weight = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        #[allow(clippy::cast_precision_loss, reason = "any number will do")]
        let unit = (seed >> 40) as f64 / f64::from(1 << 24);
        (unit - 0.5) / 4.0
    };
    let push = |values: &mut Vec<Made>, made| {
        values.push(made);
        u32::try_from(values.len() - 1).expect("there are fewer than 2^32")
    };
    while values.len() < count as usize {
        let mut next = Vec::new();
        for _ in 0..WIDTH {
            let mut sum = push(&mut values, Made::Leaf(weight()));
            for &input in &layer {
                let weight = push(&mut values, Made::Leaf(weight()));
                let product = push(&mut values, Made::By(Builtin::Mul, weight, input));
                sum = push(&mut values, Made::By(Builtin::Add, sum, product));
            }
            next.push(push(&mut values, Made::By(Builtin::Tanh, sum, NONE)));
        }
        layer = next;
    }
    // The loss: all outputs of the last layer together.
    let first = layer[0];
    layer[1..].iter().fold(first, |sum, &output| push(&mut values, Made::By(Builtin::Add, sum, output)));
    values
}
