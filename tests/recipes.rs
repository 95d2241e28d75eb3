//! Large graphs by recipe: a million values, a hundred thousand uses of one, more paths than atoms. They load, run, step
//! and end with the numbers that a plain loop gets, also where the stack is small.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::Arc;

use serde_json::Value as Json;
use stepgrad::debugger::Debugger;
use stepgrad::debugger::grain::Grain;
use stepgrad::scenario::{Scenario, Source, read};

/// The file of a chain: leaves, then `count` values `v1`, `v2`, ..., each by the same formula of the one before.
fn chain(leaves: &str, count: usize, op: &str, second: &str) -> String {
    let mut text = format!("{{\"values\": {{{leaves}");
    for v in 0..count {
        let second = if second.is_empty() { format!("v{v}") } else { second.to_owned() };
        write!(text, ",\n\"v{}\": {{\"op\": \"{op}\", \"args\": [\"v{v}\", \"{second}\"]}}", v + 1).unwrap();
    }
    text + "}}"
}

fn chain_of_products() -> String {
    chain(&format!("\"v0\": 1.0, \"c\": {:?}", 1.0 + 0.5_f64.powi(20)), 1_000_000, "*", "c")
}

/// The sum of `a*c1`, `a*c2`, ...: a left-deep chain of sums, and one leaf with as many uses.
fn fan_out(count: u32) -> String {
    let mut text = "{\"values\": {\"a\": 0.5, \"s0\": {\"op\": \"*\", \"args\": [\"a\", \"c1\"]}, \"c1\": 1".to_owned();
    for i in 2..=count {
        let last = i - 2;
        write!(text, ",\n\"c{i}\": {i}, \"s{}\": \"s{last} + a*c{i}\"", i - 1).unwrap();
    }
    text + "}}"
}

fn recipe(name: &str) -> Json {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/recipes.json");
    let recipes: Json = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    recipes.as_array().unwrap().iter().find(|recipe| recipe["name"] == name).unwrap().clone()
}

fn number(json: &Json) -> f64 {
    json.as_f64().unwrap_or_else(|| json.as_str().unwrap().parse().unwrap())
}

fn load(name: &str, text: String) -> Scenario {
    let source = Source { name: name.into(), text, lines: false };
    read(&source).unwrap_or_else(|complaint| panic!("{complaint}"))
}

/// Runs it and compares bits: root's data with `out`, grads with the recipe's fields for them.
fn check(name: &str, text: String, root: &str, grads: &[(&str, &str)]) -> Debugger {
    let recipe = recipe(name);
    let debugger = Debugger::new(Arc::new(load(name, text)));
    let (run, names) = (&debugger.run, &debugger.scenario.names);
    let out = run.data(names.find(root).unwrap(), run.steps).unwrap();
    assert_eq!(out.to_bits(), number(&recipe["out"]).to_bits(), "{name}: out {out}");
    for (value, field) in grads {
        let grad = run.grad(names.find(value).unwrap(), run.steps);
        assert_eq!(grad.to_bits(), number(&recipe[field]).to_bits(), "{name}: {value}.grad {grad}");
    }
    debugger
}

#[test]
fn a_chain_of_a_million_products() {
    let grads = [("v0", "grad_v0"), ("c", "grad_c")];
    let mut debugger = check("chain_1e6_mul", chain_of_products(), "v1000000", &grads);
    assert_eq!(debugger.run.graph.len(), 1_000_002);
    // It steps anywhere, and tells where it is.
    for step in [0, 1, 999_999, debugger.home(), debugger.run.steps / 2, debugger.run.steps] {
        debugger.go_to(step);
        for grain in [Grain::Node, Grain::Line] {
            let moved = debugger.forward(grain);
            assert_eq!(moved, step < debugger.run.steps);
            assert!(!moved || debugger.backward(grain));
            assert_eq!(debugger.step, step);
        }
        debugger.place();
    }
    debugger.go_to(debugger.home());
    assert!(debugger.forward(Grain::Phase) && debugger.step == debugger.run.steps);
}

#[test]
fn a_chain_of_a_million_sums_of_one_leaf() {
    // `v0` is `a` itself: the first sum is of `a` and `a`.
    let text = chain("\"v0\": 1.0", 1_000_000, "+", "v0");
    check("chain_1e6_add_one_leaf", text, "v1000000", &[("v0", "grad_a")]);
}

#[test]
fn a_leaf_used_a_hundred_thousand_times() {
    let grads = [("a", "grad_a"), ("c1", "grad_c_i"), ("c50000", "grad_c_i"), ("c100000", "grad_c_i")];
    let debugger = check("fan_out_1e5", fan_out(100_000), "s99999", &grads);
    assert_eq!(debugger.run.graph.operands.iter().flatten().filter(|&&v| v == 0).count(), 100_000);
}

/// As many paths as there are no names for: a value is visited once, however many lead to it.
#[test]
fn values_of_twice_the_value_before() {
    check("doubling_1000", chain("\"v0\": 1.0", 1000, "+", ""), "v1000", &[("v0", "grad_a")]);
    check("doubling_1100", chain("\"v0\": 1.0", 1100, "+", ""), "v1100", &[("v0", "grad_a")]);
    check("squaring_20", chain("\"v0\": 1.0000001", 20, "*", ""), "v20", &[("v0", "grad_a")]);
}

/// A file that is gone when the test is.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str, text: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}.json", std::process::id()));
        std::fs::write(&path, text).unwrap();
        Self(path)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The program on a file, with a stack of 256 KiB.
#[cfg(unix)]
fn on_a_small_stack(file: &Temporary, command: &str, args: &[&str]) -> Output {
    let shell = Command::new("sh")
        .args(["-c", "ulimit -s 256 && exec \"$@\"", "sh", env!("CARGO_BIN_EXE_stepgrad"), command])
        .arg(&file.0)
        .args(args)
        .output();
    let output = shell.unwrap();
    assert!(output.status.success(), "{:?}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    output
}

#[cfg(unix)]
#[test]
fn a_million_values_on_a_small_stack() {
    let file = Temporary::new("chain", &chain_of_products());
    let shown = on_a_small_stack(&file, "show", &["--format", "json"]);
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert_eq!(shown.matches("\"name\":").count(), 1_000_002);
    // Of the whole, a tree of it would take a gigabyte.
    let c = &shown[shown.find("{\"name\":\"c\"").unwrap()..];
    let c: Json = serde_json::from_str(&c[..=c.find('}').unwrap()]).unwrap();
    assert_eq!(number(&c["grad"]).to_bits(), number(&recipe("chain_1e6_mul")["grad_c"]).to_bits());

    let start = on_a_small_stack(&file, "screen", &["--keys", "n n s"]);
    let start = String::from_utf8(start.stdout).unwrap();
    assert!(start.contains("node 3/1000002"), "{start}");
    let end = on_a_small_stack(&file, "screen", &["--keys", "n n s End"]);
    assert!(String::from_utf8(end.stdout).unwrap().contains("done"));
    // Back at the start, no step of the forward pass has run.
    let back = on_a_small_stack(&file, "screen", &["--keys", "n n s End g"]);
    let back = String::from_utf8(back.stdout).unwrap();
    assert!(back.contains("forward · 0/1000000"), "{back}");
}

/// What does recurse, the brackets of a formula, is refused before the stack could end.
#[cfg(unix)]
#[test]
fn deep_brackets_on_a_small_stack() {
    let deep = |depth: usize| {
        format!("{{\"values\": {{\"a\": 1, \"b\": \"{}a{} + a\"}}}}", "(".repeat(depth), ")".repeat(depth))
    };
    on_a_small_stack(&Temporary::new("deep", &deep(190)), "show", &[]);
    let source = Source { name: "deep".into(), text: deep(100_000), lines: false };
    assert!(read(&source).is_err());
}
