use std::path::Path;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::frame::rounded;
use super::text::{put, wrap};
use super::theme::Look;
use crate::app::{App, Prompt, PromptKind};
use crate::formula::number::repr;

/// The line that is being typed, at the bottom of the screen, and under it what is wrong with it or could come next.
pub fn paint(app: &App, prompt: &Prompt, look: &Look, area: Rect, buffer: &mut Buffer) {
    let cells = usize::from(area.width.saturating_sub(4));
    let below = below(app, prompt, cells);
    let height = u16::try_from(below.len().max(1) + 3).unwrap_or(4).min(area.height.saturating_sub(1)).max(1);
    let y = area.bottom().saturating_sub(height + 1).max(area.y);
    let area = Rect { y, height, ..area };
    let inside = if height >= 3 { framed(look, area, buffer) } else { area };
    let line = Rect { height: 1, ..inside };
    let (x, scroll) = paint_line(app, prompt, look, line, buffer);
    let under = Rect { y: inside.y + 1, height: inside.height.saturating_sub(1), ..inside };
    for (y, text) in (under.y..under.bottom()).zip(&below) {
        let style = if prompt.trouble.is_some() { look.theme.wrong } else { look.theme.dim };
        put(buffer, inside.x, y, text, inside.width, style);
    }
    if let (Some(trouble), true) = (&prompt.trouble, under.height > 0) {
        let column = |at: usize| prompt.text().get(..at.min(prompt.text().len())).map_or(0, UnicodeWidthStr::width);
        let cell = |at: usize| u16::try_from(column(at).saturating_sub(scroll)).unwrap_or(u16::MAX).saturating_add(x);
        let (from, to) = (cell(trouble.span.start), cell(trouble.span.end).min(inside.right()));
        let carets = "^".repeat(usize::from(to.saturating_sub(from)).max(1));
        put(buffer, from.min(inside.right() - 1), under.y, &carets, inside.width, look.theme.wrong);
    }
}

/// The line itself, scrolled so that the cursor is in view; where its text starts, and the columns scrolled away.
fn paint_line(app: &App, prompt: &Prompt, look: &Look, line: Rect, buffer: &mut Buffer) -> (u16, usize) {
    let sign = match prompt.kind {
        PromptKind::Command => ":".to_owned(),
        PromptKind::Search => "/".to_owned(),
        PromptKind::Predict(question) => format!("{} ", app.debugger.asked(question)),
        PromptKind::Edit(v) => {
            let now = app.debugger.data(v).map_or(String::new(), |data| format!(", now {}", repr(data)));
            format!("{}.data{now}: ", app.debugger.quoted(v))
        }
    };
    let x = put(buffer, line.x, line.y, &sign, line.width, look.theme.flow);
    let room = line.right().saturating_sub(x + 1);
    let scroll = prompt.input.visual_scroll(usize::from(room));
    let mut skipped = 0;
    let hidden = |c: char| {
        skipped += UnicodeWidthChar::width(c).unwrap_or(0);
        skipped <= scroll
    };
    let shown = prompt.text().trim_start_matches(hidden);
    put(buffer, x, line.y, shown, room, look.theme.strong);
    let cursor = u16::try_from(prompt.input.visual_cursor().saturating_sub(scroll)).unwrap_or(room).min(room) + x;
    if cursor < line.right() {
        let style = buffer[(cursor, line.y)].style().add_modifier(Modifier::REVERSED);
        buffer[(cursor, line.y)].set_style(style);
    }
    (x, scroll)
}

/// What is wrong with the line, below a row that points at the place; else what Tab found, or what a question goes by.
fn below(app: &App, prompt: &Prompt, cells: usize) -> Vec<String> {
    let given = match prompt.kind {
        PromptKind::Predict(question) => app.debugger.given(question),
        _ => Vec::new(),
    };
    let given = given.iter().flat_map(|line| wrap(line, cells, 2)).take(MOST_LINES);
    let Some(trouble) = &prompt.trouble else {
        if matches!(prompt.kind, PromptKind::Predict(_)) {
            return given.collect();
        }
        let mut lines = wrap(&prompt.completions.join("  "), cells, 0);
        if lines.len() > MOST_LINES {
            lines.truncate(MOST_LINES);
            lines.push(format!("… {} in all", prompt.completions.len()));
        }
        return lines;
    };
    let label = if trouble.label.is_empty() { String::new() } else { format!(": {}", trouble.label) };
    let help = trouble.help.as_ref().map_or(String::new(), |help| format!(" · {help}"));
    let mut lines = vec![String::new()];
    lines.extend(wrap(&format!("✗ {}{label}{help}", trouble.message), cells, 2));
    lines.truncate(MOST_LINES + 1);
    lines.extend(given);
    lines
}

/// Lines under the one that is typed, at most.
const MOST_LINES: usize = 4;

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

/// Asks before writing over a file.
pub fn ask(path: &Path, look: &Look, area: Rect, buffer: &mut Buffer) {
    put(buffer, area.x, area.y, &" ".repeat(usize::from(area.width)), area.width, look.theme.plain);
    let question = format!(" {} is there already. Write over it?  y  yes  n  no", path.display());
    put(buffer, area.x, area.y, &question, area.width, look.theme.flow);
}
