//! What pane 4 says of a statement that just ran.

use stepgrad::debugger::Debugger;
use stepgrad::debugger::findings::Kind;
use stepgrad::debugger::quote::Tone;
use stepgrad::engine::SegmentKind;

/// The sentences about the last statement of a script over `b = a * a`, `c = b + 1`.
fn said(statements: &str) -> Vec<String> {
    let script: Vec<String> = statements.split("; ").map(|line| format!("{line:?}")).collect();
    let mut debugger: Debugger = crate::debugger(&format!(
        r#"{{"values": {{"a": 2, "b": "a * a", "c": "b + 1", "d": 4}}, "root": "c", "script": [{}]}}"#,
        script.join(", ")
    ));
    debugger.go_to(debugger.run.steps);
    let lines = debugger.quote().lines.into_iter().filter(|line| line.tone == Tone::Words);
    lines.map(|line| line.text).collect()
}

#[test]
fn what_changed_data_makes_stale_is_told() {
    for (statement, wanted) in [
        ("a.data = 3", "what is made of it is stale until forward()"),
        ("d.data = 3", "nothing is made of it"),
        ("b.data = 3", "forward() computes it again; what is made of it is stale until then"),
        ("c.data = 3", "forward() computes it again"),
    ] {
        assert_eq!(said(statement), [wanted], "{statement}");
    }
}

/// Beside what is said of it as a fault.
#[test]
fn what_sets_a_grad_by_hand_is_told() {
    for (statement, wanted) in [
        ("c.grad = 1", "set by hand: the base case of a pass"),
        ("b.grad = 2", "set by hand, inside the graph"),
        ("b.grad = 0", "the next pass starts from nothing"),
        ("zero_grad()", "the next pass starts from nothing"),
    ] {
        assert_eq!(said(statement).first().map(String::as_str), Some(wanted), "{statement}");
    }
}

/// Setting the root's grad to 0 seeds nothing: the pass that was over is still the last one.
#[test]
fn a_root_that_is_set_to_0_begins_no_pass() {
    let pass_of = |statement: &str| {
        let script = format!(r#"["b.backward()", "{statement}", "b.backward()"]"#);
        let debugger = crate::debugger(&format!(r#"{{"values": {{"a": 2, "b": "a * a"}}, "script": {script}}}"#));
        let segments = debugger.run.segments.iter();
        let passes = segments.filter(|segment| segment.statement() == Some(1)).map(|segment| segment.pass);
        (passes.collect::<Vec<u32>>(), debugger.run.segments.last().unwrap().pass)
    };
    assert_eq!(pass_of("b.grad = 0.0"), (vec![1], 2));
    assert_eq!(pass_of("b.grad = 1.0"), (vec![2], 2));
}

/// A sum in a rule of one's own stands in brackets where it is added to what was there.
#[test]
fn a_sum_is_added_in_brackets() {
    let numbers = |amount: &str| {
        let rule = format!(r#"{{"forward": "self", "backward": ["self.grad += {amount}"]}}"#);
        let mut debugger: Debugger = crate::debugger(&format!(
            r#"{{"values": {{"a": 2, "b": "my(a)"}}, "script": ["b.grad = 1", "b._backward()"], "ops": {{"my": {rule}}}}}"#
        ));
        debugger.go_to(debugger.run.steps);
        let lines = debugger.quote().lines.into_iter().find(|line| line.tone == Tone::Numbers);
        lines.unwrap().text
    };
    assert_eq!(numbers("out.grad - self**2"), "a.grad = 0.0 + (1 - 2.0**2)");
    assert_eq!(numbers("1 + out.grad"), "a.grad = 0.0 + (1.0 + 1.0)");
    assert_eq!(numbers("2 * out.grad"), "a.grad = 0.0 + 2.0 * 1.0");
    assert_eq!(numbers("out.grad"), "a.grad = 0.0 + 1.0");
}

/// A finding is told in pane 4 at its step, and not before it; what a line says by itself is not said twice.
#[test]
fn what_went_wrong_is_told_where_it_did() {
    let mut told = 0;
    for (name, mut debugger) in crate::short() {
        let (findings, home) = (debugger.findings().to_vec(), debugger.home());
        for finding in findings.iter().filter(|finding| finding.step > home) {
            debugger.go_to(finding.step);
            let says = |debugger: &Debugger| debugger.quote().lines.iter().any(|line| line.text == finding.message);
            let by_its_line = matches!(finding.kind, Kind::Overwritten | Kind::TooEarly);
            assert_eq!(says(&debugger), !by_its_line, "{name}: {}", finding.message);
            debugger.go_to(finding.step - 1);
            assert!(!says(&debugger), "{name}: {}", finding.message);
            told += usize::from(!by_its_line);
        }
    }
    assert!(told > 20, "{told}");
}

/// What comes to a grad when its `_backward` has run is not passed on: that is said at the line that comes too late.
#[test]
fn what_comes_too_late_is_told() {
    let script = r#"["c.grad = 1", "b._backward()", "c._backward()", "d.grad = 1"]"#;
    let mut debugger: Debugger = crate::debugger(&format!(
        r#"{{"values": {{"a": 2, "b": "a * a", "c": "b + a", "d": "c * 2"}}, "root": "c", "script": {script}}}"#
    ));
    let late =
        |debugger: &Debugger| debugger.quote().lines.into_iter().any(|line| line.text.starts_with("too late: b."));
    let told: Vec<bool> = (0..=debugger.run.steps)
        .map(|step| {
            debugger.go_to(step);
            late(&debugger)
        })
        .collect();
    // Two values are computed, three grads written to; then come the two lines of c, of which the first is about b.
    let call = debugger.run.segments.iter().rfind(|segment| matches!(segment.kind, SegmentKind::Call(_)));
    let first = call.unwrap().first as usize;
    let wanted: Vec<bool> = (0..told.len()).map(|step| step == first + 1 || step == first + 2).collect();
    assert_eq!(told, wanted);
    // A pass that begins where another ends has not called it yet.
    let script = r#"["c.grad = 1", "c._backward()", "b._backward()", "c.grad = 1", "c._backward()"]"#;
    let mut debugger: Debugger =
        crate::debugger(&format!(r#"{{"values": {{"a": 2, "b": "a * a", "c": "b + a"}}, "script": {script}}}"#));
    for step in 0..=debugger.run.steps {
        debugger.go_to(step);
        assert!(!late(&debugger), "step {step}");
    }
}

/// Of a graph without ops the first that happens is `build_topo`.
#[test]
fn where_nothing_is_computed_it_begins_with_the_order() {
    let mut debugger = crate::debugger(r#"{"values": {"a": 3}}"#);
    debugger.go_to(0);
    assert!(debugger.quote().title.contains("build_topo"), "{}", debugger.quote().title);
    let mut debugger = crate::debugger(r#"{"values": {"a": 3, "b": "a + a"}}"#);
    debugger.go_to(0);
    assert!(!debugger.quote().title.contains("build_topo"), "{}", debugger.quote().title);
}

/// A comment ends with its line, wherever it stands in a string of statements.
#[test]
fn statements_go_on_after_a_comment() {
    let run = |script: &str| {
        let debugger = crate::debugger(&format!(r#"{{"values": {{"a": 2, "b": "a * a"}}, "script": [{script:?}]}}"#));
        crate::story(&debugger.run)
    };
    let plain = run("b.grad = 1; b._backward()");
    assert_eq!(run("b.grad = 1 # the seed; not more\n# and then\n\n  b._backward()   # its rule"), plain);
    assert_eq!(plain.len(), 4);
}
