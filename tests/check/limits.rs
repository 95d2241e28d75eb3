//! Numbers at the limits of floats, and graphs at the limits of a stack.

use crate::{checked, debugger, typed};

/// Factors come in one order forwards and in the other backwards; on the way either may leave the range of floats.
#[test]
fn products_that_leave_the_range_of_floats_on_the_way_are_no_mistake() {
    let cases = [
        ["x = 1e-100", "y = x * 1e200 * 1e200 * 1e-300"],
        ["x = 1e100", "y = x * 1e-200 * 1e-200 * 1e300"],
        ["x = 10", "y = tanh(x * 1e200 * 1e-300 * 1e100)"],
    ];
    for lines in cases {
        let debugger = typed(&lines);
        let x = checked(&debugger).values[0];
        assert!(x.ok && x.exact != 0.0 && x.exact.is_finite(), "{lines:?}: {x:?}");
    }
}

/// 1 - t**2 has few digits left far from 0; a large factor after it does not make that a fault.
#[test]
fn rounding_is_no_mistake() {
    for lines in [
        &["x = 10", "y = tanh(x) * 1e9"][..],
        &["x = 30", "y = sigmoid(x) * 1e9"],
        &["x = 1e8", "y = (x + 1)**2 - x**2 - 2*x"],
    ] {
        let check = checked(&typed(lines));
        assert!(check.values.iter().all(|checked| checked.ok), "{lines:?}: {:?}", check.values);
    }
}

/// Nothing recurses over the graph.
#[test]
fn a_long_chain_needs_no_stack() {
    let work = || {
        let value = |v: usize| format!(r#", "v{v}": {{"op": "{}", "args": ["v{}"]}}"#, ["sin", "neg"][v % 2], v - 1);
        let values: String = (1..1500).map(value).collect();
        let check = checked(&debugger(format!(r#"{{"values": {{"v0": 0.5{values}}}}}"#)));
        assert!(check.values.iter().all(|checked| checked.ok));
    };
    std::thread::Builder::new().stack_size(256 << 10).spawn(work).unwrap().join().unwrap();
}

/// A graph so large that not every value is moved, and no sweep a value is made: all the same every grad has its slope, in
/// three ways.
#[test]
fn a_large_graph_is_checked_in_time() {
    let value = |v: usize| format!(r#", "v{v}": {{"op": "{}", "args": ["v{}"]}}"#, ["sin", "neg"][v % 2], v - 1);
    let values: String = (1..30_000).map(value).collect();
    let check = checked(&debugger(format!(r#"{{"values": {{"v0": 0.5{values}}}}}"#)));
    assert!(check.sampled.is_some_and(|moved| (10..30_000).contains(&moved)), "{:?}", check.sampled);
    for found in &check.values {
        assert!(found.ok, "{found:?}");
        let near = (found.numeric - found.exact).abs() <= 10.0 * found.error + 1e-6 * found.exact.abs();
        assert!(near, "{found:?}");
        let is_root = found.exact == 1.0 && found.error == 0.0;
        assert!(is_root || found.error > 0.0 && found.error < 1e-3, "{found:?} is not told as it was measured");
    }
}
