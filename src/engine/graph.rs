use super::bits::Bits;
use super::op::{Op, OpId, RuleInput};
use super::ops::{Builtin, builtin_ops};

/// The number of a value in its graph, in the order in which values were made.
pub type ValueId = u32;

/// No value: the second operand of an op that has one.
pub const NONE: ValueId = u32::MAX;

/// A scalar computational graph: an arena, in one array a property.
///
/// Invariants: operands have smaller ids than the value made of them, so there is no cycle; `operands[v]` has
/// [`Op::operands`] of its op, left to right, with repeats (`a + a` is `[a, a]`), and [`NONE`] in the rest.
#[derive(Clone)]
pub struct Graph {
    pub op: Vec<OpId>,
    pub operands: Vec<[ValueId; 2]>,
    /// The number given with a value: what a leaf holds at first, the exponent of a power, else 0.
    pub number: Vec<f64>,
    /// The built-in ops by their numbers, then the graph's own.
    pub ops: Vec<Op>,
}

impl Default for Graph {
    fn default() -> Self {
        Self { op: Vec::new(), operands: Vec::new(), number: Vec::new(), ops: builtin_ops() }
    }
}

impl Graph {
    pub fn len(&self) -> usize {
        self.op.len()
    }

    pub fn is_empty(&self) -> bool {
        self.op.is_empty()
    }

    pub fn ids(&self) -> std::ops::Range<ValueId> {
        0..ValueId::try_from(self.len()).expect("a graph has fewer than 2^32 values")
    }

    /// Adds a leaf and gives its number.
    pub fn add_leaf(&mut self, data: f64) -> ValueId {
        self.push(OpId::LEAF, [NONE, NONE], data)
    }

    /// Adds what an op makes of values that are there already.
    pub fn add(&mut self, op: OpId, operands: [ValueId; 2]) -> ValueId {
        self.push(op, operands, 0.0)
    }

    /// Adds a value to the power of a number.
    pub fn add_power(&mut self, op: OpId, base: ValueId, exponent: f64) -> ValueId {
        self.push(op, [base, NONE], exponent)
    }

    /// Bytes that it takes, but for its ops.
    pub fn bytes(&self) -> usize {
        self.len() * (size_of::<OpId>() + size_of::<[ValueId; 2]>() + size_of::<f64>())
    }

    fn push(&mut self, op: OpId, operands: [ValueId; 2], number: f64) -> ValueId {
        let id = ValueId::try_from(self.len()).expect("a graph has fewer than 2^32 values");
        self.op.push(op);
        self.operands.push(operands);
        self.number.push(number);
        id
    }

    pub fn is_leaf(&self, v: ValueId) -> bool {
        self.op[v as usize] == OpId::LEAF
    }

    /// The op that made a value; `None` for a leaf.
    pub fn op_of(&self, v: ValueId) -> Option<&Op> {
        self.ops.get(usize::from(self.op[v as usize].0))
    }

    /// Which values an op makes.
    pub fn computed(&self) -> Bits {
        self.ids().map(|v| !self.is_leaf(v)).collect()
    }

    /// The operands of a value, left to right, with repeats; empty for a leaf.
    pub fn operands_of(&self, v: ValueId) -> &[ValueId] {
        let count = self.op_of(v).map_or(0, |op| op.operands);
        &self.operands[v as usize][..count]
    }

    /// The exponent that belongs to a value's op, where it has one.
    pub fn exponent_of(&self, v: ValueId) -> Option<f64> {
        let op = self.op_of(v)?;
        op.exponent.then(|| self.number[v as usize])
    }

    /// How many lines the `_backward`s of all its values have. Invariant: fewer than 2^32.
    pub fn lines(&self) -> u64 {
        let of_ops: Vec<u64> = self.ops.iter().map(|op| op.lines.len() as u64).collect();
        self.op.iter().map(|op| of_ops.get(usize::from(op.0)).copied().unwrap_or(0)).sum()
    }

    /// Whether each `_backward` has as many lines as in another graph of the same values.
    pub fn has_lines_of(&self, other: &Self) -> bool {
        let same = |&v: &ValueId| self.op[v as usize] == other.op[v as usize] || self.lines_of(v) == other.lines_of(v);
        std::ptr::eq(self, other) || self.len() == other.len() && self.ids().all(|v| same(&v))
    }

    /// How many lines a value's `_backward` has; 0 for a leaf.
    pub fn lines_of(&self, v: ValueId) -> usize {
        self.op_of(v).map_or(0, |op| op.lines.len())
    }

    /// The numbers that the rules of the op of `v` may use, where `data` and `grad` say what each value holds.
    pub fn rule_input(&self, v: ValueId, data: impl Fn(ValueId) -> f64, grad: impl Fn(ValueId) -> f64) -> RuleInput {
        let mut input = RuleInput { out_data: data(v), out_grad: grad(v), ..RuleInput::default() };
        for (slot, &operand) in self.operands_of(v).iter().enumerate() {
            input.data[slot] = data(operand);
            input.grad[slot] = grad(operand);
        }
        if let Some(exponent) = self.exponent_of(v) {
            input.data[1] = exponent;
        }
        input
    }

    /// What the op of `v` makes of the numbers in `data`.
    pub fn compute(&self, v: ValueId, data: &[f64]) -> f64 {
        let [a, b] = [0, 1].map(|at| self.data_for(v, at, data));
        if let Some(builtin) = Builtin::from_id(self.op[v as usize]) {
            return builtin.forward(a, b);
        }
        let op = self.op_of(v).expect("a leaf is not computed");
        if let Some(builtin) = op.like {
            return builtin.forward(a, b);
        }
        RuleInput { data: [a, b], ..RuleInput::default() }.eval(&op.forward)
    }

    /// The data that the rules of `v` may use: of the first operand (0); of the second, or the exponent, or 0 (1); its
    /// own (2).
    #[inline]
    pub(super) fn data_for(&self, v: ValueId, at: usize, data: &[f64]) -> f64 {
        let [a, b] = self.operands[v as usize];
        match at {
            0 => data[a as usize],
            1 => data.get(b as usize).copied().unwrap_or_else(|| self.number[v as usize]),
            _ => data[v as usize],
        }
    }
}
