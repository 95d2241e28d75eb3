//! Where a gradient stands, against its definition.

use stepgrad::debugger::Debugger;
use stepgrad::debugger::standing::Standing;
use stepgrad::engine::{Event, SegmentKind, ValueId};

use crate::graphs::{Dice, random};
use crate::short;

/// From the events alone: which consumers that the root is made of have run to their end in this pass, and whether what
/// stands in the grad was there before it.
fn standing(debugger: &Debugger, v: ValueId, reached: &[bool]) -> Standing {
    if !reached[v as usize] {
        return Standing::Unreached;
    }
    let run = &debugger.run;
    let begin = pass_begin(debugger);
    let uses: Vec<ValueId> = run
        .graph
        .ids()
        .filter(|&c| reached[c as usize])
        .flat_map(|c| {
            let count = run.graph.operands_of(c).iter().filter(|&&operand| operand == v).count();
            std::iter::repeat_n(c, count)
        })
        .collect();
    let done = uses.iter().filter(|&&consumer| has_run(debugger, consumer, begin)).count();
    let wrote = |event: &u32| matches!(run.event(*event), Event::Write(write) if write.target.value == v && write.target.field.name() == "grad");
    let written = (begin..debugger.step).any(|event| wrote(&event));
    let stale = !written && debugger.grad(v) != 0.0;
    let count = |uses: usize| u32::try_from(uses).unwrap();
    match (done, uses.len()) {
        (0, _) if stale => Standing::LeftOver,
        (0, 0) if !written => Standing::Waiting(0, 1),
        (done, all) if done < all => Standing::Waiting(count(done), count(all)),
        _ => Standing::Final,
    }
}

/// The step at which the pass of the cursor began.
fn pass_begin(debugger: &Debugger) -> u32 {
    let segments = &debugger.run.segments;
    let pass = segments[debugger.segment_here()].pass;
    segments.iter().find(|s| s.pass == pass && !matches!(s.kind, SegmentKind::Forward)).map_or(0, |s| s.first)
}

/// Whether the last `_backward` of a value that began since then has run all its lines.
fn has_run(debugger: &Debugger, v: ValueId, begin: u32) -> bool {
    let ends = debugger.calls_of(v).filter(|end| *end > begin);
    let lines = u32::try_from(debugger.run.graph.lines_of(v).max(1)).unwrap();
    let begun: Vec<u32> = ends.filter(|end| end - lines < debugger.step).collect();
    begun.last().is_some_and(|&end| end <= debugger.step)
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
