//! Stopped and continued: by its key, from outside, with a shell and without one.

use std::process::Command;

use rustix::process::Signal;

use crate::pty::{Pty, Setup, wait_until};
use crate::{STEPGRAD, assert_ends, assert_nothing_was_asked, on_screen, wait_on};

#[test]
fn stopped_and_continued_from_outside() {
    let mut pty = on_screen();
    pty.send("nn");
    pty.wait_text("node 2/10");
    for _ in 0..3 {
        pty.signal(Signal::TSTP);
        pty.wait_state('T');
        pty.wait_given_back();
        pty.signal(Signal::CONT);
        wait_on(&pty);
        pty.wait_text("node 2/10");
    }
    pty.send("q");
    assert_ends(pty, 0);
}

#[test]
fn told_to_leave_while_stopped() {
    let pty = on_screen();
    pty.signal(Signal::TSTP);
    pty.wait_state('T');
    pty.signal(Signal::TERM);
    pty.signal(Signal::CONT);
    assert_ends(pty, 143);
}

/// SIGSTOP cannot be prepared for; whoever takes the terminal then sets it as they like.
#[test]
fn a_terminal_that_was_changed_while_stopped_is_taken_over_again() {
    let mut pty = on_screen();
    let raw = pty.termios();
    pty.signal(Signal::STOP);
    pty.wait_state('T');
    let tty = std::fs::read_link(format!("/proc/{}/fd/0", pty.pid().as_raw_nonzero())).unwrap();
    assert!(Command::new("stty").arg("-F").arg(tty).arg("sane").status().unwrap().success());
    assert_ne!(pty.termios(), raw);
    pty.signal(Signal::CONT);
    wait_until(|| pty.termios() == raw, || "raw mode again".into());
    pty.send("q");
    assert_ends(pty, 0);
}

/// A shell that asks for a line.
fn in_shell() -> Pty {
    let pty = Setup::new("/bin/sh").args(&["-i"]).env("PS1", "ready> ").spawn();
    pty.wait_text("ready>");
    pty
}

/// `kill %1` continues a stopped job, too, in the background: it sees what it is told before it is stopped again.
#[test]
fn a_job_that_is_told_to_leave_in_the_background_ends() {
    for signal in ["TERM", "HUP"] {
        for how in ["&", "suspended", "stopped"] {
            let mut pty = in_shell();
            pty.send(format!("{STEPGRAD} {}\n", if how == "&" { "&" } else { "" }));
            if how != "&" {
                wait_on(&pty);
            }
            match how {
                "suspended" => pty.send("\x1a"),
                "stopped" => pty.signal_child(Signal::STOP),
                _ => {}
            }
            pty.wait_child_state('T');
            pty.send(format!("kill -{signal} %1; kill -CONT %1\n"));
            // The shell itself may still think it stopped, and would not exit.
            pty.wait_child_ended();
            pty.wait_given_back();
        }
    }
}

/// What was typed is for the shell, and the picture would be over its lines.
#[test]
fn what_is_continued_in_the_background_is_stopped_again() {
    let mut pty = in_shell();
    pty.send(format!("{STEPGRAD}\n"));
    wait_on(&pty);
    pty.send("\x1a");
    pty.wait_child_state('T');
    pty.wait_given_back();
    pty.send("bg; sleep 0.1; echo on\n");
    pty.wait_text("\non");
    pty.wait_child_state('T');
    pty.wait_given_back();
    pty.send("fg\n");
    wait_on(&pty);
    pty.send("q");
    pty.wait_given_back();
    pty.send("exit\n");
    pty.wait_exit();
}

#[test]
fn ctrl_z_and_fg() {
    let mut pty = in_shell();
    pty.send(format!("{STEPGRAD}\n"));
    wait_on(&pty);
    for (key, place) in [("n", "node 1/10"), ("n", "node 2/10"), ("s", "node 3/10")] {
        pty.send(key);
        pty.wait_text(place);
        pty.send("\x1a");
        pty.wait_for("the shell's prompt", |screen| {
            !screen.alternate_screen() && screen.contents().trim_end().ends_with("ready>")
        });
        pty.wait_given_back();
        pty.send("fg\n");
        wait_on(&pty);
        pty.wait_text(place);
    }
    pty.send("q");
    pty.wait_for("the shell's prompt", |screen| !screen.alternate_screen());
    pty.send("echo status=$?\n");
    pty.wait_text("status=0");
    pty.wait_given_back();
    assert_nothing_was_asked(&pty);
    pty.send("exit\n");
    pty.wait_exit();
}

/// A window that runs the program itself has nobody to say `fg`.
#[test]
fn ctrl_z_without_a_shell_does_not_freeze_the_window() {
    let mut pty = on_screen();
    pty.send("\x1an");
    pty.wait_text("node 1/10");
    pty.send("q");
    assert_ends(pty, 0);
}
