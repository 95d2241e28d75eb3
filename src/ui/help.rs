use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::frame::window;
use super::text::put;
use super::theme::Look;
use crate::keymap::{Kind, TABLE};

/// What the signs on the screen mean.
const SIGNS: &[(&str, &str)] = &[
    ("▶", "what just ran: its line, its node"),
    ("✓", "has run"),
    ("◆", "its grad is final: every use has passed its share back, so its _backward may run"),
    ("◐", "some of its uses have passed their share back; it still waits for others"),
    ("·", "nothing has arrived yet; of data: not computed yet"),
    ("↺", "its grad is left over from an earlier pass"),
    ("-", "the root is not made of it: never reached"),
    ("●", "a breakpoint: stops before its _backward"),
    ("~", "another number than in the run before the last edit"),
    ("◀", "a number that was written in this step, from → to"),
    ("›", "the value you selected"),
    ("✗", "something is wrong, in words beside it"),
];

const WORDS: &[&str] = &[
    "The screen shows what just ran, not what is about to: one slide a key.",
    "self and other are the operands of an op, out is what it made.",
    "Python's _prev is a set without an order; here operands are visited left to right.",
    "A key after a count runs that often: 10n.",
];

/// The keys, from the table, then the signs.
pub fn paint(scroll: usize, look: &Look, area: Rect, buffer: &mut Buffer) {
    let keys = TABLE.iter().filter(|row| row.modes.contains(&Kind::Steps)).map(|row| (row.keys.join(" "), row.help));
    let signs = SIGNS.iter().map(|(sign, help)| ((*sign).to_owned(), *help));
    let words = WORDS.iter().map(|text| (String::new(), *text));
    let gap = || std::iter::once((String::new(), ""));
    let lines: Vec<(String, &str)> = keys.chain(gap()).chain(signs).chain(gap()).chain(words).collect();
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let inside = window(look, "help · ↑ ↓ scroll · Esc closes", (78, height), area, buffer);
    let most = lines.len().saturating_sub(usize::from(inside.height));
    for (y, (keys, help)) in (inside.y..inside.bottom()).zip(lines.iter().skip(scroll.min(most))) {
        let indent = if keys.is_empty() { 0 } else { 16 };
        put(buffer, inside.x, y, keys, inside.width.min(15), look.theme.flow);
        put(buffer, inside.x + indent, y, help, inside.width.saturating_sub(indent), look.theme.plain);
    }
}
