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
        let [value] = self.eval_each(rel, |name| [number(name)]);
        value
    }

    /// Its values at several places at once, where `number` says what each name stands for at each: what it takes to find
    /// out what is to be done is shared by them.
    pub fn eval_each<const W: usize>(&self, rel: f64, mut number: impl FnMut(&N) -> [f64; W]) -> [f64; W] {
        let mut stack = Stack::of([0.0; W]);
        for step in &*self.steps {
            let value = match step {
                Step::Number(number) => [*number; W],
                Step::Name(name) => number(name),
                Step::Neg => stack.pop().map(|x| -x),
                Step::Not => stack.pop().map(|x| function::eq(x, 0.0)),
                Step::Binary(op) => {
                    let right = stack.pop();
                    binary_each(*op, stack.pop(), right, rel)
                }
                Step::SubSquare => {
                    let right = stack.pop();
                    pairs(stack.pop(), right, function::sub_square)
                }
                Step::Call(function) => {
                    let second = if function.args == 2 { stack.pop() } else { [0.0; W] };
                    pairs(stack.pop(), second, function.call)
                }
            };
            stack.push(value);
        }
        stack.pop()
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
        let mut stack = Stack::of(Dual::constant(0.0));
        for step in &*self.steps {
            let dual = match step {
                Step::Number(number) => Dual::constant(*number),
                Step::Name(name) => number(name),
                Step::Neg => -stack.pop(),
                Step::Not => Dual::constant(function::eq(stack.pop().value, 0.0)),
                Step::Binary(op) => {
                    let right = stack.pop();
                    binary_dual(*op, stack.pop(), right)
                }
                Step::SubSquare => {
                    let right = stack.pop();
                    stack.pop() - right * right
                }
                Step::Call(function) => {
                    let second = if function.args == 2 { stack.pop() } else { Dual::constant(0.0) };
                    Dual::call(function, stack.pop(), second)
                }
            };
            stack.push(dual);
        }
        stack.pop()
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

/// The numbers that wait for what uses them. Mostly there are few: these take no memory of their own, since a rule is
/// evaluated a million times between two keys.
struct Stack<T> {
    few: [T; 4],
    len: usize,
    more: Vec<T>,
}

impl<T: Copy> Stack<T> {
    /// An empty one; what it is of only says what fills the places.
    fn of(fill: T) -> Self {
        Self { few: [fill; 4], len: 0, more: Vec::new() }
    }

    #[inline]
    fn push(&mut self, number: T) {
        match self.few.get_mut(self.len) {
            Some(place) => *place = number,
            None => self.more.push(number),
        }
        self.len += 1;
    }

    #[inline]
    fn pop(&mut self) -> T {
        self.len = self.len.checked_sub(1).expect("every operand stands before what uses it");
        self.few.get(self.len).copied().or_else(|| self.more.pop()).expect("it was put there")
    }
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
    let [result] = binary_each(op, [x], [y], rel);
    result
}

fn binary_each<const W: usize>(op: Binary, x: [f64; W], y: [f64; W], rel: f64) -> [f64; W] {
    match op {
        Binary::Add => pairs(x, y, |x, y| x + y),
        Binary::Sub => pairs(x, y, |x, y| x - y),
        Binary::Mul => pairs(x, y, |x, y| x * y),
        Binary::Div => pairs(x, y, |x, y| x / y),
        Binary::Pow => pairs(x, y, function::pow),
        Binary::Eq => pairs(x, y, |x, y| f64::from(close(x, y, rel))),
        Binary::Ne => pairs(x, y, |x, y| f64::from(!close(x, y, rel))),
        Binary::Lt => pairs(x, y, function::lt),
        Binary::Le => pairs(x, y, |x, y| f64::from(x <= y)),
        Binary::Gt => pairs(x, y, function::gt),
        Binary::Ge => pairs(x, y, |x, y| f64::from(x >= y)),
        Binary::And => pairs(x, y, |x, y| f64::from(x != 0.0 && y != 0.0)),
        Binary::Or => pairs(x, y, |x, y| f64::from(x != 0.0 || y != 0.0)),
    }
}

#[inline]
fn pairs<const W: usize>(x: [f64; W], y: [f64; W], f: impl Fn(f64, f64) -> f64) -> [f64; W] {
    std::array::from_fn(|at| f(x[at], y[at]))
}
