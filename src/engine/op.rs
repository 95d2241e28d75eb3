use super::ops::{Builtin, name_in_table};
use crate::formula::{Dual, Expr, Field, Name, Program, Trouble, condition, formula, rule_line};

/// The number of an op in [`super::Graph::ops`]: a built-in one, or one of the graph's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OpId(pub u16);

impl OpId {
    /// The op at a place of [`super::Graph::ops`].
    pub fn of(place: usize) -> Self {
        Self(u16::try_from(place).expect("a graph has fewer than 2^16 ops"))
    }

    /// A value made by no operation.
    pub const LEAF: Self = Self(u16::MAX);
}

/// An op: how it makes its number, and the lines of its `_backward`.
#[derive(Clone)]
pub struct Op {
    /// As formulas and files name it: `+`, `tanh`.
    pub name: String,
    /// How many values it is made of: 1 or 2.
    pub operands: usize,
    /// Whether it takes a number beside its operand: the exponent of `x**3`.
    pub exponent: bool,
    /// Whether its rules come from the scenario and not from the table.
    pub own: bool,
    /// The op of the table whose forward and amounts it has, whether its lines write with `+=` or with `=`: these are
    /// computed without looking at the rules' text.
    pub like: Option<Builtin>,
    pub forward: Rule,
    pub lines: Vec<Line>,
}

/// One line of a `_backward`: `self.grad += amount`.
#[derive(Clone)]
pub struct Line {
    /// Which operand's grad it writes: 0 for `self`, 1 for `other`.
    pub slot: usize,
    /// `+=` and not the notebook's old `=`.
    pub accumulate: bool,
    pub amount: Rule,
}

/// An expression of a rule: to be shown, and to be evaluated.
pub type Rule = Program<RuleName>;

/// What a name in a rule stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleName {
    SelfData,
    SelfGrad,
    OtherData,
    OtherGrad,
    OutData,
    OutGrad,
    /// `out.data`, as the notebook's `tanh` calls it: `t`.
    Result,
    Exponent,
}

/// The numbers that a rule may use, at one moment.
#[derive(Debug, Clone, Copy, Default)]
pub struct RuleInput {
    /// Data of `self` and `other`; the second is the exponent where the op has one.
    pub data: [f64; 2],
    pub grad: [f64; 2],
    pub out_data: f64,
    pub out_grad: f64,
}

impl RuleInput {
    /// What a rule makes of these numbers.
    pub fn eval(&self, rule: &Rule) -> f64 {
        rule.eval(0.0, |name| name.number(self))
    }
}

impl RuleName {
    /// What `self`, `self.data` and so on mean.
    pub fn find(object: &str, field: Option<Field>) -> Option<Self> {
        Some(match (object, field) {
            ("self" | "this", None | Some(Field::Data)) => Self::SelfData,
            ("self" | "this", Some(Field::Grad)) => Self::SelfGrad,
            ("other", None | Some(Field::Data)) => Self::OtherData,
            ("other", Some(Field::Grad)) => Self::OtherGrad,
            ("out", None | Some(Field::Data)) => Self::OutData,
            ("t", None) => Self::Result,
            ("out", Some(Field::Grad)) => Self::OutGrad,
            ("n", None) => Self::Exponent,
            _ => return None,
        })
    }

    /// As the notebook writes it.
    pub fn text(self) -> &'static str {
        match self {
            Self::SelfData => "self.data",
            Self::SelfGrad => "self.grad",
            Self::OtherData => "other.data",
            Self::OtherGrad => "other.grad",
            Self::OutData => "out.data",
            Self::OutGrad => "out.grad",
            Self::Result => "t",
            Self::Exponent => "n",
        }
    }

    pub fn number(self, input: &RuleInput) -> f64 {
        match self {
            Self::SelfData => input.data[0],
            Self::OtherData | Self::Exponent => input.data[1],
            Self::SelfGrad => input.grad[0],
            Self::OtherGrad => input.grad[1],
            Self::OutData | Self::Result => input.out_data,
            Self::OutGrad => input.out_grad,
        }
    }
}

/// Parses nothing: looks up the names of an expression of a rule.
fn rule(expr: &Expr, find: impl Fn(&Name) -> Option<RuleName>) -> Result<Rule, Trouble> {
    Rule::new(expr, |name, span| find(name).ok_or_else(|| unknown(name, span)))
}

impl Op {
    /// The slope of its forward by an operand, by dual numbers: what the lines that write that operand should add for a
    /// grad of 1. No rule of a `_backward` is asked.
    pub fn slope(&self, input: &RuleInput, slot: usize) -> f64 {
        let dual = |place: usize| {
            if place == slot { Dual::variable(input.data[place]) } else { Dual::constant(input.data[place]) }
        };
        let number = |name: &RuleName| match name {
            RuleName::SelfData => dual(0),
            RuleName::OtherData => dual(1),
            name => Dual::constant(name.number(input)),
        };
        self.forward.eval_dual(number).slope
    }

    /// What its lines add to the grad of an operand, by themselves.
    pub fn passes_on(&self, input: &RuleInput, slot: usize) -> f64 {
        let lines = self.lines.iter().filter(|line| line.slot == slot);
        lines.map(|line| input.eval(&line.amount) - line.kept(input)).sum()
    }
}

impl Line {
    /// As the notebook writes it: `self.grad += other.data * out.grad`.
    pub fn source(&self) -> String {
        format!("{} {} {}", self.target().text(), self.sign(), self.amount.show(|name| name.text().to_owned()))
    }

    /// What a line with `=` keeps of the grad that stands there: a rule may spell `+=` out, as
    /// `self.grad = self.grad + out.grad`. 0 for one that throws it away, and for one with `+=`.
    pub fn kept(&self, input: &RuleInput) -> f64 {
        let target = self.target();
        if self.accumulate || !self.amount.names().any(|name| *name == target) {
            return 0.0;
        }
        let with = |grad: f64| {
            let mut input = *input;
            input.grad[self.slot] = grad;
            input.eval(&self.amount)
        };
        let (none, one) = (with(0.0), with(1.0));
        if (one - none - 1.0).abs() <= 1e-9 * none.abs().max(1.0) { input.grad[self.slot] } else { 0.0 }
    }

    pub fn sign(&self) -> &'static str {
        if self.accumulate { "+=" } else { "=" }
    }

    pub fn target(&self) -> RuleName {
        if self.slot == 0 { RuleName::SelfGrad } else { RuleName::OtherGrad }
    }
}

impl Op {
    /// An entry of the table. Its text has been compiled by rustc, so it is known to be right.
    pub(super) fn of_table(like: Builtin, name: &str, operands: &[&str], data: &str, lines: &[(&str, &str)]) -> Self {
        let rule = |text: &str| {
            let expr = condition(text).expect("the text of a built-in rule parses");
            rule(&expr, |name| name_in_table(name, operands)).expect("the names of a built-in rule are known")
        };
        let lines = lines.iter().enumerate();
        let line = |(slot, (_, amount)): (usize, &(&str, &str))| Line { slot, accumulate: true, amount: rule(amount) };
        let exponent = operands.contains(&"n");
        let count = operands.len() - usize::from(exponent);
        Self {
            name: name.into(),
            operands: count,
            exponent,
            own: false,
            like: Some(like),
            forward: rule(data),
            lines: lines.map(line).collect(),
        }
    }

    /// An op by a scenario's own rules: `forward` over `self` and `other`, and the lines of its `_backward`.
    ///
    /// # Errors
    /// What is wrong, and with which of the texts: `None` for the forward, the number of the line otherwise.
    pub fn of_rules(name: &str, forward: &str, backward: &[String]) -> Result<Self, (Option<usize>, Trouble)> {
        let find = |name: &Name| RuleName::find(&name.text, name.field);
        let expr = formula_of_rule(forward).and_then(short).map_err(|trouble| (None, trouble))?;
        let forward = rule(&expr, find).map_err(|trouble| (None, trouble))?;
        let line = |(at, text): (usize, &String)| {
            let room = if at < MOST_LINES { Ok(()) } else { Err(too_many(text)) };
            room.and_then(|()| own_line(text)).map_err(|trouble| (Some(at), trouble))
        };
        let lines = backward.iter().enumerate().map(line).collect::<Result<Vec<Line>, _>>()?;
        let uses_other = forward.names().any(|name| *name == RuleName::OtherData);
        let operands = if uses_other || lines.iter().any(|line| line.slot == 1) { 2 } else { 1 };
        Ok(Self { name: name.into(), operands, exponent: false, own: true, like: None, forward, lines })
    }

    /// The same rules for a power whose exponent is a number: it has no grad, so no line writes it.
    #[must_use]
    pub fn with_exponent(&self) -> Self {
        let lines = self.lines.iter().filter(|line| line.slot == 0).cloned().collect();
        Self { operands: 1, exponent: true, lines, ..self.clone() }
    }

    /// Which of the table's ops it is, if it is one.
    pub fn is_builtin(id: OpId) -> bool {
        Builtin::from_id(id).is_some()
    }
}

/// How many lines a `_backward` may have, and how many names, numbers and operators a rule: each value that the op makes
/// runs all of them, and a screen shows them.
const MOST_LINES: usize = 100;
const LONGEST: usize = 1000;

fn too_many(text: &str) -> Trouble {
    let title = format!("a `_backward` has {MOST_LINES} lines at most");
    Trouble::new(0..text.len(), title, "one line too many")
}

fn short(expr: Expr) -> Result<Expr, Trouble> {
    match expr.nodes.last() {
        Some(whole) if expr.nodes.len() > LONGEST => {
            let title = format!("a rule has {LONGEST} names, numbers and operators at most");
            Err(Trouble::new(whole.span(), title, "this has more"))
        }
        _ => Ok(expr),
    }
}

/// A forward is a formula over `self` and `other`; `.data` may be written or left out.
fn formula_of_rule(text: &str) -> Result<Expr, Trouble> {
    let expr = formula(text).or_else(|trouble| condition(text).map_err(|_| trouble))?;
    let too_early = |name: &Name| matches!(RuleName::find(&name.text, None), Some(RuleName::OutData));
    let stranger = expr.names().find(|(name, _)| too_early(name) || name.field == Some(Field::Grad));
    if let Some((name, span)) = stranger {
        let what = if too_early(name) { "`out`, which it makes" } else { "a grad, which is computed later" };
        return Err(Trouble::new(span, format!("a forward cannot use {what}"), "expected `self` or `other`"));
    }
    Ok(expr)
}

fn own_line(text: &str) -> Result<Line, Trouble> {
    let (target, accumulate, amount) = rule_line(text)?;
    let slot = match RuleName::find(&target.text, target.field) {
        Some(RuleName::SelfGrad) => 0,
        Some(RuleName::OtherGrad) => 1,
        _ => {
            let span = 0..text.find(['+', '=']).unwrap_or(text.len());
            return Err(Trouble::new(
                span,
                "a line of a `_backward` writes the grad of an operand",
                "expected `self.grad` or `other.grad`",
            ));
        }
    };
    let amount = rule(&short(amount)?, |name| RuleName::find(&name.text, name.field))?;
    Ok(Line { slot, accumulate, amount })
}

fn unknown(name: &Name, span: std::ops::Range<usize>) -> Trouble {
    let help = "a rule knows self, other and out, their .data and .grad";
    Trouble::new(span, format!("`{}` means nothing in a rule", name.text), "not known here").help(help)
}
