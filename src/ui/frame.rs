use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Rect};
use ratatui::widgets::{Block, BorderType, Clear, Widget};
use unicode_width::UnicodeWidthStr;

use super::text::put;
use super::theme::Look;
use crate::app::{App, Pane};

/// Draws the frame of a numbered pane, and gives what is inside.
pub fn pane(app: &App, look: &Look, pane: Pane, title: &str, area: Rect, buffer: &mut Buffer) -> Rect {
    let inside = rounded(look, app.focus == pane, area, buffer);
    head(app, look, pane, title, area.x + 1, area, buffer);
    inside
}

/// Writes the number and title of a pane into the top edge of its frame; says where it ends.
pub fn head(app: &App, look: &Look, pane: Pane, title: &str, x: u16, area: Rect, buffer: &mut Buffer) -> u16 {
    let number = Pane::ALL.iter().position(|&other| other == pane).unwrap_or(0) + 1;
    let style = if app.focus == pane { look.theme.strong } else { look.theme.plain };
    let room = area.right().saturating_sub(x + 2);
    put(buffer, x + 1, area.y, &format!(" {number} {title} "), room, style)
}

/// Writes into the bottom edge of a frame: what it does not show.
pub fn below(look: &Look, text: &str, area: Rect, buffer: &mut Buffer) {
    let y = area.bottom().saturating_sub(1);
    put(buffer, area.x + 2, y, &format!(" {text} "), area.width.saturating_sub(4), look.theme.strong);
}

/// Writes into the right end of the bottom edge of a frame, where nothing else stands there.
pub fn corner(look: &Look, text: &str, area: Rect, buffer: &mut Buffer) {
    let width = u16::try_from(text.width()).unwrap_or(u16::MAX);
    let (end, y) = (area.right().saturating_sub(1), area.bottom().saturating_sub(1));
    let start = end.saturating_sub(width);
    if start > area.x && (start..end).all(|x| buffer[(x, y)].symbol() == "─") {
        put(buffer, start, y, text, width, look.theme.dim);
    }
}

/// Draws a rounded frame, and gives what is inside.
pub fn rounded(look: &Look, focused: bool, area: Rect, buffer: &mut Buffer) -> Rect {
    let style = if focused { look.theme.focus } else { look.theme.frame };
    Block::bordered().border_type(BorderType::Rounded).border_style(style).render(area, buffer);
    area.inner(Margin::new(1, 1))
}

/// Rows inside of a window with that many lines of content.
pub fn window_height(lines: usize, area: Rect) -> u16 {
    u16::try_from(lines).unwrap_or(u16::MAX).min(area.height.saturating_sub(2))
}

/// Draws a window over the middle of the screen, as high as its content if there is room, and gives what is inside.
pub fn window(look: &Look, title: &str, size: (u16, u16), area: Rect, buffer: &mut Buffer) -> Rect {
    let (width, height) = ((size.0 + 4).min(area.width), size.1.saturating_add(2).min(area.height));
    let (x, y) = (area.x + (area.width - width) / 2, area.y + (area.height - height) / 2);
    let area = Rect { x, y, width, height };
    Clear.render(area, buffer);
    let inside = rounded(look, true, area, buffer);
    put(buffer, area.x + 2, area.y, &format!(" {title} "), area.width.saturating_sub(4), look.theme.strong);
    inside.inner(Margin::new(1, 0))
}
