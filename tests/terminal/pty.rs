//! A real program in a real pseudo-terminal, driven as a person would.
//!
//! Nothing here sleeps for a fixed time: every wait polls a condition, and fails with the screen
//! as it stands once [`GUARD`] has passed.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};
use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// How long anything may take before it counts as hanging, on a busy machine.
pub const GUARD: Duration = Duration::from_secs(20);

/// What to start, and in what kind of terminal.
pub struct Setup {
    command: CommandBuilder,
    columns: u16,
    rows: u16,
}

impl Setup {
    pub fn new(program: &str) -> Self {
        let mut command = CommandBuilder::new(program);
        command.env("TERM", "xterm-256color");
        command.env("LC_ALL", "C.UTF-8");
        for name in ["NO_COLOR", "COLUMNS", "LINES", "ENV", "RUST_BACKTRACE"] {
            command.env_remove(name);
        }
        Self { command, columns: 80, rows: 24 }
    }

    /// A line for `sh`, to redirect, limit or trap something around the program.
    pub fn shell(line: &str) -> Self {
        Self::new("/bin/sh").args(&["-c", line])
    }

    pub fn args(mut self, args: &[&str]) -> Self {
        self.command.args(args);
        self
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub fn size(mut self, columns: u16, rows: u16) -> Self {
        (self.columns, self.rows) = (columns, rows);
        self
    }

    /// So that its end sends no SIGHUP, nor its size a SIGWINCH.
    pub fn not_controlling(mut self) -> Self {
        self.command.set_controlling_tty(false);
        self
    }

    pub fn spawn(self) -> Pty {
        let size = pty_size(self.columns, self.rows);
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let seen = Arc::new(Seen::new(self.columns, self.rows));
        let at_first = termios(&*pair.master);
        Pty {
            writer: Some(pair.master.take_writer().expect("a way to type")),
            reader: Some(read_all(pair.master.try_clone_reader().expect("a way to read"), &seen)),
            at_first,
            child: pair.slave.spawn_command(self.command).expect("the program starts"),
            master: Some(pair.master),
            slave: Some(pair.slave),
            seen,
        }
    }
}

/// A running program and its terminal. Killed on drop.
pub struct Pty {
    child: Box<dyn Child + Send + Sync>,
    master: Option<Box<dyn MasterPty + Send>>,
    /// Kept open, so that the terminal's modes outlive the program.
    slave: Option<Box<dyn SlavePty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    reader: Option<JoinHandle<()>>,
    seen: Arc<Seen>,
    at_first: String,
}

/// What the terminal has been sent.
struct Seen {
    screen: Mutex<(vt100::Parser, Vec<u8>)>,
    frozen: AtomicBool,
    closing: AtomicBool,
}

impl Seen {
    fn new(columns: u16, rows: u16) -> Self {
        let parser = vt100::Parser::new(held(rows), held(columns), 0);
        Self {
            screen: Mutex::new((parser, Vec::new())),
            frozen: AtomicBool::new(false),
            closing: AtomicBool::new(false),
        }
    }

    fn lock(&self) -> MutexGuard<'_, (vt100::Parser, Vec<u8>)> {
        self.screen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pty {
    pub fn send(&mut self, keys: impl AsRef<[u8]>) {
        let writer = self.writer.as_mut().expect("a terminal that has not hung up");
        writer.write_all(keys.as_ref()).expect("keys are taken");
        writer.flush().expect("keys are taken");
    }

    pub fn resize(&self, columns: u16, rows: u16) {
        self.seen.lock().0.set_size(held(rows), held(columns));
        self.master().resize(pty_size(columns, rows)).expect("a size is taken");
    }

    /// Waits until the screen is as described.
    pub fn wait_for(&self, what: &str, is_so: impl Fn(&vt100::Screen) -> bool) {
        wait_until(|| is_so(self.seen.lock().0.screen()), || format!("{what}\n{}", self.describe()));
    }

    pub fn wait_text(&self, text: &str) {
        self.wait_for(&format!("`{text}` on the screen"), |screen| screen.contents().contains(text));
    }

    pub fn contents(&self) -> String {
        self.seen.lock().0.screen().contents()
    }

    /// Every byte the terminal has been sent.
    pub fn bytes(&self) -> Vec<u8> {
        self.seen.lock().1.clone()
    }

    /// The terminal's modes, to be compared.
    pub fn termios(&self) -> String {
        termios(self.master())
    }

    /// The modes from before the program did anything.
    pub fn termios_at_first(&self) -> &str {
        &self.at_first
    }

    /// Waits until everything a full-screen program turns on is off.
    pub fn wait_given_back(&self) {
        wait_until(
            || self.not_given_back().is_empty(),
            || format!("the terminal given back; not so: {:?}\n{}", self.not_given_back(), self.describe()),
        );
    }

    fn not_given_back(&self) -> Vec<&'static str> {
        let modes = self.termios() == self.at_first;
        let seen = self.seen.lock();
        let screen = seen.0.screen();
        let checks = [
            (modes, "termios"),
            (!screen.alternate_screen(), "alternate screen"),
            (!screen.hide_cursor(), "cursor"),
            (screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None, "mouse"),
            (screen.mouse_protocol_encoding() == vt100::MouseProtocolEncoding::Default, "mouse encoding"),
            (!screen.bracketed_paste(), "bracketed paste"),
            (!screen.application_cursor() && !screen.application_keypad(), "application keys"),
            (screen.fgcolor() == vt100::Color::Default && !screen.inverse() && !screen.bold(), "colours"),
        ];
        checks.into_iter().filter(|(fine, _)| !fine).map(|(_, name)| name).collect()
    }

    pub fn pid(&self) -> Pid {
        let pid = self.child.process_id().and_then(|id| i32::try_from(id).ok());
        pid.and_then(Pid::from_raw).expect("a program that runs")
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).expect("a program that runs");
    }

    /// Sends a signal that only has a number.
    pub fn signal_numbered(&self, signal: u32) {
        let kill = format!("kill -{signal} {}", self.pid().as_raw_nonzero());
        assert!(Command::new("/bin/sh").args(["-c", &kill]).status().expect("a shell").success());
    }

    /// Waits for a state of Linux's `/proc`: `T` is stopped, `S` asleep.
    pub fn wait_state(&self, state: char) {
        wait_until(|| self.state() == Some(state), || format!("state {state}, not {:?}", self.state()));
    }

    pub fn state(&self) -> Option<char> {
        state_of(self.pid())
    }

    /// The program that a shell has started.
    fn child(&self) -> Option<Pid> {
        let shell = self.pid().as_raw_nonzero();
        let children = std::fs::read_to_string(format!("/proc/{shell}/task/{shell}/children")).ok()?;
        children.split_whitespace().next()?.parse().ok().and_then(Pid::from_raw)
    }

    pub fn signal_child(&self, signal: Signal) {
        kill_process(self.child().expect("a program that runs"), signal).expect("a program that runs");
    }

    pub fn wait_child_state(&self, state: char) {
        let is_so = || self.child().and_then(state_of) == Some(state);
        wait_until(is_so, || format!("state {state} of {:?}\n{}", self.child(), self.describe()));
    }

    /// Whether or not the shell has taken note of it.
    pub fn wait_child_ended(&self) {
        let has_ended = || self.child().and_then(state_of).is_none_or(|state| state == 'Z');
        wait_until(has_ended, || format!("the end of {:?}\n{}", self.child(), self.describe()));
    }

    /// Waits for the end, and says the status; a program that a signal ended has none.
    pub fn wait_exit(&mut self) -> u32 {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child of ours") {
                assert_eq!(status.signal(), None, "ended by a signal");
                return status.exit_code();
            }
            assert!(start.elapsed() < GUARD, "waited in vain for its end\n{}", self.describe());
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// The terminal reads no more, as if its window were stuck.
    pub fn freeze(&self, frozen: bool) {
        self.seen.frozen.store(frozen, Ordering::SeqCst);
    }

    /// The window is closed.
    pub fn hang_up(&mut self) {
        self.seen.closing.store(true, Ordering::SeqCst);
        // The reader waits in a `read` that holds the terminal open; a byte wakes it.
        let path = self.master().tty_name().expect("a terminal has a name");
        let tty = rustix::fs::open(path, OFlags::WRONLY | OFlags::NOCTTY, Mode::empty());
        let _ = std::fs::File::from(tty.expect("a terminal that can be opened")).write(b" ");
        self.reader.take().map(JoinHandle::join);
        self.slave = None;
        self.writer = None;
        self.master = None;
    }

    fn master(&self) -> &dyn MasterPty {
        self.master.as_deref().expect("a terminal that has not hung up")
    }

    fn describe(&self) -> String {
        let seen = self.seen.lock();
        let screen = seen.0.screen();
        let alternate = if screen.alternate_screen() { "alternate" } else { "normal" };
        format!("---- the {alternate} screen ----\n{}\n----", screen.contents())
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            let _ = kill_process_group(self.pid(), Signal::KILL);
            let _ = self.child.wait();
        }
    }
}

fn read_all(mut master: Box<dyn Read + Send>, seen: &Arc<Seen>) -> JoinHandle<()> {
    let seen = Arc::clone(seen);
    thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(count @ 1..) = master.read(&mut bytes) {
            let mut screen = seen.lock();
            screen.0.process(&bytes[..count]);
            screen.1.extend(&bytes[..count]);
            drop(screen);
            while seen.frozen.load(Ordering::SeqCst) {
                thread::sleep(Duration::from_millis(2));
            }
            if seen.closing.load(Ordering::SeqCst) {
                break;
            }
        }
    })
}

/// Polls until it is so; `what` is asked only when it never was.
pub fn wait_until(is_so: impl Fn() -> bool, what: impl Fn() -> String) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < GUARD, "waited in vain for {}", what());
        thread::sleep(Duration::from_millis(2));
    }
}

fn state_of(pid: Pid) -> Option<char> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).ok()?;
    stat.rsplit_once(") ")?.1.chars().next()
}

fn termios(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().expect("a terminal has modes"))
}

fn pty_size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

/// What `vt100` can hold, and hold without taking gigabytes.
fn held(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number.min(500)).unwrap_or(NonZeroU16::MIN)
}
