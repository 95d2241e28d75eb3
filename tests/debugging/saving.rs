//! A session that is saved is the same run when it is loaded.

use std::path::{Path, PathBuf};

use stepgrad::app::{App, Mode};
use stepgrad::keymap;
use stepgrad::scenario::{Source, builtin, read, save};

use crate::{press, story, type_line};

/// What would be written loads back to the same names, the same values, and the same events.
pub fn saves(app: &App) {
    let scenario = &app.debugger.scenario;
    let text = save::text(scenario, &app.source, app.is_edited());
    let loaded = read(&Source { name: "saved.json".into(), text: text.clone(), lines: false });
    let loaded = loaded.unwrap_or_else(|complaint| panic!("{text}\n{complaint}"));
    for v in scenario.graph.ids() {
        assert_eq!(loaded.names.name(v), scenario.names.name(v));
        assert_eq!(loaded.names.label(v), scenario.names.label(v));
    }
    assert_eq!(loaded.names.name(loaded.root), scenario.names.name(scenario.root));
    assert_eq!(story(&loaded.run()), story(&app.debugger.run), "{text}");
}

#[test]
fn every_shipped_scenario_is_saved_edited_and_not() {
    for name in builtin::names() {
        let mut app = App::open(Source::builtin(name).unwrap()).unwrap();
        saves(&app);
        for v in app.debugger.run.graph.ids().take(3) {
            let edited = app.debugger.quoted(v);
            type_line(&mut app, &format!("{edited}.grad = 0.1"));
            assert!(app.is_edited(), "{name}");
            saves(&app);
        }
    }
}

#[test]
fn leaves_from_formulas_and_the_command_line_are_saved() {
    let lines =
        ["x = 2", "`two words` = 3 * x + 1", "y = (x ** 2 - 0.5) * `two words` + 1e-7", "n = -y", "n.backward()"];
    let mut app = App::open(Source::of_lines(&lines.map(String::from))).unwrap();
    saves(&app);
    let leaves: Vec<u32> = app.debugger.run.graph.ids().filter(|&v| app.debugger.run.graph.is_leaf(v)).collect();
    assert!(leaves.len() > 3, "constants are leaves of their own");
    for v in leaves {
        app.update(stepgrad::app::Action::Choose(v));
        for number in ["-0.0", "1e300 * 1e300", "0.1 + 0.2"] {
            press(&mut app, "e");
            keymap::paste(&mut app, number);
            press(&mut app, "Enter");
            assert!(matches!(app.mode, Mode::Steps), "{number}");
            saves(&app);
        }
    }
}

/// Of a long file the text is not kept: it is saved as nodes, with all that it expects, and known again all the same.
#[test]
fn a_file_too_long_to_keep_is_saved_from_what_was_made_of_it() {
    let long = |name: &str, more: &str| {
        let source = Source::builtin(name).unwrap();
        Source { text: source.text + more + &" ".repeat(1 << 20), ..source }
    };
    for name in builtin::names() {
        let mut app = App::open(long(name, "")).unwrap();
        saves(&app);
        let text = save::text(&app.debugger.scenario, &app.source, false);
        assert!(text.len() < 1 << 20);
        let saved = App::open(Source { name: "saved.json".into(), text, lines: false }).unwrap();
        let opened = &app.debugger.scenario;
        assert_eq!(saved.debugger.scenario.findings, opened.findings, "{name}");
        assert_eq!(
            saved.debugger.expectations(),
            (0, opened.expect.len() + app.debugger.run.assertions.len()),
            "{name}"
        );
        app.reload(read(&long(name, "")).map(|scenario| (scenario, long(name, ""))));
        assert!(app.message.is_none(), "{name}: nothing new");
        app.reload(read(&long(name, " ")).map(|scenario| (scenario, long(name, " "))));
        assert!(app.message.is_some(), "{name}: another text");
    }
}

/// A folder of this test's own, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("debugging").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn a_file_is_written_whole_or_not_at_all_and_over_another_only_when_asked() {
    let folder = folder("write");
    let file = folder.join("a session.json");
    let mut app = App::open(Source::builtin("a-plus-a-old").unwrap()).unwrap();
    type_line(&mut app, "a.data = 5");
    let write = format!("w {}", file.display());
    type_line(&mut app, &write);
    let first = std::fs::read_to_string(&file).unwrap();
    type_line(&mut app, "zero_grad()");
    type_line(&mut app, &write);
    assert!(matches!(app.mode, Mode::Overwrite(..)));
    press(&mut app, "n");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), first);
    type_line(&mut app, &write);
    press(&mut app, "y");
    assert_ne!(std::fs::read_to_string(&file).unwrap(), first);
    for wrong in [format!("w {}/absent/x.json", folder.display()), format!("w {}", folder.display()), "w".into()] {
        type_line(&mut app, &wrong);
        let Mode::Prompt(prompt) = &app.mode else { panic!("{wrong}: the line stays to be mended") };
        assert!(prompt.trouble.is_some(), "{wrong}");
        press(&mut app, "Esc");
    }
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "nothing else is left there");
    let run = story(&app.debugger.run);
    type_line(&mut app, &format!("open {}", file.display()));
    assert_eq!((story(&app.debugger.run), app.is_edited()), (run, false));
}

/// A link stays a link, and a file that others may not read stays so; what is no file is not replaced by one.
#[cfg(unix)]
#[test]
fn what_a_file_is_stays() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder("stays");
    let (file, link) = (folder.join("file.json"), folder.join("link.json"));
    std::fs::write(&file, "old").unwrap();
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o640)).unwrap();
    symlink("file.json", &link).unwrap();
    save::write(&link, || "new".into()).unwrap();
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "new");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(save::write(Path::new("/dev/null"), || "new".into()).is_err());
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 2, "nothing else is left there");
}

/// Whatever else goes on, who reads the file finds one of the two, whole.
#[test]
fn a_reader_at_any_moment_finds_the_old_or_the_new() {
    let file = folder("moments").join("file.json");
    let texts = ["a".repeat(1 << 20), "b".repeat(1 << 19)];
    save::write(&file, || texts[0].clone()).unwrap();
    let writer = std::thread::spawn({
        let (file, texts) = (file.clone(), texts.clone());
        move || (0..40).try_for_each(|at| save::write(&file, || texts[at % 2].clone()))
    });
    while !writer.is_finished() {
        let found = std::fs::read_to_string(&file).unwrap();
        assert!(texts.contains(&found), "{} bytes", found.len());
    }
    writer.join().unwrap().unwrap();
}
