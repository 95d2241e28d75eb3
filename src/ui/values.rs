use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::magnitude;
use super::text::{pad, put};
use super::theme::Look;
use crate::app::App;
use crate::engine::{Event, ValueId, Write};
use crate::formula::Field;
use crate::formula::number::{fixed, short};

/// How much of a value there is room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// Its two numbers, and a sign where one was written.
    Narrow,
    /// The same, and what was written, in words.
    Wide,
}

impl Width {
    /// By the cells of both panes together.
    pub fn in_cells(cells: u16) -> Self {
        if cells >= 64 { Self::Wide } else { Self::Narrow }
    }

    /// Cells of a number, without the space before it.
    fn number(self) -> usize {
        if self == Self::Wide { 9 } else { 7 }
    }

    /// Cells of the pane at least.
    pub fn cells(self) -> u16 {
        if self == Self::Wide { 21 } else { 17 }
    }

    pub fn title(self) -> &'static str {
        if self == Self::Wide { "values" } else { "data ── grad" }
    }
}

/// What stands above the columns.
pub fn header(width: Width, cells: u16) -> String {
    let number = width.number() + 1;
    if has_bars(cells) {
        let bars = usize::from(magnitude::CELLS);
        return format!("{:>number$}{:>number$} {:<bars$}   this step", "data", "grad", "|grad|");
    }
    // The bars stand where nothing happened in this step.
    let titles = ["   this step or |grad|", "   step or |grad|", "   this step"];
    let room = usize::from(cells).saturating_sub(2 * number);
    let title = titles.into_iter().find(|title| title.len() < room).unwrap_or_default();
    format!("{:>number$}{:>number$}{title}", "data", "grad")
}

/// A value's two numbers, and what the step that just ran did to them.
pub fn paint(app: &App, look: &Look, v: ValueId, style: Style, area: Rect, width: Width, buffer: &mut Buffer) {
    let debugger = &app.debugger;
    let recent = debugger.recent();
    let last = |field| debugger.run.history(field).last(v, debugger.step).filter(|(step, _)| *step > recent.start);
    let (data_written, grad_written) = (last(Field::Data), last(Field::Grad));
    let computed = matches!(debugger.last_event(), Some(Event::Compute { node, .. }) if node == v);
    let flow = |written: bool| if written { style.patch(look.theme.flow) } else { style };
    let number = |text: String| format!("{text:>cells$}", cells = width.number() + 1);
    let data = debugger.data(v).map_or_else(|| "·".to_owned(), |data| fixed(data, width.number()));
    let grad = fixed(debugger.grad(v), width.number());
    let mut x = put(buffer, area.x, area.y, &number(data), area.width, flow(computed || data_written.is_some()));
    x = put(buffer, x, area.y, &number(grad), area.right().saturating_sub(x), flow(grad_written.is_some()));
    let written = grad_written.or(data_written).map(|(step, _)| step);
    let bars = if has_bars(area.width) { magnitude::CELLS + 1 } else { 0 };
    let room = area.right().saturating_sub(x + bars);
    let note = match written {
        Some(step) if width == Width::Wide => {
            let wrong = amiss(app, v, width).unwrap_or_default();
            let beside = note(app, step, usize::from(room).saturating_sub(wrong.width()));
            // What was lost says already that it is wrong, and the numbers say more than what is right.
            let crowded = beside.contains('✗') && !beside.contains('→');
            if crowded { note(app, step, usize::from(room)) } else { beside + &wrong }
        }
        Some(_) => amiss(app, v, width).unwrap_or_else(|| "◀".to_owned()),
        None => amiss(app, v, width).or_else(|| was(app, v, width)).unwrap_or_else(|| {
            if width == Width::Wide && is_out(app, v) { "  = out".to_owned() } else { String::new() }
        }),
    };
    if has_bars(area.width) {
        magnitude::paint(look, debugger.grad(v), Rect { x: x + 1, width: magnitude::CELLS, ..area }, buffer);
        x += bars;
    }
    put(buffer, x, area.y, &pad(&note, usize::from(room)), room, flow(written.is_some()));
    if width == Width::Wide && note.is_empty() && !has_bars(area.width) {
        let bar = Rect { x: x + 3, width: magnitude::CELLS, ..area };
        magnitude::paint(look, debugger.grad(v), bar.intersection(area), buffer);
    }
}

/// Whether the bars have a column of their own; else they stand where nothing happened in this step.
fn has_bars(cells: u16) -> bool {
    cells >= 54
}

/// What led to a step, `◀ 0.0 → -1.5  self`, and what was lost by it, which is said last but given up last.
fn note(app: &App, step: u32, room: usize) -> String {
    let Some(write) = app.debugger.write_before(step) else { return " ◀".to_owned() };
    let thrown = app.debugger.threw_away(&write).map_or_else(String::new, |lost| format!("  ✗ lost {}", short(lost)));
    let data = if write.target.field == Field::Data { "data " } else { "" };
    let (before, after, slot) = (short(write.before), short(write.after), slot(app, &write));
    let texts = [
        format!(" ◀ {data}{before} → {after}  {slot}{thrown}"),
        format!(" ◀ {data}{before} → {after}{thrown}"),
        format!(" ◀ {data}→ {after}{thrown}"),
        format!(" ◀{thrown}"),
    ];
    let fits = |text: &&String| text.trim_end().width() <= room;
    texts.iter().find(fits).unwrap_or(&texts[3]).clone()
}

/// What the grad must be, where it can be said that it is wrong; that it is no number at all. In one cell a sign of it.
fn amiss(app: &App, v: ValueId, width: Width) -> Option<String> {
    let words = match (app.debugger.grad(v), app.debugger.must_be(v)) {
        (grad, _) if grad.is_nan() => " ✗ not a number (!)".to_owned(),
        (grad, _) if grad.is_infinite() => " ✗ infinite (!)".to_owned(),
        (_, right) => format!(" ✗ must be {}", short(right?)),
    };
    Some(if width == Width::Wide { words } else { "✗".to_owned() })
}

/// What the grad or the data was in the run before the last edit, where it was another.
fn was(app: &App, v: ValueId, width: Width) -> Option<String> {
    let field = [Field::Grad, Field::Data].into_iter().find(|&field| app.was(v, field).is_some())?;
    let was = app.was(v, field)?;
    let text = if width == Width::Wide { format!(" ~ {} was {}", field.name(), short(was)) } else { "~".to_owned() };
    Some(text)
}

/// Which operand of the op that wrote it is: `self` or `other`.
fn slot(app: &App, write: &Write) -> &'static str {
    let Some((node, line)) = write.by else { return "" };
    let slot = app.debugger.run.graph.op_of(node).map_or(0, |op| op.lines[line].slot);
    ["self", "other"][slot]
}

/// Whether a value is the `out` of the `_backward` that just ran.
fn is_out(app: &App, v: ValueId) -> bool {
    let debugger = &app.debugger;
    let called = debugger.step.checked_sub(1).and_then(|event| debugger.called_at(event));
    called == Some(v) && !debugger.run.graph.is_leaf(v)
}
