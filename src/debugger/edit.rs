//! Changes of the run: each is a change of the script or of a leaf, after which everything is recorded again.

use std::sync::Arc;

use super::Debugger;
use super::shift::Shift;
use crate::engine::plan::{Number, Script};
use crate::engine::{Segment, SegmentKind, ValueId};
use crate::formula::{AssignOp, Field, Program, Statement, Trouble, Verb, condition};
use crate::scenario::{Scenario, statements, two_numbers};

/// A changed run, its cursor where it was, and which of its steps is which step of the run before.
pub struct Edited {
    pub debugger: Debugger,
    pub shift: Shift,
}

/// A script with a place in it.
struct Opened {
    script: Script,
    at: usize,
    /// The `backward()` that was written out for it.
    written_out: Option<usize>,
}

/// More statements than this are not written out in place of one `backward()`.
const MOST_WRITTEN_OUT: usize = 100_000;

impl Debugger {
    /// The scenario with statements put into its script at the cursor, standing where they have just run.
    ///
    /// A `backward()` that the cursor stands inside of is written out as the single calls it makes: nothing else says
    /// where among them the new statement goes. A call that is half done is finished first.
    ///
    /// # Errors
    /// What is wrong with the text; or that the run would become too long.
    pub fn with_statements(&self, text: &str) -> Result<Edited, Trouble> {
        let new = self.typed(text, |text| statements(text, &self.scenario.names))?;
        let count = new.len();
        if count == 0 {
            return Err(Trouble::new(0..text.len(), "there is nothing to run in this", "expected a statement"));
        }
        let Opened { mut script, at, written_out } = self.opened()?;
        script.splice(at..at, new);
        let scenario =
            Scenario { script: Arc::new(script), expect: Vec::new(), findings: None, ..(*self.scenario).clone() };
        let whole = |trouble| Trouble { span: 0..text.len(), label: "one statement too many".into(), ..trouble };
        let mut debugger = self.recorded(scenario).map_err(whole)?;
        let put_in =
            |segment: &&Segment| segment.statement().is_some_and(|statement| (at..at + count).contains(&statement));
        let mut segments = debugger.run.segments.iter().filter(put_in);
        let first = segments.next().expect("a statement has a segment");
        let (start, end) = (first.first, segments.next_back().unwrap_or(first).end());
        let shift = Shift { at: start, inserted: end - start, ..self.dropped_by(written_out, start) };
        debugger.step = end;
        Ok(Edited { debugger, shift })
    }

    /// What is lost of a `backward()` that is written out: its `build_topo`.
    fn dropped_by(&self, written_out: Option<usize>, start: u32) -> Shift {
        let lost =
            |segment: &&Segment| segment.statement() == written_out && matches!(segment.kind, SegmentKind::Topo(_));
        match written_out.and_then(|_| self.run.segments.iter().find(lost)) {
            Some(topo) => Shift { same: topo.first, dropped: topo.len, ..Shift::default() },
            None => Shift { same: start, ..Shift::default() },
        }
    }

    /// The script, and the place in it at which the cursor stands; a `backward()` around the cursor written out.
    fn opened(&self) -> Result<Opened, Trouble> {
        let script = (*self.run.script).clone();
        let segment = &self.run.segments[self.segment_here()];
        let opened = |at| Ok(Opened { script: script.clone(), at, written_out: None });
        let Some(at) = segment.statement() else { return opened(0) };
        match &segment.kind {
            SegmentKind::Topo(_) => opened(at),
            SegmentKind::Seed(_) if self.step < segment.end() => opened(at),
            SegmentKind::Backward(_) | SegmentKind::Seed(_) => self.written_out(script, at),
            _ if self.step <= segment.first => opened(at),
            _ => opened(at + 1),
        }
    }

    /// The `backward()` at a place of the script as the calls it makes; the place after those that have run.
    fn written_out(&self, mut script: Script, at: usize) -> Result<Opened, Trouble> {
        let order = self.order().clone();
        let is_sweep =
            |segment: &&Segment| segment.statement() == Some(at) && matches!(segment.kind, SegmentKind::Backward(_));
        let done = match self.run.segments.iter().find(is_sweep) {
            Some(sweep) if self.step >= sweep.end() => return Ok(Opened { script, at: at + 1, written_out: None }),
            Some(sweep) if self.step > sweep.first => order.find(&self.run.graph, self.step - 1 - sweep.first).0 + 1,
            _ => 0,
        };
        if order.topo.len() > MOST_WRITTEN_OUT {
            let message = format!("this backward() makes {} calls, too many to write out one by one", order.topo.len());
            return Err(Trouble::new(0..0, message, "go to its start or its end first"));
        }
        let seed = self.seed(order.root);
        let calls = order.topo.iter().rev().map(|&v| self.call(v));
        script.splice(at..=at, std::iter::once(seed).chain(calls));
        Ok(Opened { script, at: at + 1 + done, written_out: Some(at) })
    }

    fn seed(&self, root: ValueId) -> Statement<ValueId, Program<Number>> {
        let one = condition("1.0").expect("a number is an expression");
        let amount = Program::new(&one, |_, span| Err(Trouble::new(span, "", ""))).expect("it has no names");
        let verb = Verb::Assign { value: root, field: Field::Grad, op: AssignOp::Set, amount };
        Statement { source: format!("{}.grad = 1.0", self.quoted(root)).into(), verb }
    }

    fn call(&self, v: ValueId) -> Statement<ValueId, Program<Number>> {
        Statement { source: format!("{}._backward()", self.quoted(v)).into(), verb: Verb::Call(v) }
    }

    /// The scenario with another number in a leaf, standing at the same step. What an op makes is no number to be given,
    /// and a leaf that a statement has written to holds that: there, a statement at the cursor sets it.
    ///
    /// # Errors
    /// As [`Debugger::with_statements`].
    pub fn with_data(&self, v: ValueId, data: f64) -> Result<Edited, Trouble> {
        if !self.run.graph.is_leaf(v) || self.run.history(Field::Data).last(v, self.step).is_some() {
            let statement = format!("{}.data = {}", self.quoted(v), crate::formula::number::repr(data));
            return self.with_statements(&statement);
        }
        let mut graph = (*self.run.graph).clone();
        graph.number[v as usize] = data;
        let scenario =
            Scenario { graph: Arc::new(graph), expect: Vec::new(), findings: None, ..(*self.scenario).clone() };
        let mut debugger = self.recorded(scenario)?;
        debugger.step = self.step;
        Ok(Edited { debugger, shift: Shift::default() })
    }

    /// The scenario with the notebook's old rules, which write with `=`, or with the right ones, which add: built-in ops
    /// as the table has them, a scenario's own with `+=`. Standing at the same step. `None` where the rules are these
    /// already.
    ///
    /// # Errors
    /// There are too many ops to have each in two ways; or no memory is left.
    pub fn with_rules(&self, accumulate: bool) -> Result<Option<Edited>, Trouble> {
        let mut graph = (*self.run.graph).clone();
        if !graph.set_rules(accumulate) {
            return Err(Trouble::new(0..0, "this graph has too many ops to have other rules for each", "too many"));
        }
        if graph.op == self.run.graph.op {
            return Ok(None);
        }
        let scenario =
            Scenario { graph: Arc::new(graph), expect: Vec::new(), findings: None, ..(*self.scenario).clone() };
        let mut debugger = self.recorded(scenario)?;
        debugger.step = self.step;
        Ok(Some(Edited { debugger, shift: Shift::default() }))
    }

    /// A changed scenario, recorded, if there is room for that.
    fn recorded(&self, scenario: Scenario) -> Result<Self, Trouble> {
        if !scenario.has_memory() {
            return Err(Trouble::new(0..0, "there is not enough memory to run this again", "no memory is left"));
        }
        let scenario = Arc::new(scenario);
        Self::try_new(scenario.clone(), Some(self))
            .map_err(|_| Trouble::new(0..0, scenario.too_large(), "too much to run"))
    }

    /// What an expression is worth at the cursor: `2 * x1.data`.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn evaluate(&self, text: &str) -> Result<f64, Trouble> {
        let read = |text: &str| crate::scenario::program(&condition(text)?, &self.scenario.names);
        let number = |number: &Number| self.run.number(*number, self.step);
        match (self.typed(text, read), self.bare(text.trim())) {
            (Ok(program), _) => Ok(program.eval(self.scenario.tolerance, number)),
            (Err(_), Some((value, Some(field)))) => Ok(number(&Number { value, field })),
            (Err(_), Some((_, None))) => Err(two_numbers(text.trim(), 0..text.len())),
            (Err(trouble), _) => Err(trouble),
        }
    }
}
