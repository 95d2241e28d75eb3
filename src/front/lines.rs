//! A trace as people read it: an event a line, in columns.

use std::borrow::Cow;
use std::io::{self, Write};

use super::output::{BAD, BOLD, DIM, Output, styled};
use super::trace::Moment;
use crate::debugger::differences::with_numbers;
use crate::engine::op::{Line, RuleInput, RuleName};
use crate::engine::plan::Number;
use crate::engine::topo::Visit;
use crate::engine::{Event, SegmentKind, ValueId, Write as Wrote};
use crate::formula::{Field, number::repr, quoted};
use crate::scenario::cleaned;

/// Columns are aligned over this many events at a time, so that a trace of any length streams.
const BLOCK: usize = 1000;
/// So many bytes of them do not wait for the rest of their block: names may be long.
const BYTES: usize = 1 << 20;
/// Longer texts push their line out of line rather than every line apart.
const WIDEST: usize = 56;
/// Nobody reads more characters of a name or a statement, which may stand in every line.
const LONGEST: usize = 200;

/// Lines that wait until it is known how wide their columns are.
pub struct Lines {
    waiting: Vec<Row>,
    /// Bytes of their texts.
    bytes: usize,
    step_width: usize,
    widths: [usize; 2],
    headed: bool,
}

/// What happened: as written, with the numbers in it, and in which call.
struct Row {
    step: u32,
    phase: &'static str,
    what: String,
    numbers: String,
    within: String,
    /// Whether something is wrong: a failed assert.
    bad: bool,
}

impl Lines {
    pub fn new(steps: u32) -> Self {
        let step_width = steps.to_string().len().max("step".len());
        Self { waiting: Vec::new(), bytes: 0, step_width, widths: [0; 2], headed: false }
    }

    pub fn add(&mut self, out: &mut Output, moment: &Moment) -> io::Result<()> {
        let row = moment.row();
        for (width, text) in self.widths.iter_mut().zip([&row.what, &row.numbers]) {
            *width = (*width).max(width_of(text).min(WIDEST));
        }
        self.bytes += row.what.len() + row.numbers.len() + row.within.len();
        self.waiting.push(row);
        if self.waiting.len() < BLOCK && self.bytes < BYTES { Ok(()) } else { self.flush(out) }
    }

    /// Writes what waits.
    pub fn flush(&mut self, out: &mut Output) -> io::Result<()> {
        if !std::mem::replace(&mut self.headed, true) {
            let heading = self.line("step", "phase", ["what", "with numbers", "in"]);
            writeln!(out, "{}", styled(BOLD, heading))?;
        }
        self.bytes = 0;
        for row in std::mem::take(&mut self.waiting) {
            let line = self.line(&row.step.to_string(), row.phase, [&row.what, &row.numbers, &row.within]);
            match (row.bad, row.phase) {
                (true, _) => writeln!(out, "{}", styled(BAD, line))?,
                (false, "topo") => writeln!(out, "{}", styled(DIM, line))?,
                _ => writeln!(out, "{line}")?,
            }
        }
        Ok(())
    }

    fn line(&self, step: &str, phase: &str, [what, numbers, within]: [&str; 3]) -> String {
        let [first, second] = self.widths;
        let (what, numbers) = (padded(what, first), padded(numbers, second));
        let line = format!("{step:>width$}  {phase:<8}  {what}   {numbers}   {within}", width = self.step_width);
        line.trim_end().to_owned()
    }
}

fn width_of(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}

fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(width_of(text))))
}

/// As much of a text as is shown.
fn cut(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]).into(),
        None => text.into(),
    }
}

impl Moment<'_> {
    fn row(&self) -> Row {
        let [what, numbers, within] = match self.event {
            Event::Compute { node, after } => self.computed(node, after),
            Event::Visit(visit) => self.visited(visit),
            Event::Write(write) => match write.by {
                Some((node, line)) => self.accumulated(&write, node, line),
                None => self.assigned(&write),
            },
            Event::Idle { node } => {
                let why = if self.run.graph.is_leaf(node) { "a leaf: nothing to do" } else { "nothing to do" };
                ["pass".into(), why.into(), self.call(node)]
            }
            Event::Assert { held } => self.asserted(held),
        };
        let bad = self.event == Event::Assert { held: false };
        Row { step: self.at + 1, phase: self.segment.phase().name(), what, numbers, within, bad }
    }

    /// A name as statements write it, fit to show.
    fn shown(&self, v: ValueId) -> String {
        cleaned(&quoted(&cut(self.name(v)))).into_owned()
    }

    fn shown_number(&self, number: Number) -> String {
        format!("{}.{}", self.shown(number.value), number.field.name())
    }

    fn call(&self, node: ValueId) -> String {
        format!("{}._backward()", self.shown(node))
    }

    fn shown_statement(&self) -> String {
        cleaned(&cut(self.statement().unwrap_or_default())).into_owned()
    }

    fn computed(&self, node: ValueId, after: f64) -> [String; 3] {
        let forward = self.run.graph.op_of(node).map(|op| &op.forward);
        let what = forward.map(|rule| rule.show(|name| self.rule_name(node, *name))).unwrap_or_default();
        let input = self.input(node);
        let numbers = forward.map(|rule| rule.show(|name| repr(name.number(&input)))).unwrap_or_default();
        let name = self.shown_number(Number { value: node, field: Field::Data });
        [format!("{name} = {what}"), format!("{numbers} = {}", repr(after)), self.shown_statement()]
    }

    fn visited(&self, visit: Visit) -> [String; 3] {
        let (what, how) = match visit {
            Visit::Enter(v) => (format!("build_topo({})", self.shown(v)), "visit"),
            Visit::Skip(v) => (format!("build_topo({})", self.shown(v)), "already visited"),
            Visit::Append(v) => (format!("topo.append({})", self.shown(v)), ""),
        };
        [what, how.into(), self.shown_statement()]
    }

    fn accumulated(&self, write: &Wrote, node: ValueId, line: usize) -> [String; 3] {
        let Some(line) = self.run.graph.op_of(node).map(|op| &op.lines[line]) else { return Default::default() };
        let amount = line.amount.show(|name| self.rule_name(node, *name));
        let what = format!("{} {} {amount}", self.shown_number(write.target), line.sign());
        [what, self.sum(write, node, line), self.call(node)]
    }

    /// `0.0 + (-3.0) * 0.5 = -1.5`; what an old `=` throws away is said.
    fn sum(&self, write: &Wrote, node: ValueId, line: &Line) -> String {
        let input = self.input(node);
        let amount = line.amount.show(|name| repr(name.number(&input)));
        let (before, after) = (repr(write.before), repr(write.after));
        match line.accumulate {
            true => format!("{before} + {amount} = {after}"),
            false if write.before == 0.0 => format!("{amount} = {after}"),
            false => format!("{amount} = {after}, throws away {before}"),
        }
    }

    fn assigned(&self, write: &Wrote) -> [String; 3] {
        let target = self.shown_number(write.target);
        let change = format!("{} -> {}", repr(write.before), repr(write.after));
        match self.segment.kind {
            SegmentKind::Seed(_) | SegmentKind::ZeroGrad => {
                [format!("{target} = {}", repr(write.amount)), change, self.shown_statement()]
            }
            _ => [self.shown_statement(), change, String::new()],
        }
    }

    fn asserted(&self, held: bool) -> [String; 3] {
        let numbers = self.segment.statement().map(|at| with_numbers(self.run, at, self.at)).unwrap_or_default();
        let verdict = if held { "holds" } else { "fails" };
        [self.shown_statement(), format!("{verdict}: {numbers}"), String::new()]
    }

    /// What a rule of a value's op uses, at this moment.
    fn input(&self, node: ValueId) -> RuleInput {
        let number = |field| move |value| self.run.number(Number { value, field }, self.at);
        self.run.graph.rule_input(node, number(Field::Data), number(Field::Grad))
    }

    /// A name in a rule with the operand's own in place of `self` and `other`. `out` stays: the call says whose it is.
    fn rule_name(&self, node: ValueId, name: RuleName) -> String {
        let operand = |slot: usize, field| {
            let value = self.run.graph.operands_of(node).get(slot);
            value.map_or_else(|| name.text().to_owned(), |&value| self.shown_number(Number { value, field }))
        };
        match name {
            RuleName::SelfData => operand(0, Field::Data),
            RuleName::SelfGrad => operand(0, Field::Grad),
            RuleName::OtherData => operand(1, Field::Data),
            RuleName::OtherGrad => operand(1, Field::Grad),
            RuleName::Exponent => self.run.graph.exponent_of(node).map_or_else(|| "n".to_owned(), repr),
            RuleName::OutData | RuleName::OutGrad | RuleName::Result => name.text().to_owned(),
        }
    }
}
