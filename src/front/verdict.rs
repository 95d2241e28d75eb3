//! A check as people read it: a value a line, the wrong ones first, then what went wrong in the run.

use std::io::{self, Write};

use super::output::{self, BAD, BOLD, DIM, GOOD, Output, styled};
use super::show::{whole, width};
use crate::debugger::Debugger;
use crate::debugger::check::{Check, Checked, Note};
use crate::debugger::differences::Differences;
use crate::debugger::findings::{Finding, Found};
use crate::engine::{SegmentKind, ValueId};
use crate::formula::{number::repr, quoted};
use crate::scenario::cleaned;

const HEADINGS: [&str; 4] = ["name", "grad", "numeric", "exact"];
/// Longer names push their row out of line rather than every row apart.
const WIDEST: usize = 48;
/// More digits of what was measured are not shown, however sure it is of them.
const DIGITS: i32 = 12;

pub fn text(debugger: &Debugger, check: &Check, differences: &Differences) -> io::Result<()> {
    let mut out = output::text();
    if let Some(title) = &debugger.scenario.title {
        writeln!(out, "{}", styled(BOLD, cleaned(title)))?;
    }
    writeln!(out, "{}\n", heading(debugger, check))?;
    values(&mut out, debugger, check)?;
    let verdict = if is_idle(debugger, check) { NOTHING_RAN.to_owned() } else { verdict(check) };
    writeln!(out, "\n{verdict}")?;
    if let Some(moved) = check.sampled {
        let all = check.values.len();
        writeln!(
            out,
            "{}",
            styled(
                DIM,
                format!(
                    "{moved} of {all} values were moved to measure their slopes, evenly spread; by the others it is the product of the measured slopes of single ops"
                )
            )
        )?;
    }
    if check.skipped > 0 {
        let many = format!("the first passes were not looked at: they ran at {} other points", check.skipped);
        writeln!(out, "{}", styled(DIM, many))?;
    }
    findings(&mut out, debugger.found())?;
    for (at, line) in differences.lines().enumerate() {
        let gap = if at == 0 { "\n" } else { "" };
        writeln!(out, "{gap}{} {line}", styled(BAD, "✗"))?;
    }
    out.flush()
}

/// More roots than this are not named.
const ROOTS: usize = 10;

/// What the slopes are of, and when the grads were looked at.
fn heading(debugger: &Debugger, check: &Check) -> String {
    let mut roots: Vec<String> = check.roots.iter().take(ROOTS).map(|&root| shown(debugger, root)).collect();
    if check.roots.len() > ROOTS {
        roots.push(format!("{} more", check.roots.len() - ROOTS));
    }
    format!("slopes of {}; grads at step {} of {}", roots.join(", "), check.step, debugger.run.steps)
}

const NOTHING_RAN: &str = "no _backward() ran: there is no grad to check";

/// Whether no grad was computed at all: then none is wrong, and none was found right.
fn is_idle(debugger: &Debugger, check: &Check) -> bool {
    let ran = |kind: &SegmentKind| matches!(kind, SegmentKind::Backward(_) | SegmentKind::Call(_));
    let ran = debugger.run.segments.iter().any(|segment| ran(&segment.kind));
    !ran && check.values.iter().all(|checked| checked.grad == 0.0)
}

/// A name as statements write it, fit to show.
fn shown(debugger: &Debugger, v: ValueId) -> String {
    cleaned(&quoted(debugger.name(v))).into_owned()
}

fn values(out: &mut Output, debugger: &Debugger, check: &Check) -> io::Result<()> {
    let idle = is_idle(debugger, check);
    let mut sorted: Vec<&Checked> = check.values.iter().collect();
    sorted.sort_by_key(|checked| checked.ok);
    let rows: Vec<[String; 4]> = sorted.iter().map(|checked| row(debugger, checked)).collect();
    let widths = Widths::of(&rows);
    writeln!(out, "{}", styled(BOLD, format!("   {}", widths.line(&HEADINGS.map(String::from)))))?;
    for (checked, row) in sorted.into_iter().zip(&rows) {
        let (style, mark) = match checked.ok {
            _ if idle => (DIM, "·"),
            true => (GOOD, "✓"),
            false => (BAD, "✗"),
        };
        writeln!(out, "{}  {}", styled(style, mark), widths.line(row))?;
        if let Some(note) = checked.note {
            writeln!(out, "{}", styled(DIM, format!("     {}", sentence(checked, note))))?;
        }
    }
    Ok(())
}

fn row(debugger: &Debugger, checked: &Checked) -> [String; 4] {
    let numeric = trusted(checked.numeric, checked.error);
    [shown(debugger, checked.value), repr(checked.grad), repr(numeric), repr(checked.exact)]
}

fn sentence(checked: &Checked, note: Note) -> String {
    match note {
        Note::Kink { left, right } => {
            let [left, right] = [left, right].map(|side| repr(trusted(side, side.abs() * 1e-6)));
            let exact = repr(checked.exact);
            format!("a kink: the slope is {left} to the left and {right} to the right; it is taken to be {exact}")
        }
        Note::Differs => {
            "what is measured is not what the rules of differentiation give: a kink or a limit is near".into()
        }
    }
}

/// A number to the digits that its error leaves it.
fn trusted(x: f64, error: f64) -> f64 {
    let digits = (x / error).abs().log10();
    if !x.is_finite() || digits.is_nan() {
        return x;
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is from 0 to 11")]
    let digits = digits.clamp(1.0, f64::from(DIGITS)) as usize - 1;
    // What is not known to a single digit is not known to be other than 0.
    let rounded = if x.abs() <= error { 0.0 } else { format!("{x:.digits$e}").parse().unwrap_or(x) };
    rounded + 0.0
}

/// A grad that is NaN as the slope is agrees with it, and is nothing to call right.
fn verdict(check: &Check) -> String {
    let all = check.values.len();
    match check.values.iter().filter(|checked| !checked.ok).count() {
        0 if all == 1 => styled(GOOD, "the one grad agrees with the exact slope"),
        0 => styled(GOOD, format!("all {all} grads agree with the exact slopes")),
        1 => styled(BAD, format!("1 of {all} grads is wrong")),
        wrong => styled(BAD, format!("{wrong} of {all} grads are wrong")),
    }
}

fn findings(out: &mut Output, found: &Found) -> io::Result<()> {
    for finding in &found.told {
        write_finding(out, finding)?;
    }
    if !found.more.is_empty() {
        writeln!(out, "\n... and {} more", found.more.len())?;
    }
    match found.unsearched {
        Some(pass) => {
            let many = format!("pass {pass} and those after it were not searched: there are too many of them");
            writeln!(out, "\n{}", styled(DIM, many))
        }
        None => Ok(()),
    }
}

fn write_finding(out: &mut Output, finding: &Finding) -> io::Result<()> {
    let (style, what) = if finding.kind.is_fault() { (BAD, "") } else { (BOLD, " (no fault)") };
    writeln!(out, "\n{}, step {}{what}", styled(style, finding.kind.name()), finding.step)?;
    writeln!(out, "  {}", cleaned(&finding.message))?;
    writeln!(out, "  {}", cleaned(&finding.cure))
}

/// How wide each column is; of the numbers, what stands before the point, and what from there on.
struct Widths {
    name: usize,
    numbers: [[usize; 2]; 3],
}

impl Widths {
    fn of(rows: &[[String; 4]]) -> Self {
        let names = rows.iter().map(|row| width(&row[0])).filter(|&width| width <= WIDEST);
        let mut numbers = [[0; 2]; 3];
        for row in rows {
            for (widths, number) in numbers.iter_mut().zip(&row[1..]) {
                let whole = whole(number);
                *widths = [widths[0].max(whole), widths[1].max(number.len() - whole)];
            }
        }
        Self { name: names.max().unwrap_or(0).max(HEADINGS[0].len()), numbers }
    }

    /// Names to the left, numbers by their points, headings over the first digit.
    fn line(&self, row: &[String; 4]) -> String {
        let mut line = row[0].clone() + &" ".repeat(self.name.saturating_sub(width(&row[0])));
        for (at, (cell, [before, after])) in row[1..].iter().zip(self.numbers).enumerate() {
            let indent = if cell == HEADINGS[at + 1] { 0 } else { before.saturating_sub(whole(cell)) };
            let all = (before + after).max(HEADINGS[at + 1].len());
            let rest = all.saturating_sub(indent + cell.len());
            line.extend(["  ", &" ".repeat(indent), cell, &" ".repeat(rest)]);
        }
        line.truncate(line.trim_end().len());
        line
    }
}
