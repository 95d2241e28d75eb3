//! The same screen in ASCII, for terminals and fonts that have nothing else.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// What stands for each sign. None is a letter or a digit, where it may stand beside a name or a number; and none is two
/// signs of one place.
const SIGNS: &[(&str, char)] = &[
    ("▶▸◉→", '>'),
    ("◀←", '<'),
    ("›", ']'),
    ("✓", '/'),
    ("✗", '!'),
    ("△↑", '^'),
    ("·", '.'),
    ("◐", ':'),
    ("◆", '&'),
    ("↺", '%'),
    ("●", '@'),
    ("○", 'o'),
    ("◎", 'O'),
    ("×", 'x'),
    ("↓", 'v'),
    ("…", '~'),
];

/// Light wires are `- | + . '`, heavy ones `= #`. A crossing of two values is drawn as a bridge, `-|-`, so that it cannot be
/// taken for a joint, `-+-`.
fn wire(symbol: char) -> Option<char> {
    Some(match symbol {
        '─' | '╴' | '╶' => '-',
        '│' | '┼' | '┿' | '╵' | '╷' => '|',
        '╭' | '╮' | '┌' | '┐' => '.',
        '╰' | '╯' | '└' | '┘' => '\'',
        '├' | '┤' | '┬' | '┴' => '+',
        '━' | '╸' | '╺' | '╼' | '╾' => '=',
        '\u{2500}'..='\u{257f}' => '#',
        _ => return None,
    })
}

/// What stands for a character; itself, where nothing does.
pub fn to_ascii(symbol: char) -> char {
    let sign = || SIGNS.iter().find(|(signs, _)| signs.contains(symbol)).map(|(_, sign)| *sign);
    wire(symbol).or_else(sign).unwrap_or(symbol)
}

/// Puts an ASCII sign in place of every other. Names and labels may still hold what they like, a `?` in its place.
pub fn paint(buffer: &mut Buffer, area: Rect) {
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right() {
            let cell = &mut buffer[(x, y)];
            if !cell.symbol().is_ascii() {
                let sign = cell.symbol().chars().next().map(to_ascii).filter(char::is_ascii);
                cell.set_char(sign.unwrap_or('?'));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::to_ascii;

    /// What may stand right before a name: in the lists, and in the graph.
    #[test]
    fn the_signs_of_a_value_are_told_apart_from_each_other_and_from_names() {
        let mut signs: Vec<char> = "▶✓✗△·◐◆↺›-".chars().map(to_ascii).collect();
        assert!(signs.iter().all(char::is_ascii_punctuation), "{signs:?}");
        signs.sort_unstable();
        let all = signs.len();
        signs.dedup();
        assert_eq!(signs.len(), all);
    }

    /// As dots have them, beside the letter of an op.
    #[test]
    fn no_dot_is_an_op() {
        let dots: Vec<char> = "○◐◆◉●◎×✗↺".chars().map(to_ascii).collect();
        assert!(dots.iter().all(|dot| !"+-*/".contains(*dot)), "{dots:?}");
    }
}
