use std::ops::Range;

use super::Trouble;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Number(f64),
    /// An identifier, or any text in backquotes.
    Name(String),
    /// An operator, a bracket, a comma, a dot, or one of the words `and or not assert if`.
    Sign(&'static str),
    /// The end of a statement: a new line or `;`.
    Break,
    End,
}

pub(super) struct Lexed {
    pub token: Token,
    pub span: Range<usize>,
}

/// Longest first, so that `**` is not read as `*` twice.
const SIGNS: &[&str] = &[
    "**=", "**", "+=", "-=", "*=", "/=", "==", "!=", "<=", ">=", "+", "-", "*", "/", "(", ")", ",", ".", "=", "<", ">",
];
const WORDS: &[&str] = &["and", "or", "not", "assert", "if"];

pub(super) fn lex(text: &str) -> Result<Vec<Lexed>, Trouble> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let start = at;
        let token = match c {
            '\n' | ';' => {
                at += 1;
                Token::Break
            }
            '#' => {
                at = text[at..].find('\n').map_or(text.len(), |end| at + end);
                continue;
            }
            c if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            '`' => backquoted(text, &mut at)?,
            c if c.is_ascii_digit() || (c == '.' && starts_with_digit(&text[at + 1..])) => number(text, &mut at)?,
            c if is_name_start(c) => name(text, &mut at),
            c => sign(text, &mut at, c)?,
        };
        tokens.push(Lexed { token, span: start..at });
    }
    tokens.push(Lexed { token: Token::End, span: text.len()..text.len() });
    Ok(tokens)
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
