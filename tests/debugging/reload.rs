//! A file that is written to while it is open: place, selection and breakpoints are kept by name.

use stepgrad::app::{App, Mode, PromptKind};
use stepgrad::front::live::text;
use stepgrad::scenario::{Complaint, Scenario, Source, read};
use stepgrad::ui::theme::Look;

use crate::press;

fn source(text: &str) -> Source {
    Source { name: "mine.json".into(), text: text.into(), lines: false }
}

fn written(text: &str) -> Result<(Scenario, Source), Complaint> {
    let source = source(text);
    Ok((read(&source)?, source))
}

fn opened(text: &str) -> App {
    App::open(source(text)).unwrap_or_else(|complaint| panic!("{complaint}"))
}

const SHORT: &str = r#"{"values": {"a": 3, "w": 2, "b": "a*w", "c": "b + a"}}"#;
/// The same, with values before and after that move every number and every step.
const LONGER: &str = r#"{"values": {"z": 1, "a": 3, "y": "z*z", "w": 5, "b": "a*w", "c": "b + a", "d": "c*y"}}"#;
const WITHOUT_W: &str = r#"{"values": {"a": 3, "b": "a*a", "c": "b + a"}}"#;

#[test]
fn the_cursor_stays_on_the_line_it_stood_on_and_the_selection_on_its_value() {
    let mut app = opened(SHORT);
    press(&mut app, "n s / w Enter");
    let (running, line) = (app.debugger.running().expect("a line ran"), app.debugger.place().lines);
    assert_eq!(app.debugger.name(running), "b");
    app.reload(written(LONGER));
    let now = app.debugger.running().expect("a line ran");
    assert_eq!((app.debugger.name(now), app.debugger.place().lines), ("b", line));
    assert_eq!(app.debugger.name(app.selected()), "w");
    assert!(!app.is_edited(), "what is shown is what the file holds");
}

#[test]
fn breakpoints_are_found_again_by_name_and_one_whose_value_is_gone_waits_for_it() {
    let mut app = opened(SHORT);
    for command in [": break Space b Enter", ": watch Space w.grad Enter", ": break Space c Enter"] {
        press(&mut app, command);
    }
    let texts =
        |app: &App| -> Vec<String> { app.breakpoints.iter().map(|breakpoint| breakpoint.text.clone()).collect() };
    let of = |app: &App, at: usize| app.breakpoints[at].value().map(|v| app.debugger.name(v).to_owned());
    assert_eq!(texts(&app), ["b", "w.grad", "c"]);
    app.breakpoints[2].on = false;
    app.reload(written(WITHOUT_W));
    assert_eq!((texts(&app), app.breakpoints[1].value()), (["b", "w.grad", "c"].map(String::from).to_vec(), None));
    assert!(app.message.as_ref().is_some_and(|message| message.wrong && message.text.contains("w.grad")));
    app.reload(written(LONGER));
    assert_eq!(texts(&app), ["b", "w.grad", "c"]);
    assert_eq!((0..3).map(|at| of(&app, at).expect("about a value")).collect::<Vec<_>>(), ["b", "w", "c"]);
    assert!(!app.breakpoints[2].on, "one that was off stays off");
    press(&mut app, "Home c");
    assert!(app.stops.iter().any(|&(step, _)| step == app.debugger.step), "and they stop in the new run");
}

/// One that waits is in the list, which stays open, and can be deleted.
#[test]
fn a_breakpoint_that_waits_is_seen_and_can_be_deleted() {
    let mut app = opened(SHORT);
    press(&mut app, ": break Space w Enter B");
    app.reload(written(WITHOUT_W));
    let list = text(&app, &Look::default(), (80, 24));
    assert!(list.contains("●  1  w ") && list.contains("waits for its value"), "{list}");
    press(&mut app, "d");
    assert!(app.breakpoints.is_empty() && matches!(app.mode, Mode::Breaks { .. }));
    app.reload(written(SHORT));
    assert!(app.breakpoints.is_empty());
}

#[test]
fn a_broken_file_complains_over_the_last_good_run_until_it_is_whole_again() {
    let mut app = opened(SHORT);
    press(&mut app, "n");
    let step = app.debugger.step;
    app.reload(written(LONGER));
    app.reload(written(r#"{"values": {"a": 3, "#));
    assert!(app.broken && matches!(app.mode, Mode::Complaint { .. }));
    assert!(app.message.is_none(), "nothing says of the broken file that it is loaded");
    press(&mut app, "Esc n");
    assert!(app.broken && app.debugger.step > step, "the last good run goes on");
    app.reload(written("[]"));
    app.reload(written(SHORT));
    assert!(!app.broken && matches!(app.mode, Mode::Steps));
    assert_eq!(app.debugger.data(app.debugger.scenario.names.find("b").expect("b")), Some(6.0));
}

#[test]
fn what_is_being_typed_is_not_taken_away_by_a_broken_file() {
    let mut app = opened(SHORT);
    press(&mut app, ": print");
    app.reload(written("["));
    assert!(matches!(&app.mode, Mode::Prompt(prompt) if prompt.text() == "print"));
    assert!(app.message.as_ref().is_some_and(|message| message.wrong));
    app.reload(written(LONGER));
    assert!(matches!(&app.mode, Mode::Prompt(prompt) if prompt.text() == "print"));
}

/// A number or an answer that is being typed stays, about the same value and the same question, as long as there is one.
#[test]
fn what_is_being_typed_is_not_taken_away_by_a_whole_file() {
    let typed = |app: &App| match &app.mode {
        Mode::Prompt(prompt) => Some((prompt.text().to_owned(), prompt.kind)),
        _ => None,
    };
    let w = |app: &App| app.debugger.scenario.names.find("w").expect("w");
    let mut app = opened(SHORT);
    press(&mut app, "/ w Enter e 4 2");
    app.reload(written(LONGER));
    assert_eq!(typed(&app), Some(("42".into(), PromptKind::Edit(w(&app)))));
    press(&mut app, "Enter");
    assert_eq!(app.debugger.data(w(&app)), Some(42.0));
    press(&mut app, "e 5");
    app.reload(written(WITHOUT_W));
    assert!(typed(&app).is_none(), "there is no w to be set");

    let mut app = opened(SHORT);
    press(&mut app, "P n c");
    app.reload(written(LONGER));
    assert_eq!(typed(&app), Some(("c".into(), PromptKind::Predict(app.debugger.node_to_predict().unwrap()))));
    press(&mut app, "Ctrl-U d Enter");
    assert_eq!(app.predict.map(|score| (score.right, score.asked)), Some((1, 1)));
}

#[test]
fn edits_that_the_file_replaced_can_be_had_back() {
    let mut app = opened(SHORT);
    press(&mut app, ": w.data Space = Space 7 Enter");
    let b =
        |app: &App| app.debugger.run.data(app.debugger.scenario.names.find("b").expect("b"), app.debugger.run.steps);
    let w =
        |app: &App| app.debugger.run.data(app.debugger.scenario.names.find("w").expect("w"), app.debugger.run.steps);
    assert!(app.is_edited() && w(&app) == Some(7.0));
    app.reload(written(LONGER));
    assert_eq!((w(&app), b(&app), app.is_edited()), (Some(5.0), Some(15.0), false));
    press(&mut app, "u");
    assert_eq!((w(&app), b(&app), app.is_edited()), (Some(7.0), Some(6.0), true));
    press(&mut app, "Ctrl-R");
    assert_eq!((w(&app), app.is_edited()), (Some(5.0), false));
}

#[test]
fn a_file_that_was_only_touched_changes_nothing() {
    let mut app = opened(SHORT);
    press(&mut app, "n n");
    app.message = None;
    let step = app.debugger.step;
    app.reload(written(SHORT));
    assert_eq!((app.debugger.step, app.is_edited(), app.message.is_none()), (step, false, true));
    press(&mut app, "u");
    assert!(app.message.is_some_and(|message| message.text.contains("no edit")));
}
