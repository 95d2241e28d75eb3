use super::calls::{Call, Calls};
use super::{Finding, Kind};
use crate::debugger::Debugger;
use crate::engine::op::{Op, RuleInput};
use crate::engine::{OpId, ValueId};
use crate::formula::close;
use crate::formula::number::{repr, short};

/// How many calls of an op are looked at: a rule that is wrong is wrong nearly everywhere.
const LOOKED_AT: usize = 200;

/// How far a rule may be from the slope, relative to it.
const TOLERANCE: f64 = 1e-7;

/// Rules of the scenario's own that disagree with the slope of their own forward.
pub fn find(debugger: &Debugger, calls: &Calls) -> Vec<Finding> {
    let graph = &debugger.run.graph;
    let own = (0..graph.ops.len()).filter(|&at| graph.ops[at].own);
    let mut findings = Vec::new();
    for at in own {
        let op = &graph.ops[at];
        let id = OpId(u16::try_from(at).expect("a graph has fewer than 2^16 ops"));
        let uses = calls.passes.iter().flat_map(|pass| &pass.calls).filter(|call| graph.op[call.node as usize] == id);
        let uses: Vec<&Call> = uses.take(LOOKED_AT).collect();
        findings.extend(
            (0..op.operands).filter_map(|slot| uses.iter().find_map(|call| disagrees(debugger, op, slot, call))),
        );
    }
    findings
}

/// Points at which a rule is tried beside those of the run: one that is right there by chance is wrong here. The operands'
/// grads are not 0, so that a rule which reads them is caught.
const PROBES: [[f64; 2]; 4] = [[0.7, 1.3], [1.9, 0.6], [2.6, -1.7], [-0.8, 2.1]];

fn disagrees(debugger: &Debugger, op: &Op, slot: usize, call: &Call) -> Option<Finding> {
    let input = debugger.input(call.node, call.start);
    let probe = |data: [f64; 2]| {
        let data = if op.exponent { [data[0], input.data[1]] } else { data };
        let mut probe = RuleInput { data, grad: [0.3, 0.4], ..input };
        probe.out_data = probe.eval(&op.forward);
        probe
    };
    let here = fault_at(op, slot, &input).map(|fault| (input, fault));
    let elsewhere = || {
        let mut probes = PROBES.into_iter().map(probe);
        probes.find_map(|input| fault_at(op, slot, &input).map(|fault| (input, fault)))
    };
    let (at, (slope, found, what)) = here.or_else(elsewhere)?;
    Some(wrong(debugger, op, slot, call, (&at, slope, found), &what))
}

/// The slope of the forward, what the lines pass on for a grad of 1, and how that is wrong; `None` where it is right, or
/// cannot be told.
fn fault_at(op: &Op, slot: usize, input: &RuleInput) -> Option<(f64, f64, String)> {
    let slope = op.slope(input, slot);
    if !slope.is_finite() || !input.out_data.is_finite() || is_kink(op, input, slot) {
        return None;
    }
    let passed = |grad: f64| {
        let input = RuleInput { out_grad: grad, ..*input };
        op.lines.iter().filter(|line| line.slot == slot).map(|line| input.eval(&line.amount)).sum::<f64>()
    };
    let (one, two) = (passed(1.0), passed(2.0));
    let what = if op.lines.iter().all(|line| line.slot != slot) {
        (slope != 0.0).then(|| "no line of it writes that grad".to_owned())?
    } else if close(one, slope, TOLERANCE) && close(two, 2.0 * slope, TOLERANCE) {
        return None;
    } else if !close(two, 2.0 * one, TOLERANCE) {
        "it is not a slope times out.grad".to_owned()
    } else {
        factor(one, slope)
    };
    Some((slope, one, what))
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

fn wrong(debugger: &Debugger, op: &Op, slot: usize, call: &Call, at: (&RuleInput, f64, f64), what: &str) -> Finding {
    let (input, slope, found) = at;
    let role = ["self", "other"][slot];
    let line = op.lines.iter().position(|line| line.slot == slot);
    let name = &op.name;
    let operands = match op.operands {
        1 => format!("self = {}", short(input.data[0])),
        _ => format!("self = {}, other = {}", short(input.data[0]), short(input.data[1])),
    };
    let slope = short(slope);
    let message = match line.map(|line| op.lines[line].source()) {
        Some(source) => format!(
            "the rule of `{name}` disagrees with the slope of its own forward: at {operands} `{source}` passes on {} for a grad of 1, where the slope is {slope}; {what}",
            short(found)
        ),
        None => format!("the rule of `{name}` leaves out {role}: at {operands} the slope is {slope}, and {what}"),
    };
    let cure =
        format!("mend the line: what it adds to {role}.grad is the slope of the forward by {role}, times out.grad");
    let operand: ValueId = debugger.run.graph.operands[call.node as usize][slot];
    let line = u32::try_from(line.unwrap_or(0)).expect("a rule has few lines");
    Finding { kind: Kind::WrongRule, step: call.start + line + 1, values: vec![call.node, operand], message, cure }
}

/// Whether the forward has a corner there: the slope to the left is another than the slope to the right.
pub fn is_kink(op: &Op, input: &RuleInput, slot: usize) -> bool {
    let x = input.data[slot];
    let step = 1e-6 * x.abs().max(1.0);
    let at = |x: f64| {
        let mut moved = *input;
        moved.data[slot] = x;
        moved.eval(&op.forward)
    };
    let (left, middle, right) = (at(x - step), at(x), at(x + step));
    let (before, after) = ((middle - left) / step, (right - middle) / step);
    before.is_finite() && after.is_finite() && (before - after).abs() > 1e-2 * before.abs().max(after.abs()).max(1e-3)
}
