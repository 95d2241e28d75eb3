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
    wait_same(&pty, &printed(LONG, &format!("g {}{}", "s ".repeat(3000), "S ".repeat(1777)), (80, 24)));
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

/// Standard input may hold the scenario; the keys come from the terminal all the same.
#[test]
fn a_scenario_from_a_pipe() {
    let scenario = r#"echo '{"values": {"aa": 3, "bb": "aa + aa"}}' |"#;
    for (line, status, ending) in [
        (format!("{scenario} {STEPGRAD} -"), 0, "q"),
        (format!("{scenario} (trap '' HUP; exec {STEPGRAD} -)"), 0, "q"),
        (format!("{scenario} {STEPGRAD} -"), 0, "?\x03"),
    ] {
        let mut pty = Setup::shell(&line).spawn();
        wait_on(&pty);
        pty.send("n");
        pty.wait_text("node 1/2");
        pty.send(ending);
        assert_ends(pty, status);
    }
}

#[test]
fn a_terminal_that_vanishes_while_standard_input_is_a_pipe() {
    let note = format!("{}/piped-{}", env!("CARGO_TARGET_TMPDIR"), std::process::id());
    let line = format!("trap '' HUP; {STEPGRAD} screen neuron >/dev/null; cat scenarios/neuron.json | {STEPGRAD} -");
    let mut pty = Setup::shell(&format!("cd '{}'; {line}; echo $? > '{note}'", env!("CARGO_MANIFEST_DIR"))).spawn();
    wait_on(&pty);
    pty.hang_up();
    pty.wait_exit();
    assert_eq!(std::fs::read_to_string(&note).unwrap(), "129\n");
    std::fs::remove_file(note).unwrap();
}

/// What is pasted, and what a file calls its values, reaches the terminal as nothing but text.
#[test]
fn text_that_attacks_reaches_the_terminal_as_text() {
    let attacks = "\u{1b}]52;c;aGk=\u{7}\u{1b}P1$r\u{1b}\\\u{9b}31m\u{202e}\u{200b}\u{2028}\u{feff}\u{e0041}";
    let name = serde_json::to_string(&format!("n{attacks}")).unwrap();
    let file = format!("{}/attacks{}-{}.json", env!("CARGO_TARGET_TMPDIR"), "\u{1b}]0;x\u{7}", std::process::id());
    std::fs::write(
        &file,
        format!(r#"{{"title": {name}, "values": {{{name}: 3, "b": {{"op": "neg", "args": [{name}]}}}}}}"#),
    )
    .unwrap();
    let mut pty = Setup::new(STEPGRAD).args(&[&file]).size(120, 35).spawn();
    wait_on(&pty);
    pty.send("no");
    pty.wait_text("Enter  open");
    pty.send("\x1b");
    pty.wait_for("the list closed", |screen| !screen.contents().contains("Enter  open"));
    for prompt in [":", "/", ":save "] {
        pty.send(format!("{prompt}before\x1b[200~{attacks}after\x1b[201~"));
        pty.wait_text("after");
        // Said of what was typed, too, where it is a statement.
        pty.send(if prompt == ":" { "\r\x1b" } else { "\x1b" });
        pty.wait_for("the prompt closed", |screen| !screen.contents().contains("after"));
    }
    pty.send("q");
    let pty = assert_ends(pty, 0);
    std::fs::remove_file(file).unwrap();
    let bytes = pty.bytes();
    let text = str::from_utf8(&bytes).unwrap();
    let hidden = ['\u{7}', '\u{9b}', '\u{202e}', '\u{200b}', '\u{2028}', '\u{feff}', '\u{e0041}'];
    assert!(!text.contains(hidden));
    assert!(text.split('\u{1b}').skip(1).all(|sequence| sequence.starts_with('[')), "only what is ours begins so");
}
