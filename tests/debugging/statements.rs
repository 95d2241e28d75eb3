//! What pane 4 says of a statement that just ran.

use stepgrad::debugger::Debugger;
use stepgrad::debugger::quote::Tone;

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
