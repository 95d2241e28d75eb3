//! The same picture in ASCII.

/// Light wires are `- | + . '`, heavy ones `= #`. A crossing of two values is drawn as a bridge,
/// `-|-`, so that it cannot be taken for a joint, `-+-`.
pub fn to_ascii(symbol: char) -> char {
    match symbol {
        '─' | '╴' | '╶' => '-',
        '│' | '┼' | '┿' | '╵' | '╷' => '|',
        '╭' | '╮' | '┌' | '┐' | '·' => '.',
        '╰' | '╯' | '└' | '┘' => '\'',
        '├' | '┤' | '┬' | '┴' => '+',
        '━' | '╸' | '╺' | '╼' | '╾' => '=',
        '\u{2500}'..='\u{257f}' => '#',
        '▶' | '→' => '>',
        '◀' => '<',
        '✓' => 'x',
        '✗' => '!',
        '…' => '~',
        '○' => 'o',
        '◐' => 'g',
        '◉' => '@',
        '●' => '*',
        other => other,
    }
}
