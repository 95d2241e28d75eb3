use super::calls::{Calls, Pass};
use super::right::grads_of;
use super::{Finding, Kind};
use crate::debugger::Debugger;
use crate::engine::{Event, ValueId, Write};
use crate::formula::Field;
use crate::formula::number::short;

/// What is wrong with how grads were written.
pub fn find(debugger: &Debugger, calls: &Calls) -> Vec<Finding> {
    let assigns = debugger.run.graph.ops.iter().any(|op| op.lines.iter().any(|line| !line.accumulate));
    let mut findings = Vec::new();
    for (at, pass) in calls.passes.iter().enumerate() {
        if assigns {
            findings.extend(overwritten(debugger, pass));
        }
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
    Finding { kind: Kind::Overwritten, step, values: vec![write.target.value, by, first], message, cure }
}

/// A pass that began on the grads of the pass before.
fn left_over(debugger: &Debugger, earlier: &[Pass], pass: &Pass) -> Option<Finding> {
    let same_root = earlier.iter().filter(|before| before.root == pass.root).count();
    if earlier.is_empty() {
        return None;
    }
    let history = debugger.run.history(Field::Grad);
    let added_to = |v: ValueId| {
        let (step, _) = history.next(v, pass.start)?;
        let write = debugger.write_before(step).filter(|_| step <= pass.end)?;
        let accumulates = write.by.is_some() && debugger.threw_away(&write).is_none();
        (accumulates && write.before != 0.0).then_some((step, v))
    };
    // Two roots may add up in the leaves they share: that is how losses are summed. In an inner value it is wrong.
    let counts = |v: &ValueId| same_root > 0 || !debugger.run.graph.is_leaf(*v);
    let mut stale: Vec<(u32, ValueId)> = pass.order.topo.iter().copied().filter(counts).filter_map(added_to).collect();
    stale.sort_unstable();
    let &(step, first) = stale.first()?;
    let &(_, last) = stale.last()?;
    let right = grads_of(debugger, pass);
    let name = debugger.quoted(first);
    let end = debugger.run.grad(last, pass.end);
    let message = format!(
        "pass {} began on the grads of the pass before: {name}.grad already held {}; {}.grad ends it at {}, where {} is right",
        pass.number,
        short(debugger.run.grad(first, step - 1)),
        debugger.quoted(last),
        short(end),
        short(right[last as usize])
    );
    let cure = "set every grad to 0 before a pass: zero_grad(). After k passes a value d steps from the root is off by a factor C(k+d-1, d)";
    let values: Vec<ValueId> = stale.iter().map(|(_, v)| *v).collect();
    Some(Finding { kind: Kind::LeftOver, step, values, message, cure: cure.into() })
}
