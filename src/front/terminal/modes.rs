//! The terminal's modes, and who may set them: a process in the background is stopped where it tries.

use std::io;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags};
use rustix::process::{Pid, getpgrp, setpgid};
use rustix::termios::{
    Action, OptionalActions, QueueSelector, Termios, tcflow, tcflush, tcgetattr, tcgetpgrp, tcsetattr,
};

use super::tty::{is_passing, keyboard, screen, wait_for, write_some};

/// The modes from before raw mode was set, and the raw ones.
pub struct Modes {
    before: Termios,
    raw: Termios,
}

impl Modes {
    /// Sets raw mode. `held` are those that are set already: what something else has made of them meanwhile is not ours
    /// to keep.
    pub fn set_raw(held: Option<&Self>) -> io::Result<Self> {
        let before =
            held.map_or_else(|| tcgetattr(keyboard()?).map_err(io::Error::from), |held| Ok(held.before.clone()))?;
        let mut raw = before.clone();
        raw.make_raw();
        set(&raw)?;
        Ok(Self { before, raw })
    }

    /// Whether they still are as they were set here.
    fn are_set(&self) -> bool {
        let all = |modes: &Termios| (modes.input_modes, modes.output_modes, modes.control_modes, modes.local_modes);
        keyboard().is_ok_and(|keyboard| tcgetattr(keyboard).is_ok_and(|now| all(&now) == all(&self.raw)))
    }
}

fn set(modes: &Termios) -> io::Result<()> {
    Ok(tcsetattr(keyboard()?, OptionalActions::Now, modes)?)
}

/// Whether the terminal listens to another group of processes. Where it is not the terminal of this session, or nobody can
/// tell, there is no background.
pub fn is_in_background() -> bool {
    foreground().is_some()
}

/// The group in the foreground, where it is another one.
fn foreground() -> Option<Pid> {
    let group = tcgetpgrp(keyboard().ok()?).ok()?;
    (group != getpgrp()).then_some(group)
}

/// Gives the terminal back: the bytes are written, and the modes set as they were before. In the background they are
/// somebody else's as soon as they are no longer as they were set here.
pub fn give_back(bytes: &[u8], modes: &Modes) -> io::Result<()> {
    match foreground() {
        None => send_at_once(bytes).and(set(&modes.before)),
        Some(group) => beside(group, || {
            let sent = send_at_once(bytes);
            if modes.are_set() { set(&modes.before) } else { sent }
        }),
    }
}

/// Does what may be done in the foreground alone: this process joins the group there for as long as that takes.
fn beside(group: Pid, act: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
    let own = getpgrp();
    setpgid(None, Some(group))?;
    let done = act();
    setpgid(None, Some(own))?;
    done
}

/// Writes a few bytes without a session: a panic and a watching thread have none. Of a terminal that does not listen, or
/// was told not to, what it has not taken yet is dropped after a while, which makes room: it is to find these bytes when
/// it listens again.
fn send_at_once(bytes: &[u8]) -> io::Result<()> {
    send_within_a_while(bytes).or_else(|_| {
        tcflow(screen()?, Action::OOn)?;
        tcflush(screen()?, QueueSelector::OFlush)?;
        send_within_a_while(bytes)
    })
}

fn send_within_a_while(mut bytes: &[u8]) -> io::Result<()> {
    let deadline = Instant::now() + Duration::from_millis(300);
    while !bytes.is_empty() {
        match write_some(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => bytes = &bytes[count..],
            Err(error) if is_passing(&error) => wait_for_room(deadline)?,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn wait_for_room(deadline: Instant) -> io::Result<()> {
    let left = deadline.saturating_duration_since(Instant::now());
    let came = wait_for(&mut [PollFd::new(screen()?, PollFlags::OUT)], Some(left))?;
    if came || !left.is_zero() { Ok(()) } else { Err(io::ErrorKind::TimedOut.into()) }
}
