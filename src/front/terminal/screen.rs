//! What a session turns on, and how it is turned off again: exactly once, whoever comes first.

use std::io;
use std::panic;
use std::sync::Once;
use std::sync::atomic::{AtomicU8, Ordering};

use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste};
use crossterm::queue;
use crossterm::style::{Attribute, SetAttribute};
use crossterm::terminal::{
    EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};

use super::system;

const LEFT: u8 = 0;
const ENTERED: u8 = 1;
const ENTERED_WITH_MOUSE: u8 = 2;

/// Global, because a panic hook and a watching thread know no session.
static STATE: AtomicU8 = AtomicU8::new(LEFT);

pub fn is_entered() -> bool {
    STATE.load(Ordering::SeqCst) != LEFT
}

/// Raw mode comes first: a program in the background is stopped there, before it has written
/// over somebody else's screen.
pub fn enter(mouse: bool) -> io::Result<()> {
    install_panic_hook();
    // A mode that something else has set meanwhile is not ours to keep.
    disable_raw_mode()?;
    STATE.store(if mouse { ENTERED_WITH_MOUSE } else { ENTERED }, Ordering::SeqCst);
    let entered = enable_raw_mode().and_then(|()| system::send_at_once(&entering(mouse)?));
    if entered.is_err() {
        leave();
    }
    entered
}

/// Gives the terminal back. Does nothing when that was done already.
pub fn leave() {
    let state = STATE.swap(LEFT, Ordering::SeqCst);
    if state == LEFT {
        return;
    }
    // Nobody is left to tell of a failure: either the terminal is gone, or it will not listen.
    let _ = leaving(state == ENTERED_WITH_MOUSE).and_then(|bytes| system::send_at_once(&bytes));
    let _ = disable_raw_mode();
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
