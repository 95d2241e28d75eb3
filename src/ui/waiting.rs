use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::ascii;
use super::frame::window;
use super::text::put;
use super::theme::Look;

/// What is waited for, over whatever lies under it: in a window, so that nothing that was there is lost.
pub fn paint(what: &str, share: Option<f64>, look: &Look, area: Rect, buffer: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let width = u16::try_from(what.width()).unwrap_or(u16::MAX).clamp(40, area.width.max(40));
    let inside = window(look, "one moment · ? help · q quits", (width, 2), area, buffer);
    put(buffer, inside.x, inside.y, what, inside.width, look.theme.plain);
    if let Some(share) = share.filter(|_| inside.height > 1) {
        bar(share, look, Rect { y: inside.y + 1, height: 1, ..inside }, buffer);
    }
    if look.ascii {
        ascii::paint(buffer, area);
    }
}

fn bar(share: f64, look: &Look, area: Rect, buffer: &mut Buffer) {
    let percent = format!("{:>4.0}%", share * 100.0);
    let cells = area.width.saturating_sub(5);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of the cells is one of them")]
    let full = (f64::from(cells) * share.clamp(0.0, 1.0)) as u16;
    put(buffer, area.x, area.y, &"━".repeat(full.into()), cells, look.theme.flow);
    put(buffer, area.x + full, area.y, &"─".repeat((cells - full).into()), cells - full, look.theme.dim);
    put(buffer, area.x + cells, area.y, &percent, area.width - cells, look.theme.plain);
}
