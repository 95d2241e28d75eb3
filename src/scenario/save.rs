//! A session as a scenario file.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;

use super::{Scenario, Source};
use crate::engine::ValueId;
use crate::engine::op::{Op, OpId};
use crate::formula::number::repr;

/// The scenario as JSON that reads back to the same run: the file as it was written where nothing has been edited, else
/// every value as an explicit node, under the name it has.
pub fn text(scenario: &Scenario, source: &Source, edited: bool) -> String {
    if !edited && !source.lines {
        return source.text.clone();
    }
    let mut fields = Vec::new();
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    if let Some(title) = &scenario.title {
        fields.push(format!("\"title\": {}", quoted(title)));
    }
    if let Some(about) = &scenario.about {
        fields.push(format!("\"about\": {}", quoted(about)));
    }
    fields.push(format!("\"values\": {{\n{}\n  }}", values(scenario)));
    fields.push(format!("\"root\": {}", quoted(scenario.names.name(scenario.root))));
    let statements: Vec<String> = scenario.script.iter().map(|statement| quoted(&statement.source)).collect();
    fields.push(format!("\"script\": [\n    {}\n  ]", statements.join(",\n    ")));
    let _ = write_tolerance(scenario, &mut fields);
    if let Some(ops) = ops(scenario) {
        fields.push(format!("\"ops\": {ops}"));
    }
    format!("{{\n  {}\n}}\n", fields.join(",\n  "))
}

fn write_tolerance(scenario: &Scenario, fields: &mut Vec<String>) -> std::fmt::Result {
    let mut text = String::new();
    write!(text, "\"tolerance\": {:e}", scenario.tolerance)?;
    fields.push(text);
    Ok(())
}

/// The rules of the scenario's own that its graph uses; of a power the one for two values, which serves numeric exponents
/// as well.
fn ops(scenario: &Scenario) -> Option<String> {
    let graph = &scenario.graph;
    let mut used: Vec<&Op> = Vec::new();
    for (place, op) in graph.ops.iter().enumerate().filter(|(_, op)| op.own) {
        if graph.op.contains(&OpId::of(place)) {
            match used.iter_mut().find(|other| other.name == op.name) {
                Some(other) if other.operands < op.operands => *other = op,
                Some(_) => {}
                None => used.push(op),
            }
        }
    }
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let rules = used.iter().map(|op| {
        let forward = quoted(&op.forward.show(|name| name.text().to_owned()));
        let lines: Vec<String> = op.lines.iter().map(|line| quoted(&line.source())).collect();
        format!("    {}: {{\"forward\": {forward}, \"backward\": [{}]}}", quoted(&op.name), lines.join(", "))
    });
    let rules: Vec<String> = rules.collect();
    (!rules.is_empty()).then(|| format!("{{\n{}\n  }}", rules.join(",\n")))
}

fn values(scenario: &Scenario) -> String {
    let lines: Vec<String> = scenario.graph.ids().map(|v| value(scenario, v)).collect();
    lines.join(",\n")
}

fn value(scenario: &Scenario, v: ValueId) -> String {
    let (graph, names) = (&scenario.graph, &scenario.names);
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let (name, label) = (quoted(names.name(v)), names.label(v));
    let label = if label == names.name(v) { String::new() } else { format!(", \"label\": {}", quoted(label)) };
    match graph.op_of(v) {
        None => format!("    {name}: {{\"data\": {}{label}}}", number(graph.number[v as usize])),
        Some(op) => {
            let operands = graph.operands_of(v).iter().map(|&operand| quoted(names.name(operand)));
            let args: Vec<String> = operands.chain(graph.exponent_of(v).map(number)).collect();
            format!("    {name}: {{\"op\": {}, \"args\": [{}]{label}}}", quoted(&op.name), args.join(", "))
        }
    }
}

/// A number as JSON has it, or the string for one that JSON lacks.
fn number(x: f64) -> String {
    if x.is_finite() { repr(x) } else { format!("\"{}\"", repr(x)) }
}

/// What the system says of a file, in a few words.
pub fn reason(error: &io::Error) -> String {
    error.to_string().split(" (os error").next().unwrap_or_default().to_lowercase()
}

/// Writes a file whole or not at all: beside the place first, then renamed over it. Where the path is a link, the file
/// that it leads to is written, and who may read a file that was there stays as it is.
///
/// # Errors
/// What the system says stands in the way; the old file is untouched then.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    let old = std::fs::metadata(path).ok();
    if old.as_ref().is_some_and(|old| !old.is_file()) {
        return Err(io::Error::other("there is something that is no file"));
    }
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let name = path.file_name().ok_or_else(|| io::Error::other("this names no file"))?;
    let beside = path.with_file_name(format!(".{}.{}.part", name.to_string_lossy(), std::process::id()));
    let written = std::fs::File::create_new(&beside).and_then(|mut file| {
        old.map_or(Ok(()), |old| file.set_permissions(old.permissions()))?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let result = written.and_then(|()| std::fs::rename(&beside, &path));
    if result.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    result
}
