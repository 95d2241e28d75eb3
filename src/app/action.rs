use std::path::PathBuf;

use tui_input::InputRequest;

use super::{GraphAction, Pane, Side};
use crate::debugger::breaks::Way;
use crate::debugger::grain::Grain;
use crate::engine::ValueId;

/// Something a person wants done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Moves one grain forward or back; a count repeats it.
    Forward(Grain),
    Backward(Grain),
    Go(Goal),
    /// To a step by its number.
    Step(u32),
    Select(Move),
    /// Selects a value.
    Choose(ValueId),
    /// What of the graph is in view.
    Graph(GraphAction),
    Focus(Pane),
    FocusNext,
    FocusPrevious,
    /// The focused pane fills the screen, or no longer does.
    Full,
    /// A digit of a count.
    Digit(u8),
    Help,
    Scenarios,
    /// A line to type: a command, a search, a number for the selected value.
    Prompt,
    Search,
    Edit,
    /// A change of the line that is being typed.
    Type(InputRequest),
    Complete,
    SearchNext,
    SearchPrevious,
    /// Sets or removes a breakpoint on the selected value.
    Break,
    /// The list of breakpoints.
    Breaks,
    /// Switches the selected breakpoint on or off; forgets it.
    Toggle,
    Delete,
    /// The notebook's old rules, with `=`; the right ones, with `+=`.
    OldRules,
    RightRules,
    /// Asks about each step before it is shown, or no longer does.
    Predict,
    /// The list of what went wrong.
    Findings,
    /// Calls the `_backward` of the selected value, now.
    Call,
    ZeroGrad,
    Undo,
    Redo,
    /// What pane 4 shows: source, contributions, paths.
    Why,
    Play,
    Slower,
    Faster,
    /// The clock, while it plays.
    Tick,
    /// Takes what is selected in a list, or what was typed.
    Accept,
    /// Puts away the top layer: a list, the help, a message, a choice.
    Close,
    Quit,
    /// Stops the program, to be continued by the shell.
    Suspend,
}

/// A place to go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// Before the first forward pass.
    Start,
    /// The seed: the start of the backward phase.
    Home,
    End,
    /// The `build_topo` phase; from there, back to the seed.
    Topo,
    /// Where the `_backward` of the selected value has just run.
    Selected,
    /// The next breakpoint that way.
    Stop(Way),
    /// The next write to the selected value's grad that way.
    Write(Way),
    /// The start of a statement, of a pass.
    Statement(Way),
    Pass(Way),
}

/// Actions by the names that the prompt knows them by.
#[rustfmt::skip]
pub const NAMED: &[(&str, Action)] = &[
    ("next", Action::Forward(Grain::Node)),
    ("n", Action::Forward(Grain::Node)),
    ("step", Action::Forward(Grain::Line)),
    ("s", Action::Forward(Grain::Line)),
    ("reverse-next", Action::Backward(Grain::Node)),
    ("reverse-step", Action::Backward(Grain::Line)),
    ("finish", Action::Forward(Grain::Phase)),
    ("reverse-finish", Action::Backward(Grain::Phase)),
    ("rn", Action::Backward(Grain::Node)),
    ("rs", Action::Backward(Grain::Line)),
    ("continue", Action::Go(Goal::Stop(Way::Forward))),
    ("c", Action::Go(Goal::Stop(Way::Forward))),
    ("run", Action::Go(Goal::Stop(Way::Forward))),
    ("reverse-continue", Action::Go(Goal::Stop(Way::Back))),
    ("rc", Action::Go(Goal::Stop(Way::Back))),
    ("start", Action::Go(Goal::Start)),
    ("restart", Action::Go(Goal::Home)),
    ("end", Action::Go(Goal::End)),
    ("topo", Action::Go(Goal::Topo)),
    ("run-to", Action::Go(Goal::Selected)),
    ("next-write", Action::Go(Goal::Write(Way::Forward))),
    ("previous-write", Action::Go(Goal::Write(Way::Back))),
    ("next-statement", Action::Go(Goal::Statement(Way::Forward))),
    ("previous-statement", Action::Go(Goal::Statement(Way::Back))),
    ("next-pass", Action::Go(Goal::Pass(Way::Forward))),
    ("previous-pass", Action::Go(Goal::Pass(Way::Back))),
    ("up", Action::Select(Move::Up)),
    ("down", Action::Select(Move::Down)),
    ("page-up", Action::Select(Move::PageUp)),
    ("page-down", Action::Select(Move::PageDown)),
    ("zoom-in", Action::Graph(GraphAction::ZoomIn)),
    ("zoom-out", Action::Graph(GraphAction::ZoomOut)),
    ("zoom", Action::Graph(GraphAction::Automatic)),
    ("pan-left", Action::Graph(GraphAction::Pan(Side::Left))),
    ("pan-down", Action::Graph(GraphAction::Pan(Side::Down))),
    ("pan-up", Action::Graph(GraphAction::Pan(Side::Up))),
    ("pan-right", Action::Graph(GraphAction::Pan(Side::Right))),
    ("to-operand", Action::Graph(GraphAction::Walk(Side::Left))),
    ("to-consumer", Action::Graph(GraphAction::Walk(Side::Right))),
    ("focus-next", Action::FocusNext),
    ("focus-previous", Action::FocusPrevious),
    ("full", Action::Full),
    ("help", Action::Help),
    ("scenarios", Action::Scenarios),
    ("search", Action::Search),
    ("prompt", Action::Prompt),
    ("search-next", Action::SearchNext),
    ("search-previous", Action::SearchPrevious),
    ("edit", Action::Edit),
    ("toggle-break", Action::Break),
    ("breaks", Action::Breaks),
    ("call", Action::Call),
    ("zero", Action::ZeroGrad),
    ("old-rules", Action::OldRules),
    ("right-rules", Action::RightRules),
    ("findings", Action::Findings),
    ("predict", Action::Predict),
    ("undo", Action::Undo),
    ("redo", Action::Redo),
    ("why", Action::Why),
    ("play", Action::Play),
    ("slower", Action::Slower),
    ("faster", Action::Faster),
    ("close", Action::Close),
    ("quit", Action::Quit),
    ("q", Action::Quit),
    ("suspend", Action::Suspend),
];

/// A move of the selection, or of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    Up,
    Down,
    PageUp,
    PageDown,
    First,
    Last,
}

impl Move {
    /// Where it leads in a list of `len`, from `at`, done `count` times.
    pub fn within(self, at: usize, len: usize, count: u32) -> usize {
        let rows = match self {
            Self::Up | Self::Down => count as usize,
            Self::PageUp | Self::PageDown => 10_usize.saturating_mul(count as usize),
            Self::First | Self::Last => len,
        };
        match self {
            Self::Up | Self::PageUp | Self::First => at.saturating_sub(rows),
            Self::Down | Self::PageDown | Self::Last => at.saturating_add(rows).min(len.saturating_sub(1)),
        }
    }

    /// Which way that is in the graph.
    pub fn side(self) -> Side {
        if matches!(self, Self::Up | Self::PageUp) { Side::Up } else { Side::Down }
    }
}

/// How the names of files end in which the graph can be drawn.
pub const PICTURES: [&str; 3] = ["dot", "mmd", "svg"];

/// What a front end has to do after an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    None,
    /// Draws the graph at the cursor into a file, in the format that its name ends with: one of [`PICTURES`].
    Export(PathBuf),
    Quit,
    Suspend,
}
