use std::path::Path;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use unicode_width::UnicodeWidthStr;

use super::frame::rounded;
use super::text::put;
use super::theme::Look;
use crate::app::{App, Prompt, PromptKind};
use crate::formula::number::repr;

/// The line that is being typed, at the bottom of the screen, and under it what is wrong with it or could come next.
pub fn paint(app: &App, prompt: &Prompt, look: &Look, area: Rect, buffer: &mut Buffer) {
    let height = 4.min(area.height.saturating_sub(1)).max(1);
    let y = area.bottom().saturating_sub(height + 1).max(area.y);
    let area = Rect { y, height, ..area };
    let inside = if height >= 3 { framed(look, area, buffer) } else { area };
    let sign = match prompt.kind {
        PromptKind::Command => ":".to_owned(),
        PromptKind::Search => "/".to_owned(),
        PromptKind::Edit(v) => {
            let now = app.debugger.data(v).map_or(String::new(), |data| format!(", now {}", repr(data)));
            format!("{}.data{now}: ", app.debugger.quoted(v))
        }
    };
    let x = put(buffer, inside.x, inside.y, &sign, inside.width, look.theme.flow);
    let room = inside.right().saturating_sub(x + 1);
    let scroll = prompt.input.visual_scroll(usize::from(room));
    let shown: String = prompt.text().chars().skip(scroll).collect();
    put(buffer, x, inside.y, &shown, room, look.theme.strong);
    let cell = |column: usize| x + u16::try_from(column.saturating_sub(scroll)).unwrap_or(room).min(room);
    let cursor = cell(prompt.input.visual_cursor());
    if cursor < inside.right() {
        let style = buffer[(cursor, inside.y)].style().add_modifier(Modifier::REVERSED);
        buffer[(cursor, inside.y)].set_style(style);
    }
    if inside.height > 1 {
        let below = Rect { y: inside.y + 1, height: 1, ..inside };
        under(prompt, look, &cell, below, buffer);
    }
}

fn framed(look: &Look, area: Rect, buffer: &mut Buffer) -> Rect {
    for y in area.top()..area.bottom() {
        put(buffer, area.x, y, &" ".repeat(usize::from(area.width)), area.width, look.theme.plain);
        for x in area.left()..area.right() {
            buffer[(x, y)].reset();
        }
    }
    let inside = rounded(look, true, area, buffer);
    Rect { x: inside.x + 1, width: inside.width.saturating_sub(2), ..inside }
}

/// `^^^ not a value`, under the place that is to blame; else what Tab found.
fn under(prompt: &Prompt, look: &Look, cell: &dyn Fn(usize) -> u16, area: Rect, buffer: &mut Buffer) {
    let Some(trouble) = &prompt.trouble else {
        let list = prompt.completions.join("  ");
        put(buffer, area.x, area.y, &list, area.width, look.theme.dim);
        return;
    };
    let text = prompt.text();
    let width = |at: usize| text.get(..at.min(text.len())).map_or(0, UnicodeWidthStr::width);
    let (from, to) = (width(trouble.span.start), width(trouble.span.end));
    let help = trouble.help.as_ref().map_or(String::new(), |help| format!(" · {help}"));
    let sentence = format!("{} ✗ {}: {}{help}", "^".repeat((to - from).max(1)), trouble.message, trouble.label);
    let room = usize::from(area.width);
    let start = usize::from(cell(from).saturating_sub(area.x)).min(room.saturating_sub(sentence.width()));
    let x = area.x + u16::try_from(start).unwrap_or(0);
    put(buffer, x, area.y, &sentence, area.right().saturating_sub(x), look.theme.wrong);
}

/// Asks before writing over a file.
pub fn ask(path: &Path, look: &Look, area: Rect, buffer: &mut Buffer) {
    put(buffer, area.x, area.y, &" ".repeat(usize::from(area.width)), area.width, look.theme.plain);
    let question = format!(" {} is there already. Write over it?  y  yes  n  no", path.display());
    put(buffer, area.x, area.y, &question, area.width, look.theme.flow);
}
