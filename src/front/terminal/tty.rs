//! The terminal's two ends on Unix: opened for ourselves, never blocking.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::OnceLock;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, fcntl_getfl, open};
use rustix::process::getsid;
use rustix::termios::{isatty, tcgetsid, tcgetwinsize};

/// How an opening of our own is.
const OWN: OFlags = OFlags::NONBLOCK.union(OFlags::NOCTTY).union(OFlags::CLOEXEC);

/// The terminal as it is said to be; zeros where it does not know.
pub fn size() -> io::Result<(u16, u16)> {
    let size = tcgetwinsize(screen()?)?;
    Ok((size.ws_col, size.ws_row))
}

/// The terminal to write to, opened once: a panic and a watching thread write to it, too.
pub fn screen() -> io::Result<&'static File> {
    static SCREEN: OnceLock<File> = OnceLock::new();
    once(&SCREEN, || reopen("/dev/stdout", OFlags::WRONLY, io::stdout()))
}

/// The terminal to read keys from: standard input, or the one that this session of processes belongs to.
pub fn keyboard() -> io::Result<&'static File> {
    static KEYBOARD: OnceLock<File> = OnceLock::new();
    once(&KEYBOARD, || {
        if isatty(io::stdin()) {
            return reopen("/dev/stdin", OFlags::RDONLY, io::stdin());
        }
        Ok(own_terminal(OFlags::RDONLY)?.into())
    })
}

fn once(cell: &'static OnceLock<File>, open: impl FnOnce() -> io::Result<File>) -> io::Result<&'static File> {
    if let Some(file) = cell.get() {
        return Ok(file);
    }
    let file = open()?;
    Ok(cell.get_or_init(|| file))
}

/// Whether this session of processes belongs to a terminal.
pub fn has_terminal() -> bool {
    own_terminal(OFlags::RDONLY).is_ok()
}

fn own_terminal(access: OFlags) -> rustix::io::Result<OwnedFd> {
    open("/dev/tty", access | OWN, Mode::empty())
}

/// The same terminal through an opening of our own, which can be non-blocking without making the shell's so. By its path
/// it cannot be opened where it belongs to somebody else (after `su`), but as the terminal of this session it can.
fn reopen(path: &str, access: OFlags, inherited: impl AsFd) -> io::Result<File> {
    let by_path = || open(path, access | OWN, Mode::empty()).ok().filter(|own| isatty(own));
    let is_own = || tcgetsid(&inherited).is_ok_and(|session| getsid(None) == Ok(session));
    match by_path().or_else(|| own_terminal(access).ok().filter(|_| is_own())) {
        Some(own) => Ok(own.into()),
        None => Ok(inherited.as_fd().try_clone_to_owned()?.into()),
    }
}

/// Writes as much as the screen takes without waiting. One that was handed down may block: as much as it surely has room
/// for is then a single byte.
pub fn write_some(bytes: &[u8]) -> io::Result<usize> {
    let mut screen = screen()?;
    if fcntl_getfl(screen)?.contains(OFlags::NONBLOCK) {
        return screen.write(bytes);
    }
    if !wait_for(&mut [PollFd::new(screen, PollFlags::OUT)], Some(Duration::ZERO))? {
        return Err(ErrorKind::WouldBlock.into());
    }
    screen.write(&bytes[..bytes.len().min(1)])
}

/// Polls; an interruption by a signal counts as quiet, since its pipe will speak.
pub fn wait_for(fds: &mut [PollFd], timeout: Option<Duration>) -> io::Result<bool> {
    let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
    match poll(fds, timeout.as_ref()) {
        Ok(count) => Ok(count > 0),
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

pub fn is_passing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}
