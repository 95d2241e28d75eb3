//! Faults put into random runs on purpose: each that changes a number is named with its kind and its place, each that
//! changes none is told as luck or not at all, and a clean run is silent. No grad is called wrong without a fault that says
//! why, and no fault is told of a run whose grads are right without saying so.

use std::collections::BTreeSet;

use stepgrad::debugger::Debugger;
use stepgrad::debugger::findings::Kind;
use stepgrad::engine::ValueId;
use stepgrad::formula::close;

use crate::graphs::Random;
use crate::injected::Fault::{
    Assigns, ByHand, Dropped, NoSeed, OddSeed, PartlyZeroed, Repeated, Rule, Stale, Swapped, TwoPasses,
};
use crate::injected::{ALL, Case, case, reached, root};
use crate::{checked, debugger};

fn faults_of(debugger: &Debugger) -> Vec<(Kind, Vec<ValueId>)> {
    let faults = debugger.findings().iter().filter(|finding| finding.kind.is_fault());
    faults.map(|finding| (finding.kind, finding.values.clone())).collect()
}

/// Faults of a kind that was not put in, and those put in that are not told.
fn not_named(case: &Case, faults: &[(Kind, Vec<ValueId>)], differs: bool) -> Vec<String> {
    let mut trouble = Vec::new();
    let mut allowed: BTreeSet<Kind> = case.blamed.iter().flat_map(|(fault, _)| fault.kinds()).copied().collect();
    if case.blamed.iter().filter(|(fault, _)| matches!(fault, NoSeed | TwoPasses | PartlyZeroed)).count() > 1 {
        // Without a seed there are no two passes, but calls that run twice.
        allowed.insert(Kind::Twice);
    }
    for (kind, values) in faults {
        if !allowed.contains(kind) {
            trouble.push(format!("false alarm: {} of {values:?}", kind.name()));
        }
    }
    let only = case.blamed.iter().map(|(fault, _)| fault).collect::<BTreeSet<_>>().len() == 1;
    let masked = case.blamed.iter().any(|(fault, _)| *fault == NoSeed);
    for (fault, blamed) in &case.blamed {
        let kinds = fault.kinds();
        let places = !matches!(fault, Assigns | TwoPasses | PartlyZeroed | Rule | Stale);
        let named = faults.iter().any(|(kind, values)| kinds.contains(kind) && (!places || values[0] == *blamed));
        let must = match fault {
            // Of a root that is never called, what is called first has no seed.
            Swapped | OddSeed | NoSeed => !case.blamed.contains(&(Dropped, *blamed)),
            Repeated | Dropped | TwoPasses | PartlyZeroed | Assigns | Stale | ByHand => differs && only,
            Rule => differs && (only || !masked),
        };
        if must && !named && !(masked && *fault != NoSeed && *fault != Swapped) {
            trouble.push(format!("{fault:?} of v{blamed} is not named"));
        }
    }
    trouble
}

/// Everything that does not hold of a case.
fn trouble(case: &Case) -> Vec<String> {
    let trouble = trouble_with(case, false);
    // Data that make the same numbers as before are right as they are.
    let changed = case.blamed.iter().any(|(fault, _)| *fault == Stale);
    if trouble.is_empty() || !changed { trouble } else { trouble_with(case, true) }
}

fn trouble_with(case: &Case, fresh: bool) -> Vec<String> {
    let debugger = debugger(case.text());
    let told = debugger.findings();
    let right = case.right(fresh);
    let check = checked(&debugger);
    let mut trouble = Vec::new();
    let tame = right.iter().chain(check.values.iter().map(|v| &v.grad)).all(|x| x.is_finite() && x.abs() < 1e6);
    if !tame {
        return trouble;
    }
    let mut differs = false;
    for checked in &check.values {
        let expected = right[checked.value as usize];
        let (off, same) = ((checked.grad - expected).abs(), close(checked.grad, expected, 1e-9));
        let same = same || off < 1e-14;
        if !same && off < 1e-9 {
            // Behind a saturated tanh rounding is as large as what is wrong.
            return Vec::new();
        }
        differs |= !same;
        if same != checked.ok {
            trouble.push(format!(
                "v{}: grad {}, right is {expected}, check says {checked:?}",
                checked.value, checked.grad
            ));
        }
    }
    let faults = faults_of(&debugger);
    let lucky = told.iter().any(|finding| finding.kind == Kind::ByLuck);
    if differs && faults.is_empty() {
        trouble.push("wrong, and nobody says why".into());
    }
    if !differs && faults.is_empty() == lucky {
        trouble.push(format!("right, with the faults {faults:?}, by luck: {lucky}"));
    }
    if differs && lucky {
        trouble.push("wrong, and called lucky".into());
    }
    trouble.extend(not_named(case, &faults, differs));
    if !trouble.is_empty() {
        trouble.push(format!("{}\nfaults {:?}", case.text(), case.blamed));
        trouble.extend(told.iter().map(|f| format!("  {} {} {:?}: {}", f.step, f.kind.name(), f.values, f.message)));
    }
    trouble
}

#[test]
fn faults_of_random_runs_are_named() {
    let mut random = Random::new(5);
    let rounds: usize = std::env::var("ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(60);
    let mut failed = 0;
    for first in ALL {
        let (mut done, mut bad) = (0, 0);
        while done < rounds {
            let mut faults = BTreeSet::from([first]);
            if done % 2 == 1 {
                faults.insert(ALL[random.below(ALL.len())]);
            }
            if done % 4 == 3 {
                faults.insert(ALL[random.below(ALL.len())]);
            }
            let Some(case) = case(&mut random, &faults) else { continue };
            done += 1;
            let trouble = trouble(&case);
            if !trouble.is_empty() {
                bad += 1;
                if bad <= 2 {
                    println!("--- {faults:?}\n{}\n", trouble.join("\n"));
                }
            }
        }
        println!("=== {first:?}: {bad} of {done}");
        failed += bad;
    }
    assert_eq!(failed, 0);
}

#[test]
fn clean_orders_are_silent() {
    let mut random = Random::new(6);
    let mut done = 0;
    while done < 300 {
        let Some(case) = case(&mut random, &BTreeSet::new()) else { continue };
        done += 1;
        let trouble = trouble(&case);
        assert!(trouble.is_empty(), "{}", trouble.join("\n"));
    }
}

/// The same rules in other words, passes with zeroing between them, new data with a new forward pass, and an op that no
/// value uses: nothing of that is a fault.
#[test]
fn what_is_right_in_other_words_is_silent() {
    let ops = concat!(
        r#", "ops": {"+": {"forward": "self + other", "backward": ["self.grad = self.grad + out.grad", "#,
        r#""other.grad = 1.0 * out.grad + other.grad"]}, "relu": {"forward": "relu(self)", "backward": "#,
        r#"["self.grad += (self.data >= 0) * out.grad"]}, "cube": {"forward": "self**3", "backward": "#,
        r#"["self.grad += 3 * self**2 * out.grad"]}, "*": {"forward": "other * self", "backward": "#,
        r#"["other.grad += self.data * out.grad", "self.grad += other.data * out.grad"]}}"#,
    );
    let mut random = Random::new(8);
    for round in 0..200 {
        let drawn = random.graph(14, round % 2 == 0);
        let root = root(&drawn.graph);
        let scripts = [
            format!(r#", "script": ["v{root}.backward()"]"#),
            format!(r#", "script": ["v{root}.backward()", "zero_grad()", "v{root}.backward()", "zero_grad()"]"#),
            format!(
                r#", "script": ["v{root}.backward()", "v0.data -= 0.01 * v0.grad", "zero_grad()", "forward()", "v{root}.backward()"]"#
            ),
        ];
        for script in scripts {
            let debugger = debugger(drawn.text(&format!("{script}{ops}")));
            let check = checked(&debugger);
            let faults = faults_of(&debugger);
            let finite = check.values.iter().all(|v| v.grad.is_finite());
            assert!(!finite || faults.is_empty(), "{}\n{faults:?}", drawn.text(&script));
            assert!(!finite || check.values.iter().all(|v| v.ok), "{}\n{:?}", drawn.text(&script), check.values);
        }
    }
}

/// Passes from two roots, with nothing set to 0 between them, add up; where an inner value is shared, what the first pass
/// left there is passed on again, and told.
#[test]
fn two_roots_add_up() {
    let mut random = Random::new(7);
    let (mut right, mut wrong) = (0, 0);
    while right + wrong < 300 {
        let drawn = random.graph(12, false);
        let graph = &drawn.graph;
        let reached = reached(graph);
        let others: Vec<ValueId> = graph.ids().filter(|v| !graph.is_leaf(*v) && !reached.contains(v)).collect();
        if others.is_empty() {
            continue;
        }
        let roots = [others[random.below(others.len())], root(graph)];
        let of = |script: String| debugger(drawn.text(&format!(", \"script\": [{script}]")));
        let grads = |debugger: &Debugger| -> Vec<f64> {
            graph.ids().map(|v| debugger.run.grad(v, debugger.run.steps)).collect()
        };
        let alone = roots.map(|root| grads(&of(format!("\"v{root}.backward()\""))));
        let both = of(format!("\"v{}.backward()\", \"v{}.backward()\"", roots[0], roots[1]));
        let check = checked(&both);
        let mut differs = false;
        for checked in &check.values {
            let at = checked.value as usize;
            let sum = alone[0][at] + alone[1][at];
            let same = close(checked.grad, sum, 1e-9) || (checked.grad - sum).abs() < 1e-11;
            assert_eq!(checked.ok, same, "v{at}: {checked:?}, not {sum}, of {roots:?} in {}", drawn.text(""));
            differs |= !same;
        }
        let told: Vec<Kind> = both.findings().iter().map(|finding| finding.kind).collect();
        assert!(told.iter().all(|kind| !kind.is_fault() || *kind == Kind::LeftOver), "{told:?}");
        assert!(!differs || told.contains(&Kind::LeftOver), "{told:?} of {roots:?} in {}", drawn.text(""));
        let lucky = told.contains(&Kind::LeftOver) && !differs;
        assert_eq!(told.contains(&Kind::ByLuck), lucky, "{told:?} of {roots:?} in {}", drawn.text(""));
        (right, wrong) = (right + usize::from(!differs), wrong + usize::from(differs));
    }
    assert!(right > 30 && wrong > 30, "{right}, {wrong}");
}
