//! Waiting, reading and writing as far as crossterm does it, where there are no Unix signals.

use std::io::{self, Write};
use std::time::Duration;

use crossterm::event::{self, EnableMouseCapture, KeyEvent, KeyEventKind};
use crossterm::queue;
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};

use super::Input;

/// The same as on Unix, so that a session is written once; nothing here stops or continues.
#[allow(dead_code, reason = "without Unix signals nothing stops or continues")]
pub enum Event {
    Input(Input),
    Stop,
    Continued,
    Background,
}

#[derive(Debug, Clone, Copy)]
pub enum Stop {
    Alone,
    Job,
    Background,
}

/// crossterm remembers them.
pub struct Modes;

impl Modes {
    pub fn set_raw(_: Option<&Self>) -> io::Result<Self> {
        disable_raw_mode()?;
        enable_raw_mode()?;
        Ok(Self)
    }
}

pub fn give_back(bytes: &[u8], _: &Modes) -> io::Result<()> {
    write(bytes).and(disable_raw_mode())
}

pub fn is_in_background() -> bool {
    false
}

pub struct System;

/// Nothing here can tell.
pub fn has_terminal() -> bool {
    false
}

impl System {
    #[allow(clippy::unnecessary_wraps, reason = "on Unix opening can fail")]
    pub fn open() -> io::Result<Self> {
        Ok(Self)
    }

    pub fn wait(&mut self, timeout: Option<Duration>, over: bool) -> Event {
        if over {
            return Event::Input(Input::Gone);
        }
        Event::Input(read(timeout).unwrap_or(Input::Gone))
    }

    pub fn has_pending(&mut self) -> bool {
        event::poll(Duration::ZERO).unwrap_or(true)
    }

    /// crossterm keeps what has come in.
    pub fn typed_ahead(&mut self, _: usize, _: impl Fn(KeyEvent) -> bool) -> Vec<KeyEvent> {
        Vec::new()
    }

    pub fn put_back(&mut self, _: impl DoubleEndedIterator<Item = KeyEvent>) {}

    pub fn settle(&mut self) -> bool {
        true
    }

    pub fn stop(&mut self, _: Stop) {}

    #[allow(clippy::unnecessary_wraps, reason = "on Unix a terminal may not listen")]
    pub fn takes_a_frame(&mut self) -> io::Result<bool> {
        Ok(true)
    }

    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        write(bytes)
    }
}

fn read(timeout: Option<Duration>) -> io::Result<Input> {
    loop {
        if let Some(timeout) = timeout
            && !event::poll(timeout)?
        {
            return Ok(Input::Tick);
        }
        match event::read()? {
            event::Event::Key(key) if key.kind != KeyEventKind::Release => {
                return Ok(Input::Key(key));
            }
            event::Event::Paste(text) => return Ok(Input::Paste(text)),
            event::Event::Mouse(mouse) => return Ok(Input::Mouse(mouse)),
            event::Event::Resize(..) => return Ok(Input::Redraw),
            _ => {}
        }
    }
}

pub fn size() -> io::Result<(u16, u16)> {
    crossterm::terminal::size()
}

fn write(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

pub fn queue_mouse(out: &mut impl Write) -> io::Result<()> {
    queue!(out, EnableMouseCapture)
}

pub fn has_job_control() -> bool {
    false
}
