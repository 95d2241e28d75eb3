//! The program in a real pseudo-terminal: it is what it is without one, and the terminal is given back as it was,
//! whichever way out is taken.
#![cfg(target_os = "linux")]

mod faults;
mod leaving;
mod loading;
mod pty;
mod refusing;
mod saving;
mod slow;
mod stopping;
mod using;
mod watching;

use pty::{Pty, Setup};

const STEPGRAD: &str = env!("CARGO_BIN_EXE_stepgrad");

/// The debugger on the neuron, with everything turned on that it turns on.
fn on_screen() -> Pty {
    let pty = Setup::new(STEPGRAD).spawn();
    wait_on(&pty);
    pty
}

/// Waits for the debugger in full screen.
fn wait_on(pty: &Pty) {
    pty.wait_for("the debugger in full screen", |screen| {
        let modes = screen.alternate_screen() && screen.hide_cursor() && screen.bracketed_paste();
        // A long name leaves no room for that of the program.
        modes && (screen.contents().starts_with(" stepgrad ") || screen.contents().contains("backward · node"))
    });
    assert_ne!(pty.termios(), pty.termios_at_first(), "raw mode");
}

/// Waits for its end, which must be of this status and leave the terminal as it was.
fn assert_ends(mut pty: Pty, status: u32) -> Pty {
    assert_eq!(pty.wait_exit(), status, "{}", pty.contents());
    pty.wait_given_back();
    assert_nothing_was_asked(&pty);
    pty
}

/// An answer may never come: cursor place, attributes, keyboard flags, colours.
fn assert_nothing_was_asked(pty: &Pty) {
    let bytes = pty.bytes();
    for question in [&b"\x1b[6n"[..], b"\x1b[c", b"\x1b[0c", b"\x1b[>c", b"\x1b[?u", b"\x1b[5n", b"\x1b]11;?"] {
        assert!(!bytes.windows(question.len()).any(|part| part == question), "asked {question:?}");
    }
}
