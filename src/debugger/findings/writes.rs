use super::calls::{Calls, Pass};
use super::right::grads_of;
use super::{Finding, Kind};
use crate::debugger::Debugger;
use crate::engine::{Event, Phase, SegmentKind, ValueId, Write};
use crate::formula::number::short;
use crate::formula::{Field, close};

/// What is wrong with how grads were written.
pub fn find(debugger: &Debugger, calls: &Calls) -> Vec<Finding> {
    let assigns = debugger.run.graph.ops.iter().any(|op| op.lines.iter().any(|line| !line.accumulate));
    let mut findings = Vec::new();
    for (at, pass) in calls.passes.iter().enumerate() {
        if assigns {
            findings.extend(overwritten(debugger, pass));
        }
        findings.extend(set_by_hand(debugger, pass));
        findings.extend(left_over(debugger, &calls.passes[..at], pass));
    }
    findings
}

/// For each value the first write with `=` that threw away a contribution of the same pass.
fn overwritten(debugger: &Debugger, pass: &Pass) -> Vec<Finding> {
    let mut seen = rustc_hash::FxHashSet::default();
    let events = pass.calls.iter().flat_map(|call| call.start..call.end);
    let writes = events.filter_map(|event| match debugger.run.event(event) {
        Event::Write(write) => debugger.threw_away(&write).map(|lost| (event, write, lost)),
        _ => None,
    });
    let lost = writes.filter_map(|(event, write, lost)| {
        let (step, _) = debugger.run.history(Field::Grad).last(write.target.value, event)?;
        let before = debugger.write_before(step).filter(|before| before.by.is_some() && step > pass.start)?;
        seen.insert(write.target.value).then(|| thrown_away(debugger, event + 1, &write, &before, lost))
    });
    lost.collect()
}

fn thrown_away(debugger: &Debugger, step: u32, write: &Write, before: &Write, lost: f64) -> Finding {
    let (by, line) = write.by.expect("only a `_backward` throws away");
    let (first, _) = before.by.expect("it was looked for");
    let target = debugger.quoted(write.target.value);
    let source = debugger.run.graph.op_of(by).map_or(String::new(), |op| op.lines[line].source());
    let message = format!(
        "`{source}` in {}._backward() threw away {} of {target}.grad, the share that came from {}",
        debugger.quoted(by),
        short(lost),
        debugger.quoted(first)
    );
    let cure = format!("write += in place of =: the shares of {target} add up");
    let mut values = vec![write.target.value, by, first];
    values.dedup();
    Finding { kind: Kind::Overwritten, step, values, message, cure }
}

/// A pass that began on the grads of the pass before.
fn left_over(debugger: &Debugger, earlier: &[Pass], pass: &Pass) -> Option<Finding> {
    let same_root = earlier.iter().filter(|before| before.root == pass.root).count();
    let history = debugger.run.history(Field::Grad);
    let by_hand = by_hand(debugger, pass);
    if earlier.is_empty() && by_hand.is_empty() {
        return None;
    }
    let added_to = |v: ValueId| {
        let set = by_hand.iter().find(|(other, _)| *other == v && v != pass.root).map(|(_, step)| *step);
        let (step, _) = history.next(v, set.unwrap_or(pass.start))?;
        let write =
            debugger.write_before(step).filter(|_| step <= pass.end && !(earlier.is_empty() && set.is_none()))?;
        let accumulates = write.by.is_some() && debugger.threw_away(&write).is_none();
        (accumulates && write.before != 0.0).then_some((step, v))
    };
    // Two roots may add up in the leaves they share: that is how losses are summed. In an inner value it is wrong.
    let set = |v: &ValueId| by_hand.iter().any(|(other, _)| other == v);
    let counts = |v: &ValueId| same_root > 0 || set(v) || !debugger.run.graph.is_leaf(*v);
    let mut stale: Vec<(u32, ValueId)> = pass.order.topo.iter().copied().filter(counts).filter_map(added_to).collect();
    stale.sort_unstable();
    let &(step, first) = stale.first()?;
    let right = grads_of(debugger, pass);
    let name = debugger.quoted(first);
    let held = short(debugger.run.grad(first, step - 1));
    let is_wrong = |v: &ValueId| !close(debugger.run.grad(*v, pass.end), right[*v as usize], 1e-9);
    let ends = stale.iter().rev().map(|(_, v)| *v).find(is_wrong).map(|v| {
        let (end, right) = (short(debugger.run.grad(v, pass.end)), short(right[v as usize]));
        format!("; {}.grad ends it at {end}, where {right} is right", debugger.quoted(v))
    });
    let of = if earlier.is_empty() { "grads that were set by hand" } else { "the grads of the pass before" };
    let ends = ends.unwrap_or_default();
    let message = format!("pass {} began on {of}: {name}.grad already held {held}{ends}", pass.number);
    let cure = "set every grad to 0 before a pass: zero_grad(). After k passes a value d steps from the root is off by a factor C(k+d-1, d)";
    let values: Vec<ValueId> = stale.iter().map(|(_, v)| *v).collect();
    Some(Finding { kind: Kind::LeftOver, step, values, message, cure: cure.into() })
}

/// The grads, but for the root's, that the script sets to something before the first call of a pass.
fn by_hand(debugger: &Debugger, pass: &Pass) -> Vec<(ValueId, u32)> {
    let first = pass.calls.first().map_or(pass.end, |call| call.start);
    let set = debugger.run.segments.iter().filter(|segment| segment.first >= pass.start && segment.end() <= first);
    let seeds = set.filter_map(|segment| match segment.kind {
        SegmentKind::Assign(target) if segment.phase == Phase::Seed => Some((target.value, segment.end())),
        _ => None,
    });
    seeds.collect()
}

/// Statements that set a grad in the middle of a pass and so throw away what had been added to it.
fn set_by_hand(debugger: &Debugger, pass: &Pass) -> Vec<Finding> {
    let Some(last) = pass.calls.last() else { return Vec::new() };
    let first = pass.calls[0].start;
    let inside = debugger.run.segments.iter().filter(|segment| segment.first > first && segment.end() <= last.start);
    let writes = inside.filter_map(|segment| match segment.kind {
        SegmentKind::Assign(target) if target.field == Field::Grad => {
            debugger.write_before(segment.end()).map(|write| (segment, write))
        }
        _ => None,
    });
    let lost = writes.filter(|(_, write)| write.before != 0.0 && write.target.value != pass.root);
    lost.map(|(segment, write)| {
        let target = debugger.quoted(write.target.value);
        let source = segment.statement.map_or("", |at| debugger.run.script[at].source.as_str());
        let message = format!(
            "`{source}` in the middle of the pass replaced {target}.grad = {} by {}",
            short(write.before),
            short(write.after)
        );
        let cure = "set grads to 0 between passes, not inside one".to_owned();
        Finding { kind: Kind::Overwritten, step: segment.end(), values: vec![write.target.value], message, cure }
    })
    .collect()
}
