//! A session as a scenario file.

use std::fmt::{self, Write as _};
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::{Origin, Scenario};
use crate::engine::ValueId;
use crate::engine::op::{Op, OpId};
use crate::formula::number::repr;

/// The scenario as JSON that reads back to the same run: as it was written where nothing has been edited and the text was
/// kept, else every value as an explicit node, under the name it has. What the file expects of the end need not be true of
/// an edited run: it is left out there.
pub fn text(scenario: &Scenario, origin: &Origin, edited: bool) -> String {
    if let Some(text) = origin.text().filter(|_| !edited) {
        return text.to_owned();
    }
    let mut text = String::new();
    write_fields(scenario, edited, &mut text).expect("a string takes everything");
    text
}

fn write_fields(scenario: &Scenario, edited: bool, out: &mut String) -> fmt::Result {
    out.write_str("{\n")?;
    for (field, text) in [("title", &scenario.title), ("about", &scenario.about)] {
        if let Some(text) = text {
            writeln!(out, "  \"{field}\": {},", quoted(text))?;
        }
    }
    out.write_str("  \"values\": {")?;
    rows(out, scenario.graph.ids(), |out, v| write_value(scenario, v, out))?;
    write!(out, "}},\n  \"root\": {},\n  \"script\": [", quoted(scenario.names.name(scenario.root)))?;
    rows(out, scenario.script.iter(), |out, statement| out.write_str(&quoted(&statement.source)))?;
    write!(out, "],\n  \"tolerance\": {:e}", scenario.tolerance)?;
    if let Some(ops) = ops(scenario) {
        write!(out, ",\n  \"ops\": {ops}")?;
    }
    if !edited {
        write_stated(scenario, out)?;
    }
    out.write_str("\n}\n")
}

/// What is written of each, on a line of its own.
fn rows<T>(
    out: &mut String,
    all: impl Iterator<Item = T>,
    mut write: impl FnMut(&mut String, T) -> fmt::Result,
) -> fmt::Result {
    for (at, each) in all.enumerate() {
        out.write_str(if at == 0 { "\n    " } else { ",\n    " })?;
        write(out, each)?;
    }
    out.write_str("\n  ")
}

/// What should come of the run.
fn write_stated(scenario: &Scenario, out: &mut String) -> fmt::Result {
    if !scenario.expect.is_empty() {
        out.write_str(",\n  \"expect\": {")?;
        rows(out, scenario.expect.iter(), |out, expected| {
            let number_of = format!("{}.{}", scenario.names.name(expected.value), expected.field.name());
            write!(out, "{}: {}", quoted(&number_of), number(expected.number))
        })?;
        out.write_str("}")?;
    }
    let Some(findings) = &scenario.findings else { return Ok(()) };
    let kinds: Vec<String> = findings.iter().map(|kind| quoted(kind.name())).collect();
    write!(out, ",\n  \"findings\": [{}]", kinds.join(", "))
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
    let rules = used.iter().map(|op| {
        let forward = quoted(&op.forward.show(|name| name.text().to_owned()));
        let lines: Vec<String> = op.lines.iter().map(|line| quoted(&line.source())).collect();
        format!("    {}: {{\"forward\": {forward}, \"backward\": [{}]}}", quoted(&op.name), lines.join(", "))
    });
    let rules: Vec<String> = rules.collect();
    (!rules.is_empty()).then(|| format!("{{\n{}\n  }}", rules.join(",\n")))
}

fn write_value(scenario: &Scenario, v: ValueId, out: &mut String) -> fmt::Result {
    let (graph, names) = (&scenario.graph, &scenario.names);
    write!(out, "{}: {{", quoted(names.name(v)))?;
    match graph.op_of(v) {
        None => write!(out, "\"data\": {}", number(graph.number[v as usize]))?,
        Some(op) => {
            let operands = graph.operands_of(v).iter().map(|&operand| quoted(names.name(operand)));
            let args: Vec<String> = operands.chain(graph.exponent_of(v).map(number)).collect();
            write!(out, "\"op\": {}, \"args\": [{}]", quoted(&op.name), args.join(", "))?;
        }
    }
    if let Some(label) = names.own_label(v).filter(|&label| label != names.name(v)) {
        write!(out, ", \"label\": {}", quoted(label))?;
    }
    out.write_str("}")
}

/// As JSON has it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A number as JSON has it, or the string for one that JSON lacks.
fn number(x: f64) -> String {
    if x.is_finite() { repr(x) } else { format!("\"{}\"", repr(x)) }
}

/// What the system says of a file, in a few words.
pub fn reason(error: &io::Error) -> String {
    error.to_string().split(" (os error").next().unwrap_or_default().to_lowercase()
}

/// Makes a text and writes it to a file, whole or not at all: beside the place first, then renamed over it. Where the path
/// is a link, the file that it leads to is written, and who may read a file that was there stays as it is.
///
/// # Errors
/// What the system says stands in the way; the old file is untouched then.
pub fn write(path: &Path, text: impl FnOnce() -> String) -> io::Result<()> {
    let _under_way = UnderWay::begin();
    let old = std::fs::metadata(path).ok();
    if old.as_ref().is_some_and(|old| !old.is_file()) {
        return Err(io::Error::other("there is something that is no file"));
    }
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let name = path.file_name().ok_or_else(|| io::Error::other("this names no file"))?;
    let beside = path.with_file_name(format!(".{}.{}.part", name.to_string_lossy(), std::process::id()));
    let text = text();
    let mut file = create(&beside)?;
    let written = old.map_or(Ok(()), |old| file.set_permissions(old.permissions()));
    let written = written.and_then(|()| file.write_all(text.as_bytes())).and_then(|()| file.sync_all());
    put_in_place(written, &beside, &path)
}

/// What is being saved. Global, because whatever ends the program is to leave nothing half written behind.
static SAVING: Mutex<Saving> = Mutex::new(Saving { under_way: 0, parts: Vec::new(), given_up: false });
static ENDED: Condvar = Condvar::new();

struct Saving {
    /// How many saves.
    under_way: usize,
    /// The files that are written beside their places.
    parts: Vec<PathBuf>,
    given_up: bool,
}

fn saving() -> MutexGuard<'static, Saving> {
    SAVING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Something is being saved as long as this lives.
struct UnderWay;

impl UnderWay {
    fn begin() -> Self {
        saving().under_way += 1;
        Self
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        saving().under_way -= 1;
        ENDED.notify_all();
    }
}

fn create(part: &Path) -> io::Result<File> {
    let mut saving = saving();
    if saving.given_up {
        return Err(given_up());
    }
    let file = File::create_new(part)?;
    saving.parts.push(part.to_owned());
    Ok(file)
}

fn put_in_place(written: io::Result<()>, part: &Path, path: &Path) -> io::Result<()> {
    // Held until it is renamed: nobody is to end the program in between.
    let mut saving = saving();
    let at = saving.parts.iter().position(|known| known == part).ok_or_else(given_up)?;
    saving.parts.swap_remove(at);
    let result = written.and_then(|()| std::fs::rename(part, path));
    if result.is_err() {
        let _ = std::fs::remove_file(part);
    }
    result
}

fn given_up() -> io::Error {
    io::Error::other("the program is about to end")
}

/// Whether something is being saved.
pub fn is_under_way() -> bool {
    saving().under_way > 0
}

/// Waits until nothing is being saved.
pub fn wait_for_end() {
    let _ended = ENDED.wait_while(saving(), |saving| saving.under_way > 0);
}

/// Nothing is saved from here on; the half of what was being written is removed.
pub fn give_up() {
    let mut saving = saving();
    saving.given_up = true;
    for part in saving.parts.drain(..) {
        let _ = std::fs::remove_file(part);
    }
}
