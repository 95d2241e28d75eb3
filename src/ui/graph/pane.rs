//! Pane 1.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect as Area};
use ratatui::style::{Modifier, Style};
use unicode_width::UnicodeWidthStr;

use super::canvas::{Cell, Grid, Role};
use super::shown::Shown;
use super::view::{Room, View};
use crate::app::{App, GraphView, Pane};
use crate::debugger::picture::WHOLE;
use crate::engine::ValueId;
use crate::layout::{Point, Rect, Zoom};
use crate::ui::frame::{head, rounded};
use crate::ui::text::put;
use crate::ui::theme::Look;

/// Cells of the frame, both sides together.
const FRAME: u16 = 2;

/// Rows that the pane wants of at most so many, with its frame: as many as what it shows, and a little air. A graph of
/// which a part is shown wants all of them.
pub fn height(app: &App, width: u16, most: u16) -> u16 {
    let room = (width.saturating_sub(FRAME), most.saturating_sub(FRAME));
    // A zoom by hand is counted from what fits the whole of it: a pane that shrank with it would change what it means.
    let view = View::new(app, room);
    if !view.picture.is_whole() || app.graph.zoom != 0 {
        return most;
    }
    let rows = u16::try_from(view.layout().height).unwrap_or(u16::MAX);
    rows.saturating_add(FRAME + 2).min(most)
}

/// The pictures that the pane shows, and where: one, or the overview and beside it what is near the cursor.
pub fn views(app: &App, area: Area) -> Vec<(View, Area)> {
    let room = room(area);
    let Some((all, near)) = View::two(app, room) else { return vec![(View::new(app, room), area)] };
    let wanted = u16::try_from(all.layout().width).unwrap_or(u16::MAX).saturating_add(FRAME);
    let left = wanted.clamp(area.width / 3, area.width / 2);
    let right = Area { x: area.x + left, width: area.width - left, ..area };
    vec![(all, Area { width: left, ..area }), (near, right)]
}

/// The cells inside the frame.
fn room(area: Area) -> Room {
    (area.width.saturating_sub(FRAME), area.height.saturating_sub(FRAME))
}

/// The value whose box or op is painted at a place of the screen.
pub fn value_at(app: &App, at: Position, area: Area) -> Option<ValueId> {
    let (view, area) = views(app, area).into_iter().find(|(_, area)| area.contains(at))?;
    let inside = Area { x: area.x + 1, y: area.y + 1, width: room(area).0, height: room(area).1 };
    if !inside.contains(at) {
        return None;
    }
    let shown = view.viewport(app, room(area));
    let at = Point { x: shown.x + i32::from(at.x - inside.x), y: shown.y + i32::from(at.y - inside.y) };
    let layout = view.layout();
    let (nodes, _) = layout.visible(Rect { x: at.x, y: at.y, w: 1, h: 1 });
    let hit = |node: &u32| [&layout.boxes, &layout.badges].iter().any(|rects| rects[*node as usize].contains(at));
    nodes.into_iter().find(hit).map(|node| view.picture.value(node))
}

/// What of the graph a person has asked for, as far as this pane can show it.
pub fn settled(app: &App, area: Area) -> GraphView {
    let (view, area) = views(app, area).pop().expect("a pane shows something");
    view.settled(app, room(area))
}

pub fn paint(app: &App, look: &Look, area: Area, buffer: &mut Buffer) {
    for (view, area) in views(app, area) {
        paint_view(app, look, &view, area, buffer);
    }
}

fn paint_view(app: &App, look: &Look, view: &View, area: Area, buffer: &mut Buffer) {
    let inside = rounded(look, app.focus == Pane::Graph, area, buffer);
    let x = head(app, look, Pane::Graph, "graph", area.x + 1, area, buffer);
    let title = format!("· {} ", title(app, view, room(area)));
    put(buffer, x, area.y, &title, area.right().saturating_sub(x + 1), look.theme.dim);
    let viewport = view.viewport(app, room(area));
    let shown = Shown::new(&app.debugger, app.chosen, view).asking(app.predict.is_some());
    paint_legend(look, &shown.legend(&view.layout().visible(viewport).0), area, buffer);
    let grid = super::paint(view.layout(), &shown, viewport);
    blit(look, &grid, inside, buffer);
}

/// How much is shown, and in what detail.
fn title(app: &App, view: &View, room: Room) -> String {
    let values = app.debugger.run.graph.len();
    let detail = match view.zoom() {
        Zoom::Full | Zoom::FullNarrow => "full",
        Zoom::Cards => "cards  data│grad",
        Zoom::NameGrad => "name+grad",
        Zoom::Names => "names",
        Zoom::Dots => "dots",
    };
    let near = || format!("near {} ({} of {values} values)", app.debugger.label(view.centre), view.picture.len());
    match (view.picture.is_whole(), app.debugger.can_be_whole(WHOLE)) {
        (false, false) => format!("{} · {detail}", near()),
        (false, true) => near(),
        (true, _) if view.zoom() != Zoom::Dots => detail.to_owned(),
        (true, _) if view.is_all(room) => format!("all {values} values"),
        (true, _) => format!("{values} values around {}", app.debugger.label(view.centre)),
    }
}

/// As many of the signs as there is room for, in the bottom edge.
fn paint_legend(look: &Look, signs: &[&str], area: Area, buffer: &mut Buffer) {
    let room = usize::from(area.width).saturating_sub(8);
    let fitting = (0..signs.len()).map(|from| format!(" {} ", signs[from..].join("  ")));
    let Some(text) = fitting.into_iter().find(|text| text.width() <= room) else { return };
    let x = area.right().saturating_sub(u16::try_from(text.width()).unwrap_or(0) + 1);
    put(buffer, x, area.bottom().saturating_sub(1), &text, area.width, look.theme.dim);
}

/// Copies painted cells to the screen, where blank ones are already.
fn blit(look: &Look, grid: &Grid, area: Area, buffer: &mut Buffer) {
    for (y, row) in (area.y..area.bottom()).zip(grid.rows()) {
        for (x, cell) in (area.x..area.right()).zip(row) {
            if cell.symbol != '\0' && *cell != Cell::BLANK {
                buffer[(x, y)].set_char(cell.symbol).set_style(style(look, cell.role));
            }
        }
    }
}

fn style(look: &Look, role: Role) -> Style {
    let theme = look.theme;
    match role {
        Role::Text | Role::Partial => theme.plain,
        Role::Dim | Role::NotReached => theme.dim,
        Role::Flowing | Role::CallStack => theme.flow,
        Role::Strong => theme.strong,
        Role::Here => theme.here,
        Role::Selected => theme.strong.add_modifier(Modifier::UNDERLINED),
        Role::Done => theme.done,
        Role::Wrong => theme.wrong,
    }
}
