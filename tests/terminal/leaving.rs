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

/// Without a question, but not without a word.
#[test]
fn edits_are_dropped_with_a_word() {
    let mut pty = on_screen();
    pty.send("=q");
    let said = "your edits of neuron.json are dropped; `:w FILE` would";
    // The last words of a program may arrive after its exit status.
    assert_ends(pty, 0).wait_for(said, |screen| screen.contents().trim().starts_with(said));
}

#[test]
fn signals_that_leave() {
    let asking = [Signal::TERM, Signal::HUP, Signal::INT, Signal::QUIT];
    // What nobody sends to be polite.
    let ending =
        [Signal::USR1, Signal::USR2, Signal::ALARM, Signal::VTALARM, Signal::PROF, Signal::XCPU, Signal::ABORT];
    let rare = [Signal::TRAP, Signal::SYS, Signal::BUS, Signal::IO, Signal::POWER, Signal::STKFLT];
    for signal in asking.into_iter().chain(ending).chain(rare) {
        let pty = on_screen();
        pty.signal(signal);
        assert_ends(pty, 128 + signal.as_raw().cast_unsigned());
    }
}

/// Linux has more that have no names of their own.
#[test]
fn signals_without_a_name_that_leave() {
    for signal in [34, 35, 49, 64] {
        let pty = on_screen();
        pty.signal_numbered(signal);
        assert_ends(pty, 128 + signal);
    }
}

/// As `nohup` wants it.
#[test]
fn signals_that_the_parent_has_it_ignore() {
    for signal in [Signal::HUP, Signal::INT, Signal::QUIT, Signal::TERM] {
        let mut pty = Setup::shell(&format!("trap '' {}; exec {STEPGRAD}", signal.as_raw())).spawn();
        wait_on(&pty);
        pty.signal(signal);
        pty.send("n");
        pty.wait_text("node 1/10");
        pty.send("q");
        assert_ends(pty, 0);
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
