use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::cleaned;
use crate::formula::Trouble;

/// What is wrong with a scenario: which file, where in it, what was expected, what to do.
#[derive(Debug, Clone)]
pub struct Complaint {
    /// The file as one would name it.
    pub file: String,
    /// What is wrong, in one sentence.
    pub title: String,
    /// The place, where there is one.
    pub excerpt: Option<Box<Excerpt>>,
    pub help: Option<String>,
}

/// The lines of a file that are to blame.
#[derive(Debug, Clone)]
pub struct Excerpt {
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
    /// The line, or the part of it near the place, made fit to show.
    text: String,
    /// Bytes of `text` that are underlined.
    span: Range<usize>,
    /// What stands under the underline.
    label: String,
}

impl Complaint {
    pub fn new(file: impl Into<String>, title: impl Into<String>) -> Self {
        Self { file: file.into(), title: title.into(), excerpt: None, help: None }
    }

    /// What is wrong with a text that stands nowhere but on the command line.
    pub fn about(name: &str, text: &str, trouble: Trouble) -> Self {
        Self::new(name, trouble.message).at(text, trouble.span, trouble.label).help(trouble.help)
    }

    #[must_use]
    pub fn at(mut self, text: &str, span: Range<usize>, label: impl Into<String>) -> Self {
        self.excerpt = Some(Box::new(Excerpt::new(text, span, label.into())));
        self
    }

    #[must_use]
    pub fn help(mut self, help: Option<String>) -> Self {
        self.help = help;
        self
    }

    /// As a compiler would print it, in colour if asked.
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let (title, file) = (shortened(&self.title), shortened(&self.file));
        let mut group = Group::with_title(Level::ERROR.primary_title(title));
        group = match &self.excerpt {
            Some(excerpt) => {
                let underline = AnnotationKind::Primary.span(excerpt.span.clone()).label(shortened(&excerpt.label));
                let snippet = Snippet::source(&excerpt.text).line_start(excerpt.line).fold(false).annotation(underline);
                let origin = Origin::path(file).line(excerpt.line).char_column(excerpt.column);
                group.element(origin).element(snippet)
            }
            None => group.element(Origin::path(file)),
        };
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(shortened(help)));
        }
        without_empty_origin(&renderer.render(&[group]))
    }
}

/// The renderer knows no column but that in the text it is given, which may be cut; so the place is given apart, and
/// the line is taken out in which the text would say that it comes from somewhere else.
fn without_empty_origin(rendered: &str) -> String {
    let kept = rendered.lines().filter(|line| anstream::adapter::strip_str(line).to_string().trim() != ":::");
    kept.collect::<Vec<_>>().join("\n")
}

/// What is said may quote a name of any length: as much of it as anybody reads.
fn shortened(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST_TEXT { cleaned(text) } else { cleaned(&text[..floor(text, LONGEST_TEXT)]) + "…" }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Complaint {}

/// How many bytes of a long line are shown before and after the place.
const AROUND: usize = 60;
/// How many bytes are underlined at most.
const UNDERLINED: usize = 60;
/// How many bytes are shown at most of a title, of what stands under the underline, and of the help.
const LONGEST_TEXT: usize = 1000;

impl Excerpt {
    fn new(text: &str, span: Range<usize>, label: String) -> Self {
        let start = floor(text, span.start.min(text.len()));
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let line_end = if text[start..line_end].ends_with('\r') { line_end - 1 } else { line_end };
        let end = floor(text, span.end.min(line_end).min(start + UNDERLINED).max(start));
        let from = if start - line_start > AROUND { floor(text, start - AROUND) } else { line_start };
        let to = if line_end - end > AROUND { floor(text, end + AROUND) } else { line_end };
        let (before, blamed, after) = (&text[from..start], &text[start..end], &text[end..to]);
        let ellipsis = |cut| if cut { "…" } else { "" };
        // A tab is indentation, not an attack: the rest of what cannot be shown is shown as an escape.
        let (before, after) = (before.replace('\t', "    "), after.replace('\t', "    "));
        let before = format!("{}{}", ellipsis(from > line_start), cleaned(&before));
        let blamed = cleaned(blamed);
        let shown = before.len()..before.len() + blamed.len();
        let line = format!("{before}{blamed}{}{}", cleaned(&after), ellipsis(to < line_end));
        Self {
            line: text[..line_start].bytes().filter(|byte| *byte == b'\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            // A place at the end of the line has nothing to underline but the place itself.
            text: if shown.is_empty() { line + " " } else { line },
            span: if shown.is_empty() { shown.start..shown.start + 1 } else { shown },
            label,
        }
    }
}

/// The nearest boundary of a character at or before a byte.
fn floor(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}
