use std::ops::{Deref, Range};

use super::function::{self, Function, function as find};
use super::show::show;
use super::{Binary, Dual, Expr, Name, Term, Trouble};

/// An expression with its names looked up, ready to be evaluated again and again.
///
/// Arithmetic is that of `f64`, an operation at a time, but for one thing: `x - y**2` is rounded once
/// ([`function::sub_square`]). So the notebook's `1 - t**2` keeps its digits where `t` is near 1.
///
/// `N` is what a name stands for: a number of a value in a statement, an operand in a rule.
#[derive(Clone)]
pub struct Program<N> {
    steps: Steps<N>,
}

/// Mostly there is only one: then they are kept in place, since a script may have a million statements.
#[derive(Clone)]
enum Steps<N> {
    One([Step<N>; 1]),
    More(Box<[Step<N>]>),
}

impl<N> From<Vec<Step<N>>> for Steps<N> {
    fn from(steps: Vec<Step<N>>) -> Self {
        steps.try_into().map_or_else(|steps: Vec<Step<N>>| Self::More(steps.into()), Self::One)
    }
}

impl<N> Deref for Steps<N> {
    type Target = [Step<N>];

    fn deref(&self) -> &[Step<N>] {
        match self {
            Self::One(step) => step,
            Self::More(steps) => steps,
        }
    }
}

#[derive(Clone)]
enum Step<N> {
    Number(f64),
    Name(N),
    Neg,
    Not,
    Binary(Binary),
    /// `x - y**2`, rounded once.
    SubSquare,
    Call(&'static Function),
}

/// Equal as Python's `math.isclose` has it: within `rel` of the larger, or within `abs_tol` near zero. With `rel`
/// zero it means exactly equal. NaN is equal to nothing.
pub fn close(a: f64, b: f64, rel: f64) -> bool {
    let abs_tol: f64 = if rel == 0.0 { 0.0 } else { 1e-12 };
    let gap = (a - b).abs();
    function::eq(a, b) == 1.0 || (gap.is_finite() && gap <= abs_tol.max(rel * a.abs().max(b.abs())))
}

impl<N> Program<N> {
    /// Looks up every name with `resolve`, which says what it means or makes the complaint.
    ///
    /// # Errors
    /// What `resolve` says, and calls of functions that are not there or take another number of arguments.
    pub fn new(
        expr: &Expr,
        mut resolve: impl FnMut(&Name, Range<usize>) -> Result<N, Trouble>,
    ) -> Result<Self, Trouble> {
        let mut step = |at: usize| {
            Ok(match &expr.nodes[at].term {
                Term::Number(number) => Step::Number(*number),
                Term::Name(name) => Step::Name(resolve(name, expr.nodes[at].span())?),
                Term::Neg => Step::Neg,
                Term::Not => Step::Not,
                Term::Binary(op) => Step::Binary(*op),
                Term::Call { function, args } => Step::Call(callee(expr, at, function, *args as usize)?),
            })
        };
        let mut steps = Vec::with_capacity(expr.nodes.len());
        for at in 0..expr.nodes.len() {
            let step = step(at)?;
            match (&step, steps.as_slice()) {
                (Step::Binary(Binary::Sub), [.., Step::Number(2.0), Step::Binary(Binary::Pow)]) => {
                    steps.truncate(steps.len() - 2);
                    steps.push(Step::SubSquare);
                }
                _ => steps.push(step),
            }
        }
        Ok(Self { steps: steps.into() })
    }

    /// Its value, where `number` says what each name stands for now. `==` is [`close`] within `rel`.
    pub fn eval(&self, rel: f64, mut number: impl FnMut(&N) -> f64) -> f64 {
        let mut stack: Vec<f64> = Vec::with_capacity(8);
        for step in &*self.steps {
            let value = match step {
                Step::Number(number) => *number,
                Step::Name(name) => number(name),
                Step::Neg => -pop(&mut stack),
                Step::Not => function::eq(pop(&mut stack), 0.0),
                Step::Binary(op) => {
                    let right = pop(&mut stack);
                    binary(*op, pop(&mut stack), right, rel)
                }
                Step::SubSquare => {
                    let right = pop(&mut stack);
                    function::sub_square(pop(&mut stack), right)
                }
                Step::Call(function) => {
                    let second = if function.args == 2 { pop(&mut stack) } else { 0.0 };
                    (function.call)(pop(&mut stack), second)
                }
            };
            stack.push(value);
        }
        pop(&mut stack)
    }

    /// Its text in the notebook's notation, with `name` in place of each name.
    pub fn show(&self, name: impl Fn(&N) -> String) -> String {
        let named = |n: &N| Term::Name(Name { text: name(n).into(), field: None });
        let terms = self.steps.iter().flat_map(|step| match step {
            Step::Number(number) => vec![Term::Number(*number)],
            Step::Name(n) => vec![named(n)],
            Step::Neg => vec![Term::Neg],
            Step::Not => vec![Term::Not],
            Step::Binary(op) => vec![Term::Binary(*op)],
            Step::SubSquare => vec![Term::Number(2.0), Term::Binary(Binary::Pow), Term::Binary(Binary::Sub)],
            Step::Call(Function { name, args, .. }) => {
                vec![Term::Call { function: (*name).into(), args: u32::from(*args == 2) + 1 }]
            }
        });
        show(terms, |name| name.text.to_string())
    }

    /// Its value and slope, where `number` says what each name is and how it moves. Comparisons and logic do not move.
    pub fn eval_dual(&self, mut number: impl FnMut(&N) -> Dual) -> Dual {
        let mut stack: Vec<Dual> = Vec::with_capacity(8);
        for step in &*self.steps {
            let mut pop = || stack.pop().expect("every operand stands before what uses it");
            let dual = match step {
                Step::Number(number) => Dual::constant(*number),
                Step::Name(name) => number(name),
                Step::Neg => -pop(),
                Step::Not => Dual::constant(function::eq(pop().value, 0.0)),
                Step::Binary(op) => {
                    let right = pop();
                    binary_dual(*op, pop(), right)
                }
                Step::SubSquare => {
                    let right = pop();
                    pop() - right * right
                }
                Step::Call(function) => {
                    let second = if function.args == 2 { pop() } else { Dual::constant(0.0) };
                    Dual::call(function, pop(), second)
                }
            };
            stack.push(dual);
        }
        stack.pop().expect("a program is not empty")
    }

    /// How many names, numbers and operators it has.
    pub fn size(&self) -> usize {
        self.steps.len()
    }

    /// The number that it is, where it is nothing else.
    pub fn as_number(&self) -> Option<f64> {
        if let [Step::Number(number)] = *self.steps { Some(number) } else { None }
    }

    /// Whether it would need brackets as a factor: a sum, or what binds less.
    pub fn is_sum(&self) -> bool {
        match self.steps.last() {
            Some(Step::Binary(op)) => op.binds() <= Binary::Add.binds(),
            Some(Step::SubSquare) => true,
            _ => false,
        }
    }

    /// `x` of `x * factor`; the whole where it has another shape, `None` where it is the factor alone.
    pub fn without(&self, factor: &N) -> Option<Self>
    where
        N: Clone + PartialEq,
    {
        match &*self.steps {
            [Step::Name(name)] if name == factor => None,
            [rest @ .., Step::Name(name), Step::Binary(Binary::Mul)] if name == factor => {
                Some(Self { steps: rest.to_vec().into() })
            }
            _ => Some(self.clone()),
        }
    }

    /// What each name in it stands for, in order, with repeats.
    pub fn names(&self) -> impl Iterator<Item = &N> {
        self.steps.iter().filter_map(|step| if let Step::Name(name) = step { Some(name) } else { None })
    }
}

fn pop(stack: &mut Vec<f64>) -> f64 {
    stack.pop().expect("every operand stands before what uses it")
}

fn callee(expr: &Expr, at: usize, name: &str, args: usize) -> Result<&'static Function, Trouble> {
    let span = expr.nodes[at].span();
    let Some(function) = find(name) else {
        let known: Vec<&str> = super::FUNCTIONS.iter().map(|function| function.name).collect();
        let message = format!("there is no function `{name}` here");
        return Err(Trouble::new(span, message, "not a function").help(format!("there are {}", known.join(", "))));
    };
    if function.args == args {
        return Ok(function);
    }
    let message =
        format!("`{name}` takes {} argument{}, not {args}", function.args, if function.args == 1 { "" } else { "s" });
    Err(Trouble::new(span, message, "called here"))
}

fn binary_dual(op: Binary, x: Dual, y: Dual) -> Dual {
    match op {
        Binary::Add => x + y,
        Binary::Sub => x - y,
        Binary::Mul => x * y,
        Binary::Div => x / y,
        Binary::Pow => x.powf(y),
        _ => Dual::constant(binary(op, x.value, y.value, 0.0)),
    }
}

fn binary(op: Binary, x: f64, y: f64, rel: f64) -> f64 {
    match op {
        Binary::Add => x + y,
        Binary::Sub => x - y,
        Binary::Mul => x * y,
        Binary::Div => x / y,
        Binary::Pow => function::pow(x, y),
        Binary::Eq => f64::from(close(x, y, rel)),
        Binary::Ne => f64::from(!close(x, y, rel)),
        Binary::Lt => function::lt(x, y),
        Binary::Le => f64::from(x <= y),
        Binary::Gt => function::gt(x, y),
        Binary::Ge => f64::from(x >= y),
        Binary::And => f64::from(x != 0.0 && y != 0.0),
        Binary::Or => f64::from(x != 0.0 || y != 0.0),
    }
}
