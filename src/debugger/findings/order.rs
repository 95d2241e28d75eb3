use rustc_hash::FxHashMap;

use super::calls::{Call, Pass};
use super::{Finding, Kind};
use crate::debugger::Debugger;
use crate::engine::{Event, Phase, ValueId};
use crate::formula::Field;
use crate::formula::number::short;

/// What is wrong with which `_backward` ran when.
pub fn find(debugger: &Debugger, pass: &Pass) -> Vec<Finding> {
    let seeds = pass.seeds.iter();
    let mut findings: Vec<Finding> = seeds.filter_map(|&(root, step)| odd_seed(debugger, pass, root, step)).collect();
    if !pass.whole {
        findings.extend(in_pass(debugger, pass));
    }
    findings
}

/// Faults of single calls. An order made by one `backward()` has none of them.
fn in_pass(debugger: &Debugger, pass: &Pass) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut ran: FxHashMap<ValueId, Call> = FxHashMap::default();
    for call in pass.calls.iter().filter(|call| !debugger.run.graph.is_leaf(call.node)) {
        let missing = still_to_run(debugger, pass, call, &ran);
        if !missing.is_empty() {
            findings.push(too_early(debugger, pass, call, &missing));
        } else if !is_written(debugger, call.node, call.start) && !waits_in_vain(debugger, pass, call.node) {
            findings.push(unseeded(debugger, call));
        }
        if let Some(before) = ran.get(&call.node) {
            findings.extend(twice(debugger, call, before));
        }
        ran.insert(call.node, *call);
    }
    findings.extend(never_ran(debugger, pass));
    findings
}

/// The consumers of a value that run in this pass, but have not yet when it is called.
fn still_to_run(debugger: &Debugger, pass: &Pass, call: &Call, ran: &FxHashMap<ValueId, Call>) -> Vec<ValueId> {
    let uses = debugger.consumers().of_value(call.node).iter().map(|usage| usage.consumer());
    let mut missing: Vec<ValueId> = uses.filter(|c| pass.reached[*c as usize] && !ran.contains_key(c)).collect();
    missing.dedup();
    missing.retain(|&c| pass.calls_after(c, call.end));
    missing
}

fn too_early(debugger: &Debugger, pass: &Pass, call: &Call, missing: &[ValueId]) -> Finding {
    let name = debugger.quoted(call.node);
    let names = listed(debugger, missing);
    let lost = missing_amount(debugger, pass, call, missing);
    let message = format!(
        "{name}._backward() ran before {names} had passed its share back to {name}.grad: {} is missing from what it passed on",
        short(lost)
    );
    let cure = format!("run {names} first: every consumer of a value comes before the value");
    let values = [call.node].into_iter().chain(missing.iter().copied()).collect();
    Finding { kind: Kind::TooEarly, step: call.start + 1, values, message, cure }
}

/// What the missing consumers add to the value's grad after its call.
fn missing_amount(debugger: &Debugger, pass: &Pass, call: &Call, missing: &[ValueId]) -> f64 {
    let writes = debugger.run.history(Field::Grad).writes(call.node);
    let late = writes.map(|(step, _)| step).filter(|step| *step > call.end && *step <= pass.end);
    let amounts = late.filter_map(|step| match debugger.run.event(step - 1) {
        Event::Write(write) if write.by.is_some_and(|(by, _)| missing.contains(&by)) => Some(write.amount),
        _ => None,
    });
    amounts.sum()
}

/// Whether a consumer of a value that is not called in this pass at all is why its grad is 0: that one is told as never
/// run.
fn waits_in_vain(debugger: &Debugger, pass: &Pass, v: ValueId) -> bool {
    let mut uses = debugger.consumers().of_value(v).iter().map(|usage| usage.consumer());
    !pass.is_root(v) && uses.any(|c| pass.reached[c as usize] && !pass.calls(c))
}

/// Whether anything but a zeroing has been written to a grad by a step.
fn is_written(debugger: &Debugger, v: ValueId, step: u32) -> bool {
    let Some((written, _)) = debugger.run.history(Field::Grad).last(v, step) else { return false };
    debugger.run.segments[debugger.run.segment_of(written - 1)].phase != Phase::Zero
}

fn unseeded(debugger: &Debugger, call: &Call) -> Finding {
    let name = debugger.quoted(call.node);
    let zeroed = debugger.run.history(Field::Grad).last(call.node, call.start).is_some();
    let nothing = if zeroed { "written to {name}.grad since it was set to 0" } else { "ever written to {name}.grad" };
    let message = format!("{name}._backward() ran with nothing {}: it passed on 0", nothing.replace("{name}", &name));
    let cure = format!("seed it first: {name}.grad = 1.0");
    Finding { kind: Kind::Unseeded, step: call.start + 1, values: vec![call.node], message, cure }
}

fn twice(debugger: &Debugger, call: &Call, before: &Call) -> Option<Finding> {
    let grad = debugger.run.grad(call.node, call.start);
    let (written, _) = debugger.run.history(Field::Grad).last(call.node, call.start)?;
    let by_hand = debugger.write_before(written).is_some_and(|write| write.by.is_none());
    if grad == 0.0 || (by_hand && written > before.end) {
        return None;
    }
    let name = debugger.quoted(call.node);
    let counted = debugger.run.grad(call.node, before.start);
    let message = format!(
        "{name}._backward() ran again in the same pass and passed on all of {name}.grad = {} a second time, of which {} had been passed on before",
        short(grad),
        short(counted)
    );
    let cure = format!("call {name}._backward() once a pass, after all its consumers");
    Some(Finding { kind: Kind::Twice, step: call.start + 1, values: vec![call.node], message, cure })
}

/// Values that got a grad in this pass and never passed it on.
fn never_ran(debugger: &Debugger, pass: &Pass) -> Vec<Finding> {
    let graph = &debugger.run.graph;
    let silent = pass.downwards().filter(|&v| !graph.is_leaf(v) && !pass.calls(v));
    let in_pass = |v: &ValueId| debugger.run.history(Field::Grad).count(*v, pass.start, pass.end) > 0;
    let has_grad = |v: &ValueId| debugger.run.grad(*v, pass.end) != 0.0;
    if pass.calls.is_empty() && pass.seeds.is_empty() {
        return Vec::new();
    }
    silent.filter(in_pass).filter(has_grad).map(|v| not_passed_on(debugger, pass, v)).collect()
}

fn not_passed_on(debugger: &Debugger, pass: &Pass, v: ValueId) -> Finding {
    let name = debugger.quoted(v);
    let grad = short(debugger.run.grad(v, pass.end));
    let operands = debugger.run.graph.operands_of(v);
    let message = format!(
        "{name}.grad is {grad}, but {name}._backward() never ran: {} got nothing of it",
        listed(debugger, operands)
    );
    let cure = format!("call {name}._backward() too, after all its consumers");
    Finding { kind: Kind::NeverRan, step: pass.end, values: vec![v], message, cure }
}

fn odd_seed(debugger: &Debugger, pass: &Pass, root: ValueId, step: u32) -> Option<Finding> {
    let seed = debugger.run.grad(root, step);
    if seed == 1.0 || !pass.calls(root) {
        return None;
    }
    let name = debugger.quoted(root);
    let message = format!(
        "{name}.grad was seeded with {}, not 1: every grad of the pass is {0} times what it should be",
        short(seed)
    );
    let cure = format!("seed with 1, since d{name}/d{name} = 1: {name}.grad = 1.0");
    Some(Finding { kind: Kind::OddSeed, step, values: vec![root], message, cure })
}

/// `a`, `b` and 3 more.
pub fn listed(debugger: &Debugger, values: &[ValueId]) -> String {
    let mut names: Vec<String> = values.iter().take(3).map(|&v| debugger.quoted(v)).collect();
    names.dedup();
    if values.len() > 3 {
        names.push(format!("{} more", values.len() - 3));
    }
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}
