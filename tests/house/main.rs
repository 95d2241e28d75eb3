//! The house stands as it was drawn: modules in one direction, terminal and JSON where they belong, nothing too long.
//!
//! Read from the source text: what a module uses is what stands there, whether or not it compiles on this platform.
//! Each check is also shown something that breaks it.

mod rooms;
mod source;

use std::path::Path;

use rooms::{breaks, room};
use source::{File, functions, without_tests};

/// Whoever uses a crate, with all who may.
const CRATES: [(&str, &[&str]); 4] = [
    ("ratatui", &["keymap", "ui", "front"]),
    ("crossterm", &["keymap", "ui", "front"]),
    ("serde", &["scenario", "front"]),
    ("serde_json", &["scenario", "front"]),
];

const LONGEST_FILE: usize = 400;
const MEDIAN_FILE: usize = 120;
const LONGEST_FUNCTION: usize = 60;

/// Every file below a folder of the project.
fn files(folder: &str) -> Vec<File> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![top.join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(top).unwrap().to_str().unwrap().replace('\\', "/");
                files.push(File::new(name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(!files.is_empty());
    files
}

/// The sources, without what only tests use.
fn shipped() -> Vec<File> {
    let files = files("src").into_iter().filter(|file| !file.name.ends_with("tests.rs"));
    files.map(|file| File { code: without_tests(&file.code), ..file }).collect()
}

fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn a_module_uses_itself_and_those_before_it() {
    assert_none(&shipped().iter().flat_map(breaks).collect::<Vec<_>>());
}

#[test]
fn the_terminal_and_json_stay_where_they_belong() {
    assert_none(&shipped().iter().flat_map(strangers).collect::<Vec<_>>());
}

/// The crates that a file uses and that are not for its room.
fn strangers(file: &File) -> Vec<String> {
    let strange = CRATES.iter().filter(|(name, rooms)| {
        let used = source::words(&file.code).any(|(at, word)| word == *name && !is_own(&file.code, at));
        used && !room(&file.name).is_some_and(|room| rooms.contains(&room))
    });
    strange.map(|(name, _)| format!("{}: {name} is not for this room", file.name)).collect()
}

/// Whether the word there is a part of something of our own: `self.serde`, `crate::serde`.
fn is_own(code: &str, at: usize) -> bool {
    let before = code[..at].trim_end();
    before.ends_with('.') || before.ends_with("crate::") || before.ends_with("super::")
}

#[test]
fn files_are_short() {
    let mut lengths: Vec<usize> = files("src").iter().map(File::lines).collect();
    lengths.sort_unstable();
    assert!(lengths[lengths.len() / 2] <= MEDIAN_FILE, "the median file has {} lines", lengths[lengths.len() / 2]);
    let both = files("src").into_iter().chain(files("tests"));
    let long = both.filter(|file| file.lines() > LONGEST_FILE);
    assert_none(&long.map(|file| format!("{}: {} lines", file.name, file.lines())).collect::<Vec<_>>());
}

#[test]
fn functions_are_short() {
    let both = files("src").into_iter().chain(files("tests"));
    assert_none(&both.flat_map(|file| too_long(&file)).collect::<Vec<_>>());
}

fn too_long(file: &File) -> Vec<String> {
    let long = functions(&file.code).into_iter().filter(|(_, lines)| *lines > LONGEST_FUNCTION);
    long.map(|(name, lines)| format!("{}: fn {name} has {lines} lines", file.name)).collect()
}

#[test]
fn nothing_is_left_undone() {
    let both = files("src").into_iter().chain(files("tests"));
    assert_none(&both.flat_map(|file| undone(&file)).collect::<Vec<_>>());
}

fn undone(file: &File) -> Vec<String> {
    let words: Vec<(usize, &str)> = source::words(&file.code).collect();
    let macros = words.iter().filter(|(at, word)| file.code[at + word.len()..].starts_with('!'));
    let left = macros.filter(|(_, word)| ["todo", "unimplemented", "dbg"].contains(word));
    left.map(|(_, word)| format!("{}: {word}!", file.name)).collect()
}

/// What the checks above would say of a file.
fn faults(name: &str, text: &str) -> Vec<String> {
    let file = File::new(name.into(), text.into());
    let shipped = File { code: without_tests(&file.code), ..File::new(name.into(), text.into()) };
    let use_of_others = breaks(&shipped).into_iter().chain(strangers(&shipped));
    use_of_others.chain(too_long(&file)).chain(undone(&file)).collect()
}

#[test]
fn the_checks_find_what_they_are_for() {
    let cases = [
        ("src/engine/run.rs", "use crate::ui::draw;", "src/engine/run.rs: engine uses ui"),
        ("src/engine/run.rs", "fn f() { crate::scenario::read() }", "src/engine/run.rs: engine uses scenario"),
        ("src/engine.rs", "use super::app::App;", "src/engine.rs: engine uses app"),
        ("src/engine/mod.rs", "use super::app::App;", "src/engine/mod.rs: engine uses app"),
        ("src/a/run.rs", "use crate::engine::Run;", "src/a/run.rs: a is no room"),
        ("src/app/update.rs", "use super::super::front::cli;", "src/app/update.rs: app uses front"),
        ("src/app/x.rs", "use crate::{\n    engine::{Run, ui},\n    ui,\n};", "src/app/x.rs: app uses ui"),
        ("src/main.rs", "fn main() { stepgrad::ui::draw() }", "src/main.rs: main uses ui"),
        ("src/app/x.rs", "use ratatui::Frame;", "src/app/x.rs: ratatui is not for this room"),
        ("src/app/x.rs", "fn f(key: crossterm::event::KeyEvent) {}", "src/app/x.rs: crossterm is not for this room"),
        ("src/ui/x.rs", "#[derive(serde::Serialize)] struct A;", "src/ui/x.rs: serde is not for this room"),
        ("src/engine/x.rs", "use serde_json::Value;", "src/engine/x.rs: serde_json is not for this room"),
        ("src/ui/x.rs", "fn f() { todo!(\"}\") }", "src/ui/x.rs: todo!"),
        ("tests/x.rs", "fn f() { let x = dbg!(1); }", "tests/x.rs: dbg!"),
    ];
    for (name, text, fault) in cases {
        assert_eq!(faults(name, text), [fault], "{text}");
    }
    let long = format!("fn f<'a>() {{\n{}}}\nfn g() {{}}\n", "    g('{');\n".repeat(59));
    assert_eq!(faults("src/ui/x.rs", &long), ["src/ui/x.rs: fn f has 61 lines"]);
}

#[test]
fn the_checks_find_nothing_in_what_is_right() {
    let right = [
        ("src/ui/x.rs", "use crate::{engine::{self, Run}, app};\nuse super::text::put;\nuse ratatui::Frame;"),
        (
            "src/engine/x.rs",
            "// crate::ui, todo!()\n/* ratatui /* crate::ui */ */\nconst A: &str = r#\"crate::\"ui\"#;",
        ),
        ("src/engine/x.rs", "#[cfg(test)]\nmod tests {\n    use crate::scenario::read;\n    const B: char = '}';\n}"),
        ("src/scenario/x.rs", "fn f() { self.ratatui(); }\nfn ratatui_like(todo: u8, dbg: u8) -> bool { todo != dbg }"),
        ("src/main.rs", "fn main() { stepgrad::front::main() }"),
    ];
    for (name, text) in right {
        assert_none(&faults(name, text));
    }
}
