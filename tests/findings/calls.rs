//! Calls out of order, twice, or with what another pass left.

use stepgrad::scenario::Kind;

use crate::{kinds, messages};

const NO_TOPO: [&str; 8] =
    ["a = 2", "b = 3", "c = a + b", "d = a * b", "e = c + d", "f = c * d", "y = e + f", "y.grad = 1.0"];

fn orders(rest: &[&'static str]) -> Vec<Vec<&'static str>> {
    if rest.is_empty() {
        return vec![Vec::new()];
    }
    let first = |at: usize| {
        let mut others = rest.to_vec();
        let name = others.remove(at);
        orders(&others).into_iter().map(move |order| [vec![name], order].concat())
    };
    (0..rest.len()).flat_map(first).collect()
}

/// Of the 120 orders of the five ops 4 are right: those are silent. In every other each op that runs too early is named,
/// with just the consumers that have not run; and where every grad is right all the same, that is said.
#[test]
fn every_order_of_five_ops_is_told_right() {
    let consumers = |v: &str| match v {
        "c" | "d" => vec!["e", "f"],
        "e" | "f" => vec!["y"],
        _ => vec![],
    };
    let mut silent = 0;
    for order in orders(&["c", "d", "e", "f", "y"]) {
        let calls: Vec<String> = order.iter().map(|v| format!("{v}._backward()")).collect();
        let lines: Vec<&str> = NO_TOPO.iter().copied().chain(calls.iter().map(String::as_str)).collect();
        let found = kinds(&lines);
        let early: Vec<Vec<String>> = order
            .iter()
            .enumerate()
            .filter_map(|(at, v)| {
                let missing: Vec<&str> = consumers(v).into_iter().filter(|c| order[at..].contains(c)).collect();
                (!missing.is_empty()).then(|| [vec![*v], missing].concat().into_iter().map(String::from).collect())
            })
            .collect();
        let told: Vec<Vec<String>> =
            found.iter().filter(|(kind, _)| *kind == Kind::TooEarly).map(|(_, values)| values.clone()).collect();
        assert_eq!(told, early, "{order:?}");
        silent += usize::from(found.is_empty());
        assert_eq!(found.is_empty(), early.is_empty(), "{order:?}: {found:?}");
    }
    assert_eq!(silent, 4);
}

/// Nothing is passed on twice where there was nothing to pass on.
#[test]
fn two_calls_without_a_seed_pass_nothing_on_twice() {
    let lines = ["a = 3", "b = a * a", "b._backward()", "b._backward()"];
    assert_eq!(kinds(&lines).into_iter().map(|(kind, _)| kind).collect::<Vec<_>>(), [Kind::Unseeded, Kind::Unseeded]);
}

/// A grad is passed on by whatever call comes with it, though another pass has begun meanwhile; but not by one that came
/// with another number, or comes after a statement has set it anew.
#[test]
fn what_another_pass_passes_on_has_run() {
    let after = |calls: &[&'static str]| {
        kinds(&[&["a = 2", "d = a * 2", "b = a * a", "c = b * 3", "c.grad = 1"], calls].concat())
    };
    for right in [
        ["c._backward()", "c.grad = 1", "b._backward()"],
        ["c._backward()", "a.backward()", "b._backward()"],
        ["d.backward()", "c._backward()", "b._backward()"],
    ] {
        assert_eq!(after(&right), [], "{right:?}");
    }
    for wrong in [["c._backward()", "c.grad = 2", "b._backward()"], ["c._backward()", "zero_grad()", "c.grad = 1"]] {
        assert_eq!(after(&wrong).last(), Some(&(Kind::NeverRan, vec!["c".into()])), "{wrong:?}");
    }
    let early = after(&["b._backward()", "d.backward()", "c._backward()"]);
    assert_eq!(early, [(Kind::TooEarly, vec!["b".into(), "c".into()])]);
}

/// A grad that a statement sets when all calls that add to it have run is what the next pass begins on: no fault of the
/// pass that was over.
#[test]
fn a_grad_that_is_set_after_its_last_line_belongs_to_the_next_pass() {
    let lines = ["a = 3", "b = a * a", "b.grad = 1", "b._backward()", "a.grad = 5", "b.backward()"];
    let said: Vec<String> = messages(&lines).into_iter().map(|(_, message)| message).collect();
    assert_eq!(said.iter().filter(|message| message.contains("began on")).count(), 1, "{said:?}");
    assert!(said.iter().all(|message| !message.contains("set by hand")), "{said:?}");
}
