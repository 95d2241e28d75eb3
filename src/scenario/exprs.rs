//! The `-e` of the command line: `b = a + a`, one value a line, and statements.

use super::Source;
use super::complaint::Complaint;
use super::written::{Form, Problem, Spot, Text, Value, Written};

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
        if !line.trim().is_empty() {
            written.script.get_or_insert_default().push(Text { text: line.to_owned(), spot: Spot::Byte(at) });
        }
        return Ok(());
    };
    let id = written.names.intern(name);
    if !written.declare(id) {
        let start = at + line.find(name).unwrap_or(0);
        let spot = Spot::Bytes(start..start + name.len());
        return Err(Problem::whole(spot, format!("there are two values called `{name}`"), "the second one"));
    }
    let form = match formula.trim().parse::<f64>() {
        Ok(number) if number.is_finite() => Form::Leaf(number),
        _ => written.add_formula(formula, Spot::Byte(at + line.len() - formula.len())),
    };
    written.values.push(Value { name: id, form });
    Ok(())
}

/// `name = formula`, and not `name.grad = ...` or `assert a == b`.
fn assignment(line: &str) -> Option<(&str, &str)> {
    let (name, formula) = line.split_once('=')?;
    let name = name.trim();
    let name = name.strip_prefix('`').and_then(|name| name.strip_suffix('`')).unwrap_or(name);
    let value =
        !name.is_empty() && !name.contains(['.', '`', '+', '-', '*', '/', '(', ' ']) && !formula.starts_with('=');
    value.then_some((name, formula))
}
