//! What of the graph is in view, and walking along its edges.

use super::App;
use crate::engine::ValueId;
use crate::layout::{Layout, Sizes, Zoom};

/// Which part of the graph is shown, and how large. Sizes of panes are not known here: what is not chosen by hand is
/// made to fit when it is drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GraphView {
    /// Levels of detail more or fewer than those that fit.
    pub zoom: i8,
    /// Where the view was moved by hand; none while it follows the selection.
    pub pan: Option<Pan>,
}

/// A view that was moved: so far from where it stood when that began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pan {
    pub from: ValueId,
    pub x: i32,
    pub y: i32,
}

/// Something to do with the graph pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GraphAction {
    /// More detail, or less.
    ZoomIn,
    ZoomOut,
    /// As much detail as fits, following the selection.
    Automatic,
    /// Moves the view.
    Pan(Side),
    /// Walks along an edge.
    Walk(Side),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Left,
    Down,
    Up,
    Right,
}

/// Levels of detail one may go away from what fits; the front end knows how many there are from there.
const MOST: i8 = 6;
/// Cells that the view moves by.
const PAN: (i32, i32) = (12, 3);

impl App {
    pub(super) fn graph(&mut self, action: GraphAction, count: u32) {
        let view = &mut self.graph;
        match action {
            GraphAction::ZoomIn => *view = GraphView { zoom: (view.zoom + 1).min(MOST), pan: None },
            GraphAction::ZoomOut => *view = GraphView { zoom: (view.zoom - 1).max(-MOST), pan: None },
            GraphAction::Automatic => *view = GraphView::default(),
            GraphAction::Pan(side) => self.pan(side, count),
            GraphAction::Walk(side) => (0..count).for_each(|_| self.walk(side)),
        }
    }

    fn pan(&mut self, side: Side, count: u32) {
        let by = i32::try_from(count).unwrap_or(1).min(1000);
        let mut pan = self.graph.pan.unwrap_or(Pan { from: self.selected(), x: 0, y: 0 });
        let (x, y) = side.direction();
        pan.x += x * by * PAN.0;
        pan.y += y * by * PAN.1;
        self.graph.pan = Some(pan);
    }

    /// Selects what is at the other end of an edge (left: the first operand, right: the first consumer), or the value
    /// above or below. The view follows.
    pub(super) fn walk(&mut self, side: Side) {
        let v = self.selected();
        self.graph.pan = None;
        let to = match side {
            Side::Left => self.debugger.run.graph.operands_of(v).first().copied(),
            Side::Right => self.debugger.consumers().of_value(v).first().map(|usage| usage.consumer()),
            Side::Up | Side::Down => self.beside(v, side == Side::Up),
        };
        let name = || self.debugger.quoted(v);
        match (to, side) {
            (Some(to), _) => self.chosen = Some(to),
            (None, Side::Left) => self.say(format!("{} is a leaf: it has no operands", name())),
            (None, Side::Right) => self.say(format!("nothing is made of {}", name())),
            (None, Side::Up) => self.say(format!("nothing stands above {}", name())),
            (None, Side::Down) => self.say(format!("nothing stands below {}", name())),
        }
    }

    /// The nearest value of the same layer.
    fn beside(&self, v: ValueId, above: bool) -> Option<ValueId> {
        let picture = self.debugger.picture(v);
        let cards = Sizes::LEVELS.iter().position(|sizes| sizes.zoom == Zoom::Cards)?;
        let to = nearest(picture.layout(cards), picture.node(v)?, above)?;
        Some(picture.value(to))
    }
}

impl Side {
    fn direction(self) -> (i32, i32) {
        match self {
            Self::Left => (-1, 0),
            Self::Down => (0, 1),
            Self::Up => (0, -1),
            Self::Right => (1, 0),
        }
    }
}

/// The node above or below another, among those that stand in the same columns.
fn nearest(layout: &Layout, node: u32, above: bool) -> Option<u32> {
    let from = *layout.boxes.get(node as usize)?;
    let beyond = (0..).zip(&layout.boxes).filter(|(_, body)| {
        let same_layer = body.x < from.right() && from.x < body.right();
        same_layer && if above { body.y < from.y } else { body.y > from.y }
    });
    beyond.min_by_key(|(_, body)| (body.y - from.y).abs()).map(|(node, _)| node)
}
