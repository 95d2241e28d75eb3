//! Keys, pastes and sizes: whatever comes, and however fast, the screen is the one that `stepgrad screen` prints.

use std::process::Command;

use crate::pty::{Pty, Setup};
use crate::{STEPGRAD, assert_ends, on_screen, wait_on};

/// A scenario of some thousand steps.
const LONG: &str = "exploding-inf";

/// What `stepgrad screen` prints for the same keys.
fn printed(scenario: &str, keys: &str, (columns, rows): (u16, u16)) -> String {
    let size = format!("{columns}x{rows}");
    let output = Command::new(STEPGRAD).args(["screen", scenario, "--keys", keys, "--size", &size]).output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// The lines of a screen without what is blank at their ends, and at its end.
fn trimmed(screen: &str) -> String {
    let lines: Vec<&str> = screen.lines().map(str::trim_end).collect();
    lines.join("\n").trim_end().to_owned()
}

fn wait_same(pty: &Pty, wanted: &str) {
    pty.wait_for(&format!("this screen:\n{wanted}\n"), |screen| trimmed(&screen.contents()) == trimmed(wanted));
}

#[test]
fn the_terminal_shows_what_the_headless_screen_prints() {
    let mut pty = Setup::new(STEPGRAD).args(&["a-plus-a"]).size(100, 30).spawn();
    wait_on(&pty);
    // As a terminal sends them, and as `--keys` names them.
    let keys = [
        ("s", "s"),
        ("\x1b[C", "Right"),
        ("\x1bOF", "End"),
        ("\x1b[D", "Left"),
        ("S", "S"),
        ("g", "g"),
        ("\t", "Tab"),
        ("?", "?"),
        ("\x1b", "Esc"),
        ("t", "t"),
        ("o", "o"),
        ("\x1b[B", "Down"),
        ("\r", "Enter"),
        ("2n", "2n"),
        ("1", "1"),
    ];
    let mut pressed = String::new();
    for (bytes, name) in keys {
        pty.send(bytes);
        pressed = format!("{pressed} {name}");
        wait_same(&pty, &printed("a-plus-a", &pressed, (100, 30)));
    }
    pty.send("q");
    assert_ends(pty, 0);
}

#[test]
fn a_held_key_loses_nothing_and_queues_no_frames() {
    let mut pty = Setup::new(STEPGRAD).args(&[LONG]).spawn();
    wait_on(&pty);
    pty.send("g");
    pty.send("s".repeat(3000));
    wait_same(&pty, &printed(LONG, &format!("g {}", "s ".repeat(3000)), (80, 24)));
    pty.send("S".repeat(1777));
    wait_same(&pty, &printed(LONG, &format!("g {}", "s ".repeat(1223)), (80, 24)));
    let bytes = pty.bytes();
    let frames = bytes.windows(8).filter(|part| part == b"\x1b[?2026h").count();
    assert!((1..1000).contains(&frames), "{frames} frames");
    pty.send("q");
    assert_ends(pty, 0);
}

/// What is pasted is no command, and what was typed before is shown before the rest of a paste has come.
#[test]
fn a_paste_presses_no_keys() {
    let mut pty = on_screen();
    pty.send("n\x1b[200~nnq\x03half");
    pty.wait_text("node 1/10");
    pty.send("nnq\r\x1b[201~n");
    pty.wait_text("node 2/10");
    pty.send("q");
    assert_ends(pty, 0);
}

#[test]
fn every_size_at_any_moment() {
    let mut pty = Setup::new(STEPGRAD).args(&[LONG]).spawn();
    wait_on(&pty);
    let sizes = [(0, 0), (1, 1), (0, 20), (20, 0), (1, 40), (200, 1), (65535, 65535), (7, 3)];
    for _ in 0..20 {
        for (columns, rows) in sizes {
            pty.resize(columns, rows);
            pty.send("s\x1b[<0;900;900M");
        }
    }
    for columns in 0..40 {
        for rows in 0..20 {
            pty.resize(columns, rows);
        }
    }
    pty.resize(0, 0);
    pty.resize(61, 17);
    wait_same(&pty, &printed(LONG, &"s ".repeat(160), (61, 17)));
    pty.send("q");
    assert_ends(pty, 0);
}

#[test]
fn a_terminal_that_does_not_know_its_size() {
    let mut pty = Setup::new(STEPGRAD).size(0, 0).spawn();
    pty.wait_for("the debugger in full screen", vt100::Screen::alternate_screen);
    pty.resize(70, 20);
    wait_same(&pty, &printed("neuron", "", (70, 20)));
    pty.send("q");
    assert_ends(pty, 0);
}
