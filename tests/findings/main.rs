//! Every shipped scenario states its findings, and `stepgrad test` holds it to them: here the text of each is looked at,
//! as a reader meets it; and each kind of fault beside a run that has none.

mod calls;
mod many;
mod neighbours;
mod numbers;

use std::fmt::Write;
use std::sync::Arc;

use stepgrad::debugger::Debugger;
use stepgrad::scenario::{Kind, Source, builtin, read};

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

/// A debugger on the text of a scenario's file.
fn debugger(text: &str) -> Debugger {
    let source = Source { name: "test".into(), text: text.into(), lines: false };
    Debugger::new(Arc::new(read(&source).unwrap_or_else(|complaint| panic!("{text}\n{complaint}"))))
}

/// A debugger on what could be typed after `-e`.
fn typed(lines: &[&str]) -> Debugger {
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    Debugger::new(Arc::new(read(&Source::of_lines(&lines)).unwrap_or_else(|complaint| panic!("{complaint}"))))
}

/// The findings of a scenario that is written as lines, and the values that each names.
fn kinds(lines: &[&str]) -> Vec<(Kind, Vec<String>)> {
    let debugger = typed(lines);
    let names = |values: &[u32]| values.iter().map(|&v| debugger.name(v).to_owned()).collect();
    debugger.findings().iter().map(|finding| (finding.kind, names(&finding.values))).collect()
}

/// What these say, each with its step.
fn messages(lines: &[&str]) -> Vec<(u32, String)> {
    typed(lines).findings().iter().map(|finding| (finding.step, finding.message.clone())).collect()
}
