//! Everything that changes: [`App`], and [`App::update`], through which alone it does.
//!
//! The terminal and the headless screen make [`Action`]s of keys (`keymap`), hand them to [`App::update`], and draw what
//! is left (`ui`). Nothing here knows a key, a colour or a size.

mod action;
pub mod command;
mod faults;
mod graph;
mod picker;
mod predict;
mod prompt;
mod reload;
mod running;
mod search;
mod session;
mod update;

pub use action::{Action, Effect, Goal, Move, NAMED, PICTURES};
pub use graph::{GraphAction, GraphView, Pan, Side};
pub use picker::{Picker, PickerRow};
pub use predict::{List, Score};
pub use prompt::{Prompt, PromptKind};

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use session::{Before, Snapshot};

use crate::debugger::Debugger;
use crate::debugger::breaks::Breakpoint;
use crate::debugger::paths::Why;
use crate::engine::ValueId;
use crate::scenario::{Complaint, Origin, Progress, Scenario, Source, read};

/// The state of a session.
pub struct App {
    pub debugger: Debugger,
    /// What is open, to be opened again.
    pub source: Origin,
    pub mode: Mode,
    /// The value that was chosen by hand; none while the selection follows the cursor.
    pub chosen: Option<ValueId>,
    pub focus: Pane,
    /// The focus before a count was begun, whose first digit may have meant a pane.
    focus_before: Pane,
    /// Whether the focused pane fills the screen.
    pub full: bool,
    /// What the last action had to say.
    pub message: Option<Message>,
    pub graph: GraphView,
    pub breakpoints: Vec<Breakpoint>,
    /// How many have been set: each has a number of its own, whatever was deleted.
    breakpoints_set: usize,
    /// Where they stop in this run, in order: the step, and which of them.
    pub stops: Vec<(u32, u32)>,
    /// What pane 4 shows.
    pub view: View,
    /// The contribution that is selected in the ledger.
    pub ledger_at: Option<usize>,
    /// Lines scrolled away at the top of pane 4, where what it shows is longer.
    pub scroll: usize,
    /// Why the selected value has its grad, while that is shown.
    pub why: Option<Why>,
    /// Lines that were typed at the prompt, the oldest first.
    pub history: Vec<String>,
    /// What was searched for last; empty for nothing.
    pub search: String,
    /// The run before the last edit.
    pub before: Option<Before>,
    /// What the file holds, as it was read last: anything else is an edit.
    opened: Arc<Scenario>,
    /// The watched file cannot be read as it is now: what is shown is the last good run.
    pub broken: bool,
    undo: Vec<Snapshot>,
    redo: Vec<Snapshot>,
    pub play: Play,
    /// The score, while each step is asked before it is shown.
    pub predict: Option<Score>,
    /// Files larger than this are refused.
    pub max_bytes: u64,
    /// How far the work of an action has come that takes long.
    pub progress: Arc<Progress>,
    /// The count that was typed before an action: `10` of `10n`. 0 for none.
    pub count: u32,
}

/// What keys mean at the moment. One at a time.
pub enum Mode {
    /// The debugger itself.
    Steps,
    Help {
        /// Lines scrolled away at the top.
        scroll: usize,
    },
    Picker(Picker),
    Prompt(Prompt),
    /// The list of breakpoints, and which is selected.
    Breaks {
        at: usize,
    },
    /// What is wrong with a scenario that was to be opened.
    Complaint {
        complaint: Complaint,
        /// Lines scrolled away at the top.
        scroll: usize,
    },
    /// The list of what went wrong, and which of it is selected.
    Findings {
        at: usize,
    },
    /// A file is there already: write over it?
    Overwrite(PathBuf, Written),
}

/// What is written to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// The session, as a scenario.
    Session,
    /// The graph at the cursor.
    Picture,
}

/// What pane 4 shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// What just ran, as source.
    Source,
    /// What the selected grad is made of.
    Ledger,
    /// The paths from the root to the selected value.
    Paths,
}

/// Stepping by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Play {
    pub on: bool,
    /// Milliseconds from one step to the next.
    pub pause: u64,
}

impl Play {
    /// How long it waits from one step to the next.
    pub fn every_step(&self) -> Duration {
        Duration::from_millis(self.pause)
    }

    /// `1.5 s`.
    pub fn every(&self) -> String {
        format!("{}.{} s", self.pause / 1000, self.pause % 1000 / 100)
    }
}

impl Default for Play {
    fn default() -> Self {
        Self { on: false, pause: 1000 }
    }
}

/// A sentence for the person, until the next key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub text: String,
    pub wrong: bool,
}

/// The numbered parts of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pane {
    Graph,
    Order,
    Values,
    Source,
}

impl Pane {
    /// In the order of their numbers.
    pub const ALL: [Self; 4] = [Self::Graph, Self::Order, Self::Values, Self::Source];
}

impl App {
    pub fn new(scenario: Scenario, source: Source) -> Self {
        // Before the run is recorded: of a large file, the text is as large as that.
        let source = Origin::of(source);
        let opened = Arc::new(scenario);
        Self {
            debugger: Debugger::new(opened.clone()),
            source,
            mode: Mode::Steps,
            chosen: None,
            focus: Pane::Source,
            focus_before: Pane::Source,
            full: false,
            message: None,
            graph: GraphView::default(),
            breakpoints: Vec::new(),
            breakpoints_set: 0,
            stops: Vec::new(),
            view: View::Source,
            ledger_at: None,
            scroll: 0,
            why: None,
            history: Vec::new(),
            search: String::new(),
            before: None,
            opened,
            broken: false,
            undo: Vec::new(),
            redo: Vec::new(),
            play: Play::default(),
            predict: None,
            max_bytes: 512 << 20,
            progress: Arc::default(),
            count: 0,
        }
    }

    /// Reads a source and opens it.
    ///
    /// # Errors
    /// What is wrong with the scenario.
    pub fn open(source: Source) -> Result<Self, Complaint> {
        Ok(Self::new(read(&source)?, source))
    }

    /// The value that actions are about: the chosen one, else the one the cursor is at, else the root.
    pub fn selected(&self) -> ValueId {
        self.chosen.or_else(|| self.debugger.current()).unwrap_or_else(|| self.debugger.order().root)
    }

    pub fn say(&mut self, text: impl Into<String>) {
        self.message = Some(Message { text: text.into(), wrong: false });
    }

    pub fn complain(&mut self, text: impl Into<String>) {
        self.message = Some(Message { text: text.into(), wrong: true });
    }

    /// Whether something is wrong with what was done last: a sentence says so, or a prompt is still open.
    pub fn complains(&self) -> bool {
        self.message.as_ref().is_some_and(|message| message.wrong) || !matches!(self.mode, Mode::Steps)
    }
}
