use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use super::layout::Layout;
use super::{list, timeline};
use crate::app::{Action, App, Mode, Move};

/// What a click or a turn of the wheel means, by what is painted where it happens.
pub fn action(app: &App, event: MouseEvent, area: Rect) -> Option<Action> {
    match event.kind {
        MouseEventKind::ScrollUp => Some(Action::Select(Move::Up)),
        MouseEventKind::ScrollDown => Some(Action::Select(Move::Down)),
        MouseEventKind::Down(MouseButton::Left) if matches!(app.mode, Mode::Steps) => {
            click(app, Position::new(event.column, event.row), area)
        }
        _ => None,
    }
}

fn click(app: &App, at: Position, area: Rect) -> Option<Action> {
    let layout = Layout::new(app, area);
    if let Some(line) = layout.timeline.filter(|line| line.contains(at)) {
        return timeline::step_at(app, at.x, line).map(Action::Step);
    }
    let list = layout.list.filter(|list| list.contains(at) && app.debugger.topo_view().is_none())?;
    list::value_at(app, at, list).map(Action::Choose)
}
