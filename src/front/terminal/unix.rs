//! Waiting, reading and stopping on Unix, without ever being stuck.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags};
use rustix::process::{Signal, getpgrp, getpid, getsid, kill_current_process_group, kill_process};

use super::Input;
use super::decode::Decoder;
use super::signals::{Signals, is_ignored};
use super::tty::{is_passing, keyboard, screen, wait_for, write_all};

pub use super::tty::{has_terminal, queue_mouse, send_at_once, size};

pub enum Event {
    Input(Input),
    /// SIGTSTP came from outside.
    Stop,
    /// SIGCONT came, after a stop that could not be prepared for.
    Continued,
}

pub struct System {
    keyboard: File,
    signals: Signals,
    decoder: Decoder,
    ready: VecDeque<Input>,
    /// When the last byte came in.
    heard: Instant,
}

impl System {
    pub fn open() -> io::Result<Self> {
        screen()?;
        Ok(Self {
            keyboard: keyboard()?,
            signals: Signals::install()?,
            decoder: Decoder::default(),
            ready: VecDeque::new(),
            heard: Instant::now(),
        })
    }

    /// Waits for the next event. When it is `over`, only says how it ended.
    pub fn wait(&mut self, timeout: Option<Duration>, over: bool) -> Event {
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        loop {
            if let Some(event) = self.at_hand(over) {
                return event;
            }
            let left = deadline.map(|at| at.saturating_duration_since(Instant::now()));
            match self.listen(left) {
                Ok(true) => {}
                Ok(false) => self.ready.extend(self.decoder.give_up(self.heard.elapsed())),
                Err(_) => return self.gone(),
            }
            if self.ready.is_empty() && left.is_some_and(|left| left.is_zero()) {
                return Event::Input(Input::Tick);
            }
        }
    }

    /// Whether `wait` would return at once.
    pub fn has_pending(&mut self) -> bool {
        // That something came is not enough: half a key is no reason to put a frame off.
        let lost = self.listen(Some(Duration::ZERO)).is_err();
        self.signals.collect();
        lost || !self.ready.is_empty() || self.signals.are_waiting()
    }

    /// After a stop: forgets what led to it. Says whether the program is to go on.
    pub fn settle(&mut self) -> bool {
        self.signals.collect();
        self.signals.stop = false;
        self.signals.continued = false;
        self.signals.leave.is_none()
    }

    /// Writes a frame. A terminal may take its time, but not once a signal asks to leave.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let signals = &mut self.signals;
        write_all(bytes, |screen| {
            let mut fds = [PollFd::new(screen, PollFlags::OUT), PollFd::new(&*signals, PollFlags::IN)];
            wait_for(&mut fds, None)?;
            signals.collect();
            if signals.leave.is_some() { Err(ErrorKind::Interrupted.into()) } else { Ok(()) }
        })
    }

    fn at_hand(&mut self, over: bool) -> Option<Event> {
        self.signals.collect();
        if let Some(signal) = self.signals.leave {
            return Some(Event::Input(Input::Signal(signal)));
        }
        if over {
            return Some(Event::Input(Input::Gone));
        }
        if std::mem::take(&mut self.signals.stop) {
            return Some(Event::Stop);
        }
        if std::mem::take(&mut self.signals.continued) {
            return Some(Event::Continued);
        }
        if let Some(input) = self.ready.pop_front() {
            return Some(Event::Input(input));
        }
        std::mem::take(&mut self.signals.resized).then_some(Event::Input(Input::Redraw))
    }

    /// The terminal's end and the signal that tells of it come together; the signal, which is
    /// sent first, has the word.
    fn gone(&mut self) -> Event {
        self.signals.collect();
        Event::Input(self.signals.leave.map_or(Input::Gone, Input::Signal))
    }

    /// Waits for keys or a signal, and takes the keys in. Says whether anything came.
    fn listen(&mut self, timeout: Option<Duration>) -> io::Result<bool> {
        let patience = self.decoder.patience(self.heard.elapsed());
        let timeout = timeout.into_iter().chain(patience).min();
        let mut fds = [PollFd::new(&self.keyboard, PollFlags::IN), PollFd::new(&self.signals, PollFlags::IN)];
        let came = wait_for(&mut fds, timeout)?;
        let keyboard = fds[0].revents();
        // Without this, a terminal that has vanished is readable for ever.
        if keyboard.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        if keyboard.contains(PollFlags::IN) {
            self.read()?;
        }
        Ok(came)
    }

    fn read(&mut self) -> io::Result<()> {
        let mut bytes = [0; 4096];
        match self.keyboard.read(&mut bytes) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(count) => {
                self.ready.extend(bytes[..count].iter().flat_map(|&byte| self.decoder.push(byte)));
                if self.decoder.was_heard() {
                    self.heard = Instant::now();
                }
            }
            Err(error) if is_passing(&error) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

/// Whether a shell put this program into a job of its own, which it can take up again. Where a
/// window runs the program itself, or a script in it does, the job is that of the session's
/// leader, and a stop would be for ever; so it would where the program is to ignore it.
pub fn has_job_control() -> bool {
    let own_job = getsid(None).is_ok_and(|session| session != getpgrp());
    own_job && !is_ignored(Signal::TSTP.as_raw())
}

/// Stops this process, for whoever stopped it to let it go on.
pub fn stop_alone() {
    let _ = kill_process(getpid(), Signal::STOP);
}

/// Stops the whole job, as the terminal would have done: the shell waits for all of it. Our own
/// handler takes SIGTSTP up without stopping, hence the second signal.
pub fn stop_job() {
    let _ = kill_current_process_group(Signal::TSTP);
    stop_alone();
}
