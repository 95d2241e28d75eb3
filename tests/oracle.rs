//! Numbers of real engines (micrograd, the notebook's class, PyTorch), which stepgrad must reach.
//!
//! The files are in `tests/oracle`: graphs with the data and grad of every node, written here as scenarios of explicit
//! nodes, and tables of ops at ordinary and at special points.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use serde_json::Value as Json;
use stepgrad::debugger::Debugger;
use stepgrad::engine::Run;
use stepgrad::formula::number::repr;
use stepgrad::scenario::{Kind, Scenario, Source, read};

fn load(file: &str) -> Json {
    let path = format!("{}/tests/oracle/{file}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn scenario(text: String) -> (Scenario, Run) {
    let source = Source { name: "oracle".into(), text, lines: false };
    let scenario = read(&source).unwrap_or_else(|complaint| panic!("{complaint}"));
    let run = scenario.run();
    (scenario, run)
}

fn number(json: &Json) -> f64 {
    json.as_f64().unwrap_or_else(|| json.as_str().unwrap().parse().unwrap())
}

fn json(x: f64) -> String {
    if x.is_finite() { format!("{x:e}") } else { format!("\"{}\"", repr(x).replace("nan", "NaN")) }
}

/// One explicit node, as an exporter would write it.
fn node(node: &Json) -> String {
    let Some(op) = node["op"].as_str() else { return format!(r#"{{"data": {}}}"#, json(number(&node["data"]))) };
    let mut args: Vec<String> = node["args"].as_array().unwrap().iter().map(|id| format!("\"n{id}\"")).collect();
    if let Some(exponent) = node["exponent"].as_f64() {
        args.push(json(exponent));
    }
    format!(r#"{{"op": "{op}", "args": [{}], "label": {}}}"#, args.join(", "), node["label"])
}

/// The notebook's old rules: `=` in place of `+=`.
const OLD_RULES: &str = r#""ops": {
    "+": {"forward": "self + other", "backward": ["self.grad = 1.0 * out.grad", "other.grad = 1.0 * out.grad"]},
    "*": {"forward": "self * other", "backward": ["self.grad = other.data * out.grad", "other.grad = self.data * out.grad"]},
    "-": {"forward": "self - other", "backward": ["self.grad = 1.0 * out.grad", "other.grad = -1.0 * out.grad"]}
},"#;

fn graph_text(graph: &Json, name: &str, script: &[String]) -> String {
    let nodes = graph["nodes"].as_array().unwrap();
    let values: Vec<String> = nodes.iter().map(|n| format!("\"n{}\": {}", n["id"], node(n))).collect();
    let ops = if name.contains("assign_bug") { OLD_RULES } else { "" };
    let script = if script.is_empty() { String::new() } else { format!(r#""script": {script:?},"#) };
    format!(r#"{{{ops} {script} "root": "n{}", "values": {{ {} }} }}"#, graph["root"], values.join(",\n"))
}

fn near(found: f64, wanted: f64, rel: f64) -> bool {
    found.to_bits() == wanted.to_bits()
        || (found.is_nan() && wanted.is_nan())
        || (found - wanted).abs() <= rel * wanted.abs().max(found.abs())
        || (found == 0.0 && wanted == 0.0)
}

#[test]
fn graphs_agree_with_the_engines() {
    let mut seen = 0;
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/graphs")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let graph = load(&format!("graphs/{name}"));
        let steps = graph["steps"].as_array().cloned().unwrap_or_default();
        let statement = |step: &Json| match step["do"].as_str().unwrap() {
            "set_grad_1" => format!("n{}.grad = 1.0", step["node"]),
            "backward_call" => format!("n{}._backward()", step["node"]),
            other => panic!("{name}: {other}"),
        };
        let script: Vec<String> = steps.iter().map(statement).collect();
        let (read, run) = scenario(graph_text(&graph, &name, &script));
        let rel =
            if name.contains("tanh") || graph["engine"].as_str().unwrap_or("").contains("seed") { 1e-9 } else { 1e-12 };
        for (v, node) in graph["nodes"].as_array().unwrap().iter().enumerate() {
            let v = u32::try_from(v).unwrap();
            let data = run.data(v, run.steps).unwrap();
            assert!(near(data, number(&node["data"]), rel), "{name} n{v}.data {data} {}", node["data"]);
            let grad = run.grad(v, run.steps);
            assert!(near(grad, number(&node["grad"]), rel), "{name} n{v}.grad {grad} {}", node["grad"]);
        }
        for (at, step) in steps.iter().enumerate() {
            let end = run.segments[at + 1].end();
            for (v, grad) in step["grads"].as_array().unwrap().iter().enumerate() {
                let found = run.grad(u32::try_from(v).unwrap(), end);
                assert!(near(found, number(grad), rel), "{name} after {}: n{v}.grad {found} {grad}", script[at]);
            }
        }
        findings_are_those_of(&name, (read, run));
        seen += 1;
    }
    assert_eq!(seen, 23);
}

/// A graph of a real engine has no fault, but where its file says so.
fn findings_are_those_of(name: &str, (scenario, _): (Scenario, Run)) {
    let debugger = Debugger::new(Arc::new(scenario));
    let faults: Vec<Kind> = debugger.findings().iter().map(|f| f.kind).filter(|kind| kind.is_fault()).collect();
    let expected = match name {
        name if name.contains("assign_bug") => Kind::Overwritten,
        name if name.contains("three_passes") => Kind::LeftOver,
        _ => return assert!(faults.is_empty(), "{name}: {:?}", debugger.findings()),
    };
    assert!(!faults.is_empty() && faults.iter().all(|kind| *kind == expected), "{name}: {faults:?}");
}

/// Distance in units in the last place; 0 for two NaN.
fn ulps(a: f64, b: f64) -> u64 {
    let key = |x: f64| {
        let bits = x.to_bits();
        if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
    };
    if (a.is_nan() && b.is_nan()) || a == b { 0 } else { key(a).abs_diff(key(b)) }
}

fn one_op(row: &Json) -> (f64, Vec<f64>) {
    let args = row["args"].as_array().unwrap();
    let same = row["same_node"].as_bool().unwrap_or(false);
    let leaf = |(i, x): (usize, &Json)| format!(r#""x{i}": {{"data": {}}}"#, json(number(x)));
    let leaves: Vec<String> = args.iter().enumerate().map(leaf).collect();
    let mut names: Vec<String> = (0..args.len()).map(|i| format!("\"x{i}\"")).collect();
    if same {
        names = vec!["\"x0\"".into(), "\"x0\"".into()];
    }
    if !row["exponent"].is_null() {
        names.push(json(number(&row["exponent"])));
    }
    let op = row["op"].as_str().unwrap();
    let (_, run) = scenario(format!(
        r#"{{"values": {{{}, "y": {{"op": "{op}", "args": [{}]}}}}, "root": "y"}}"#,
        leaves.join(", "),
        names.join(", ")
    ));
    let y = run.graph.ids().end - 1;
    let grads = (0..u32::try_from(args.len()).unwrap()).map(|v| run.grad(v, run.steps)).collect();
    (run.data(y, run.steps).unwrap(), grads)
}

fn allowed(op: &str) -> u64 {
    if ["exp", "log", "sin", "cos", "pow", "tanh", "sigmoid"].contains(&op) { 4 } else { 0 }
}

#[test]
fn ops_agree_at_ordinary_points() {
    let mut misses = String::new();
    for row in load("op_table.json").as_array().unwrap() {
        let (data, grads) = one_op(row);
        let most = allowed(row["op"].as_str().unwrap());
        let wanted = row["grads"].as_array().unwrap().iter().map(number);
        let pairs = [(data, number(&row["data"]))].into_iter().chain(grads.into_iter().zip(wanted));
        for (found, wanted) in pairs {
            if ulps(found, wanted) > most {
                writeln!(misses, "{} {} {:?}: {found} {wanted}", row["op"], row["args"], row["exponent"]).unwrap();
            }
        }
    }
    assert!(misses.is_empty(), "{misses}");
}

/// At special points an engine's answer is matched whole, data and grads; which one is a choice of the op's doc comment.
#[test]
fn ops_agree_with_an_engine_at_special_points() {
    let mut misses = String::new();
    let mut by_engine: BTreeMap<&str, usize> = BTreeMap::new();
    for row in load("special_values.json").as_array().unwrap() {
        let (data, grads) = one_op(row);
        let most = allowed(row["op"].as_str().unwrap());
        let agrees = |engine: &Json| {
            let Some(wanted) = engine["grads"].as_array() else { return false };
            ulps(data, number(&engine["data"])) <= most
                && grads.iter().zip(wanted).all(|(found, wanted)| ulps(*found, number(wanted)) <= most)
        };
        match ["torch", "jax"].into_iter().find(|engine| agrees(&row[engine])) {
            Some(engine) => *by_engine.entry(engine).or_default() += 1,
            None => writeln!(misses, "{row}: {data} {grads:?}").unwrap(),
        }
    }
    assert!(misses.is_empty(), "{by_engine:?}\n{misses}");
}
