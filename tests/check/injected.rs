//! Runs of random graphs with faults put into them on purpose.

use std::collections::BTreeSet;

use Fault::{Assigns, ByHand, Dropped, NoSeed, OddSeed, PartlyZeroed, Repeated, Rule, Stale, Swapped, TwoPasses};
use stepgrad::debugger::findings::Kind;
use stepgrad::engine::{Graph, ValueId};

use crate::debugger;
use crate::graphs::{Drawn, Random};

/// What can be done wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    Swapped,
    NoSeed,
    OddSeed,
    Repeated,
    TwoPasses,
    PartlyZeroed,
    Dropped,
    Rule,
    Assigns,
    Stale,
    ByHand,
}

pub const ALL: [Fault; 11] =
    [Swapped, NoSeed, OddSeed, Repeated, TwoPasses, PartlyZeroed, Dropped, Rule, Assigns, Stale, ByHand];

impl Fault {
    /// As what it may be told.
    pub fn kinds(self) -> &'static [Kind] {
        match self {
            Swapped => &[Kind::TooEarly],
            NoSeed => &[Kind::Unseeded],
            OddSeed => &[Kind::OddSeed],
            Repeated => &[Kind::Twice],
            TwoPasses | PartlyZeroed => &[Kind::LeftOver],
            Dropped => &[Kind::NeverRan],
            Rule => &[Kind::WrongRule],
            Assigns | ByHand => &[Kind::Overwritten],
            Stale => &[Kind::Stale],
        }
    }
}

/// A run: a graph, its rules, and what is called in which order.
pub struct Case {
    pub drawn: Drawn,
    pub script: Vec<String>,
    pub ops: String,
    /// What each fault is about.
    pub blamed: Vec<(Fault, ValueId)>,
}

pub fn root(graph: &Graph) -> ValueId {
    ValueId::try_from(graph.len() - 1).unwrap()
}

pub fn reached(graph: &Graph) -> Vec<ValueId> {
    let mut reached = BTreeSet::from([root(graph)]);
    for v in graph.ids().rev().filter(|&v| !graph.is_leaf(v)) {
        if reached.contains(&v) {
            reached.extend(graph.operands_of(v));
        }
    }
    reached.into_iter().collect()
}

/// Any order in which every consumer comes before the value.
fn order(random: &mut Random, graph: &Graph, reached: &[ValueId]) -> Vec<ValueId> {
    let mut left: Vec<ValueId> = reached.iter().copied().filter(|&v| !graph.is_leaf(v)).collect();
    let mut order = Vec::new();
    while !left.is_empty() {
        let ready: Vec<usize> =
            (0..left.len()).filter(|&at| !left.iter().any(|&c| graph.operands_of(c).contains(&left[at]))).collect();
        order.push(left.remove(ready[random.below(ready.len())]));
    }
    order
}

/// A rule that is wrong by its sign, a factor, or what it multiplies with.
const WRONG: [(&str, &str, [&str; 2]); 14] = [
    ("-", "self - other", ["self.grad += out.grad", "other.grad += out.grad"]),
    ("-", "self - other", ["self.grad += -out.grad", "other.grad += -out.grad"]),
    ("*", "self * other", ["self.grad += self.data * out.grad", "other.grad += self.data * out.grad"]),
    ("/", "self / other", ["self.grad += out.grad / other.data", "other.grad += self.data / other.data**2 * out.grad"]),
    (
        "/",
        "self / other",
        ["self.grad += out.grad * other.data", "other.grad += -self.data / other.data**2 * out.grad"],
    ),
    ("exp", "exp(self)", ["self.grad += self.data * out.grad", ""]),
    ("exp", "exp(self)", ["self.grad += out.data", ""]),
    ("relu", "relu(self)", ["self.grad += out.grad", ""]),
    ("relu", "relu(self)", ["self.grad += (self.data < 0) * out.grad", ""]),
    ("sqrt", "sqrt(self)", ["self.grad += 0.5 * out.data * out.grad", ""]),
    ("+", "self + other", ["self.grad += out.grad", "other.grad += other.data * out.grad"]),
    ("relu", "relu(self)", ["self.grad += (out.data > 0) * 2 * out.grad", ""]),
    (
        "**",
        "self ** other",
        [
            "self.grad += other.data * self.data**other.data * out.grad",
            "other.grad += out.data * log(self.data) * out.grad",
        ],
    ),
    ("tanh", "tanh(self)", ["self.grad += (1 - t) * out.grad", ""]),
];

fn of_rule((op, forward, lines): (&str, &str, [&str; 2])) -> String {
    let lines: Vec<String> = lines.iter().filter(|line| !line.is_empty()).map(|line| format!("\"{line}\"")).collect();
    format!("\"{op}\": {{\"forward\": \"{forward}\", \"backward\": [{}]}}", lines.join(", "))
}

/// What a case is made of, one fault after the other.
struct Making<'a> {
    random: &'a mut Random,
    faults: &'a BTreeSet<Fault>,
    graph: Graph,
    calls: Vec<ValueId>,
    /// What no fault is about yet.
    untouched: Vec<ValueId>,
    blamed: Vec<(Fault, ValueId)>,
}

/// A run with these faults; `None` where the graph that was drawn has no place for them.
pub fn case(random: &mut Random, faults: &BTreeSet<Fault>) -> Option<Case> {
    let drawn = random.graph(14, false);
    let graph = drawn.graph.clone();
    let reached = reached(&graph);
    let calls = order(random, &graph, &reached);
    if calls.len() < 3 {
        return None;
    }
    let untouched = calls.clone();
    let mut making = Making { random, faults, graph, calls, untouched, blamed: Vec::new() };
    let mut pass = making.seeds();
    making.swap()?;
    making.repeat()?;
    making.drop_one()?;
    let ops = making.rules()?;
    let leaves: Vec<ValueId> = reached.iter().copied().filter(|&v| making.graph.is_leaf(v)).collect();
    let (before, after) = (making.stale(&leaves), making.by_hand(&leaves));
    pass.extend(making.calls.iter().map(|v| format!("v{v}._backward()")));
    let first = making.first_pass(&pass, &reached);
    let script = [before, first, pass, after].concat();
    Some(Case { drawn, script, ops: ops.join(", "), blamed: making.blamed })
}

impl Making<'_> {
    fn has(&self, fault: Fault) -> bool {
        self.faults.contains(&fault)
    }

    fn take(&mut self) -> ValueId {
        self.untouched.remove(self.random.below(self.untouched.len()))
    }

    fn seeds(&mut self) -> Vec<String> {
        let root = root(&self.graph);
        let seed = if self.has(OddSeed) { ["2.0", "-1.0", "0.5"][self.random.below(3)] } else { "1.0" };
        if self.has(NoSeed) {
            self.blamed.push((NoSeed, root));
            return Vec::new();
        }
        if self.has(OddSeed) {
            self.blamed.push((OddSeed, root));
        }
        vec![format!("v{root}.grad = {seed}")]
    }

    fn swap(&mut self) -> Option<()> {
        if !self.has(Swapped) {
            return Some(());
        }
        let (a, b) = (self.take(), self.take());
        let place = |v| self.calls.iter().position(|&c| c == v).unwrap();
        let (a, b) = (place(a), place(b));
        self.calls.swap(a, b);
        for (at, &v) in self.calls.iter().enumerate() {
            if self.calls[at..].iter().any(|&c| self.graph.operands_of(c).contains(&v)) {
                self.blamed.push((Swapped, v));
            }
        }
        (!self.blamed.is_empty() && self.blamed.iter().any(|(fault, _)| *fault == Swapped)).then_some(())
    }

    fn repeat(&mut self) -> Option<()> {
        if self.has(Repeated) {
            let v = self.calls[self.random.below(self.calls.len())];
            let at = self.calls.iter().position(|&c| c == v)? + 1;
            let at = at + self.random.below(self.calls.len() - at + 1);
            self.calls.insert(at, v);
            self.blamed.push((Repeated, v));
        }
        Some(())
    }

    /// A call is too early only for consumers that run: what is swapped is not dropped.
    fn drop_one(&mut self) -> Option<()> {
        if self.has(Dropped) {
            let v = self.take();
            if self.has(Swapped) || self.blamed.contains(&(Repeated, v)) {
                return None;
            }
            self.calls.retain(|&c| c != v);
            self.blamed.push((Dropped, v));
        }
        Some(())
    }

    fn rules(&mut self) -> Option<Vec<String>> {
        if self.has(Rule) {
            let name = |v: ValueId| self.graph.op_of(v).unwrap().name.as_str();
            let rows: Vec<_> = WRONG.iter().filter(|row| self.calls.iter().any(|&v| name(v) == row.0)).collect();
            let row = **rows.get(self.random.below(rows.len().max(1)))?;
            let v = *self.calls.iter().find(|&&v| self.graph.op_of(v).unwrap().name == row.0)?;
            self.blamed.push((Rule, v));
            return (!self.has(Assigns)).then(|| vec![of_rule(row)]);
        }
        if self.has(Assigns) {
            self.blamed.push((Assigns, root(&self.graph)));
            return Some(OLD.map(of_rule).to_vec());
        }
        Some(Vec::new())
    }

    fn stale(&mut self, leaves: &[ValueId]) -> Vec<String> {
        if !self.has(Stale) {
            return Vec::new();
        }
        let leaf = leaves[self.random.below(leaves.len())];
        self.blamed.push((Stale, leaf));
        vec![format!("v{leaf}.data = v{leaf}.data * 1.25 + 0.1")]
    }

    fn by_hand(&mut self, leaves: &[ValueId]) -> Vec<String> {
        if !self.has(ByHand) {
            return Vec::new();
        }
        let leaf = leaves[self.random.below(leaves.len())];
        self.blamed.push((ByHand, leaf));
        vec![[format!("v{leaf}.grad = 7.5"), format!("v{leaf}.grad += 2")][self.random.below(2)].clone()]
    }

    /// A pass before the last one, and what is set to 0 after it.
    fn first_pass(&mut self, pass: &[String], reached: &[ValueId]) -> Vec<String> {
        if !self.has(TwoPasses) && !self.has(PartlyZeroed) {
            return Vec::new();
        }
        self.blamed.push((if self.has(TwoPasses) { TwoPasses } else { PartlyZeroed }, root(&self.graph)));
        let mut script = pass.to_vec();
        if self.has(PartlyZeroed) {
            let zeroed = reached.iter().filter(|_| self.random.below(2) == 0);
            script.extend(zeroed.map(|v| format!("v{v}.grad = 0.0")));
        }
        script
    }
}

/// The notebook's old rules.
const OLD: [(&str, &str, [&str; 2]); 2] = [
    ("+", "self + other", ["self.grad = 1.0 * out.grad", "other.grad = 1.0 * out.grad"]),
    ("*", "self * other", ["self.grad = other.data * out.grad", "other.grad = self.data * out.grad"]),
];

impl Case {
    pub fn text(&self) -> String {
        let script: Vec<String> = self.script.iter().map(|line| format!("{line:?}")).collect();
        let ops = if self.ops.is_empty() { String::new() } else { format!(", \"ops\": {{{}}}", self.ops) };
        self.drawn.text(&format!(", \"script\": [{}]{ops}", script.join(", ")))
    }

    /// The grads of a clean run of the same graph, on changed data where that is asked for.
    pub fn right(&self, fresh: bool) -> Vec<f64> {
        let first = self.script.iter().filter(|line| fresh && line.contains(".data = "));
        let script: Vec<String> = first.map(|line| format!("\"{line}\", \"forward()\", ")).collect();
        let root = root(&self.drawn.graph);
        let clean = debugger(self.drawn.text(&format!(", \"script\": [{}\"v{root}.backward()\"]", script.concat())));
        clean.run.graph.ids().map(|v| clean.run.grad(v, clean.run.steps)).collect()
    }
}
