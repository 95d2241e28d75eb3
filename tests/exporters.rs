//! What `stepgrad exporter` prints is run by the engines it is for, and what they export is tested by `stepgrad test`: their
//! numbers, by their own rules, against ours. `tests/exporters` holds the graphs, and what PyTorch and JAX made of theirs.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/exporters");

fn stepgrad(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_stepgrad")).args(args).stdin(Stdio::null()).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Past the test harness, which hides what a test that passes says.
fn skip(why: &str) {
    std::io::stderr().write_all(format!("skipped: {why}\n").as_bytes()).unwrap();
}

/// A folder with the exporter in it, empty otherwise.
fn folder(name: &str, engine: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("exporters").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("stepgrad_export.py"), stepgrad(&["exporter", engine]).stdout).unwrap();
    folder
}

/// Whether that is a Python: on Windows, `python3` may be a door to a shop.
fn python() -> Option<&'static str> {
    let works =
        |python: &&str| Command::new(python).args(["-c", "print(1)"]).output().is_ok_and(|ran| ran.status.success());
    ["python3", "python"].into_iter().find(works)
}

/// A Python that has micrograd, from PyPI, in an environment of its own that later runs find again.
fn python_with_micrograd() -> Option<&'static Path> {
    static PYTHON: OnceLock<Option<PathBuf>> = OnceLock::new();
    PYTHON.get_or_init(install_micrograd).as_deref()
}

fn install_micrograd() -> Option<PathBuf> {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("micrograd-0.1.0");
    let python = home.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let has =
        || Command::new(&python).args(["-c", "import micrograd.engine"]).output().is_ok_and(|ran| ran.status.success());
    if !has() {
        Command::new(self::python()?).args(["-m", "venv"]).arg(&home).output().ok()?;
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "micrograd==0.1.0"];
        Command::new(&python).args(pip).output().ok()?;
    }
    has().then_some(python)
}

/// Runs a file of `tests/exporters` there; it says what went wrong, or what it wrote.
fn run(python: &Path, script: &str, folder: &Path) -> Vec<String> {
    let script = Path::new(HERE).join(script);
    let ran = Command::new(python).arg(script).current_dir(folder).env("PYTHONPATH", folder).output().unwrap();
    assert!(ran.status.success(), "{}", text(&ran.stderr));
    text(&ran.stdout).lines().map(|line| folder.join(line).to_str().unwrap().to_owned()).collect()
}

/// That the engine's numbers are ours, and that there are some.
fn agree(files: &[String]) {
    assert!(!files.is_empty());
    for file in files {
        let ran = stepgrad(&["test", file]);
        assert!(ran.status.success(), "{file}: {}{}", text(&ran.stdout), text(&ran.stderr));
        assert!(fs::read_to_string(file).unwrap().contains(".grad\": "), "{file} expects no grad");
    }
}

#[test]
fn they_are_short() {
    for engine in ["micrograd", "torch", "jax"] {
        let lines = text(&stepgrad(&["exporter", engine]).stdout).lines().count();
        assert!((10..40).contains(&lines), "{engine}: {lines} lines");
    }
}

#[test]
fn graphs_of_micrograd() {
    let Some(python) = python_with_micrograd() else {
        return skip("graphs_of_micrograd: no Python, or no way to PyPI");
    };
    agree(&run(python, "micrograd_graphs.py", &folder("micrograd", "micrograd")));
}

#[test]
fn graphs_of_the_notebooks_class() {
    let Some(python) = python() else {
        return skip("graphs_of_the_notebooks_class: no Python");
    };
    let folder = folder("notebook", "micrograd");
    agree(&run(Path::new(python), "notebook_graphs.py", &folder));
    let twice = stepgrad(&["show", folder.join("twice.json").to_str().unwrap(), "--format", "json"]);
    let twice: serde_json::Value = serde_json::from_slice(&twice.stdout).unwrap();
    let values = twice["values"].as_array().unwrap();
    assert_eq!(values[1]["args"], serde_json::json!(["a", "a"]), "a + a has two edges");
    let each = |field: &str| values.iter().map(|value| value[field].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(each("label"), ["a", "b", "b", "a"]);
    assert_eq!(each("name"), ["a", "b", "b_2", "a_3"]);
}

/// What differs from one pass over zeroed grads is what the user wants to hear of.
#[test]
fn numbers_that_are_not_those_of_one_pass() {
    let Some(python) = python() else {
        return skip("numbers_that_are_not_those_of_one_pass: no Python");
    };
    let files = run(Path::new(python), "notebook_mistakes.py", &folder("mistakes", "micrograd"));
    assert_eq!(files.len(), 4);
    for (file, said) in files.iter().zip([
        "a.grad is 2.0, expected 0.0",
        "a.grad is 2.0, expected 6.0",
        "o.data is",
        "a.grad is 2.0, expected 1.0",
    ]) {
        let ran = stepgrad(&["test", file]);
        assert_eq!(ran.status.code(), Some(1), "{file}");
        assert!(text(&ran.stdout).contains(said), "{file}: {}", text(&ran.stdout));
    }
}

/// PyTorch and JAX are large: what they wrote is kept here, and made again where somebody has them.
#[test]
fn functions_of_pytorch_and_jax() {
    for (engine, script) in [("torch", "torch_functions.py"), ("jax", "jax_functions.py")] {
        let kept: Vec<String> = fs::read_dir(Path::new(HERE).join(engine))
            .unwrap()
            .map(|file| file.unwrap().path().to_str().unwrap().to_owned())
            .collect();
        agree(&kept);
        let has = |python: &str| {
            Command::new(python)
                .args(["-c", &format!("import {engine}")])
                .output()
                .is_ok_and(|ran| ran.status.success())
        };
        match std::env::var(format!("STEPGRAD_PYTHON_{}", engine.to_uppercase()))
            .ok()
            .or(python().map(str::to_owned))
            .filter(|python| has(python))
        {
            Some(python) => agree(&run(Path::new(&python), script, &folder(engine, engine))),
            None => skip(&format!("{engine} is not installed: only what it wrote before was tested")),
        }
    }
}
