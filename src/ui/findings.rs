use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::frame::window;
use super::text::{pad, put, wrap};
use super::theme::Look;
use crate::app::App;

/// The list of what went wrong in the whole run, in the order of steps; below it the selected one in full.
pub fn paint(app: &App, at: usize, look: &Look, area: Rect, buffer: &mut Buffer) {
    let findings = app.debugger.findings();
    let height = u16::try_from(findings.len() + 9).unwrap_or(u16::MAX).max(12);
    let parts = findings.iter().find(|finding| finding.kind.is_fault());
    let parts = parts.map_or(String::new(), |fault| format!(" · parts from a right run at step {}", fault.step));
    let more = match app.debugger.found().more.len() {
        0 => String::new(),
        more => format!(" · {more} more are not listed"),
    };
    let inside = window(look, &format!("findings{parts}{more}"), (96, height), area, buffer);
    if inside.is_empty() {
        return;
    }
    let Some(finding) = findings.get(at) else {
        put(buffer, inside.x, inside.y, "✓ nothing went wrong in this run", inside.width, look.theme.done);
        return;
    };
    let cells = usize::from(inside.width);
    let mut full: Vec<String> = wrap(&format!("{}.", finding.message), cells, 0);
    full.push(String::new());
    full.extend(wrap(&format!("Cure: {}.", finding.cure), cells, 0));
    let below = u16::try_from(full.len() + 1).unwrap_or(u16::MAX).min(inside.height.saturating_sub(2));
    let list = inside.height - below;
    let top = super::list::first_row(at, usize::from(list), findings.len());
    for (y, (index, finding)) in (inside.y..inside.y + list).zip(findings.iter().enumerate().skip(top)) {
        let (sign, style) = match (finding.kind.is_fault(), finding.step <= app.debugger.step) {
            _ if index == at => (if finding.kind.is_fault() { "✗" } else { "·" }, look.theme.here),
            (true, true) => ("✗", look.theme.wrong),
            (false, true) => ("·", look.theme.plain),
            (_, false) => ("·", look.theme.dim),
        };
        let names: Vec<String> = finding.values.iter().take(3).map(|&v| app.debugger.quoted(v)).collect();
        let text = format!(" {sign} step {:<6} {:<12} {}", finding.step, finding.kind.name(), names.join(", "));
        put(buffer, inside.x, y, &pad(&text, cells), inside.width, style);
    }
    for (y, line) in (inside.y + list + 1..inside.bottom()).zip(&full) {
        put(buffer, inside.x, y, line, inside.width, look.theme.plain);
    }
}
