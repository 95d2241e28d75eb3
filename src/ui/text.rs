use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::scenario::cleaned;

/// Whether every character is one of those that take one cell each, whatever stands beside them: nearly all of a frame is
/// made of them, and they need neither cleaning nor measuring.
fn is_plain(text: &str) -> bool {
    let plain = |c| matches!(c, ' '..='~' | '\u{2500}'..='\u{25cf}' | '·' | '…' | '›' | '→' | '✓' | '✗');
    text.chars().all(plain)
}

/// A text in a number of cells: cut with an ellipsis where it is too long, never in the middle of a character.
pub fn cut(text: &str, cells: usize) -> Cow<'_, str> {
    if is_plain(text) {
        return cut_plain(text, cells);
    }
    let text = cleaned(text);
    if text.width() <= cells {
        return text;
    }
    let mut short = String::new();
    let mut width = 0;
    for grapheme in text.graphemes(true) {
        let next = width + grapheme.width();
        if next + 1 > cells {
            break;
        }
        short.push_str(grapheme);
        width = next;
    }
    if cells > 0 {
        short.push('…');
    }
    Cow::Owned(short)
}

fn cut_plain(text: &str, cells: usize) -> Cow<'_, str> {
    if text.len() <= cells || text.chars().count() <= cells {
        return Cow::Borrowed(text);
    }
    let shown = text.chars().take(cells.saturating_sub(1));
    Cow::Owned(shown.chain((cells > 0).then_some('…')).collect())
}

/// As [`cut`], filled with spaces on the right.
pub fn pad(text: &str, cells: usize) -> String {
    let text = cut(text, cells);
    let width = if is_plain(&text) { text.chars().count() } else { text.width() };
    let mut text = text.into_owned();
    text.extend(std::iter::repeat_n(' ', cells.saturating_sub(width)));
    text
}

/// Writes a text at a place, cut to a number of cells; says where the next would go.
pub fn put(buffer: &mut Buffer, x: u16, y: u16, text: &str, cells: u16, style: Style) -> u16 {
    if !buffer.area.contains((x, y).into()) {
        return x;
    }
    let cells = cells.min(buffer.area.right().saturating_sub(x));
    if !is_plain(text) {
        return buffer.set_stringn(x, y, cut(text, usize::from(cells)), usize::from(cells), style).0;
    }
    let text = cut_plain(text, usize::from(cells));
    let start = buffer.index_of(x, y);
    let row = &mut buffer.content[start..start + usize::from(cells)];
    let mut end = x;
    for (cell, c) in row.iter_mut().zip(text.chars()) {
        // Most are blanks on blanks, and to look is cheaper than to write.
        if c != ' ' || cell.symbol() != " " {
            cell.set_char(c);
        }
        cell.set_style(style);
        end += 1;
    }
    end
}

/// A text in lines of a number of cells, broken at spaces where there are any; lines after the first are indented.
pub fn wrap(text: &str, cells: usize, indent: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in cleaned(text).split_inclusive(' ') {
        let line = lines.last_mut().expect("there is always a line");
        if line.width() + word.trim_end().width() <= cells || line.trim().is_empty() {
            line.push_str(word);
        } else {
            lines.push(" ".repeat(indent) + word);
        }
    }
    lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::{cut, pad, wrap};

    #[test]
    fn texts_are_cut_by_cells_and_not_by_bytes() {
        assert_eq!(cut("x1*w1 + x2*w2", 9), "x1*w1 + …");
        assert_eq!(cut("値段の計算", 5), "値段…");
        assert_eq!(pad("ab", 4), "ab  ");
        assert_eq!((cut("abc", 0), cut("abc", 1)), ("".into(), "…".into()));
    }

    #[test]
    fn texts_are_wrapped_at_spaces() {
        assert_eq!(wrap("the first line and more", 12, 2), ["the first", "  line and", "  more"]);
    }
}
