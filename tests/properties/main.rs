//! What holds for every run: time goes both ways, each number read is the number a plain interpreter finds, and a text
//! shown is the text that ran.
//!
//! On random graphs (repeated operands, rules of their own, scripts of several passes) and on every scenario that comes
//! with the program. Numbers are compared by their bits; a NaN is a NaN.

mod case;
mod expression;
mod reference;
mod time;

use proptest::prelude::*;
use stepgrad::engine::plan::Order;
use stepgrad::engine::sweep::{backward, sweep};
use stepgrad::engine::topo::{Visit, build_topo, each_visit, event_count};
use stepgrad::engine::{Event, Graph, Run, SegmentKind, ValueId};
use stepgrad::formula::Field;
use stepgrad::scenario::{Scenario, Source, builtin, read};

use reference::{Reference, same, same_event};

/// A scenario by the text of its file.
fn scenario(name: &str, text: String) -> Scenario {
    let source = Source { name: name.into(), text, lines: false };
    read(&source).unwrap_or_else(|complaint| panic!("{}\n{complaint}", source.text))
}

/// Every shipped scenario, but for those so long that looking at all numbers at all steps takes minutes.
fn shipped() -> impl Iterator<Item = (Scenario, Run)> {
    let scenarios = builtin::all().map(|entry| scenario(entry.name, entry.text.to_owned()));
    scenarios.map(|scenario| (scenario.run(), scenario)).map(|(run, scenario)| (scenario, run)).filter(|(_, run)| {
        let numbers = u64::from(run.steps) * run.graph.len() as u64;
        numbers < 1_000_000
    })
}

/// The checks that a run must pass, whatever it is of.
fn check(scenario: &Scenario, run: &Run) {
    readings_agree(scenario, run);
    writes_add_up(run);
    order_is_that_of_its_visits(&run.graph, scenario.root);
    recorded_sweeps_are_plain_sweeps(run);
}

/// Every number at every step, every event, every phase and every assertion is as the plain interpreter has it.
fn readings_agree(scenario: &Scenario, run: &Run) {
    let Reference { states, steps } = reference::interpret(scenario);
    assert_eq!(run.steps as usize, steps.len());
    for (step, state) in (0..).zip(&states) {
        for v in run.graph.ids() {
            let (data, grad) = (run.data(v, step), run.grad(v, step));
            let (wanted_data, wanted_grad) = (state.data[v as usize], state.grad[v as usize]);
            assert_eq!(data.is_some(), wanted_data.is_some(), "{v}.data at step {step}");
            assert!(same(data.unwrap_or(0.0), wanted_data.unwrap_or(0.0)), "{v}.data at step {step}: {data:?}");
            assert!(same(grad, wanted_grad), "{v}.grad at step {step}: {grad}, not {wanted_grad}");
        }
    }
    for (event, wanted) in (0..).zip(&steps) {
        let found = run.event(event);
        assert!(same_event(&found, &wanted.event), "event {event}: {found:?}, not {:?}", wanted.event);
        let segment = &run.segments[run.segment_of(event)];
        assert_eq!((segment.phase(), segment.statement()), (wanted.phase, wanted.statement), "event {event}");
        assert!((segment.first..segment.end()).contains(&event));
    }
    let asserts = steps.iter().filter(|step| matches!(step.event, Event::Assert { .. })).count();
    assert_eq!(run.assertions.len(), asserts);
}

/// Before and amount make after; and what stands before a write is what the write before it left.
fn writes_add_up(run: &Run) {
    let mut grads = vec![0.0; run.graph.len()];
    for event in 0..run.steps {
        let Event::Write(write) = run.event(event) else { continue };
        let place = &mut grads[write.target.value as usize];
        if write.target.field == Field::Grad {
            assert!(same(*place, write.before), "event {event}: {write:?} after {place}");
            *place = write.after;
        }
        if let Some((node, line)) = write.by {
            let rule = &run.graph.op_of(node).unwrap().lines[line];
            assert_eq!(run.graph.operands_of(node)[rule.slot], write.target.value);
            let sum = if rule.accumulate { write.before + write.amount } else { write.amount };
            assert!(same(sum, write.after), "event {event}: {write:?}");
        }
    }
}

/// The list that `build_topo` gives is the list its events append to, and each value is entered once.
fn order_is_that_of_its_visits(graph: &Graph, root: ValueId) {
    let (order, mut visits) = (Order::new(graph, root), Vec::new());
    each_visit(graph, root, |visit| visits.push(visit));
    assert_eq!(visits.len(), event_count(graph, &order.topo));
    walk_tells_every_state(graph, &order, &visits);
    let (mut entered, mut appended) = (vec![false; graph.len()], Vec::new());
    for visit in visits {
        match visit {
            Visit::Enter(v) => assert!(!std::mem::replace(&mut entered[v as usize], true), "{v} is entered twice"),
            Visit::Skip(v) => assert!(entered[v as usize], "{v} is skipped before it was visited"),
            Visit::Append(v) => {
                assert!(graph.operands_of(v).iter().all(|operand| appended.contains(operand)), "{v} comes too early");
                appended.push(v);
            }
        }
    }
    assert_eq!((&appended, &appended), (&order.topo, &build_topo(graph, root)));
}

/// After any number of events: what the next one is, what is visited, the list, and the innermost call.
fn walk_tells_every_state(graph: &Graph, order: &Order, visits: &[Visit]) {
    let walk = order.walk(graph);
    let (mut stack, mut entered, mut appended, mut last) = (Vec::new(), Vec::new(), Vec::new(), None);
    for (at, &visit) in (0..).zip(visits) {
        assert_eq!(order.visit(graph, at), visit);
        let innermost = if let Some(Visit::Append(v)) = last { Some(v) } else { stack.last().copied() };
        assert_eq!(walk.innermost(&order.topo, at), innermost, "after {at} events");
        assert_eq!((walk.visited(at) as usize, walk.appended(at) as usize), (entered.len(), appended.len()));
        for &v in entered.iter().rev().take(3) {
            let place = appended.iter().position(|&other| other == v);
            assert_eq!(walk.state(v, at), (true, place.map(|place| u32::try_from(place).unwrap())));
        }
        match visit {
            Visit::Enter(v) => {
                assert_eq!(walk.caller(v), stack.last().copied());
                stack.push(v);
                entered.push(v);
            }
            Visit::Skip(_) => {}
            Visit::Append(v) => {
                assert_eq!((stack.pop(), walk.state(v, at)), (Some(v), (true, None)));
                appended.push(v);
                assert_eq!(walk.to_append(u32::try_from(appended.len()).unwrap() - 1), at + 1);
            }
        }
        last = Some(visit);
    }
    assert_eq!(walk.to_append(u32::try_from(appended.len()).unwrap()) as usize, visits.len());
}

/// Listening to a sweep changes none of its numbers, and the hot loop is one `_backward` after the other.
fn recorded_sweeps_are_plain_sweeps(run: &Run) {
    for segment in &run.segments {
        let SegmentKind::Backward(order) = &segment.kind else { continue };
        let data: Vec<f64> = run.graph.ids().map(|v| run.data(v, segment.first).unwrap()).collect();
        let mut grad: Vec<f64> = run.graph.ids().map(|v| run.grad(v, segment.first)).collect();
        let mut one_by_one = grad.clone();
        sweep(&run.graph, &order.topo, &data, &mut grad, &mut ());
        order.topo.iter().rev().for_each(|&v| backward(&run.graph, v, &data, &mut one_by_one, &mut ()));
        for v in run.graph.ids() {
            assert!(same(grad[v as usize], run.grad(v, segment.end())), "{v}.grad");
            assert!(same(grad[v as usize], one_by_one[v as usize]), "{v}.grad");
        }
    }
}

#[test]
fn every_shipped_scenario_reads_as_a_plain_interpreter_runs_it() {
    let mut seen = 0;
    for (scenario, run) in shipped() {
        check(&scenario, &run);
        seen += 1;
    }
    assert!(seen > 60);
}

#[test]
fn time_goes_both_ways_in_every_shipped_scenario() {
    for (scenario, _) in shipped() {
        time::check(scenario);
    }
}

/// The reference is no yes-man: a run of other numbers, another order, another script is not accepted.
#[test]
fn a_wrong_run_is_noticed() {
    let text = |script: &str, x: f64, sum: &str| {
        format!(r#"{{"values": {{"x": {x}, "y": 2, "s": "{sum}", "z": "s*x"}}, "script": ["{script}"]}}"#)
    };
    let right = scenario("right", text("z.backward()", 3.0, "x + y"));
    readings_agree(&right, &right.run());
    let wrong = [
        text("z.backward()", 3.0_f64.next_up(), "x + y"),
        text("z.backward()", 3.0, "y + x"),
        text("s.backward()", 3.0, "x + y"),
        text("z.backward(); assert x.grad > 0", 3.0, "x + y"),
    ];
    for text in wrong {
        let wrong = scenario("wrong", text).run();
        let compared = std::panic::catch_unwind(|| readings_agree(&right, &wrong));
        assert!(compared.is_err());
    }
}

/// Many cases, since each is small; `PROPTEST_CASES` multiplies them.
fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { cases: usual.cases * 8, failure_persistence: None, ..usual }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_random_run_reads_as_a_plain_interpreter_runs_it(case in case::any()) {
        let scenario = scenario("random", case.text());
        case.assert_means(&scenario);
        check(&scenario, &scenario.run());
    }

    #[test]
    fn time_goes_both_ways_in_a_random_run(case in case::any()) {
        time::check(scenario("random", case.text()));
    }

    #[test]
    fn a_formula_is_evaluated_as_it_is_written(tree in expression::any(), numbers in expression::numbers()) {
        expression::check(&tree, &numbers);
    }
}
