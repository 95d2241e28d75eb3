use std::ops::Range;

use super::meaning::no_value;
use super::value_names::ValueNames;
use super::written::{Problem, Texts};
use crate::engine::ValueId;
use crate::engine::plan::{Number, Script};
use crate::formula::{self, Expr, Name, Program, Statement, Trouble, Verb};

/// Looks up the names of the statements of a script.
pub(super) fn read(texts: &Texts, names: &ValueNames) -> Result<Script, Problem> {
    let mut script = Script::with_capacity(texts.strings.len());
    for (at, text) in texts.iter() {
        for statement in each(text, names) {
            let mut statement = statement.map_err(|trouble| Problem::part(texts.spot(at), trouble))?;
            // A million passes are one statement, a million times.
            if let Some(before) = script.last().filter(|before| before.source == statement.source) {
                statement.source = before.source.clone();
            }
            script.push(statement);
        }
    }
    Ok(script)
}

/// Statements as one would type them, their names looked up.
///
/// # Errors
/// What is wrong with the text, and where.
pub fn statements(text: &str, names: &ValueNames) -> Result<Script, Trouble> {
    each(text, names).collect()
}

fn each<'a>(
    text: &'a str,
    names: &'a ValueNames,
) -> impl Iterator<Item = Result<Statement<ValueId, Program<Number>>, Trouble>> + 'a {
    formula::script(text).map(move |statement| {
        let (statement, span) = statement?;
        resolve(statement, names).map_err(|trouble| in_statement(trouble, text, span))
    })
}

/// A place in a statement's expression is counted from the start of the whole text already. A trouble without a place
/// is about the value that the statement starts with.
fn in_statement(trouble: Trouble, text: &str, span: Range<usize>) -> Trouble {
    if !trouble.span.is_empty() {
        return trouble;
    }
    let statement = &text[span.clone()];
    let length = backquoted(statement).or_else(|| statement.find('.')).unwrap_or(statement.len());
    Trouble { span: span.start..span.start + length, ..trouble }
}

/// Bytes of the name in backquotes that a text begins with, its own backquotes doubled.
fn backquoted(text: &str) -> Option<usize> {
    let mut inside = text.strip_prefix('`')?.split('`');
    let mut length = 1 + inside.next()?.len() + 1;
    // Between the two of a pair nothing stands.
    while inside.next() == Some("") && length < text.len() {
        length += 1 + inside.next()?.len() + 1;
    }
    Some(length).filter(|&length| length <= text.len())
}

/// The statement, with values in place of their names.
///
/// # Errors
/// Which name is no value, and the nearest that is.
pub(super) fn resolve(
    statement: Statement,
    names: &ValueNames,
) -> Result<Statement<ValueId, Program<Number>>, Trouble> {
    let Statement { source, verb } = statement;
    let value = |name: &str, at: Range<usize>| names.find(name).ok_or_else(|| no_value(name, at, names));
    let own = |name: &str| value(name, 0..0);
    let verb = match verb {
        Verb::Backward(name) => Verb::Backward(own(&name)?),
        Verb::Call(name) => Verb::Call(own(&name)?),
        Verb::ZeroGrad => Verb::ZeroGrad,
        Verb::Forward => Verb::Forward,
        Verb::Assign { value: name, field, op, amount } => {
            Verb::Assign { value: own(&name)?, field, op, amount: program(&amount, names)? }
        }
        Verb::Assert(condition) => Verb::Assert(program(&condition, names)?),
    };
    Ok(Statement { source, verb })
}

/// An expression over the numbers of values: `abs(w1.grad)`.
///
/// # Errors
/// Which name is no value, or says neither `data` nor `grad`.
pub fn program(expr: &Expr, names: &ValueNames) -> Result<Program<Number>, Trouble> {
    Program::new(expr, |name, span| number(name, span, names))
}

/// The number that a name stands for: `x1.grad`.
///
/// # Errors
/// It is no value, or says neither `data` nor `grad`.
pub fn number(name: &Name, span: Range<usize>, names: &ValueNames) -> Result<Number, Trouble> {
    let value = names.find(&name.text).ok_or_else(|| no_value(&name.text, span.clone(), names))?;
    let field = name.field.ok_or_else(|| two_numbers(&name.text, span))?;
    Ok(Number { value, field })
}

/// Neither is said of a value.
pub fn two_numbers(name: &str, span: Range<usize>) -> Trouble {
    let message = format!("`{name}` has two numbers, its data and its grad");
    Trouble::new(span, message, "expected `.data` or `.grad` after it")
}
