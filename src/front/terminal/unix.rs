//! Waiting, reading and stopping on Unix, without ever being stuck.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::thread;
use std::time::{Duration, Instant};

use crossterm::event::KeyEvent;
use rustix::event::{PollFd, PollFlags};
use rustix::process::{Signal, getpgrp, getpid, getsid, kill_current_process_group, kill_process};

use super::Input;
use super::decode::Decoder;
use super::signals::{Signals, is_ignored};
use super::tty::{is_passing, keyboard, screen, wait_for, write_some};

pub use super::modes::{Modes, give_back, is_in_background};
pub use super::tty::{has_terminal, size};

/// A signal that came is seen after this long, whoever else keeps the processor busy.
const HANDLED: Duration = Duration::from_millis(50);

pub enum Event {
    Input(Input),
    /// SIGTSTP came from outside.
    Stop,
    /// SIGCONT came, after a stop that could not be prepared for.
    Continued,
    /// There are keys, but they are for those in the foreground.
    Background,
}

/// Who is to stop, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// This process, for whoever stops it to let it go on.
    Alone,
    /// The whole job, as the terminal would have done: the shell waits for all of it.
    Job,
    /// The job, which uses the terminal from the background.
    Background,
}

pub struct System {
    keyboard: &'static File,
    signals: Signals,
    decoder: Decoder,
    ready: VecDeque<Input>,
    /// When the last byte came in.
    heard: Instant,
    /// Keys came in the background.
    in_background: bool,
    /// What the terminal has not taken yet.
    unsent: VecDeque<u8>,
    /// Whether a frame was left out since, for want of room.
    left_out: bool,
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
            in_background: false,
            unsent: VecDeque::new(),
            left_out: false,
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
        // More is taken in only when all has been done that was: who types faster than that has to wait, and not we grow.
        // That something came is not enough: half a key is no reason to put a frame off.
        let lost = self.ready.is_empty() && self.listen(Some(Duration::ZERO)).is_err();
        self.signals.collect();
        lost || !self.ready.is_empty() || self.in_background || self.signals.are_waiting()
    }

    /// The next keys that are ready, as long as they are `wanted`.
    pub fn typed_ahead(&mut self, most: usize, wanted: impl Fn(KeyEvent) -> bool) -> Vec<KeyEvent> {
        let key =
            |input: &Input| if let Input::Key(key) = input { Some(*key).filter(|key| wanted(*key)) } else { None };
        let keys: Vec<KeyEvent> = self.ready.iter().map_while(key).take(most).collect();
        self.ready.drain(..keys.len());
        keys
    }

    pub fn put_back(&mut self, keys: impl DoubleEndedIterator<Item = KeyEvent>) {
        keys.rev().for_each(|key| self.ready.push_front(Input::Key(key)));
    }

    /// Forgets what was before a stop, and waits until the terminal may be taken over. Says whether the program is to go on.
    pub fn settle(&mut self) -> bool {
        self.unsent.clear();
        self.in_background = false;
        let is_ours = self.wait_for_the_foreground();
        self.signals.collect();
        self.signals.continued = false;
        is_ours && self.signals.leave.is_none()
    }

    /// Stops in the background, as the kernel would do it to whoever takes the terminal over from there. It goes about it
    /// more slowly: what asks to leave comes together with what continues this process, and while another thread takes it
    /// in, the process must not be stopped again. Says whether the terminal is ours in the end: who may not be stopped
    /// would wait for ever.
    fn wait_for_the_foreground(&mut self) -> bool {
        while is_in_background() {
            thread::sleep(HANDLED);
            self.signals.collect();
            if self.signals.leave.is_some() {
                return false;
            }
            self.signals.continued = false;
            if self.stop_in_background(Signal::TTOU) && !self.signals.continued {
                return false;
            }
        }
        true
    }

    /// Stops, unless it was taken to the foreground meanwhile. Says whether it had to.
    fn stop_in_background(&mut self, signal: Signal) -> bool {
        let had_to = is_in_background();
        if had_to {
            let _ = kill_current_process_group(signal);
            self.wait_for_what_continued_it();
        }
        had_to
    }

    /// Stops, until somebody continues it.
    pub fn stop(&mut self, stop: Stop) {
        if stop == Stop::Job {
            // Our own handler takes it up, too, without stopping.
            let _ = kill_current_process_group(Signal::TSTP);
        }
        // What asked for this stop is done with. What asks from here on asks for another.
        self.signals.collect();
        self.signals.stop = false;
        if stop == Stop::Background {
            self.stop_in_background(Signal::TTIN);
        } else {
            let _ = kill_process(getpid(), Signal::STOP);
            self.wait_for_what_continued_it();
        }
    }

    /// It has gone on, and so has whichever thread takes that in.
    fn wait_for_what_continued_it(&mut self) {
        let start = Instant::now();
        while !self.signals.continued && start.elapsed() < HANDLED {
            let left = HANDLED.saturating_sub(start.elapsed());
            let _ = wait_for(&mut [PollFd::new(&self.signals, PollFlags::IN)], Some(left));
            self.signals.collect();
        }
    }

    /// Whether the terminal has room for a frame. Where it has not, `wait` asks for one as soon as it has.
    pub fn takes_a_frame(&mut self) -> io::Result<bool> {
        self.write()?;
        self.left_out = !self.unsent.is_empty();
        Ok(!self.left_out)
    }

    /// Writes bytes, as the terminal takes them: the rest of them while it is waited for what comes next.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.unsent.extend(bytes);
        self.write()
    }

    fn write(&mut self) -> io::Result<()> {
        while !self.unsent.is_empty() {
            match write_some(self.unsent.as_slices().0) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(count) => drop(self.unsent.drain(..count)),
                Err(error) if is_passing(&error) => break,
                Err(error) => return Err(error),
            }
        }
        Ok(())
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
        if std::mem::take(&mut self.in_background) {
            return Some(Event::Background);
        }
        if let Some(input) = self.ready.pop_front() {
            return Some(Event::Input(input));
        }
        let has_room = self.left_out && self.unsent.is_empty();
        self.left_out &= !has_room;
        (std::mem::take(&mut self.signals.resized) || has_room).then_some(Event::Input(Input::Redraw))
    }

    /// The terminal's end and the signal that tells of it come together; the signal, which is
    /// sent first, has the word.
    fn gone(&mut self) -> Event {
        self.signals.collect();
        Event::Input(self.signals.leave.map_or(Input::Gone, Input::Signal))
    }

    /// Waits for keys, a signal, or room for what is unsent, and takes the keys in. Says whether anything came.
    fn listen(&mut self, timeout: Option<Duration>) -> io::Result<bool> {
        let patience = self.decoder.patience(self.heard.elapsed());
        let timeout = timeout.into_iter().chain(patience).min();
        let room = if self.unsent.is_empty() { PollFlags::empty() } else { PollFlags::OUT };
        let mut fds = [
            PollFd::new(self.keyboard, PollFlags::IN),
            PollFd::new(screen()?, room),
            PollFd::new(&self.signals, PollFlags::IN),
        ];
        let came = wait_for(&mut fds, timeout)?;
        let [keyboard, screen, _] = fds.map(|fd| fd.revents());
        // Without this, a terminal that has vanished is readable for ever.
        if (keyboard | screen).intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        if screen.contains(PollFlags::OUT) {
            self.write()?;
        }
        if keyboard.contains(PollFlags::IN) {
            self.read()?;
        }
        Ok(came)
    }

    fn read(&mut self) -> io::Result<()> {
        // The kernel would stop this process for reading, with the terminal as it is.
        self.in_background = is_in_background();
        if self.in_background {
            return Ok(());
        }
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

/// Clicks, drags and the wheel. crossterm's own command also asks for every motion of the
/// pointer, each of which would wake the program.
pub fn queue_mouse(out: &mut impl io::Write) -> io::Result<()> {
    out.write_all(b"\x1b[?1000h\x1b[?1002h\x1b[?1006h")
}

/// Whether a shell put this program into a job of its own, which it can take up again. Where a
/// window runs the program itself, or a script in it does, the job is that of the session's
/// leader, and a stop would be for ever; so it would where the program is to ignore it.
pub fn has_job_control() -> bool {
    let own_job = getsid(None).is_ok_and(|session| session != getpgrp());
    own_job && !is_ignored(Signal::TSTP.as_raw())
}
