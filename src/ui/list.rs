use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Position, Rect};
use ratatui::style::Style;

use super::frame::{head, rounded};
use super::magnitude;
use super::text::{pad, put};
use super::theme::Look;
use super::values::{self, Width};
use crate::app::{App, List, Pane};
use crate::debugger::rows::Ran;
use crate::debugger::standing::Standing;
use crate::engine::ValueId;

/// Cells of the column of ops.
const OP: usize = 4;

/// Panes 2 and 3 in one frame: row i is the same value in both.
pub fn paint(app: &App, look: &Look, area: Rect, buffer: &mut Buffer) {
    let focused = matches!(app.focus, Pane::Order | Pane::Values);
    let inside = rounded(look, focused, area, buffer);
    if inside.is_empty() {
        return;
    }
    let columns = Columns::new(app, inside);
    heads(app, look, &columns, area, buffer);
    magnitude::exact(app, look, area, buffer);
    let header = header_rows(columns.values, inside);
    if header == 1 {
        table_header(look, &columns, inside, buffer);
    }
    let height = usize::from(inside.height - header);
    let rows = app.list();
    let top = first_row(rows.row(app.selected()), height, rows.len());
    for (y, row) in (inside.y + header..inside.bottom()).zip(top..rows.len()) {
        let line = Rect { y, height: 1, ..inside };
        paint_row(app, look, &columns, (&rows, row), line, buffer);
    }
}

/// The value whose row is at a place of the panes.
pub fn value_at(app: &App, at: Position, area: Rect) -> Option<ValueId> {
    let inside = area.inner(Margin::new(1, 1));
    let (rows, header) = (app.list(), header_rows(Width::in_cells(inside.width), inside));
    let height = usize::from(inside.height.saturating_sub(header));
    let top = first_row(rows.row(app.selected()), height, rows.len());
    let row = top + usize::from(at.y.checked_sub(inside.y + header)?);
    (inside.contains(at) && row < rows.len()).then(|| rows.value(row).0)
}

fn header_rows(width: Width, inside: Rect) -> u16 {
    u16::from(width == Width::Wide && inside.height >= 8)
}

/// The first row to show so that `selected` is in view, near the middle where the list is longer than the pane.
pub fn first_row(selected: usize, height: usize, rows: usize) -> usize {
    selected.saturating_sub(height / 2).min(rows.saturating_sub(height))
}

/// Where the columns of the two panes stand.
struct Columns {
    /// Cells of the order pane, without the line between the two.
    order: u16,
    digits: usize,
    values: Width,
}

impl Columns {
    fn new(app: &App, inside: Rect) -> Self {
        let digits = app.debugger.rows().len().to_string().len().max(2);
        let values = Width::in_cells(inside.width);
        let cells = if values == Width::Wide { inside.width * 3 / 5 } else { values.cells() };
        let order = inside.width.saturating_sub(cells + 1).max(inside.width.min(10));
        Self { order, digits, values }
    }
}

fn heads(app: &App, look: &Look, columns: &Columns, area: Rect, buffer: &mut Buffer) {
    let border = if matches!(app.focus, Pane::Order | Pane::Values) { look.theme.focus } else { look.theme.frame };
    // Where no build_topo has run, and where single calls do, the order is one that would be right, not the one that runs.
    let title = match app.predict {
        Some(_) => "which is next?",
        None if app.debugger.is_order_built() => "reversed(topo)",
        None => "a right order",
    };
    head(app, look, Pane::Order, title, area.x + 1, Rect { width: columns.order + 2, ..area }, buffer);
    let x = area.x + 1 + columns.order;
    if x + 2 >= area.right() {
        return;
    }
    for y in area.y..area.bottom() {
        let sign = if y == area.y {
            "┬"
        } else if y + 1 == area.bottom() {
            "┴"
        } else {
            "│"
        };
        put(buffer, x, y, sign, 1, border);
    }
    head(app, look, Pane::Values, columns.values.title(), x, area, buffer);
}

fn table_header(look: &Look, columns: &Columns, inside: Rect, buffer: &mut Buffer) {
    let names = format!("   {:>width$} node", "", width = columns.digits);
    put(buffer, inside.x, inside.y, &names, columns.order, look.theme.dim);
    let op = columns.order.saturating_sub(u16::try_from(OP).expect("a few cells"));
    put(buffer, inside.x + op, inside.y, "op", 2, look.theme.dim);
    let x = inside.x + columns.order + 1;
    put(
        buffer,
        x,
        inside.y,
        &values::header(columns.values, inside.right() - x),
        inside.right().saturating_sub(x),
        look.theme.dim,
    );
}

fn paint_row(app: &App, look: &Look, columns: &Columns, (list, row): (&List, usize), line: Rect, buffer: &mut Buffer) {
    let debugger = &app.debugger;
    let (v, number) = list.value(row);
    let here = debugger.running() == Some(v);
    let ran = debugger.ran(v);
    let style = row_style(look, here, ran);
    let mark = mark(app, v, here, ran);
    let chosen = if app.chosen == Some(v) { "›" } else { " " };
    let number = number.map_or_else(String::new, |number| number.to_string());
    let op = debugger.run.graph.op_of(v).map_or("", |op| &op.name);
    let op = if columns.order > 16 { pad(op, OP) } else { String::new() };
    let name_cells = usize::from(columns.order).saturating_sub(4 + columns.digits + op.len());
    let hidden = list.hides(row);
    let name = pad(if hidden { "?" } else { debugger.label(v) }, name_cells) + " ";
    let op = if hidden { " ".repeat(op.len()) } else { op };
    let stop = stop(app, v);
    let text = format!("{chosen}{mark}{number:>digits$}{stop}{name}{op}", digits = columns.digits);
    put(buffer, line.x, line.y, &text, columns.order, style);
    if columns.order + 1 < line.width {
        let x = line.x + columns.order + 1;
        values::paint(app, look, v, style, Rect { x, width: line.right() - x, ..line }, columns.values, buffer);
    }
}

/// Whether a breakpoint is set on a value, and whether it is on.
fn stop(app: &App, v: ValueId) -> &'static str {
    let mut stops = app.breakpoints.iter().filter(|breakpoint| breakpoint.value() == Some(v));
    match stops.next() {
        Some(first) if first.on || stops.any(|other| other.on) => "●",
        Some(_) => "○",
        None => " ",
    }
}

/// How far a value has come: its `_backward` runs, has run, may run, or where its grad stands.
fn mark(app: &App, v: ValueId, here: bool, ran: Ran) -> &'static str {
    match (ran, app.debugger.standing(v)) {
        _ if here => "▶",
        (Ran::Done | Ran::Now, _) => "✓",
        (_, Standing::Final) => "◆",
        (_, Standing::Earlier) => "↺",
        (_, Standing::Unreached) => "-",
        (_, Standing::Waiting(0, _)) => "·",
        (_, Standing::Waiting(..)) => "◐",
    }
}

fn row_style(look: &Look, here: bool, ran: Ran) -> Style {
    match ran {
        _ if here => look.theme.here,
        Ran::Done | Ran::Now => look.theme.done,
        Ran::NotYet => look.theme.plain,
    }
}
