//! Scenario files: what was written, then what it means, and every complaint about either.
//!
//! [`read`] takes a [`Source`] (a file, standard input, a built-in name, the `-e` of the command line) in two steps:
//! [`file`] reads the JSON as a stream into [`Written`](written::Written), flat arrays of what stands there; [`meaning`]
//! makes the [`Graph`] and the script of it. A wrong file is refused whole, with one
//! [`Complaint`]. The place of what is wrong is looked up ([`place`]) only then: reading a good file costs nothing for it.
//!
//! With the headless front, this is the only module that knows JSON.

mod build;
pub mod builtin;
mod cleaned;
pub mod complaint;
pub mod expect;
mod exprs;
mod file;
mod kind;
mod meaning;
mod memory;
mod names;
mod ops;
mod pipe;
mod place;
pub mod progress;
pub mod save;
mod script;
pub mod source;
mod states;
mod strings;
mod suggest;
mod syntax;
mod value_names;
mod values;
mod written;

pub use cleaned::cleaned;
pub use complaint::Complaint;
pub use expect::{Expectation, Outcome};
pub use kind::Kind;
pub use meaning::{no_value, read, read_with};
pub use memory::is_given;
pub use progress::{Progress, Stage};
pub use script::{number, program, statements, two_numbers};
pub use source::{Origin, Source};
pub use suggest::did_you_mean;
pub use value_names::ValueNames;

use std::sync::Arc;

use crate::engine::plan::{Number, Script, TooLarge};
use crate::engine::record::record_beside;
use crate::engine::{Graph, Run, ValueId};
use crate::formula::{Program, Statement};

/// What a scenario file means: a graph, what is run on it, and what should come of it.
#[derive(Clone)]
pub struct Scenario {
    /// Where it came from, as one would name it: `neuron.json`.
    pub file: String,
    pub title: Option<String>,
    pub about: Option<String>,
    pub graph: Arc<Graph>,
    pub names: Arc<ValueNames>,
    pub root: ValueId,
    pub script: Arc<Script>,
    pub expect: Vec<Expectation>,
    /// The kinds of findings that its run should have, and no others; `None` where it does not say.
    pub findings: Option<Vec<Kind>>,
    /// Relative tolerance of `expect` and of `==` in the script.
    pub tolerance: f64,
    /// How many bytes of memory recording its run may take.
    pub room: u64,
}

impl Scenario {
    /// Runs it, once, and keeps every event.
    ///
    /// # Panics
    /// Never for a scenario that was read: reading refuses a script that takes too much memory.
    pub fn run(&self) -> Run {
        self.try_run(None).expect("the length was checked when it was read")
    }

    /// What is said of a script that there is no room for.
    pub fn too_large(&self) -> String {
        format!("recording this run would take more than {} MiB of memory", self.room >> 20)
    }

    /// Whether there is memory to record its run, once more where that was done before.
    pub fn has_memory(&self) -> bool {
        // Numbers, operands, places: what is kept of each value beside the writes to it.
        const BYTES_A_VALUE: u64 = 64;
        let written = meaning::most_bytes(&self.graph, &self.script).min(self.room);
        memory::has(written + BYTES_A_VALUE * self.graph.len() as u64)
    }

    /// About what keeping it takes beside another, with which it shares what they have in common.
    pub fn bytes_beside(&self, other: &Self) -> usize {
        // With its text, which stands elsewhere.
        const BYTES_A_STATEMENT: usize = size_of::<Statement<ValueId, Program<Number>>>() + 32;
        let graph = if Arc::ptr_eq(&self.graph, &other.graph) { 0 } else { self.graph.bytes() };
        let script = &self.script;
        graph + if Arc::ptr_eq(script, &other.script) { 0 } else { script.len() * BYTES_A_STATEMENT }
    }

    /// As [`Scenario::run`], for one whose script was changed, beside a run of a graph that has the same orders.
    ///
    /// # Errors
    /// Recording it would take too much memory.
    pub fn try_run(&self, beside: Option<&Run>) -> Result<Run, TooLarge> {
        record_beside(beside, self.graph.clone(), self.script.clone(), self.tolerance, self.room)
    }
}
