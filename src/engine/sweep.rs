use super::graph::{Graph, ValueId};
use super::op::{Line, OpId};
use super::ops::Builtin;

/// What listens to a sweep: `()` to nothing, the recorder to every write.
pub trait Tape {
    /// A line has run: `target.grad` is now `after`.
    fn wrote(&mut self, target: ValueId, after: f64);
    /// A `_backward` without lines has run.
    fn idle(&mut self);
}

impl Tape for () {
    #[inline]
    fn wrote(&mut self, _: ValueId, _: f64) {}
    #[inline]
    fn idle(&mut self) {}
}

/// `for node in reversed(topo): node._backward()`: the hot loop.
///
/// `data` and `grad` have a number for every value of the graph. Only listening differs between a plain sweep and a
/// recorded one, so their numbers are the same bits.
///
/// It is [`backward`] of one after the other, but what most values are made by is done in the loop itself, and the rest
/// elsewhere: what is left fits into the registers. With one length for all arrays, which spares most checks, that makes
/// it 1.3 times as fast. A test holds it to the plain loop, bit for bit.
pub fn sweep(graph: &Graph, topo: &[ValueId], data: &[f64], grad: &mut [f64], tape: &mut impl Tape) {
    let len = graph.len();
    let (ops, operands, data, grad) = (&graph.op[..len], &graph.operands[..len], &data[..len], &mut grad[..len]);
    for &v in topo.iter().rev() {
        let id = ops[v as usize];
        match Builtin::from_id(id) {
            Some(op @ (Builtin::Add | Builtin::Sub | Builtin::Mul)) => {
                let [a, b] = operands[v as usize];
                let number = |at: usize| data[[a, b, v][at] as usize];
                op.backward(number, grad[v as usize], |slot, amount| accumulate(grad, [a, b][slot], amount, tape));
            }
            _ if id == OpId::LEAF => tape.idle(),
            _ => rarer(graph, v, data, grad, tape),
        }
    }
}

/// [`backward`], not inlined.
#[inline(never)]
fn rarer(graph: &Graph, v: ValueId, data: &[f64], grad: &mut [f64], tape: &mut impl Tape) {
    backward(graph, v, data, grad, tape);
}

/// `v._backward()`: the lines of its op, in order.
///
/// The lines of a built-in op use nothing but data and `out.grad`, which none of them writes, so their amounts can be
/// computed at once. A scenario's own rules may read what a line before them wrote: they run one by one.
#[inline]
pub fn backward(graph: &Graph, v: ValueId, data: &[f64], grad: &mut [f64], tape: &mut impl Tape) {
    let id = graph.op[v as usize];
    if let Some(builtin) = Builtin::from_id(id) {
        let (operands, out) = (graph.operands[v as usize], grad[v as usize]);
        let data = |at| graph.data_for(v, at, data);
        builtin.backward(data, out, |slot, amount| accumulate(grad, operands[slot], amount, tape));
    } else if id == OpId::LEAF {
        tape.idle();
    } else {
        own_lines(graph, v, data, grad, tape);
    }
}

/// The `+=`.
#[inline]
fn accumulate(grad: &mut [f64], target: ValueId, amount: f64, tape: &mut impl Tape) {
    let grad = &mut grad[target as usize];
    *grad += amount;
    tape.wrote(target, *grad);
}

/// The lines of an op that is none of the table's. Not inlined: what runs most stays small beside it.
#[inline(never)]
fn own_lines(graph: &Graph, v: ValueId, data: &[f64], grad: &mut [f64], tape: &mut impl Tape) {
    let (lines, like) = graph.op_of(v).map_or((&[][..], None), |op| (&op.lines[..], op.like));
    let operands = graph.operands[v as usize];
    let mut write = |grad: &mut [f64], line: &Line, amount: f64| {
        let target = operands[line.slot];
        if line.accumulate {
            accumulate(grad, target, amount, tape);
        } else {
            grad[target as usize] = amount;
            tape.wrote(target, amount);
        }
    };
    if let Some(builtin) = like {
        let (out, mut lines) = (grad[v as usize], lines.iter());
        let data = |at| graph.data_for(v, at, data);
        return builtin.backward(data, out, |_, amount| {
            lines.next().into_iter().for_each(|line| write(grad, line, amount));
        });
    }
    for line in lines {
        let input = graph.rule_input(v, |v| data[v as usize], |v| grad[v as usize]);
        write(grad, line, input.eval(&line.amount));
    }
    if lines.is_empty() {
        tape.idle();
    }
}
