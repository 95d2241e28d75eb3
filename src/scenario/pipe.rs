//! Opening what may be a pipe with a name, which waits for ever where nobody opens its other end.

use std::fs::Metadata;
use std::io;
use std::path::Path;

#[cfg(unix)]
pub use unix::{is_device, open};

#[cfg(not(unix))]
pub fn is_device(_: &Metadata) -> bool {
    false
}

#[cfg(not(unix))]
pub fn open(path: &Path, _: &Metadata) -> io::Result<Option<std::fs::File>> {
    std::fs::File::open(path).map(Some)
}

#[cfg(unix)]
mod unix {
    use std::fs::File;
    use std::io::{Chain, Cursor, ErrorKind, Read};
    use std::os::unix::fs::FileTypeExt;
    use std::thread;
    use std::time::{Duration, Instant};

    use rustix::fs::{Mode, OFlags, fcntl_getfl, fcntl_setfl};

    use super::{Metadata, Path, io};

    /// Whether it is a terminal, whose keys are the debugger's, or something else that may have no end.
    pub fn is_device(metadata: &Metadata) -> bool {
        metadata.file_type().is_char_device() || metadata.file_type().is_block_device()
    }

    /// What a shell has just started (`make > pipe & stepgrad pipe`) may take a moment.
    const PATIENCE: Duration = Duration::from_millis(500);

    /// What was read to see whether anybody writes, and the rest.
    pub type Opened = Chain<Cursor<Vec<u8>>, File>;

    /// The file; `None` for a pipe that nobody writes into. Once somebody does, they may take their time.
    pub fn open(path: &Path, metadata: &Metadata) -> io::Result<Option<Opened>> {
        if !metadata.file_type().is_fifo() {
            return Ok(Some(Cursor::new(Vec::new()).chain(File::open(path)?)));
        }
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let mut file = File::from(rustix::fs::open(path, flags, Mode::empty())?);
        let Some(first) = first_bytes(&mut file)? else { return Ok(None) };
        fcntl_setfl(&file, fcntl_getfl(&file)? - OFlags::NONBLOCK)?;
        Ok(Some(Cursor::new(first).chain(file)))
    }

    /// None of them where somebody writes, but has not yet; `None` where nobody does.
    fn first_bytes(file: &mut File) -> io::Result<Option<Vec<u8>>> {
        let mut bytes = vec![0; 4096];
        let start = Instant::now();
        loop {
            match file.read(&mut bytes) {
                Ok(0) if start.elapsed() > PATIENCE => return Ok(None),
                Ok(0) => thread::sleep(Duration::from_millis(5)),
                Ok(count) => {
                    bytes.truncate(count);
                    return Ok(Some(bytes));
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(Some(Vec::new())),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}
