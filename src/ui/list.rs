use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::frame::{head, rounded};
use super::text::{pad, put};
use super::theme::Look;
use crate::app::{App, Pane};
use crate::debugger::rows::Ran;
use crate::engine::{Event, ValueId, Write};
use crate::formula::Field;
use crate::formula::number::{fixed, short};

/// Cells of a number in a column.
const NUMBER: usize = 8;
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
    let header = u16::from(columns.wide && inside.height >= 8);
    if header == 1 {
        table_header(look, &columns, inside, buffer);
    }
    let height = usize::from(inside.height - header);
    let rows = app.debugger.rows();
    let top = first_row(rows.row(app.selected()), height, rows.len());
    for (y, row) in (inside.y + header..inside.bottom()).zip(top..rows.len()) {
        let line = Rect { y, height: 1, ..inside };
        paint_row(app, look, &columns, row, line, buffer);
    }
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
    /// Whether there is room for what changed in words.
    wide: bool,
}

impl Columns {
    fn new(app: &App, inside: Rect) -> Self {
        let digits = app.debugger.rows().len().to_string().len().max(2);
        let numbers = u16::try_from(2 * NUMBER + 3).expect("a few cells");
        let wide = inside.width >= 64;
        let values = if wide { inside.width * 3 / 5 } else { numbers };
        let order = inside.width.saturating_sub(values + 1).max(inside.width.min(10));
        Self { order, digits, wide }
    }
}

fn heads(app: &App, look: &Look, columns: &Columns, area: Rect, buffer: &mut Buffer) {
    let border = if matches!(app.focus, Pane::Order | Pane::Values) { look.theme.focus } else { look.theme.frame };
    head(app, look, Pane::Order, "reversed(topo)", area.x + 1, Rect { width: columns.order + 2, ..area }, buffer);
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
    let title = if columns.wide { "values" } else { "data ── grad" };
    head(app, look, Pane::Values, title, x, area, buffer);
}

fn table_header(look: &Look, columns: &Columns, inside: Rect, buffer: &mut Buffer) {
    let names = format!("   {:>width$} node", "", width = columns.digits);
    put(buffer, inside.x, inside.y, &names, columns.order, look.theme.dim);
    let op = columns.order.saturating_sub(u16::try_from(OP).expect("a few cells"));
    put(buffer, inside.x + op, inside.y, "op", 2, look.theme.dim);
    let values = format!(" {:>NUMBER$}  {:>NUMBER$}   this step", "data", "grad");
    let x = inside.x + columns.order + 1;
    put(buffer, x, inside.y, &values, inside.right().saturating_sub(x), look.theme.dim);
}

fn paint_row(app: &App, look: &Look, columns: &Columns, row: usize, line: Rect, buffer: &mut Buffer) {
    let debugger = &app.debugger;
    let (v, number) = debugger.rows().value(row);
    let here = debugger.current() == Some(v);
    let ran = debugger.ran(v);
    let style = row_style(look, here, ran);
    let mark = match ran {
        _ if here => "▶",
        Ran::Done | Ran::Now => "✓",
        Ran::NotYet => "·",
    };
    let chosen = if app.chosen == Some(v) { "›" } else { " " };
    let number = number.map_or_else(String::new, |number| number.to_string());
    let op = debugger.run.graph.op_of(v).map_or(String::new(), |op| op.name.clone());
    let op = if columns.order > 16 { pad(&op, OP) } else { String::new() };
    let name_cells = usize::from(columns.order).saturating_sub(3 + columns.digits + op.len());
    let name = pad(debugger.label(v), name_cells);
    let text = format!("{chosen}{mark}{number:>digits$} {name}{op}", digits = columns.digits);
    put(buffer, line.x, line.y, &text, columns.order, style);
    if columns.order + 1 < line.width {
        let x = line.x + columns.order + 1;
        paint_values(app, look, v, style, Rect { x, width: line.right() - x, ..line }, columns.wide, buffer);
    }
}

fn row_style(look: &Look, here: bool, ran: Ran) -> Style {
    match ran {
        _ if here => look.theme.here,
        Ran::Done | Ran::Now => look.theme.done,
        Ran::NotYet => look.theme.plain,
    }
}

/// A value's two numbers, and what the step that just ran did to them.
fn paint_values(app: &App, look: &Look, v: ValueId, style: Style, area: Rect, wide: bool, buffer: &mut Buffer) {
    let debugger = &app.debugger;
    let recent = debugger.recent();
    let last = |field| debugger.run.history(field).last(v, debugger.step).filter(|(step, _)| *step > recent.start);
    let (data_written, grad_written) = (last(Field::Data), last(Field::Grad));
    let computed = matches!(debugger.last_event(), Some(Event::Compute { node, .. }) if node == v);
    let flow = |written: bool| if written { style.patch(look.theme.flow) } else { style };
    let data = debugger.data(v).map_or_else(|| "·".to_owned(), |data| fixed(data, NUMBER));
    let grad = fixed(debugger.grad(v), NUMBER);
    let data_style = flow(computed || data_written.is_some());
    let number = u16::try_from(NUMBER + 1).expect("a few cells");
    let mut x = put(buffer, area.x, area.y, &format!("{data:>width$}", width = NUMBER + 1), number, data_style);
    x = put(buffer, x, area.y, &format!("{grad:>width$}", width = NUMBER + 1), number, flow(grad_written.is_some()));
    let written = grad_written.or(data_written).map(|(step, _)| step);
    let note = match written {
        Some(step) if wide => debugger.write_before(step).map_or_else(String::new, |write| note(app, &write)),
        Some(_) => "◀".to_owned(),
        None if wide && is_out(app, v) => "  = out".to_owned(),
        None => String::new(),
    };
    let note = pad(&note, usize::from(area.right().saturating_sub(x)));
    put(buffer, x, area.y, &note, area.right().saturating_sub(x), flow(written.is_some()));
}

/// `◀ 0.0 → -1.5  self`.
fn note(app: &App, write: &Write) -> String {
    let who = match write.by {
        Some((node, line)) => {
            let slot = app.debugger.run.graph.op_of(node).map_or(0, |op| op.lines[line].slot);
            ["self", "other"][slot]
        }
        None => "",
    };
    let thrown = app.debugger.threw_away(write).map_or_else(String::new, |lost| format!("  ✗ lost {}", short(lost)));
    format!(" ◀ {} → {}  {who}{thrown}", short(write.before), short(write.after))
}

/// Whether a value is the `out` of the `_backward` that just ran.
fn is_out(app: &App, v: ValueId) -> bool {
    let debugger = &app.debugger;
    let called = debugger.step.checked_sub(1).and_then(|event| debugger.called_at(event));
    called == Some(v) && !debugger.run.graph.is_leaf(v)
}
