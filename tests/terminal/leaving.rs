//! Ways out: keys, signals in any moment, a terminal that vanishes.

use rustix::process::Signal;

use crate::pty::Setup;
use crate::{STEPGRAD, assert_ends, on_screen, wait_on};

#[test]
fn keys_that_leave() {
    for key in ["q", "\x03", "?q\x03", "o\x03", "\x1b\x03", "\x1b[200~x\x1b[201~q"] {
        let mut pty = on_screen();
        pty.send(key);
        assert_eq!(assert_ends(pty, 0).contents().trim(), "", "{key:?}");
    }
}

#[test]
fn signals_that_leave() {
    let asking = [Signal::TERM, Signal::HUP, Signal::INT, Signal::QUIT];
    // What nobody sends to be polite.
    let ending =
        [Signal::USR1, Signal::USR2, Signal::ALARM, Signal::VTALARM, Signal::PROF, Signal::XCPU, Signal::ABORT];
    let of_linux = if cfg!(target_os = "linux") { &[Signal::IO][..] } else { &[] };
    for signal in asking.into_iter().chain(ending).chain(of_linux.iter().copied()) {
        let pty = on_screen();
        pty.signal(signal);
        assert_ends(pty, 128 + signal.as_raw().cast_unsigned());
    }
}

#[test]
fn a_signal_in_the_middle_of_a_key_a_paste_or_a_flood() {
    for beginning in ["\x1b", "\x1b[1", "\x1b[200~half a paste", "\u{1b}[999~", &"n".repeat(3000)] {
        let mut pty = on_screen();
        pty.send(beginning);
        pty.signal(Signal::TERM);
        assert_ends(pty, 143);
    }
}

#[test]
fn a_terminal_that_vanishes() {
    // With its signal, with the signal ignored from the start, and with no signal at all.
    let setups = [
        Setup::new(STEPGRAD),
        Setup::shell(&format!("trap '' HUP; exec {STEPGRAD}")),
        Setup::new(STEPGRAD).not_controlling(),
    ];
    for setup in setups {
        let mut pty = setup.spawn();
        wait_on(&pty);
        pty.hang_up();
        assert_eq!(pty.wait_exit(), 129);
    }
}

#[test]
fn a_terminal_that_vanishes_under_a_leader_that_ignores_it() {
    let note = format!("{}/vanished-{}", env!("CARGO_TARGET_TMPDIR"), std::process::id());
    let mut pty = Setup::shell(&format!("trap '' HUP; {STEPGRAD}; echo $? > '{note}'")).spawn();
    wait_on(&pty);
    pty.hang_up();
    pty.wait_exit();
    assert_eq!(std::fs::read_to_string(&note).unwrap(), "129\n");
    std::fs::remove_file(note).unwrap();
}
