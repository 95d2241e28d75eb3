//! What the README claims can be run: its key table is the keymap's, its commands work, its scenario loads, and its
//! film is there.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use stepgrad::keymap::{Kind, TABLE};
use stepgrad::scenario::{Source, expect, read};

const README: &str = include_str!("../README.md");

/// The blocks between ``` fences of a language.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    README.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

fn keys() -> String {
    let mut table = String::from("\n| keys | what they do |\n|---|---|\n");
    for row in TABLE.iter().filter(|row| row.modes.contains(&Kind::Steps)) {
        let keys: Vec<String> = row.keys.iter().map(|key| format!("`{key}`")).collect();
        writeln!(table, "| {} | {} |", keys.join(" "), row.help).unwrap();
    }
    table + "\n"
}

#[test]
fn the_table_of_keys_is_the_keymaps() {
    let (before, rest) = README.split_once("checked by a test -->\n").unwrap();
    let (table, after) = rest.split_once("<!-- end of keys -->").unwrap();
    if std::env::var_os("UPDATE_README").is_some() {
        let readme = format!("{before}checked by a test -->\n{}<!-- end of keys -->{after}", keys());
        std::fs::write("README.md", readme).unwrap();
        return;
    }
    assert!(table == keys(), "it is stale: UPDATE_README=1 cargo test --test readme writes it anew");
}

/// A line of a shell in words, where quotes hold a word together.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for (at, part) in line.split('\'').enumerate() {
        if at % 2 == 1 {
            words.last_mut().unwrap().push_str(part);
            continue;
        }
        for (nth, word) in part.split(' ').enumerate() {
            if nth > 0 {
                words.push(String::new());
            }
            words.last_mut().unwrap().push_str(word);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A folder as a reader has it: a clone's scenarios, and something that passes for micrograd.
fn readers_folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme");
    let _ = fs::remove_dir_all(&folder);
    for inner in ["scenarios", "micrograd"] {
        fs::create_dir_all(folder.join(inner)).unwrap();
    }
    for file in fs::read_dir("scenarios").unwrap().map(Result::unwrap) {
        fs::copy(file.path(), folder.join("scenarios").join(file.file_name())).unwrap();
    }
    fs::copy("tests/exporters/notebook.py", folder.join("micrograd/engine.py")).unwrap();
    folder
}

/// Runs a line of the README there: `stepgrad ...`, or `stepgrad ... > file`.
fn run(line: &str, folder: &Path) {
    let (command, file) = line.split_once(" > ").map_or((line, None), |(command, file)| (command, Some(file)));
    let program = Command::new(env!("CARGO_BIN_EXE_stepgrad"))
        .args(&words(command)[1..])
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let expected = i32::from(command == "stepgrad check the-notebook");
    assert_eq!(program.status.code(), Some(expected), "{line}: {}", String::from_utf8_lossy(&program.stderr));
    assert!(!program.stdout.is_empty(), "{line} says nothing");
    if let Some(file) = file {
        fs::write(folder.join(file), program.stdout).unwrap();
    }
}

/// Runs the Python of the README there; false where there is no Python.
fn run_python(folder: &Path) -> bool {
    let code = blocks("python").concat();
    let ran = |python: &&str| Command::new(python).args(["-c", &code]).current_dir(folder).output();
    ["python3", "python"].iter().any(|python| ran(python).is_ok_and(|ran| ran.status.success()))
}

#[test]
fn every_command_works() {
    let folder = readers_folder();
    let lines: Vec<&str> = blocks("console").into_iter().flat_map(str::lines).collect();
    assert!(lines.len() >= 16, "{lines:?}");
    let (own, lines): (Vec<&str>, Vec<&str>) = lines.into_iter().partition(|line| line.contains("mine.json"));
    for line in lines.iter().filter(|line| line.starts_with("stepgrad ")) {
        run(line, &folder);
    }
    assert_eq!(own.len(), 3);
    if run_python(&folder) {
        for line in own {
            run(line, &folder);
        }
    } else {
        std::io::stderr().write_all(b"skipped: the README's own graph, for want of a Python\n").unwrap();
    }
    // And what stands within sentences.
    let prose = README.split("```").step_by(2).flat_map(|prose| prose.split('`').skip(1).step_by(2));
    let commands: Vec<&str> = prose.filter(|code| code.starts_with("stepgrad ")).collect();
    assert!(commands.len() >= 5, "{commands:?}");
    for line in commands {
        run(line, &folder);
    }
}

#[test]
fn the_scenario_loads_and_holds() {
    for text in blocks("json") {
        let scenario = read(&Source { name: "README.md".into(), text: text.into(), lines: false }).unwrap();
        assert_eq!(expect::failures(&scenario, &scenario.run()).count(), 0);
    }
}

#[test]
fn the_film_is_there_and_small() {
    assert!(README.contains("](demo.gif)"));
    let film = fs::read("demo.gif").unwrap();
    assert!(film.starts_with(b"GIF89a") && film.len() < 1_500_000, "{} bytes", film.len());
}
