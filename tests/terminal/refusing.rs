//! Where the debugger cannot open it says why, with the terminal untouched.

use crate::pty::{Pty, Setup};
use crate::{STEPGRAD, assert_ends, on_screen, wait_on};

/// No private mode was ever turned on: no alternate screen, no mouse, no hidden cursor.
fn assert_untouched(pty: &Pty, line: &str) {
    pty.wait_given_back();
    let bytes = pty.bytes();
    assert!(!bytes.windows(3).any(|part| part == b"\x1b[?"), "{line}: {}", pty.contents());
}

#[test]
fn what_is_no_terminal_is_refused() {
    let dumb = "the terminal cannot place text: TERM is ";
    let table = [
        (format!("{STEPGRAD} < /dev/null"), "standard input is not a terminal".into()),
        (format!("{STEPGRAD} <&-"), "standard input is not a terminal".into()),
        (format!("echo q | {STEPGRAD}"), "standard input is not a terminal".into()),
        (format!("TERM=dumb {STEPGRAD}"), format!("{dumb}`dumb`")),
        (format!("TERM= {STEPGRAD}"), format!("{dumb}not set")),
        (format!("unset TERM; {STEPGRAD}"), format!("{dumb}not set")),
    ];
    for (line, complaint) in table {
        let mut pty = Setup::shell(&line).spawn();
        assert_eq!(pty.wait_exit(), 2, "{line}");
        pty.wait_text(&complaint);
        assert_untouched(&pty, &line);
    }
}

#[test]
fn a_scenario_or_a_command_line_that_is_wrong_is_refused() {
    let file = format!("{}/wrong-{}.json", env!("CARGO_TARGET_TMPDIR"), std::process::id());
    std::fs::write(&file, r#"{"values": {"a": 1, "b": "a + aa"}}"#).unwrap();
    let table = [
        (format!("{STEPGRAD} '{file}'"), "there is no value `aa`"),
        (format!("{STEPGRAD} neurom"), "`neuron`"),
        (format!("{STEPGRAD} -e 'b = a ++'"), "error"),
        (format!("{STEPGRAD} --nothing"), "--nothing"),
        (format!("{STEPGRAD} neuron --at x"), "--at"),
    ];
    for (line, complaint) in table {
        let mut pty = Setup::shell(&line).spawn();
        assert_eq!(pty.wait_exit(), 2, "{line}");
        pty.wait_text(complaint);
        assert_untouched(&pty, &line);
    }
    std::fs::remove_file(file).unwrap();
}

/// Its keys would go there.
#[test]
fn a_terminal_is_no_scenario() {
    for name in ["/dev/tty", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"] {
        let mut pty = Setup::new(STEPGRAD).args(&[name]).spawn();
        assert_eq!(pty.wait_exit(), 2, "{name}");
        pty.wait_text("this is a device");
        assert_untouched(&pty, name);
    }
    let mut pty = on_screen();
    pty.send(":open /dev/tty\r");
    pty.wait_text("this is a device");
    pty.send("\x03");
    assert_ends(pty, 0);
}

/// So large a stack no thread can have.
const NO_THREADS: (&str, &str) = ("RUST_MIN_STACK", "1000000000000000");

#[test]
fn where_no_thread_can_be_had_it_is_told() {
    let wrong = format!("{}/wrong-without-threads-{}.json", env!("CARGO_TARGET_TMPDIR"), std::process::id());
    std::fs::write(&wrong, format!(r#"{{"values": {{"a": "b"}}}}{}"#, " ".repeat(2 << 20))).unwrap();
    let table = [
        (&[][..], 2, "no thread can be started"),
        (&[wrong.as_str()], 2, "there is no value `b`"),
        (&["check", "neuron"], 0, "all 10 grads agree"),
    ];
    for (args, status, text) in table {
        let mut pty = Setup::new(STEPGRAD).args(args).env(NO_THREADS.0, NO_THREADS.1).spawn();
        assert_eq!(pty.wait_exit(), status, "{args:?}: {}", pty.contents());
        pty.wait_text(text);
        assert_untouched(&pty, &args.join(" "));
    }
    std::fs::remove_file(wrong).unwrap();
}

#[test]
fn a_file_for_which_there_is_no_memory_is_refused() {
    let file = format!("{}/large-{}.json", env!("CARGO_TARGET_TMPDIR"), std::process::id());
    let values: Vec<String> = (0..600_000).map(|at| format!(r#""v{at}":{at}"#)).collect();
    std::fs::write(&file, format!(r#"{{"values":{{{},"last":"v0+v1"}}}}"#, values.join(","))).unwrap();
    let limited = |name: &str| Setup::shell(&format!("ulimit -v 80000; exec {STEPGRAD} {name}")).spawn();
    let mut pty = limited(&file);
    assert_eq!(pty.wait_exit(), 2, "{}", pty.contents());
    pty.wait_text("there is not enough memory");
    pty.wait_given_back();
    let mut pty = limited("neuron");
    wait_on(&pty);
    pty.send(format!(":open {file}\r"));
    pty.wait_text("there is not enough memory");
    pty.send("\x03");
    assert_ends(pty, 0);
    std::fs::remove_file(file).unwrap();
}

/// With its output elsewhere the program is the text trace, for which it needs no terminal.
#[test]
fn elsewhere_than_on_a_terminal_it_prints_the_trace() {
    for (line, status) in [("> /dev/null", 0), (">&-", 0), ("| head -n 1", 0), ("> /dev/full", 2)] {
        let mut pty = Setup::shell(&format!("{STEPGRAD} {line}")).spawn();
        assert_eq!(pty.wait_exit(), status, "{line}: {}", pty.contents());
        if line.starts_with('|') {
            pty.wait_for("one line", |screen| screen.contents().trim().lines().count() == 1);
        }
        assert_untouched(&pty, line);
    }
}

/// Every step of the opening that opens a file fails once, and undoes what was done before it.
#[test]
fn an_error_while_opening_undoes_what_was_done() {
    let mut failed = 0;
    for limit in 4..16 {
        let mut pty = Setup::shell(&format!("ulimit -n {limit}; exec {STEPGRAD}")).spawn();
        pty.send("q");
        let status = pty.wait_exit();
        pty.wait_given_back();
        assert!(status == 0 || status == 2, "{limit} files: {status}, {}", pty.contents());
        failed += u32::from(status == 2);
    }
    assert!((2..12).contains(&failed), "{failed} of the limits were too low");
}
