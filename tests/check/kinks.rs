//! A kink is told as one, and nothing else is.

use stepgrad::debugger::check::Note;
use stepgrad::debugger::findings::Kind;

use crate::{checked, debugger, of, typed};

/// Lines, a value, its slopes to the left and to the right, and the one that convention says.
const KINKS: [(&[&str], &str, [f64; 3]); 9] = [
    (&["x = 0", "y = relu(x)"], "x", [0.0, 1.0, 0.0]),
    (&["x = 0", "y = abs(x)"], "x", [-1.0, 1.0, 0.0]),
    (&["x = 2", "z = 2", "y = max(x, z)"], "x", [0.0, 1.0, 0.5]),
    (&["x = 2", "z = 2", "y = max(x, z)"], "z", [0.0, 1.0, 0.5]),
    (&["x = 2", "z = 2", "y = min(x, z)"], "x", [1.0, 0.0, 0.5]),
    (&["x = 0", "y = 3 * relu(2 * x) + x"], "x", [1.0, 7.0, 1.0]),
    (&["x = 0", "n = 2 * x", "y = tanh(relu(n))**3 + abs(n)"], "n", [-1.0, 1.0, 0.0]),
    (&["x = 1e6", "y = abs(x - 1e6)"], "x", [-1.0, 1.0, 0.0]),
    (&["x = 3", "y = max(x, 3) * 1e-8"], "x", [0.0, 1e-8, 5e-9]),
];

#[test]
fn kinks_are_told() {
    for (lines, name, [left, right, exact]) in KINKS {
        let debugger = typed(lines);
        let found = of(&checked(&debugger), &debugger, name);
        let Some(Note::Kink { left: l, right: r }) = found.note else { panic!("{lines:?}: {found:?}") };
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-5 * right.abs().max(left.abs());
        assert!(near(l, left) && near(r, right), "{lines:?}: {found:?}");
        assert!(found.ok && (found.exact, found.grad) == (exact, exact), "{lines:?}: {found:?}");
        assert!(near(found.numeric, f64::midpoint(left, right)), "{lines:?}: {found:?}");
    }
}

/// Curves, steep places, kinks and ends nearby, and numbers that rounding plays with.
const SMOOTH: [&[&str]; 14] = [
    &["x = 0", "y = x * x * x"],
    &["x = 0.01", "y = tanh(100 * x)"],
    &["x = 1.5", "y = exp(exp(x))"],
    &["x = 0.001", "y = relu(x) + abs(x)"],
    &["x = 1e-7", "y = relu(x)"],
    &["x = 1e-8", "y = log(x)"],
    &["x = 1e-8", "y = sqrt(x)"],
    &["x = 0.5", "y = (x + 1e10) - 1e10"],
    &["x = 1e-3", "y = 1 / x"],
    &["x = 1e150", "y = x * x"],
    &["x = 3", "y = sin(1000 * x)"],
    &["x = -2", "y = relu(x) * 5"],
    &["x = 2", "z = 2.0001", "y = max(x, z)"],
    &["x = 1e12", "y = x + 1"],
];

#[test]
fn nothing_else_is_taken_for_a_kink() {
    for lines in SMOOTH {
        let debugger = typed(lines);
        let found = of(&checked(&debugger), &debugger, "x");
        assert_eq!((found.note, found.ok), (None, true), "{lines:?}: {found:?}");
        let near = (found.numeric - found.exact).abs() <= 1e-3 * found.exact.abs();
        assert!(near || found.exact == 0.0 && found.numeric.abs() < 1e-9, "{lines:?}: {found:?}");
    }
}

/// Two kinks that cancel: what is measured is 1, what the rules give is 0.
#[test]
fn kinks_that_cancel_are_told_apart_from_mistakes() {
    let debugger = typed(&["x = 0", "y = relu(x) - relu(-x)"]);
    let found = of(&checked(&debugger), &debugger, "x");
    assert_eq!((found.note, found.ok, found.exact), (Some(Note::Differs), true, 0.0));
    assert!((found.numeric - 1.0).abs() < 1e-9);
}

/// At a kink inside an op of the scenario's own any slope between those of the two sides is right, and no other.
#[test]
fn kinks_of_own_ops_are_told() {
    for (slope, ok) in [("0.55", true), ("0.1", true), ("1", true), ("0.05", false), ("1.2", false)] {
        let rule = format!(r#"{{"forward": "max(self, self / 10)", "backward": ["self.grad += {slope} * out.grad"]}}"#);
        let text = format!(r#"{{"values": {{"x": 0, "y": "leaky(x)"}}, "ops": {{"leaky": {rule}}}}}"#);
        let debugger = debugger(text);
        let found = of(&checked(&debugger), &debugger, "x");
        assert!(matches!(found.note, Some(Note::Kink { .. })) && found.ok == ok, "{found:?}");
    }
}

/// Where an op has two operands the slopes it chose must fit one another, too: along a tie of `max` they make 1, or as
/// many times that as the op says.
#[test]
fn slopes_at_a_tie_make_one() {
    let cases = [([0.3, 0.7], true), ([1.0, 0.0], true), ([0.3, 0.3], false), ([1.5, -0.5], false)];
    for ((slopes, ok), size) in cases.into_iter().flat_map(|case| [1.0, 1e-3, 1e3].map(|size| (case, size))) {
        let slopes = slopes.map(|slope| slope * size);
        let [a, b] = slopes;
        let rule = format!(
            r#"{{"forward": "{size} * max(self, other)", "backward": ["self.grad += {a} * out.grad", "other.grad += {b} * out.grad"]}}"#
        );
        let debugger =
            debugger(format!(r#"{{"values": {{"x": 2, "z": 2, "y": "larger(x, z)"}}, "ops": {{"larger": {rule}}}}}"#));
        let check = checked(&debugger);
        for (name, slope) in ["x", "z"].into_iter().zip(slopes) {
            let found = of(&check, &debugger, name);
            assert_eq!(found.ok, ok, "{slopes:?}: {found:?}");
            assert!(!ok || found.exact == slope && matches!(found.note, Some(Note::Kink { .. })), "{found:?}");
        }
    }
}

/// How far one goes to either side hangs on the operand that moves alone.
#[test]
fn a_large_neighbour_makes_no_kink() {
    let rule = r#"{"forward": "self**2 + 0 * other", "backward": ["self.grad += 2 * self * out.grad"]}"#;
    let text = format!(r#"{{"values": {{"x": 0, "z": 1e9, "y": "bowl(x, z)"}}, "ops": {{"bowl": {rule}}}}}"#);
    let debugger = debugger(text);
    let kinks = debugger.findings().iter().filter(|finding| finding.kind == Kind::Kink).count();
    let found = of(&checked(&debugger), &debugger, "x");
    assert_eq!((kinks, found.note, found.ok), (0, None, true), "{found:?}");
}

/// Where there is no slope to be measured, none is made up, and the exact one decides.
#[test]
fn where_nothing_can_be_measured_the_exact_slope_decides() {
    let debugger = typed(&["x = 0", "y = sqrt(x)"]);
    let found = of(&checked(&debugger), &debugger, "x");
    assert!(found.ok && found.numeric.is_nan() && found.exact == f64::INFINITY && found.note.is_none(), "{found:?}");
    let debugger = typed(&["x = 0", "y = sqrt(0 - x)"]);
    let found = of(&checked(&debugger), &debugger, "x");
    assert!(found.ok && found.exact == f64::NEG_INFINITY, "{found:?}");
    let debugger = typed(&["a = 3", "b = a * a", "b.backward()", "a.grad = 1e300 * 1e300"]);
    let found = of(&checked(&debugger), &debugger, "a");
    assert!(!found.ok && found.exact == 6.0, "infinity is near to nothing: {found:?}");
    let debugger = typed(&["a = 0", "n = a * a", "y = sqrt(n)"]);
    let found = of(&checked(&debugger), &debugger, "a");
    assert!(!found.ok && found.grad.is_nan() && found.exact == 0.0, "{found:?}");
}
