use std::ops::Range;

/// What is wrong with a text: where, and in words for the person who wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Bytes of the text that are to blame. Empty where something is missing: the place where it should stand.
    pub span: Range<usize>,
    /// One sentence: what is wrong.
    pub message: String,
    /// What stands under the underline: what was expected there.
    pub label: String,
    /// What to do about it, where that is known.
    pub help: Option<String>,
}

impl Trouble {
    pub fn new(span: Range<usize>, message: impl Into<String>, label: impl Into<String>) -> Self {
        Self { span, message: message.into(), label: label.into(), help: None }
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same trouble in a longer text, in which this one's text starts at `offset`.
    #[must_use]
    pub fn shifted(mut self, offset: usize) -> Self {
        self.span = self.span.start + offset..self.span.end + offset;
        self
    }
}
