//! Edits at every step: an edit that changes nothing marks nothing, at whatever step it is compared; and what an edit
//! changes is marked with what it was.

use stepgrad::app::App;
use stepgrad::formula::Field;
use stepgrad::scenario::{Source, builtin};

use crate::{press, type_line};

/// The numbers that are marked as others than in the run before, at any step.
fn marked(app: &mut App) -> Vec<String> {
    let mut marked = Vec::new();
    for step in 0..=app.debugger.run.steps {
        app.debugger.go_to(step);
        for v in app.debugger.run.graph.ids() {
            let fields = [Field::Data, Field::Grad].into_iter();
            let was = fields
                .filter_map(|field| app.was(v, field).map(|was| format!("{v}.{} was {was} at {step}", field.name())));
            marked.extend(was);
        }
    }
    marked
}

#[test]
fn an_edit_that_changes_nothing_marks_nothing() {
    for name in ["neuron", "a-plus-a-old", "the-notebook", "two-uses", "manual", "no-zero-training"] {
        let mut app = App::open(Source::builtin(name).unwrap()).unwrap();
        let first = app.debugger.run.steps;
        for step in 0..=first {
            app.debugger.go_to(step);
            let v = step % u32::try_from(app.debugger.run.graph.len()).unwrap();
            let line = format!("{}.grad *= 1", app.debugger.quoted(v));
            type_line(&mut app, &line);
            assert!(app.is_edited(), "{name}: at {step}");
            let (done, landed) = (app.debugger.run.steps, app.debugger.step);
            assert_eq!(marked(&mut app), [""; 0], "{name}: put in at {step}");
            app.debugger.go_to(landed);
            press(&mut app, "u");
            assert_eq!((app.debugger.step, app.debugger.run.steps), (step, first));
            assert_eq!(marked(&mut app), [""; 0], "{name}: taken back at {step}");
            press(&mut app, "Ctrl-R u");
            assert!(done > 0 && !app.is_edited());
        }
    }
}

/// Each of these edits keeps a graph of its own to go back to.
#[test]
fn edits_that_lie_too_far_back_are_forgotten() {
    let values: Vec<String> = (0..500_000).map(|at| format!(r#""v{at}":{at}"#)).collect();
    let text = format!(r#"{{"values":{{{},"last":"v0+v1"}}}}"#, values.join(","));
    let mut app = App::open(Source { name: "large".into(), text, lines: false }).unwrap();
    app.update(stepgrad::app::Action::Choose(0));
    for edit in 0..20 {
        press(&mut app, &format!("e {} Enter", edit % 10));
    }
    assert_eq!(app.debugger.data(0), Some(9.0));
    press(&mut app, "u");
    assert_eq!(app.debugger.data(0), Some(8.0), "it can be taken back");
    press(&mut app, &"u ".repeat(20));
    assert!(app.is_edited(), "but not all of them");
}

#[test]
fn what_an_edit_changes_is_marked_with_what_it_was() {
    let mut app = App::open(Source::builtin("neuron").unwrap()).unwrap();
    press(&mut app, "4n / x 1 Enter e 3 Enter");
    let x1 = app.selected();
    assert_eq!(app.was(x1, Field::Data), Some(2.0));
    press(&mut app, "u");
    assert_eq!(app.was(x1, Field::Data), Some(3.0), "against the run before, which is the edited one");
    assert_eq!(app.debugger.step, 32);
    // In the middle of a pass: what comes after the statement is another, what came before is not.
    type_line(&mut app, "`x1*w1`.grad = 2");
    press(&mut app, "N");
    assert_eq!(marked_here(&app), 0);
    press(&mut app, "End");
    let was = app.was(x1, Field::Grad).expect("it is another");
    assert!((was + 1.5).abs() < 1e-9, "{was}");
    assert_eq!(app.debugger.grad(x1), -6.0);
}

fn marked_here(app: &App) -> usize {
    app.debugger.run.graph.ids().filter(|&v| app.was(v, Field::Grad).or(app.was(v, Field::Data)).is_some()).count()
}

#[test]
fn a_leaf_that_a_statement_has_set_is_edited_where_one_stands() {
    let mut app = App::open(Source::builtin("no-zero-training").unwrap()).unwrap();
    let written = |app: &App, v: u32| app.debugger.run.history(Field::Data).last(v, app.debugger.run.steps).is_some();
    let leaves = app.debugger.run.graph.ids().filter(|&v| app.debugger.run.graph.is_leaf(v));
    let leaf = leaves.into_iter().find(|&v| written(&app, v)).expect("it trains");
    press(&mut app, "End");
    app.update(stepgrad::app::Action::Choose(leaf));
    press(&mut app, "e 3 . 5 Enter");
    assert_eq!(app.debugger.data(leaf), Some(3.5), "what was typed is what stands there now");
}

#[test]
fn every_shipped_scenario_can_be_edited_wherever_it_opens() {
    for name in builtin::names() {
        let mut app = App::open(Source::builtin(name).unwrap()).unwrap();
        let steps = app.debugger.run.steps;
        for keys in ["x", "g x", "t s x", "End x", "r s x", "f x"] {
            press(&mut app, keys);
            assert!(app.is_edited(), "{name}: {keys}");
        }
        press(&mut app, "9u");
        (0..9).for_each(|_| press(&mut app, "u"));
        assert_eq!((app.debugger.run.steps, app.is_edited()), (steps, false), "{name}");
    }
}

#[test]
fn an_edit_that_would_take_too_much_memory_is_refused() {
    let values: Vec<String> = (1..20_000).map(|at| format!(r#","n{at}":"n{}+n0""#, at - 1)).collect();
    let debugger = super::debugger(&format!(r#"{{"values":{{"n0":1{}}}}}"#, values.concat()));
    let once = debugger.with_statements("n19999.backward()").map(|edited| edited.debugger.run.steps);
    assert!(once.is_ok_and(|steps| steps > debugger.run.steps));
    let text = "n19999.backward();".repeat(10_000);
    let refused = debugger.with_statements(&text).err().unwrap();
    assert_eq!(refused.span, 0..text.len(), "all of it is at fault");
    assert_eq!(refused.message, "recording this run would take more than 38 MiB of memory");
}

/// Taking an edit back, and doing it again, is no step in time: the cursor stays on the line that it has come to since.
#[test]
fn the_cursor_stays_where_it_was_when_an_edit_is_taken_back() {
    let mut app = App::open(Source::builtin("neuron").unwrap()).unwrap();
    let place =
        |app: &App| (app.debugger.running().map(|v| app.debugger.name(v).to_owned()), app.debugger.place().lines);
    press(&mut app, "j j e 5 Enter n n n n");
    let there = place(&app);
    for key in ["u", "Ctrl-R", "u"] {
        press(&mut app, key);
        assert_eq!(place(&app), there, "{key}");
    }
    // A statement that is put in before it moves the steps, and writes the backward() out.
    let mut app = App::open(Source::builtin("neuron").unwrap()).unwrap();
    press(&mut app, "n n : n . g r a d = 1 Enter n n n s");
    let there = place(&app);
    for key in ["u", "Ctrl-R", "u"] {
        press(&mut app, key);
        assert_eq!(place(&app), there, "{key}");
    }
}
