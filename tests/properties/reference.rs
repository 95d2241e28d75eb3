//! A plain interpreter of scenarios: arrays that are copied after every event, `build_topo` as the notebook has it.
//!
//! It shares the graph and the parsed texts with the engine, and none of its order, its rules or its record.

use stepgrad::engine::op::RuleInput;
use stepgrad::engine::plan::Number;
use stepgrad::engine::topo::Visit;
use stepgrad::engine::{Event, Graph, Phase, ValueId, Write};
use stepgrad::formula::{AssignOp, Field, Program, Verb};
use stepgrad::scenario::Scenario;

/// What every value holds at one step.
#[derive(Clone)]
pub struct State {
    pub data: Vec<Option<f64>>,
    pub grad: Vec<f64>,
}

/// What leads from one state to the next.
pub struct Step {
    pub event: Event,
    pub phase: Phase,
    pub statement: Option<usize>,
}

/// A whole run: one state more than steps.
pub struct Reference {
    pub states: Vec<State>,
    pub steps: Vec<Step>,
}

/// The same bits, where a NaN is a NaN: which one is the processor's business.
pub fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

pub fn same_event(a: &Event, b: &Event) -> bool {
    match (a, b) {
        (Event::Compute { node, after }, Event::Compute { node: other, after: wanted }) => {
            node == other && same(*after, *wanted)
        }
        (Event::Write(a), Event::Write(b)) => {
            let numbers = [(a.before, b.before), (a.amount, b.amount), (a.after, b.after)];
            (a.target, a.by) == (b.target, b.by) && numbers.iter().all(|(a, b)| same(*a, *b))
        }
        _ => a == b,
    }
}

pub fn interpret(scenario: &Scenario) -> Reference {
    let graph = &*scenario.graph;
    let data = graph.ids().map(|v| graph.is_leaf(v).then(|| graph.number[v as usize])).collect();
    let state = State { data, grad: vec![0.0; graph.len()] };
    let mut machine = Machine { graph, tolerance: scenario.tolerance, states: Vec::new(), steps: Vec::new(), state };
    machine.states.push(machine.state.clone());
    machine.forward(None);
    for (at, statement) in scenario.script.iter().enumerate() {
        machine.statement(Some(at), &statement.verb);
    }
    Reference { states: machine.states, steps: machine.steps }
}

struct Machine<'a> {
    graph: &'a Graph,
    tolerance: f64,
    state: State,
    states: Vec<State>,
    steps: Vec<Step>,
}

impl Machine<'_> {
    fn push(&mut self, event: Event, phase: Phase, statement: Option<usize>) {
        self.steps.push(Step { event, phase, statement });
        self.states.push(self.state.clone());
    }

    fn statement(&mut self, at: Option<usize>, verb: &Verb<ValueId, Program<Number>>) {
        match verb {
            Verb::Backward(root) => {
                let mut topo = Vec::new();
                self.build_topo(*root, &mut Vec::new(), &mut topo, at);
                self.set(Number { value: *root, field: Field::Grad }, 1.0, 1.0, Phase::Seed, at);
                topo.reverse();
                for v in topo {
                    self.call(v, at);
                }
            }
            Verb::Call(v) => self.call(*v, at),
            Verb::ZeroGrad => {
                for value in self.graph.ids() {
                    self.set(Number { value, field: Field::Grad }, 0.0, 0.0, Phase::Zero, at);
                }
            }
            Verb::Forward => self.forward(at),
            Verb::Assign { value, field, op, amount } => {
                let target = Number { value: *value, field: *field };
                let (before, amount) = (self.number(target), self.evaluated(amount));
                let after = match op {
                    AssignOp::Set => amount,
                    AssignOp::Add => before + amount,
                    AssignOp::Sub => before - amount,
                    AssignOp::Mul => before * amount,
                    AssignOp::Div => before / amount,
                };
                let phase = match field {
                    Field::Data => Phase::Update,
                    Field::Grad if after == 0.0 => Phase::Zero,
                    Field::Grad => Phase::Seed,
                };
                self.set(target, amount, after, phase, at);
            }
            Verb::Assert(condition) => {
                let held = self.evaluated(condition) != 0.0;
                self.push(Event::Assert { held }, Phase::Assert, at);
            }
        }
    }

    fn number(&self, number: Number) -> f64 {
        match number.field {
            Field::Data => self.state.data[number.value as usize].unwrap(),
            Field::Grad => self.state.grad[number.value as usize],
        }
    }

    fn evaluated(&self, amount: &Program<Number>) -> f64 {
        amount.eval(self.tolerance, |number| self.number(*number))
    }

    fn set(&mut self, target: Number, amount: f64, after: f64, phase: Phase, at: Option<usize>) {
        let before = self.number(target);
        match target.field {
            Field::Data => self.state.data[target.value as usize] = Some(after),
            Field::Grad => self.state.grad[target.value as usize] = after,
        }
        self.push(Event::Write(Write { target, by: None, before, amount, after }), phase, at);
    }

    fn forward(&mut self, at: Option<usize>) {
        for node in self.graph.ids().filter(|&v| !self.graph.is_leaf(v)) {
            let after = self.computed(node);
            self.state.data[node as usize] = Some(after);
            self.push(Event::Compute { node, after }, Phase::Forward, at);
        }
    }

    /// The data of the operands, and the exponent in place of the second where there is one.
    fn operands(&self, v: ValueId) -> [f64; 2] {
        let data = |operand: &ValueId| self.state.data[*operand as usize].unwrap();
        let mut operands = self.graph.operands_of(v).iter().map(data).chain(self.graph.exponent_of(v));
        [operands.next().unwrap(), operands.next().unwrap_or(0.0)]
    }

    fn input(&self, v: ValueId) -> RuleInput {
        let grad = |slot: usize| self.graph.operands_of(v).get(slot).map_or(0.0, |&o| self.state.grad[o as usize]);
        RuleInput {
            data: self.operands(v),
            grad: [grad(0), grad(1)],
            out_data: self.state.data[v as usize].unwrap_or(f64::NAN),
            out_grad: self.state.grad[v as usize],
        }
    }

    fn computed(&self, v: ValueId) -> f64 {
        let op = self.graph.op_of(v).unwrap();
        if op.own { self.input(v).eval(&op.forward) } else { builtin_data(&op.name, self.operands(v)) }
    }

    /// The notebook's own, which recurses.
    fn build_topo(&mut self, v: ValueId, visited: &mut Vec<ValueId>, topo: &mut Vec<ValueId>, at: Option<usize>) {
        if visited.contains(&v) {
            return self.push(Event::Visit(Visit::Skip(v)), Phase::Topo, at);
        }
        visited.push(v);
        self.push(Event::Visit(Visit::Enter(v)), Phase::Topo, at);
        for &child in self.graph.operands_of(v) {
            self.build_topo(child, visited, topo, at);
        }
        topo.push(v);
        self.push(Event::Visit(Visit::Append(v)), Phase::Topo, at);
    }

    /// `v._backward()`.
    fn call(&mut self, v: ValueId, at: Option<usize>) {
        let Some(op) = self.graph.op_of(v).filter(|op| !op.lines.is_empty()) else {
            return self.push(Event::Idle { node: v }, Phase::Backward, at);
        };
        for (number, line) in op.lines.iter().enumerate() {
            let input = self.input(v);
            let amount = if op.own {
                input.eval(&line.amount)
            } else {
                let exponent = self.graph.exponent_of(v).is_some();
                builtin_slope(&op.name, exponent, number, &input) * input.out_grad
            };
            let target = Number { value: self.graph.operands_of(v)[line.slot], field: Field::Grad };
            let before = self.number(target);
            let after = if line.accumulate { before + amount } else { amount };
            self.state.grad[target.value as usize] = after;
            let write = Write { target, by: Some((v, number)), before, amount, after };
            self.push(Event::Write(write), Phase::Backward, at);
        }
    }
}

/// The ops as a textbook has them, in plain Rust.
fn builtin_data(op: &str, [a, b]: [f64; 2]) -> f64 {
    match op {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" => a / b,
        "**" if b == 2.0 => a * a,
        "**" => a.powf(b),
        "neg" => -a,
        "exp" => a.exp(),
        "log" => a.ln(),
        "tanh" => a.tanh(),
        "sigmoid" => 1.0 / (1.0 + (-a).exp()),
        "relu" if a < 0.0 => 0.0,
        "relu" => a,
        "sin" => a.sin(),
        "cos" => a.cos(),
        "sqrt" => a.sqrt(),
        "abs" => a.abs(),
        "max" | "min" if a.is_nan() || b.is_nan() => f64::NAN,
        "max" if a >= b => a,
        "min" if a <= b => a,
        "max" | "min" => b,
        _ => panic!("the reference knows no {op}: teach it"),
    }
}

/// The slope of an op in its first or second operand.
fn builtin_slope(op: &str, exponent: bool, slot: usize, input: &RuleInput) -> f64 {
    let ([a, b], out) = (input.data, input.out_data);
    let power = |x: f64, n: f64| builtin_data("**", [x, n]);
    let share = |wins: bool| if a == b { 0.5 } else { f64::from(u8::from(wins)) };
    match (op, slot) {
        ("+", _) | ("-", 0) => 1.0,
        ("-" | "neg", _) => -1.0,
        ("*", 0) => b,
        ("*", _) => a,
        ("/", 0) => 1.0 / b,
        ("/", _) => -out / b,
        ("**", 0) => b * power(a, b - 1.0),
        ("**", _) if !exponent => out * a.ln(),
        ("exp", _) => out,
        ("log", _) => 1.0 / a,
        ("tanh", _) => (-out).mul_add(out, 1.0),
        ("sigmoid", _) => out * (1.0 - out),
        ("relu", _) => f64::from(u8::from(out > 0.0)),
        ("sin", _) => a.cos(),
        ("cos", _) => -a.sin(),
        ("sqrt", _) => 1.0 / (2.0 * out),
        ("abs", _) if a > 0.0 => 1.0,
        ("abs", _) if a < 0.0 => -1.0,
        ("abs", _) => 0.0,
        ("max", 0) | ("min", 1) => share(a > b),
        ("max" | "min", _) => share(a < b),
        _ => panic!("the reference knows no {op}: teach it"),
    }
}
