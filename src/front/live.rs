//! The debugger on a terminal, and its screen as text: the same [`App`] on the same keys.

use std::process::ExitCode;
use std::time::Duration;

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::cli::Color;
use super::terminal::{Input, Session, exit_code};
use super::{LiveOptions, export};
use crate::app::{Action, App, Effect};
use crate::keymap;
use crate::scenario::{Scenario, Source, save};
use crate::ui::theme::{COLOUR, Look, PLAIN};
use crate::ui::{draw, mouse, paint, settle};

/// As after SIGHUP: the terminal is not there any more.
const GONE: u8 = 129;

/// Opens the debugger, and gives the terminal back when it is left.
///
/// # Errors
/// Why there is no terminal to open it on.
pub fn open(scenario: Scenario, source: Source, options: &LiveOptions) -> Result<ExitCode, String> {
    let mut app = App::new(scenario, source);
    if let Some(step) = options.at {
        app.debugger.go_to(step);
    }
    let look = look(options);
    app.max_bytes = options.max_bytes;
    let mut session = Session::open(options.mouse, options.keyboard).map_err(|error| error.to_string())?;
    loop {
        let mut area = Rect::default();
        session.draw(|frame| {
            area = frame.area();
            draw(&app, &look, frame);
        });
        loop {
            let input = session.next(pause(&app));
            let step = handle(&mut app, &input, area);
            settle(&mut app, area);
            match step {
                Step::Leave(status) => return Ok(status),
                Step::Suspend => session.suspend(),
                Step::Stay => {}
            }
            if !session.has_pending() {
                break;
            }
        }
    }
}

/// How long to wait for a key: as long as it takes, or until the next step while it plays by itself.
fn pause(app: &App) -> Option<Duration> {
    app.play.on.then(|| Duration::from_millis(app.play.pause))
}

enum Step {
    Stay,
    Suspend,
    Leave(ExitCode),
}

fn handle(app: &mut App, input: &Input, area: Rect) -> Step {
    match input {
        Input::Key(key) => done(&press(app, *key)),
        Input::Tick => done(&app.update(Action::Tick)),
        Input::Mouse(event) => mouse::action(app, *event, area).map_or(Step::Stay, |action| done(&app.update(action))),
        Input::Paste(text) => {
            keymap::paste(app, text);
            Step::Stay
        }
        Input::Signal(signal) => Step::Leave(exit_code(*signal)),
        Input::Gone => Step::Leave(ExitCode::from(GONE)),
        Input::Redraw => Step::Stay,
    }
}

/// Does what a key says; writes the file if it says to draw one.
fn press(app: &mut App, key: KeyEvent) -> Effect {
    match keymap::press(app, key) {
        Effect::Export(path) => {
            match export::write(&app.debugger, &path) {
                Ok(()) => app.say(format!("the graph at step {} is in {}", app.debugger.step, path.display())),
                Err(error) => app.complain(format!("{} cannot be written: {}", path.display(), save::reason(&error))),
            }
            Effect::None
        }
        effect => effect,
    }
}

fn done(effect: &Effect) -> Step {
    match effect {
        Effect::None | Effect::Export(_) => Step::Stay,
        Effect::Suspend => Step::Suspend,
        Effect::Quit => Step::Leave(ExitCode::SUCCESS),
    }
}

/// Colours unless they are not wanted; ASCII where the locale says that the terminal has nothing else.
fn look(options: &LiveOptions) -> Look {
    let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let wanted = match options.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => !unwanted,
    };
    Look { theme: if wanted { &COLOUR } else { &PLAIN }, ascii: options.ascii || !speaks_utf8() }
}

/// What the first of the locale's variables that is set says. Where none is, the terminal is taken to be of today.
fn speaks_utf8() -> bool {
    let set = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    set.is_none_or(|locale| {
        let locale = locale.to_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

/// The screen after some keys, as text, without a terminal.
///
/// # Errors
/// What is wrong with the keys.
pub fn screen(
    scenario: Scenario,
    source: Source,
    keys: &str,
    size: (u16, u16),
    at: Option<u32>,
) -> Result<String, String> {
    screen_in(&Look::default(), scenario, source, keys, size, at)
}

/// As [`screen`], in a look.
///
/// # Errors
/// What is wrong with the keys.
pub fn screen_in(
    look: &Look,
    scenario: Scenario,
    source: Source,
    keys: &str,
    size: (u16, u16),
    at: Option<u32>,
) -> Result<String, String> {
    let mut app = App::new(scenario, source);
    if let Some(step) = at {
        app.debugger.go_to(step);
    }
    for key in keymap::parse(keys)? {
        if press(&mut app, key) == Effect::Quit {
            break;
        }
        settle(&mut app, Rect::new(0, 0, size.0, size.1));
    }
    Ok(text(&app, look, size))
}

/// The screen of a session as lines of text.
pub fn text(app: &App, look: &Look, size: (u16, u16)) -> String {
    let area = Rect::new(0, 0, size.0, size.1);
    let mut buffer = Buffer::empty(area);
    paint(app, look, area, &mut buffer);
    let mut text = String::new();
    for y in 0..size.1 {
        let mut line = String::new();
        let mut x = 0;
        while x < size.0 {
            let symbol = buffer[(x, y)].symbol();
            line.push_str(symbol);
            // A wide character takes two cells, of which the second holds nothing to print.
            x += u16::try_from(unicode_width::UnicodeWidthStr::width(symbol)).unwrap_or(1).max(1);
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
