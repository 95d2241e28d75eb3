//! `stepgrad check`: is every grad the slope it should be, and if not, what went wrong?

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;

use serde::Serialize;

use super::cli::{Common, Format};
use super::json::{Num, Seq};
use super::output::{self, json_line};
use super::waiting::Bar;
use super::{Failure, cli, load, verdict};
use crate::debugger::Debugger;
use crate::debugger::check::Check;
use crate::debugger::findings::Finding;

/// A reader who leaves early does not turn a fault into none: the exit status is that of the whole check.
pub fn run(check: &cli::Check, common: &Common) -> Result<ExitCode, Failure> {
    let (scenario, _) = load::scenario(&check.input, common)?;
    let debugger = Debugger::new(Arc::new(scenario));
    let mut bar = Bar::new("checking");
    let checked = debugger.check(|done, all| bar.show(done, all));
    drop(bar);
    let findings = debugger.findings();
    let differences = debugger.differences();
    let written = match check.format {
        Format::Json => {
            // The object is a contract and has no place for them.
            differences.lines().for_each(output::complain);
            json(&debugger, &checked)
        }
        Format::Text => verdict::text(&debugger, &checked, &differences),
    };
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ if differences.is_empty() => Ok(status(&checked, findings)),
        _ => Ok(ExitCode::FAILURE),
    }
}

fn status(checked: &Check, findings: &[Finding]) -> ExitCode {
    let fault = checked.values.iter().any(|value| !value.ok) || findings.iter().any(|finding| finding.kind.is_fault());
    if fault { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

#[derive(Serialize)]
struct Written<'a, V: Serialize, F: Serialize> {
    title: Option<&'a str>,
    values: V,
    findings: F,
    /// How many more faults there are, which are not listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<usize>,
    /// The first pass in which no faults were looked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    unsearched: Option<u32>,
}

#[derive(Serialize)]
struct WrittenValue<'a> {
    name: &'a str,
    grad: Num,
    numeric: Num,
    exact: Num,
    ok: bool,
}

#[derive(Serialize)]
struct WrittenFinding<'a> {
    kind: &'static str,
    fault: bool,
    step: u32,
    values: Vec<&'a str>,
    /// How many more values it is about, which are not listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<usize>,
    message: &'a str,
    cure: &'a str,
}

fn json(debugger: &Debugger, checked: &Check) -> io::Result<()> {
    let values = checked.values.iter().map(|checked| WrittenValue {
        name: debugger.name(checked.value),
        grad: Num(checked.grad),
        numeric: Num(checked.numeric),
        exact: Num(checked.exact),
        ok: checked.ok,
    });
    let found = debugger.found();
    let findings = found.told.iter().map(|finding| WrittenFinding {
        kind: finding.kind.name(),
        fault: finding.kind.is_fault(),
        step: finding.step,
        values: finding.values.iter().map(|&v| debugger.name(v)).collect(),
        more: (finding.more > 0).then_some(finding.more),
        message: &finding.message,
        cure: &finding.cure,
    });
    let title = debugger.scenario.title.as_deref();
    let mut out = output::raw();
    let (values, findings) = (Seq(|| values.clone()), Seq(|| findings.clone()));
    let more = (!found.more.is_empty()).then_some(found.more.len());
    json_line(&mut out, &Written { title, values, findings, more, unsearched: found.unsearched })?;
    out.flush()
}
