//! A file that takes its time is read behind a bar, and keys are answered meanwhile. A pipe takes as long as one wants.

use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::PathBuf;

use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::pty::{Pty, Setup};
use crate::{STEPGRAD, assert_ends, wait_on};

/// A program that reads a named pipe, to which nothing has been written yet.
struct Slow {
    pty: Pty,
    pipe: PathBuf,
    /// Held open, so that there is something to wait for.
    writer: Option<File>,
}

impl Slow {
    fn open(name: &str) -> Self {
        let folder = env!("CARGO_TARGET_TMPDIR");
        // The title row has no room for long names.
        let file = format!("{name}-{}.json", std::process::id());
        let pipe = PathBuf::from(folder).join(&file);
        let _ = std::fs::remove_file(&pipe);
        mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("a named pipe");
        // A pipe that is opened for both ways waits for nobody.
        let writer = OpenOptions::new().read(true).write(true).open(&pipe).expect("a pipe can be opened");
        let pty = Setup::shell(&format!("cd '{folder}'; exec {STEPGRAD} {file}")).size(100, 30).spawn();
        pty.wait_text("reading");
        Self { pty, pipe, writer: Some(writer) }
    }

    /// All that it will ever read.
    fn write(&mut self, text: &str) {
        let mut writer = self.writer.take().expect("it is written once");
        writer.write_all(text.as_bytes()).expect("it is read");
    }
}

impl Drop for Slow {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.pipe);
    }
}

#[test]
fn while_it_reads_keys_are_answered() {
    let mut slow = Slow::open("answers");
    // A key that means nothing yet is not kept for later.
    slow.pty.send("n?");
    slow.pty.wait_text("next node: its whole _backward");
    slow.pty.send("?");
    slow.pty.wait_for("the help closed", |screen| !screen.contents().contains("next node"));
    slow.pty.resize(60, 20);
    slow.pty.wait_text("reading");
    slow.write(r#"{"values": {"a": 2, "b": "a + a"}}"#);
    wait_on(&slow.pty);
    slow.pty.wait_text("node 0/2");
    slow.pty.send("q");
    let Slow { pty, .. } = &mut slow;
    assert_eq!(pty.wait_exit(), 0);
    pty.wait_given_back();
}

#[test]
fn while_it_reads_one_can_leave() {
    for (key, name) in [("q", "quits"), ("\x03", "interrupts")] {
        let mut slow = Slow::open(name);
        slow.pty.send(key);
        assert_eq!(slow.pty.wait_exit(), 0);
        slow.pty.wait_given_back();
    }
}

#[test]
fn a_complaint_comes_after_the_terminal_is_given_back() {
    let mut slow = Slow::open("wrong");
    slow.write(r#"{"values": {"a": 2, "b": "a + c"}}"#);
    assert_eq!(slow.pty.wait_exit(), 2);
    slow.pty.wait_given_back();
    slow.pty.wait_text("there is no value `c`");
}

/// A condition as long as one may be, on half a million writes: the search for its stops says how far it has come, and one
/// can leave at once.
#[test]
fn a_key_that_takes_long_is_waited_for_behind_a_bar() {
    let mut text = r#"{"values": {"v0": 1"#.to_owned();
    for v in 1..250_000 {
        write!(text, r#", "v{v}": {{"op": "neg", "args": ["v{}"]}}"#, v - 1).expect("a string takes it");
    }
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("bar-{}.json", std::process::id()));
    std::fs::write(&path, text + "}}").expect("written");
    let condition = format!("{}grad * data{} > 2", "tanh(".repeat(190), ")".repeat(190));
    let mut pty = Setup::new(STEPGRAD).args(&[path.to_str().expect("a path")]).size(100, 30).spawn();
    pty.wait_text("node 0/");
    pty.send(format!(":break if {condition}\r"));
    pty.wait_for("a bar", |screen| {
        let shown = screen.contents();
        shown.contains("finding where to stop in") && shown.contains('%')
    });
    pty.send("q");
    assert_ends(pty, 0);
    let _ = std::fs::remove_file(path);
}

#[test]
fn what_is_small_shows_no_bar() {
    let mut pty = Setup::new(STEPGRAD).args(&["-e", "a = 2", "-e", "b = a + a"]).spawn();
    wait_on(&pty);
    pty.send("q");
    let pty = assert_ends(pty, 0);
    assert!(!String::from_utf8_lossy(&pty.bytes()).contains("one moment"));
}
