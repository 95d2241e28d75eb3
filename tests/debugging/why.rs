//! The paths to a value, their number and their sum.

use std::fmt::Write;
use std::time::{Duration, Instant};

use stepgrad::debugger::Debugger;
use stepgrad::debugger::count::Count;
use stepgrad::debugger::paths::{ENDS, WHOLE, Why};
use stepgrad::engine::ValueId;

use crate::graphs::{Dice, random};

#[test]
fn the_sum_over_paths_is_the_grad() {
    let mut dice = Dice(7);
    for size in (2..=200).step_by(9).chain([200; 10]) {
        let root = size - 1;
        let mut debugger = random(&mut dice, size, &format!("\"v{root}.backward()\""));
        debugger.go_to(debugger.run.steps);
        for v in debugger.run.graph.ids() {
            let (sum, grad) = (debugger.why(v).sum, debugger.grad(v));
            let near = (sum - grad).abs() <= 1e-9 * sum.abs().max(grad.abs());
            assert!(near, "{v} of {size}: the sum over paths is {sum}, the grad {grad}");
        }
    }
}

#[test]
fn paths_are_counted_as_by_walking_them() {
    let mut dice = Dice(11);
    for _ in 0..60 {
        let size = 2 + dice.under(13);
        let debugger = random(&mut dice, size, &format!("\"v{}.backward()\"", size - 1));
        let root = debugger.order().root;
        for v in debugger.run.graph.ids() {
            let mut walked = Vec::new();
            walk(&debugger, vec![root], v, &mut walked);
            let why = debugger.why(v);
            assert_eq!(why.paths.to_string(), walked.len().to_string());
            assert_eq!(why.largest.len(), walked.len().min(8));
            assert!(why.largest.iter().all(|path| walked.contains(&path.values)), "{v}: {:?}", why.largest);
            let product = |slopes: &[f64]| slopes.iter().product::<f64>();
            assert!(
                why.largest
                    .iter()
                    .all(|path| (path.product - product(&path.slopes)).abs() <= 1e-12 * path.product.abs())
            );
            assert!(why.largest.is_sorted_by(|a, b| a.product.abs() >= b.product.abs()));
        }
    }
}

/// Every path from the last of `path` down to `to`, one an operand slot.
fn walk(debugger: &Debugger, path: Vec<ValueId>, to: ValueId, found: &mut Vec<Vec<ValueId>>) {
    let last = *path.last().unwrap();
    if last == to {
        found.push(path);
        return;
    }
    for &operand in debugger.run.graph.operands_of(last) {
        walk(debugger, [&path[..], &[operand]].concat(), to, found);
    }
}

#[test]
fn a_thousand_doublings_have_exactly_that_many_paths_at_once() {
    let mut values = "\"x0\": 1".to_owned();
    for at in 1..=1000 {
        write!(values, ", \"x{at}\": \"x{} + x{}\"", at - 1, at - 1).unwrap();
    }
    let debugger = crate::debugger(&format!("{{\"values\": {{{values}}}}}"));
    let start = Instant::now();
    let why = debugger.why(0);
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    let mut digits = vec![1_u8];
    for _ in 0..1000 {
        let mut carry = 0;
        for digit in &mut digits {
            let double = *digit * 2 + carry;
            (*digit, carry) = (double % 10, double / 10);
        }
        digits.extend((carry > 0).then_some(carry));
    }
    let power: String = digits.iter().rev().map(|digit| char::from(b'0' + digit)).collect();
    assert_eq!((why.paths.to_string(), why.paths.short()), (power, "2^1000".to_owned()));
    assert_eq!((why.sum, why.largest.len()), (2.0_f64.powi(1000), 8));
}

/// Rules of the scenario's own are asked for a grad of 1, whatever stands there.
#[test]
fn paths_through_own_ops_have_their_slopes() {
    let cube = r#"{"forward": "self**3", "backward": ["self.grad += 3 * self**2 * out.grad"]}"#;
    let mut debugger = crate::debugger(&format!(
        r#"{{"values": {{"a": 2, "b": "cube(a)", "c": "b * 5"}}, "script": ["c.backward()"], "ops": {{"cube": {cube}}}}}"#
    ));
    for step in debugger.home()..=debugger.run.steps {
        debugger.go_to(step);
        assert_eq!((debugger.why(0).sum, &debugger.why(0).largest[0].slopes[..]), (60.0, &[5.0, 12.0][..]), "{step}");
    }
}

/// A long path is kept by its ends, which is what a person reads of it.
#[test]
fn long_paths_are_kept_by_their_ends() {
    for length in [WHOLE - 1, WHOLE, WHOLE + 1, 3 * WHOLE] {
        let mut values = "\"x0\": 1".to_owned();
        for at in 1..length {
            write!(values, ", \"x{at}\": \"x{} * {at}\"", at - 1).unwrap();
        }
        let mut debugger = crate::debugger(&format!("{{\"values\": {{{values}}}}}"));
        debugger.go_to(debugger.run.steps);
        let names: Vec<String> = (0..length).rev().map(|at| format!("x{at}")).collect();
        let wanted = if length <= WHOLE { names } else { [&names[..ENDS], &names[length - ENDS..]].concat() };
        let path = &debugger.why(0).largest[0];
        let found: Vec<&str> = path.values.iter().map(|&v| debugger.name(v)).collect();
        assert_eq!((path.len, found), (length, wanted.iter().map(String::as_str).collect()));
        let slopes: Vec<String> = path.slopes.iter().map(|slope| format!("x{slope}")).collect();
        let before = wanted.iter().filter(|name| *name != "x0").cloned().collect::<Vec<_>>();
        assert_eq!(slopes, before, "each factor has the number of its value");
    }
}

/// What was found at a step is kept at another only where it would be found again there; and where no data change after
/// the forward pass, it is kept in all that follows.
#[test]
fn why_is_kept_as_long_as_it_holds() {
    let shown = |why: &Why| format!("{} {} {} {} {:?}", why.value, why.root, why.paths, why.sum, why.largest);
    for (name, mut debugger) in crate::short().filter(|(_, debugger)| debugger.run.steps < 60) {
        let last = debugger.run.steps;
        for v in debugger.run.graph.ids() {
            let found: Vec<Why> = (0..=last)
                .map(|step| {
                    debugger.go_to(step);
                    debugger.why(v)
                })
                .collect();
            for step in 0..=last {
                debugger.go_to(step);
                for why in found.iter().filter(|why| debugger.still_holds(why, v)) {
                    assert_eq!(shown(why), shown(&found[step as usize]), "{name}: {v} at step {step}");
                }
                assert!(!debugger.still_holds(&found[step as usize], v + 1), "{name}: of another value");
            }
        }
    }
    let mut debugger = crate::debugger(r#"{"values": {"a": 2, "b": "a*a", "c": "b*a"}, "script": ["c.backward()"]}"#);
    let computed = debugger.run.segments[0].end();
    debugger.go_to(computed);
    let why = debugger.why(0);
    let kept = |debugger: &mut Debugger, step: u32| {
        debugger.go_to(step);
        debugger.still_holds(&why, 0)
    };
    assert!((computed..=debugger.run.steps).all(|step| kept(&mut debugger, step)));
    assert!((0..computed).all(|step| !kept(&mut debugger, step)));
}

/// As many digits as one can read, and then how many there are.
#[test]
fn counts_are_told_for_people() {
    let times = |start: u32, doublings: u32| {
        let mut count = Count::from(start);
        for _ in 0..doublings {
            let same = count.clone();
            count.add(&same);
        }
        count.short()
    };
    assert_eq!([times(3, 0), times(1, 19), times(1, 20), times(3, 47)], ["3", "524288", "2^20", "422212465065984"]);
    assert_eq!(times(3, 49), "1.68e+15 (exactly 1688849860263936)");
}
