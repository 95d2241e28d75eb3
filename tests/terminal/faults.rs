//! Faults that the program should never have, in a program that has them: the terminal is given back all the same.
//!
//! That program is this test binary, run again: told by its environment which fault to have, its one test
//! [`a_program_with_a_fault`] opens a session as the debugger does, and misbehaves.

use std::io;
use std::process::exit;
use std::thread;
use std::time::Duration;

use ratatui::widgets::Paragraph;
use rustix::process::Signal;
use stepgrad::front::terminal::{Input, Keyboard, Session};

use crate::assert_nothing_was_asked;
use crate::pty::{Pty, Setup};
use crate::slow::wait_calm;

/// The variable that names the fault.
const FAULT: &str = "STEPGRAD_TEST_FAULT";

/// Says nothing about itself unless it is told to: then it is another program.
#[test]
fn a_program_with_a_fault() {
    if let Ok(fault) = std::env::var(FAULT) {
        match misbehave(&fault) {
            Ok(status) => exit(status),
            Err(error) => {
                eprintln!("{error}");
                exit(2);
            }
        }
    }
}

/// Opens a session, waits for a key, and has its fault; then stays until it is told to leave.
fn misbehave(fault: &str) -> io::Result<i32> {
    let mut session = Session::open(true, Keyboard::StandardInput).map_err(io::Error::other)?;
    let mut told = format!("ready to {fault}");
    loop {
        session.draw(|frame| frame.render_widget(Paragraph::new(told.as_str()), frame.area()));
        match (session.next(None), fault) {
            (Input::Signal(signal), _) => return Ok(128 + signal),
            (Input::Gone, _) => return Ok(129),
            (Input::Key(_), "panic") => panic!("panicked as told"),
            (Input::Key(_), "panic elsewhere") => {
                let _ = thread::spawn(|| panic!("panicked as told")).join();
            }
            (Input::Key(_), "err") => return Err(io::Error::other("erred as told")),
            (Input::Key(_), "hang") => thread::sleep(Duration::from_secs(600)),
            (Input::Key(_), "glut") => {
                let pending = (0..100_000).filter(|_| session.has_pending()).count();
                let left = rustix::io::ioctl_fionread(io::stdin()).map_err(io::Error::from)?;
                return Ok(i32::from(pending == 0 || left == 0));
            }
            (Input::Key(_), "flood") => {
                // More than a terminal that does not listen can take.
                for line in 0..3000 {
                    told = format!("{line:05} ").repeat(200);
                    session.draw(|frame| frame.render_widget(Paragraph::new(told.as_str()), frame.area()));
                }
            }
            _ => {}
        }
    }
}

fn command(fault: &str, more: &str) -> Setup {
    let this = std::env::current_exe().unwrap();
    let test = "faults::a_program_with_a_fault --exact --nocapture --test-threads=1";
    Setup::shell(&format!("exec '{}' {test} {more}", this.display())).env(FAULT, fault)
}

fn ready(setup: Setup, fault: &str) -> Pty {
    let pty = setup.spawn();
    pty.wait_for("a session with everything on", |screen| {
        let mouse = screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None;
        let modes = screen.alternate_screen() && screen.hide_cursor() && screen.bracketed_paste();
        modes && mouse && screen.contents().contains(&format!("ready to {fault}"))
    });
    assert_ne!(pty.termios(), pty.termios_at_first(), "raw mode");
    pty
}

#[test]
fn panics_and_errors() {
    let said = "panicked as told";
    for (fault, status, said) in [("panic", 101, said), ("panic elsewhere", 129, said), ("err", 2, "erred as told")] {
        let mut pty = ready(command(fault, ""), fault);
        pty.send("x");
        assert_eq!(pty.wait_exit(), status, "{fault}");
        pty.wait_given_back();
        pty.wait_text(said);
        assert_nothing_was_asked(&pty);
    }
}

/// What cannot be said cannot keep the terminal either.
#[test]
fn a_panic_with_nowhere_to_say_so() {
    for way in ["2>&-", "2>/dev/full"] {
        let mut pty = ready(command("panic", way), "panic");
        pty.send("x");
        assert_eq!(pty.wait_exit(), 101, "{way}");
        pty.wait_given_back();
    }
}

#[test]
fn a_signal_while_the_program_hangs() {
    let mut pty = ready(command("hang", ""), "hang");
    pty.send("x");
    pty.signal(Signal::TERM);
    assert_eq!(pty.wait_exit(), 143);
    pty.wait_given_back();
}

#[test]
fn a_signal_while_the_terminal_does_not_listen() {
    let mut pty = ready(command("flood", ""), "flood");
    pty.freeze(true);
    pty.send("x");
    wait_calm(&pty);
    pty.signal(Signal::TERM);
    assert_eq!(pty.wait_exit(), 143);
    pty.freeze(false);
    pty.wait_given_back();
}

/// Who types faster than what is typed is done has to wait: it is not kept without an end.
#[test]
fn keys_wait_in_the_terminal_while_others_are_pending() {
    let mut pty = ready(command("glut", ""), "glut");
    pty.send("x".repeat(8_000));
    assert_eq!(pty.wait_exit(), 0);
    pty.wait_given_back();
}

#[test]
fn a_frame_larger_than_the_terminal_takes_at_once_arrives_whole() {
    let mut pty = ready(command("flood", ""), "flood");
    pty.send("x");
    pty.wait_text("02999 02999");
    pty.signal(Signal::TERM);
    assert_eq!(pty.wait_exit(), 143);
    pty.wait_given_back();
}
