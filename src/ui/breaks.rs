use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::frame::window;
use super::text::{pad, put};
use super::theme::Look;
use crate::app::App;
use crate::debugger::breaks::Stop;

/// The list of breakpoints.
pub fn paint(app: &App, at: usize, look: &Look, area: Rect, buffer: &mut Buffer) {
    let height = u16::try_from(app.breakpoints.len().max(3)).unwrap_or(u16::MAX);
    let inside = window(look, "breakpoints · Space on or off · d deletes · Esc closes", (66, height), area, buffer);
    if app.breakpoints.is_empty() {
        let words = ["none is set", "b sets one on the selected node", "`:break if isnan(grad)` stops anywhere"];
        for (y, line) in (inside.y..inside.bottom()).zip(words) {
            put(buffer, inside.x, y, line, inside.width, look.theme.plain);
        }
    }
    let top = super::list::first_row(at, usize::from(inside.height), app.breakpoints.len());
    for (y, (index, breakpoint)) in (inside.y..inside.bottom()).zip(app.breakpoints.iter().enumerate().skip(top)) {
        let style = if index == at { look.theme.here } else { look.theme.plain };
        let sign = if breakpoint.on { "●" } else { "○" };
        let what = match breakpoint.stop {
            Stop::Node(..) => "before its _backward",
            Stop::Write(..) => "after a write",
            Stop::When(_) => "when that becomes true",
            Stop::Waits => "waits for its value",
        };
        let text = format!(" {sign} {:>2}  {}  {what}", breakpoint.number, pad(&breakpoint.text, 34));
        put(buffer, inside.x, y, &pad(&text, usize::from(inside.width)), inside.width, style);
    }
}
