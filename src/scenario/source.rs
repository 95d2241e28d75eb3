use std::hash::Hasher;
use std::io::Read;
use std::path::Path;

use rustc_hash::FxHasher;

use super::{Complaint, Progress, Stage, builtin, memory, pipe};

/// The text of a scenario, and what to call it.
#[derive(Debug, Clone)]
pub struct Source {
    /// As one would name it: a path, `neuron.json`, `<stdin>`, `-e`.
    pub name: String,
    pub text: String,
    /// Whether the text is lines of `name = formula` (the `-e` of the command line) and not JSON.
    pub lines: bool,
}

impl Source {
    /// A built-in scenario by its name, with or without `.json`.
    pub fn builtin(name: &str) -> Option<Self> {
        let entry = builtin::find(name.strip_suffix(".json").unwrap_or(name))?;
        Some(Self { name: format!("{}.json", entry.name), text: entry.text.to_owned(), lines: false })
    }

    /// Lines of `name = formula`, and statements to run on them.
    pub fn of_lines(lines: &[String]) -> Self {
        Self { name: "-e".into(), text: lines.join("\n"), lines: true }
    }

    /// A file by its path; where there is none of that path, the built-in scenario of that name.
    ///
    /// # Errors
    /// Says what stands in the way: no such file or name, a directory, a device, no permission, a pipe without a writer, not UTF-8, larger than
    /// `max_bytes`.
    pub fn named(name: &str, max_bytes: u64) -> Result<Self, Complaint> {
        Self::named_with(name, max_bytes, &Progress::default())
    }

    /// As [`Source::named`], saying how far it has come.
    ///
    /// # Errors
    /// The same.
    pub fn named_with(name: &str, max_bytes: u64, progress: &Progress) -> Result<Self, Complaint> {
        let path = Path::new(name);
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {
                let title = "this is a directory, not a scenario file";
                Err(Complaint::new(name, title).help(Some(format!("`stepgrad test {name}` runs every scenario in it"))))
            }
            Ok(metadata) if pipe::is_device(&metadata) => {
                let help = "give the path of a file; `-` reads standard input".into();
                Err(Complaint::new(name, "this is a device, not a scenario file").help(Some(help)))
            }
            Ok(metadata) if metadata.is_file() && metadata.len() > max_bytes => Err(too_large(name, max_bytes)),
            Ok(metadata) => {
                progress.begin(Stage::Reading, metadata.len());
                let file = pipe::open(path, &metadata).map_err(|error| unreadable(name, &error))?;
                let reader = file.ok_or_else(|| unwritten(name))?;
                let reader = Counted { reader, count: 0, progress };
                Self::read_sized(name, reader, metadata.len(), max_bytes)
            }
            Err(error) => Self::builtin(name).ok_or_else(|| absent(name, &error)),
        }
    }

    /// Everything a reader has, up to `max_bytes`.
    ///
    /// # Errors
    /// Says what stands in the way: it cannot be read, is too large, or is not UTF-8.
    pub fn read(name: &str, reader: impl Read, max_bytes: u64) -> Result<Self, Complaint> {
        Self::read_sized(name, reader, 0, max_bytes)
    }

    /// As [`Source::read`], of what probably has so many bytes: with room for them from the start, no more is taken.
    fn read_sized(name: &str, reader: impl Read, size: u64, max_bytes: u64) -> Result<Self, Complaint> {
        // One more, to find the end without asking for more room.
        let room = usize::try_from(size.min(max_bytes) + 1).unwrap_or(0);
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(room).map_err(|_| no_memory(name))?;
        reader.take(max_bytes.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| unreadable(name, &error))?;
        if bytes.len() as u64 > max_bytes {
            return Err(too_large(name, max_bytes));
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self { name: name.to_owned(), text, lines: false }),
            Err(error) => Err(not_utf8(name, error.as_bytes(), error.utf8_error().valid_up_to())),
        }
    }
}

/// Reading a text, and recording the usual run of what it says, takes about so many times its size. A part of that is
/// taken in pieces, which leave gaps.
const TIMES_ITS_SIZE: u64 = 10;

impl Source {
    /// Whether there is memory to read it and run it.
    ///
    /// # Errors
    /// Says that there is not.
    pub(super) fn has_memory(&self) -> Result<(), Complaint> {
        if memory::has(TIMES_ITS_SIZE * self.text.len() as u64) { Ok(()) } else { Err(no_memory(&self.name)) }
    }
}

/// There is not enough for what is called so.
pub(super) fn no_memory(name: &str) -> Complaint {
    Complaint::new(name, "there is not enough memory to open this")
}

/// What is kept of a source when the scenario has been read: what it is called, and enough to save it as it was written
/// and to know it again.
#[derive(Debug, Clone)]
pub struct Origin {
    pub name: String,
    /// `None` where it is no file, or too long to keep beside what was made of it.
    text: Option<String>,
    hash: u64,
}

/// Longer texts are not kept.
const KEPT: usize = 1 << 20;

impl Origin {
    pub fn of(source: Source) -> Self {
        let hash = hash(&source.text);
        let text = Some(source.text).filter(|text| !source.lines && text.len() <= KEPT);
        Self { name: source.name, text, hash }
    }

    /// The text as it was written, where it was kept.
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// Whether a source says the same.
    pub fn says(&self, source: &Source) -> bool {
        self.text.as_ref().map_or_else(|| self.hash == hash(&source.text), |text| *text == source.text)
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

/// A reader that says how much of it has been read.
struct Counted<'p, R> {
    reader: R,
    count: u64,
    progress: &'p Progress,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.count += count as u64;
        self.progress.reached(self.count);
        Ok(count)
    }
}

fn too_large(name: &str, max_bytes: u64) -> Complaint {
    let title = format!("this is larger than {max_bytes} bytes");
    Complaint::new(name, title).help(Some("`--max-bytes` sets the limit".into()))
}

fn unwritten(name: &str) -> Complaint {
    let help = "give the path of a file, or start what writes into the pipe first".into();
    Complaint::new(name, "this is a pipe, and nothing writes into it").help(Some(help))
}

fn unreadable(name: &str, error: &std::io::Error) -> Complaint {
    Complaint::new(name, format!("this cannot be read: {}", reason(error)))
}

fn absent(name: &str, error: &std::io::Error) -> Complaint {
    if error.kind() != std::io::ErrorKind::NotFound {
        return unreadable(name, error);
    }
    let names = builtin::names();
    let help = super::suggest::did_you_mean(name.strip_suffix(".json").unwrap_or(name), names)
        .unwrap_or_else(|| "give the path of a JSON file, or a name that `stepgrad list` shows".into());
    Complaint::new(name, "there is no such file, and no built-in scenario of that name").help(Some(help))
}

/// "permission denied", without the number that only the system understands.
fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_lowercase()
}

fn not_utf8(name: &str, bytes: &[u8], valid: usize) -> Complaint {
    let wide = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let help = wide.then(|| "it looks like UTF-16: save it as UTF-8".to_owned());
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(valid + 64)]);
    let span = valid..valid + '\u{fffd}'.len_utf8();
    Complaint::new(name, "this is not UTF-8 text").at(&text, span, "not a character").help(help)
}
