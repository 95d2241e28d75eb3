//! What is differentiated, where, and which grad is looked at.

use crate::{checked, of, typed};

/// What is typed after `x = 3` and `y = x * x`; a value; the slope it is held against, and whether its grad is that.
type Case = (&'static [&'static str], &'static str, f64, bool);

const CASES: [Case; 23] = [
    // The last pass counts, at the numbers of the forward pass before it.
    (&["y.backward()", "x.data = 5", "forward()", "zero_grad()", "y.backward()"], "x", 10.0, true),
    (&["y.backward()", "x.data = 5", "forward()", "y.backward()"], "x", 10.0, false),
    (&["y.backward()", "x.data -= 0.1 * x.grad"], "x", 6.0, true),
    (&["y.backward()", "x.data = 5", "forward()"], "x", 6.0, true),
    (&["z = 2", "p = x * z", "x.data = 5", "p.backward()"], "z", 3.0, false),
    // Grads that are set to 0 for the next pass are looked at before that.
    (&["y.backward()", "zero_grad()"], "x", 6.0, true),
    (&["y.backward()", "x.grad = 0"], "x", 6.0, true),
    (&["y.backward()", "x.grad = 7"], "x", 6.0, false),
    // The root is what was seeded; where nothing was, that of the scenario.
    (&["z = 2 * y", "y.backward()"], "x", 6.0, true),
    (&["z = 2 * y", "y.backward()"], "z", 0.0, true),
    (&["z = 2 * y", "y.grad = 1", "y._backward()"], "x", 6.0, true),
    (&["y._backward()"], "x", 6.0, false),
    (&["assert y.data == 9"], "x", 6.0, false),
    // A grad put right by hand is no other root; two roots are taken together.
    (&["z = 2 * y", "z.grad = 1", "z._backward()", "y.grad = 2", "y._backward()"], "x", 12.0, true),
    (&["z = 2 * y", "z.grad = 1", "y.grad = 2", "x.grad = 12"], "x", 12.0, true),
    (&["p = 2 * x", "p.grad = 1", "y.grad = 1", "p._backward()", "y._backward()"], "x", 8.0, true),
    // Each of several graphs by its own root, unless what it left was thrown away.
    (&["z = 5", "q = 2 * z", "y.backward()", "q.backward()"], "x", 6.0, true),
    (&["z = 5", "q = 2 * z", "y.backward()", "zero_grad()", "q.backward()"], "x", 0.0, true),
    (&["p = 2 * x", "p.backward()", "y.backward()"], "x", 8.0, true),
    (&["p = 2 * y", "y.backward()", "p.backward()"], "x", 18.0, false),
    (&["p = 2 * x", "p.backward()", "x.grad = 0", "y.backward()"], "x", 6.0, true),
    // Data that makes the same numbers is as good as a forward pass.
    (&["z = 0", "p = x * z", "x.data = 5", "p.backward()"], "z", 5.0, true),
    (&["u = 4"], "y", 1.0, true),
];

#[test]
fn the_right_slope_is_asked_for() {
    for (lines, name, exact, ok) in CASES {
        // A leaf that is typed last is made last, and would be the root.
        let pass: &[&str] = if lines == ["u = 4"] { &["y.backward()"] } else { &[] };
        let debugger = typed(&[&["x = 3", "y = x * x"], lines, pass].concat());
        let found = of(&checked(&debugger), &debugger, name);
        assert!((found.exact - exact).abs() < 1e-12, "{lines:?}: {found:?}, not {exact}");
        assert_eq!(found.ok, ok, "{lines:?}: {found:?}");
    }
}

/// The run is not touched, and neither is its cursor: the same is found again.
#[test]
fn a_check_changes_nothing() {
    let debugger = typed(&["x = 3", "y = tanh(x) * x", "y.backward()"]);
    let (first, step) = (checked(&debugger).values, debugger.step);
    assert_eq!(first, checked(&debugger).values);
    assert_eq!(debugger.step, step);
}
