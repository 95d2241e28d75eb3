//! A terminal that does not listen: what is typed is done all the same, and it is given back.

use std::fs::File;
use std::os::unix::fs::PermissionsExt;
use std::thread;
use std::time::Duration;

use rustix::fs::{Mode, OFlags};
use rustix::process::Signal;
use rustix::termios::{Action, tcflow};

use crate::pty::{Pty, Setup};
use crate::{STEPGRAD, assert_ends, on_screen, wait_on};

/// Waits until it waits for something.
pub fn wait_calm(pty: &Pty) {
    let mut calm = 0;
    while calm < 50 {
        calm = if pty.state() == Some('S') { calm + 1 } else { 0 };
        thread::sleep(Duration::from_millis(2));
    }
}

/// Reads no more, and has more to read than it holds.
fn freeze(pty: &Pty) {
    pty.freeze(true);
    pty.resize(65535, 65535);
    wait_calm(pty);
}

/// Ends with this status; then the terminal listens again.
fn assert_ends_frozen(mut pty: Pty, status: u32) {
    assert_eq!(pty.wait_exit(), status);
    pty.freeze(false);
    assert_ends(pty, status);
}

#[test]
fn keys_that_leave() {
    for key in ["q", "\x03"] {
        let mut pty = on_screen();
        freeze(&pty);
        pty.send(key);
        assert_ends_frozen(pty, 0);
    }
}

#[test]
fn stopped_and_continued() {
    let mut pty = on_screen();
    freeze(&pty);
    pty.signal(Signal::TSTP);
    pty.wait_state('T');
    pty.freeze(false);
    pty.wait_given_back();
    pty.resize(80, 24);
    pty.signal(Signal::CONT);
    wait_on(&pty);
    pty.send("q");
    assert_ends(pty, 0);
}

/// Frames are left out meanwhile, but not the last one.
#[test]
fn what_was_typed_meanwhile_is_shown_as_soon_as_it_listens() {
    let mut pty = on_screen();
    freeze(&pty);
    pty.send("nn");
    wait_calm(&pty);
    pty.freeze(false);
    pty.wait_text("node 2/10");
    pty.send("q");
    assert_ends(pty, 0);
}

#[test]
fn a_terminal_whose_output_somebody_has_stopped() {
    let mut pty = on_screen();
    let tty = std::fs::read_link(format!("/proc/{}/fd/0", pty.pid().as_raw_nonzero())).unwrap();
    let tty = rustix::fs::open(tty, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
    tcflow(&tty, Action::OOff).unwrap();
    pty.send("n");
    wait_calm(&pty);
    pty.signal(Signal::TERM);
    assert_ends(pty, 143);
}

/// It is slow, but what others have written to it before is theirs.
#[test]
fn what_others_have_written_before_is_not_dropped() {
    let full = "dd if=/dev/zero of=/dev/tty oflag=nonblock bs=512 count=1000 2>/dev/null";
    let mut pty = Setup::shell(&format!("read line; {full}; exec {STEPGRAD}")).spawn();
    pty.freeze(true);
    pty.send("\n");
    // It has written nothing yet, but set its modes.
    crate::pty::wait_until(|| pty.termios() != pty.termios_at_first(), || "raw mode".into());
    wait_calm(&pty);
    pty.freeze(false);
    wait_on(&pty);
    let mut written = pty.bytes();
    written.retain(|&byte| byte == 0);
    assert!(written.len() > 2 * 4096, "{} bytes of theirs have arrived", written.len());
    pty.send("q");
    assert_ends(pty, 0);
}

/// After `su` the terminal is somebody else's: it cannot be opened anew by its path, nor be waited for without care.
#[test]
fn a_terminal_of_another_user() {
    let program = std::env::temp_dir().join(format!("stepgrad-{}", std::process::id()));
    std::fs::copy(STEPGRAD, &program).unwrap();
    File::open(&program).unwrap().set_permissions(PermissionsExt::from_mode(0o755)).unwrap();
    let as_nobody = if rustix::process::geteuid().is_root() { "setpriv --reuid 65534 --clear-groups" } else { "" };
    let line = format!("chmod 0 $(tty); exec {as_nobody} {}", program.display());
    // The second is not even that of the session.
    for setup in [Setup::shell(&line), Setup::shell(&line).not_controlling()] {
        let pty = setup.spawn();
        wait_on(&pty);
        freeze(&pty);
        pty.signal(Signal::TERM);
        assert_ends_frozen(pty, 143);
    }
    std::fs::remove_file(program).unwrap();
}
