//! `--watch`: the file is loaded again whenever an editor writes it, and the place is kept.

use std::fs;
use std::path::{Path, PathBuf};

use crate::pty::{Pty, Setup};
use crate::{STEPGRAD, assert_ends};

const GOOD: &str = r#"{"values": {"a": 3, "w": 2, "b": "a*w", "c": "b + a"}}"#;
const LONGER: &str = r#"{"values": {"z": 1, "a": 3, "w": 5, "b": "a*w", "c": "b + a", "d": "c*z"}}"#;

fn file(name: &str, text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", std::process::id()));
    fs::write(&path, text).unwrap();
    path
}

fn watch(path: &Path) -> Pty {
    let pty = Setup::new(STEPGRAD).args(&["--watch", path.to_str().unwrap()]).size(120, 35).spawn();
    pty.wait_text("reversed(topo)");
    pty
}

#[test]
fn a_file_that_is_written_to_is_loaded_again_where_the_cursor_stood() {
    let path = file("watched.json", GOOD);
    let mut pty = watch(&path);
    pty.send("ns");
    pty.wait_text("a.grad");
    pty.wait_text("b._backward()");
    fs::write(&path, LONGER).unwrap();
    pty.wait_text("written to");
    pty.wait_text("b._backward()");
    pty.wait_text("15.0");
    pty.send("q");
    assert_ends(pty, 0);
    fs::remove_file(path).unwrap();
}

#[test]
fn a_file_that_is_broken_for_a_moment_complains_and_the_last_good_run_goes_on() {
    let path = file("broken.json", GOOD);
    let mut pty = watch(&path);
    fs::write(&path, r#"{"values": {"a": 3, "b": "a +"}}"#).unwrap();
    pty.wait_text("expected a");
    pty.send("\x1b");
    pty.wait_text("broken file");
    pty.send("n");
    pty.wait_text("c._backward()");
    // As most editors do it: written beside, and renamed.
    let beside = file("broken.json~", LONGER);
    fs::rename(beside, &path).unwrap();
    pty.wait_text("written to");
    pty.wait_for("no word of a broken file", |screen| !screen.contents().contains("broken file"));
    fs::remove_file(&path).unwrap();
    pty.wait_text("no such file");
    pty.send("q");
    pty.send("q");
    assert_ends(pty, 0);
}

#[test]
fn there_must_be_a_file_to_watch() {
    let output = std::process::Command::new(STEPGRAD).args(["--watch", "neuron"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(complaint.contains("--watch needs a file"), "{complaint}");
}
