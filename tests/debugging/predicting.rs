//! Questions about the next step, and what an answer is told: each wrong one names the mistake that leads to it.

use stepgrad::app::{App, Mode};
use stepgrad::debugger::Debugger;
use stepgrad::debugger::predict::Question;
use stepgrad::engine::Event;
use stepgrad::front::live::text;
use stepgrad::scenario::Source;
use stepgrad::ui::theme::Look;

use crate::{debugger, press};

const TWO_USES: &str = r#"{"values": {"a": 3, "b": 4, "c": "a*b", "d": "a + b", "e": "c*d"}}"#;

/// Stands before the second write of a `_backward` to `a.grad`: `a.grad += b.data * out.grad` with 12 there and 7 coming.
fn before_the_second_write_to_a(text: &str) -> Debugger {
    let mut debugger = debugger(text);
    let writes = (0..debugger.run.steps).filter(|&step| match debugger.run.event(step) {
        Event::Write(write) => write.by.is_some() && debugger.name(write.target.value) == "a",
        _ => false,
    });
    let step = writes.clone().nth(1).unwrap();
    debugger.go_to(step);
    debugger
}

fn told(debugger: &Debugger, question: Question, answer: &str) -> String {
    let (right, told) = debugger.judge(question, answer).unwrap_or_else(|trouble| (false, trouble.message));
    assert_eq!(right, told.starts_with("right"), "{told}");
    told
}

#[test]
fn a_wrong_number_names_the_mistake() {
    let debugger = before_the_second_write_to_a(TWO_USES);
    let question = debugger.number_to_predict().unwrap();
    assert_eq!(debugger.asked(question), "a.grad becomes?");
    let given = ["a.grad += b.data * out.grad", "a.grad is 12.0, b.data is 4.0, out.grad is 7.0"];
    assert_eq!(debugger.given(question), given);
    for (answer, mistake) in [
        ("28", "; that is what the line adds; += adds it to what is there"),
        ("12", "; that is what was there before the line ran"),
        ("12 - 28", "; the sign is wrong"),
        ("16", "; that forgets to multiply by out.grad"),
        ("33", "; that is what the other operand gets"),
        ("19", "; that is out.grad alone, without the local derivative"),
        ("3", "; that is its data, not its grad"),
        ("1234", ""),
    ] {
        assert_eq!(told(&debugger, question, answer), format!("a.grad becomes 40.0{mistake}"));
    }
    // As near as one comes by hand, and what is worked out is worked out.
    for answer in ["40", "40.3", "12 + b.data * 7"] {
        assert_eq!(told(&debugger, question, answer), "right: a.grad becomes 40.0");
    }
}

/// With the old rule the answer is another, and so is the mistake.
#[test]
fn what_an_old_rule_throws_away_is_not_added() {
    let rules = r#""ops": {"*": {"forward": "self * other",
        "backward": ["self.grad = other.data * out.grad", "other.grad = self.data * out.grad"]}}"#;
    let debugger = before_the_second_write_to_a(&TWO_USES.replacen('{', &format!("{{{rules}, "), 1));
    let question = debugger.number_to_predict().unwrap();
    assert_eq!(debugger.given(question)[0], "a.grad = b.data * out.grad");
    assert_eq!(told(&debugger, question, "28"), "right: a.grad becomes 28.0");
    let lost = "a.grad becomes 28.0; the line has =, not +=: what was there is lost";
    assert_eq!(told(&debugger, question, "40"), lost);
}

/// Of `a + a` both lines write to the same grad, and each is a step.
#[test]
fn both_lines_at_once_is_a_mistake_of_its_own() {
    let mut debugger = debugger(r#"{"values": {"a": 3, "b": "a + a", "c": "b * a"}}"#);
    let call = (0..debugger.run.steps).find(|&event| debugger.called_at(event) == Some(1)).unwrap();
    debugger.go_to(call);
    let question = debugger.number_to_predict().unwrap();
    let both = "a.grad becomes 9.0; that is after both lines: only the next one runs";
    assert_eq!(told(&debugger, question, "12"), both);
    // The only line of a call that writes there is no such mistake, though another call will.
    let mut debugger = crate::debugger(r#"{"values": {"a": 3, "b": "-a", "c": "b + a"}}"#);
    let call = (0..debugger.run.steps).find(|&event| debugger.called_at(event) == Some(2)).unwrap();
    debugger.go_to(call + 1);
    let question = debugger.number_to_predict().unwrap();
    assert_eq!(told(&debugger, question, "0"), "a.grad becomes 1.0; that is what was there before the line ran");
}

#[test]
fn a_wrong_node_names_what_it_waits_for() {
    let mut debugger = debugger(TWO_USES);
    let first = (0..debugger.run.steps).find(|&step| {
        debugger.go_to(step);
        debugger.number_to_predict().is_some()
    });
    assert_eq!(debugger.step, first.unwrap());
    let question = debugger.node_to_predict().unwrap();
    assert_eq!(debugger.asked(question), "whose _backward() runs next?");
    for answer in ["e", " `e` "] {
        assert_eq!(told(&debugger, question, answer), "right: e._backward()");
    }
    assert_eq!(told(&debugger, question, "c"), "e._backward() runs next: c still waits for e");
    assert_eq!(told(&debugger, question, "zz"), "there is no value `zz`");
    // In the middle of a `_backward` there is no next node to ask for, and at the end there is nothing.
    debugger.go_to(debugger.step + 1);
    assert_eq!(debugger.node_to_predict(), None);
    debugger.go_to(debugger.run.steps);
    assert_eq!((debugger.node_to_predict(), debugger.number_to_predict()), (None, None));
}

/// Of two that may run either is right; one that has run, or never does, is not.
#[test]
fn every_node_that_may_run_is_a_right_answer() {
    let mut debugger = debugger(&TWO_USES.replace(r#""a": 3"#, r#""unused": 1, "a": 3"#));
    debugger.go_to(debugger.home() + 2);
    let question = debugger.node_to_predict().unwrap();
    assert_eq!(told(&debugger, question, "d"), "right: d._backward()");
    assert_eq!(told(&debugger, question, "c"), "right: c may run, too, but d._backward() is first here");
    for (answer, why) in
        [("e", "e has run already"), ("a", "a still waits for c and d"), ("unused", "the root is not made of unused")]
    {
        assert_eq!(told(&debugger, question, answer), format!("d._backward() runs next: {why}"));
    }
}

/// What is no answer does not count, and the question stays.
#[test]
fn a_slip_is_asked_again() {
    let mut app = App::open(Source::builtin("two-uses").unwrap()).unwrap();
    press(&mut app, "P n z z z Enter");
    let score = |app: &App| app.predict.map(|score| (score.right, score.asked));
    assert_eq!(score(&app), Some((0, 0)));
    assert!(matches!(&app.mode, Mode::Prompt(prompt) if prompt.text() == "zzz" && prompt.trouble.is_some()));
    press(&mut app, "Ctrl-U f Enter s 1 + Enter");
    assert_eq!(score(&app), Some((1, 1)));
    let screen = text(&app, &Look::default(), (80, 24));
    assert!(screen.contains(".grad is 0.0, "), "it still says what is given: {screen}");
    assert!(screen.contains("✗ this ends too early"), "{screen}");
}
