//! What is said about wrong scenario files: one snapshot a file of `tests/complaints`, each named for what is wrong.
//!
//! Read the snapshots as the person would who wrote the file: is the right text underlined, and does one know what to
//! do next?

use std::fmt::Write;

use stepgrad::scenario::{Complaint, Source, read};

const LARGEST: u64 = 1 << 20;

/// What is said about a source, fit for a snapshot.
fn said(source: &Source) -> String {
    read(source).map_or_else(|complaint| fit(&complaint), |_| "nothing is wrong with it".into())
}

/// What is said about a file, or about there being none.
fn of_file(name: &str) -> String {
    Source::named(name, LARGEST).map_or_else(|complaint| fit(&complaint), |source| said(&source))
}

fn fit(complaint: &Complaint) -> String {
    let text = complaint.to_string();
    assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?} could steer a terminal");
    assert!(text.len() < 4000, "{} bytes are too many to read", text.len());
    text
}

fn of_json(text: impl Into<String>) -> String {
    said(&Source { name: "made.json".into(), text: text.into(), lines: false })
}

fn of_lines(lines: &[&str]) -> String {
    said(&Source::of_lines(&lines.iter().map(ToString::to_string).collect::<Vec<_>>()))
}

/// The files are grouped by the first word of their names, a snapshot a group.
#[test]
fn of_wrong_files() {
    // Names of files are part of what is said, so they must not depend on where the project stands.
    let entries = std::fs::read_dir("tests/complaints").unwrap();
    let mut files: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    files.sort();
    assert!(files.len() > 150, "the corpus has gone");
    let group = |file: &str| file.split(['-', '.']).next().unwrap_or_default().to_owned();
    for files in files.chunk_by(|a, b| group(a) == group(b)) {
        let all: Vec<String> = files.iter().map(|file| of_file(&format!("tests/complaints/{file}"))).collect();
        let accepted = files.iter().zip(&all).find(|(_, text)| text.starts_with("nothing"));
        assert!(accepted.is_none(), "{accepted:?}");
        insta::assert_snapshot!(group(&files[0]), all.join("\n\n"));
    }
}

#[test]
fn of_what_is_no_file() {
    insta::assert_snapshot!("directory", of_file("tests"));
    insta::assert_snapshot!("absent_near", of_file("nueron.json"));
    insta::assert_snapshot!("absent_far", of_file("nowhere/at/all.json"));
    insta::assert_snapshot!(
        "too_large",
        Source::named("scenarios/mlp.json", 100).map_or_else(|complaint| fit(&complaint), |_| String::new())
    );
    insta::assert_snapshot!("name_hostile", of_file("\u{1b}[2J\u{202e}.json"));
}

/// Opening a pipe waits for whoever writes into it, which may be nobody.
#[cfg(unix)]
#[test]
fn of_a_pipe_that_nothing_writes_into() {
    let path = format!("{}/pipe-{}", env!("CARGO_TARGET_TMPDIR"), std::process::id());
    let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
    assert!(made.success());
    let said = of_file(&path);
    assert!(said.starts_with("error: this is a pipe, and nothing writes into it"), "{said}");
    // The writer comes a little late, and takes its time.
    let writer = std::thread::spawn({
        let path = path.clone();
        move || {
            let mut pipe = std::fs::OpenOptions::new().write(true).open(path).unwrap();
            for part in [r#"{"values": {"a": 1, "#, r#""b": "a*2"}}"#] {
                std::thread::sleep(std::time::Duration::from_millis(20));
                std::io::Write::write_all(&mut pipe, part.as_bytes()).unwrap();
            }
        }
    });
    assert_eq!(of_file(&path), "nothing is wrong with it");
    writer.join().unwrap();
    std::fs::remove_file(path).unwrap();
}

#[test]
fn of_what_is_nested_too_deep() {
    let deep = 100_000;
    insta::assert_snapshot!("deep_arrays", of_json("[".repeat(deep)));
    insta::assert_snapshot!("deep_objects", of_json(r#"{"values":"#.repeat(deep)));
    let formula = |formula: String| of_json(format!(r#"{{"values":{{"a":1,"b":"{formula}"}}}}"#));
    insta::assert_snapshot!("deep_brackets", formula("(".repeat(deep) + "a" + &")".repeat(deep)));
    insta::assert_snapshot!("deep_signs", formula("-".repeat(deep) + "a"));
    insta::assert_snapshot!("deep_powers", formula("a**".repeat(deep) + "2"));
    insta::assert_snapshot!("long_formula", formula("a+".repeat(5_000_000) + "a"));
    insta::assert_snapshot!("long_chain", formula("a".to_owned() + &".tanh()".repeat(1_000_000)));
    let many: Vec<String> = (0..10).map(|at| format!(r#""b{at}":"{}a""#, "a+".repeat(40_000))).collect();
    insta::assert_snapshot!("dense", of_json(format!(r#"{{"values":{{"a":1,{}}}}}"#, many.join(","))));
    insta::assert_snapshot!("deep_calls", formula("tanh(".repeat(deep) + "a" + &")".repeat(deep)));
    let ring = |count: usize| {
        let values: Vec<String> = (0..count).map(|i| format!(r#""n{i}":"n{}+1""#, (i + 1) % count)).collect();
        of_json(format!(r#"{{"values":{{{}}}}}"#, values.join(",")))
    };
    insta::assert_snapshot!("deep_cycle", ring(deep));
    assert!(ring(40).contains("n38 -> n39 -> n0") && ring(41).contains("n39 -> ... 1 more ... -> n0"), "{}", ring(41));
}

/// What is said is short, however long the name is that it is about; [`fit`] holds it to that.
#[test]
fn of_names_a_megabyte_long() {
    let long = "n".repeat(1_000_000);
    for text in [
        format!(r#"{{"values": {{"{long}": 2, "b": "{long}x*3"}}}}"#),
        format!(r#"{{"values": {{"{long}": 2, "{long}": 3}}}}"#),
        format!(r#"{{"values": {{"a": 2, "b": {{"op": "{long}", "args": ["a"]}}}}}}"#),
        format!(r#"{{"values": {{"{long}": "b", "b": "{long}"}}}}"#),
        format!(r#"{{"values": {{"a": 2}}, "root": "{long}"}}"#),
        format!(r#"{{"values": {{"{long}": 2}}, "root": "{long}x"}}"#),
        format!(r#"{{"values": {{"a": 2}}, "expect": {{"{long}.grad": 1}}}}"#),
        format!(r#"{{"values": {{"{long}": 2}}, "expect": {{"{long}x.grad": 1}}}}"#),
        format!(r#"{{"values": {{"a": 2}}, "script": ["{long}.backward()"]}}"#),
        format!(r#"{{"values": {{"a": 2}}, "findings": ["{long}"]}}"#),
        format!(r#"{{"{long}": 2}}"#),
    ] {
        assert!(of_json(text).contains("made.json:1:"));
    }
    insta::assert_snapshot!("name_too_long", of_json(format!(r#"{{"values": {{"a": 1, "{long}": 2}}}}"#)));
}

#[test]
fn of_lines_of_the_command_line() {
    insta::assert_snapshot!("line_unknown_name", of_lines(&["a = 3", "b = a + c"]));
    insta::assert_snapshot!("line_twice", of_lines(&["a = 3", "a = 4"]));
    insta::assert_snapshot!("line_statement", of_lines(&["a = 3", "a.backwrd()"]));
    insta::assert_snapshot!("line_no_value", of_lines(&["a.backward()"]));
    insta::assert_snapshot!("line_empty", of_lines(&[""]));
    insta::assert_snapshot!("line_cycle", of_lines(&["a = b + 1", "b = 2*a"]));
    insta::assert_snapshot!("line_bad_name", of_lines(&["2x = 3"]));
    insta::assert_snapshot!("line_wide_and_no_value", of_lines(&["é.backward()"]));
    insta::assert_snapshot!("line_name_too_long", of_lines(&[&format!("{} = 3", "n".repeat(10_001))]));
    insta::assert_snapshot!("line_bad_name_with_space", of_lines(&["my x = 3"]));
    // What a float may be read from is not always a number here.
    for (line, wanted) in [("a = inf", "no value `inf`"), ("a = nan", "no value `nan`"), ("a = 1e999", "out of range")]
    {
        assert!(of_lines(&[line]).contains(wanted), "{}", of_lines(&[line]));
    }
    insta::assert_snapshot!("line_bad_formula", of_lines(&["a = 3", "b = a % 2"]));
}

/// Files as an editor, a bad disk or a cat on the keyboard leaves them: whatever is said, nothing panics.
#[test]
fn of_files_cut_and_garbled() {
    let shipped = stepgrad::scenario::builtin::all().map(|entry| entry.text.to_owned());
    let corpus = std::fs::read_dir("tests/complaints").unwrap();
    let corpus = corpus.filter_map(|entry| std::fs::read_to_string(entry.unwrap().path()).ok());
    for text in shipped.chain(corpus).filter(|text| text.len() < 700) {
        for (at, c) in text.char_indices() {
            let (before, after) = text.split_at(at);
            of_json(before);
            of_json(format!("{before}{}", &after[c.len_utf8()..]));
            let puts = ["\"", "}", "[", ",", "\\", "é\u{202e}", "`", "9", "\n", "\\ud83d"];
            of_json(format!("{before}{}{after}", puts[at % puts.len()]));
        }
    }
}

#[test]
fn of_a_script_that_would_take_too_much_memory() {
    let values: Vec<String> = (1..100_000).map(|at| format!(r#","n{at}":"n{}+n0""#, at - 1)).collect();
    let script = vec![r#""n99999.backward()""#; 10_000].join(",");
    let said = of_json(format!(r#"{{"values":{{"n0":1{}}},"script":[{script}]}}"#, values.concat()));
    insta::assert_snapshot!("script_too_large", said);
}

/// What would make a file of some kilobytes take minutes, or gigabytes: operands that all stand further down, behind others;
/// the name of a value as part of the names of a thousand others.
#[test]
fn what_is_right_is_read_however_it_is_written() {
    let names = |of: &str| (0..20_000).map(|at| format!("{of}{at}")).collect::<Vec<String>>();
    let later: Vec<String> = names("a").iter().zip(names("b")).map(|(a, b)| format!(r#""{a}":"{b}*2""#)).collect();
    let last: Vec<String> = names("b").iter().map(|b| format!(r#""{b}":1"#)).collect();
    let (sum, later, last) = (names("a").join("+"), later.join(","), last.join(","));
    assert_eq!(of_json(format!(r#"{{"values":{{"z":"{sum}",{later},{last}}}}}"#)), "nothing is wrong with it");
    let long = "n".repeat(10_000);
    let text = format!(r#"{{"values":{{"a":1,"{long}":"{}a"}}}}"#, "a+".repeat(40_000));
    let scenario = read(&Source { name: "made.json".into(), text, lines: false }).unwrap();
    assert!(scenario.graph.ids().all(|v| scenario.names.name(v).len() < 100 || v == scenario.root));
}

#[test]
fn a_wrong_file_of_a_million_values_is_refused_at_once() {
    let mut text = String::from(r#"{"values":{"n0":1.0"#);
    for i in 1..1_000_000 {
        write!(text, r#","n{i}":{{"op":"+","args":["n{}","n0"]}}"#, i - 1).unwrap();
    }
    text += r#","last":{"op":"+","args":["n999999","n1000000"]}}}"#;
    insta::assert_snapshot!("million", of_json(text));
}
