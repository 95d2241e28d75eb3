//! Text by display width.

use unicode_width::UnicodeWidthChar;

/// Characters are drawn one by one, so a sequence takes what its characters take.
pub fn width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

/// Control characters take no cell and are not drawn.
pub fn char_width(symbol: char) -> usize {
    symbol.width().unwrap_or(0)
}

/// At most `room` cells; what is cut off becomes an ellipsis.
pub fn cut(text: &str, room: usize) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let mut used = 0;
    let fits = |symbol: &char| {
        used += char_width(*symbol);
        used < room
    };
    let mut kept: String = text.chars().take_while(fits).collect();
    if room > 0 {
        kept.push('…');
    }
    kept
}
