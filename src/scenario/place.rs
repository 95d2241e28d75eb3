use std::borrow::Cow;
use std::ops::Range;

/// A step into a JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// The value of a key of an object.
    Key(String),
    /// The same, of the `n`th (from 0) of equal keys.
    Repeated(String, usize),
    /// The element of an array.
    Index(usize),
}

/// The bytes of the value that `path` leads to in a JSON text, and of the key before it.
///
/// The text need only be sound up to there. `None` where the path leads nowhere.
pub(super) fn locate(text: &str, path: &[Step]) -> Option<(Range<usize>, Option<Range<usize>>)> {
    let mut scanner = Scanner { text, at: 0 };
    let mut key = None;
    scanner.space();
    for step in path {
        key = match step {
            Step::Key(name) => Some(scanner.enter_key(name, 0)?),
            Step::Repeated(name, nth) => Some(scanner.enter_key(name, *nth)?),
            Step::Index(index) => {
                scanner.enter_index(*index)?;
                None
            }
        };
    }
    let start = scanner.at;
    // Where the text breaks off within the value, the value is all that is left.
    let end = scanner.skip_value().map_or(text.len(), |()| scanner.at);
    Some((start..end, key))
}

/// The token that ends at or just before byte `end`: what a parser had read when it complained.
pub(super) fn token_before(text: &str, end: usize) -> Range<usize> {
    let mut scanner = Scanner { text, at: 0 };
    let mut last = 0..0;
    loop {
        scanner.space();
        let start = scanner.at;
        if start >= end || start >= text.len() {
            break;
        }
        scanner.skip_token();
        last = start..scanner.at;
    }
    if last.end > end && !text[last.clone()].starts_with(|c: char| c == '"' || c.is_alphanumeric() || c == '-') {
        last.end = end;
    }
    last
}

/// The token that starts at or after byte `at`.
pub(super) fn token_after(text: &str, at: usize) -> Range<usize> {
    let mut scanner = Scanner { text, at };
    scanner.space();
    let start = scanner.at.min(text.len());
    scanner.skip_token();
    start..scanner.at.min(text.len())
}

/// Where byte `at` of a string's content stands in the JSON text of the string, quotes and escapes included.
pub(super) fn in_string(json: &str, at: usize) -> usize {
    let mut content = 0;
    let mut chars = json.char_indices().skip(1).peekable();
    while let Some((place, c)) = chars.next() {
        if content >= at || c == '"' {
            return place;
        }
        content += if c == '\\' { escaped(&json[place..], &mut chars) } else { c.len_utf8() };
    }
    json.len()
}

/// Bytes of content that an escape stands for; takes the rest of it from `chars`.
fn escaped(json: &str, chars: &mut impl Iterator<Item = (usize, char)>) -> usize {
    let Some((_, 'u')) = chars.next() else { return 1 };
    let unit = json.get(2..6).and_then(|hex| u32::from_str_radix(hex, 16).ok()).unwrap_or(0);
    let surrogate = (0xd800..0xdc00).contains(&unit);
    for _ in 0..if surrogate { 10 } else { 4 } {
        chars.next();
    }
    if surrogate { 4 } else { char::from_u32(unit).map_or(1, char::len_utf8) }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// A string, a number or word, or one sign.
    fn skip_token(&mut self) {
        match self.peek() {
            Some(b'"') => self.skip_string(),
            Some(b'{' | b'}' | b'[' | b']' | b',' | b':') | None => self.at += 1,
            Some(_) => {
                let rest = &self.text[self.at..];
                let sign = |c: char| matches!(c, '{' | '}' | '[' | ']' | ',' | ':' | '"') || c.is_ascii_whitespace();
                self.at += rest.find(sign).unwrap_or(rest.len()).max(1);
            }
        }
    }

    fn skip_string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'"' => return,
                b'\\' => self.at += 1,
                _ => {}
            }
        }
        self.at = self.at.min(self.text.len());
    }

    fn skip_value(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            self.space();
            match self.peek()? {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.checked_sub(1)?,
                _ => {}
            }
            self.skip_token();
            if depth == 0 {
                return Some(());
            }
        }
    }

    /// Goes to the value of the `nth` key of that name in the object that starts here; gives the place of the key.
    fn enter_key(&mut self, name: &str, nth: usize) -> Option<Range<usize>> {
        let mut seen = 0;
        self.enter(b'{')?;
        loop {
            let start = self.at;
            self.skip_token();
            let key = start..self.at;
            let found: Option<Cow<str>> = serde_json::from_str::<String>(&self.text[key.clone()]).ok().map(Cow::Owned);
            // What is wrong with a key is seen before what comes after it: that may be wrong as well.
            let there = self.enter(b':');
            if found.as_deref() == Some(name) {
                if seen == nth {
                    return Some(key);
                }
                seen += 1;
            }
            there?;
            self.skip_value()?;
            self.enter(b',')?;
        }
    }

    fn enter_index(&mut self, index: usize) -> Option<()> {
        self.enter(b'[')?;
        for _ in 0..index {
            self.skip_value()?;
            self.enter(b',')?;
        }
        Some(())
    }

    /// Takes that sign and the space around it.
    fn enter(&mut self, sign: u8) -> Option<()> {
        self.space();
        (self.peek()? == sign).then(|| self.at += 1)?;
        self.space();
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Step, in_string, locate};

    #[test]
    fn paths_lead_to_values_and_their_keys() {
        let text = r#"{"a": [1, {"b\"": "x"}], "c": 2, "c": 3}"#;
        let key = |k: &str| Step::Key(k.into());
        let at = |path: &[Step]| locate(text, path).map(|(value, key)| (&text[value], key.map(|key| &text[key])));
        assert_eq!(at(&[key("a"), Step::Index(1), key("b\"")]), Some((r#""x""#, Some(r#""b\"""#))));
        assert_eq!(at(&[Step::Repeated("c".into(), 1)]), Some(("3", Some(r#""c""#))));
        assert_eq!(at(&[key("d")]), None);
    }

    #[test]
    fn escapes_are_counted_as_what_they_stand_for() {
        let json = r#""a\n\u00e9\ud83d\ude00b""#;
        let content: String = serde_json::from_str(json).unwrap();
        let b = content.find('b').unwrap();
        assert_eq!(&json[in_string(json, b)..=in_string(json, b)], "b");
    }
}
