//! `stepgrad check`, through the real binary: its JSON and its exit statuses are contracts.

use std::process::{Command, Output, Stdio};

use serde_json::Value as Json;
use stepgrad::debugger::findings::Kind;
use stepgrad::scenario::builtin;

fn check(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stepgrad"));
    command.arg("check").args(args).env_remove("CLICOLOR_FORCE").stdin(Stdio::null()).output().unwrap()
}

fn text(args: &[&str]) -> (i32, String) {
    let output = check(args);
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

fn json(args: &[&str]) -> (i32, Json) {
    let (status, out) = text(&[args, &["--format", "json"]].concat());
    (status, serde_json::from_str(&out).unwrap())
}

fn keys(object: &Json) -> Vec<&str> {
    let mut keys: Vec<&str> = object.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

#[test]
fn the_json_is_as_promised() {
    insta::assert_snapshot!("json", text(&["a-plus-a-old", "--format", "json"]).1);
    for entry in builtin::all() {
        let (status, said) = json(&[entry.name]);
        assert_eq!(keys(&said), ["findings", "title", "values"]);
        let (values, findings) = (said["values"].as_array().unwrap(), said["findings"].as_array().unwrap());
        for value in values {
            assert_eq!(keys(value), ["exact", "grad", "name", "numeric", "ok"]);
            for number in ["grad", "numeric", "exact"].map(|key| &value[key]) {
                assert!(number.is_number() || ["NaN", "inf", "-inf"].contains(&number.as_str().unwrap()));
            }
        }
        for finding in findings {
            assert_eq!(keys(finding), ["cure", "fault", "kind", "message", "step", "values"]);
            let kind = Kind::NAMES.iter().find(|(_, name)| finding["kind"] == *name).unwrap().0;
            assert_eq!(finding["fault"], kind.is_fault());
            assert!(finding["step"].is_u64() && finding["message"].is_string() && finding["cure"].is_string());
            let named = |name: &Json| values.iter().any(|value| value["name"] == *name);
            assert!(finding["values"].as_array().unwrap().iter().all(named), "{finding}");
        }
        let fault = values.iter().any(|value| value["ok"] == false) || findings.iter().any(|f| f["fault"] == true);
        assert_eq!(status, i32::from(fault), "{}", entry.name);
    }
}

#[test]
fn text_is_for_people() {
    insta::assert_snapshot!("right", text(&["neuron"]).1);
    insta::assert_snapshot!("wrong", text(&["two-uses-old"]).1);
    insta::assert_snapshot!("kink", text(&["-e", "x = 0", "-e", "y = 3*relu(x) + x"]).1);
    insta::assert_snapshot!("no_pass", text(&["-e", "x = 2", "-e", "y = 1/x", "-e", "assert x.data == 2"]).1);
}

/// An op, its forward, the line for `self` where there are two, a line that is right and one that is not.
const RULES: [[&str; 5]; 9] = [
    ["-", "self - other", "self.grad += out.grad", "other.grad += -out.grad", "other.grad += out.grad"],
    [
        "*",
        "self * other",
        "self.grad += other * out.grad",
        "other.grad += self * out.grad",
        "other.grad += other * out.grad",
    ],
    [
        "/",
        "self / other",
        "self.grad += out.grad / other",
        "other.grad += -self / other**2 * out.grad",
        "other.grad += self / other**2 * out.grad",
    ],
    ["exp", "exp(self)", "", "self.grad += out.data * out.grad", "self.grad += self * out.grad"],
    ["sqrt", "sqrt(self)", "", "self.grad += 0.5 / out.data * out.grad", "self.grad += 0.5 / self * out.grad"],
    ["relu", "relu(self)", "", "self.grad += (out.data > 0) * out.grad", "self.grad += 0 * out.grad"],
    ["tanh", "tanh(self)", "", "self.grad += (1 - t**2) * out.grad", "self.grad += (1 - t) * out.grad"],
    ["cube", "self**3", "", "self.grad += 3 * self**2 * out.grad", "self.grad += 2 * self**2 * out.grad"],
    [
        "swish",
        "self * sigmoid(self)",
        "",
        "self.grad += (out.data + sigmoid(self) * (1 - out.data)) * out.grad",
        "self.grad += sigmoid(self) * out.grad",
    ],
];

/// Somebody with a gradient derived by hand learns whether it is right.
#[test]
fn rules_of_ones_own_are_checked() {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("own_rule.json");
    for [op, forward, first, right, wrong] in RULES {
        for (rule, status) in [(right, 0), (wrong, 1)] {
            let (args, lines) = match first {
                "" => (r#"["x"]"#, format!("\"{rule}\"")),
                first => (r#"["x", "z"]"#, format!(r#""{first}", "{rule}""#)),
            };
            let values = format!(r#"{{"x": 1.5, "z": 4.25, "y": {{"op": "{op}", "args": {args}}}}}"#);
            let ops = format!(r#"{{"{op}": {{"forward": "{forward}", "backward": [{lines}]}}}}"#);
            std::fs::write(&file, format!(r#"{{"values": {values}, "ops": {ops}}}"#)).unwrap();
            let (found, said) = json(&[file.to_str().unwrap()]);
            assert_eq!(found, status, "{op}, {rule}: {said}");
            let wrong_grads = said["values"].as_array().unwrap().iter().filter(|value| value["ok"] == false).count();
            assert_eq!(i32::try_from(wrong_grads).unwrap(), status, "{op}, {rule}: {said}");
            let mut kinds = said["findings"].as_array().unwrap().iter().map(|finding| &finding["kind"]);
            assert_eq!(kinds.any(|kind| kind == "wrong-rule"), status == 1, "{op}, {rule}: {said}");
        }
    }
}

/// A rule that no value uses is looked at, too; and one that is right at the only point where it is used.
#[test]
fn rules_are_checked_wherever_they_are_used() {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("unused_rule.json");
    let cube = |line: &str| format!(r#""ops": {{"cube": {{"forward": "self**3", "backward": ["{line}"]}}}}"#);
    let cases = [
        (r#""y": "x + 1""#, "self.grad += 3 * self**2 * out.grad", 0),
        (r#""y": "x + 1""#, "self.grad += 2 * self**2 * out.grad", 1),
        // At 2 both rules pass on 12.
        (r#""y": "cube(x)""#, "self.grad += 6 * self * out.grad", 1),
    ];
    for (value, line, status) in cases {
        std::fs::write(&file, format!(r#"{{"values": {{"x": 2, {value}}}, {}}}"#, cube(line))).unwrap();
        let (found, said) = json(&[file.to_str().unwrap()]);
        assert_eq!(found, status, "{said}");
        assert!(said["values"].as_array().unwrap().iter().all(|value| value["ok"] == true), "{said}");
        let kinds: Vec<&Json> = said["findings"].as_array().unwrap().iter().map(|finding| &finding["kind"]).collect();
        assert_eq!(kinds.len(), usize::try_from(2 * status).unwrap(), "{said}");
        assert!(status == 0 || kinds.contains(&&Json::from("wrong-rule")) && kinds.contains(&&Json::from("by-luck")));
    }
}

/// An assert or an expected number that does not hold is told, and is no success; the JSON stays as promised.
#[test]
fn what_the_scenario_expects_is_told() {
    let lines = ["-e", "x = 2", "-e", "y = 3 * x", "-e", "y.backward()", "-e", "assert x.grad == 4"];
    let (status, said) = text(&lines);
    assert_eq!(status, 1);
    assert!(said.contains("all 3 grads agree") && said.contains("assert x.grad == 4 failed"), "{said}");
    let output = check(&[&lines[..], &["--format", "json"]].concat());
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("assert x.grad == 4 failed"), "{told}");
    let said: Json = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), keys(&said)), (Some(1), vec!["findings", "title", "values"]));
}

#[test]
fn a_wrong_scenario_is_refused() {
    for args in [&["nueron"][..], &["-e", "b = a + a"], &[], &["neuron", "--format", "xml"]] {
        let output = check(args);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{args:?}");
        assert!(!output.stderr.is_empty());
    }
}

#[test]
fn a_reader_who_leaves_does_not_hide_a_fault() {
    let script = format!("{{ '{}' check exploding-inf; echo $? >&2; }} | true", env!("CARGO_BIN_EXE_stepgrad"));
    let output = Command::new("sh").args(["-c", &script]).stdin(Stdio::null()).output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "1\n");
}
