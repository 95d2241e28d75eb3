//! Dual numbers are slopes: of every function, and of the forward of every op in the table.

use stepgrad::engine::op::{Op, RuleInput};
use stepgrad::engine::ops::builtin_ops;
use stepgrad::formula::{Dual, FUNCTIONS};

use crate::{checked, debugger};

/// Away from 0 and, where there are two, from each other: no kink is near.
const POINTS: [f64; 8] = [-2.7, -1.3, -0.6, 0.35, 0.8, 1.45, 2.2, 3.1];
const SECOND: [f64; 6] = [-1.75, -0.5, 0.45, 1.1, 2.5, 3.4];

/// The slope of `f` at `x` by central differences of two widths, whose errors of second order cancel.
fn slope(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    let difference = |h: f64| (f(x + h) - f(x - h)) / (2.0 * h);
    (4.0 * difference(5e-4) - difference(1e-3)) / 3.0
}

fn near(dual: f64, numeric: f64) -> bool {
    !numeric.is_finite() || (dual - numeric).abs() <= 1e-8 * numeric.abs().max(1.0)
}

fn pairs() -> impl Iterator<Item = [f64; 2]> {
    POINTS.iter().flat_map(|&x| SECOND.map(|y| [x, y]))
}

#[test]
fn every_function_has_its_slope() {
    for function in FUNCTIONS {
        for [x, y] in pairs() {
            let (by_x, by_y) = (
                Dual::call(function, Dual::variable(x), Dual::constant(y)),
                Dual::call(function, Dual::constant(x), Dual::variable(y)),
            );
            let value = (function.call)(x, y);
            assert!(by_x.value.to_bits() == value.to_bits() || value.is_nan(), "{}", function.name);
            let measured = slope(|x| (function.call)(x, y), x);
            assert!(near(by_x.slope, measured), "{}({x}, {y}): {by_x:?}, not {measured}", function.name);
            if function.args == 2 {
                let measured = slope(|y| (function.call)(x, y), y);
                assert!(near(by_y.slope, measured), "{}({x}, {y}): {by_y:?}, not {measured}", function.name);
            }
        }
    }
}

/// What the `_backward` of an op adds to an operand's grad for a grad of 1.
fn amount(op: &Op, data: [f64; 2], slot: usize) -> f64 {
    let input = RuleInput { data, out_grad: 1.0, ..RuleInput::default() };
    let input = RuleInput { out_data: input.eval(&op.forward), ..input };
    op.lines.iter().filter(|line| line.slot == slot).map(|line| input.eval(&line.amount)).sum()
}

fn dual(op: &Op, data: [f64; 2], slot: usize) -> f64 {
    op.slope(&RuleInput { data, ..RuleInput::default() }, slot)
}

#[test]
fn the_slope_of_every_op_is_what_its_rule_adds() {
    let mut compared = 0;
    for op in builtin_ops() {
        for data in pairs() {
            for slot in 0..op.operands {
                let (dual, rule) = (dual(&op, data, slot), amount(&op, data, slot));
                let forward = |x: f64| {
                    let data = if slot == 0 { [x, data[1]] } else { [data[0], x] };
                    RuleInput { data, ..RuleInput::default() }.eval(&op.forward)
                };
                assert!(near(dual, slope(forward, data[slot])), "{} at {data:?}: {dual}", op.name);
                let same = (dual - rule).abs() <= 1e-14 * rule.abs().max(1.0);
                let outside = forward(data[slot]).is_nan() || rule.is_nan() && dual.is_nan();
                assert!(same || outside, "{} at {data:?}, line {slot}: {dual}, the rule says {rule}", op.name);
                compared += usize::from(!outside);
            }
        }
    }
    assert!(compared > 900, "{compared}");
}

/// `1 - t**2` is one step of a rule, with a slope of its own.
#[test]
fn a_square_that_is_taken_away_has_its_slope() {
    for x in [-1.7, 0.0, 0.25, 3.0] {
        for (forward, lines) in [
            ("1 - self**2", r#""self.grad += -2 * self * out.grad""#),
            ("self - (self * 3)**2", r#""self.grad += (1 - 18 * self) * out.grad""#),
        ] {
            let rule = format!(r#"{{"forward": "{forward}", "backward": [{lines}]}}"#);
            let text = format!(r#"{{"values": {{"x": {x}, "y": "my(x)"}}, "ops": {{"my": {rule}}}}}"#);
            let debugger = debugger(text);
            let check = checked(&debugger);
            assert!(
                check.values.iter().all(|v| v.ok) && debugger.findings().is_empty(),
                "{x}, {forward}: {:?}",
                check.values
            );
        }
    }
}

#[test]
fn at_a_kink_both_follow_the_same_convention() {
    let conventions = [
        ("relu", [0.0, 0.0], 0, 0.0),
        ("relu", [-0.0, 0.0], 0, 0.0),
        ("abs", [0.0, 0.0], 0, 0.0),
        ("abs", [-0.0, 0.0], 0, 0.0),
        ("max", [2.0, 2.0], 0, 0.5),
        ("max", [2.0, 2.0], 1, 0.5),
        ("max", [0.0, -0.0], 0, 0.5),
        ("min", [2.0, 2.0], 0, 0.5),
        ("min", [2.0, 2.0], 1, 0.5),
        ("min", [-0.0, 0.0], 1, 0.5),
        ("sqrt", [0.0, 0.0], 0, f64::INFINITY),
    ];
    let ops = builtin_ops();
    for (name, data, slot, slope) in conventions {
        let op = ops.iter().find(|op| op.name == name).unwrap();
        assert_eq!((dual(op, data, slot), amount(op, data, slot)), (slope, slope), "{name} at {data:?}");
    }
}
