//! The debugger's promises: what a grad is made of, why, where it stands, where it stops, `build_topo` at every step, and
//! that no session of any keys breaks, loses its start, or saves as something else.

mod edits;
mod graphs;
mod keys;
mod labels;
mod ledger;
mod predicting;
mod prompt;
mod reload;
mod saving;
mod screens;
mod standing;
mod statements;
mod stops;
mod topo;
mod why;

use std::sync::Arc;

use stepgrad::app::App;
use stepgrad::debugger::Debugger;
use stepgrad::engine::Run;
use stepgrad::keymap;
use stepgrad::scenario::{Source, builtin, read};

/// A scenario by the text of its file.
fn debugger(text: &str) -> Debugger {
    let source = Source { name: "test.json".into(), text: text.into(), lines: false };
    let scenario = read(&source).unwrap_or_else(|complaint| panic!("{text}\n{complaint}"));
    Debugger::new(Arc::new(scenario))
}

/// Every shipped scenario.
fn shipped() -> impl Iterator<Item = (&'static str, Debugger)> {
    builtin::all().map(|entry| (entry.name, debugger(entry.text)))
}

/// Those of which everything can be looked at, at every step.
fn short() -> impl Iterator<Item = (&'static str, Debugger)> {
    shipped().filter(|(_, debugger)| u64::from(debugger.run.steps) * (debugger.run.graph.len() as u64) < 100_000)
}

/// The same number: by its bits, but a NaN is a NaN.
fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

/// All that happens in a run, for comparing.
fn story(run: &Run) -> Vec<String> {
    (0..run.steps).map(|event| format!("{:?}", run.event(event))).collect()
}

/// Keys by their names, as `--keys` takes them.
fn press(app: &mut App, keys: &str) {
    for key in keymap::parse(keys).unwrap() {
        keymap::press(app, key);
    }
}

/// A line at the `:` prompt.
fn type_line(app: &mut App, line: &str) {
    press(app, ":");
    keymap::paste(app, line);
    press(app, "Enter");
}
