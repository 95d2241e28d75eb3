//! What the painter asks the debugger.

use super::canvas::Role;

/// How a wire is drawn, from weak to strong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flow {
    #[default]
    Light,
    /// Heavy, forward: `build_topo` has gone down this edge and is not back.
    CallStack,
    /// Heavy, with `◀` at the receiver: gradient is flowing.
    Gradient,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WireLook {
    pub flow: Flow,
    pub role: Role,
}

/// What a node shows. Numbers come already formatted for the zoom: 9 cells for each in `Full`, 7
/// in `Cards`, 8 for the grad in `NameGrad`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    pub label: String,
    pub data: String,
    pub grad: String,
    /// Place in the order: `8`, or `[2]`.
    pub number: String,
    /// What is not shown around a node of a neighbourhood, on the lower border: `+996 more`.
    pub hint: String,
    /// Some operands are outside the neighbourhood: `…(*)`.
    pub operands_hidden: bool,
    /// The op without brackets; empty for a leaf.
    pub op: String,
    /// `▶`, `✓`, or a space.
    pub marker: char,
    /// `○ ◐ ◉ ●`.
    pub dot: char,
    pub heavy: bool,
    /// Frame, badge and all that has no role of its own.
    pub role: Role,
    pub label_role: Role,
    pub data_role: Role,
    pub grad_role: Role,
    pub number_role: Role,
}

pub trait Scene {
    fn card(&self, node: u32) -> Card;

    fn wire(&self, consumer: u32, slot: u32) -> WireLook;

    /// What to write on a wire, in at most `room` cells: `self += -1.5`, or `+= -1.5`.
    fn wire_text(&self, consumer: u32, slot: u32, room: usize) -> Option<String>;
}
