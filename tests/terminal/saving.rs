//! Leaving while something is being saved: it is saved whole, or not at all.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use rustix::process::Signal;

use crate::pty::{Pty, Setup, wait_until};
use crate::{STEPGRAD, assert_ends, wait_on};

/// A folder of its own, gone in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// What is in it beside the scenario that was opened.
    fn files(&self) -> Vec<String> {
        let names = fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name != "in.json").collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// So many values that it takes a while to write them.
const VALUES: usize = 300_000;

/// The debugger on many values, about to save them as `out.json`: all but the Enter.
fn about_to_save(folder: &Folder) -> Pty {
    let mut text = String::from(r#"{"values": {"#);
    for at in 0..VALUES {
        write!(text, r#""v{at}": {at}, "#).unwrap();
    }
    let path = folder.0.join("in.json");
    fs::write(&path, text + r#""last": "v0 + v1"}}"#).unwrap();
    let line = format!("cd '{}'; exec {STEPGRAD} in.json", folder.0.display());
    let mut pty = Setup::shell(&line).spawn();
    wait_on(&pty);
    pty.send(":w out.json");
    pty.wait_text("w out.json");
    pty
}

/// Nothing half written is there. Says whether what was to be saved is.
fn is_saved(folder: &Folder) -> bool {
    let files = folder.files();
    assert!(files.is_empty() || files == ["out.json"], "{files:?}");
    let text = fs::read_to_string(folder.0.join("out.json"));
    assert!(text.as_ref().is_ok_and(|text| text.ends_with("\n}\n")) || text.is_err(), "it is whole");
    text.is_ok()
}

#[test]
fn keys_that_leave_wait_for_it() {
    for key in ["q", "\x03"] {
        let folder = Folder::new("saves");
        let mut pty = about_to_save(&folder);
        pty.send(format!("\r{key}"));
        assert_ends(pty, 0);
        assert!(is_saved(&folder));
    }
}

#[test]
fn a_signal_or_the_end_of_the_terminal_leaves_no_half_of_it() {
    for how in ["TERM", "HUP", "hang up"] {
        let folder = Folder::new("half");
        let mut pty = about_to_save(&folder);
        pty.send("\r");
        wait_until(|| !folder.files().is_empty(), || "a file".into());
        match how {
            "TERM" => pty.signal(Signal::TERM),
            "HUP" => pty.signal(Signal::HUP),
            _ => pty.hang_up(),
        }
        assert_eq!(pty.wait_exit(), if how == "TERM" { 143 } else { 129 });
        is_saved(&folder);
    }
}
