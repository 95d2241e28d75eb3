//! The real binary: every command, its formats, its exit statuses, and who gets told what.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::Value as Json;

const STEPGRAD: &str = env!("CARGO_BIN_EXE_stepgrad");

/// What the program did: its exit status, and what it wrote to each of its outputs.
#[derive(Debug)]
struct Ran {
    status: i32,
    out: String,
    err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
        Self { status: output.status.code().expect("no signal"), out: text(output.stdout), err: text(output.stderr) }
    }
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(STEPGRAD);
    command.args(args).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").stdin(Stdio::null());
    command
}

fn stepgrad(args: &[&str]) -> Ran {
    command(args).output().unwrap().into()
}

#[cfg(unix)]
fn shell(script: &str) -> Ran {
    let script = script.replace("STEPGRAD", STEPGRAD);
    Command::new("sh").args(["-c", &script]).stdin(Stdio::null()).output().unwrap().into()
}

/// What a run that must be fine writes to standard output.
fn fine(args: &[&str]) -> String {
    let ran = stepgrad(args);
    assert_eq!((ran.status, ran.err.as_str()), (0, ""), "{args:?}: {}", ran.out);
    ran.out
}

/// What a run that must be refused says: it leaves standard output alone.
fn refused(args: &[&str]) -> String {
    let ran = stepgrad(args);
    assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{args:?}: {}", ran.err);
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    ran.err
}

fn json_lines(text: &str) -> Vec<Json> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_plus_a_is_written_twice_by_b() {
    let trace = json_lines(&fine(&["trace", "a-plus-a", "--format", "json"]));
    let writes: Vec<&Json> = trace.iter().filter(|line| line["target"] == "a.grad").collect();
    let seen: Vec<_> = writes.iter().map(|w| (w["by"].as_str(), w["before"].as_f64(), w["after"].as_f64())).collect();
    assert_eq!(seen, [(Some("b"), Some(0.0), Some(1.0)), (Some("b"), Some(1.0), Some(2.0))]);
    assert_eq!(writes[0]["source"], "self.grad += 1.0 * out.grad");
}

#[test]
fn the_json_of_show_is_as_promised() {
    insta::assert_snapshot!("show_end", fine(&["show", "-e", "a = 3", "-e", "b = (a + a)**2", "--format", "json"]));
    insta::assert_snapshot!(
        "show_start",
        fine(&["show", "-e", "a = 3", "-e", "b = tanh(a)", "--at", "0", "--format", "json"])
    );
}

#[test]
fn the_json_of_trace_is_as_promised() {
    let lines = ["-e", "a = 3", "-e", "b = exp(a)", "-e", "b.backward()"];
    let more = ["-e", "zero_grad()", "-e", "a.data -= 1", "-e", "assert a.data == 2", "--format", "json"];
    insta::assert_snapshot!("trace", fine(&[&["trace"], &lines[..], &more[..]].concat()));
}

#[test]
fn numbers_that_json_lacks_are_strings() {
    let shown = fine(&["show", "-e", "x = 0", "-e", "y = log(x)", "-e", "z = y * x", "--format", "json"]);
    assert!(shown.contains(r#""data":"-inf""#) && shown.contains(r#""data":"NaN""#), "{shown}");
}

#[test]
fn text_is_for_people() {
    insta::assert_snapshot!("show_text", fine(&["show", "neuron"]));
    insta::assert_snapshot!("trace_text_old_rule", fine(&["trace", "a-plus-a-old"]));
    insta::assert_snapshot!(
        "trace_text_assert",
        fine(&["trace", "-e", "a = 3", "-e", "b = a**2", "-e", "assert b.data == 8"])
    );
}

#[test]
fn names_cannot_steer_a_terminal() {
    let name = r"\u001b[2J\u202e\u009bx\u007f";
    let file = temporary("hostile").join("hostile.json");
    let text =
        format!(r#"{{"title": "{name}", "values": {{"{name}": 1, "b": "`{name}` * 2"}}, "expect": {{"b.grad": 2}}}}"#);
    std::fs::write(&file, text).unwrap();
    let file = file.to_str().unwrap();
    let first = [&["show", file][..], &["show", file, "--format", "json"], &["trace", file], &["screen", file]];
    let more = [&["trace", file, "--format", "json"][..], &["test", file], &["test", "--format", "junit", file]];
    for args in first.into_iter().chain(more) {
        let ran = stepgrad(args);
        let hostile = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!ran.out.contains(hostile) && ran.err.is_empty(), "{args:?}: {:?}", ran.out);
    }
    let shown: Json = serde_json::from_str(&fine(&["show", file, "--format", "json"])).unwrap();
    assert_eq!(shown["values"][0]["name"], "\u{1b}[2J\u{202e}\u{9b}x\u{7f}", "JSON says the same in escapes");
}

/// Nor can what is typed, or pretend to be a line of its own.
#[test]
fn arguments_cannot_steer_a_terminal() {
    for hostile in ["--foo\nerror: fake", "--at=\u{1b}[2J\nerror: fake", "--format=x\nerror: fake"] {
        let said = refused(&["show", "neuron", hostile]);
        assert!(!said.lines().any(|line| line.starts_with("error: fake")), "{said}");
        assert!(!said.contains(|c: char| c.is_control() && c != '\n'), "{said:?}");
    }
}

#[test]
fn a_screen_is_no_larger_than_any_is() {
    for size in ["65535x65535", "1001x24", "80x501"] {
        assert!(refused(&["screen", "neuron", "--size", size]).contains("1000 columns and 500 rows at most"), "{size}");
    }
    assert_eq!(fine(&["screen", "neuron", "--size", "1000x500"]).lines().count(), 500);
}

#[test]
fn what_show_says_loads_again() {
    let shown: Json = serde_json::from_str(&fine(&["show", "kitchen-sink", "--format", "json"])).unwrap();
    let node = |value: &Json| match value["op"].as_str() {
        Some(op) => serde_json::json!({ "op": op, "args": value["args"], "label": value["label"] }),
        None => serde_json::json!({ "data": value["data"], "label": value["label"] }),
    };
    let values = shown["values"].as_array().unwrap().iter();
    let values: Vec<String> = values.map(|value| format!("{}: {}", value["name"], node(value))).collect();
    let file = temporary("again").join("again.json");
    std::fs::write(&file, format!(r#"{{"values": {{{}}}, "root": {}}}"#, values.join(","), shown["root"])).unwrap();
    let again: Json = serde_json::from_str(&fine(&["show", file.to_str().unwrap(), "--format", "json"])).unwrap();
    assert_eq!(again["values"], shown["values"]);
}

#[test]
fn without_a_terminal_the_trace_is_printed() {
    assert_eq!(fine(&["a-plus-a"]), fine(&["trace", "a-plus-a"]));
    assert_eq!(fine(&[]), fine(&["neuron"]));
    assert_eq!(fine(&["neuron", "--at", "5"]).lines().count(), 6);
}

#[test]
fn a_long_name_is_not_written_out_in_every_line_of_a_trace() {
    let name = "x".repeat(9_000);
    let text = fine(&["trace", "-e", &format!("{name} = 2"), "-e", &format!("y = {name} * {name}")]);
    assert!(text.contains("xxx…") && text.lines().all(|line| line.len() < 1000), "{text}");
}

#[test]
fn standard_input_is_a_scenario() {
    let mut child = command(&["show", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(br#"{"values": {"a": 3, "b": "a + a"}}"#).unwrap();
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert!(ran.status == 0 && ran.out.contains('b'), "{ran:?}");
}

#[test]
fn what_is_wrong_is_said_on_standard_error() {
    assert!(refused(&["nueron"]).contains("did you mean `neuron`?"));
    assert!(refused(&["trce"]).contains("did you mean the command `stepgrad trace`?"));
    assert!(refused(&["show"]).contains("<SCENARIO>"));
    assert!(refused(&["show", "neuron", "-e", "a = 1"]).contains("cannot be used with"));
    assert!(refused(&["neuron", "test"]).contains("belong after the command"));
    assert!(refused(&["show", "neuron", "--at", "1000"]).contains("this run ends at step 40"));
    assert!(refused(&["show", "neuron", "--at", "x"]).contains("--at"));
    assert!(refused(&["show", "neuron", "--format", "xml"]).contains("[possible values: text, json"));
    assert!(refused(&["show", "neuron", "--max-bytes", "x"]).contains("--max-bytes"));
    assert!(refused(&["show", "-e", "b = a + a"]).contains("there is no value `a`"));
    assert!(refused(&["screen", "neuron", "--size", "0x5"]).contains("columns x rows"));
    let large = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/mlp.json");
    assert!(refused(&["show", large, "--max-bytes", "100"]).contains("larger than 100 bytes"));
}

#[test]
fn a_file_may_be_named_like_a_command() {
    let folder = temporary("named_like");
    std::fs::write(folder.join("test"), r#"{"values": {"a": 7}}"#).unwrap();
    let ran = Ran::from(command(&["./test"]).current_dir(&folder).output().unwrap());
    assert_eq!((ran.status, ran.err.as_str()), (0, ""));
    let ran = Ran::from(command(&["show", "test"]).current_dir(&folder).output().unwrap());
    assert!(ran.out.contains("7.0"), "{ran:?}");
}

#[test]
fn options_may_stand_before_and_after_the_command() {
    for args in [&["--color", "always", "test", "neuron"], &["test", "neuron", "--color", "always"]] {
        assert!(fine(args).contains("\u{1b}["));
    }
    assert!(!fine(&["test", "neuron"]).contains('\u{1b}'));
}

#[test]
fn a_screen_is_as_large_as_was_asked_for() {
    for (size, rows) in [("80x24", 24), ("40x12", 12)] {
        let screen = fine(&["screen", "a-plus-a", "--size", size, "--keys", "n"]);
        assert_eq!(screen.lines().count(), rows, "{screen}");
    }
}

#[test]
fn every_command_has_help() {
    let commands = ["test", "trace", "show", "check", "screen", "list", "exporter", "schema", "completions", "man"];
    for args in commands.map(|command| vec![command, "--help"]).into_iter().chain([vec!["--help"], vec!["-h"]]) {
        let help = fine(&args);
        let examples = help.find("Try:").unwrap_or_else(|| panic!("{args:?} gives no example"));
        assert!(examples < help.find("Usage:").unwrap(), "{args:?}: examples first");
    }
    assert!(fine(&["--version"]).starts_with("stepgrad "));
}

#[test]
fn lists_and_completions_know_the_built_in_names() {
    for args in [&["list"][..], &["completions", "bash"], &["completions", "zsh"], &["completions", "fish"]] {
        assert!(fine(args).contains("a-plus-a-old"), "{args:?}");
    }
}

#[test]
fn the_manual_has_a_page_for_every_command() {
    let manual = fine(&["man"]);
    assert!(manual.starts_with(".ie") && manual.contains(".SH EXAMPLES") && manual.contains(".SH KEYS"), "{manual}");
    assert!(fine(&["man", "show"]).contains("stepgrad show neuron"));
    assert!(refused(&["man", "shw"]).contains("there is no command `shw`"));
}

/// What bash offers at the end of a line, by the script's own function.
#[cfg(unix)]
fn bash_offers(line: &str) -> String {
    let script = format!(
        "source <(STEPGRAD completions bash); COMP_WORDS=({line}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
         _stepgrad stepgrad \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"; echo ${{COMPREPLY[@]}}"
    );
    let script = script.replace("STEPGRAD", STEPGRAD);
    Ran::from(Command::new("bash").args(["-c", &script]).output().unwrap()).out.trim().to_owned()
}

#[cfg(unix)]
#[test]
fn bash_completes_commands_and_built_in_names() {
    for command in ["", "show ", "trace ", "check ", "screen ", "test "] {
        assert_eq!(bash_offers(&format!("stepgrad {command}a-pl")), "a-plus-a a-plus-a-old");
    }
    assert_eq!(bash_offers("stepgrad che"), "check");
    assert_eq!(bash_offers("stepgrad exporter micro"), "micrograd");
    assert_eq!(bash_offers("stepgrad show --format sv"), "svg");
}

/// In zsh a scenario and a command stand at one place; clap writes two, where nothing is offered after a command.
#[test]
fn zsh_and_fish_look_for_scenarios_where_they_stand() {
    let zsh = fine(&["completions", "zsh"]);
    assert!(zsh.contains("\"1: :{_stepgrad_commands; compadd -- neuron ") && !zsh.contains("$line[2]"), "{zsh}");
    let fish = fine(&["completions", "fish"]);
    for line in
        ["needs_command\" -a \"neuron ", "using_subcommand check\" -a \"neuron ", "exporter\" -f -a \"micrograd "]
    {
        assert!(fish.contains(line), "{line}: {fish}");
    }
}

#[cfg(unix)]
#[test]
fn a_reader_who_leaves_is_no_failure() {
    for args in ["trace mlp", "trace mlp --format json", "show mlp", "list", "schema", "completions zsh", "mlp", "test"]
    {
        let ran = shell(&format!("{{ STEPGRAD {args}; echo $? >&2; }} | true"));
        assert_eq!(ran.err, "0\n", "{args}");
    }
    assert_eq!(shell("STEPGRAD show nothing 2>&-").status, 2);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let full = shell("STEPGRAD show mlp >/dev/full");
    assert_eq!(full.status, 2);
    assert!(full.err.contains("error: standard output:"), "{}", full.err);
    for args in ["--help", "--version", "help show", "show --help"] {
        let full = shell(&format!("STEPGRAD {args} >/dev/full"));
        assert_eq!(full.status, 2, "{args}");
        assert!(full.err.contains("error: standard output:"), "{args}: {}", full.err);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_cannot_be_written_to_is_told() {
    for args in ["show neuron", "neuron", "test", "list"] {
        let ran = shell(&format!("STEPGRAD {args} 1</dev/null"));
        assert_eq!(ran.status, 2, "{args}");
        assert!(ran.err.contains("error: standard output:"), "{args}: {}", ran.err);
    }
}

/// It may have no end, or be where keys come from.
#[cfg(target_os = "linux")]
#[test]
fn a_device_is_no_scenario() {
    for name in ["/dev/zero", "/dev/urandom", "/dev/null", "/dev/ptmx", "/dev/stdin"] {
        for command in [&["show"][..], &["test"], &[]] {
            let ran = stepgrad(&[command, &[name]].concat());
            assert_eq!(ran.status, 2, "{name}");
            let said = ran.err + &ran.out;
            assert!(said.contains("this is a device"), "{name}: {said}");
        }
    }
    for way in ["< scenarios/neuron.json STEPGRAD show", "cat scenarios/neuron.json | STEPGRAD show"] {
        for name in ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"] {
            let ran = shell(&format!("{way} {name}"));
            assert!(ran.status == 0 && ran.out.contains("x1*w1"), "{way} {name}: {ran:?}");
        }
    }
}

/// Where memory runs out in the middle of something there is nobody to say so.
#[cfg(target_os = "linux")]
#[test]
fn a_file_for_which_there_is_no_memory_is_refused() {
    let file = temporary("memory").join("large.json");
    let values: Vec<String> = (0..400_000).map(|at| format!(r#""v{at}":{at}"#)).collect();
    std::fs::write(&file, format!(r#"{{"values":{{{},"last":"v0+v1"}}}}"#, values.join(","))).unwrap();
    for limit in [20_000, 30_000, 40_000, 50_000, 60_000] {
        let ran = shell(&format!("ulimit -v {limit}; STEPGRAD show '{}'", file.display()));
        assert_eq!(ran.status, 2, "{limit} KB: {}", ran.err);
        assert!(ran.err.contains("there is not enough memory"), "{limit} KB: {}", ran.err);
    }
    std::fs::remove_file(file).unwrap();
}

#[cfg(unix)]
#[test]
fn a_million_values_need_no_deep_stack() {
    let file = temporary("chain").join("chain.json");
    let mut text = std::io::BufWriter::new(std::fs::File::create(&file).unwrap());
    write!(text, r#"{{"values":{{"n0":1.0"#).unwrap();
    for i in 1..1_000_000 {
        write!(text, r#","n{i}":{{"op":"+","args":["n{}","n0"]}}"#, i - 1).unwrap();
    }
    text.write_all(b"}}").unwrap();
    drop(text);
    let file = file.to_str().unwrap();
    let ran = shell(&format!("ulimit -s 256; STEPGRAD show '{file}' --format json | tail -c 65"));
    let last = r#""args":["n999998","n0"],"data":1000000.0,"grad":1.0}]}"#;
    assert!(ran.out.trim_end().ends_with(last) && ran.err.is_empty(), "{ran:?}");
    let ran = shell(&format!("ulimit -s 256; STEPGRAD trace '{file}' --format json | tail -n 1"));
    assert!(ran.out.contains(r#""event":"noop""#), "{ran:?}");
    std::fs::remove_file(file).unwrap();
}

/// A folder of this test's own.
fn temporary(name: &str) -> std::path::PathBuf {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
