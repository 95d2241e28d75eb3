use super::op::{Op, OpId, RuleName};
use crate::formula::{Name, sigmoid, sign};
#[allow(clippy::wildcard_imports, reason = "the functions of the rules, under the names the rules call them by")]
use rules::*;

/// An operand as a rule sees it.
#[derive(Clone, Copy)]
struct In {
    data: f64,
}

/// The value an op made, as its rule sees it.
#[derive(Clone, Copy)]
struct Out {
    data: f64,
    grad: f64,
}

/// A row of the table: an op's name and the text of its rules, as written in the entry.
struct Entry {
    name: &'static str,
    operands: &'static [&'static str],
    data: &'static str,
    lines: &'static [(&'static str, &'static str)],
}

/// Turns each entry into the compiled rule and, from the same tokens, into the text that is shown and parsed.
///
/// An entry reads as the notebook's closures do. It may use what is valid both in Rust and in the notebook's language:
/// arithmetic and calls. Python's operators that Rust lacks between numbers are called by name (`pow(x, n)`, `gt(x, y)`,
/// `sub_square(x, y)`) and shown as `x**n`, `x > y`, `x - y**2`. `this` is shown as `self`. Lines write operands in their order, which is what lets the
/// sweep add them without looking up their targets.
macro_rules! ops {
    ($($(#[doc = $doc:literal])* $id:ident $name:literal [$($operand:ident),+] => $out:ident $(, $t:ident)? {
        data = $data:expr;
        $($target:ident.grad += $amount:expr;)*
    })*) => {
        /// Every built-in op. The number of each is its [`OpId`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u16)]
        pub enum Builtin { $($(#[doc = $doc])* $id,)* }

        const TABLE: &[Entry] = &[$(Entry {
            name: $name,
            operands: &[$(stringify!($operand)),+],
            data: stringify!($data),
            lines: &[$((stringify!($target), stringify!($amount))),*],
        }),*];

        impl Builtin {
            /// The op of that number; `None` past the end of the table, where a graph's own ops start. It costs a
            /// comparison: the numbers of the table are those of the enum.
            #[inline]
            pub fn from_id(id: OpId) -> Option<Self> {
                match id.0 {
                    $(number if number == Self::$id as u16 => Some(Self::$id),)*
                    _ => None,
                }
            }

            /// The number that the op makes of its operands. An op of one operand ignores `b`.
            #[inline]
            #[allow(unused_variables, reason = "an op of one operand has no use for the other")]
            pub fn forward(self, a: f64, b: f64) -> f64 {
                match self {
                    $(Self::$id => { operands!(a, b => $($operand),+); $data })*
                }
            }

            /// Hands the amount that each of its `_backward` lines adds, with the place of the operand it is for, to
            /// `add`, in their order. `data` gives the numbers of `self` (0), `other` or the exponent (1) and `out` (2).
            ///
            /// Each op asks only for what its own lines use: in the sweep, what is not asked for is not loaded.
            #[inline]
            #[allow(unused_variables, reason = "a rule need not use every number it may")]
            #[allow(clippy::neg_multiply, reason = "the rule is quoted: a slope of -1 is to be seen")]
            pub fn backward(self, data: impl Fn(usize) -> f64, grad: f64, mut add: impl FnMut(usize, f64)) {
                match self {
                    $(Self::$id => {
                        operands!(data(0), data(1) => $($operand),+);
                        let $out = Out { data: data(2), grad };
                        $(let $t = $out.data;)?
                        let amounts = [$($amount),*];
                        amounts.into_iter().enumerate().for_each(|(slot, amount)| add(slot, amount));
                    })*
                }
            }

            /// The same amounts as numbers; 0 where there is no such line.
            pub fn amounts(self, a: f64, b: f64, data: f64, grad: f64) -> [f64; 2] {
                let mut amounts = [0.0; 2];
                self.backward(|at| [a, b, data][at], grad, |slot, amount| amounts[slot] = amount);
                amounts
            }
        }
    };
}

macro_rules! operands {
    ($a:expr, $b:expr => $this:ident) => {
        #[allow(unused_variables, reason = "a rule need not use every number it may")]
        let $this = In { data: $a };
    };
    ($a:expr, $b:expr => $this:ident, $other:ident) => {
        #[allow(unused_variables, reason = "a rule need not use every number it may")]
        let ($this, $other) = (In { data: $a }, In { data: $b });
    };
}

ops! {
    /// Sum. Hands its grad on unchanged.
    Add "+" [this, other] => out {
        data = this.data + other.data;
        this.grad += 1.0 * out.grad;
        other.grad += 1.0 * out.grad;
    }
    /// Difference.
    Sub "-" [this, other] => out {
        data = this.data - other.data;
        this.grad += 1.0 * out.grad;
        other.grad += -1.0 * out.grad;
    }
    /// Product. Each operand's slope is the other operand.
    Mul "*" [this, other] => out {
        data = this.data * other.data;
        this.grad += other.data * out.grad;
        other.grad += this.data * out.grad;
    }
    /// Quotient. The second slope is -(a/b)/b, in the order PyTorch multiplies.
    Div "/" [this, other] => out {
        data = this.data / other.data;
        this.grad += 1.0 / other.data * out.grad;
        other.grad += -out.data / other.data * out.grad;
    }
    /// Power of two values: both have a slope. The second is NaN where the base is not positive, as log is.
    Pow "**" [this, other] => out {
        data = pow(this.data, other.data);
        this.grad += other.data * pow(this.data, other.data - 1.0) * out.grad;
        other.grad += out.data * log(this.data) * out.grad;
    }
    /// Power with a number for exponent, which belongs to the op and has no grad, as in micrograd. `x**0` has slope
    /// 0 * x**-1, so NaN at 0 and at NaN, as in JAX (PyTorch special-cases it to 0).
    PowNumber "**" [this, n] => out {
        data = pow(this.data, n.data);
        this.grad += n.data * pow(this.data, n.data - 1.0) * out.grad;
    }
    /// Minus.
    Neg "neg" [this] => out {
        data = -this.data;
        this.grad += -1.0 * out.grad;
    }
    /// Exponential: its own slope, so `out`, not `x`.
    Exp "exp" [this] => out {
        data = exp(this.data);
        this.grad += out.data * out.grad;
    }
    /// Natural logarithm. The slope is 1/x also where log itself is NaN or infinite, as in PyTorch, down to the
    /// subnormal numbers that JAX flushes to 0.
    Log "log" [this] => out {
        data = log(this.data);
        this.grad += 1.0 / this.data * out.grad;
    }
    /// Hyperbolic tangent, by `f64::tanh`. (The notebook's own formula overflows past |x| = 354.) The slope is the
    /// notebook's 1 - t**2, where t is its result; the language rounds it once.
    Tanh "tanh" [this] => out, t {
        data = tanh(this.data);
        this.grad += sub_square(1.0, t) * out.grad;
    }
    /// 1 / (1 + e^-x).
    Sigmoid "sigmoid" [this] => out {
        data = sigmoid(this.data);
        this.grad += out.data * (1.0 - out.data) * out.grad;
    }
    /// max(0, x). The slope at 0 is 0, as everywhere; for NaN it is 0, as in JAX and micrograd.
    Relu "relu" [this] => out {
        data = relu(this.data);
        this.grad += gt(out.data, 0.0) * out.grad;
    }
    /// Sine.
    Sin "sin" [this] => out {
        data = sin(this.data);
        this.grad += cos(this.data) * out.grad;
    }
    /// Cosine.
    Cos "cos" [this] => out {
        data = cos(this.data);
        this.grad += -sin(this.data) * out.grad;
    }
    /// Square root. Its slope at 0 is infinite.
    Sqrt "sqrt" [this] => out {
        data = sqrt(this.data);
        this.grad += 1.0 / (2.0 * out.data) * out.grad;
    }
    /// Absolute value. The slope at 0, and for NaN, is 0, as in PyTorch (JAX says 1 and -1).
    Abs "abs" [this] => out {
        data = abs(this.data);
        this.grad += sign(this.data) * out.grad;
    }
    /// The larger operand; NaN if either is. A tie shares the grad in halves, as in PyTorch and JAX; where an operand
    /// is NaN neither gets any, as in JAX.
    Max "max" [this, other] => out {
        data = max(this.data, other.data);
        this.grad += (gt(this.data, other.data) + 0.5 * eq(this.data, other.data)) * out.grad;
        other.grad += (lt(this.data, other.data) + 0.5 * eq(this.data, other.data)) * out.grad;
    }
    /// The smaller operand; ties and NaN as in `max`. Of 0.0 and -0.0 the first is the smaller, as in PyTorch.
    Min "min" [this, other] => out {
        data = min(this.data, other.data);
        this.grad += (lt(this.data, other.data) + 0.5 * eq(this.data, other.data)) * out.grad;
        other.grad += (gt(this.data, other.data) + 0.5 * eq(this.data, other.data)) * out.grad;
    }
}

/// The functions of the rules, under the names the rules call them by.
mod rules {
    pub use crate::formula::function::{eq, gt, lt, max, min, pow, relu, sub_square};

    macro_rules! functions {
        ($($name:ident = $method:ident),*) => { $(
            #[inline]
            pub fn $name(x: f64) -> f64 {
                x.$method()
            }
        )* };
    }

    functions!(exp = exp, log = ln, tanh = tanh, sin = sin, cos = cos, sqrt = sqrt, abs = abs);
}

impl Builtin {
    pub fn id(self) -> OpId {
        OpId(self as u16)
    }
}

/// The built-in ops, in the order of their numbers, their texts parsed.
pub fn builtin_ops() -> Vec<Op> {
    let entries = TABLE.iter().enumerate().filter_map(|(id, entry)| Some((Builtin::from_id(OpId::of(id))?, entry)));
    entries.map(|(like, entry)| Op::of_table(like, entry.name, entry.operands, entry.data, entry.lines)).collect()
}

/// What a name in the text of a rule of the table means.
pub(super) fn name_in_table(name: &Name, operands: &[&str]) -> Option<RuleName> {
    let object = match operands.iter().position(|operand| *operand == &*name.text) {
        Some(0) => "self",
        Some(_) if &*name.text == "n" => return Some(RuleName::Exponent),
        Some(_) => "other",
        None => &*name.text,
    };
    RuleName::find(object, name.field)
}

#[cfg(test)]
mod tests {
    use super::TABLE;

    /// [`super::Op::of_table`] numbers the lines and does not read whose grad each says it writes.
    #[test]
    fn each_line_names_the_operand_of_its_place() {
        for entry in TABLE {
            let written: Vec<&str> = entry.lines.iter().map(|(target, _)| *target).collect();
            let operands: Vec<&str> = entry.operands.iter().copied().filter(|operand| *operand != "n").collect();
            assert_eq!(written, operands, "{}", entry.name);
        }
    }
}
