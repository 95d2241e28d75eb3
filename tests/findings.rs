//! Every shipped scenario states its findings, and `stepgrad test` holds it to them: here the text of each is looked at,
//! as a reader meets it.

use std::fmt::Write;
use std::sync::Arc;

use stepgrad::debugger::Debugger;
use stepgrad::debugger::findings::Finding;
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

/// The findings of a scenario that is written as lines.
fn kinds(lines: &[&str]) -> Vec<(Kind, Vec<String>)> {
    let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    let debugger = Debugger::new(Arc::new(read(&Source::of_lines(&lines)).unwrap()));
    let names = |values: &[u32]| values.iter().map(|&v| debugger.name(v).to_owned()).collect();
    debugger.findings().iter().map(|finding| (finding.kind, names(&finding.values))).collect()
}

const NO_TOPO: [&str; 8] =
    ["a = 2", "b = 3", "c = a + b", "d = a * b", "e = c + d", "f = c * d", "y = e + f", "y.grad = 1.0"];

fn orders(rest: &[&'static str]) -> Vec<Vec<&'static str>> {
    if rest.is_empty() {
        return vec![Vec::new()];
    }
    let first = |at: usize| {
        let mut others = rest.to_vec();
        let name = others.remove(at);
        orders(&others).into_iter().map(move |order| [vec![name], order].concat())
    };
    (0..rest.len()).flat_map(first).collect()
}

/// Of the 120 orders of the five ops 4 are right: those are silent. In every other each op that runs too early is named,
/// with just the consumers that have not run; and where every grad is right all the same, that is said.
#[test]
fn every_order_of_five_ops_is_told_right() {
    let consumers = |v: &str| match v {
        "c" | "d" => vec!["e", "f"],
        "e" | "f" => vec!["y"],
        _ => vec![],
    };
    let mut silent = 0;
    for order in orders(&["c", "d", "e", "f", "y"]) {
        let calls: Vec<String> = order.iter().map(|v| format!("{v}._backward()")).collect();
        let lines: Vec<&str> = NO_TOPO.iter().copied().chain(calls.iter().map(String::as_str)).collect();
        let found = kinds(&lines);
        let early: Vec<Vec<String>> = order
            .iter()
            .enumerate()
            .filter_map(|(at, v)| {
                let missing: Vec<&str> = consumers(v).into_iter().filter(|c| order[at..].contains(c)).collect();
                (!missing.is_empty()).then(|| [vec![*v], missing].concat().into_iter().map(String::from).collect())
            })
            .collect();
        let told: Vec<Vec<String>> =
            found.iter().filter(|(kind, _)| *kind == Kind::TooEarly).map(|(_, values)| values.clone()).collect();
        assert_eq!(told, early, "{order:?}");
        silent += usize::from(found.is_empty());
        assert_eq!(found.is_empty(), early.is_empty(), "{order:?}: {found:?}");
    }
    assert_eq!(silent, 4);
}

/// Nothing is passed on twice where there was nothing to pass on.
#[test]
fn two_calls_without_a_seed_pass_nothing_on_twice() {
    let lines = ["a = 3", "b = a * a", "b._backward()", "b._backward()"];
    assert_eq!(kinds(&lines).into_iter().map(|(kind, _)| kind).collect::<Vec<_>>(), [Kind::Unseeded, Kind::Unseeded]);
}

/// A kind, a run that has that fault, and one that is almost the same and has none.
const NEIGHBOURS: [(Kind, &[&str], &[&str]); 10] = [
    (
        Kind::Unseeded,
        &["a = 2", "d = a * 2", "c = a * 3", "c.grad = 1", "c._backward()", "d._backward()"],
        &["a = 2", "d = a * 2", "c = a * 3", "c.grad = 1", "c._backward()", "d.grad = 1", "d._backward()"],
    ),
    (
        Kind::Unseeded,
        &["a = 3", "b = a + a", "b._backward()"],
        &["a = 3", "b = a + a", "b.grad = 1.0", "b._backward()"],
    ),
    (
        Kind::OddSeed,
        &["a = 3", "b = a + a", "b.grad = 2.0", "b._backward()"],
        &["a = 3", "b = a + a", "b.grad = 1", "b._backward()"],
    ),
    (
        Kind::Twice,
        &["a = 3", "b = a * a", "c = b + a", "c.grad = 1", "c._backward()", "b._backward()", "b._backward()"],
        &["a = 3", "b = a * a", "c = b + a", "c.grad = 1", "c._backward()", "b._backward()"],
    ),
    (
        Kind::Twice,
        &["a = 3", "b = a * a", "b.grad = 1", "b._backward()", "b._backward()"],
        &["a = 3", "b = a * a", "b.grad = 1", "b._backward()", "zero_grad()", "b.grad = 1", "b._backward()"],
    ),
    (
        Kind::Twice,
        &[
            "a = 3",
            "b = a * a",
            "c = b + 1",
            "d = c + b",
            "d.grad = 1",
            "d._backward()",
            "b._backward()",
            "c._backward()",
            "b._backward()",
        ],
        &["a = 3", "b = a * a", "c = b + 1", "d = c + b", "d.backward()"],
    ),
    (
        Kind::LeftOver,
        &["a = 3", "b = a * a", "c = b + a", "c.backward()", "c.backward()"],
        &["a = 3", "b = a * a", "c = b + a", "c.backward()", "zero_grad()", "c.backward()"],
    ),
    (
        Kind::NeverRan,
        &["a = 3", "b = a * a", "c = b + a", "c.grad = 1", "c._backward()"],
        &["a = 3", "b = a * a", "c = b + a", "c.grad = 1", "c._backward()", "b._backward()"],
    ),
    (
        Kind::Stale,
        &["a = 3", "b = a * a", "a.data = 4", "b.backward()"],
        &["a = 3", "b = a * a", "a.data = 4", "forward()", "b.backward()"],
    ),
    (Kind::NonFinite, &["a = 0", "b = log(a)", "b.backward()"], &["a = 1", "b = log(a)", "b.backward()"]),
];

#[test]
fn a_fault_is_told_and_its_neighbour_is_not() {
    for (kind, faulty, clean) in NEIGHBOURS {
        let of = |lines: &[&str]| kinds(lines).into_iter().map(|(kind, _)| kind).collect::<Vec<Kind>>();
        assert!(of(faulty).contains(&kind), "{} in {faulty:?}: {:?}", kind.name(), of(faulty));
        assert!(of(clean).is_empty(), "{clean:?}: {:?}", of(clean));
    }
}

/// A grad is passed on by whatever call comes with it, though another pass has begun meanwhile; but not by one that came
/// with another number, or comes after a statement has set it anew.
#[test]
fn what_another_pass_passes_on_has_run() {
    let after = |calls: &[&'static str]| {
        kinds(&[&["a = 2", "d = a * 2", "b = a * a", "c = b * 3", "c.grad = 1"], calls].concat())
    };
    for right in [
        ["c._backward()", "c.grad = 1", "b._backward()"],
        ["c._backward()", "a.backward()", "b._backward()"],
        ["d.backward()", "c._backward()", "b._backward()"],
    ] {
        assert_eq!(after(&right), [], "{right:?}");
    }
    for wrong in [["c._backward()", "c.grad = 2", "b._backward()"], ["c._backward()", "zero_grad()", "c.grad = 1"]] {
        assert_eq!(after(&wrong).last(), Some(&(Kind::NeverRan, vec!["c".into()])), "{wrong:?}");
    }
    let early = after(&["b._backward()", "d.backward()", "c._backward()"]);
    assert_eq!(early, [(Kind::TooEarly, vec!["b".into(), "c".into()])]);
}

/// What the findings of a scenario that is written as lines say, each with its step.
fn messages(lines: &[&str]) -> Vec<(u32, String)> {
    let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    let debugger = Debugger::new(Arc::new(read(&Source::of_lines(&lines)).unwrap()));
    debugger.findings().iter().map(|finding| (finding.step, finding.message.clone())).collect()
}

/// A remark is made where it is first so, and not again in each pass.
#[test]
fn a_remark_is_made_once_where_it_begins() {
    let step = "w.data += 0.1 * w.grad";
    let lines = ["w = -1", "h = relu(w)", "h.backward()", step, "forward()", "h.backward()"];
    let dead = "h = relu(-1.0) is dead here: it passes nothing of its grad 1.0 on";
    assert_eq!(messages(&lines), [(7, dead.to_owned())]);
    let late = ["w = 1", "h = relu(w)", "h.backward()", "w.data = -1", "forward()", "zero_grad()", "h.backward()"];
    assert_eq!(messages(&late).len(), 1, "{:?}", messages(&late));
    assert!(messages(&late)[0].0 > 10);
}

/// What no op made is told by what did.
#[test]
fn a_number_that_is_none_is_told_with_where_it_comes_from() {
    let lines = ["a = 3", "b = a * a", "b.backward()", "a.grad = 1e300 * 1e300"];
    let told = messages(&lines).into_iter().map(|(_, message)| message).find(|message| message.contains("made"));
    assert_eq!(told, Some("`a.grad = 1e300 * 1e300` made a.grad inf".into()));
    let told = messages(&["a = 1e200", "b = a * a"])[0].1.clone();
    assert_eq!(told, "b.data became inf: 1e+200 * 1e+200; a.data is 1e+200");
    let told = messages(&["a = 0", "b = sqrt(a)"])[0].1.clone();
    assert_eq!(told, "a.grad became inf in b._backward(): 1.0 / (2.0 * 0.0) * 1.0; a.data is 0.0");
    let told = messages(&["a = -1", "c = 2", "b = log(a) * c"])[0].1.clone();
    assert_eq!(told, "`log(a)`.data became NaN: log(-1.0); a.data is -1.0");
}

/// A grad that a statement sets when all calls that add to it have run is what the next pass begins on: no fault of the
/// pass that was over.
#[test]
fn a_grad_that_is_set_after_its_last_line_belongs_to_the_next_pass() {
    let lines = ["a = 3", "b = a * a", "b.grad = 1", "b._backward()", "a.grad = 5", "b.backward()"];
    let said: Vec<String> = messages(&lines).into_iter().map(|(_, message)| message).collect();
    assert_eq!(said.iter().filter(|message| message.contains("began on")).count(), 1, "{said:?}");
    assert!(said.iter().all(|message| !message.contains("set by hand")), "{said:?}");
}

/// The findings of a scenario's file.
fn told(text: &str) -> Vec<Kind> {
    let source = Source { name: "test".into(), text: text.into(), lines: false };
    let debugger = Debugger::new(Arc::new(read(&source).unwrap_or_else(|complaint| panic!("{text}\n{complaint}"))));
    debugger.findings().iter().map(|finding| finding.kind).collect()
}

/// A rule is looked at though its `_backward` never runs, and that it has not is said.
#[test]
fn a_wrong_rule_is_told_though_it_never_ran() {
    let said = |slope: &str| {
        let rule = format!(r#"{{"forward": "self**3", "backward": ["self.grad += {slope} * out.grad"]}}"#);
        let text = format!(
            r#"{{"values": {{"x": 2, "y": "cube(x)"}}, "script": ["zero_grad()"], "ops": {{"cube": {rule}}}}}"#
        );
        let scenario = read(&Source { name: "test".into(), text, lines: false }).unwrap();
        let debugger = Debugger::new(Arc::new(scenario));
        debugger.findings().iter().map(|finding| (finding.kind, finding.message.clone())).collect::<Vec<_>>()
    };
    assert_eq!(said("3 * self**2"), []);
    let told = said("2 * self**3");
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].0 == Kind::WrongRule && told[0].1.ends_with("no _backward of this op ran"), "{told:?}");
}

/// What rounding makes of a rule is no fault: `0.1 + 0.2 - 0.3` is not 0, but the slope is.
#[test]
fn rounding_in_a_rule_is_no_fault() {
    let of = |slope: &str| {
        format!(
            r#"{{"values": {{"x": 1, "y": "still(x)"}}, "ops": {{"still": {{"forward": "0 * self", "backward":
            ["self.grad += {slope} * out.grad"]}}}}}}"#
        )
    };
    assert!(!told(&of("(0.1 + 0.2 - 0.3)")).contains(&Kind::WrongRule));
    assert!(told(&of("1e-9")).contains(&Kind::WrongRule));
}

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
        let scenario = read(&Source { name: "test".into(), text, lines: false }).unwrap();
        let debugger = Debugger::new(Arc::new(scenario));
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
    let scenario = read(&Source { name: "test".into(), text, lines: false }).unwrap();
    let debugger = Debugger::new(Arc::new(scenario));
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

/// The same for the kinds that take a rule of one's own, a long graph or a certain number: the second file differs from
/// the first in the one thing that matters.
#[test]
fn every_other_kind_is_told_and_its_neighbour_is_not() {
    let deep = |op: &str, number: &str| {
        let links = [1, 2, 3, 4, 5, 6, 7].map(|at| format!(r#", "h{at}": "{op}(h{}) * w""#, at - 1)).concat();
        format!(r#"{{"values": {{"w": {number}, "h0": 0.1{links}}}}}"#)
    };
    let plus = |sign: &str| {
        let lines = format!(r#"["self.grad {sign} out.grad", "other.grad {sign} out.grad"]"#);
        format!(
            r#"{{"values": {{"a": 3, "b": "a + a"}}, "ops": {{"+": {{"forward": "self + other", "backward": {lines}}}}}}}"#
        )
    };
    // However large the share is that the second line adds, the first one's is kept.
    let spelled_out = |first: &str| {
        format!(
            r#"{{"values": {{"a": 3, "b": "a + a", "c": "b * 1e12"}}, "ops": {{"+": {{"forward": "self + other", "backward":
            ["self.grad = self.grad + out.grad", "other.grad = {first} * other.grad + out.grad"]}}}}}}"#
        )
    };
    let exp = |line: &str| {
        format!(
            r#"{{"values": {{"x": 2, "y": "exp(x)"}}, "ops": {{"exp": {{"forward": "exp(self)", "backward": ["{line}"]}}}}}}"#
        )
    };
    let calls = |values: &str, calls: &[&str]| {
        let calls: Vec<String> = calls.iter().map(|v| format!(r#""{v}._backward()""#)).collect();
        format!(r#"{{"values": {{{values}, "s": "r + q"}}, "script": ["s.grad = 1", {}]}}"#, calls.join(", "))
    };
    let (zero, one) = (
        r#""a": 2, "z": 0, "p": "a*z", "q": "3*a", "r": "p*q""#,
        r#""a": 2, "z": 1, "p": "a*z", "q": "3*a", "r": "p*q""#,
    );
    let of = |op: &str, x: &str| format!(r#"{{"values": {{"x": {x}, "y": "{op}(x)"}}}}"#);
    let tie = |z: &str| format!(r#"{{"values": {{"x": 1, "z": {z}, "y": "max(x, z)"}}}}"#);
    let one_line = |forward: &str| {
        format!(
            r#"{{"values": {{"x": 1, "z": 1, "y": "my(x, z)"}}, "ops": {{"my": {{"forward": "{forward}", "backward":
            ["self.grad += out.grad"]}}}}}}"#
        )
    };
    let cases = [
        (Kind::Overwritten, plus("="), plus("+=")),
        (Kind::Overwritten, spelled_out("0"), spelled_out("1")),
        (Kind::WrongRule, exp("self.grad += self * out.grad"), exp("self.grad += out.data * out.grad")),
        (Kind::TooEarly, calls(one, &["s", "q", "r", "p"]), calls(one, &["s", "r", "q", "p"])),
        (Kind::ByLuck, calls(zero, &["s", "q", "r", "p"]), calls(one, &["s", "q", "r", "p"])),
        (Kind::Saturated, of("tanh", "5"), of("tanh", "1")),
        (Kind::Dead, of("relu", "-1"), of("relu", "1")),
        (Kind::Kink, of("relu", "0"), of("relu", "0.1")),
        (Kind::Kink, tie("1"), tie("2")),
        (Kind::WrongRule, one_line("self * other"), one_line("self + 0 * other")),
        (Kind::Vanishing, deep("tanh", "0.1"), deep("tanh", "0.9")),
        (Kind::Exploding, deep("tanh", "40").replace("tanh", "sin"), deep("sin", "0.9")),
    ];
    for (kind, with, without) in cases {
        assert!(told(&with).contains(&kind), "{} in {with}: {:?}", kind.name(), told(&with));
        assert!(!told(&without).contains(&kind), "{} in {without}", kind.name());
    }
}
