//! What is on the screen, for people to look at: one file a picture.

use stepgrad::debugger::Debugger;
use stepgrad::front::live::screen;
use stepgrad::scenario::{Source, read};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 35), (200, 50)];

/// A scenario after some keys, at every size.
fn shows(name: &str, moment: &str, keys: &str) {
    for size in SIZES {
        let source = Source::builtin(name).unwrap();
        let text = screen(read(&source).unwrap(), source, keys, size, None).unwrap();
        insta::assert_snapshot!(format!("{name}_{moment}_{}x{}", size.0, size.1), text);
    }
}

#[test]
fn the_neuron() {
    shows("neuron", "start", "");
    shows("neuron", "midway", "n n n n n n n s");
    shows("neuron", "node", "n n n n n n n s s");
    shows("neuron", "end", "End");
    shows("neuron", "topo", "t s s s s s s s s");
}

#[test]
fn a_value_used_twice() {
    for name in ["a-plus-a", "a-plus-a-old"] {
        shows(name, "start", "");
        shows(name, "line1", "s");
        shows(name, "line2", "s s");
        shows(name, "end", "End");
        shows(name, "topo", "t s s s s");
    }
}

#[test]
fn many_values() {
    shows("mlp", "midway", "40n");
    shows("mlp", "all", "40n Z Z Z");
}

#[test]
fn walking_and_filling_the_screen() {
    shows("diamond", "walked", "n n s 1 h j");
    shows("neuron", "full", "n n 1 m");
    shows("neuron", "panned", "n n L J");
}

/// In the least room in which the graph has a pane beside the others, every `_backward` of a network shows the value
/// that runs and an arrow at each operand that it wrote to.
#[test]
fn a_network_on_a_small_terminal() {
    let source = Source::builtin("mlp").unwrap();
    let debugger = Debugger::new(read(&source).unwrap().into());
    let values = debugger.run.graph.len();
    for node in (1..=values).step_by(9) {
        let (v, _) = debugger.rows().value(node - 1);
        let mut written = debugger.run.graph.operands_of(v).to_vec();
        written.sort_unstable();
        written.dedup();
        let text = screen(read(&source).unwrap(), source.clone(), &format!("{node}n"), (80, 24), None).unwrap();
        let pane: Vec<&str> = text.lines().skip(2).take_while(|line| !line.starts_with('╰')).collect();
        assert!(pane.iter().any(|line| line.contains('▶')), "node {node}: {text}");
        let arrows = pane.iter().map(|line| line.matches('◀').count()).sum::<usize>();
        assert_eq!(arrows, written.len(), "node {node}: {text}");
    }
}
