//! What `check` says is so: the exact slope, the measured one and the grad of a clean run are one number, a fault is seen,
//! and a kink is told as one.

mod contract;
mod duals;
mod faults;
mod graphs;
mod injected;
mod kinks;
mod limits;
mod passes;

use std::sync::Arc;

use graphs::Random;
use stepgrad::debugger::Debugger;
use stepgrad::debugger::check::{Check, Checked};
use stepgrad::formula::close;
use stepgrad::scenario::{Source, builtin, read};

/// A debugger on the text of a scenario's file.
fn debugger(text: String) -> Debugger {
    let source = Source { name: "test".into(), text, lines: false };
    let scenario = read(&source).unwrap_or_else(|complaint| panic!("{}\n{complaint}", source.text));
    Debugger::new(Arc::new(scenario))
}

/// A debugger on what could be typed after `-e`.
fn typed(lines: &[&str]) -> Debugger {
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    let scenario = read(&Source::of_lines(&lines)).unwrap_or_else(|complaint| panic!("{complaint}"));
    Debugger::new(Arc::new(scenario))
}

fn checked(debugger: &Debugger) -> Check {
    let (mut last, mut of) = (0, 0);
    let check = debugger.check(|done, all| {
        assert!(done > last && done <= all);
        (last, of) = (done, all);
    });
    assert_eq!(last, of, "what is begun is done");
    check
}

/// What was found about a value.
fn of(check: &Check, debugger: &Debugger, name: &str) -> Checked {
    let found = check.values.iter().find(|checked| debugger.name(checked.value) == name);
    *found.unwrap_or_else(|| panic!("there is no {name}"))
}

#[test]
fn clean_random_runs_agree_with_both_ways_to_a_slope() {
    let mut random = Random::new(1);
    let (mut values, mut good) = (0, 0);
    for _ in 0..700 {
        let text = random.graph(24, false).text("");
        let debugger = debugger(text.clone());
        for found in checked(&debugger).values {
            assert!(found.ok, "{found:?} in\n{text}");
            assert!(close(found.grad, found.exact, 1e-9), "{found:?} in\n{text}");
            let allowed = 10.0 * found.error + 1e-6 * found.exact.abs();
            assert!((found.numeric - found.exact).abs() <= allowed, "{found:?} in\n{text}");
            assert_eq!(found.note, None, "{found:?} in\n{text}");
            values += 1;
            good += usize::from(found.error <= 1e-5 * found.exact.abs().max(1.0));
        }
    }
    assert!(good * 100 > values * 99, "of {values} slopes only {good} could be measured");
}

/// Also where relu, abs, max and min stand on their kinks: the exact slope follows the same conventions as the rules.
#[test]
fn clean_random_runs_at_kinks_agree_with_the_exact_slope() {
    let mut random = Random::new(2);
    let mut kinks = 0;
    for _ in 0..300 {
        let text = random.graph(16, true).text("");
        let debugger = debugger(text.clone());
        for found in checked(&debugger).values {
            assert!(found.ok, "{found:?} in\n{text}");
            let near = (found.numeric - found.exact).abs() <= 10.0 * found.error + 1e-5 * found.exact.abs();
            assert!(near || found.note.is_some(), "{found:?} in\n{text}");
            kinks += usize::from(found.note.is_some());
        }
    }
    assert!(kinks > 150, "only {kinks} kinks were seen");
}

const OLD: &str = r#", "ops": {
    "+": {"forward": "self + other", "backward": ["self.grad = 1.0 * out.grad", "other.grad = 1.0 * out.grad"]},
    "*": {"forward": "self * other", "backward": ["self.grad = other.data * out.grad", "other.grad = self.data * out.grad"]}}"#;
const RULE: &str = r#", "ops": {
    "-": {"forward": "self - other", "backward": ["self.grad += out.grad", "other.grad += out.grad"]},
    "tanh": {"forward": "tanh(self)", "backward": ["self.grad += (1 - out.data) * out.grad"]}}"#;

/// A check that says yes to everything would pass the tests above. Here runs go wrong in every way there is, and a value
/// is called right just where its grad is that of the clean run.
#[test]
fn a_wrong_grad_is_seen_and_no_other() {
    let mut random = Random::new(3);
    let (mut wrong, mut right) = (0, 0);
    for _ in 0..100 {
        let graph = random.graph(16, false);
        let clean = debugger(graph.text(""));
        let root = graph.root();
        let twice = format!(r#", "script": ["{root}.backward()", "{root}.backward()"]"#);
        let seed = format!(r#", "script": ["{root}.grad = 2", {}]"#, graph.calls(false));
        let order = format!(r#", "script": ["{root}.grad = 1", {}]"#, graph.calls(true));
        for fault in [OLD, RULE, &twice, &seed, &order] {
            let text = graph.text(fault);
            for found in checked(&debugger(text.clone())).values {
                let wanted = clean.run.grad(found.value, clean.run.steps);
                assert_eq!(found.ok, close(found.grad, wanted, 1e-9), "{found:?}, not {wanted} in\n{text}");
                *(if found.ok { &mut right } else { &mut wrong }) += 1;
            }
        }
    }
    assert!(wrong > 1000 && right > 1000, "{wrong} wrong, {right} right");
}

/// The scenarios that are wrong are those that say that they have a fault.
#[test]
fn every_shipped_scenario_is_right_or_told_to_be_wrong() {
    let (mut right, mut wrong) = (0, 0);
    for entry in builtin::all() {
        let debugger = debugger(entry.text.to_owned());
        let all_ok = checked(&debugger).values.iter().all(|checked| checked.ok);
        let faulty = debugger.findings().iter().any(|finding| finding.kind.is_fault());
        // Faults that spoil no grad: luck, and numbers that leave the range of floats.
        let spoils_none = ["by-luck", "overflow", "exploding-inf"].contains(&entry.name);
        assert_eq!(all_ok, !faulty || spoils_none, "{}", entry.name);
        *(if faulty { &mut wrong } else { &mut right }) += 1;
    }
    assert!(right > 30 && wrong > 20, "{right} right, {wrong} wrong");
}
