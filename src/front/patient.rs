//! Work that may take long, beside a terminal that goes on answering.
//!
//! A large file is read, and a key that asks for something long is answered, on a thread of their own. Meanwhile the
//! terminal is redrawn with what is waited for, `?` shows the help, and `q` quits at once: what was being worked out is
//! left behind. What is being saved is not: `q` waits for it.

use std::cell::OnceCell;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;

use super::terminal::{Input, Session};
use crate::keymap;
use crate::scenario::save;
use crate::ui::{help, theme::Look};

/// How often it is looked whether the work is done, while it is waited for.
const GLANCE: Duration = Duration::from_millis(20);

type Job = Box<dyn FnOnce() + Send>;

/// The thread that works. One for the whole session: what it has in its own memory stays warm. It starts with the first
/// work, for which the first frame has not to wait.
#[derive(Default)]
pub struct Worker {
    thread: OnceCell<Option<Thread>>,
    /// Somebody wants to leave as soon as what is being saved is.
    leaving: bool,
}

struct Thread {
    jobs: Sender<Job>,
    handle: JoinHandle<()>,
}

/// Work that was begun.
pub struct Begun<T> {
    result: Receiver<T>,
    pub since: Instant,
}

impl Worker {
    pub fn begin<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Begun<T> {
        let (done, result) = mpsc::channel();
        // Nobody is there any more to take what was left behind.
        let job = move || drop(done.send(job()));
        match self.thread.get_or_init(Thread::start) {
            // A thread that has panicked takes no more: that is found out when its result is waited for.
            Some(thread) => drop(thread.jobs.send(Box::new(job))),
            // Nothing is answered meanwhile.
            None => job(),
        }
        Begun { result, since: Instant::now() }
    }

    /// What came of it, if that takes no longer than `patience`.
    pub fn wait<T>(&mut self, begun: &Begun<T>, patience: Duration) -> Option<T> {
        match begun.result.recv_timeout(patience) {
            Ok(done) => Some(done),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => self.panicked(),
        }
    }

    /// What came of it, however long that takes. Meanwhile `draw` is asked for frames; what makes the program leave
    /// (`q`, a signal, the end of the terminal) is given back in its place. While something is being saved, a first `q` is
    /// only noted.
    pub fn wait_drawing<T>(
        &mut self,
        begun: &Begun<T>,
        session: &mut Session,
        look: &Look,
        mut draw: impl FnMut(&mut Frame),
    ) -> Result<T, Input> {
        let mut help: Option<usize> = None;
        loop {
            session.draw(|frame| {
                draw(frame);
                if let Some(scroll) = help {
                    let area = frame.area();
                    help::paint(scroll, look, area, frame.buffer_mut());
                }
            });
            if let Some(done) = self.wait(begun, Duration::ZERO) {
                return Ok(done);
            }
            match session.next(Some(GLANCE)) {
                Input::Key(key) if leaves(key) && !self.is_put_off(key) => return Err(Input::Key(key)),
                Input::Key(key) if leaves(key) => self.leaving = true,
                Input::Key(key) => help = turned(help, key),
                left @ (Input::Gone | Input::Signal(_)) => return Err(left),
                Input::Tick | Input::Redraw | Input::Mouse(_) | Input::Paste(_) => {}
            }
        }
    }

    /// Whether leaving has to wait for what is being saved. Where that hangs, Ctrl-C leaves nevertheless.
    fn is_put_off(&self, key: KeyEvent) -> bool {
        save::is_under_way() && !(self.leaving && is_ctrl_c(key))
    }

    /// Whether somebody wanted to leave while something was being saved. Says so once.
    pub fn was_to_leave(&mut self) -> bool {
        std::mem::take(&mut self.leaving)
    }

    fn panicked(&mut self) -> ! {
        match self.thread.take().flatten().map(|thread| thread.handle.join()) {
            Some(Err(panic)) => std::panic::resume_unwind(panic),
            _ => unreachable!("it ends only when nobody can send to it"),
        }
    }
}

impl Thread {
    /// `None` where none can be had: the work is done in place then.
    fn start() -> Option<Self> {
        let (jobs, work) = mpsc::channel::<Job>();
        let thread = thread::Builder::new().name("work".into()).spawn(move || work.into_iter().for_each(|job| job()));
        thread.ok().map(|handle| Self { jobs, handle })
    }
}

/// Whether a key leaves the program, whatever it is at.
pub fn leaves(key: KeyEvent) -> bool {
    keymap::name(key).as_deref() == Some("q") || is_ctrl_c(key)
}

fn is_ctrl_c(key: KeyEvent) -> bool {
    keymap::name(key).as_deref() == Some("Ctrl-C")
}

/// The help, opened, scrolled or closed by a key. What else is typed is not kept: it would come as a surprise later.
fn turned(help: Option<usize>, key: KeyEvent) -> Option<usize> {
    match (help, key.code) {
        (None, KeyCode::Char('?') | KeyCode::F(1)) => Some(0),
        (Some(_), KeyCode::Char('?') | KeyCode::Esc) => None,
        (Some(scroll), KeyCode::Down | KeyCode::Char('j')) => Some(scroll + 1),
        (Some(scroll), KeyCode::Up | KeyCode::Char('k')) => Some(scroll.saturating_sub(1)),
        (Some(scroll), KeyCode::PageDown | KeyCode::Char(' ')) => Some(scroll + 10),
        (Some(scroll), KeyCode::PageUp) => Some(scroll.saturating_sub(10)),
        (help, _) => help,
    }
}
