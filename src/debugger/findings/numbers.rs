use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::calls::{Call, Pass};
use super::{Finding, Kind, Told, named};
use crate::debugger::Debugger;
use crate::debugger::check::fresh::{Fresh, is_stale};
use crate::debugger::kinks::kink;
use crate::debugger::reached::Reached;
use crate::engine::op::{Op, RuleInput};
use crate::engine::plan::Number;
use crate::engine::{Event, Graph, Segment, ValueId};
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

/// What has been worth a remark so far: the same is not said again of a value in each pass.
#[derive(Default)]
pub struct Remarks {
    said: FxHashSet<(Kind, ValueId)>,
    counts: FxHashMap<Kind, usize>,
    depths: Depths,
}

impl Remarks {
    /// What is worth a remark about the numbers of a pass, and has not been said of an earlier one.
    pub fn of(&mut self, debugger: &Debugger, pass: &Pass, told: &mut Told) {
        self.of_ops(debugger, pass, told);
        self.far_from_root(debugger, pass, told);
    }

    /// Whether something has not been said yet of a value, and of not too many others.
    fn is_new(&mut self, kind: Kind, v: ValueId) -> bool {
        let most = if matches!(kind, Kind::Vanishing | Kind::Exploding) { 1 } else { MOST };
        let count = self.counts.entry(kind).or_insert(0);
        let new = *count < most && self.said.insert((kind, v));
        *count += usize::from(new);
        new
    }

    /// Saturated, dead and kinked ops among those whose `_backward` ran in a pass.
    fn of_ops(&mut self, debugger: &Debugger, pass: &Pass, told: &mut Told) {
        let graph = &debugger.run.graph;
        let watched: Vec<bool> = graph.ops.iter().map(may_be_remarkable).collect();
        for call in pass.calls() {
            let op = graph.op_of(call.node).filter(|_| watched[usize::from(graph.op[call.node as usize].0)]);
            let Some(op) = op else { continue };
            let input = debugger.input(call.node, call.start);
            let Some(kind) = remarkable(op, &input).filter(|&kind| self.is_new(kind, call.node)) else { continue };
            told.tell(kind, call.start + 1, None, || {
                let (message, cure) = remark(debugger, op, call.node, &input, kind);
                let (step, values) = (call.start + 1, vec![call.node]);
                Finding { kind, step, values, more: 0, message, cure: cure.into() }
            });
        }
    }

    /// The value whose grad is the smallest, the largest, of those that a pass wrote far from its root.
    fn far_from_root(&mut self, debugger: &Debugger, pass: &Pass, told: &mut Told) {
        if [Kind::Vanishing, Kind::Exploding].iter().all(|kind| self.counts.get(kind).is_some_and(|count| *count > 0)) {
            return;
        }
        let graph = &debugger.run.graph;
        self.depths.go_to(graph, &pass.reached);
        let (smallest, largest) = extremes(debugger, pass, &self.depths.steps);
        for (kind, v) in [(Kind::Vanishing, smallest), (Kind::Exploding, largest)] {
            if let Some(v) = v.filter(|&v| self.is_new(kind, v)) {
                let steps = self.depths.steps[v as usize];
                told.tell(kind, pass.end, None, || far_off(debugger, pass, v, kind, steps));
            }
        }
    }
}

/// Which of the grads that a pass wrote far from its root is the smallest and vanishes, which is the largest and explodes.
fn extremes(debugger: &Debugger, pass: &Pass, steps: &[u32]) -> (Option<ValueId>, Option<ValueId>) {
    let written = pass.written();
    let far = written.iter().rev().copied().filter(|&v| steps[v as usize] >= FAR);
    let grads = far.map(|v| (debugger.run.grad(v, pass.end).abs(), v));
    let (mut smallest, mut largest) = (None::<(f64, ValueId)>, None::<(f64, ValueId)>);
    for (grad, v) in grads.filter(|(grad, _)| *grad > 0.0) {
        if grad < smallest.map_or(VANISHING, |(least, _)| least) {
            smallest = Some((grad, v));
        }
        if grad > EXPLODING && largest.is_none_or(|(most, _)| grad >= most) {
            largest = Some((grad, v));
        }
    }
    (smallest.map(|(_, v)| v), largest.map(|(_, v)| v))
}

fn far_off(debugger: &Debugger, pass: &Pass, v: ValueId, kind: Kind, steps: u32) -> Finding {
    let (what, cure) = if kind == Kind::Vanishing {
        ("the slopes on the way multiply to almost nothing", "no fault; slopes nearer to 1 on the way would keep it")
    } else {
        ("the slopes on the way multiply up", "no fault; smaller slopes on the way, or clipping, would hold it")
    };
    let (name, root) = (debugger.quoted(v), debugger.quoted(pass.reached.roots[0]));
    let grad = short(debugger.run.grad(v, pass.end));
    let message = format!("{name}.grad is {grad}, {steps} steps from {root}: {what}");
    Finding { kind, step: pass.end, values: vec![v], more: 0, message, cure: cure.into() }
}

/// Values whose `_backward` ran with other data than the rest of the pass: mostly since some no longer followed from their
/// operands.
pub fn stale(debugger: &Debugger, pass: &Pass, fresh: &mut Fresh, told: &mut Told) {
    let run = &*debugger.run;
    let Some((first, _)) = pass.ends.filter(|_| run.changes_data()) else { return };
    let point = fresh.point(&pass.reached, first.start);
    let differs = |call: &Call| {
        let (used, right) = (debugger.input(call.node, call.start), debugger.input(call.node, point));
        let same = |a: f64, b: f64| a == b || (a.is_nan() && b.is_nan());
        let data = used.data.iter().zip(right.data).all(|(used, right)| same(*used, right));
        !(run.graph.is_leaf(call.node) || data && same(used.out_data, right.out_data))
    };
    let stale: Vec<Call> = pass.calls().filter(differs).collect();
    // To blame is what does not follow from its operands, where there is such.
    let blamed = stale.iter().find(|call| is_stale(run, call.node, call.start)).or(stale.first());
    let Some(call) = blamed else { return };
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
    if run.is_finite() {
        return;
    }
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
    let maker = match step.checked_sub(1).map(|event| run.event(event)) {
        Some(Event::Write(write)) => write.by.map(|(by, line)| (by, Some(line), step - 1)),
        _ if run.graph.is_leaf(v) => None,
        _ => Some((v, None, step)),
    };
    let Some((by, line, before)) = maker else { return given(debugger, v, field, step) };
    let mut operands = run.graph.operands_of(by).to_vec();
    operands.dedup();
    let data = operands.iter().filter_map(|&v| run.data(v, step).map(|x| (v, x)));
    let causes = data.filter(|(_, x)| *x <= 0.0 || *x > 300.0);
    let causes: Vec<String> = causes.map(|(v, x)| format!("; {}.data is {}", debugger.quoted(v), short(x))).collect();
    let causes = causes.concat();
    let place = line.map_or(String::new(), |_| format!(" in {}._backward()", debugger.quoted(by)));
    let (what, number) = number_of(debugger, v, field, step);
    let message = format!("{what} became {number}{place}: {}{causes}", numbers_of(debugger, by, line, before));
    let cure =
        "look at the forward value that caused it: keep it away from where the number or its slope becomes infinite";
    let values = [v].into_iter().chain(Some(by).filter(|by| *by != v)).collect();
    Finding { kind: Kind::NonFinite, step, values, more: 0, message, cure: cure.into() }
}

/// A number that no op made: a leaf holds it from the start, or a statement has set it.
fn given(debugger: &Debugger, v: ValueId, field: Field, step: u32) -> Finding {
    let (what, number) = number_of(debugger, v, field, step);
    let segment = step.checked_sub(1).map(|event| &debugger.run.segments[debugger.run.segment_of(event)]);
    let statement = segment.and_then(Segment::statement).map(|at| &debugger.run.script[at].source);
    let (message, cure) = match statement {
        Some(source) => (format!("`{source}` made {what} {number}"), "look at the numbers that the statement uses"),
        None => (format!("{what} is {number} from the start"), "give it a number"),
    };
    Finding { kind: Kind::NonFinite, step, values: vec![v], more: 0, message, cure: cure.into() }
}

/// What a number is called, and what it is.
fn number_of(debugger: &Debugger, v: ValueId, field: Field, step: u32) -> (String, String) {
    let number = debugger.run.number(Number { value: v, field }, step);
    (format!("{}.{}", debugger.quoted(v), field.name()), short(number))
}

/// A rule with the numbers in it.
fn numbers_of(debugger: &Debugger, v: ValueId, line: Option<usize>, step: u32) -> String {
    let input = debugger.input(v, step);
    let Some(op) = debugger.run.graph.op_of(v) else { return String::new() };
    let rule = line.and_then(|line| op.lines.get(line)).map_or(&op.forward, |line| &line.amount);
    rule.show(|name| short(name.number(&input)))
}

/// Whether there are numbers at which [`remarkable`] has something to say about an op: of most it has not.
fn may_be_remarkable(op: &Op) -> bool {
    op.own || ["tanh", "sigmoid", "relu", "abs", "max", "min"].contains(&op.name.as_str())
}

/// What is worth a remark about an op at some numbers.
fn remarkable(op: &Op, input: &RuleInput) -> Option<Kind> {
    let x = input.data[0];
    match op.name.as_str() {
        "tanh" | "sigmoid" if op.slope(input, 0).abs() < SATURATED => Some(Kind::Saturated),
        // Of the table's ops these alone have corners; where they are, others need not be looked for.
        "relu" | "abs" if x == 0.0 => Some(Kind::Kink),
        "max" | "min" if x == input.data[1] => Some(Kind::Kink),
        _ if op.own && (0..op.operands).any(|slot| kink(op, input, slot).is_some()) => Some(Kind::Kink),
        "relu" if x < 0.0 && input.out_grad != 0.0 => Some(Kind::Dead),
        _ => None,
    }
}

fn remark(debugger: &Debugger, op: &Op, v: ValueId, input: &RuleInput, kind: Kind) -> (String, &'static str) {
    let (name, x) = (debugger.quoted(v), short(input.data[0]));
    match kind {
        Kind::Saturated => {
            let slope = op.slope(input, 0);
            let (any, slope) = (if slope == 0.0 { "no" } else { "hardly any" }, short(slope));
            let message = format!("{name} = {}({x}) is saturated: its slope is {slope}, so {any} grad passes", op.name);
            (message, "keep what goes in near 0: smaller weights, or scaled inputs")
        }
        Kind::Dead => {
            let grad = short(input.out_grad);
            let message = format!("{name} = relu({x}) is dead here: it passes nothing of its grad {grad} on");
            (
                message,
                "no fault; if it is so for every example, it will never learn: lower the rate, or use a leaky slope",
            )
        }
        _ => (cornered(debugger, op, v, input), "no fault: a numerical slope is ambiguous there"),
    }
}

/// A value that stands where its op's forward has a corner.
fn cornered(debugger: &Debugger, op: &Op, v: ValueId, input: &RuleInput) -> String {
    let name = debugger.quoted(v);
    let input = RuleInput { out_grad: 1.0, ..*input };
    let passed = |slot: usize| short(op.passes_on(&input, slot));
    match op.name.as_str() {
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
    }
}

/// How far from the nearest root the values of one pass are: mostly they are those of the next one, too.
#[derive(Default)]
struct Depths {
    of: Option<Arc<Reached>>,
    /// For each value of the graph; [`u32::MAX`] where no root is made of it.
    steps: Vec<u32>,
}

impl Depths {
    fn go_to(&mut self, graph: &Graph, reached: &Arc<Reached>) {
        if self.of.as_ref().is_some_and(|of| Arc::ptr_eq(of, reached)) {
            return;
        }
        self.steps.resize(graph.len(), u32::MAX);
        let before = self.of.replace(reached.clone());
        before.iter().flat_map(|before| &before.values).for_each(|&v| self.steps[v as usize] = u32::MAX);
        reached.roots.iter().for_each(|&root| self.steps[root as usize] = 0);
        for &v in &reached.values {
            for &operand in graph.operands_of(v) {
                self.steps[operand as usize] =
                    self.steps[operand as usize].min(self.steps[v as usize].saturating_add(1));
            }
        }
    }
}
