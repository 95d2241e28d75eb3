//! Changes of the run: each is a change of the script or of a leaf, after which everything is recorded again.

use std::sync::Arc;

use super::Debugger;
use crate::engine::plan::{Number, Script};
use crate::engine::{Segment, SegmentKind, ValueId};
use crate::formula::{AssignOp, Field, Program, Statement, Trouble, Verb, condition};
use crate::scenario::{Scenario, statements};

/// A changed scenario, and where its cursor stands.
pub struct Edited {
    pub scenario: Scenario,
    pub step: u32,
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
    /// What is wrong with the text; or that the `backward()` is too long to be written out.
    pub fn with_statements(&self, text: &str) -> Result<Edited, Trouble> {
        let new = statements(text, &self.scenario.names)?;
        let count = new.len();
        let (mut script, at) = self.opened()?;
        script.splice(at..at, new);
        let scenario = Scenario { script: Arc::new(script), expect: Vec::new(), ..(*self.scenario).clone() };
        let run = Self::new(Arc::new(scenario.clone())).run;
        let last = run.segments.iter().rev().find(|segment| segment.statement == (at + count).checked_sub(1));
        Ok(Edited { step: last.map_or(self.step, Segment::end), scenario })
    }

    /// The script, and the place in it at which the cursor stands; a `backward()` around the cursor written out.
    fn opened(&self) -> Result<(Script, usize), Trouble> {
        let script = (*self.run.script).clone();
        let segment = &self.run.segments[self.segment_here()];
        let Some(at) = segment.statement else { return Ok((script, 0)) };
        match &segment.kind {
            SegmentKind::Topo(_) => Ok((script, at)),
            SegmentKind::Seed(_) if self.step < segment.end() => Ok((script, at)),
            SegmentKind::Backward(_) | SegmentKind::Seed(_) => self.written_out(script, at),
            _ if self.step <= segment.first => Ok((script, at)),
            _ => Ok((script, at + 1)),
        }
    }

    /// The `backward()` at a place of the script as the calls it makes; the place after those that have run.
    fn written_out(&self, mut script: Script, at: usize) -> Result<(Script, usize), Trouble> {
        let order = self.order().clone();
        let sweep = self
            .run
            .segments
            .iter()
            .find(|segment| segment.statement == Some(at) && matches!(segment.kind, SegmentKind::Backward(_)));
        let done = match sweep {
            Some(sweep) if self.step >= sweep.end() => return Ok((script, at + 1)),
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
        Ok((script, at + 1 + done))
    }

    fn seed(&self, root: ValueId) -> Statement<ValueId, Program<Number>> {
        let one = condition("1.0").expect("a number is an expression");
        let amount = Program::new(one, |_, span| Err(Trouble::new(span, "", ""))).expect("it has no names");
        let verb = Verb::Assign { value: root, field: Field::Grad, op: AssignOp::Set, amount };
        Statement { source: format!("{}.grad = 1.0", self.quoted(root)), verb }
    }

    fn call(&self, v: ValueId) -> Statement<ValueId, Program<Number>> {
        Statement { source: format!("{}._backward()", self.quoted(v)), verb: Verb::Call(v) }
    }

    /// The scenario with another number in a leaf, standing at the same step. What an op makes is no number to be given:
    /// there, a statement at the cursor sets it.
    ///
    /// # Errors
    /// As [`Debugger::with_statements`].
    pub fn with_data(&self, v: ValueId, data: f64) -> Result<Edited, Trouble> {
        if !self.run.graph.is_leaf(v) {
            let statement = format!("{}.data = {}", self.quoted(v), crate::formula::number::repr(data));
            return self.with_statements(&statement);
        }
        let mut graph = (*self.run.graph).clone();
        graph.number[v as usize] = data;
        let scenario = Scenario { graph: Arc::new(graph), expect: Vec::new(), ..(*self.scenario).clone() };
        Ok(Edited { scenario, step: self.step })
    }

    /// What an expression is worth at the cursor: `2 * x1.data`.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn evaluate(&self, text: &str) -> Result<f64, Trouble> {
        let program = crate::scenario::program(condition(text)?, &self.scenario.names)?;
        Ok(program.eval(self.scenario.tolerance, |number| self.run.number(*number, self.step)))
    }
}
