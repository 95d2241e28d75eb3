//! Rust source as far as the checks need it: no comments, no literals, and where things end.

/// A source file. `code` is as long as `text`, with spaces in place of comments and of what literals hold.
pub struct File {
    pub name: String,
    pub text: String,
    pub code: String,
}

impl File {
    pub fn new(name: String, text: String) -> Self {
        let code = blanked(&text);
        Self { name, text, code }
    }

    pub fn lines(&self) -> usize {
        self.text.lines().count()
    }
}

/// The same text with comments, strings and characters blanked. Line ends stay where they are.
fn blanked(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    while let Some(c) = text[code.len()..].chars().next() {
        let rest = &text[code.len()..];
        match literal_len(rest, code.chars().next_back()) {
            0 => code.push(c),
            len => {
                let blank = |b: u8| if b == b'\n' { '\n' } else { ' ' };
                code.extend(rest.bytes().take(len).map(blank));
            }
        }
    }
    code
}

/// How long the comment or literal is that a text begins with; 0 where it begins with something else.
fn literal_len(text: &str, before: Option<char>) -> usize {
    let in_word = before.is_some_and(is_word);
    let hashes = text.trim_start_matches(['b', 'r']).bytes().take_while(|&b| b == b'#').count();
    let raw = !in_word && ["r", "br"].iter().any(|start| text.starts_with(&format!("{start}{}\"", "#".repeat(hashes))));
    if text.starts_with("//") {
        text.find('\n').unwrap_or(text.len())
    } else if text.starts_with("/*") {
        block_len(text)
    } else if raw {
        let open = text.find('"').expect("looked at above") + 1;
        let close = format!("\"{}", "#".repeat(hashes));
        text[open..].find(&close).map_or(text.len(), |end| open + end + close.len())
    } else if text.starts_with('"') {
        quoted_len(text, '"')
    } else if text.starts_with('\'') && is_character(text) {
        quoted_len(text, '\'')
    } else {
        0
    }
}

/// Comments between `/*` and `*/` hold others.
fn block_len(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < text.len() {
        let (step, by) = match &text.as_bytes()[at..] {
            [b'/', b'*', ..] => (2, 1),
            [b'*', b'/', ..] => (2, -1),
            _ => (1, 0),
        };
        (at, depth) = (at + step, depth.saturating_add_signed(by));
        if depth == 0 {
            break;
        }
    }
    at
}

fn quoted_len(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if c == quote && !escaped {
            return at + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    text.len()
}

/// `'x'` and not `'a`, a lifetime.
fn is_character(text: &str) -> bool {
    let mut chars = text.chars().skip(1);
    chars.next() == Some('\\') || chars.next() == Some('\'')
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Every word, with its place.
pub fn words(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let starts = code.char_indices().filter(|&(at, c)| is_word(c) && !code[..at].ends_with(is_word));
    starts.map(|(at, _)| (at, &code[at..at + code[at..].find(|c| !is_word(c)).unwrap_or(code.len() - at)]))
}

/// The first word of a text that begins with one.
pub fn first_word(code: &str) -> &str {
    let code = code.trim_start();
    &code[..code.find(|c| !is_word(c)).unwrap_or(code.len())]
}

/// What follows the bracket that a text begins with, up to its partner; and the length of both.
pub fn bracketed(code: &str) -> (&str, usize) {
    let mut depth = 0;
    for (at, c) in code.char_indices() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        if depth == 0 {
            return (&code[1..at], at + 1);
        }
    }
    (&code[1..], code.len())
}

/// Blanks the modules that are marked `#[cfg(test)]`.
pub fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut left = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find(MARK) {
        let after = at + MARK.len();
        let end = match rest[after..].find(['{', ';']) {
            Some(open) if rest[after + open..].starts_with('{') => after + open + bracketed(&rest[after + open..]).1,
            Some(open) => after + open + 1,
            None => rest.len(),
        };
        left.push_str(&rest[..at]);
        rest = &rest[end..];
    }
    left + rest
}

/// Every function that has a body, with its lines from `fn` to its last bracket.
pub fn functions(code: &str) -> Vec<(&str, usize)> {
    let starts = words(code).filter(|(_, word)| *word == "fn");
    let body = |at: usize| {
        let rest = &code[at..];
        let open = rest.find(['{', ';'])?;
        let name = first_word(&rest["fn".len()..]);
        let is_function = rest[open..].starts_with('{') && !name.is_empty();
        is_function.then(|| (name, rest[..open + bracketed(&rest[open..]).1].lines().count()))
    };
    starts.filter_map(|(at, _)| body(at)).collect()
}
