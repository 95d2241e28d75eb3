//! `stepgrad show`: every value at a step.

use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::Arc;

use serde::Serialize;

use super::Failure;
use super::cli::{Common, Show, ShowFormat};
use super::json::{Num, OperandNames, Seq};
use super::output::{self, BOLD, styled};
use super::{export, load, output::json_line, waiting};
use crate::debugger::Debugger;
use crate::engine::topo::build_topo;
use crate::engine::{Phase, Run, ValueId};
use crate::formula::{number::repr, quoted};
use crate::scenario::{Scenario, Stage, cleaned};

pub fn run(show: &Show, common: &Common) -> Result<(), Failure> {
    let (scenario, _) = load::scenario(&show.input, common)?;
    let run = scenario.run();
    let step = load::step(show.at.at, &run)?;
    Ok(match show.format {
        ShowFormat::Json => json(&scenario, &run, step),
        ShowFormat::Text => text(&scenario, &run, step),
        ShowFormat::Dot => drawn(scenario, step, export::dot),
        ShowFormat::Mermaid => drawn(scenario, step, export::mermaid),
        ShowFormat::Svg => drawn(scenario, step, export::svg),
    }?)
}

/// The graph at a step.
fn drawn(scenario: Scenario, step: u32, draw: fn(&Debugger) -> String) -> io::Result<()> {
    let mut debugger = Debugger::new(Arc::new(scenario));
    debugger.go_to(step);
    let name = debugger.name(debugger.scenario.root);
    let text = waiting::on_stderr(name, |progress| {
        progress.begin(Stage::Drawing, 0);
        draw(&debugger)
    });
    let mut out = output::raw();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// The phase of the event that led to a step.
fn phase(run: &Run, step: u32) -> Phase {
    step.checked_sub(1).map_or(Phase::Forward, |event| run.segments[run.segment_of(event)].phase())
}

/// The order of the pass that a step belongs to, or of the last before it; before the first, that of the first.
fn topo(scenario: &Scenario, run: &Run, step: u32) -> Vec<ValueId> {
    let here = step.checked_sub(1).map_or(0, |event| run.segment_of(event));
    let before = (0..=here).rev().find_map(|at| run.order_of(at));
    let order = before.or_else(|| (here..run.segments.len()).find_map(|at| run.order_of(at)));
    order.map_or_else(|| build_topo(&run.graph, scenario.root), |order| order.topo.clone())
}

#[derive(Serialize)]
struct Shown<'a, T: Serialize, V: Serialize> {
    title: Option<&'a str>,
    root: &'a str,
    step: u32,
    steps: u32,
    phase: &'static str,
    topo: T,
    values: V,
}

#[derive(Serialize)]
struct ShownValue<'a> {
    name: &'a str,
    label: &'a str,
    op: Option<&'a str>,
    args: OperandNames<'a>,
    data: Option<Num>,
    grad: Num,
}

fn json(scenario: &Scenario, run: &Run, step: u32) -> io::Result<()> {
    let (graph, names) = (&*run.graph, &*scenario.names);
    let topo = topo(scenario, run, step);
    let value = |v| ShownValue {
        name: names.name(v),
        label: names.label(v),
        op: graph.op_of(v).map(|op| op.name.as_str()),
        args: OperandNames { graph, names, of: v },
        data: run.data(v, step).map(Num),
        grad: Num(run.grad(v, step)),
    };
    let shown = Shown {
        title: scenario.title.as_deref(),
        root: names.name(scenario.root),
        step,
        steps: run.steps,
        phase: phase(run, step).name(),
        topo: Seq(|| topo.iter().map(|&v| names.name(v))),
        values: Seq(|| waiting::written(graph.ids(), graph.len()).map(value)),
    };
    let mut out = output::raw();
    json_line(&mut out, &shown)?;
    out.flush()
}

/// The cells of a row: place in the order, name, label, op, data, grad.
type Row<'a> = [Cow<'a, str>; 6];

const HEADINGS: [&str; 6] = ["order", "name", "label", "op", "data", "grad"];
/// Longer cells push their row out of line rather than every row apart.
const WIDEST: usize = 48;

fn text(scenario: &Scenario, run: &Run, step: u32) -> io::Result<()> {
    let mut out = output::text();
    let places = places(run, &topo(scenario, run, step));
    let row = |v| row(scenario, run, step, v, places[v as usize]);
    let values = || waiting::written(run.graph.ids(), run.graph.len());
    let widths = values().fold(Widths::default(), |widths, v| widths.with(&row(v)));
    if let Some(title) = &scenario.title {
        writeln!(out, "{}", styled(BOLD, cleaned(title)))?;
    }
    let root = cleaned(&quoted(scenario.names.name(scenario.root))).into_owned();
    writeln!(out, "step {step} of {}, {}; root {root}", run.steps, phase(run, step).name())?;
    writeln!(out, "\n{}", styled(BOLD, widths.line(&HEADINGS.map(Cow::Borrowed))))?;
    for v in values() {
        writeln!(out, "{}", widths.line(&row(v)))?;
    }
    out.flush()
}

/// The place of each value in the order, from 1; 0 for those that are not in it.
fn places(run: &Run, topo: &[ValueId]) -> Vec<u32> {
    let mut places = vec![0; run.graph.len()];
    for (&v, place) in topo.iter().zip(1..) {
        places[v as usize] = place;
    }
    places
}

fn row<'a>(scenario: &'a Scenario, run: &'a Run, step: u32, v: ValueId, place: u32) -> Row<'a> {
    let names = &scenario.names;
    let label = names.label(v);
    [
        if place == 0 { "-".into() } else { place.to_string().into() },
        cleaned(&quoted(names.name(v))).into_owned().into(),
        if label == names.name(v) { "".into() } else { cleaned(label) },
        op(run, v),
        run.data(v, step).map_or("-".into(), repr).into(),
        repr(run.grad(v, step)).into(),
    ]
}

/// `tanh`, `**3.0`.
fn op(run: &Run, v: ValueId) -> Cow<'_, str> {
    let Some(op) = run.graph.op_of(v) else { return "".into() };
    match run.graph.exponent_of(v) {
        Some(exponent) => format!("{}{}", cleaned(&op.name), repr(exponent)).into(),
        None => cleaned(&op.name),
    }
}

/// How wide each column is; of the numbers, what stands before the point.
#[derive(Default)]
struct Widths {
    cells: [usize; 6],
    whole: [usize; 6],
    labels: bool,
}

const ORDER: usize = 0;
const LABEL: usize = 2;
const DATA: usize = 4;

impl Widths {
    fn with(mut self, row: &Row) -> Self {
        self.labels |= !row[LABEL].is_empty();
        for (at, cell) in row.iter().enumerate() {
            self.whole[at] = self.whole[at].max(whole(cell));
            let fraction = cell.len() - whole(cell);
            let width = if at >= DATA { self.whole[at] + fraction } else { width(cell) };
            self.cells[at] = self.cells[at].max(width.min(WIDEST)).max(HEADINGS[at].len());
        }
        self
    }

    /// The row with its cells in line: places to the right, texts to the left, numbers by their points.
    fn line(&self, row: &Row) -> String {
        let mut line = String::new();
        for (at, cell) in row.iter().enumerate().filter(|(at, _)| *at != LABEL || self.labels) {
            let before = match at {
                ORDER => self.cells[at].saturating_sub(width(cell)),
                DATA.. if cell != HEADINGS[at] => self.whole[at].saturating_sub(whole(cell)),
                _ => 0,
            };
            let after = self.cells[at].saturating_sub(before + width(cell));
            line.extend([&*" ".repeat(before), &**cell, &*" ".repeat(after), "  "]);
        }
        line.truncate(line.trim_end().len());
        line
    }
}

/// What of a number stands before its point.
pub(super) fn whole(number: &str) -> usize {
    number.find(['.', 'e']).unwrap_or(number.len())
}

pub(super) fn width(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}
