/// A function of the language: its name, how many arguments it takes, and what it does with them (the second is
/// ignored by those that take one).
#[derive(Clone, Copy)]
pub struct Function {
    pub name: &'static str,
    pub args: usize,
    pub call: fn(f64, f64) -> f64,
}

/// Every function that rules, statements and conditions may call. Ops of the same name call the same code.
pub const FUNCTIONS: &[Function] = &[
    Function { name: "exp", args: 1, call: |x, _| x.exp() },
    Function { name: "log", args: 1, call: |x, _| x.ln() },
    Function { name: "tanh", args: 1, call: |x, _| x.tanh() },
    Function { name: "sigmoid", args: 1, call: |x, _| sigmoid(x) },
    Function { name: "relu", args: 1, call: |x, _| relu(x) },
    Function { name: "sin", args: 1, call: |x, _| x.sin() },
    Function { name: "cos", args: 1, call: |x, _| x.cos() },
    Function { name: "sqrt", args: 1, call: |x, _| x.sqrt() },
    Function { name: "abs", args: 1, call: |x, _| x.abs() },
    Function { name: "sign", args: 1, call: |x, _| sign(x) },
    Function { name: "max", args: 2, call: max },
    Function { name: "min", args: 2, call: min },
    Function { name: "isnan", args: 1, call: |x, _| f64::from(x.is_nan()) },
    Function { name: "isinf", args: 1, call: |x, _| f64::from(x.is_infinite()) },
];

/// The function of that name, if there is one.
pub fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

/// 1 / (1 + e^-x). Overflow of the exponential is harmless: 1 / inf is 0.
pub fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// max(0, x), with NaN staying NaN and -0.0 staying -0.0, as in PyTorch and micrograd.
pub fn relu(x: f64) -> f64 {
    if x < 0.0 { 0.0 } else { x }
}

/// -1, 0 or 1; 0 for NaN, as in PyTorch.
pub fn sign(x: f64) -> f64 {
    gt(x, 0.0) - lt(x, 0.0)
}

/// The larger; NaN if either is, as in PyTorch and JAX (`f64::max` would drop it).
pub fn max(x: f64, y: f64) -> f64 {
    if x >= y || x.is_nan() { x } else { y }
}

/// The smaller; NaN if either is.
pub fn min(x: f64, y: f64) -> f64 {
    if x <= y || x.is_nan() { x } else { y }
}

/// x to the power n. Squares are multiplied out: `powf` may differ there in the last bit from one platform to the next.
pub fn pow(x: f64, n: f64) -> f64 {
    if n.to_bits() == 2.0_f64.to_bits() { x * x } else { x.powf(n) }
}

/// x - y², rounded once, as PyTorch computes the slope of `tanh`: near y = 1, where the square has no digits to spare, a
/// second rounding would take half of those that are left.
pub fn sub_square(x: f64, y: f64) -> f64 {
    (-y).mul_add(y, x)
}

/// Comparisons are numbers here, as Python's are when one calculates with them: 1 for true, 0 for false.
pub fn gt(x: f64, y: f64) -> f64 {
    f64::from(x > y)
}

pub fn lt(x: f64, y: f64) -> f64 {
    f64::from(x < y)
}

/// Exactly equal: a tie of `max` is a tie of bits, not of tolerances.
#[allow(clippy::float_cmp, reason = "exact equality is what is meant")]
pub fn eq(x: f64, y: f64) -> f64 {
    f64::from(x == y)
}
