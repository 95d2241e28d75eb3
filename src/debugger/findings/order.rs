use std::cell::OnceCell;
use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use super::calls::{Call, Pass};
use super::elsewhere::Elsewhere;
use super::waiting::Waiting;
use super::{Aids, Finding, Kind, Told, named};
use crate::debugger::Debugger;
use crate::debugger::check::point::Point;
use crate::debugger::work::Work;
use crate::engine::plan::Number;
use crate::engine::{Phase, SegmentKind, ValueId};
use crate::formula::Field;
use crate::formula::number::short;

/// What is wrong with which `_backward` ran when.
pub fn find<'p, 'a: 'p>(debugger: &Debugger, pass: &'p Pass<'p>, aids: &mut Aids<'a>, told: &mut Told) {
    for &(root, step) in &pass.seeds {
        if debugger.run.grad(root, step) != 1.0 && pass.has_call(root) {
            told.tell(Kind::OddSeed, step, root, || odd_seed(debugger, root, step));
        }
    }
    if !pass.whole {
        let silent = silent(debugger, pass);
        let will_run = |v: &ValueId| aids.elsewhere.will_run_with(*v, pass.end);
        let (later, silent): (Vec<ValueId>, Vec<ValueId>) = silent.into_iter().partition(will_run);
        in_pass(debugger, pass, &later, aids, told);
        never_ran(debugger, pass, &silent, &mut aids.elsewhere, told);
    }
}

/// Faults of single calls. An order made by one `backward()` has none of them.
fn in_pass<'p, 'a: 'p>(
    debugger: &Debugger,
    pass: &'p Pass<'p>,
    later: &[ValueId],
    aids: &mut Aids<'a>,
    told: &mut Told,
) {
    let graph = &debugger.run.graph;
    let mut waiting = Waiting::new(graph, pass, later);
    let mut shares = Shares { pass, right: OnceCell::new(), work: Work::default() };
    let mut ran: FxHashMap<ValueId, Call> = FxHashMap::default();
    for call in pass.calls().filter(|call| !graph.is_leaf(call.node)) {
        let (_, left) = waiting.count(call.node);
        if left > 0 {
            told.tell(Kind::TooEarly, call.start + 1, call.node, || {
                let lost = shares.of(call.node, left, &waiting, aids);
                too_early(debugger, &call, &waiting, lost)
            });
        } else if !is_written(debugger, call.node, call.start) && !waits_in_vain(debugger, pass, &waiting, call.node) {
            told.tell(Kind::Unseeded, call.start + 1, call.node, || unseeded(debugger, &call));
        }
        if let Some(before) = ran.insert(call.node, call)
            && is_twice(debugger, &call, &before)
        {
            told.tell(Kind::Twice, call.start + 1, call.node, || twice(debugger, &call, &before));
        }
        waiting.ran(graph, call.node);
    }
}

fn too_early(debugger: &Debugger, call: &Call, waiting: &Waiting, lost: Option<f64>) -> Finding {
    let name = debugger.quoted(call.node);
    let (_, left) = waiting.count(call.node);
    let names = listed(debugger, &waiting.of(call.node).take(3).collect::<Vec<ValueId>>(), left);
    let lost = lost.map(|lost| format!(": {} is missing from what it passed on", short(lost))).unwrap_or_default();
    let message = format!("{name}._backward() ran before {names} had passed its share back to {name}.grad{lost}");
    let cure = format!("run {names} first: every consumer of a value comes before the value");
    let (values, more) = named([call.node].into_iter().chain(waiting.of(call.node)), left + 1);
    Finding { kind: Kind::TooEarly, step: call.start + 1, values, more, message, cure }
}

/// What consumers add to grads in a right pass: in this one they may have run too early, too.
struct Shares<'p> {
    pass: &'p Pass<'p>,
    /// Found when it is first asked for.
    right: OnceCell<Option<(Point<'p>, Vec<f64>)>>,
    /// How many consumers have been looked at.
    work: Work,
}

/// So many of them are looked at in one pass.
const MOST: usize = 10_000_000;

impl<'p> Shares<'p> {
    /// What the consumers of a value that are still to run, so many, add to its grad; `None` where that takes too long.
    fn of<'a: 'p>(&mut self, v: ValueId, left: usize, waiting: &Waiting, aids: &mut Aids<'a>) -> Option<f64> {
        self.work.add(left);
        let pass = self.pass;
        let right = self.right.get_or_init(|| {
            let point = aids.fresh.point(&pass.reached, pass.ends?.0.start);
            aids.rights.of_pass(&pass.reached.roots, point)
        });
        let (point, grads) = right.as_ref().filter(|_| !self.work.is_more_than(MOST))?;
        let slope = |consumer: ValueId| {
            let operands = point.graph.operands_of(consumer).iter().zip(point.slopes[consumer as usize]);
            operands.filter(|(operand, _)| **operand == v).map(|(_, slope)| slope).sum::<f64>()
        };
        Some(waiting.of(v).map(|consumer| slope(consumer) * grads[consumer as usize]).sum())
    }
}

/// Whether a consumer of a value that is not called in this pass at all is why its grad is 0: that one is told, too.
fn waits_in_vain(debugger: &Debugger, pass: &Pass, waiting: &Waiting, v: ValueId) -> bool {
    if pass.is_root(v) || !pass.reached.has(v) {
        return false;
    }
    // A root is made of it, so that it has a consumer in the pass.
    let mut uses = debugger.consumers().of_value(v).iter().map(|usage| usage.consumer());
    waiting.count(v).0 == 0 || uses.any(|c| pass.reached.has(c) && !pass.has_call(c))
}

/// Whether anything but a zeroing has been written to a grad by a step.
fn is_written(debugger: &Debugger, v: ValueId, step: u32) -> bool {
    let Some((written, _)) = debugger.run.history(Field::Grad).last(v, step) else { return false };
    debugger.run.segments[debugger.run.segment_of(written - 1)].phase() != Phase::Zero
}

fn unseeded(debugger: &Debugger, call: &Call) -> Finding {
    let name = debugger.quoted(call.node);
    let zeroed = debugger.run.history(Field::Grad).last(call.node, call.start).is_some();
    let nothing = if zeroed { "written to {name}.grad since it was set to 0" } else { "ever written to {name}.grad" };
    let message = format!("{name}._backward() ran with nothing {}: it passed on 0", nothing.replace("{name}", &name));
    let cure = format!("seed it first: {name}.grad = 1.0");
    Finding { kind: Kind::Unseeded, step: call.start + 1, values: vec![call.node], more: 0, message, cure }
}

/// Whether a `_backward` that ran before in the pass passed something on again that it had passed on then.
fn is_twice(debugger: &Debugger, call: &Call, before: &Call) -> bool {
    let Some((written, _)) = debugger.run.history(Field::Grad).last(call.node, call.start) else { return false };
    let by_hand = debugger.write_before(written).is_some_and(|write| write.by.is_none());
    debugger.run.grad(call.node, call.start) != 0.0 && !(by_hand && written > before.end)
}

fn twice(debugger: &Debugger, call: &Call, before: &Call) -> Finding {
    let name = debugger.quoted(call.node);
    let grad = debugger.run.grad(call.node, call.start);
    let counted = debugger.run.grad(call.node, before.start);
    let again = if counted == grad {
        " a second time".to_owned()
    } else {
        format!(", of which {} had been passed on before", short(counted))
    };
    let grad = short(grad);
    let message =
        format!("{name}._backward() ran again in the same pass: it passed on all of {name}.grad = {grad}{again}");
    let cure = format!("call {name}._backward() once a pass, after all its consumers");
    Finding { kind: Kind::Twice, step: call.start + 1, values: vec![call.node], more: 0, message, cure }
}

/// Values that got a grad in this pass and did not pass it on in it, the last first.
fn silent(debugger: &Debugger, pass: &Pass) -> Vec<ValueId> {
    let run = &debugger.run;
    let set = pass.segments.iter().filter_map(|segment| match segment.kind {
        SegmentKind::Assign(Number { value, field: Field::Grad }, _) | SegmentKind::Seed(value) => Some(value),
        _ => None,
    });
    let mut written: Vec<ValueId> = pass.written().iter().copied().chain(set).collect();
    written.sort_unstable_by_key(|&v| Reverse(v));
    written.dedup();
    let is_silent = |v: ValueId| pass.reached.has(v) && !run.graph.is_leaf(v) && !pass.has_call(v);
    let in_pass = |v: ValueId| run.history(Field::Grad).count(v, pass.start, pass.end) > 0;
    written.retain(|&v| is_silent(v) && in_pass(v) && run.grad(v, pass.end) != 0.0);
    written
}

/// Those of them that had not passed it on before, in another pass.
fn never_ran(debugger: &Debugger, pass: &Pass, silent: &[ValueId], elsewhere: &mut Elsewhere, told: &mut Told) {
    for &v in silent {
        if !elsewhere.has_run_with(v, pass.end) {
            told.tell(Kind::NeverRan, pass.end, v, || not_passed_on(debugger, pass, v, elsewhere));
        }
    }
}

fn not_passed_on(debugger: &Debugger, pass: &Pass, v: ValueId, elsewhere: &mut Elsewhere) -> Finding {
    let name = debugger.quoted(v);
    let grad = short(debugger.run.grad(v, pass.end));
    let operands = debugger.run.graph.operands_of(v);
    let never = match elsewhere.next_call(v, 0) {
        None if !elsewhere.is_spent() => "never ran".to_owned(),
        _ => format!("did not run in pass {}", pass.number),
    };
    let message = format!(
        "{name}.grad is {grad}, but {name}._backward() {never}: {} got nothing of it",
        listed(debugger, operands, operands.len())
    );
    let cure = format!("call {name}._backward() too, after all its consumers");
    Finding { kind: Kind::NeverRan, step: pass.end, values: vec![v], more: 0, message, cure }
}

fn odd_seed(debugger: &Debugger, root: ValueId, step: u32) -> Finding {
    let name = debugger.quoted(root);
    let message = format!(
        "{name}.grad was seeded with {}, not 1: every grad of the pass is {0} times what it should be",
        short(debugger.run.grad(root, step))
    );
    let cure = format!("seed with 1, since d{name}/d{name} = 1: {name}.grad = 1.0");
    Finding { kind: Kind::OddSeed, step, values: vec![root], more: 0, message, cure }
}

/// `a`, `b` and 3 more: the first three of so many.
fn listed(debugger: &Debugger, values: &[ValueId], count: usize) -> String {
    let mut names: Vec<String> = values.iter().take(3).map(|&v| debugger.quoted(v)).collect();
    names.dedup();
    if count > 3 {
        names.push(format!("{} more", count - 3));
    }
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}
