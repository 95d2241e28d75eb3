//! The terminal, borrowed and always given back.
//!
//! A [`Session`] is one guard for every way out: quitting, an error, a panic, a signal, being
//! stopped, the terminal vanishing. What it turns on is written in [`screen`], once, beside what
//! turns it off again. Nothing here asks the terminal anything, so nothing waits for an answer.
//!
//! ```text
//! keys ─▶ system (poll) ─▶ decode ─▶ Input ─▶ next()
//! signals ─▶ system ─────────────▶ Input, or stop and come back
//! draw() ─▶ ratatui ─▶ one buffer ─▶ system (write)
//! ```
//!
//! On Unix the bytes are read and decoded here: crossterm 0.29's reader loses its place past 1,024
//! bytes in one burst, blocks on half an escape sequence, and spins once the terminal is gone.

mod canvas;
mod screen;

#[cfg(unix)]
mod decode;
#[cfg(unix)]
mod modes;
#[cfg(unix)]
mod mouse;
#[cfg(unix)]
mod signals;
#[cfg(unix)]
#[path = "terminal/unix.rs"]
mod system;
#[cfg(not(unix))]
#[path = "terminal/plain.rs"]
mod system;
#[cfg(unix)]
mod tty;

use std::io::{self, IsTerminal};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseEvent};
use ratatui::Frame;
use ratatui::buffer::Buffer;

pub use canvas::MOST_CELLS;

use crate::scenario::is_given;
use canvas::Canvas;
use system::Stop;

/// What happens next, as the program sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key went down, or repeats. Releases are dropped.
    Key(KeyEvent),
    /// Text pasted in one piece; its line ends are `\n`.
    Paste(String),
    /// The mouse, with positions that may lie outside the window.
    Mouse(MouseEvent),
    /// Another size, or back from being stopped: draw again.
    Redraw,
    /// The time given to [`Session::next`] has passed.
    Tick,
    /// The terminal has vanished, or a panic gave it back. Said again on every call.
    Gone,
    /// Asked to leave by this signal. Said again on every call.
    Signal(i32),
}

/// Where keys come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keyboard {
    /// Standard input, which must be a terminal.
    StandardInput,
    /// The terminal itself, if standard input is something else that was read already (`cat mine.json | stepgrad -`).
    Terminal,
}

/// Why no session could be opened. In the first three cases the terminal was never touched.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("standard input is not a terminal; `stepgrad -` reads a scenario from it")]
    InputIsNoTerminal,
    #[error("standard output is not a terminal")]
    OutputIsNoTerminal,
    #[error("the terminal cannot place text: TERM is {}", .0.as_deref().map_or("not set".into(), |term| format!("`{term}`")))]
    Incapable(Option<String>),
    #[error("the terminal could not be set up: {0}")]
    Setup(#[from] io::Error),
}

/// So many keys are done at once, before it is looked for signals again.
const MOST_AHEAD: usize = 64;

/// Bytes for the first frames, and for the threads that come with them: where these are not to be had, the program would be
/// ended with the terminal taken.
const FIRST_FRAMES: u64 = 16 << 20;

/// A terminal in full-screen use, given back on drop.
pub struct Session {
    mouse: bool,
    system: system::System,
    canvas: Canvas,
    drawn: Instant,
    gone: bool,
}

impl Session {
    /// Takes the terminal over: raw mode, alternate screen, bracketed paste, no cursor, and the
    /// mouse if asked for.
    ///
    /// # Errors
    /// When there is no terminal to take over, or it cannot be; what fails half-way undoes what
    /// was done.
    pub fn open(mouse: bool, keyboard: Keyboard) -> Result<Self, OpenError> {
        refuse_what_is_no_terminal(keyboard)?;
        if !is_given(FIRST_FRAMES) {
            return Err(io::Error::from(io::ErrorKind::OutOfMemory).into());
        }
        // With NO_COLOR set crossterm would write bare resets, which wipe bold and reverse at
        // random. Whether there is colour is for the theme to say.
        crossterm::style::force_color_output(true);
        let mut session = Self {
            mouse,
            system: system::System::open()?,
            canvas: Canvas::default(),
            drawn: Instant::now(),
            gone: false,
        };
        session.take_over()?;
        Ok(session)
    }

    /// Draws a frame and sends it in one piece; leaves it out while the terminal is busy with the one before. A terminal
    /// that cannot be written to ends the session: [`Session::next`] says why.
    pub fn draw(&mut self, paint: impl FnOnce(&mut Frame)) {
        self.drawn = Instant::now();
        if !self.is_over() && system::is_in_background() {
            self.stop_in_background();
        }
        if !self.is_over() {
            self.gone = self.show(paint).is_err();
        }
    }

    fn show(&mut self, paint: impl FnOnce(&mut Frame)) -> io::Result<()> {
        if self.system.takes_a_frame()? {
            let frame = self.canvas.frame(system::size()?, paint)?;
            self.system.send(&frame)?;
        }
        Ok(())
    }

    /// The last frame, if there was one.
    pub fn shown(&mut self) -> Option<&Buffer> {
        self.canvas.shown()
    }

    /// Waits for what happens next; without a timeout, as long as it takes.
    pub fn next(&mut self, timeout: Option<Duration>) -> Input {
        match self.system.wait(timeout, self.is_over()) {
            system::Event::Input(Input::Key(key)) if is_suspend(key) => {
                self.suspend();
                Input::Redraw
            }
            system::Event::Input(input) => input,
            system::Event::Stop => self.stop(Stop::Alone),
            system::Event::Continued => self.resume(),
            system::Event::Background => self.stop_in_background(),
        }
    }

    /// Whether more has come in already, so that drawing can wait: a held key never queues up
    /// frames. Says no once a tenth of a second has passed without one, so that an endless
    /// stream of keys still shows where it is.
    pub fn has_pending(&mut self) -> bool {
        let patient = self.drawn.elapsed() < Duration::from_millis(100);
        patient && !self.is_over() && self.system.has_pending()
    }

    /// Keys that have come in already, up to one that `stop` names or that stops the program. To hand one key after the other
    /// to a thread takes longer than to do what they say.
    pub fn typed_ahead(&mut self, stop: impl Fn(KeyEvent) -> bool) -> Vec<KeyEvent> {
        if self.is_over() {
            return Vec::new();
        }
        self.system.typed_ahead(MOST_AHEAD, |key| !stop(key) && !is_suspend(key))
    }

    /// Puts back what was taken and not done.
    pub fn put_back(&mut self, keys: impl DoubleEndedIterator<Item = KeyEvent>) {
        self.system.put_back(keys);
    }

    /// Gives the terminal back and stops, as Ctrl-Z does, until the shell's `fg`. In a window
    /// that has no shell to say `fg` it only repaints, since nobody could wake it again.
    pub fn suspend(&mut self) {
        self.canvas.forget();
        if system::has_job_control() {
            self.stop(Stop::Job);
        }
    }

    fn is_over(&self) -> bool {
        self.gone || !screen::is_entered()
    }

    fn stop(&mut self, stop: Stop) -> Input {
        screen::leave();
        self.system.stop(stop);
        self.resume()
    }

    /// Somebody else has the terminal: stops, as whoever uses it from the background, and leaves it to them as it is.
    fn stop_in_background(&mut self) -> Input {
        self.system.stop(Stop::Background);
        self.resume()
    }

    fn resume(&mut self) -> Input {
        if self.take_over().is_err() {
            self.gone = true;
        }
        Input::Redraw
    }

    /// Takes the terminal over, whatever was done to it meanwhile. The shell may have left any mode and any text behind,
    /// so nothing is assumed of either.
    fn take_over(&mut self) -> io::Result<()> {
        self.canvas.forget();
        if self.system.settle() {
            return self.system.send(&screen::enter(self.mouse)?);
        }
        self.gone = true;
        Ok(())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        screen::leave();
    }
}

/// The exit status of a program that a signal made leave: 128 + its number.
#[must_use]
pub fn exit_code(signal: i32) -> ExitCode {
    u8::try_from(128 + signal).map_or(ExitCode::FAILURE, ExitCode::from)
}

fn refuse_what_is_no_terminal(keyboard: Keyboard) -> Result<(), OpenError> {
    if !(io::stdin().is_terminal() || keyboard == Keyboard::Terminal && system::has_terminal()) {
        return Err(OpenError::InputIsNoTerminal);
    }
    if !io::stdout().is_terminal() {
        return Err(OpenError::OutputIsNoTerminal);
    }
    let term = std::env::var_os("TERM").map(|term| term.to_string_lossy().into_owned());
    match term.as_deref() {
        // Windows consoles have no TERM.
        None | Some("") if cfg!(unix) => Err(OpenError::Incapable(None)),
        Some("dumb") => Err(OpenError::Incapable(term)),
        _ => Ok(()),
    }
}

fn is_suspend(key: KeyEvent) -> bool {
    cfg!(unix) && key.code == KeyCode::Char('z') && key.modifiers == KeyModifiers::CONTROL
}
