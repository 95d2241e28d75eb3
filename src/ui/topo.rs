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
pub fn paint(app: &App, look: &Look, view: &TopoView<'_>, area: Rect, buffer: &mut Buffer) {
    let left = area.width / 2;
    let list = pane(app, look, Pane::Order, "topo = [ … ]", Rect { width: left, ..area }, buffer);
    paint_list(app, look, view, list, buffer);
    let right = Rect { x: area.x + left, width: area.width - left, ..area };
    let title = if right.width < 28 { "call stack" } else { "call stack · visited" };
    let stack = pane(app, look, Pane::Values, title, right, buffer);
    paint_stack(app, look, view, stack, buffer);
}

fn paint_list(app: &App, look: &Look, view: &TopoView<'_>, area: Rect, buffer: &mut Buffer) {
    let (topo, new) = (view.topo(), matches!(view.last(), Some(Visit::Append(_))));
    let last = topo.len().saturating_sub(1);
    let top = first_row(last, usize::from(area.height), topo.len());
    for (y, (at, &v)) in (area.y..area.bottom()).zip(topo.iter().enumerate().skip(top)) {
        let chosen = if app.chosen == Some(v) { "›" } else { " " };
        let name = app.debugger.label(v);
        if new && at == last {
            put(buffer, area.x, y, &format!("{chosen}▶ [{at}] {name}  ◀ new"), area.width, look.theme.flow);
        } else {
            put(buffer, area.x, y, &format!("{chosen}✓ [{at}] {name}"), area.width, look.theme.done);
        }
    }
    if topo.is_empty() {
        put(buffer, area.x, area.y, " empty", area.width, look.theme.dim);
    }
}

fn paint_stack(app: &App, look: &Look, view: &TopoView<'_>, area: Rect, buffer: &mut Buffer) {
    let visited = visited(app, view, area);
    let room = usize::from(area.height).saturating_sub(visited.len() + 1).max(1);
    let mut y = area.y;
    for (at, v) in view.stack().enumerate().take(room) {
        let (mark, style) = if at == 0 { ("▶", look.theme.strong) } else { ("│", look.theme.plain) };
        let below = view.depth() - at - 1;
        let more = if at + 1 == room && below > 0 { format!(", {below} below") } else { String::new() };
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
fn visited(app: &App, view: &TopoView<'_>, area: Rect) -> Vec<String> {
    let cells = usize::from(area.width).saturating_sub(2);
    let most = usize::from(area.height / 3).max(1);
    let visited = view.visited();
    let shown = (most * cells / 4).min(visited.len());
    let names = visited[visited.len() - shown..].iter().map(|&v| app.debugger.label(v));
    let names: Vec<&str> = names.collect();
    let dots = if shown < visited.len() { "…, " } else { "" };
    let mut lines = wrap(&format!("{{{dots}{}}}", names.join(", ")), cells, 1);
    let surplus = lines.len().saturating_sub(most);
    lines.drain(..surplus);
    lines.insert(0, format!("visited {}/{}", visited.len(), view.reached()));
    lines
}
