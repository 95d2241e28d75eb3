//! What is shown by its label can be typed by it, and what is made of what was typed goes by names.

use stepgrad::app::App;
use stepgrad::debugger::Debugger;

use crate::{debugger, type_line};

const FILE: &str = r#"{"values": {
    "a": {"data": 2, "label": "left - right"},
    "b": {"data": 3, "label": "twin"},
    "c": {"op": "*", "args": ["a", "b"], "label": "b"},
    "d": {"op": "+", "args": ["c", "b"], "label": "twin"},
    "x1*w1": {"op": "tanh", "args": ["d"]}
}}"#;

fn worth(debugger: &Debugger, text: &str) -> Result<f64, String> {
    debugger.evaluate(text).map_err(|trouble| trouble.message)
}

#[test]
fn a_label_that_one_value_has_means_it() {
    let debugger = debugger(FILE);
    assert_eq!(worth(&debugger, "`left - right`.data * 2"), Ok(4.0));
    assert_eq!(worth(&debugger, "b.data"), Ok(3.0), "a name comes before a label");
    assert_eq!(worth(&debugger, "twin.data"), Err("several values have the label `twin`".into()));
    assert_eq!(worth(&debugger, "twins.data"), Err("there is no value `twins`".into()));
    let edited = debugger.with_statements("`left - right`.data = b.data * 2; `left - right`._backward()").unwrap();
    let script: Vec<&str> = edited.debugger.run.script.iter().map(|statement| &*statement.source).take(3).collect();
    assert_eq!(script[1..], ["a.data = b.data * 2", "a._backward()"], "a script goes by names");
}

/// What is wrong is underlined where it was typed; with names in place of labels that is no longer known, so all of it is.
#[test]
fn what_is_wrong_is_underlined_in_what_was_typed() {
    let debugger = debugger(FILE);
    for (text, wanted) in [
        ("a.data + q.data", 9..15),
        ("`left - right`.data + q.data", 0..28),
        ("a.data +", 8..8),
        ("`left - right`.data +", 0..21),
    ] {
        assert_eq!(debugger.evaluate(text).unwrap_err().span, wanted, "{text}");
    }
}

#[test]
fn a_place_to_stop_needs_no_backquotes() {
    let debugger = debugger(FILE);
    let text = |text: &str| debugger.breakpoint(text).map(|breakpoint| breakpoint.text).map_err(|it| it.message);
    for (typed, wanted) in [
        ("left - right", "a"),
        ("`left - right`.grad", "a.grad"),
        ("left - right if `left - right`.grad > 1", "a if a.grad > 1"),
        ("x1*w1", "`x1*w1`"),
        ("x1*w1.grad", "`x1*w1`.grad"),
        (" b ", "b"),
        ("a.grad > 1", "a.grad > 1"),
    ] {
        assert_eq!(text(typed), Ok(wanted.into()), "{typed}");
    }
    assert_eq!(text("+ a"), Err("this is no place to stop".into()));
    assert_eq!(text("twin"), Err("several values have the label `twin`".into()));
    assert_eq!(worth(&debugger, "x1*w1.data"), Ok(debugger.data(4).unwrap()));
    assert_eq!(worth(&debugger, "x1*w1"), Err("`x1*w1` has two numbers, its data and its grad".into()));
}

#[test]
fn the_prompt_selects_by_labels() {
    let source = stepgrad::scenario::Source { name: "test".into(), text: FILE.into(), lines: false };
    let mut app = App::open(source).unwrap();
    type_line(&mut app, "select left - right");
    assert_eq!(app.debugger.name(app.selected()), "a");
    type_line(&mut app, "p `left - right`.data + 1");
    assert_eq!(app.message.map(|message| message.text), Some("`left - right`.data + 1 = 3.0".into()));
}
