//! The debugger on a terminal, and its screen as text: the same [`App`] on the same keys.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::cli::Color;
use super::idle::{Due, Idle};
use super::load::{PATIENCE, Request};
use super::patient::{self, Worker};
use super::terminal::{Input, Session, exit_code};
use super::watch::Watch;
use super::{Failure, LiveOptions, export, output};
use crate::app::{Action, App, Effect};
use crate::keymap;
use crate::scenario::{Complaint, Progress, Scenario, Source, cleaned, save};
use crate::ui::theme::{COLOUR, Look, PLAIN};
use crate::ui::{draw, mouse, paint, settle, waiting};

/// As after SIGHUP: the terminal is not there any more.
const GONE: u8 = 129;

/// Opens the debugger on what `request` names, and gives the terminal back when it is left.
///
/// A file that takes its time is read behind a bar; of any other the first frame is the debugger itself.
///
/// # Errors
/// What is wrong with the scenario; else why there is no terminal to open it on.
pub(super) fn open(request: Request, options: &LiveOptions) -> Result<ExitCode, Failure> {
    let look = look(options);
    let options = *options;
    // Before it is read, so that nothing is missed in between.
    let watch = options.watch.then(|| Watch::new(request.name().as_ref()));
    let mut worker = Worker::default();
    let opened = match request.patience() {
        None => {
            let app = open_at(&request, &Progress::default(), &options)?;
            Ok((app, Session::open(options.mouse, options.keyboard).map_err(|error| error.to_string())?))
        }
        Some(patience) => open_beside(request, patience, &mut worker, &look, options)?,
    };
    match opened {
        Ok((app, session)) => Ok(run(app, session, worker, Idle::new(watch), &look)),
        Err(left) => Ok(status(&left)),
    }
}

/// Reads what takes its time behind a bar; or gives what made the program leave meanwhile.
fn open_beside(
    request: Request,
    patience: Duration,
    worker: &mut Worker,
    look: &Look,
    options: LiveOptions,
) -> Result<Result<(App, Session), Input>, Failure> {
    let progress = Arc::new(Progress::default());
    let what = cleaned(request.name()).into_owned();
    let begun = worker.begin({
        let progress = progress.clone();
        move || open_at(&request, &progress, &options)
    });
    let at_once = worker.wait(&begun, patience).transpose()?;
    let session = Session::open(options.mouse, options.keyboard);
    if session.is_err() && at_once.is_none() {
        // What is wrong with the scenario comes first, as where it is read at once.
        worker.wait(&begun, Duration::MAX).transpose()?;
    }
    let mut session = session.map_err(|error| error.to_string())?;
    if let Some(app) = at_once {
        return Ok(Ok((app, session)));
    }
    let read = worker.wait_drawing(&begun, &mut session, look, |frame| {
        let (stage, share) = progress.seen().unwrap_or(("reading", 0.0));
        let area = frame.area();
        waiting::paint(&format!("{stage} {what}"), Some(share), look, area, frame.buffer_mut());
    });
    match read {
        Ok(app) => Ok(Ok((app?, session))),
        Err(left) => Ok(Err(left)),
    }
}

/// Reads a scenario, and stands where that is asked for.
fn open_at(request: &Request, progress: &Progress, options: &LiveOptions) -> Result<App, Complaint> {
    let (scenario, source) = request.open(progress)?;
    let mut app = App::new(scenario, source);
    if let Some(step) = options.at {
        app.debugger.go_to(step);
    }
    app.max_bytes = options.max_bytes;
    app.debugger.prepare();
    Ok(app)
}

/// Draws, waits for a key, and does what it says, until it says to leave.
fn run(mut app: App, mut session: Session, mut worker: Worker, mut idle: Idle, look: &Look) -> ExitCode {
    loop {
        session.draw(|frame| draw(&app, look, frame));
        idle.about(&app);
        loop {
            let input = session.next(idle.pause(&app));
            let due = if input == Input::Tick { idle.due(&app) } else { None };
            match (&input, due) {
                (Input::Tick, None) => continue,
                (Input::Tick, _) => {}
                _ => idle.interrupted(),
            }
            let area = session.shown().map_or(Rect::ZERO, |shown| shown.area);
            let (progress, what) = (app.progress.clone(), cleaned(&app.source.name).into_owned());
            progress.clear();
            let ahead = if matches!(input, Input::Key(_)) { session.typed_ahead(patient::leaves) } else { Vec::new() };
            let begun = worker.begin(move || act(app, &input, ahead, due, area));
            let done = if let Some(done) = worker.wait(&begun, PATIENCE) {
                Ok(done)
            } else {
                let shown = session.shown().cloned().unwrap_or_default();
                worker.wait_drawing(&begun, &mut session, look, |frame| {
                    working(frame, &shown, look, &told(&progress, &what), begun.since);
                })
            };
            let (step, left_over);
            (app, step, left_over) = match done {
                Ok(done) => done,
                Err(left) => return left_amid_work(&left),
            };
            session.put_back(left_over);
            if worker.was_to_leave() && !app.complains() {
                return ExitCode::SUCCESS;
            }
            match step {
                Step::Leave(status) => return status,
                Step::Quit => {
                    drop(session);
                    if let Some(dropped) = app.dropped() {
                        output::complain(cleaned(&dropped));
                    }
                    return ExitCode::SUCCESS;
                }
                Step::Suspend => session.suspend(),
                Step::Stay => {}
            }
            if !session.has_pending() {
                break;
            }
        }
    }
}

/// Does what an input says, or else what is due, and all that the frame after it needs; and the same for keys that were
/// typed ahead, as long as nobody waits for a frame. Gives back those that are left.
fn act(
    mut app: App,
    input: &Input,
    ahead: Vec<KeyEvent>,
    due: Option<Due>,
    area: Rect,
) -> (App, Step, std::vec::IntoIter<KeyEvent>) {
    let since = Instant::now();
    let mut ahead = ahead.into_iter();
    let mut step = act_once(&mut app, input, due, area);
    while matches!(step, Step::Stay) && since.elapsed() < PATIENCE / 4 {
        let Some(key) = ahead.next() else { break };
        step = act_once(&mut app, &Input::Key(key), None, area);
    }
    (app, step, ahead)
}

fn act_once(app: &mut App, input: &Input, due: Option<Due>, area: Rect) -> Step {
    let step = match due {
        Some(Due::Step) => done(&app.update(Action::Tick)),
        Some(Due::Reload) => {
            let read = Request::again(&app.source, app.max_bytes).open(&app.progress);
            app.reload(read);
            Step::Stay
        }
        Some(Due::Draw) => Step::Stay,
        None => handle(app, input, area),
    };
    settle(app, area);
    app.debugger.prepare();
    step
}

/// What a key is waited for, and how much of it is done where that is known.
fn told(progress: &Progress, name: &str) -> (String, Option<f64>) {
    match progress.seen() {
        _ if save::is_under_way() => ("saving".into(), None),
        Some((stage, share)) => (format!("{stage} {name}"), Some(share)),
        None => ("working it out".into(), None),
    }
}

/// The last frame, and over it what is being done.
fn working(frame: &mut Frame, shown: &Buffer, look: &Look, (what, share): &(String, Option<f64>), since: Instant) {
    let area = frame.area();
    if shown.area == area {
        frame.buffer_mut().clone_from(shown);
    }
    let seconds = since.elapsed().as_secs_f64();
    waiting::paint(&format!("{what} · {seconds:.1} s"), *share, look, area, frame.buffer_mut());
}

/// The status of a program that something made leave while it worked. What was being saved is finished first, unless a
/// person does not want to wait any more.
fn left_amid_work(left: &Input) -> ExitCode {
    match left {
        Input::Key(_) => save::give_up(),
        _ => save::wait_for_end(),
    }
    status(left)
}

/// The status of a program that something made leave.
fn status(left: &Input) -> ExitCode {
    match left {
        Input::Signal(signal) => exit_code(*signal),
        Input::Gone => ExitCode::from(GONE),
        _ => ExitCode::SUCCESS,
    }
}

enum Step {
    Stay,
    Suspend,
    /// A person is done with it.
    Quit,
    /// Something else makes the program leave.
    Leave(ExitCode),
}

fn handle(app: &mut App, input: &Input, area: Rect) -> Step {
    match input {
        Input::Key(key) => done(&press(app, *key)),
        Input::Mouse(event) => mouse::action(app, *event, area).map_or(Step::Stay, |action| done(&app.update(action))),
        Input::Paste(text) => {
            keymap::paste(app, text);
            Step::Stay
        }
        Input::Signal(_) | Input::Gone => Step::Leave(status(input)),
        Input::Redraw | Input::Tick => Step::Stay,
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
        Effect::Quit => Step::Quit,
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
    // A text is drawn once: it waits for what a terminal would be told a moment later.
    app.debugger.findings();
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
