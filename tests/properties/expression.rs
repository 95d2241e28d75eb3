//! Random expressions: written as Python would be, parsed, evaluated, shown, parsed again.

use std::rc::Rc;

use proptest::prelude::*;
use proptest::sample::select;
use stepgrad::formula::{Binary, Expr, Name, Program, Term, condition, formula};

use crate::reference::same;

/// An expression over `a`, `b`, `c`.
#[derive(Debug, Clone)]
pub enum Tree {
    Number(f64),
    Name(usize),
    Neg(Rc<Tree>),
    Not(Rc<Tree>),
    Binary(&'static str, Rc<Tree>, Rc<Tree>),
    Call(&'static str, Rc<Tree>),
    /// `max(x, y)`.
    Pair(&'static str, Rc<Tree>, Rc<Tree>),
    /// Brackets that need not be there.
    Brackets(Rc<Tree>),
}

const NAMES: [&str; 3] = ["a", "b.data", "`c d`.grad"];
const CALLS: [&str; 10] = ["exp", "log", "tanh", "sigmoid", "relu", "sin", "cos", "sqrt", "abs", "sign"];

pub fn any() -> impl Strategy<Value = Tree> {
    let number = prop_oneof![0.0..10.0, select(&[0.0, 1.0, 2.0, 3.0, 0.5, 1e-7, 1e20, 5e-324, 1.5e300][..])];
    let leaf = prop_oneof![number.prop_map(Tree::Number), (0..NAMES.len()).prop_map(Tree::Name)];
    leaf.prop_recursive(6, 40, 3, |inner| {
        let inner = inner.prop_map(Rc::new);
        let binary = select(&["+", "-", "*", "/", "**", "+", "-", "*", "<", "<=", ">", ">=", "and", "or"][..]);
        let pair = select(&["max", "min"][..]);
        // The square that is taken from something is rounded once, so it is tried often.
        let square = Rc::new(Tree::Number(2.0));
        prop_oneof![
            6 => (binary, inner.clone(), inner.clone()).prop_map(|(op, x, y)| Tree::Binary(op, x, y)),
            1 => inner.clone().prop_map(Tree::Neg),
            1 => inner.clone().prop_map(Tree::Not),
            1 => (select(&CALLS[..]), inner.clone()).prop_map(|(f, x)| Tree::Call(f, x)),
            1 => (pair, inner.clone(), inner.clone()).prop_map(|(f, x, y)| Tree::Pair(f, x, y)),
            1 => inner.clone().prop_map(Tree::Brackets),
            1 => (inner.clone(), inner).prop_map(move |(x, y)| {
                Tree::Binary("-", x, Rc::new(Tree::Binary("**", y, square.clone())))
            }),
        ]
    })
}

/// What the names stand for.
pub fn numbers() -> impl Strategy<Value = [f64; 3]> {
    let number = prop_oneof![
        4 => -5.0..5.0,
        1 => proptest::num::f64::ANY,
        1 => select(&[0.0, -0.0, 1.0, f64::INFINITY, f64::NAN][..]),
    ];
    [number.clone(), number.clone(), number]
}

/// How tightly Python binds an operator.
fn binds(op: &str) -> u8 {
    match op {
        "or" => 1,
        "and" => 2,
        "<" | "<=" | ">" | ">=" => 4,
        "+" | "-" => 5,
        "*" | "/" => 6,
        _ => 8,
    }
}

impl Tree {
    /// Its text, in brackets where something that binds tighter than `floor` is wanted.
    fn text(&self, floor: u8) -> String {
        let (text, own) = match self {
            Self::Number(x) => (format!("{x:?}"), 9),
            Self::Name(name) => (NAMES[*name].into(), 9),
            Self::Neg(x) => (format!("-{}", x.text(7)), 7),
            Self::Not(x) => (format!("not {}", x.text(3)), 3),
            Self::Binary("**", x, y) => (format!("{}**{}", x.text(9), y.text(7)), 8),
            Self::Binary(op, x, y) => {
                let own = binds(op);
                let left = if own == 4 { own + 1 } else { own };
                (format!("{} {op} {}", x.text(left), y.text(own + 1)), own)
            }
            Self::Call(function, x) if matches!(**x, Self::Brackets(_)) => (format!("{}.{function}()", x.text(9)), 9),
            Self::Call(function, x) => (format!("{function}({})", x.text(0)), 9),
            Self::Pair(function, x, y) => (format!("{function}({}, {})", x.text(0), y.text(0)), 9),
            Self::Brackets(x) => (format!("( {} )", x.text(0)), 9),
        };
        if own < floor { format!("({text})") } else { text }
    }

    /// Whether it is the number 2, as somebody would write a square.
    fn is_two(&self) -> bool {
        match self {
            Self::Number(x) => *x == 2.0,
            Self::Brackets(x) => x.is_two(),
            _ => false,
        }
    }

    /// A square, and what is squared.
    fn squared(&self) -> Option<&Self> {
        match self {
            Self::Binary("**", x, n) if n.is_two() => Some(x),
            Self::Brackets(x) => x.squared(),
            _ => None,
        }
    }

    fn value(&self, names: &[f64; 3]) -> f64 {
        let truth = |holds: bool| if holds { 1.0 } else { 0.0 };
        match self {
            Self::Number(x) => *x,
            Self::Name(name) => names[*name],
            Self::Neg(x) => -x.value(names),
            Self::Not(x) => truth(x.value(names) == 0.0),
            Self::Brackets(x) => x.value(names),
            Self::Call(function, x) => called(function, x.value(names)),
            Self::Pair(function, x, y) => pair(function, x.value(names), y.value(names)),
            Self::Binary("-", x, y) if y.squared().is_some() => {
                let root = y.squared().unwrap().value(names);
                (-root).mul_add(root, x.value(names))
            }
            Self::Binary(op, x, y) => {
                let (x, y) = (x.value(names), y.value(names));
                match *op {
                    "+" => x + y,
                    "-" => x - y,
                    "*" => x * y,
                    "/" => x / y,
                    "**" if y == 2.0 => x * x,
                    "**" => x.powf(y),
                    "<" => truth(x < y),
                    "<=" => truth(x <= y),
                    ">" => truth(x > y),
                    ">=" => truth(x >= y),
                    "and" => truth(x != 0.0 && y != 0.0),
                    _ => truth(x != 0.0 || y != 0.0),
                }
            }
        }
    }
}

fn called(function: &str, x: f64) -> f64 {
    match function {
        "exp" => x.exp(),
        "log" => x.ln(),
        "tanh" => x.tanh(),
        "sigmoid" => 1.0 / (1.0 + (-x).exp()),
        "relu" if x < 0.0 => 0.0,
        "relu" => x,
        "sin" => x.sin(),
        "cos" => x.cos(),
        "sqrt" => x.sqrt(),
        "abs" => x.abs(),
        _ if x > 0.0 => 1.0,
        _ if x < 0.0 => -1.0,
        _ => 0.0,
    }
}

fn pair(function: &str, x: f64, y: f64) -> f64 {
    match function {
        _ if x.is_nan() || y.is_nan() => f64::NAN,
        "max" if x >= y => x,
        "min" if x <= y => x,
        _ => y,
    }
}

/// How a name is written, so that a text can be made of a parsed one.
fn written(name: &Name) -> String {
    let place = ["a", "b", "c d"].iter().position(|known| *known == &*name.text).expect("one of ours");
    NAMES[place].into()
}

fn evaluated(expr: &Expr, names: &[f64; 3]) -> f64 {
    let place = |name: &Name| NAMES.iter().position(|known| *known == written(name)).expect("one of ours");
    Program::new(expr, |name, _| Ok(place(name))).unwrap().eval(0.0, |place| names[*place])
}

/// Operands stand before what is made of them, each part in one piece.
fn stands_in_order(expr: &Expr) {
    let mut parts: Vec<(usize, usize)> = Vec::new();
    for (at, node) in expr.nodes.iter().enumerate() {
        let count = match &node.term {
            Term::Number(_) | Term::Name(_) => 0,
            Term::Neg | Term::Not => 1,
            Term::Binary(_) => 2,
            Term::Call { args, .. } => *args as usize,
        };
        let operands = parts.split_off(parts.len() - count);
        let size = 1 + operands.iter().map(|(_, size)| size).sum::<usize>();
        assert_eq!(node.size as usize, size, "{node:?} in {expr:?}");
        assert!(expr.operands(at).into_iter().eq(operands.into_iter().map(|(at, _)| at)), "{node:?} in {expr:?}");
        parts.push((at, size));
    }
    assert_eq!(parts, [(expr.nodes.len() - 1, expr.nodes.len())]);
}

pub fn check(tree: &Tree, names: &[f64; 3]) {
    let text = tree.text(0);
    let parsed = condition(&text).unwrap_or_else(|trouble| panic!("{text}: {trouble:?}"));
    let (found, wanted) = (evaluated(&parsed, names), tree.value(names));
    assert!(same(found, wanted), "{text} of {names:?} is {found}, not {wanted}");
    let shown = parsed.show(written);
    let again = condition(&shown).unwrap_or_else(|trouble| panic!("{text} is shown as {shown}: {trouble:?}"));
    let found = evaluated(&again, names);
    assert!(same(found, wanted), "{text} is shown as {shown}, which is {found}, not {wanted}");
    assert_eq!(again.show(written), shown, "{text}");
    stands_in_order(&parsed);
    // What a formula may hold is parsed alike by those who want formulas.
    let logic = parsed.nodes.iter().any(|node| match &node.term {
        Term::Binary(op) => !Binary::is_arithmetic(*op),
        Term::Not => true,
        Term::Name(name) => name.field.is_some(),
        _ => false,
    });
    assert_eq!(formula(&text).ok(), (!logic).then_some(parsed), "{text}");
}

/// A factor is taken from the end of a product, where it is that.
#[test]
fn a_last_factor_is_taken_out() {
    let without = |text: &str| {
        let program = Program::new(&formula(text).unwrap(), |name, _| Ok(name.text.to_string())).unwrap();
        program.without(&"g".to_owned()).map(|rest| rest.show(String::clone))
    };
    for (text, wanted) in
        [("x * g", "x"), ("y * x * g", "y * x"), ("g * x", "g * x"), ("x + g", "x + g"), ("y * x", "y * x"), ("x", "x")]
    {
        assert_eq!(without(text).as_deref(), Some(wanted), "{text}");
    }
    assert_eq!(without("g"), None);
}

/// One sign before a number is part of it, as in Python; another is an op.
#[test]
fn one_sign_belongs_to_a_number() {
    let size = |text: &str| formula(text).unwrap().nodes.len();
    assert_eq!(["2", "-2", "--2", "---2", "-x", "--x", "-0.0"].map(size), [1, 1, 2, 3, 2, 3, 1]);
}
