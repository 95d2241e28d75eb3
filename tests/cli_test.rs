//! `stepgrad test`, through the real binary.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs `stepgrad test` in a folder of these files; gives the exit status and both outputs.
fn test(name: &str, files: &[(&str, &str)], args: &[&str]) -> (i32, String, String) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    for (file, text) in files {
        std::fs::write(folder.join(file), text).unwrap();
    }
    run(&folder, args)
}

fn run(folder: &PathBuf, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stepgrad"));
    let output = command.arg("test").args(args).current_dir(folder).output().unwrap();
    // Windows writes `.\good.json`, and JSON that with its backslash doubled.
    let text = |bytes| String::from_utf8(bytes).unwrap().replace(".\\\\", "./").replace(".\\", "./");
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

const GOOD: (&str, &str) = ("good.json", r#"{"values": {"a": 3, "b": "a + a"}, "expect": {"a.grad": 2}}"#);
const WRONG: (&str, &str) = (
    "wrong.json",
    r#"{"values": {"a": 3, "b": "a + a"}, "script": ["b.backward()", "assert b.data == 7"], "expect": {"a.grad": 1}}"#,
);
const BROKEN: (&str, &str) = ("broken.json", r#"{"values": {"a": 3, "b": "a + c"}}"#);

#[test]
fn the_built_in_scenarios_pass() {
    let (status, out, err) = test("builtin", &[("neuron", "not a scenario")], &[]);
    assert_eq!((status, err.as_str()), (0, ""), "{out}");
    assert!(out.contains("neuron ... ok") && out.contains("0 failed"), "{out}");
}

#[test]
fn what_differs_stands_under_its_scenario() {
    let (status, out, err) = test("differs", &[GOOD, WRONG, ("notes.txt", "no scenario")], &["."]);
    assert_eq!((status, err.as_str()), (1, ""));
    insta::assert_snapshot!("differs", out);
}

/// Not a number is equal to nothing, but it can be expected.
#[test]
fn not_a_number_is_what_is_expected_and_nothing_else() {
    let scenario = |expected: &str| {
        let values = r#""values": {"a": "inf", "b": "a - a", "c": 1, "d": "b*c"}"#;
        format!(r#"{{{values}, "expect": {{"b.data": {expected}, "d.grad": 1}}}}"#)
    };
    let finite = r#"{"values": {"a": 3, "b": "a*2"}, "expect": {"b.data": "NaN"}}"#;
    for (text, status) in [(&*scenario("\"NaN\""), 0), (&*scenario("1"), 1), (&*scenario("\"inf\""), 1), (finite, 1)] {
        assert_eq!(test("nan", &[("nan.json", text)], &["nan.json"]).0, status, "{text}");
    }
}

#[test]
fn what_cannot_be_read_does_not_stop_the_rest() {
    let (status, out, err) =
        test("unread", &[GOOD, WRONG, BROKEN], &["broken.json", "good.json", "nowhere", "wrong.json"]);
    assert_eq!(status, 2);
    insta::assert_snapshot!("unread_out", out);
    insta::assert_snapshot!("unread_err", err);
}

#[test]
fn nothing_to_say_leaves_standard_output_alone() {
    for args in [&["broken.json"][..], &["nowhere"], &["empty"]] {
        let (status, out, err) = test("nothing", &[BROKEN], args);
        assert_eq!((status, out.as_str()), (2, ""), "{err}");
    }
    let empty = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no_scenarios");
    std::fs::create_dir_all(&empty).unwrap();
    let (status, out, err) = run(&empty, &["."]);
    assert!(status == 2 && out.is_empty() && err.contains("no file ends in .json"), "{err}");
}

#[test]
fn reports_for_programs() {
    let files = [GOOD, WRONG, BROKEN];
    let (status, json, _) = test("json", &files, &["--format", "json", "."]);
    assert_eq!(status, 2);
    insta::assert_snapshot!("json", json);
    let (status, junit, _) = test("junit", &files, &["--format", "junit", "."]);
    assert_eq!(status, 2);
    insta::assert_snapshot!("junit", junit);
}

#[cfg(unix)]
#[test]
fn a_reader_who_leaves_does_not_hide_a_failure() {
    let (status, _, _) = test("leaves", &[WRONG], &["."]);
    assert_eq!(status, 1);
    let script = format!("{{ '{}' test leaves; echo $? >&2; }} | true", env!("CARGO_BIN_EXE_stepgrad"));
    let output = Command::new("sh").args(["-c", &script]).current_dir(env!("CARGO_TARGET_TMPDIR")).output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "1\n");
}
