//! What a session turns on, and how it is turned off again: exactly once, whoever comes first.

use std::io;
use std::panic;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste};
use crossterm::queue;
use crossterm::style::{Attribute, SetAttribute};
use crossterm::terminal::{EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen};

use super::system::{self, Modes};

/// What is needed to give the terminal back, while it is taken. Global, because a panic hook and a watching thread
/// know no session; whoever comes second waits until it is given back.
static TAKEN: Mutex<Option<Taken>> = Mutex::new(None);

struct Taken {
    modes: Modes,
    /// Made beforehand: there may be no memory left to make them.
    leaving: Vec<u8>,
}

pub fn is_entered() -> bool {
    taken().is_some()
}

/// Sets raw mode. Gives the bytes that turn on the rest.
pub fn enter(mouse: bool) -> io::Result<Vec<u8>> {
    install_panic_hook();
    let mut taken = taken();
    let modes = Modes::set_raw(taken.as_ref().map(|taken| &taken.modes))?;
    *taken = Some(Taken { modes, leaving: leaving(mouse)? });
    entering(mouse)
}

/// Gives the terminal back. Does nothing when that was done already.
pub fn leave() {
    if let Some(Taken { modes, leaving }) = taken().take() {
        // Nobody is left to tell of a failure: either the terminal is gone, or it will not listen.
        let _ = system::give_back(&leaving, &modes);
    }
}

fn taken() -> MutexGuard<'static, Option<Taken>> {
    TAKEN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn entering(mouse: bool) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    queue!(bytes, EnterAlternateScreen, EnableBracketedPaste, Hide)?;
    if mouse {
        system::queue_mouse(&mut bytes)?;
    }
    Ok(bytes)
}

/// A frame may have been cut anywhere, so its update and its colours are ended first.
fn leaving(mouse: bool) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    queue!(bytes, EndSynchronizedUpdate, SetAttribute(Attribute::Reset))?;
    if mouse {
        queue!(bytes, DisableMouseCapture)?;
    }
    queue!(bytes, DisableBracketedPaste, LeaveAlternateScreen, Show)?;
    Ok(bytes)
}

/// The message of a panic is printed where it can be read: after the alternate screen is left.
fn install_panic_hook() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            leave();
            print(panic);
        }));
    });
}
