use super::Pane;
use crate::debugger::grain::Grain;

/// Something a person wants done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Moves one grain forward or back; a count repeats it.
    Forward(Grain),
    Backward(Grain),
    Go(Goal),
    Select(Move),
    Focus(Pane),
    FocusNext,
    FocusPrevious,
    /// The focused pane fills the screen, or no longer does.
    Full,
    /// A digit of a count.
    Digit(u8),
    Help,
    Scenarios,
    /// Takes what is selected in a list.
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
}

/// A move of the selection, or of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    Up,
    Down,
    PageUp,
    PageDown,
}

impl Move {
    /// Rows it moves by.
    pub fn rows(self) -> isize {
        match self {
            Self::Up => -1,
            Self::Down => 1,
            Self::PageUp => -10,
            Self::PageDown => 10,
        }
    }

    /// Where it leads in a list of `len`, from `at`.
    pub fn within(self, at: usize, len: usize) -> usize {
        at.saturating_add_signed(self.rows()).min(len.saturating_sub(1))
    }
}

/// What a front end has to do after an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    None,
    Quit,
    Suspend,
}
