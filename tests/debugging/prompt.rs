//! What is said of a line that was typed at the `:` prompt.

use stepgrad::app::{App, Mode};
use stepgrad::scenario::Source;

use crate::{press, type_line};

fn neuron() -> App {
    App::open(Source::builtin("neuron").unwrap()).unwrap()
}

/// What a line leads to: a message, or what is wrong with it and what may have been meant.
fn said(app: &mut App, line: &str) -> String {
    type_line(app, line);
    let trouble = match &app.mode {
        Mode::Prompt(prompt) => prompt.trouble.clone(),
        _ => None,
    };
    let Some(trouble) = trouble else {
        return app.message.as_ref().map_or_else(String::new, |message| message.text.clone());
    };
    press(app, "Esc");
    trouble.message + &trouble.help.map_or_else(String::new, |help| format!(" · {help}"))
}

#[test]
fn what_is_wrong_with_a_line_is_said_of_what_was_meant() {
    for (line, wanted) in [
        ("bogus.grad", "there is no value `bogus`"),
        ("x1", "`x1` has two numbers, its data and its grad"),
        ("x1.grad +", "this ends too early"),
        ("assert x1.grad ==", "this ends too early"),
        ("foo + 1", "there is no value `foo`"),
        ("e FILE", "there is no command `e` · ? lists the commands"),
        ("wq", "there is no command `wq` · ? lists the commands"),
        ("x", "there is no command `x` · ? lists the commands"),
        ("info", "there is no command `info` · ? lists the commands"),
        ("braek", "there is no command `braek` · did you mean `break`?"),
        ("b + x1", "this is no place to stop · a condition stands after `if`: break if x1.grad > 1"),
    ] {
        let said = said(&mut neuron(), line);
        assert!(said.starts_with(wanted), "{line}: {said}");
    }
}

#[test]
fn what_is_true_is_no_number() {
    let mut app = neuron();
    for (line, wanted) in [
        ("x1.grad==0", "x1.grad==0 is True"),
        ("p x1.grad > 0 and x1.data > 0", "x1.grad > 0 and x1.data > 0 is False"),
        ("isnan(x1.grad)", "isnan(x1.grad) is False"),
        ("x1.data", "x1.data = 2.0"),
    ] {
        assert_eq!(said(&mut app, line), wanted);
    }
}

#[test]
fn an_assert_says_whether_it_holds() {
    let mut app = neuron();
    assert_eq!(said(&mut app, "assert x1.data == 2"), "assert x1.data == 2 holds: 2.0 == 2.0; u takes it back");
    assert_eq!(said(&mut app, "assert x1.grad==5"), "assert x1.grad==5 does not hold: 0.0 == 5.0; u takes it back");
    assert!(app.message.as_ref().is_some_and(|message| message.wrong));
    assert_eq!(said(&mut app, "zero_grad()"), "zero_grad() has run; u takes it back");
}

#[test]
fn steps_are_gone_to_by_number_and_by_distance() {
    let mut app = neuron();
    for (line, step) in [("12", 12), ("+3", 15), ("-5", 10), ("-99", 0), ("+99", 40), ("goto 7", 7)] {
        type_line(&mut app, line);
        assert_eq!(app.debugger.step, step, "{line}");
    }
}

#[test]
fn numbers_that_files_may_hold_can_be_typed() {
    let mut app = neuron();
    for (text, is) in [("inf", f64::INFINITY), ("-inf", f64::NEG_INFINITY), ("2.5", 2.5)] {
        press(&mut app, "/ x 1 Enter e");
        stepgrad::keymap::paste(&mut app, text);
        press(&mut app, "Enter");
        assert_eq!(app.debugger.data(app.selected()), Some(is));
    }
    press(&mut app, "e n a n Enter");
    assert!(app.debugger.data(app.selected()).is_some_and(f64::is_nan));
}
