use std::borrow::Cow;

/// Text from outside made fit to show: what could steer a terminal or reorder a line is written as an escape, such as
/// `\u{202e}`.
///
/// That is: control characters (C0, DEL, C1), what changes the direction of text or is not seen at all, line and paragraph
/// separators, and what is no character. Everything that is shown of a file goes through here; JSON output does not, since
/// its own escapes are safe.
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
    let separates = matches!(c, '\u{2028}' | '\u{2029}' | '\u{fff9}'..='\u{fffb}');
    c.is_control() || separates || is_ignorable(c) || is_no_character(c)
}

/// What is shown as nothing wherever it means nothing: `Default_Ignorable_Code_Point` of Unicode 16.0, as
/// DerivedCoreProperties.txt lists it. Two names that differ in these alone would look the same; and those that change the
/// direction of text are among them.
fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}'
        | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
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
        assert_eq!(cleaned("a\u{ad}\u{fe0f}b"), "a\\u{ad}\\u{fe0f}b");
        assert_eq!(cleaned("a\u{fffe}\u{10ffff}\u{fffd}"), "a\\u{fffe}\\u{10ffff}\u{fffd}");
        assert_eq!(cleaned("\u{1b}[2Ja\u{202e}b\u{9b}\n"), "\\u{1b}[2Ja\\u{202e}b\\u{9b}\\u{a}");
    }
}
