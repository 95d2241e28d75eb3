use rustc_hash::{FxHashMap, FxHashSet};

use super::calls::Pass;
use super::right::{Rights, end_of, is_right};
use super::{Finding, Kind, Told, named};
use crate::debugger::Debugger;
use crate::engine::{Event, Phase, Segment, SegmentKind, ValueId, Write};
use crate::formula::Field;
use crate::formula::number::short;

/// The roots of the passes before.
#[derive(Default)]
pub struct Earlier(FxHashSet<ValueId>);

/// What is wrong with how grads were written.
pub fn find(debugger: &Debugger, pass: &Pass, earlier: &mut Earlier, rights: &mut Rights, told: &mut Told) {
    let assigns = debugger.run.graph.ops.iter().any(|op| op.lines.iter().any(|line| !line.accumulate));
    if assigns {
        overwritten(debugger, pass, told);
    }
    set_by_hand(debugger, pass, rights, told);
    left_over(debugger, earlier, pass, rights, told);
    earlier.0.extend(&pass.reached.roots);
}

/// For each value the first write with `=` that threw away a contribution of the same pass.
fn overwritten(debugger: &Debugger, pass: &Pass, told: &mut Told) {
    let mut seen = FxHashSet::default();
    for event in pass.calls().flat_map(|call| call.start..call.end) {
        let Event::Write(write) = debugger.run.event(event) else { continue };
        let Some(lost) = debugger.threw_away(&write) else { continue };
        let last = debugger.run.history(Field::Grad).last(write.target.value, event);
        let before = last.filter(|(step, _)| *step > pass.start).and_then(|(step, _)| debugger.write_before(step));
        let Some(before) = before.filter(|before| before.by.is_some()) else { continue };
        if seen.insert(write.target.value) {
            let thrown_away = || thrown_away(debugger, event + 1, &write, &before, lost);
            told.tell(Kind::Overwritten, event + 1, write.target.value, thrown_away);
        }
    }
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
    Finding { kind: Kind::Overwritten, step, values, more: 0, message, cure }
}

/// A pass that began on the grads of the pass before.
fn left_over(debugger: &Debugger, earlier: &Earlier, pass: &Pass, rights: &mut Rights, told: &mut Told) {
    let by_hand = by_hand(pass);
    if earlier.0.is_empty() && by_hand.is_empty() {
        return;
    }
    let again = pass.reached.roots.iter().any(|root| earlier.0.contains(root));
    let history = debugger.run.history(Field::Grad);
    let added_to = |v: ValueId| {
        let set = by_hand.get(&v).filter(|_| !pass.is_root(v));
        let (step, _) = history.next(v, set.copied().unwrap_or(pass.start))?;
        let none = step > pass.end || earlier.0.is_empty() && set.is_none();
        let write = debugger.write_before(step).filter(|_| !none)?;
        let accumulates = write.by.is_some() && debugger.threw_away(&write).is_none();
        (accumulates && write.before != 0.0).then_some((step, v))
    };
    // Two roots may add up in the leaves they share: that is how losses are summed. What an inner value holds of the first
    // is passed on again with the second.
    let counts = |v: &ValueId| again || by_hand.contains_key(v) || !debugger.run.graph.is_leaf(*v);
    let written = pass.written();
    let mut stale: Vec<(u32, ValueId)> = written.iter().copied().filter(counts).filter_map(added_to).collect();
    stale.sort_unstable();
    let Some(&(step, first)) = stale.first() else { return };
    for &(_, v) in &stale {
        told.found.left_over.entry(v).or_insert(step);
    }
    let cure = if again || earlier.0.is_empty() {
        "set every grad to 0 before a pass: zero_grad()"
    } else {
        "an inner value passes what the first root left in it on again: run one pass from the sum of the roots, or zero_grad() between them"
    };
    let of = if earlier.0.is_empty() { "grads that were set by hand" } else { "the grads of the pass before" };
    told.tell(Kind::LeftOver, step, first, || {
        let message = begun_on(debugger, pass, of, &stale, rights);
        let (values, more) = named(stale.iter().map(|(_, v)| *v), stale.len());
        Finding { kind: Kind::LeftOver, step, values, more, message, cure: cure.into() }
    });
}

/// On what a pass began, and what one of its grads became by that.
fn begun_on(debugger: &Debugger, pass: &Pass, of: &str, stale: &[(u32, ValueId)], rights: &mut Rights) -> String {
    let (step, first) = stale[0];
    let end = end_of(debugger, pass.number);
    let wrong = rights.at(end).and_then(|right| {
        let is_wrong = |v: &ValueId| !is_right(debugger.run.grad(*v, end), right[*v as usize]);
        let mut values = stale.iter().rev().map(|(_, v)| *v).chain(pass.reached.values.iter().copied());
        values.find(is_wrong).map(|v| (v, right[v as usize]))
    });
    let ends = wrong.map(|(v, right)| {
        let end = short(debugger.run.grad(v, end));
        format!("; {}.grad ends it at {end}, where {} is right", debugger.quoted(v), short(right))
    });
    let (name, held) = (debugger.quoted(first), short(debugger.run.grad(first, step - 1)));
    format!("pass {} began on {of}: {name}.grad already held {held}{}", pass.number, ends.unwrap_or_default())
}

/// The grads, but for the root's, that the script sets to something before the first call of a pass.
fn by_hand(pass: &Pass) -> FxHashMap<ValueId, u32> {
    let first = pass.ends.map_or(pass.end, |(first, _)| first.start);
    let set = pass.segments.iter().rev().filter(|segment| segment.end() <= first);
    let seeds = set.filter_map(|segment| match segment.kind {
        SegmentKind::Assign(target, Phase::Seed) => Some((target.value, segment.end())),
        _ => None,
    });
    seeds.collect()
}

/// Statements that set a grad in the middle of a pass and so throw away what had been added to it; and after it, so that it
/// is no slope any more.
fn set_by_hand(debugger: &Debugger, pass: &Pass, rights: &mut Rights, told: &mut Told) {
    let Some((first, last)) = pass.ends else { return };
    let inside = |segment: &Segment| segment.end() <= last.start;
    let end = end_of(debugger, pass.number);
    for segment in pass.segments.iter().filter(|segment| segment.first > first.start) {
        let SegmentKind::Assign(target, _) = segment.kind else { continue };
        let write = debugger.write_before(segment.end()).filter(|_| target.field == Field::Grad);
        let Some(write) = write.filter(|write| write.before != write.after && !pass.is_root(target.value)) else {
            continue;
        };
        // Zeroing after the pass is for the next one.
        if segment.phase() == Phase::Zero && !inside(segment) {
            continue;
        }
        let mended = rights.at(end).is_some_and(|right| is_right(write.after, right[target.value as usize]));
        if !mended || inside(segment) && write.before != 0.0 {
            let by_statement = || by_statement(debugger, segment, &write, inside(segment));
            told.tell(Kind::Overwritten, segment.end(), target.value, by_statement);
        }
    }
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
    Finding { kind: Kind::Overwritten, step: segment.end(), values, more: 0, message, cure: cure.into() }
}
