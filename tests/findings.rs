//! Every shipped scenario states its findings, and `stepgrad test` holds it to them: here the text of each is looked at,
//! as a reader meets it.

use std::fmt::Write;
use std::sync::Arc;

use stepgrad::debugger::Debugger;
use stepgrad::scenario::{Source, builtin, read};

#[test]
fn every_finding_of_the_library_says_what_and_where() {
    let mut text = String::new();
    for entry in builtin::all() {
        let scenario = read(&Source::builtin(entry.name).unwrap()).unwrap();
        assert!(scenario.findings.is_some(), "{} does not state its findings", entry.name);
        let debugger = Debugger::new(Arc::new(scenario));
        for finding in debugger.findings() {
            let kind = finding.kind.name();
            writeln!(
                text,
                "{} · {kind} · step {}\n  {}\n  {}\n",
                entry.name, finding.step, finding.message, finding.cure
            )
            .unwrap();
            assert!(finding.step <= debugger.run.steps && !finding.values.is_empty(), "{}: {kind}", entry.name);
        }
    }
    insta::assert_snapshot!(text);
}
