use std::collections::HashMap;
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

/// The places in [`Graph::ops`] of the ops of each name.
pub(super) struct OpNames(HashMap<String, Vec<usize>>);

impl OpNames {
    pub fn of(graph: &Graph) -> Self {
        let mut names = HashMap::<_, Vec<usize>>::new();
        for (place, op) in graph.ops.iter().enumerate() {
            names.entry(op.name.clone()).or_default().push(place);
        }
        Self(names)
    }

    /// The op of that name, of that many operands: the scenario's own before the table's.
    pub fn find(&self, graph: &Graph, name: &str, operands: usize, exponent: bool) -> Result<OpId, WrongOp> {
        let name = if is_power(name) { "**" } else { name };
        let places = self.0.get(name).map_or(&[][..], Vec::as_slice);
        let own = places.iter().any(|&place| graph.ops[place].own);
        let named = || places.iter().rev().map(|&place| (place, &graph.ops[place])).filter(|(_, op)| op.own == own);
        match named().find(|(_, op)| op.operands == operands && op.exponent == exponent) {
            Some((place, _)) => Ok(OpId::of(place)),
            None => Err(WrongOp::new(graph, name, named().map(|(_, op)| op).find(|op| !op.exponent), operands)),
        }
    }
}

impl WrongOp {
    /// There is no op of that name and number of operands, but perhaps one of that name.
    fn new(graph: &Graph, name: &str, named: Option<&Op>, operands: usize) -> Self {
        let Some(op) = named else {
            let known: Vec<&str> = graph.ops.iter().map(|op| op.name.as_str()).collect();
            let all = || format!("the ops are {}; a scenario can define its own in `ops`", one_of_once(&known));
            let help = Some(did_you_mean(name, known.iter().copied()).unwrap_or_else(all));
            return Self { unknown: true, title: format!("there is no op `{name}`"), label: "not an op".into(), help };
        };
        let plural = if op.operands == 1 { "" } else { "s" };
        // More are not counted.
        let given = if operands < usize::from(u8::MAX) { operands.to_string() } else { "so many".into() };
        let title = format!("`{name}` takes {} operand{plural}, not {given}", op.operands);
        let label = format!("expected {} operand{plural}", op.operands);
        Self { unknown: false, title, label, help: None }
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
        if graph.ops.iter().any(|op| op.own && op.name == name) {
            let spot = Spot::Key(vec![key("ops"), key(&own.name)]);
            return Err(Problem::whole(spot, "`pow` and `**` are one op, and it is given twice", "the second one"));
        }
        graph.ops.push(op.with_exponent());
    }
    graph.ops.push(op);
    Ok(())
}
