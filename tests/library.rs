//! Every shipped scenario loads, runs, and ends with the numbers it expects.

use stepgrad::scenario::{Outcome, Source, builtin, expect, read};

#[test]
fn every_shipped_scenario_ends_as_it_expects() {
    for entry in builtin::all() {
        let source = Source::builtin(entry.name).unwrap();
        let scenario = read(&source).unwrap_or_else(|complaint| panic!("{complaint}"));
        let run = scenario.run();
        let failures: Vec<Outcome> = expect::failures(&scenario, &run).collect();
        assert!(failures.is_empty(), "{}: {failures:?}", entry.name);
        let (graph, lines) = (&scenario.graph, |v| scenario.graph.lines_of(v) as u64);
        assert_eq!(graph.lines(), graph.ids().map(lines).sum::<u64>(), "{}", entry.name);
        assert!(!scenario.expect.is_empty(), "{} expects nothing", entry.name);
        assert!(scenario.title.is_some() && scenario.about.is_some(), "{} says nothing of itself", entry.name);
    }
}
