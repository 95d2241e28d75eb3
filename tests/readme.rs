//! What the README claims can be run: its key table is the keymap's, its commands work, its scenario loads, and its
//! picture is the screen.

use std::fmt::Write as _;
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

#[test]
fn every_command_works() {
    let lines = blocks("console").into_iter().flat_map(str::lines);
    let mut runs = 0;
    for line in lines.filter(|line| line.starts_with("stepgrad ")) {
        let output = Command::new(env!("CARGO_BIN_EXE_stepgrad")).args(&words(line)[1..]).stdin(Stdio::null()).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(!output.stdout.is_empty(), "{line} says nothing");
        runs += 1;
    }
    assert!(runs >= 9, "{runs} commands were found");
}

#[test]
fn the_scenario_loads_and_holds() {
    for text in blocks("json") {
        let scenario = read(&Source { name: "README.md".into(), text: text.into(), lines: false }).unwrap();
        assert!(expect::failures(&scenario, &scenario.run()).is_empty());
    }
}

#[test]
fn the_picture_is_the_screen() {
    let args = ["screen", "a-plus-a", "--keys", "s", "--size", "80x24"];
    let output = Command::new(env!("CARGO_BIN_EXE_stepgrad")).args(args).output().unwrap();
    let screen = String::from_utf8(output.stdout).unwrap();
    assert_eq!(blocks("text")[0].trim_end(), screen.trim_end());
}
