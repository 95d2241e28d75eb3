use std::ops::Range;
use std::sync::Arc;

use super::lexer::Token;
use super::parse::Parser;
use super::{Expr, Field, Trouble};

/// A statement of a script, as one would type it in the notebook.
///
/// `V` is what stands for a value (its name, until the scenario has looked it up), `E` for an expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement<V = String, E = Expr> {
    /// Its own text, trimmed; shared, since scripts repeat themselves.
    pub source: Arc<str>,
    pub verb: Verb<V, E>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Verb<V, E> {
    /// `o.backward()`: `build_topo`, seed, and every `_backward` in reversed order.
    Backward(V),
    /// `n._backward()`: that one, now.
    Call(V),
    /// `zero_grad()`: every grad becomes 0.
    ZeroGrad,
    /// `forward()`: every op is computed again.
    Forward,
    /// `x1.data = 3.0`, `w.data += -0.05 * w.grad`.
    Assign { value: V, field: Field, op: AssignOp, amount: E },
    /// `assert x1.grad == -1.5`.
    Assert(E),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssignOp {
    Set,
    Add,
    Sub,
    Mul,
    Div,
}

impl AssignOp {
    const TABLE: [(Self, &'static str); 5] =
        [(Self::Set, "="), (Self::Add, "+="), (Self::Sub, "-="), (Self::Mul, "*="), (Self::Div, "/=")];

    /// What Python leaves in the variable.
    pub fn apply(self, before: f64, amount: f64) -> f64 {
        match self {
            Self::Set => amount,
            Self::Add => before + amount,
            Self::Sub => before - amount,
            Self::Mul => before * amount,
            Self::Div => before / amount,
        }
    }

    pub fn symbol(self) -> &'static str {
        Self::TABLE.iter().find(|row| row.0 == self).expect("the table lists every operator").1
    }
}

/// Parses the statements of a script, one after the other: one a line, or several between `;`. Nothing is to be made of
/// what comes after an error.
///
/// # Errors
/// Says where the text stops being statements, and what was expected there.
pub fn script(text: &str) -> impl Iterator<Item = Result<(Statement, Range<usize>), Trouble>> {
    let mut parser = Parser::new(text);
    std::iter::from_fn(move || {
        while parser.peek().token == Token::Break {
            parser.next();
        }
        (parser.peek().token != Token::End).then(|| statement(text, &mut parser))
    })
}

fn statement(text: &str, parser: &mut Parser) -> Result<(Statement, Range<usize>), Trouble> {
    let start = parser.peek().span.start;
    let verb = verb(parser)?;
    let span = start..parser.taken_to();
    if !matches!(parser.peek().token, Token::Break | Token::End) {
        return Err(parser.expected("an operator, or the end of the statement"));
    }
    Ok((Statement { source: text[span.clone()].into(), verb }, span))
}

/// Parses a condition: `abs(w1.grad) > 10`, `isnan(grad)`.
///
/// # Errors
/// Says where the text stops being one, and what was expected there.
pub fn condition(text: &str) -> Result<Expr, Trouble> {
    let mut parser = Parser::new(text);
    let expr = parser.expression()?;
    parser.end("an operator, or the end of the expression")?;
    Ok(expr)
}

fn verb(parser: &mut Parser) -> Result<Verb<String, Expr>, Trouble> {
    if parser.skip("assert") {
        return Ok(Verb::Assert(parser.expression()?));
    }
    let span = parser.peek().span.clone();
    let Token::Name(name) = parser.peek().token.clone() else {
        return Err(parser.expected("a statement, such as `o.backward()`"));
    };
    parser.next();
    if parser.skip("(") {
        let verb = match name.as_str() {
            "zero_grad" => Verb::ZeroGrad,
            "forward" => Verb::Forward,
            _ => {
                let title = format!("there is no statement `{name}()`");
                return Err(Trouble::new(span, title, "expected `zero_grad()` or `forward()`"));
            }
        };
        return parser.sign(")").map(|()| verb);
    }
    parser.sign(".").map_err(|_| parser.expected("`.backward()`, `._backward()`, `.grad = ...` or `.data = ...`"))?;
    of_value(parser, name)
}

/// What follows the dot after the name of a value.
fn of_value(parser: &mut Parser, value: String) -> Result<Verb<String, Expr>, Trouble> {
    let span = parser.peek().span.clone();
    let word = match parser.next().token {
        Token::Name(word) => word,
        _ => String::new(),
    };
    let unknown = || {
        let help = "a value has `.backward()`, `._backward()`, `.grad` and `.data`";
        Trouble::new(span.clone(), format!("a value has no `{word}`"), "expected one of these").help(help)
    };
    if let Some(field) = Field::from_name(&word) {
        return assignment(parser, value, field);
    }
    match word.as_str() {
        "backward" | "_backward" => {
            parser.sign("(")?;
            parser.sign(")")?;
            Ok(if word == "backward" { Verb::Backward(value) } else { Verb::Call(value) })
        }
        _ => Err(unknown()),
    }
}

fn assignment(parser: &mut Parser, value: String, field: Field) -> Result<Verb<String, Expr>, Trouble> {
    let op = AssignOp::TABLE.iter().find(|(_, symbol)| parser.skip(symbol));
    let Some(&(op, _)) = op else { return Err(parser.expected("`=`, `+=`, `-=`, `*=` or `/=`")) };
    let amount = parser.expression()?;
    Ok(Verb::Assign { value, field, op, amount })
}
