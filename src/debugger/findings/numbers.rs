use super::calls::{Call, Pass};
use super::{Finding, Kind, Told, named};
use crate::debugger::Debugger;
use crate::debugger::check::fresh::{Fresh, is_stale};
use crate::debugger::kinks::kink;
use crate::engine::op::{Op, RuleInput};
use crate::engine::{Event, ValueId};
use crate::formula::Field;
use crate::formula::number::short;

/// A slope of `tanh` or `sigmoid` below this is told as saturated.
const SATURATED: f64 = 0.01;
/// Grads beyond these, this far from the root, are told as vanishing or exploding.
const VANISHING: f64 = 1e-3;
const EXPLODING: f64 = 1e4;
const FAR: u32 = 5;
/// How many remarks of one kind are worth reading.
const MOST: usize = 20;

/// What is worth a remark about the numbers of the last pass.
pub fn remarks(debugger: &Debugger, pass: &Pass, told: &mut Told) {
    for finding in of_ops(debugger, pass).into_iter().chain(far_from_root(debugger, pass)) {
        told.tell(finding.kind, finding.step, None, || finding);
    }
}

/// Values whose `_backward` ran with other data than the rest of the pass: mostly since some no longer followed from their
/// operands.
pub fn stale(debugger: &Debugger, pass: &Pass, fresh: &mut Fresh, told: &mut Told) {
    let run = &*debugger.run;
    let Some(first) = pass.calls.first().filter(|_| run.changes_data()) else { return };
    let point = fresh.point(&pass.reached, first.start);
    let differs = |call: &&Call| {
        let (used, right) = (debugger.input(call.node, call.start), debugger.input(call.node, point));
        let same = |a: f64, b: f64| a == b || (a.is_nan() && b.is_nan());
        let data = used.data.iter().zip(right.data).all(|(used, right)| same(*used, right));
        !(run.graph.is_leaf(call.node) || data && same(used.out_data, right.out_data))
    };
    let stale: Vec<&Call> = pass.calls.iter().filter(differs).collect();
    // To blame is what does not follow from its operands, where there is such.
    let blamed = stale.iter().find(|call| is_stale(run, call.node, call.start)).or(stale.first());
    let Some(&call) = blamed else { return };
    told.tell(Kind::Stale, call.start + 1, call.node, || {
        let others = stale.iter().map(|call| call.node).filter(|v| *v != call.node);
        let (values, more) = named([call.node].into_iter().chain(others.clone()), 1 + others.count());
        let message = used_stale(debugger, call);
        let cure = "call forward() after changing data, before the next pass".into();
        Finding { kind: Kind::Stale, step: call.start + 1, values, more, message, cure }
    });
}

fn used_stale(debugger: &Debugger, call: &Call) -> String {
    let run = &*debugger.run;
    let name = debugger.quoted(call.node);
    if !is_stale(run, call.node, call.start) {
        return format!(
            "data changed in the middle of the pass: {name}._backward() used other numbers than what ran before it"
        );
    }
    let input = debugger.input(call.node, call.start);
    let fresh = run.graph.op_of(call.node).map_or(f64::NAN, |op| input.eval(&op.forward));
    format!(
        "{name}.data is {}, but its operands now make {}: {name}._backward() used numbers that do not belong together",
        short(input.out_data),
        short(fresh)
    )
}

/// The first NaN or infinity of the run.
pub fn non_finite(debugger: &Debugger, told: &mut Told) {
    let run = &debugger.run;
    let forward = run.segments[0].end();
    let born_forward = run.graph.ids().find(|&v| run.data(v, forward).is_some_and(|data| !data.is_finite()));
    let mut first = born_forward.map(|v| (run.rank(v).map_or(0, |rank| rank + 1), v, Field::Data));
    for field in [Field::Data, Field::Grad] {
        for v in run.graph.ids().filter(|_| born_forward.is_none()) {
            let step = run.history(field).writes(v).find(|(_, after)| !after.is_finite()).map(|(step, _)| step);
            if let Some(step) = step.filter(|step| first.is_none_or(|(first, ..)| *step < first)) {
                first = Some((step, v, field));
            }
        }
    }
    if let Some((step, v, field)) = first {
        told.tell(Kind::NonFinite, step, v, || born(debugger, v, field, step));
    }
}

fn born(debugger: &Debugger, v: ValueId, field: Field, step: u32) -> Finding {
    let run = &debugger.run;
    let name = debugger.quoted(v);
    let number = short(run.number(crate::engine::plan::Number { value: v, field }, step));
    let event = step.checked_sub(1).map(|event| run.event(event));
    let (maker, how) = match event {
        Some(Event::Write(write)) => match write.by {
            Some((by, line)) => (Some(by), numbers_of(debugger, by, Some(line), step - 1)),
            None => (None, String::new()),
        },
        _ if run.graph.is_leaf(v) => (None, "it was given so".to_owned()),
        _ => (Some(v), numbers_of(debugger, v, None, step)),
    };
    let operands = maker.map_or(&[][..], |maker| run.graph.operands_of(maker));
    let cause: Vec<String> = operands
        .iter()
        .filter_map(|&v| {
            run.data(v, step).filter(|x| *x == 0.0 || !x.is_finite() || x.abs() > 300.0 || *x < 0.0).map(|x| (v, x))
        })
        .map(|(v, x)| format!("{}.data is {}", debugger.quoted(v), short(x)))
        .collect();
    let cause = if cause.is_empty() { String::new() } else { format!("; {}", cause.join(", ")) };
    let place = maker
        .filter(|_| field == Field::Grad)
        .map_or(String::new(), |by| format!(" in {}._backward()", debugger.quoted(by)));
    let message = format!("{name}.{} became {number}{place}: {how}{cause}", field.name());
    let cure = "look at the forward value that caused it: keep it away from where the slope or the number has no end";
    let values = [v].into_iter().chain(maker.filter(|maker| *maker != v)).collect();
    Finding { kind: Kind::NonFinite, step, values, more: 0, message, cure: cure.into() }
}

/// A rule with the numbers in it.
fn numbers_of(debugger: &Debugger, v: ValueId, line: Option<usize>, step: u32) -> String {
    let input = debugger.input(v, step);
    let Some(op) = debugger.run.graph.op_of(v) else { return String::new() };
    let rule = line.and_then(|line| op.lines.get(line)).map_or(&op.forward, |line| &line.amount);
    rule.show(|name| short(name.number(&input)))
}

/// Saturated, dead and kinked ops among those whose `_backward` ran in the last pass.
fn of_ops(debugger: &Debugger, pass: &Pass) -> Vec<Finding> {
    let graph = &debugger.run.graph;
    let remarks = pass.calls.iter().filter_map(|call| {
        let op = graph.op_of(call.node)?;
        let input = debugger.input(call.node, call.start);
        let (kind, message, cure) = remark(debugger, op, call.node, &input)?;
        Some(Finding { kind, step: call.start + 1, values: vec![call.node], more: 0, message, cure: cure.into() })
    });
    let mut counts = rustc_hash::FxHashMap::default();
    let few = remarks.filter(|finding| {
        let count = counts.entry(finding.kind).or_insert(0);
        *count += 1;
        *count <= MOST
    });
    few.collect()
}

fn remark(debugger: &Debugger, op: &Op, v: ValueId, input: &RuleInput) -> Option<(Kind, String, &'static str)> {
    let (name, x) = (debugger.quoted(v), input.data[0]);
    let slope = || op.slope(input, 0);
    match op.name.as_str() {
        "tanh" | "sigmoid" if slope().abs() < SATURATED => {
            let message = format!(
                "{name} = {}({}) is saturated: its slope is {}, so hardly any grad passes",
                op.name,
                short(x),
                short(slope())
            );
            Some((Kind::Saturated, message, "keep what goes in near 0: smaller weights, or scaled inputs"))
        }
        // Of the table's ops these alone have corners; where they are, others need not be looked for.
        "relu" | "abs" if x == 0.0 => Some(cornered(debugger, op, v, input)),
        "max" | "min" if input.data[0] == input.data[1] => Some(cornered(debugger, op, v, input)),
        _ if op.own && (0..op.operands).any(|slot| kink(op, input, slot).is_some()) => {
            Some(cornered(debugger, op, v, input))
        }
        "relu" if x < 0.0 && input.out_grad != 0.0 => {
            let message = format!(
                "{name} = relu({}) is dead here: it passes nothing of its grad {} on",
                short(x),
                short(input.out_grad)
            );
            Some((
                Kind::Dead,
                message,
                "no fault; if it is so for every example, it will never learn: lower the rate, or use a leaky slope",
            ))
        }
        _ => None,
    }
}

/// A value that stands where its op's forward has a corner.
fn cornered(debugger: &Debugger, op: &Op, v: ValueId, input: &RuleInput) -> (Kind, String, &'static str) {
    let name = debugger.quoted(v);
    let cure = "no fault: a numerical slope is ambiguous there";
    let input = RuleInput { out_grad: 1.0, ..*input };
    let passed = |slot: usize| short(op.passes_on(&input, slot));
    let message = match op.name.as_str() {
        "max" | "min" => {
            let shares = if passed(0) == passed(1) && passed(0) == "0.5" {
                "each operand gets half of the grad".to_owned()
            } else {
                format!("self gets {} of the grad, other {}", passed(0), passed(1))
            };
            format!("{name} is a tie of {}: {shares}", op.name)
        }
        _ => {
            let slot = (0..op.operands).find(|&slot| kink(op, &input, slot).is_some()).unwrap_or(0);
            let [left, right] =
                kink(op, &input, slot).unwrap_or_default().map(|side| short((side * 1e6).round() / 1e6));
            format!(
                "{name} = {}({}) stands on a kink: its slope is {left} to the left and {right} to the right, and taken to be {}",
                op.name,
                short(input.data[slot]),
                passed(slot)
            )
        }
    };
    (Kind::Kink, message, cure)
}

/// The value whose grad is the smallest, the largest, of those far from the root.
fn far_from_root(debugger: &Debugger, pass: &Pass) -> Vec<Finding> {
    let graph = &debugger.run.graph;
    let mut depth = vec![u32::MAX; graph.len()];
    pass.reached.roots.iter().for_each(|&root| depth[root as usize] = 0);
    for &v in &pass.reached.values {
        for &operand in graph.operands_of(v) {
            depth[operand as usize] = depth[operand as usize].min(depth[v as usize].saturating_add(1));
        }
    }
    let far = pass.reached.values.iter().rev().copied().filter(|&v| depth[v as usize] >= FAR);
    let grads: Vec<(f64, ValueId)> = far.map(|v| (debugger.run.grad(v, pass.end).abs(), v)).collect();
    let smallest = grads.iter().filter(|(grad, _)| *grad > 0.0 && *grad < VANISHING).min_by(|a, b| a.0.total_cmp(&b.0));
    let largest = grads.iter().filter(|(grad, _)| *grad > EXPLODING).max_by(|a, b| a.0.total_cmp(&b.0));
    let root = debugger.quoted(pass.reached.roots[0]);
    let finding = |kind, (_, v): &(f64, ValueId), what: &str, cure: &str| {
        let (name, steps) = (debugger.quoted(*v), depth[*v as usize]);
        let grad = short(debugger.run.grad(*v, pass.end));
        let message = format!("{name}.grad is {grad}, {steps} steps from {root}: {what}");
        Finding { kind, step: pass.end, values: vec![*v], more: 0, message, cure: cure.into() }
    };
    let vanishing = smallest.map(|at| {
        finding(
            Kind::Vanishing,
            at,
            "the slopes on the way multiply to almost nothing",
            "no fault; slopes nearer to 1 on the way would keep it",
        )
    });
    let exploding = largest.map(|at| {
        finding(
            Kind::Exploding,
            at,
            "the slopes on the way multiply up",
            "no fault; smaller slopes on the way, or clipping, would hold it",
        )
    });
    vanishing.into_iter().chain(exploding).collect()
}
