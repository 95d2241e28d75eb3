//! What a debugger knows: a cursor in a recorded run, and what can be read from there. No screen.
//!
//! | file | answers |
//! |---|---|
//! | [`grain`] | where a step of one line, one node, one phase ends, either way |
//! | [`place`] | where the cursor stands: statement, pass, phase, node, line |
//! | `calls` | where in the run which `_backward` is called |
//! | [`rows`] | the order pane: which value is in which row, and has its `_backward` run |
//! | [`quote`], `statements`, `amiss` | what just ran, as source, with the numbers put in; what is wrong with it |
//! | [`topo_view`] | `build_topo` at the cursor: call stack, visited, the list as it grows |
//! | [`standing`] | whether a grad waits, is final, or was never reached |
//! | [`added`] | what several passes made of one grad |
//! | [`ledger`] | what a grad is made of: every contribution |
//! | [`paths`], `trails`, [`count`] | why it is what it is: the paths from the root, multiplied, summed and counted |
//! | [`findings`] | what went wrong, and what to do about it |
//! | [`differences`] | what did not come out as the scenario says |
//! | [`kinks`] | where a forward has a corner, and which slopes a rule may take there |
//! | [`reached`] | what some values are made of |
//! | [`check`] | whether each grad is the slope it should be, found in two other ways |
//! | [`breaks`] | where to stop |
//! | `meant` | which value a person means by what was typed |
//! | [`edit`], [`shift`] | what another statement or another number would change; which steps are the same then |
//! | [`flow`] | the edges that a step runs along |
//! | [`picture`] | where everything goes when the graph is drawn |
//! | [`predict`] | what can be asked about the next step, and what a wrong answer shows |
//! | [`consumers`] | who uses a value |
//! | [`again`] | the same place in another run, by name |
//! | `work` | how much a search has looked at |

mod added;
mod again;
mod amiss;
pub mod breaks;
mod calls;
pub mod check;
pub mod consumers;
pub mod count;
pub mod differences;
pub mod edit;
mod expression;
pub mod findings;
pub mod flow;
pub mod grain;
mod kinks;
pub mod ledger;
mod meant;
pub mod paths;
pub mod picture;
pub mod place;
pub mod predict;
pub mod quote;
mod reached;
pub mod rows;
pub mod shift;
pub mod standing;
mod statements;
pub mod topo_view;
mod trails;
mod work;

use std::sync::{Arc, Mutex, OnceLock};

use calls::Calls;
use consumers::Consumers;
use differences::Differences;
use findings::Found;
use findings::right::OfPass;
use rows::Rows;

use crate::engine::op::RuleInput;
use crate::engine::plan::{Order, TooLarge};
use crate::engine::{Event, Run, Segment, SegmentKind, ValueId, Write};
use crate::scenario::Scenario;

/// Any numbers: whether a line keeps what was there does not depend on them.
const SOME: RuleInput = RuleInput { data: [0.7, 1.3], grad: [0.0; 2], out_data: 0.9, out_grad: 1.0 };

/// A scenario, its run, and a cursor.
pub struct Debugger {
    pub scenario: Arc<Scenario>,
    pub run: Arc<Run>,
    /// The state after this many events is the one that is looked at.
    pub step: u32,
    /// The order `build_topo` gives for the scenario's root: what a script of single calls is compared with.
    reference: Arc<OnceLock<Arc<Order>>>,
    consumers: Arc<OnceLock<Consumers>>,
    calls: Arc<OnceLock<Calls>>,
    /// For each root that the script runs backward from, and the scenario's own.
    rows: Arc<[(ValueId, Arc<OnceLock<Rows>>)]>,
    found: Arc<OnceLock<Found>>,
    right: Arc<Mutex<Option<OfPass>>>,
    unmet: Arc<OnceLock<Differences>>,
    pictures: Arc<picture::Pictures>,
}

impl Debugger {
    /// Runs a scenario and stands at the start of its backward phase, where people want to be.
    pub fn new(scenario: Arc<Scenario>) -> Self {
        Self::try_new(scenario, None).expect("the length was checked when it was read")
    }

    /// As [`Debugger::new`], beside another: where edits of one file made both, what hangs on its wires alone is shared.
    pub fn beside(other: &Self, scenario: Arc<Scenario>) -> Self {
        Self::try_new(scenario, Some(other)).expect("the length was checked when it was read")
    }

    /// The same, where recording the run does not take too much memory.
    fn try_new(scenario: Arc<Scenario>, other: Option<&Self>) -> Result<Self, TooLarge> {
        // No edit makes other values, or wires them otherwise; but a rule may get other lines.
        let is_alike = |other: &&Self| {
            let same_values = Arc::ptr_eq(&other.scenario.names, &scenario.names);
            same_values && other.run.graph.has_lines_of(&scenario.graph)
        };
        let other = other.filter(is_alike);
        let run = Arc::new(scenario.try_run(other.map(|other| &*other.run))?);
        let mut roots: Vec<ValueId> = run.segments.iter().filter_map(Segment::root).chain([scenario.root]).collect();
        roots.sort_unstable();
        roots.dedup();
        let known = |root: &ValueId| other?.rows.iter().find(|(of, _)| of == root).map(|(_, rows)| rows.clone());
        let rows = roots.into_iter().map(|root| (root, known(&root).unwrap_or_default())).collect();
        let mut debugger = Self {
            scenario,
            run,
            step: 0,
            reference: other.map(|other| other.reference.clone()).unwrap_or_default(),
            consumers: other.map(|other| other.consumers.clone()).unwrap_or_default(),
            calls: Arc::default(),
            rows,
            found: Arc::default(),
            right: Arc::default(),
            unmet: Arc::default(),
            pictures: Arc::default(),
        };
        debugger.step = debugger.home();
        Ok(debugger)
    }

    /// The start of the first backward phase: the order is built, the grad is seeded, no `_backward` has run. The end
    /// of the first forward pass where there is no backward phase.
    pub fn home(&self) -> u32 {
        let backward = |kind: &SegmentKind| matches!(kind, SegmentKind::Backward(_) | SegmentKind::Call(_));
        let first = self.run.segments.iter().find(|segment| backward(&segment.kind));
        first.map_or(self.run.segments[0].end(), |segment| segment.first)
    }

    /// The same run seen from the same step: all that is costly is shared.
    #[must_use]
    pub fn at_same(&self) -> Self {
        Self {
            scenario: self.scenario.clone(),
            run: self.run.clone(),
            step: self.step,
            reference: self.reference.clone(),
            consumers: self.consumers.clone(),
            calls: self.calls.clone(),
            rows: self.rows.clone(),
            found: self.found.clone(),
            right: self.right.clone(),
            unmet: self.unmet.clone(),
            pictures: self.pictures.clone(),
        }
    }

    /// Makes what is made once and then read by every frame at this place, so that no frame has to.
    pub fn prepare(&self) {
        let _ = (self.rows(), self.consumers(), self.place());
    }

    /// What happened in the step that led here; `None` at the start.
    pub fn last_event(&self) -> Option<Event> {
        self.step.checked_sub(1).map(|event| self.run.event(event))
    }

    /// What the next step will do; `None` at the end.
    pub fn next_event(&self) -> Option<Event> {
        (self.step < self.run.steps).then(|| self.run.event(self.step))
    }

    /// Moves the cursor to a step, or to the nearest there is. Says whether it moved.
    pub fn go_to(&mut self, step: u32) -> bool {
        let before = std::mem::replace(&mut self.step, step.min(self.run.steps));
        before != self.step
    }

    /// The write that led to a step, if that is what did.
    pub fn write_before(&self, step: u32) -> Option<Write> {
        match self.run.event(step.checked_sub(1)?) {
            Event::Write(write) => Some(write),
            _ => None,
        }
    }

    /// What a write with `=` in a `_backward` threw away: the grad that stood there.
    pub fn threw_away(&self, write: &Write) -> Option<f64> {
        let (node, line) = write.by?;
        let rule = self.run.graph.op_of(node)?.lines.get(line)?;
        let kept = || rule.kept(&RuleInput { grad: [write.before; 2], ..SOME });
        (!rule.accumulate && write.before != 0.0 && kept() == 0.0).then_some(write.before)
    }

    /// How much of what the scenario expects and asserts did not come out, and how much there is of it.
    pub fn expectations(&self) -> (usize, usize) {
        (self.unmet().count(), self.scenario.expect.len() + self.run.assertions.len())
    }

    pub fn data(&self, v: ValueId) -> Option<f64> {
        self.run.data(v, self.step)
    }

    pub fn grad(&self, v: ValueId) -> f64 {
        self.run.grad(v, self.step)
    }

    pub fn name(&self, v: ValueId) -> &str {
        self.scenario.names.name(v)
    }

    pub fn label(&self, v: ValueId) -> &str {
        self.scenario.names.label(v)
    }

    /// A value as it is made of leaves, in the notebook's notation, where that takes no more than `most` characters:
    /// `o = tanh(x1*w1 + x2*w2 + b)`.
    pub fn expression(&self, v: ValueId, most: usize) -> Option<String> {
        let text = expression::of(&self.scenario, v, most)?;
        Some(format!("{} = {text}", self.label(v))).filter(|text| text.chars().count() <= most)
    }

    pub fn consumers(&self) -> &Consumers {
        self.consumers.get_or_init(|| Consumers::of(&self.run.graph))
    }

    fn calls(&self) -> &Calls {
        self.calls.get_or_init(|| Calls::of(&self.run))
    }

    /// The order that is in force at the cursor: that of the `backward()` it stands in or comes from, else the one
    /// `build_topo` gives for the root.
    pub fn order(&self) -> &Arc<Order> {
        let known = self.calls().ordered_near(self.segment_of_last()).and_then(|at| self.run.order_of(at));
        let build = || Arc::new(Order::new(&self.run.graph, self.scenario.root));
        known.unwrap_or_else(|| self.reference.get_or_init(build))
    }

    /// Whether `build_topo` has made the order in force, and what runs goes by it: not single calls, nor what comes before.
    pub fn is_order_built(&self) -> bool {
        let here = self.segment_of_last();
        let by_hand = matches!(self.run.segments[self.segment_here()].kind, SegmentKind::Call(_));
        !by_hand && self.calls().ordered_near(here).is_some_and(|at| at <= here)
    }

    /// The segment of the event that just ran; the first one at the start.
    fn segment_of_last(&self) -> usize {
        self.run.segment_of(self.step.saturating_sub(1).min(self.run.steps.saturating_sub(1)))
    }

    /// The rows of the order in force at the cursor.
    pub fn rows(&self) -> &Rows {
        self.rows_of(self.order())
    }

    fn rows_of(&self, order: &Arc<Order>) -> &Rows {
        let at = self.rows.binary_search_by_key(&order.root, |(root, _)| *root).expect("every root has its rows");
        self.rows[at].1.get_or_init(|| Rows::new(&self.run.graph, order.clone()))
    }
}
