//! Complaints about what is no JSON, or not the JSON that is wanted: serde_json's place, and words for people.

use std::ops::Range;

use super::place::{token_after, token_before};
use super::suggest::did_you_mean;
use super::{Complaint, Source};

/// What is wrong, what was expected, what to do about it, and where, if not at the token where the parser stopped.
#[derive(Default)]
struct Said {
    title: String,
    label: String,
    help: Option<String>,
    span: Option<Range<usize>>,
}

impl Said {
    fn new(title: impl Into<String>, label: impl Into<String>) -> Self {
        Self { title: title.into(), label: label.into(), ..Self::default() }
    }

    fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    fn at(self, span: Range<usize>) -> Self {
        Self { span: Some(span), ..self }
    }
}

/// Says what serde_json found.
pub(super) fn syntax(source: &Source, error: &serde_json::Error) -> Complaint {
    let text = &source.text;
    let line_start = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    // Columns are bytes, and may end within a character.
    let at = (line_start + error.column()..text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len());
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
    let mut place = token_before(text, at);
    if message == "expected ident" || message == "invalid number" {
        place = broken_word(text, place);
    }
    let said = if error.is_eof() { too_short(text, message) } else { stopped(text, message, at, &place) };
    let Said { title, label, help, span } = said;
    let help = help.or_else(|| no_json(text, error));
    Complaint::new(&source.name, title).at(text, span.unwrap_or(place), label).help(help)
}

/// A word or a number that breaks off is told by the sign after it.
fn broken_word(text: &str, place: Range<usize>) -> Range<usize> {
    let before = &text[..place.start];
    let of_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '+' | '.');
    let stops = text[place.clone()].starts_with(['}', ']', ',', ':']) || place.is_empty();
    if stops && before.ends_with(of_word) { token_before(text, place.start) } else { place }
}

const EXAMPLE: &str = r#"a scenario file is JSON: { "values": { "a": 3.0, "b": "a + a" } }"#;

fn no_json(text: &str, error: &serde_json::Error) -> Option<String> {
    let json = text.trim_start().starts_with(['{', '[']);
    (!json && error.line() <= 1 + text.len() - text.trim_start().len()).then(|| EXAMPLE.into())
}

fn too_short(text: &str, message: &str) -> Said {
    let end = text.trim_end().len();
    let label = match message {
        _ if end == 0 => return Said::new("the file is empty", "expected a scenario").at(0..0).help(EXAMPLE),
        "EOF while parsing an object" => "expected `,` or `}`",
        "EOF while parsing a list" => "expected `,` or `]`",
        "EOF while parsing a string" => "expected a closing `\"`",
        _ => "expected more",
    };
    Said::new("the file ends too early", label).at(end..end)
}

/// What is wrong at byte `at`, where the parser stopped at the token `place`.
fn stopped(text: &str, message: &str, at: usize, place: &Range<usize>) -> Said {
    let found = &text[place.clone()];
    // From behind: what was found is quoted from the file, and may say anything.
    let (what, expected) = message.rsplit_once(", expected ").unwrap_or((message, ""));
    if let Some(found) = what.strip_prefix("invalid type: ").or(what.strip_prefix("invalid value: ")) {
        return wrong_type(text, found, expected, at);
    }
    if let Some(field) = what.strip_prefix("missing field ") {
        return Said::new(format!("there is no {field} here"), "expected `forward` and `backward`");
    }
    if let Some(field) = what.strip_prefix("unknown field ") {
        let said = Said::new(format!("there is no field {field} here"), format!("expected {expected}"));
        let near = did_you_mean(field.trim_matches('`'), expected.split('`'));
        return Said { help: near, ..said };
    }
    if what.starts_with("duplicate field") {
        return Said::new("this field is given twice", "the second one");
    }
    match what {
        "key must be a string" => not_a_key(found),
        "expected value" | "expected ident" => not_a_value(found, place),
        "expected `,` or `}`" | "expected `,` or `]`" | "expected `:`" => missing_sign(what, found),
        "trailing comma" => {
            let comma = text[..place.start].trim_end().len().saturating_sub(1);
            Said::new("there is a comma after the last element", "expected none").at(comma..comma + 1)
        }
        "trailing characters" if is_comment(found) => comment(),
        "trailing characters" => Said::new("the scenario has ended before this", "expected the end of the file"),
        "number out of range" => Said::new("this number is out of range", "expected one between -1.8e308 and 1.8e308")
            .help(r#"infinity is written "inf""#),
        "invalid number" => not_a_number(),
        "recursion limit exceeded" => Said::new("this is nested more than 128 deep", "expected less"),
        _ if what.starts_with("control character") => control_character(text, at, place),
        "invalid escape" | "unexpected end of hex escape" | "lone leading surrogate in hex escape" => {
            let start = text[..at].rfind('\\').map_or(place.start, |start| start.max(place.start));
            let end = text[start + 1..].chars().next().map_or(start + 1, |c| start + 1 + c.len_utf8());
            let escape = if text[start..].starts_with("\\u") { (start + 6).min(place.end) } else { end };
            let label = r#"expected one of \" \\ \/ \b \f \n \r \t and \u with four digits"#;
            Said::new("this escape stands for no character", label).at(start..escape)
        }
        _ => Said::new(what, if expected.is_empty() { "here".into() } else { format!("expected {expected}") }),
    }
}

/// Something sound stands where something else is wanted.
fn wrong_type(text: &str, found: &str, expected: &str, at: usize) -> Said {
    let (kind, rest) = found.split_once(' ').unwrap_or((found, ""));
    let found = match kind {
        "integer" => format!("the number {}", rest.trim_matches('`')),
        "floating" => format!("the number {}", rest.trim_start_matches("point ").trim_matches('`')),
        "boolean" => format!("`{}`", rest.trim_matches('`')),
        "null" => "`null`".into(),
        "string" => "this string".into(),
        "sequence" => "an array".into(),
        "map" => "an object".into(),
        other => other.to_owned(),
    };
    let expected = match expected {
        "f64" => "a number",
        "a sequence" => "an array",
        "struct Rules" => "an object with `forward` and `backward`",
        expected => expected,
    };
    let said = Said::new(format!("{found} cannot stand here"), format!("expected {expected}"));
    // Of these, the parser has taken the bracket at most.
    match kind {
        "sequence" | "map" if text[at..].starts_with(['[', '{']) => said.at(token_after(text, at)),
        _ => said,
    }
}

fn not_a_key(found: &str) -> Said {
    if is_comment(found) {
        return comment();
    }
    let said = Said::new("this is no name of a field", "expected a string in double quotes");
    if found.starts_with('\'') { said.help("JSON has no single quotes") } else { said }
}

fn not_a_value(found: &str, place: &Range<usize>) -> Said {
    let said = Said::new("this is no JSON", "expected a number, a string, an array or an object");
    match found.chars().next() {
        Some('\u{feff}') => Said::new("the file starts with a byte order mark", "expected `{`")
            .at(place.start..place.start + '\u{feff}'.len_utf8())
            .help("save it without one"),
        _ if is_comment(found) => comment(),
        Some('\'') => said.help("JSON has no single quotes: a string stands in double ones"),
        Some('+' | '.' | '-') => said.help("a number is written 3.0, 0.5 or -1e-3"),
        Some('N' | 'n' | 'I' | 'i') => said.help(r#"numbers that JSON lacks are written "NaN", "inf" and "-inf""#),
        _ => said,
    }
}

fn missing_sign(what: &str, found: &str) -> Said {
    if is_comment(found) {
        return comment();
    }
    if found.starts_with(|c: char| c.is_ascii_digit()) && found.parse::<f64>().is_err() {
        return not_a_number();
    }
    let wanted = what.trim_start_matches("expected ");
    Said::new(format!("there should be a {wanted} before this"), what)
}

fn not_a_number() -> Said {
    Said::new("this is no number as JSON writes them", "expected one such as 3.0, 0.5 or -1e-3")
}

fn is_comment(found: &str) -> bool {
    found.starts_with(['/', '#'])
}

fn comment() -> Said {
    Said::new("JSON has no comments", "expected none").help("what is worth saying has a place in `about`")
}

fn control_character(text: &str, at: usize, place: &Range<usize>) -> Said {
    let line_end = text[place.start..].find('\n').map_or(text.len(), |end| place.start + end);
    if at > line_end || text[at..].starts_with('\n') {
        return Said::new("this string is not closed on its line", "expected a closing `\"`").at(place.start..line_end);
    }
    let start = (0..at).rev().find(|&start| text.is_char_boundary(start)).unwrap_or(0);
    Said::new("a string cannot hold this character", "expected an escape, such as \\t or \\u0001").at(start..at)
}
