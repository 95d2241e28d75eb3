//! What a grad is made of accounts for it, to the bit, at every step.

use stepgrad::debugger::Debugger;
use stepgrad::debugger::ledger::{Contribution, Origin};
use stepgrad::engine::{Event, ValueId};

use crate::{same, shipped};

#[test]
fn contributions_account_for_every_grad_at_every_step() {
    let mut thrown_away = 0;
    for (name, mut debugger) in shipped() {
        for v in debugger.run.graph.ids() {
            let ledger = debugger.ledger(v);
            assert_eq!(format!("{ledger:?}"), format!("{:?}", debugger.ledger_rows(v, 0..ledger.len())));
            thrown_away += ledger.iter().filter(|contribution| contribution.lost.is_some()).count();
            adds_up(&debugger, &ledger).unwrap_or_else(|why| panic!("{name}: {v}: {why}"));
            at_every_step(&mut debugger, v, &ledger).unwrap_or_else(|why| panic!("{name}: {v}: {why}"));
        }
    }
    assert!(thrown_away > 20, "{thrown_away} contributions were thrown away by an `=`");
}

/// Each starts from what the one before left, and leaves what its rule says; what an `=` threw away is told.
fn adds_up(debugger: &Debugger, ledger: &[Contribution]) -> Result<(), String> {
    let mut grad = 0.0;
    for contribution in ledger {
        let Contribution { step, before, amount, after, lost, .. } = *contribution;
        let Event::Write(write) = debugger.run.event(step - 1) else { return Err(format!("{step} writes nothing")) };
        let accumulates = write.by.map(|(node, line)| debugger.run.graph.op_of(node).unwrap().lines[line].accumulate);
        let sum = match accumulates {
            Some(true) => before + amount,
            Some(false) => amount,
            None => after,
        };
        let gone = if accumulates != Some(true) && before != 0.0 { Some(before) } else { None };
        let local = match &contribution.from {
            // Where the line is `local * out.grad`, the two factors make the amount.
            Origin::Consumer { slope, upstream, .. } => (slope * upstream - amount).abs() <= 1e-9 * amount.abs(),
            Origin::Seed(_) | Origin::Statement(_) => true,
        };
        let own = write.by.is_some_and(|(node, _)| debugger.run.graph.op_of(node).unwrap().own);
        if !same(grad, before) || !same(sum, after) || lost.map(f64::to_bits) != gone.map(f64::to_bits) {
            return Err(format!("{grad} and then {contribution:?}"));
        }
        if !local && !own && amount.is_finite() {
            return Err(format!("{contribution:?} is not what its factors make"));
        }
        grad = after;
    }
    Ok(())
}

fn at_every_step(debugger: &mut Debugger, v: ValueId, ledger: &[Contribution]) -> Result<(), String> {
    let mut done = 0;
    for step in 0..=debugger.run.steps {
        debugger.go_to(step);
        done += ledger[done..].iter().take_while(|contribution| contribution.step <= step).count();
        let grad = done.checked_sub(1).map_or(0.0, |last| ledger[last].after);
        if !same(grad, debugger.grad(v)) || debugger.ledger_len(v) != (ledger.len(), done) {
            return Err(format!("step {step}: {grad}, but its grad is {}", debugger.grad(v)));
        }
    }
    let all = debugger.ledger(v).iter().all(|contribution| contribution.done);
    debugger.go_to(0);
    let none = debugger.ledger(v).iter().all(|contribution| !contribution.done);
    if all && none { Ok(()) } else { Err("what is done is told wrongly".into()) }
}

/// What no `_backward` wrote is told by its statement; a seed is told apart, since `o.backward()` does more than that.
#[test]
fn statements_are_told_as_they_were_written() {
    let debugger = crate::debugger(
        r#"{"values": {"a": 3, "b": "a*a"}, "script": ["b.backward()", "a.grad  =  2", "zero_grad()"]}"#,
    );
    let statements = |name: &str| {
        let ledger = debugger.ledger(debugger.scenario.names.find(name).unwrap());
        let by_hand = ledger.into_iter().filter_map(|contribution| match contribution.from {
            Origin::Statement(text) => Some(text),
            Origin::Seed(_) => Some("the seed".into()),
            Origin::Consumer { .. } => None,
        });
        by_hand.collect::<Vec<String>>()
    };
    assert_eq!(statements("b"), ["the seed", "zero_grad()"]);
    assert_eq!(statements("a"), ["a.grad  =  2", "zero_grad()"]);
}

/// What several passes made of a grad is told with the factor that its distance from the root makes, where it is that.
#[test]
fn a_factor_is_told_where_it_is_one() {
    let at_the_end = |name: &str, v: &str| {
        let (_, mut debugger) = crate::shipped().find(|(other, _)| *other == name).unwrap();
        debugger.go_to(debugger.run.steps);
        debugger.added_up(debugger.scenario.names.find(v).unwrap()).map(|added| added.numbers)
    };
    let (passes, again) =
        ("3 passes added up, with no zero_grad() between them", "each pass passes on again what is left");
    let x1 = format!("{passes}: -1.5, then -7.5, then -22.5. That is 15 times -1.5: {again} between o and x1");
    assert_eq!(at_the_end("the-notebook", "x1"), Some(x1));
    let n = format!("{passes}: 0.5, then 1.0, then 1.5. That is 3 times 0.5");
    assert_eq!(at_the_end("the-notebook", "n"), Some(n));
    let zeroed =
        "4 passes added up, with no zero_grad() between them: 3.0, then 6.0, then 9.0, then 12.0. That is 4 times 3.0";
    assert_eq!(at_the_end("zero-leaves-only", "x*x").as_deref(), Some(zeroed));
    assert_eq!(at_the_end("zero-leaves-only", "x"), None, "which is set to 0 after every pass");
    let after = |statements: &str| {
        let text = format!(r#"{{"values": {{"a": 3, "b": "a*2"}}, "script": ["{statements}"]}}"#);
        let mut debugger = crate::debugger(&text);
        debugger.go_to(debugger.run.steps);
        debugger.added_up(0).map(|added| added.numbers.replace(", with no zero_grad() between them", ""))
    };
    let of_passes = |passes: usize| after(&"b.backward();".repeat(passes));
    assert_eq!(of_passes(1), None);
    for by_hand in ["b.backward(); b.backward(); a.grad = 7", "b.backward(); a.grad = 7; b.backward()"] {
        assert_eq!(after(by_hand), None, "{by_hand}: no two passes made that");
    }
    let mut twice = crate::debugger(r#"{"values": {"a": 3, "b": "a*2"}, "script": ["b.backward()", "b.backward()"]}"#);
    let second = twice.findings()[0].step;
    let told = (0..=twice.run.steps).find(|step| {
        twice.go_to(*step);
        twice.added_up(0).is_some()
    });
    assert_eq!(told, Some(second), "as soon as it happens");
    assert_eq!(of_passes(2).unwrap(), "2 passes added up: 2.0, then 4.0. That is 2 times 2.0");
    let six = "6 passes added up: …, then 6.0, then 8.0, then 10.0, then 12.0. That is 6 times 2.0";
    assert_eq!(of_passes(6).unwrap(), six);
}
