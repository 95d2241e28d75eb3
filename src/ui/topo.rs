use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::frame::pane;
use super::list::first_row;
use super::text::{put, wrap};
use super::theme::Look;
use crate::app::{App, Pane};
use crate::debugger::topo_view::TopoView;
use crate::engine::topo::Visit;

/// While `build_topo` runs: the list as it grows, and beside it the calls that are open and what has been visited.
pub fn paint(app: &App, look: &Look, view: &TopoView, area: Rect, buffer: &mut Buffer) {
    let left = area.width / 2;
    let list = pane(app, look, Pane::Order, "topo = [ … ]", Rect { width: left, ..area }, buffer);
    paint_list(app, look, view, list, buffer);
    let right = Rect { x: area.x + left, width: area.width - left, ..area };
    let stack = pane(app, look, Pane::Values, "call stack · visited", right, buffer);
    paint_stack(app, look, view, stack, buffer);
}

fn paint_list(app: &App, look: &Look, view: &TopoView, area: Rect, buffer: &mut Buffer) {
    let new = matches!(view.last, Some(Visit::Append(_)));
    let last = view.topo.len().saturating_sub(1);
    let top = first_row(last, usize::from(area.height), view.topo.len());
    for (y, (at, &v)) in (area.y..area.bottom()).zip(view.topo.iter().enumerate().skip(top)) {
        let name = app.debugger.label(v);
        if new && at == last {
            put(buffer, area.x, y, &format!(" ▶ [{at}] {name}  ◀ new"), area.width, look.theme.flow);
        } else {
            put(buffer, area.x, y, &format!(" ✓ [{at}] {name}"), area.width, look.theme.done);
        }
    }
    if view.topo.is_empty() {
        put(buffer, area.x, area.y, " empty", area.width, look.theme.dim);
    }
}

fn paint_stack(app: &App, look: &Look, view: &TopoView, area: Rect, buffer: &mut Buffer) {
    let visited = visited(app, view, area);
    let room = usize::from(area.height).saturating_sub(visited.len() + 1).max(1);
    let mut y = area.y;
    for (at, &v) in view.stack.iter().rev().enumerate().take(room) {
        let (mark, style) = if at == 0 { ("▶", look.theme.strong) } else { ("│", look.theme.plain) };
        let more = if at + 1 == room && view.stack.len() > room { "  …" } else { "" };
        let call = format!(" {mark} build_topo({}){more}", app.debugger.label(v));
        put(buffer, area.x, y, &call, area.width, style);
        y += 1;
    }
    y += 1;
    for line in visited {
        if y < area.bottom() {
            put(buffer, area.x + 1, y, &line, area.width.saturating_sub(1), look.theme.dim);
        }
        y += 1;
    }
}

/// `visited 6/10`, and the newest of them, as many as there is room for.
fn visited(app: &App, view: &TopoView, area: Rect) -> Vec<String> {
    let cells = usize::from(area.width).saturating_sub(2);
    let most = usize::from(area.height / 3).max(1);
    let shown = (most * cells / 4).min(view.visited.len());
    let names: Vec<String> =
        view.visited[view.visited.len() - shown..].iter().map(|&v| app.debugger.label(v).to_owned()).collect();
    let dots = if shown < view.visited.len() { "…, " } else { "" };
    let mut lines = wrap(&format!("{{{dots}{}}}", names.join(", ")), cells, 1);
    let surplus = lines.len().saturating_sub(most);
    lines.drain(..surplus);
    lines.insert(0, format!("visited {}/{}", view.visited.len(), view.reached));
    lines
}
