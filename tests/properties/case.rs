//! Random scenarios: what was written, the text of its file, and what that text must mean.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use stepgrad::engine::ValueId;
use stepgrad::engine::plan::Number;
use stepgrad::formula::{AssignOp, Field, Verb};
use stepgrad::scenario::Scenario;

/// Ops of the table by their names and operands; the exponent of `**` is a number where the second is none.
const OPS: [(&str, usize); 19] = [
    ("+", 2),
    ("-", 2),
    ("*", 2),
    ("/", 2),
    ("**", 2),
    ("**", 1),
    ("neg", 1),
    ("exp", 1),
    ("log", 1),
    ("tanh", 1),
    ("sigmoid", 1),
    ("relu", 1),
    ("sin", 1),
    ("cos", 1),
    ("sqrt", 1),
    ("abs", 1),
    ("max", 2),
    ("min", 2),
    ("+", 2),
];

/// Ops of the scenario's own: lines in another order, two to one operand, reading what the line before wrote, none.
const OWN: [(&str, usize); 4] = [("mix", 2), ("twist", 1), ("dead", 1), ("mix", 2)];
const OWN_RULES: &str = r#"
    "mix": {"forward": "2 * self - other / 4",
            "backward": ["other.grad += self.grad * out.grad", "self.grad = other.grad + out.data * out.grad"]},
    "twist": {"forward": "sin(self) + self**2 - 1",
              "backward": ["self.grad += cos(self.data) * out.grad", "self.grad += 2 * self.data * out.grad - self.grad / 8"]},
    "dead": {"forward": "self / 3", "backward": []}"#;
const OLD_RULES: &str = r#",
    "+": {"forward": "self + other", "backward": ["self.grad = 1.0 * out.grad", "other.grad = 1.0 * out.grad"]},
    "*": {"forward": "self * other", "backward": ["self.grad = other.data * out.grad", "other.grad += self.data * out.grad"]}"#;

/// A scenario as it is to be written. Values are told by their numbers, operands have smaller ones.
#[derive(Debug, Clone)]
pub struct Case {
    values: Vec<Made>,
    /// In which order the file has them.
    order: Vec<usize>,
    root: usize,
    old_rules: bool,
    script: Vec<Said>,
}

#[derive(Debug, Clone)]
enum Made {
    Leaf(f64),
    /// An op of operands and perhaps an exponent, written as a formula or as a node.
    Op(&'static str, Vec<usize>, Option<f64>, bool),
}

/// A statement.
#[derive(Debug, Clone)]
enum Said {
    Backward(usize),
    Call(usize),
    ZeroGrad,
    Forward,
    Assign(usize, Field, AssignOp, Amount),
    Assert(Amount, &'static str, Amount),
}

/// `0.5`, `-0.05 * v1.grad`, `v1.data - v2.grad`.
#[derive(Debug, Clone)]
enum Amount {
    Of(f64),
    Scaled(f64, usize, Field),
    Gap(usize, Field, usize, Field),
}

/// Any scenario of a dozen values.
pub fn any() -> impl Strategy<Value = Case> {
    let leaf = prop_oneof![6 => -4.0..4.0, 2 => select(&[0.0, 1.0, -1.0, 2.0, 0.5][..]), 1 => special()];
    let exponent = prop_oneof![select(&[2.0, 3.0, -1.0, 0.5, 0.0][..]), -3.0..3.0];
    let op = prop_oneof![5 => select(&OPS[..]), 1 => select(&OWN[..])];
    let made = (op, any_index(), any_index(), exponent, any_bool());
    let statements = vec((0..12_u8, any_index(), any_index(), any_field(), any_field(), -3.0..3.0), 0..7);
    (vec(leaf, 1..4), vec(made, 0..9), statements, any_index(), any_bool()).prop_flat_map(
        |(leaves, made, statements, root, old_rules)| {
            let values = values(leaves, made);
            let count = values.len();
            let script: Vec<Said> = statements.into_iter().map(|row| said(row, count)).collect();
            let order = Just((0..count).collect::<Vec<_>>());
            let order = prop_oneof![order.clone(), order.prop_shuffle()];
            let root = root.index(count);
            order.prop_map(move |order| Case { values: values.clone(), order, root, old_rules, script: script.clone() })
        },
    )
}

fn special() -> impl Strategy<Value = f64> {
    select(&[-0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 1e300, 1e-300, 5e-324][..])
}

fn any_index() -> impl Strategy<Value = Index> {
    proptest::prelude::any::<Index>()
}

fn any_bool() -> impl Strategy<Value = bool> {
    proptest::prelude::any::<bool>()
}

fn any_field() -> impl Strategy<Value = Field> {
    select(&[Field::Data, Field::Grad][..])
}

type Drawn = ((&'static str, usize), Index, Index, f64, bool);

fn values(leaves: Vec<f64>, made: Vec<Drawn>) -> Vec<Made> {
    let mut values: Vec<Made> = leaves.into_iter().map(Made::Leaf).collect();
    for ((op, count), a, b, exponent, as_formula) in made {
        let operands = [a, b].iter().take(count).map(|operand| operand.index(values.len())).collect();
        let exponent = (op == "**" && count == 1).then_some(exponent);
        values.push(Made::Op(op, operands, exponent, as_formula));
    }
    values
}

/// `zero_grad()` and single calls are as likely as whole passes.
fn said((kind, a, b, field, other, x): (u8, Index, Index, Field, Field, f64), count: usize) -> Said {
    use AssignOp::{Add, Div, Mul, Set, Sub};
    let (a, b) = (a.index(count), b.index(count));
    match kind {
        0..2 => Said::Backward(a),
        2..5 => Said::Call(a),
        5 => Said::ZeroGrad,
        6 => Said::Forward,
        7 => Said::Assign(a, Field::Grad, Set, Amount::Of(if x < 0.0 { 0.0 } else { 1.0 })),
        8 => Said::Assign(a, field, [Set, Add, Sub, Mul, Div][b % 5], Amount::Scaled(x, b, other)),
        9 => Said::Assign(a, field, [Add, Sub, Mul, Div, Set][b % 5], Amount::Gap(a, other, b, field)),
        10 => Said::Assert(Amount::Scaled(x, a, field), ["<", ">=", "!="][b % 3], Amount::Of(x)),
        _ => Said::Assert(Amount::Gap(a, field, b, other), "==", Amount::Of(0.0)),
    }
}

/// Every third name is no identifier.
fn name(v: usize) -> String {
    if v % 3 == 2 { format!("v{v}*w") } else { format!("v{v}") }
}

fn quoted(v: usize) -> String {
    if v % 3 == 2 { format!("`{}`", name(v)) } else { name(v) }
}

fn json(x: f64) -> String {
    if x.is_nan() { "\"NaN\"".into() } else { format!("{x:?}").replace("inf", "\"inf\"").replace("-\"", "\"-") }
}

impl Case {
    /// The file.
    pub fn text(&self) -> String {
        let line = |&v: &usize| format!("\"{}\": {}", name(v), self.values[v].text());
        let values: Vec<String> = self.order.iter().map(line).collect();
        let script: Vec<String> = self.script.iter().map(|said| format!("\"{}\"", said.text())).collect();
        let old = if self.old_rules { OLD_RULES } else { "" };
        format!(
            "{{\"ops\": {{{OWN_RULES}{old}}},\n\"values\": {{\n{}\n}},\n\"root\": \"{}\",\n\"script\": [{}]}}",
            values.join(",\n"),
            name(self.root),
            script.join(",\n")
        )
    }

    /// What was read is what was meant: each value, the order in which values are made, each statement.
    pub fn assert_means(&self, scenario: &Scenario) {
        let mut made = Vec::new();
        for &v in &self.order {
            self.make(v, &mut made);
        }
        assert_eq!(scenario.graph.len(), made.len());
        let id = |v: usize| ValueId::try_from(made.iter().position(|&m| m == v).unwrap()).unwrap();
        assert_eq!(scenario.root, id(self.root));
        for v in 0..made.len() {
            let (graph, at) = (&scenario.graph, id(v));
            assert_eq!(scenario.names.find(&name(v)), Some(at), "{}", name(v));
            match &self.values[v] {
                Made::Leaf(x) => {
                    let found = graph.number[at as usize];
                    assert!(graph.is_leaf(at) && (found.to_bits() == x.to_bits() || (found.is_nan() && x.is_nan())));
                }
                Made::Op(op, operands, exponent, _) => {
                    let wanted: Vec<ValueId> = operands.iter().map(|&v| id(v)).collect();
                    assert_eq!((graph.op_of(at).unwrap().name.as_str(), graph.operands_of(at)), (*op, &wanted[..]));
                    assert_eq!(graph.exponent_of(at), *exponent);
                }
            }
        }
        assert_eq!(scenario.script.len(), self.script.len());
        for (said, statement) in self.script.iter().zip(&*scenario.script) {
            assert_eq!(said.text(), *statement.source);
            said.assert_means(&statement.verb, id);
        }
    }

    /// Values are made in the order of the file, operands before what needs them.
    fn make(&self, v: usize, made: &mut Vec<usize>) {
        if made.contains(&v) {
            return;
        }
        if let Made::Op(_, operands, ..) = &self.values[v] {
            for &operand in operands {
                self.make(operand, made);
            }
        }
        made.push(v);
    }
}

impl Made {
    fn text(&self) -> String {
        match self {
            Self::Leaf(x) if x.is_finite() => json(*x),
            Self::Leaf(x) => format!("{{\"data\": {}}}", json(*x)),
            Self::Op(op, operands, exponent, true) => {
                let operands: Vec<String> = operands.iter().map(|&v| quoted(v)).collect();
                let formula = match (*op, operands.as_slice(), exponent) {
                    ("**", [a], Some(n)) => format!("{a}**{n:?}"),
                    ("neg", [a], _) => format!("-{a}"),
                    (op, [a, b], _) if "+-**/".contains(op) => format!("{a} {op} {b}"),
                    (op, [a], _) => format!("{a}.{op}()"),
                    (op, operands, _) => format!("{op}({})", operands.join(", ")),
                };
                format!("\"{formula}\"")
            }
            Self::Op(op, operands, exponent, false) => {
                let operands = operands.iter().map(|&v| format!("\"{}\"", name(v)));
                let args: Vec<String> = operands.chain(exponent.map(json)).collect();
                format!("{{\"op\": \"{op}\", \"args\": [{}]}}", args.join(", "))
            }
        }
    }
}

impl Said {
    fn text(&self) -> String {
        match self {
            Self::Backward(v) => format!("{}.backward()", quoted(*v)),
            Self::Call(v) => format!("{}._backward()", quoted(*v)),
            Self::ZeroGrad => "zero_grad()".into(),
            Self::Forward => "forward()".into(),
            Self::Assign(v, field, op, amount) => {
                format!("{}.{} {} {}", quoted(*v), field.name(), op.symbol(), amount.text())
            }
            Self::Assert(left, sign, right) => format!("assert {} {sign} {}", left.text(), right.text()),
        }
    }

    fn assert_means(&self, verb: &Verb<ValueId, stepgrad::formula::Program<Number>>, id: impl Fn(usize) -> ValueId) {
        match (self, verb) {
            (Self::Backward(v), Verb::Backward(found)) | (Self::Call(v), Verb::Call(found)) => {
                assert_eq!(*found, id(*v));
            }
            (Self::ZeroGrad, Verb::ZeroGrad) | (Self::Forward, Verb::Forward) => {}
            (Self::Assign(v, field, op, amount), Verb::Assign { value, field: found, op: sign, amount: program }) => {
                assert_eq!((id(*v), field, op), (*value, found, sign));
                assert_eq!(program.eval(0.0, |number| standing(*number)), amount.evaluated(id));
            }
            (Self::Assert(left, sign, right), Verb::Assert(program)) => {
                let (left, right) = (left.evaluated(&id), right.evaluated(&id));
                let holds = match *sign {
                    "<" => left < right,
                    ">=" => left >= right,
                    "!=" => left != right,
                    _ => left == right,
                };
                assert_eq!(program.eval(0.0, |number| standing(*number)) != 0.0, holds, "{}", self.text());
            }
            _ => panic!("{} was read as something else", self.text()),
        }
    }
}

/// A number for each number of each value, all different.
fn standing(number: Number) -> f64 {
    f64::from(number.value) * 1.25 + if number.field == Field::Grad { 100.0 } else { 0.5 }
}

impl Amount {
    fn text(&self) -> String {
        match self {
            Self::Of(x) => format!("{x:?}"),
            Self::Scaled(x, v, field) => format!("{x:?} * {}.{}", quoted(*v), field.name()),
            Self::Gap(a, field, b, other) => {
                format!("{}.{} - {}.{}", quoted(*a), field.name(), quoted(*b), other.name())
            }
        }
    }

    fn evaluated(&self, id: impl Fn(usize) -> ValueId) -> f64 {
        let number = |v: usize, field: Field| standing(Number { value: id(v), field });
        match self {
            Self::Of(x) => *x,
            Self::Scaled(x, v, field) => x * number(*v, *field),
            Self::Gap(a, field, b, other) => number(*a, *field) - number(*b, *other),
        }
    }
}
