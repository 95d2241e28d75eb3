use std::ops::{Add, Div, Mul, Neg, Sub};

use super::function::{self, Function};

/// A number and its slope: forward-mode differentiation, which shares no code with any `_backward`.
///
/// A dual x + x'ε, with ε² = 0, carries through every operation the derivative by whatever started with slope 1
/// (Clifford 1873; Griewank and Walther, *Evaluating Derivatives*, chapter 3). It is exact: no step is chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dual {
    pub value: f64,
    pub slope: f64,
}

impl Dual {
    /// A number that does not move.
    pub fn constant(value: f64) -> Self {
        Self { value, slope: 0.0 }
    }

    /// The number by which is differentiated.
    pub fn variable(value: f64) -> Self {
        Self { value, slope: 1.0 }
    }

    /// f(x) with slope f'(x) x', where a slope of 0 stays 0 whatever f' is: what does not move, moves nothing.
    fn chain(self, value: f64, derivative: f64) -> Self {
        Self { value, slope: times(derivative, self.slope) }
    }

    #[must_use]
    pub fn powf(self, n: Self) -> Self {
        let value = function::pow(self.value, n.value);
        let by_base = times(n.value * function::pow(self.value, n.value - 1.0), self.slope);
        let by_exponent = times(value * self.value.ln(), n.slope);
        Self { value, slope: by_base + by_exponent }
    }

    /// A function of the language applied to duals. At a kink the slope is that which the table of ops chooses.
    pub fn call(function: &Function, x: Self, y: Self) -> Self {
        let value = (function.call)(x.value, y.value);
        match function.name {
            "exp" => x.chain(value, value),
            "log" => x.chain(value, 1.0 / x.value),
            "tanh" => x.chain(value, 1.0 / (x.value.cosh() * x.value.cosh())),
            "sigmoid" => x.chain(value, sigmoid_slope(x.value)),
            "relu" => x.chain(value, function::gt(x.value, 0.0)),
            "sin" => x.chain(value, x.value.cos()),
            "cos" => x.chain(value, -x.value.sin()),
            "sqrt" => x.chain(value, 0.5 / x.value.sqrt()),
            "abs" => x.chain(value, function::sign(x.value)),
            "max" => share(value, x, y, function::gt(x.value, y.value)),
            "min" => share(value, x, y, function::lt(x.value, y.value)),
            // What is left is flat: `sign`, `isnan`, `isinf`.
            _ => Self::constant(value),
        }
    }
}

/// A product in which a 0 on the right stands for "does not move", so that it wins over infinity.
fn times(derivative: f64, slope: f64) -> f64 {
    if slope == 0.0 { 0.0 } else { derivative * slope }
}

/// e^-x / (1 + e^-x)², by the side on which the exponential does not overflow.
fn sigmoid_slope(x: f64) -> f64 {
    let e = (-x.abs()).exp();
    e / ((1.0 + e) * (1.0 + e))
}

/// The slope of the larger or smaller: of the first where `first` is 1, of both in halves at a tie.
fn share(value: f64, x: Dual, y: Dual, first: f64) -> Dual {
    let tie = function::eq(x.value, y.value);
    let of_x = first + 0.5 * tie;
    Dual { value, slope: times(of_x, x.slope) + times(1.0 - of_x, y.slope) }
}

impl Add for Dual {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { value: self.value + other.value, slope: self.slope + other.slope }
    }
}

impl Sub for Dual {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self { value: self.value - other.value, slope: self.slope - other.slope }
    }
}

impl Mul for Dual {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let slope = times(other.value, self.slope) + times(self.value, other.slope);
        Self { value: self.value * other.value, slope }
    }
}

impl Div for Dual {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        let value = self.value / other.value;
        let slope = times(1.0 / other.value, self.slope) - times(value / other.value, other.slope);
        Self { value, slope }
    }
}

impl Neg for Dual {
    type Output = Self;
    fn neg(self) -> Self {
        Self { value: -self.value, slope: -self.slope }
    }
}

#[cfg(test)]
mod tests {
    use super::Dual;
    use crate::formula::function::FUNCTIONS;

    /// A function that nobody gave a slope would pass for a flat one.
    #[test]
    fn every_function_has_its_slope() {
        let (x, y, h) = (0.3, 0.7, 1e-6);
        for function in FUNCTIONS {
            let slope_of = |value: &dyn Fn(f64) -> f64| (value(h) - value(-h)) / (2.0 * h);
            let by_x = slope_of(&|h| (function.call)(x + h, y));
            let by_y = if function.args == 2 { slope_of(&|h| (function.call)(x, y + h)) } else { 0.0 };
            let of_x = Dual::call(function, Dual::variable(x), Dual::constant(y)).slope;
            let of_y = Dual::call(function, Dual::constant(x), Dual::variable(y)).slope;
            assert!((of_x - by_x).abs() < 1e-8, "{} by its first: {of_x}, measured {by_x}", function.name);
            assert!((of_y - by_y).abs() < 1e-8, "{} by its second: {of_y}, measured {by_y}", function.name);
        }
    }
}
