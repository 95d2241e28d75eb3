use std::ops::Range;

use super::place::Step;
use super::suggest::{did_you_mean, one_of};
use super::written::{OwnOp, Problem, Spot, key};
use crate::engine::Graph;
use crate::engine::op::{Op, OpId};
use crate::formula::Trouble;

pub(super) fn is_power(op: &str) -> bool {
    op == "**" || op == "pow"
}

/// Why there is no such op.
pub(super) struct WrongOp {
    pub unknown: bool,
    pub title: String,
    pub label: String,
    pub help: Option<String>,
}

impl WrongOp {
    pub fn trouble(self, span: Range<usize>) -> Trouble {
        Trouble { help: self.help, ..Trouble::new(span, self.title, self.label) }
    }
}

/// The op of that name, of that many operands: the scenario's own before the table's.
pub(super) fn find_op(graph: &Graph, name: &str, operands: usize, exponent: bool) -> Result<OpId, WrongOp> {
    let name = if is_power(name) { "**" } else { name };
    let named = || graph.ops.iter().enumerate().rev().filter(|(_, op)| op.name == name);
    let own = named().any(|(_, op)| op.own);
    let fits = |op: &Op| op.operands == operands && op.exponent == exponent && op.own == own;
    if let Some((id, _)) = named().find(|(_, op)| fits(op)) {
        return Ok(OpId(u16::try_from(id).expect("a graph has fewer than 2^16 ops")));
    }
    let known: Vec<&str> = graph.ops.iter().map(|op| op.name.as_str()).collect();
    match named().find(|(_, op)| op.own == own && !op.exponent) {
        None => {
            let help = did_you_mean(name, known.iter().copied());
            let help = help.or_else(|| {
                Some(format!("the ops are {}; a scenario can define its own in `ops`", one_of_once(&known)))
            });
            Err(WrongOp { unknown: true, title: format!("there is no op `{name}`"), label: "not an op".into(), help })
        }
        Some((_, op)) => {
            let plural = if op.operands == 1 { "" } else { "s" };
            let title = format!("`{name}` takes {} operand{plural}, not {operands}", op.operands);
            let label = format!("expected {} operand{plural}", op.operands);
            Err(WrongOp { unknown: false, title, label, help: None })
        }
    }
}

fn one_of_once(known: &[&str]) -> String {
    let mut known = known.to_vec();
    known.dedup();
    one_of(&known)
}

/// Adds an op by a scenario's own rules; a power also for exponents that are numbers.
pub(super) fn add_own(graph: &mut Graph, own: &OwnOp) -> Result<(), Problem> {
    let OwnOp { name, forward, backward } = own;
    let name = if is_power(name) { "**" } else { name };
    let op = Op::of_rules(name, forward, backward).map_err(|(line, trouble)| {
        let mut path = vec![key("ops"), key(&own.name)];
        match line {
            None => path.push(key("forward")),
            Some(line) => path.extend([key("backward"), Step::Index(line)]),
        }
        Problem::part(Spot::Value(path), trouble)
    })?;
    if graph.ops.len() + 2 >= usize::from(u16::MAX) {
        return Err(Problem::whole(
            Spot::Value(vec![key("ops")]),
            "there are too many ops",
            "expected fewer than 65,000",
        ));
    }
    if is_power(name) {
        graph.ops.push(op.with_exponent());
    }
    graph.ops.push(op);
    Ok(())
}
