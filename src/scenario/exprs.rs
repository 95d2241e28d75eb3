//! The `-e` of the command line: `b = a + a`, one value a line, and statements.

use super::Source;
use super::complaint::Complaint;
use super::written::{Form, Problem, Spot, Stand, Value, Written, wrong_name};
use crate::formula::quoted;

/// Reads lines of `name = formula`. A line that assigns no value is a statement of the script.
pub(super) fn parse(source: &Source) -> Result<Written, Complaint> {
    let mut written = Written::default();
    let mut at = 0;
    for line in source.text.split('\n') {
        read_line(&mut written, line, at).map_err(|problem| problem.complaint(source))?;
        at += line.len() + 1;
    }
    Ok(written)
}

fn read_line(written: &mut Written, line: &str, at: usize) -> Result<(), Problem> {
    let Some((name, formula)) = assignment(line) else {
        if let Some(name) = misnamed(line) {
            let start = at + line.len() - line.trim_start().len();
            let title = format!("`{name}` is no name that stands without backquotes");
            let spot = Spot::Bytes(start..start + name.len());
            return Err(Problem::whole(spot, title, "expected letters, digits and `_`, or backquotes around it"));
        }
        if !line.trim().is_empty() {
            let script = written.script.get_or_insert_default();
            script.strings.push(line);
            match &mut script.stand {
                Stand::Lines(starts) => starts.push(at),
                stand => *stand = Stand::Lines(vec![at]),
            }
        }
        return Ok(());
    };
    let id = written.names.intern(name);
    let start = at + line.find(name).unwrap_or(0);
    let spot = Spot::Bytes(start..start + name.len());
    if let Some((title, label)) = wrong_name(name) {
        return Err(Problem::whole(spot, title, label));
    }
    if !written.declare(id) {
        return Err(Problem::whole(spot, format!("there are two values called `{name}`"), "the second one"));
    }
    let form = match formula.parse::<f64>() {
        Ok(number) if number.is_finite() => Form::leaf(number),
        _ => {
            written.formula_starts.push(at + line.trim_end().len() - formula.len());
            written.add_formula(formula)
        }
    };
    written.values.push(Value { name: id, form });
    Ok(())
}

/// `name = formula`, and not `name.grad = ...` or `assert a == b`. A name that is no identifier is in backquotes.
fn assignment(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_end();
    let (name, rest) = match line.trim_start().strip_prefix('`') {
        Some(rest) => rest.split_once('`')?,
        None => line.trim_start().split_at(line.trim_start().find([' ', '=']).unwrap_or(0)),
    };
    let identifier = line.trim_start().starts_with('`') || quoted(name) == name;
    let formula = rest.trim_start().strip_prefix('=').filter(|formula| !formula.starts_with('='))?;
    (identifier && !name.is_empty()).then_some((name, formula.trim_start()))
}

/// What stands before the `=` of a line that would give a value if that were a name.
fn misnamed(line: &str) -> Option<&str> {
    let (name, formula) = line.split_once('=')?;
    let name = name.trim();
    let statement = formula.starts_with('=') || name.is_empty() || name.starts_with("assert");
    let no_name = ['.', '(', '`', '<', '>', '!', '+', '-', '*', '/', '#', ';'];
    (!statement && !name.contains(no_name)).then_some(name)
}
