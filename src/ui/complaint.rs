use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::frame::{window, window_height};
use super::text::put;
use super::theme::Look;
use crate::scenario::Complaint;

const TITLE: &str = "✗ this scenario cannot be opened · Esc closes";

/// How far it can be scrolled on a screen of that size.
pub fn most(complaint: &Complaint, area: Rect) -> usize {
    let lines = complaint.render(false).lines().count();
    lines.saturating_sub(usize::from(window_height(lines, area)))
}

/// What is wrong with a scenario, as the command line would say it: the line, and what in it is to blame.
pub fn paint(complaint: &Complaint, scroll: usize, look: &Look, area: Rect, buffer: &mut Buffer) {
    let text = complaint.render(false);
    let lines: Vec<&str> = text.lines().collect();
    let width = lines.iter().map(|line| line.width()).max().unwrap_or(0).max(TITLE.width() + 2);
    let size =
        (u16::try_from(width).unwrap_or(u16::MAX).min(area.width), u16::try_from(lines.len()).unwrap_or(u16::MAX));
    let inside = window(look, TITLE, size, area, buffer);
    for (y, (at, line)) in
        (inside.y..inside.bottom()).zip(lines.iter().enumerate().skip(scroll.min(most(complaint, area))))
    {
        let style = if at == 0 { look.theme.wrong } else { look.theme.plain };
        put(buffer, inside.x, y, line, inside.width, style);
    }
}
