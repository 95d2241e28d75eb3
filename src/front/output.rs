//! Writing results: standard output as a handle, since `println!` panics where the reader has gone.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::{self, BufWriter, StdoutLock, Write};

use anstream::{AutoStream, ColorChoice};
use clap::builder::styling::{AnsiColor, Style};
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use super::cli::Color;
use crate::scenario::cleaned;

pub const BOLD: Style = Style::new().bold();
pub const DIM: Style = Style::new().dimmed();
pub const GOOD: Style = AnsiColor::Green.on_default();
pub const BAD: Style = AnsiColor::Red.on_default().bold();

/// Standard output, buffered. What is written with a style loses it where no colour is wanted.
pub type Output = BufWriter<AutoStream<StdoutLock<'static>>>;

/// Standard output for people: colour where it is a terminal, or where `--color` asks for it.
pub fn text() -> Output {
    let stdout = io::stdout().lock();
    let choice = AutoStream::choice(&stdout);
    BufWriter::with_capacity(1 << 16, AutoStream::new(stdout, choice))
}

/// Standard output for programs: what is written goes through as it is.
pub fn raw() -> Output {
    BufWriter::with_capacity(1 << 16, AutoStream::always_ansi(io::stdout().lock()))
}

/// Whether standard output can be written to. What cannot be is passed over in silence by the standard library.
#[cfg(unix)]
pub fn is_writable() -> bool {
    use rustix::fs::{OFlags, fcntl_getfl};
    fcntl_getfl(io::stdout()).is_ok_and(|flags| flags & OFlags::RWMODE != OFlags::RDONLY)
}

#[cfg(not(unix))]
pub fn is_writable() -> bool {
    true
}

/// Settles for the whole program when colour is used.
pub fn set_color(color: Color) {
    match color {
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    }
    .write_global();
}

/// Writes to standard error. Where that is closed nobody can be told, so nobody is.
pub fn complain(message: impl Display) {
    let _ = writeln!(anstream::stderr(), "{message}");
}

/// The text in that style.
pub fn styled(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// A line of JSON.
pub fn json_line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *out, Safe))?;
    writeln!(out)
}

/// Compact JSON in which no name can steer a terminal: JSON itself only escapes characters below the space.
struct Safe;

impl Formatter for Safe {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        if let Cow::Borrowed(fit) = cleaned(fragment) {
            return writer.write_all(fit.as_bytes());
        }
        for c in fragment.chars() {
            let mut buffer = [0; 4];
            let text = c.encode_utf8(&mut buffer);
            if matches!(cleaned(text), Cow::Borrowed(_)) {
                writer.write_all(text.as_bytes())?;
            } else {
                c.encode_utf16(&mut [0; 2]).iter().try_for_each(|unit| write!(writer, "\\u{unit:04x}"))?;
            }
        }
        Ok(())
    }
}
