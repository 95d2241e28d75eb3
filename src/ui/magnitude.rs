//! Magnitudes at a glance: a bar on a logarithmic scale, so that what vanishes and what explodes is seen without reading.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::text::{cut, put};
use super::theme::Look;
use crate::app::App;
use crate::formula::number::repr;

/// Cells of a bar: one a factor of 100.
pub const CELLS: u16 = 8;
/// Halves of a cell left of 1: one a factor of 10.
const HALVES_BELOW_ONE: f64 = 10.0;

/// A bar for a number, at the start of an area. What has no magnitude is marked as what it is.
pub fn paint(look: &Look, x: f64, area: Rect, buffer: &mut Buffer) {
    if x.is_nan() || x.is_infinite() {
        let name = repr(x);
        put(buffer, area.x, area.y, &format!("✗ {name}"), area.width, look.theme.wrong);
    } else if x == 0.0 {
        put(buffer, area.x, area.y, "0", area.width, look.theme.dim);
    } else {
        let (bar, rest) = bar(x);
        let end = put(buffer, area.x, area.y, &bar, area.width, look.theme.plain);
        put(buffer, end, area.y, &rest, area.right().saturating_sub(end), look.theme.dim);
    }
}

/// The bar, and the rest of the scale.
fn bar(x: f64) -> (String, String) {
    let all = usize::from(CELLS) * 2;
    let halves = (x.abs().log10() + HALVES_BELOW_ONE).round().clamp(1.0, f64::from(CELLS) * 2.0);
    // Between 1 and 16, so that it is exact.
    let filled = (1..=all).filter(|&half| u32::try_from(half).is_ok_and(|half| f64::from(half) <= halves)).count();
    let bar = "━".repeat(filled / 2) + ["", "╸"][filled % 2];
    (bar, "─".repeat((all - filled) / 2))
}

/// The selected value in full precision, in the lower edge of a frame.
pub fn exact(app: &App, look: &Look, area: Rect, buffer: &mut Buffer) {
    let (debugger, v) = (&app.debugger, app.selected());
    let (name, grad) = (debugger.label(v), repr(debugger.grad(v)));
    let data = debugger.data(v).map_or_else(|| "·".to_owned(), repr);
    let room = usize::from(area.width.saturating_sub(4));
    let short = cut(name, room.saturating_sub(grad.width() + 8).max(2));
    let texts = [
        format!(" {name}  data {data}  grad {grad} "),
        format!(" {name} grad {grad} "),
        format!(" {short} grad {grad} "),
        format!(" grad {grad} "),
    ];
    let Some(text) = texts.into_iter().find(|text| text.width() <= room) else { return };
    let width = u16::try_from(text.width()).unwrap_or(area.width);
    let y = area.bottom().saturating_sub(1);
    put(buffer, area.right().saturating_sub(width + 1), y, &text, width, look.theme.dim);
}

#[cfg(test)]
mod tests {
    use super::bar;

    #[test]
    fn bars_grow_by_half_a_cell_a_decade() {
        let cases = [
            (1.0, "━━━━━", "───"),
            (-0.1, "━━━━╸", "───"),
            (8e-9, "━", "───────"),
            (5e-324, "╸", "───────"),
            (1e300, "━━━━━━━━", ""),
        ];
        for (x, filled, rest) in cases {
            assert_eq!(bar(x), (filled.into(), rest.into()), "{x}");
        }
    }
}
