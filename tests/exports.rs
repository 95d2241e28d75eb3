//! Pictures to take away hold every value and every edge, at every step.

use std::sync::Arc;

use stepgrad::debugger::Debugger;
use stepgrad::front::export::{dot, mermaid, svg};
use stepgrad::scenario::{Source, builtin, read};

fn open(source: &Source) -> Debugger {
    Debugger::new(Arc::new(read(source).unwrap()))
}

fn lines(text: &str, part: &str) -> usize {
    text.lines().filter(|line| line.contains(part)).count()
}

#[test]
fn every_value_and_every_edge_is_there() {
    for entry in builtin::all() {
        let mut debugger = open(&Source::builtin(entry.name).unwrap());
        let graph = debugger.run.graph.clone();
        let ops = graph.ids().filter(|&v| !graph.is_leaf(v)).count();
        let edges: usize = graph.ids().map(|v| graph.operands_of(v).len()).sum();
        // Every step; of hundreds of values, where a picture takes a while, some.
        let steps = debugger.run.steps;
        let stride = if graph.len() > 100 { steps / 60 } else { 1 };
        for step in (0..steps).step_by(stride as usize).chain([steps]) {
            debugger.go_to(step);
            let (dot, chart, svg) = (dot(&debugger), mermaid(&debugger), svg(&debugger));
            assert_eq!(
                (lines(&dot, "shape=record"), lines(&dot, " -> ")),
                (graph.len(), ops + edges),
                "{}",
                entry.name
            );
            assert_eq!((lines(&chart, "<br/>data"), lines(&chart, "((\"")), (graph.len(), ops), "{}", entry.name);
            assert_eq!(lines(&chart, " --> ") + lines(&chart, " ==> "), ops + edges, "{}", entry.name);
            assert_eq!(lines(&svg, "rx=\"4\""), graph.len(), "{}", entry.name);
            assert_eq!(lines(&svg, "rx=\"10\""), ops, "{}", entry.name);
            assert_eq!(lines(&svg, "<polyline"), ops + edges, "{}", entry.name);
        }
    }
}

#[test]
fn the_neuron_as_the_notebook_draws_it() {
    let mut debugger = open(&Source::builtin("neuron").unwrap());
    debugger.go_to(debugger.run.steps);
    let dot = dot(&debugger);
    assert!(dot.starts_with("digraph {\n\trankdir=LR\n"));
    assert!(dot.contains(r#"[label="{ x1 | data 2.0000 | grad -1.5000 }" shape=record]"#), "{dot}");
    assert!(dot.contains(r#"_op [label="tanh"]"#), "{dot}");
}

#[test]
fn both_edges_of_a_plus_a_fill_one_after_the_other() {
    let mut debugger = open(&Source::builtin("a-plus-a").unwrap());
    let edge = |dot: &str| lines(dot, "v0 -> v1_op");
    assert_eq!(edge(&dot(&debugger)), 2);
    for heavy in [0, 1, 2] {
        assert_eq!(lines(&mermaid(&debugger), "==>"), heavy);
        assert_eq!(lines(&svg(&debugger), "heavy\" points"), heavy);
        debugger.go_to(debugger.step + 1);
    }
}

#[test]
fn a_finished_run_stands_nowhere() {
    let mut debugger = open(&Source::builtin("neuron").unwrap());
    debugger.go_to(debugger.run.steps - 1);
    assert!(mermaid(&debugger).contains("▶ w1<br/>"));
    debugger.go_to(debugger.run.steps);
    assert!(!mermaid(&debugger).contains('▶'));
}

#[test]
fn names_are_text_and_nothing_else() {
    let text = r#"{"values": {"a": {"data": 1, "label": "\"}|<b> & \\N {`x`} #quot; \u001b[2J"}, "o": "a + a"}}"#;
    let debugger = open(&Source::read("names.json", text.as_bytes(), 1 << 20).unwrap());
    let svg = svg(&debugger);
    assert!(svg.contains("&quot;}|&lt;b&gt; &amp;"), "{svg}");
    assert!(!(svg + &dot(&debugger) + &mermaid(&debugger)).contains('\u{1b}'));
    assert!(dot(&debugger).contains(r#"\"\}\|\<b\> &amp; \\N \{`x`\} #quot; \\u\{1b\}"#), "{}", dot(&debugger));
    assert!(mermaid(&debugger).contains("#34;#125;#124;#60;b#62; #38; #92;N"), "{}", mermaid(&debugger));
}
