//! Text that attacks, in every place that shows text, on every output: no byte of it reaches the terminal as it is.

use std::fmt::Write;
use std::process::{Command, Output};

const STEPGRAD: &str = env!("CARGO_BIN_EXE_stepgrad");

/// What steers a terminal, reorders a line, or hides in it.
#[rustfmt::skip]
const PAYLOADS: [&str; 44] = [
    "\x1b[2J", "\x1b[31mred\x1b[0m", "\x1b[?1049l", "\x1b[999;999H", "\x1b]0;title\x07", "\x1b]52;c;aGVsbG8=\x07",
    "\x1b]8;;http://example.com\x1b\\link", "\x1bP1$r\x1b\\", "\x1b_apc\x1b\\", "\x1b^pm\x1b\\", "\x1bc", "\x1b",
    "\u{9b}31m", "\u{9d}0;t\u{9c}", "\u{90}q\u{9c}", "\u{85}", "\x7f", "\x07", "\x08\x08", "\r", "\n", "\x0b\x0c", "\t",
    "\x0e\x0f", "\u{202e}gpj.exe", "\u{202d}\u{202a}\u{202b}\u{202c}", "\u{2066}\u{2067}\u{2068}\u{2069}",
    "\u{200e}\u{200f}\u{61c}", "\u{200b}\u{200c}\u{200d}", "\u{2060}\u{2061}\u{feff}", "\u{2028}", "\u{2029}",
    "\u{e0001}\u{e0041}\u{e007f}", "\u{180e}", "\u{fff9}\u{fffa}\u{fffb}", "\u{206a}\u{206f}",
    "\u{ad}\u{34f}", "\u{115f}\u{1160}\u{3164}\u{ffa0}", "\u{17b4}\u{17b5}", "\u{180b}\u{180c}\u{180d}\u{180f}", "\u{fe00}\u{fe0f}",
    "\u{fff0}\u{fff8}", "\u{1bca0}\u{1bca3}\u{1d173}\u{1d17a}", "\u{e0080}\u{e01ef}\u{e0fff}",
];

/// Said again here, and not asked of the program: which characters of a text must not be shown.
fn attacks(c: char) -> bool {
    let text = [
        '\u{ad}'..='\u{ad}',
        '\u{34f}'..='\u{34f}',
        '\u{61c}'..='\u{61c}',
        '\u{115f}'..='\u{1160}',
        '\u{17b4}'..='\u{17b5}',
        '\u{180b}'..='\u{180f}',
        '\u{200b}'..='\u{200f}',
        '\u{2028}'..='\u{202e}',
        '\u{2060}'..='\u{206f}',
        '\u{3164}'..='\u{3164}',
        '\u{fe00}'..='\u{fe0f}',
        '\u{feff}'..='\u{feff}',
        '\u{ffa0}'..='\u{ffa0}',
        '\u{fff0}'..='\u{fffb}',
        '\u{1bca0}'..='\u{1bca3}',
        '\u{1d173}'..='\u{1d17a}',
        '\u{e0000}'..='\u{e0fff}',
    ];
    (c.is_control() && c != '\n') || text.iter().any(|range| range.contains(&c))
}

/// Nothing in what was printed attacks; every line end is one of ours.
fn assert_clean(what: &str, output: &Output) {
    for bytes in [&output.stdout, &output.stderr] {
        let text = str::from_utf8(bytes).unwrap_or_else(|_| panic!("{what}: not UTF-8"));
        // A tab at the start of a line is how dot indents.
        let found = text.lines().map(|line| line.trim_start_matches('\t')).find(|line| line.contains(attacks));
        assert_eq!(found, None, "{what}");
    }
    assert!(matches!(output.status.code(), Some(0..=2)), "{what}: {:?}", output.status);
    assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"), "{what}");
}

fn stepgrad(args: &[&str]) -> Output {
    Command::new(STEPGRAD).args(args).output().unwrap()
}

fn json(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

struct Folder(String);

impl Folder {
    fn new(name: &str) -> Self {
        let path = format!("{}/{name}-{}", env!("CARGO_TARGET_TMPDIR"), std::process::id());
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = format!("{}/{name}", self.0);
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Every payload as a name, as a label and as an op; all of them as title and `about`.
fn sound() -> String {
    let all = json(&PAYLOADS.concat());
    let (mut values, mut ops, mut expect) = (String::new(), String::new(), String::new());
    for (at, payload) in PAYLOADS.iter().enumerate() {
        let (name, op, label) =
            (json(&format!("n{payload}")), json(&format!("g{payload}")), json(&format!("l{payload}")));
        write!(values, r#"{name}: {{"data": {at}, "label": {label}}}, "#).unwrap();
        write!(values, r#""o{at}": {{"op": {op}, "args": [{name}], "label": {label}}}, "#).unwrap();
        let rule = r#"{"forward": "self * 2", "backward": ["self.grad = 2 * out.grad"]}"#;
        write!(ops, "{}{op}: {rule}", if at == 0 { "" } else { ", " }).unwrap();
        // Backquotes hold any name but one with a line end in it; 5 is wrong, so that it is shown.
        write!(expect, "{}{}: 5", if at == 0 { "" } else { ", " }, json(&format!("`n{payload}`.grad"))).unwrap();
    }
    let sum = (0..PAYLOADS.len()).map(|at| format!("o{at}")).collect::<Vec<_>>().join(" + ");
    let script = json(&format!("assert `n{}`.grad == 7", PAYLOADS[0]));
    format!(
        r#"{{"title": {all}, "about": {all}, "values": {{{values} "sum": "{sum}"}}, "ops": {{{ops}}},
            "script": ["sum.backward()", {script}], "expect": {{{expect}}}}}"#
    )
}

#[test]
fn in_a_sound_scenario() {
    let folder = Folder::new("payloads-sound");
    let file = folder.write("sound.json", &sound());
    let read = stepgrad(&["show", &file]);
    assert_eq!(read.status.code(), Some(0), "{}", String::from_utf8_lossy(&read.stderr));
    for args in [
        &["trace"][..],
        &["trace", "--format", "json"],
        &["trace", "--break", "nothing"],
        &["show"],
        &["show", "--format", "json"],
        &["show", "--format", "dot"],
        &["show", "--format", "mermaid"],
        &["show", "--format", "svg"],
        &["check"],
        &["check", "--format", "json"],
        &["test"],
        &["test", "--format", "json"],
        &["test", "--format", "junit"],
    ] {
        assert_clean(&format!("{args:?}"), &stepgrad(&[args, &[&file]].concat()));
    }
}

/// JSON says each name as it is, by its escapes.
#[test]
fn json_loses_nothing_of_them() {
    let folder = Folder::new("payloads-json");
    let file = folder.write("sound.json", &sound());
    let output = stepgrad(&["show", &file, "--format", "json"]);
    let shown: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(shown["title"], PAYLOADS.concat());
    for (at, payload) in PAYLOADS.iter().enumerate() {
        assert_eq!(shown["values"][2 * at]["name"], format!("n{payload}"));
        assert_eq!(shown["values"][2 * at + 1]["op"], format!("g{payload}"));
        assert_eq!(shown["values"][2 * at + 1]["label"], format!("l{payload}"));
    }
}

#[test]
fn on_the_screen_at_every_place() {
    let folder = Folder::new("payloads-screen");
    let file = folder.write("sound.json", &sound());
    let places = [
        "", "n n s s", "g s", "t", "f", "p", "c", "?", "o", "1 m", "3 j j", "2 y", "e", "/ n", ": x", "End", "i",
        "n b B",
    ];
    for keys in places {
        for size in ["80x24", "140x45", "30x9"] {
            for look in [&[][..], &["--ascii"]] {
                let args = [&["screen", &file, "--keys", keys, "--size", size], look].concat();
                assert_clean(&format!("{args:?}"), &stepgrad(&args));
            }
        }
    }
}

/// A folder of files each of which is wrong in one place, by one payload.
#[test]
fn in_complaints() {
    let folder = Folder::new("payloads-wrong");
    for (at, payload) in PAYLOADS.iter().enumerate() {
        let x = json(&format!("x{payload}y"));
        let inner = &x[1..x.len() - 1];
        let files = [
            format!(r#"{{"values": {{"a": 1, "b": "a + {inner}"}}}}"#),
            format!(r#"{{"values": {{"a": 1, "b": "a + `{inner}`"}}}}"#),
            format!(r#"{{"values": {{"a": 1, {x}: 1, {x}: 2}}}}"#),
            format!(r#"{{"values": {{{x}: "{inner}q + 1"}}}}"#),
            format!(r#"{{"values": {{"a": 1, "b": {{"op": {x}, "args": ["a"]}}}}}}"#),
            format!(r#"{{"values": {{"a": 1, "b": {{"op": "+", "args": ["a", {x}]}}}}}}"#),
            format!(r#"{{"values": {{"a": 1}}, "root": {x}}}"#),
            format!(r#"{{"values": {{"a": 1}}, "script": [{x}]}}"#),
            format!(r#"{{"values": {{"a": 1}}, "expect": {{{x}: 1}}}}"#),
            format!(r#"{{"values": {{"a": 1}}, "findings": [{x}]}}"#),
            format!(r#"{{"values": {{"a": 1}}, "ops": {{{x}: {x}}}}}"#),
            format!(r#"{{"values": {{"a": 1}}, "ops": {{"g": {{"forward": {x}, "backward": []}}}}}}"#),
            format!(r#"{{"values": {{"a": 1}}, {x}: 1}}"#),
            // As it is, which JSON forbids or allows.
            format!(r#"{{"values": {{"{payload}": "{payload}"}}, "{payload}": {payload}"#),
            format!(r#"{{"values": {{"a{payload}b": {{"op": "mul", "args": ["a{payload}c"]}}}}}}"#),
        ];
        for (kind, text) in files.iter().enumerate() {
            folder.write(&format!("{at}-{kind}.json"), text);
        }
    }
    for format in ["text", "json", "junit"] {
        let output = stepgrad(&["test", &folder.0, "--format", format]);
        assert_eq!(output.status.code(), Some(2));
        assert_clean(format, &output);
    }
}

/// What is typed after `stepgrad` comes back in complaints, clap's own among them.
#[test]
fn on_the_command_line() {
    for payload in PAYLOADS {
        let flag = format!("--{payload}");
        let line = format!("b{payload} = a + {payload}");
        let file = format!("{payload}.json");
        for args in [
            &[payload][..],
            &[&file],
            &[&flag],
            &["show", &flag],
            &["show", payload],
            &["neuron", payload],
            &["show", "-e", &line],
            &["show", "-e", "a = 1", "-e", &line],
            &["trace", "neuron", "--break", payload],
            &["trace", "neuron", "--format", payload],
            &["show", "neuron", "--at", payload],
            &["screen", "neuron", "--size", payload],
            &["screen", "neuron", "--keys", payload],
            &["--color", payload],
            &["--max-bytes", payload],
            &["completions", payload],
            &["test", &file],
            &["list", payload],
        ] {
            assert_clean(&format!("{args:?}"), &stepgrad(args));
        }
    }
}

/// Files that are really called so.
#[cfg(unix)]
#[test]
fn as_names_of_files() {
    let folder = Folder::new("payloads-named");
    for payload in PAYLOADS {
        let sound = folder.write(&format!("{}.json", payload.replace('/', "|")), r#"{"values": {"a": 1, "b": "a*2"}}"#);
        for args in [&["show"][..], &["check"], &["screen"], &["test"], &["trace"]] {
            let output = stepgrad(&[args, &[&sound]].concat());
            assert_eq!(output.status.code(), Some(0), "{args:?} {payload:?}");
            assert_clean(&format!("{args:?} {payload:?}"), &output);
        }
    }
    folder.write("\u{1b}[2Jwrong\u{202e}.json", "{");
    for format in ["text", "json", "junit"] {
        assert_clean(format, &stepgrad(&["test", &folder.0, "--format", format]));
    }
}
