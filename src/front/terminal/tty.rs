//! The terminal's two ends on Unix: opened for ourselves, never blocking.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::os::fd::AsFd;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, open};
use rustix::termios::{QueueSelector, isatty, tcflush, tcgetwinsize};

/// How an opening of our own is.
const OWN: OFlags = OFlags::NONBLOCK.union(OFlags::NOCTTY).union(OFlags::CLOEXEC);

/// The terminal as it is said to be; zeros where it does not know.
pub fn size() -> io::Result<(u16, u16)> {
    let size = tcgetwinsize(screen()?)?;
    Ok((size.ws_col, size.ws_row))
}

/// Writes a few bytes without a session: a panic and a watching thread have none. Of a terminal
/// that does not listen, what it has not taken yet is dropped after a while, which makes room: it
/// is to find these bytes when it listens again.
pub fn send_at_once(bytes: &[u8]) -> io::Result<()> {
    send_within_a_while(bytes).or_else(|_| {
        tcflush(screen()?, QueueSelector::OFlush)?;
        send_within_a_while(bytes)
    })
}

fn send_within_a_while(bytes: &[u8]) -> io::Result<()> {
    let deadline = Instant::now() + Duration::from_millis(300);
    write_all(bytes, |screen| {
        let left = deadline.saturating_duration_since(Instant::now());
        let came = wait_for(&mut [PollFd::new(screen, PollFlags::OUT)], Some(left))?;
        if came || !left.is_zero() { Ok(()) } else { Err(ErrorKind::TimedOut.into()) }
    })
}

/// Clicks, drags and the wheel. crossterm's own command also asks for every motion of the
/// pointer, each of which would wake the program.
pub fn queue_mouse(out: &mut impl Write) -> io::Result<()> {
    out.write_all(b"\x1b[?1000h\x1b[?1002h\x1b[?1006h")
}

/// The terminal to write to, opened once: a panic and a watching thread write to it, too.
pub fn screen() -> io::Result<&'static File> {
    static SCREEN: OnceLock<File> = OnceLock::new();
    if let Some(screen) = SCREEN.get() {
        return Ok(screen);
    }
    let screen = reopen("/dev/stdout", OFlags::WRONLY, io::stdout())?;
    Ok(SCREEN.get_or_init(|| screen))
}

/// The terminal to read keys from: standard input, or the one that this session of processes belongs to.
pub fn keyboard() -> io::Result<File> {
    if isatty(io::stdin()) { reopen("/dev/stdin", OFlags::RDONLY, io::stdin()) } else { own_terminal() }
}

/// Whether this session of processes belongs to a terminal.
pub fn has_terminal() -> bool {
    own_terminal().is_ok()
}

fn own_terminal() -> io::Result<File> {
    Ok(open("/dev/tty", OFlags::RDONLY | OWN, Mode::empty())?.into())
}

/// The same terminal through an opening of our own, which can be non-blocking without making
/// the shell's so. Where that is not allowed (after `su`), the one that was handed down.
fn reopen(path: &str, access: OFlags, inherited: impl AsFd) -> io::Result<File> {
    match open(path, access | OWN, Mode::empty()) {
        Ok(own) if isatty(&own) => Ok(own.into()),
        _ => Ok(inherited.as_fd().try_clone_to_owned()?.into()),
    }
}

/// Writes everything; `make_room` waits while the terminal takes no more.
pub fn write_all(mut bytes: &[u8], mut make_room: impl FnMut(&File) -> io::Result<()>) -> io::Result<()> {
    let mut screen = screen()?;
    while !bytes.is_empty() {
        match screen.write(bytes) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(count) => bytes = &bytes[count..],
            Err(error) if is_passing(&error) => make_room(screen)?,
            Err(error) => return Err(error),
        }
    }
    Ok(())
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
