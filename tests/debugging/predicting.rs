//! Questions about the next step, and what an answer is told: each wrong one names the mistake that leads to it.

use stepgrad::debugger::Debugger;
use stepgrad::debugger::predict::Question;
use stepgrad::engine::Event;

use crate::debugger;

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
    let (right, told) = debugger.judge(question, answer);
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
        ("19", "; that forgets the local derivative: out.grad alone is passed on only by +"),
        ("3", "; that is its data, not its grad"),
        ("1234", ""),
        ("x", "; there is no value `x`"),
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
    assert_eq!(told(&debugger, question, "zz"), "e._backward() runs next; there is no value `zz`");
    // In the middle of a `_backward` there is no next node to ask for, and at the end there is nothing.
    debugger.go_to(debugger.step + 1);
    assert_eq!(debugger.node_to_predict(), None);
    debugger.go_to(debugger.run.steps);
    assert_eq!((debugger.node_to_predict(), debugger.number_to_predict()), (None, None));
}
