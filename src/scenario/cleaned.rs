use std::borrow::Cow;

/// Text from outside made fit to show: what could steer a terminal or reorder a line is written as an escape, such as
/// `\u{202e}`.
///
/// That is: control characters (C0, DEL, C1), the characters that change the direction of text, zero-width ones, line
/// and paragraph separators, the byte order mark, and tags. Everything that is shown of a file goes through here;
/// JSON output does not, since its own escapes are safe.
pub fn cleaned(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| !is_unfit(c)) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_unfit(c) {
            clean.extend(c.escape_unicode());
        } else {
            clean.push(c);
        }
    }
    Cow::Owned(clean)
}

fn is_unfit(c: char) -> bool {
    c.is_control()
        || is_no_character(c)
        || matches!(c,
            '\u{061c}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// What Unicode gives no meaning to for ever (section 23.7), and XML does not allow.
fn is_no_character(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::cleaned;

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(cleaned("x1*w1 ∂ 値"), "x1*w1 ∂ 値");
        assert_eq!(cleaned("a\u{fffe}\u{10ffff}\u{fffd}"), "a\\u{fffe}\\u{10ffff}\u{fffd}");
        assert_eq!(cleaned("\u{1b}[2Ja\u{202e}b\u{9b}\n"), "\\u{1b}[2Ja\\u{202e}b\\u{9b}\\u{a}");
    }
}
