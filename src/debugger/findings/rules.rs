use super::calls::{Call, Calls};
use super::{Finding, Kind};
use crate::debugger::Debugger;
use crate::engine::op::{Op, RuleInput};
use crate::engine::plan::Number;
use crate::engine::{OpId, ValueId};
use crate::formula::number::short;
use crate::formula::{Field, close};

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

fn disagrees(debugger: &Debugger, op: &Op, slot: usize, call: &Call) -> Option<Finding> {
    let input = debugger.input(call.node, call.start);
    let slope = op.slope(&input, slot);
    if !slope.is_finite() || is_kink(op, &input, slot) {
        return None;
    }
    let passed = |grad: f64| {
        let input = RuleInput { out_grad: grad, ..input };
        op.lines.iter().filter(|line| line.slot == slot).map(|line| input.eval(&line.amount)).sum::<f64>()
    };
    let (one, two) = (passed(1.0), passed(2.0));
    let grad = debugger.run.number(Number { value: call.node, field: Field::Grad }, call.start);
    let what = if op.lines.iter().all(|line| line.slot != slot) {
        (slope != 0.0).then(|| "no line of it writes that grad".to_owned())?
    } else if close(one, slope, TOLERANCE) && close(two, 2.0 * slope, TOLERANCE) {
        return None;
    } else if close(one, two, TOLERANCE) && one != 0.0 {
        "it does not multiply by out.grad".to_owned()
    } else {
        factor(one, slope)
    };
    Some(wrong(debugger, op, slot, call, (slope, one, grad), &what))
}

/// How a slope is wrong: its sign, a factor, or just another number.
fn factor(found: f64, right: f64) -> String {
    let ratio = found / right;
    if found == 0.0 {
        "it passes nothing on".into()
    } else if close(ratio, -1.0, TOLERANCE) {
        "its sign is wrong".into()
    } else if right != 0.0 && ratio.is_finite() {
        format!("it is {} times what it should be", short(ratio))
    } else {
        "the slope is 0".into()
    }
}

fn wrong(debugger: &Debugger, op: &Op, slot: usize, call: &Call, numbers: (f64, f64, f64), what: &str) -> Finding {
    let (slope, found, _) = numbers;
    let role = ["self", "other"][slot];
    let at = op.lines.iter().position(|line| line.slot == slot);
    let source = at.map_or_else(|| format!("{role}.grad += ..."), |at| op.lines[at].source());
    let node = debugger.quoted(call.node);
    let message = format!(
        "the rule of `{}` disagrees with the slope of its own forward: `{source}` passes on {} for a grad of 1 in {node}._backward(), where the slope is {}; {what}",
        op.name,
        short(found),
        short(slope)
    );
    let cure =
        format!("mend the line: what it adds to {role}.grad is the slope of the forward by {role}, times out.grad");
    let operand: ValueId = debugger.run.graph.operands[call.node as usize][slot];
    let line = u32::try_from(at.unwrap_or(0)).expect("a rule has few lines");
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
