use std::ops::Range;

use super::Trouble;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// What is no token, and why. Nothing comes after it.
    Wrong(Box<Trouble>),
    Number(f64),
    /// An identifier, or any text in backquotes.
    Name(String),
    /// An operator, a bracket, a comma, a dot, or one of the words `and or not assert if`.
    Sign(&'static str),
    /// The end of a statement: a new line or `;`.
    Break,
    End,
}

#[derive(Clone)]
pub(super) struct Lexed {
    pub token: Token,
    pub span: Range<usize>,
}

/// Longest first, so that `**` is not read as `*` twice.
const SIGNS: &[&str] = &[
    "**=", "**", "+=", "-=", "*=", "/=", "==", "!=", "<=", ">=", "+", "-", "*", "/", "(", ")", ",", ".", "=", "<", ">",
];
const WORDS: &[&str] = &["and", "or", "not", "assert", "if"];

/// The tokens of a text, one at a time: a text of a million statements is never there as tokens.
#[derive(Clone)]
pub(super) struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// The next token; at the end, [`Token::End`] again and again.
    pub fn next(&mut self) -> Lexed {
        self.skip();
        let start = self.at;
        let token = self.token().unwrap_or_else(|trouble| {
            self.at = self.text.len();
            Token::Wrong(Box::new(trouble))
        });
        Lexed { token, span: start..self.at }
    }

    /// What is no token among those that are left, if anything.
    pub fn wrong(mut self) -> Option<Trouble> {
        loop {
            match self.next().token {
                Token::End => return None,
                Token::Wrong(trouble) => return Some(*trouble),
                _ => {}
            }
        }
    }

    /// Passes over space and comments.
    fn skip(&mut self) {
        let text = self.text;
        while let Some(c) = text[self.at..].chars().next() {
            match c {
                '#' => self.at = text[self.at..].find('\n').map_or(text.len(), |end| self.at + end),
                c if c.is_whitespace() && c != '\n' => self.at += c.len_utf8(),
                _ => break,
            }
        }
    }

    fn token(&mut self) -> Result<Token, Trouble> {
        let (text, at) = (self.text, &mut self.at);
        let Some(c) = text[*at..].chars().next() else { return Ok(Token::End) };
        match c {
            '\n' | ';' => {
                *at += 1;
                Ok(Token::Break)
            }
            '`' => backquoted(text, at),
            c if c.is_ascii_digit() || (c == '.' && starts_with_digit(&text[*at + 1..])) => number(text, at),
            c if is_name_start(c) => Ok(name(text, at)),
            c => sign(text, at, c),
        }
    }
}

pub(super) fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

pub(super) fn is_name_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// A name may have backquotes of its own: each is written twice.
fn backquoted(text: &str, at: &mut usize) -> Result<Token, Trouble> {
    let (start, mut name) = (*at, String::new());
    let mut from = start + 1;
    while let Some(length) = text[from..].find('`') {
        name += &text[from..from + length];
        from += length + 1;
        if !text[from..].starts_with('`') {
            *at = from;
            return Ok(Token::Name(name));
        }
        name.push('`');
        from += 1;
    }
    Err(Trouble::new(start..text.len(), "a backquote is never closed", "expected another ` after the name"))
}

fn number(text: &str, at: &mut usize) -> Result<Token, Trouble> {
    let start = *at;
    let digits = |from: usize| from + text[from..].bytes().take_while(|b| b.is_ascii_digit() || *b == b'_').count();
    let mut end = digits(start);
    if text[end..].starts_with('.') && !text[end + 1..].starts_with(is_name_start) {
        end = digits(end + 1);
    }
    if text[end..].starts_with(['e', 'E']) {
        let sign = usize::from(text[end + 1..].starts_with(['+', '-']));
        if starts_with_digit(&text[end + 1 + sign..]) {
            end = digits(end + 1 + sign);
        }
    }
    *at = end;
    let digits = text[start..end].replace('_', "");
    match digits.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(Token::Number(number)),
        _ => Err(Trouble::new(
            start..end,
            "this number is out of range",
            "expected a number between -1.8e308 and 1.8e308",
        )),
    }
}

fn name(text: &str, at: &mut usize) -> Token {
    let start = *at;
    *at += text[start..].find(|c| !is_name_part(c)).unwrap_or(text.len() - start);
    let word = &text[start..*at];
    WORDS.iter().find(|known| **known == word).map_or_else(|| Token::Name(word.to_owned()), |word| Token::Sign(word))
}

fn sign(text: &str, at: &mut usize, c: char) -> Result<Token, Trouble> {
    if let Some(sign) = SIGNS.iter().find(|sign| text[*at..].starts_with(**sign)) {
        *at += sign.len();
        return Ok(Token::Sign(sign));
    }
    let trouble = Trouble::new(
        *at..*at + c.len_utf8(),
        format!("`{}` has no meaning here", c.escape_debug()),
        "expected a name, a number, or one of + - * / ** ( )",
    );
    Err(if c == '^' { trouble.help("a power is written `**`") } else { trouble })
}
