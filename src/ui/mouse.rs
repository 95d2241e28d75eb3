use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use super::layout::Layout;
use super::{graph, list, timeline};
use crate::app::{Action, App, GraphAction, Mode, Move, Side};

/// What a click or a turn of the wheel means, by what is painted where it happens.
pub fn action(app: &App, event: MouseEvent, area: Rect) -> Option<Action> {
    let at = Position::new(event.column, event.row);
    match event.kind {
        MouseEventKind::ScrollUp => Some(scroll(app, at, area, Side::Up)),
        MouseEventKind::ScrollDown => Some(scroll(app, at, area, Side::Down)),
        MouseEventKind::ScrollLeft => Some(scroll(app, at, area, Side::Left)),
        MouseEventKind::ScrollRight => Some(scroll(app, at, area, Side::Right)),
        MouseEventKind::Down(MouseButton::Left) if matches!(app.mode, Mode::Steps) => click(app, at, area),
        _ => None,
    }
}

/// Over the graph the wheel moves what is seen of it: up and down, with Shift left and right. Elsewhere it selects.
fn scroll(app: &App, at: Position, area: Rect, side: Side) -> Action {
    let over_graph = Layout::new(app, area).graph.is_some_and(|graph| graph.contains(at));
    match side {
        side if over_graph && matches!(app.mode, Mode::Steps) => Action::Graph(GraphAction::Pan(side)),
        Side::Up | Side::Left => Action::Select(Move::Up),
        Side::Down | Side::Right => Action::Select(Move::Down),
    }
}

fn click(app: &App, at: Position, area: Rect) -> Option<Action> {
    let layout = Layout::new(app, area);
    if let Some(line) = layout.timeline.filter(|line| line.contains(at)) {
        return timeline::step_at(app, at.x, line).map(Action::Step);
    }
    if let Some(graph) = layout.graph.filter(|graph| graph.contains(at)) {
        return graph::pane::value_at(app, at, graph).map(Action::Choose);
    }
    let list = layout.list.filter(|list| list.contains(at) && app.debugger.topo_view().is_none())?;
    list::value_at(app, at, list).map(Action::Choose)
}
