//! Findings of many values, and many findings.

use stepgrad::debugger::findings::Finding;
use stepgrad::scenario::Kind;

use crate::debugger;

/// A finding of many values names a thousand, and says how many more there are.
#[test]
fn a_finding_of_many_values_counts_all() {
    let count = 1500;
    let uses = (0..count).map(|at| format!(r#", "u{at}": "b * 2""#));
    let sums = (1..count).map(|at| format!(r#", "s{at}": "{}{} + u{at}""#, if at == 1 { 'u' } else { 's' }, at - 1));
    let values: Vec<String> = uses.chain(sums).collect();
    let values = values.concat();
    let root = format!("s{}", count - 1);
    let found = |script: &[String], wanted: Kind| {
        let script: Vec<String> = script.iter().map(|statement| format!("{statement:?}")).collect();
        let text = format!(
            r#"{{"values": {{"a": 2, "b": "a * a"{values}}}, "root": "{root}", "script": [{}]}}"#,
            script.join(", ")
        );
        let debugger = debugger(&text);
        let findings = debugger.findings();
        let found = findings.iter().find(|finding| finding.kind == wanted).unwrap_or_else(|| panic!("{script:?}"));
        (found.values.len() + found.more, found.values.len(), found.message.clone())
    };
    let calls = |of: &str, places: std::ops::Range<usize>| -> Vec<String> {
        places.rev().map(|at| format!("{of}{at}._backward()")).collect()
    };
    let early =
        [vec![format!("{root}.grad = 1")], calls("s", 1..count), vec!["b._backward()".into()], calls("u", 0..count)];
    let (all, named, message) = found(&early.concat(), Kind::TooEarly);
    assert_eq!((all, named), (1 + count, 1000), "{message}");
    assert!(message.contains("1497 more"), "{message}");
    let backward = format!("{root}.backward()");
    // Each use and each sum was made of the old data; `b` is to blame.
    let (all, named, message) = found(&["a.data = 3".into(), backward.clone()], Kind::Stale);
    assert_eq!((all, named), (1, 1), "{message}");
    let (all, named, message) = found(&["b.data = 3".into(), backward.clone()], Kind::Stale);
    assert_eq!((all, named), (1 + count, 1000), "{message}");
    let (all, named, message) = found(&[backward.clone(), backward], Kind::LeftOver);
    assert_eq!(named, 1000, "{all} {message}");
}

/// Findings of one kind are told until they take a megabyte; of the faults after that the steps are kept.
#[test]
fn findings_are_told_until_they_are_too_many() {
    let passes = 8000;
    let script = vec![r#""b.backward()""#; passes].join(", ");
    let text = format!(r#"{{"values": {{"a": 2, "b": "a * a"}}, "script": [{script}]}}"#);
    let debugger = debugger(&text);
    let left_over = |finding: &&Finding| finding.kind == Kind::LeftOver;
    let told: Vec<usize> = debugger
        .findings()
        .iter()
        .filter(left_over)
        .map(|finding| {
            let names: usize = finding.values.iter().map(|&v| debugger.name(v).len()).sum();
            size_of::<Finding>() + finding.message.len() + finding.cure.len() + names
        })
        .collect();
    let bytes: usize = told.iter().sum();
    assert!(bytes >= 1 << 20 && bytes - told.last().unwrap() < 1 << 20, "{bytes}");
    assert_eq!(told.len() + debugger.found().more.len(), passes - 1);
}
