use rustc_hash::FxHashMap;

use super::calls::{Call, Pass};
use super::{Finding, Kind, Told};
use crate::debugger::Debugger;
use crate::debugger::kinks::{choice, kink};
use crate::engine::op::{Line, Op, RuleInput};
use crate::engine::{OpId, ValueId};
use crate::formula::close;
use crate::formula::number::{repr, short};

/// How many calls of an op are looked at: a rule that is wrong is wrong nearly everywhere.
const LOOKED_AT: usize = 200;

/// How far a rule may be from the slope, relative to it.
const TOLERANCE: f64 = 1e-7;

/// Looks for rules of the scenario's own that disagree with the slope of their own forward, pass by pass.
pub struct Search<'a> {
    debugger: &'a Debugger,
    /// One after the other the rules for each operand of each of its own ops.
    rules: Vec<Sought<'a>>,
    /// Where the rules of each op begin.
    of_op: FxHashMap<OpId, usize>,
    /// Rules about which enough is known.
    done: usize,
}

/// A rule for one operand of an op, and what was found of it.
struct Sought<'a> {
    id: OpId,
    op: &'a Op,
    slot: usize,
    /// Calls looked at so far.
    looked_at: usize,
    found: bool,
}

impl<'a> Search<'a> {
    pub fn new(debugger: &'a Debugger) -> Self {
        let mut own = Self { debugger, rules: Vec::new(), of_op: FxHashMap::default(), done: 0 };
        for (at, op) in debugger.run.graph.ops.iter().enumerate().filter(|(_, op)| op.own) {
            let id = OpId::of(at);
            own.of_op.insert(id, own.rules.len());
            own.rules.extend((0..op.operands).map(|slot| Sought { id, op, slot, looked_at: 0, found: false }));
        }
        own
    }

    /// What the calls of a pass show, rule by rule.
    pub fn pass(&mut self, pass: &Pass, told: &mut Told) {
        let graph = &self.debugger.run.graph;
        let mut wrong = Vec::new();
        for call in pass.calls() {
            if self.done == self.rules.len() {
                break;
            }
            let Some(&first) = self.of_op.get(&graph.op[call.node as usize]) else { continue };
            let rules = first..first + graph.op_of(call.node).map_or(0, |op| op.operands);
            wrong.extend(rules.filter_map(|at| Some((at, call, self.look(at, &call)?))));
        }
        wrong.sort_by_key(|(at, ..)| *at);
        for (at, call, (input, fault)) in wrong {
            let Sought { op, slot, .. } = self.rules[at];
            let finding = || wrong_in_run(self.debugger, (op, slot), &call, &input, &fault);
            told.tell(Kind::WrongRule, step_of(op, slot, &call), call.node, finding);
        }
    }

    /// What is wrong with a rule where a call shows it, unless enough is known of it.
    fn look(&mut self, at: usize, call: &Call) -> Option<(RuleInput, Fault)> {
        let rule = &mut self.rules[at];
        if rule.found || rule.looked_at == LOOKED_AT {
            return None;
        }
        let (op, slot, first) = (rule.op, rule.slot, rule.looked_at == 0);
        let input = self.debugger.input(call.node, call.start);
        let here = fault_at(op, slot, &input).map(|fault| (input, fault));
        // Where else it is tried does not depend on the call, but for an exponent.
        let wrong = here.or_else(|| elsewhere(op, slot, &input).filter(|_| first || op.exponent));
        rule.looked_at += 1;
        rule.found = wrong.is_some();
        self.done += usize::from(rule.found || rule.looked_at == LOOKED_AT);
        wrong
    }

    /// What can be said of rules whose `_backward` never ran.
    pub fn unused(self, told: &mut Told) {
        let graph = &self.debugger.run.graph;
        let named =
            |op: &Op| graph.ops.iter().any(|other| !std::ptr::eq(op, other) && other.own && other.name == op.name);
        let unused = self.rules.iter().filter(|rule| rule.looked_at == 0 && !(rule.op.exponent && named(rule.op)));
        let unused: Vec<&Sought> = unused.collect();
        if unused.is_empty() {
            return;
        }
        let input = RuleInput { data: [0.0, 2.0], ..RuleInput::default() };
        let step = self.debugger.run.segments[0].end();
        let made: FxHashMap<OpId, ValueId> = graph.ids().rev().map(|v| (graph.op[v as usize], v)).collect();
        for &Sought { id, op, slot, .. } in unused {
            if let Some((at, fault)) = elsewhere(op, slot, &input) {
                let v = made.get(&id).copied();
                told.tell(Kind::WrongRule, step, v, || {
                    let (message, cure) = wrong(op, slot, &at, &fault);
                    let message = message + "; no _backward of this op ran";
                    Finding { kind: Kind::WrongRule, step, values: v.into_iter().collect(), more: 0, message, cure }
                });
            }
        }
    }
}

/// Points at which a rule is tried beside those of the run: one that is right there by chance is wrong here. The operands'
/// grads are not 0, so that a rule which reads them is caught.
const PROBES: [[f64; 2]; 6] = [[0.7, 1.3], [1.9, 0.6], [2.6, -1.7], [-0.8, 2.1], [0.37, 0.24], [-0.45, -0.62]];

/// The first of the probes at which a rule is wrong.
fn elsewhere(op: &Op, slot: usize, input: &RuleInput) -> Option<(RuleInput, Fault)> {
    let probe = |data: [f64; 2]| {
        let data = if op.exponent { [data[0], input.data[1]] } else { data };
        let mut probe = RuleInput { data, grad: [0.3, 0.4], ..*input };
        probe.out_data = probe.eval(&op.forward);
        probe
    };
    let mut probes = PROBES.into_iter().map(probe);
    probes.find_map(|input| fault_at(op, slot, &input).map(|fault| (input, fault)))
}

/// The slope of a forward, what the lines pass on for a grad of 1, and how that is wrong.
struct Fault {
    slope: f64,
    found: f64,
    what: String,
}

/// What is wrong with a rule at a point; `None` where it is right, or cannot be told.
fn fault_at(op: &Op, slot: usize, input: &RuleInput) -> Option<Fault> {
    let slope = op.slope(input, slot);
    if !slope.is_finite() || !input.out_data.is_finite() {
        return None;
    }
    let passed = |grad: f64| op.passes_on(&RuleInput { out_grad: grad, ..*input }, slot);
    let (one, two) = (passed(1.0), passed(2.0));
    let right = |found: f64, grad: f64| close(found, grad * slope, TOLERANCE) || (found - grad * slope).abs() <= 1e-14;
    let sides = kink(op, input, slot);
    let what = if op.lines.iter().all(|line| line.slot != slot) {
        (slope != 0.0).then(|| "no line of it writes that grad".to_owned())?
    } else if right(one, 1.0) && right(two, 2.0) {
        return None;
    } else if !close(two, 2.0 * one, TOLERANCE) {
        "it is not a slope times out.grad".to_owned()
    } else if let Some([left, right]) = sides {
        if choice(op, input).is_some() {
            return None;
        }
        format!("at this kink it is {} to the left and {} to the right", short(left), short(right))
    } else {
        factor(one, slope)
    };
    Some(Fault { slope, found: one, what })
}

/// How a slope is wrong: its sign, a factor, or just another number.
fn factor(found: f64, right: f64) -> String {
    let ratio = found / right;
    if found == 0.0 {
        "it passes nothing on".into()
    } else if close(ratio, -1.0, TOLERANCE) {
        "its sign is wrong".into()
    } else if right != 0.0 && ratio.is_finite() {
        let ratio = if (ratio - 1.0).abs() < 1e-3 { repr(ratio) } else { short(ratio) };
        format!("it is {ratio} times what it should be")
    } else {
        "the slope is 0".into()
    }
}

/// The step after the first line that a call runs for an operand.
fn step_of(op: &Op, slot: usize, call: &Call) -> u32 {
    let line = op.lines.iter().position(|line| line.slot == slot).unwrap_or(0);
    call.start + u32::try_from(line).expect("a rule has few lines") + 1
}

fn wrong_in_run(debugger: &Debugger, (op, slot): (&Op, usize), call: &Call, at: &RuleInput, fault: &Fault) -> Finding {
    let (message, cure) = wrong(op, slot, at, fault);
    let values = vec![call.node, debugger.run.graph.operands[call.node as usize][slot]];
    Finding { kind: Kind::WrongRule, step: step_of(op, slot, call), values, more: 0, message, cure }
}

fn wrong(op: &Op, slot: usize, at: &RuleInput, fault: &Fault) -> (String, String) {
    let role = ["self", "other"][slot];
    let name = &op.name;
    let operands = match op.operands {
        1 => format!("self = {}", short(at.data[0])),
        _ => format!("self = {}, other = {}", short(at.data[0]), short(at.data[1])),
    };
    let (slope, found, what) = (short(fault.slope), short(fault.found), &fault.what);
    let message = match op.lines.iter().find(|line| line.slot == slot).map(Line::source) {
        Some(source) => format!(
            "the rule of `{name}` is not the slope of its own forward: {what}; at {operands} `{source}` passes on {found} for a grad of 1, where the slope is {slope}"
        ),
        None => format!("the rule of `{name}` leaves out {role}: at {operands} the slope is {slope}, and {what}"),
    };
    let cure =
        format!("mend the line: what it adds to {role}.grad is the slope of the forward by {role}, times out.grad");
    (message, cure)
}
