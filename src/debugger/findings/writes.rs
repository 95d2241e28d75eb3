use super::calls::Pass;
use super::right::{end_of, grads_at, is_right};
use super::{Finding, Kind};
use crate::debugger::Debugger;
use crate::engine::{Event, Phase, Segment, SegmentKind, ValueId, Write};
use crate::formula::Field;
use crate::formula::number::short;

/// What is wrong with how grads were written. `earlier` are the roots of the passes before.
pub fn find(debugger: &Debugger, earlier: &[Vec<ValueId>], pass: &Pass) -> Vec<Finding> {
    let assigns = debugger.run.graph.ops.iter().any(|op| op.lines.iter().any(|line| !line.accumulate));
    let mut findings = if assigns { overwritten(debugger, pass) } else { Vec::new() };
    findings.extend(set_by_hand(debugger, pass));
    findings.extend(left_over(debugger, earlier, pass));
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
fn left_over(debugger: &Debugger, earlier: &[Vec<ValueId>], pass: &Pass) -> Option<Finding> {
    let again = earlier.iter().flatten().any(|root| pass.is_root(*root));
    let history = debugger.run.history(Field::Grad);
    let by_hand = by_hand(debugger, pass);
    if earlier.is_empty() && by_hand.is_empty() {
        return None;
    }
    let added_to = |v: ValueId| {
        let set = by_hand.iter().find(|(other, _)| *other == v && !pass.is_root(v)).map(|(_, step)| *step);
        let (step, _) = history.next(v, set.unwrap_or(pass.start))?;
        let write =
            debugger.write_before(step).filter(|_| step <= pass.end && !(earlier.is_empty() && set.is_none()))?;
        let accumulates = write.by.is_some() && debugger.threw_away(&write).is_none();
        (accumulates && write.before != 0.0).then_some((step, v))
    };
    // Two roots may add up in the leaves they share: that is how losses are summed. What an inner value holds of the first
    // is passed on again with the second.
    let set = |v: &ValueId| by_hand.iter().any(|(other, _)| other == v);
    let counts = |v: &ValueId| again || set(v) || !debugger.run.graph.is_leaf(*v);
    let mut stale: Vec<(u32, ValueId)> = pass.downwards().filter(counts).filter_map(added_to).collect();
    stale.sort_unstable();
    let &(step, first) = stale.first()?;
    let end = end_of(debugger, pass.number);
    let right = grads_at(debugger, end);
    let name = debugger.quoted(first);
    let held = short(debugger.run.grad(first, step - 1));
    let is_wrong = |v: &ValueId| !is_right(debugger.run.grad(*v, end), right[*v as usize]);
    let ends = stale.iter().rev().map(|(_, v)| *v).chain(pass.downwards()).find(is_wrong).map(|v| {
        let (end, right) = (short(debugger.run.grad(v, end)), short(right[v as usize]));
        format!("; {}.grad ends it at {end}, where {right} is right", debugger.quoted(v))
    });
    let of = if earlier.is_empty() { "grads that were set by hand" } else { "the grads of the pass before" };
    let ends = ends.unwrap_or_default();
    let message = format!("pass {} began on {of}: {name}.grad already held {held}{ends}", pass.number);
    let cure = if again || earlier.is_empty() {
        "set every grad to 0 before a pass: zero_grad()"
    } else {
        "an inner value passes what the first root left in it on again: run one pass from the sum of the roots, or zero_grad() between them"
    };
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

/// Statements that set a grad in the middle of a pass and so throw away what had been added to it; and after it, so that it
/// is no slope any more.
fn set_by_hand(debugger: &Debugger, pass: &Pass) -> Vec<Finding> {
    let Some((first, last)) = pass.calls.first().zip(pass.calls.last()) else { return Vec::new() };
    let segments = debugger.run.segments.iter();
    let later = segments.skip_while(|segment| segment.first <= first.start).take_while(|s| s.end() <= pass.end);
    let writes = later.filter_map(|segment| match segment.kind {
        SegmentKind::Assign(target) if target.field == Field::Grad => {
            debugger.write_before(segment.end()).map(|write| (segment, write))
        }
        _ => None,
    });
    let inside = |segment: &Segment| segment.end() <= last.start;
    // Zeroing after the pass is for the next one.
    let changes = writes.filter(|(segment, write)| {
        let changed = write.before != write.after && !pass.is_root(write.target.value);
        changed && (segment.phase != Phase::Zero || inside(segment))
    });
    let mut right = None;
    let findings = changes.filter_map(|(segment, write)| {
        let inside = inside(segment);
        let end = end_of(debugger, pass.number);
        let right: &Vec<f64> = right.get_or_insert_with(|| grads_at(debugger, end));
        let mended = is_right(write.after, right[write.target.value as usize]);
        (!mended || inside && write.before != 0.0).then(|| by_statement(debugger, segment, &write, inside))
    });
    findings.collect()
}

fn by_statement(debugger: &Debugger, segment: &Segment, write: &Write, inside: bool) -> Finding {
    let target = debugger.quoted(write.target.value);
    let source = segment.statement().map_or("", |at| &*debugger.run.script[at].source);
    let place = if inside { "in the middle of the pass" } else { "after the pass" };
    let message =
        format!("`{source}` {place} replaced {target}.grad = {} by {}", short(write.before), short(write.after));
    let cure = if inside {
        "set grads to 0 between passes, not inside one"
    } else {
        "leave grads as the pass made them, or set them to 0 for the next one"
    };
    let values = vec![write.target.value];
    Finding { kind: Kind::Overwritten, step: segment.end(), values, message, cure: cure.into() }
}
