//! Where a gradient stands, against its definition.

use stepgrad::debugger::Debugger;
use stepgrad::debugger::standing::Standing;
use stepgrad::engine::{Event, SegmentKind, ValueId};

use crate::graphs::{Dice, random};
use crate::short;

/// From the events alone: which consumers that the root is made of have run to their end in this pass, and whether what
/// stands in the grad was there before it.
fn standing(debugger: &Debugger, v: ValueId, reached: &[bool]) -> Standing {
    let run = &debugger.run;
    if !reached[v as usize] {
        return in_other_passes(debugger, v);
    }
    let begin = pass_begin(debugger);
    let consumers = run.graph.ids().filter(|&consumer| reached[consumer as usize]);
    let uses: Vec<(ValueId, usize)> = consumers
        .flat_map(|consumer| {
            let operands = run.graph.operands_of(consumer).iter().enumerate();
            operands.filter(|(_, operand)| **operand == v).map(move |(slot, _)| (consumer, slot))
        })
        .collect();
    let done = uses.iter().filter(|&&usage| has_passed(debugger, usage, begin)).count();
    let wrote = |event: &u32| matches!(run.event(*event), Event::Write(write) if write.target.value == v && write.target.field.name() == "grad");
    let written = (begin..debugger.step).any(|event| wrote(&event));
    let stale = !written && debugger.grad(v) != 0.0;
    let count = |uses: usize| u32::try_from(uses).unwrap();
    match (done, uses.len()) {
        (0, _) if stale => Standing::Earlier,
        (0, 0) if !written => Standing::Waiting(0, 1),
        (done, all) if done < all => Standing::Waiting(count(done), count(all)),
        _ => Standing::Final,
    }
}

/// Of a value that this pass does not reach: whether another does, and has.
fn in_other_passes(debugger: &Debugger, v: ValueId) -> Standing {
    let writes = (0..debugger.run.steps).filter_map(|event| match debugger.run.event(event) {
        Event::Write(write) if write.target.value == v && write.target.field.name() == "grad" => {
            Some((event, write.by.is_some() || write.after != 0.0))
        }
        _ => None,
    });
    let writes: Vec<(u32, bool)> = writes.collect();
    match writes.iter().rev().find(|(event, _)| *event < debugger.step) {
        Some((_, true)) => Standing::Earlier,
        _ if writes.iter().any(|(_, of_a_pass)| *of_a_pass) => Standing::Waiting(0, 1),
        _ => Standing::Unreached,
    }
}

/// The step at which the pass of the cursor began.
fn pass_begin(debugger: &Debugger) -> u32 {
    let segments = &debugger.run.segments;
    let pass = segments[debugger.segment_here()].pass;
    segments.iter().find(|s| s.pass == pass && !matches!(s.kind, SegmentKind::Forward)).map_or(0, |s| s.first)
}

/// Whether the last `_backward` of a consumer that began since then has run all its lines for that operand.
fn has_passed(debugger: &Debugger, (consumer, slot): (ValueId, usize), begin: u32) -> bool {
    let lines = &debugger.run.graph.op_of(consumer).expect("a consumer is made by an op").lines;
    let all = u32::try_from(lines.len().max(1)).unwrap();
    let needed = lines.iter().rposition(|line| line.slot == slot).map_or(1, |last| last + 1);
    let starts = debugger.calls_of(consumer).map(|end| end - all).filter(|start| *start >= begin);
    let begun = starts.filter(|start| *start < debugger.step).last();
    begun.is_some_and(|start| start + u32::try_from(needed).unwrap() <= debugger.step)
}

fn check(name: &str, debugger: &mut Debugger) {
    for step in 0..=debugger.run.steps {
        debugger.go_to(step);
        let mut reached = vec![false; debugger.run.graph.len()];
        debugger.order().topo.iter().for_each(|&v| reached[v as usize] = true);
        for v in debugger.run.graph.ids() {
            assert_eq!(debugger.standing(v), standing(debugger, v, &reached), "{name}: {v} at step {step}");
        }
    }
}

#[test]
fn grads_stand_where_their_definition_says() {
    for (name, mut debugger) in short().filter(|(_, debugger)| debugger.run.steps < 200) {
        check(name, &mut debugger);
    }
    let mut dice = Dice(5);
    for size in 4..12 {
        let (root, other) = (size - 1, dice.under(size));
        let calls: Vec<String> = (0..6).map(|_| format!("\"v{}._backward()\"", dice.under(size))).collect();
        let script = format!(
            "\"v{root}.backward()\", \"v{other}.backward()\", \"v{root}.grad = 1\", {}, \"zero_grad()\", \"v{root}.backward()\"",
            calls.join(", ")
        );
        check("random", &mut random(&mut dice, size, &script));
    }
}

/// What a statement means is said beside it.
#[test]
fn what_is_set_by_hand_says_what_that_means() {
    let script = r#""script": ["b.grad = 1", "b._backward()", "zero_grad()", "a.data = 2"]"#;
    let mut debugger = crate::debugger(&format!(r#"{{"values": {{"a": 3, "b": "a*2"}}, {script}}}"#));
    let mut said = Vec::new();
    for step in 0..=debugger.run.steps {
        debugger.go_to(step);
        said.push(debugger.quote().lines.last().map(|line| line.text.clone()).unwrap_or_default());
    }
    for words in [
        "set by hand: the base case of a pass",
        "the next pass starts from nothing",
        "what is made of it is stale until forward()",
    ] {
        assert!(said.iter().any(|text| text == words), "`{words}` is not among {said:#?}");
    }
}

/// What waits at the end of a pass waits in vain: there it is as wrong as what has run.
#[test]
fn at_the_end_of_a_pass_nothing_is_still_to_come() {
    let (_, mut debugger) = crate::shipped().find(|(name, _)| *name == "not-yet").unwrap();
    let [x1, x2] = ["x1", "x2"].map(|name| debugger.scenario.names.find(name).unwrap());
    debugger.go_to(debugger.run.steps - 1);
    assert_eq!(debugger.must_be(x1), None);
    debugger.go_to(debugger.run.steps);
    assert!(debugger.must_be(x1).is_some_and(|right| (right + 1.5).abs() < 1e-9));
    assert_eq!(debugger.must_be(x2), None);
}
