//! JSON gone wrong in every way that Nicolas Seriot's JSONTestSuite knows: refused with the place, or read; nothing
//! panics, nothing hangs.
//!
//! `tests/json_test_suite/files.txt` holds its files, one a line: the name, how often the bytes are repeated, and the
//! bytes, those that are not printable ASCII as `\x..`, a backslash as two. Their licence (MIT) stands beside them.

use std::process::Command;

use stepgrad::scenario::{Complaint, Source, read};

struct Case {
    name: &'static str,
    bytes: Vec<u8>,
}

fn cases() -> Vec<Case> {
    let lines = include_str!("json_test_suite/files.txt").lines();
    let cases: Vec<Case> = lines.map(case).collect();
    assert_eq!(cases.len(), 318 + 22, "files are missing");
    cases
}

fn case(line: &'static str) -> Case {
    let (name, rest) = line.split_once(' ').unwrap();
    let (times, escaped) = rest.split_once(' ').unwrap();
    let mut parts = escaped.split('\\');
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    while let Some(part) = parts.next() {
        if let Some(rest) = part.strip_prefix('x') {
            bytes.push(u8::from_str_radix(&rest[..2], 16).unwrap());
            bytes.extend(rest[2..].bytes());
        } else {
            // Of two backslashes nothing stands between.
            assert_eq!(part, "");
            bytes.push(b'\\');
            bytes.extend(parts.next().unwrap().bytes());
        }
    }
    Case { name, bytes: bytes.repeat(times.parse().unwrap()) }
}

fn complaint(name: &str, bytes: &[u8]) -> Option<Complaint> {
    let source = Source::read(name, bytes, 1 << 20).and_then(|source| read(&source).map(drop));
    let complaint = source.err()?;
    assert!(complaint.excerpt.is_some(), "{name}: no place in\n{complaint}");
    let text = complaint.to_string();
    assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?} could steer a terminal");
    Some(complaint)
}

/// None of them is a scenario.
#[test]
fn as_a_scenario_each_is_refused_with_the_place() {
    for Case { name, bytes } in cases() {
        assert!(complaint(name, &bytes).is_some(), "{name} was read");
    }
}

/// `n_` files are not JSON, so nothing that holds one is; of the others, the numbers are values and the rest is not.
#[test]
fn as_a_value_none_that_is_no_json_is_read() {
    let mut read = Vec::new();
    for Case { name, bytes } in cases() {
        // What is tried is mostly within an array, which no value is: try what is in it, too.
        let text = bytes.trim_ascii();
        let inner = text.strip_prefix(b"[").and_then(|text| text.strip_suffix(b"]")).unwrap_or(text);
        let whole = [br#"{"values": {"a": "#, text, b"}}"].concat();
        let inner = [br#"{"values": {"a": "#, inner, b"}}"].concat();
        for bytes in [whole, inner] {
            if complaint(name, &bytes).is_none() {
                read.push(name);
            }
        }
    }
    let wrong: Vec<&&str> = read.iter().filter(|name| name.starts_with("parsing/n_")).collect();
    assert!(wrong.is_empty(), "{wrong:?} were read");
    assert!(read.len() > 20, "sound numbers are refused, only {read:?} were read");
}

/// All of them as files, through the program: it says something of each, in one go.
#[test]
fn the_program_refuses_a_folder_of_them() {
    let folder = format!("{}/json-test-suite-{}", env!("CARGO_TARGET_TMPDIR"), std::process::id());
    std::fs::create_dir_all(&folder).unwrap();
    let cases = cases();
    for Case { name, bytes } in &cases {
        std::fs::write(format!("{folder}/{}", name.replace('/', "-")), bytes).unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_stepgrad")).arg("test").arg(&folder).output().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    for Case { name, .. } in &cases {
        let place = format!("{}:", name.replace('/', "-"));
        let told = said.lines().any(|line| {
            line.split_once(&place).is_some_and(|(_, place)| place.starts_with(|digit: char| digit.is_ascii_digit()))
        });
        assert!(told, "nothing is said of {name}");
    }
}
