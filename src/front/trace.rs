//! `stepgrad trace`: every event of a run, one a line.

use std::io::{self, Write};
use std::sync::Arc;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::cli::{Common, Format, Trace};
use super::json::Num;
use super::lines::Lines;
use super::output::{self, json_line};
use super::{Failure, load, waiting};
use crate::debugger::Debugger;
use crate::debugger::breaks::Stop;
use crate::engine::plan::Number;
use crate::engine::topo::Visit;
use crate::engine::{Event, Run, Segment, SegmentKind, ValueId, Write as Wrote};
use crate::scenario::{Complaint, Progress, Scenario, Source};

pub fn run(trace: &Trace, common: &Common) -> Result<(), Failure> {
    let (scenario, Source { name, .. }) = load::scenario(&trace.input, common)?;
    let debugger = Debugger::new(Arc::new(scenario));
    let (events, all) = waiting::on_stderr(&name, |progress| events(&debugger, &trace.breaks, progress))?;
    let events = waiting::written(events, all);
    match trace.format {
        Format::Json => Ok(json(&debugger.scenario, &debugger.run, events)?),
        Format::Text => lines(&debugger.scenario, &debugger.run, events),
    }
}

/// The events to print: all, or those at which one of the breakpoints stops. That is the write that led to the stop; on
/// a node the first line of the `_backward` before which it stops. And how many there are.
fn events(
    debugger: &Debugger,
    breaks: &[String],
    progress: &Progress,
) -> Result<(Box<dyn Iterator<Item = u32>>, usize), Failure> {
    if breaks.is_empty() {
        return Ok((Box::new(0..debugger.run.steps), debugger.run.steps as usize));
    }
    let mut events = Vec::new();
    for text in breaks {
        let breakpoint = debugger.breakpoint(text).map_err(|trouble| Complaint::about("--break", text, trouble))?;
        let before = u32::from(!matches!(breakpoint.stop, Stop::Node(..)));
        events.extend(debugger.stops(&[breakpoint], progress).into_iter().map(|(step, _)| step - before));
    }
    events.sort_unstable();
    events.dedup();
    let all = events.len();
    Ok((Box::new(events.into_iter()), all))
}

fn json(scenario: &Scenario, run: &Run, events: impl Iterator<Item = u32>) -> io::Result<()> {
    let mut out = output::raw();
    for event in events {
        json_line(&mut out, &Moment::new(scenario, run, event))?;
    }
    out.flush()
}

/// Every event up to a step, to be read by people; the whole run where no step is given.
pub fn text(scenario: &Scenario, to: Option<u32>) -> Result<(), Failure> {
    let run = scenario.run();
    let steps = load::step(to, &run)?;
    lines(scenario, &run, 0..steps)
}

fn lines(scenario: &Scenario, run: &Run, events: impl Iterator<Item = u32>) -> Result<(), Failure> {
    let mut out = output::text();
    let mut lines = Lines::new(run.steps);
    for event in events {
        lines.add(&mut out, &Moment::new(scenario, run, event))?;
    }
    lines.flush(&mut out)?;
    Ok(out.flush()?)
}

/// An event and all that is needed to speak about it.
pub struct Moment<'a> {
    pub scenario: &'a Scenario,
    pub run: &'a Run,
    /// It leads from step `at` to step `at + 1`.
    pub at: u32,
    pub event: Event,
    pub segment: &'a Segment,
}

impl<'a> Moment<'a> {
    pub fn new(scenario: &'a Scenario, run: &'a Run, at: u32) -> Self {
        let segment = &run.segments[run.segment_of(at)];
        Self { scenario, run, at, event: run.event(at), segment }
    }

    pub fn name(&self, v: ValueId) -> &'a str {
        self.scenario.names.name(v)
    }

    /// `x1.grad`, as `expect` has it: without backquotes, whatever the name.
    fn target(&self, number: Number) -> String {
        format!("{}.{}", self.name(number.value), number.field.name())
    }

    /// The text of the statement that runs.
    pub fn statement(&self) -> Option<&'a str> {
        self.segment.statement().map(|at| &*self.run.script[at].source)
    }

    fn kind(&self) -> &'static str {
        match self.event {
            Event::Compute { .. } => "forward",
            Event::Visit(Visit::Enter(_)) => "visit",
            Event::Visit(Visit::Skip(_)) => "skip",
            Event::Visit(Visit::Append(_)) => "append",
            Event::Write(_) => "write",
            Event::Idle { .. } => "noop",
            Event::Assert { .. } => "assert",
        }
    }

    /// What is written where a number is: the line of a `_backward` as the notebook has it, or a statement.
    fn source(&self, write: &Wrote) -> String {
        match write.by {
            Some((node, line)) => self.run.graph.op_of(node).map_or_else(String::new, |op| op.lines[line].source()),
            None if matches!(self.segment.kind, SegmentKind::Seed(_)) => "self.grad = 1.0".to_owned(),
            None => self.statement().unwrap_or_default().to_owned(),
        }
    }
}

/// The object of a line of `trace --format json`.
impl Serialize for Moment<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("step", &(self.at + 1))?;
        map.serialize_entry("phase", self.segment.phase().name())?;
        map.serialize_entry("event", self.kind())?;
        map.serialize_entry("statement", &self.statement())?;
        match &self.event {
            Event::Compute { node, after } => {
                map.serialize_entry("node", self.name(*node))?;
                map.serialize_entry("data", &Num(*after))?;
            }
            Event::Visit(Visit::Enter(v) | Visit::Skip(v) | Visit::Append(v)) | Event::Idle { node: v } => {
                map.serialize_entry("node", self.name(*v))?;
            }
            Event::Write(write) => {
                map.serialize_entry("target", &self.target(write.target))?;
                map.serialize_entry("by", &write.by.map(|(node, _)| self.name(node)))?;
                map.serialize_entry("source", &self.source(write))?;
                map.serialize_entry("before", &Num(write.before))?;
                map.serialize_entry("amount", &Num(write.amount))?;
                map.serialize_entry("after", &Num(write.after))?;
            }
            Event::Assert { held } => map.serialize_entry("held", held)?,
        }
        map.end()
    }
}
