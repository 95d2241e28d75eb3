//! `stepgrad test`: runs scenarios and compares what comes of them with what they expect.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use super::cli::{Common, Test, TestFormat};
use super::report::{Json, Junit, Report, Text};
use super::{WRONG, load, output, waiting};
use crate::debugger::Debugger;
use crate::debugger::differences::Differences;
use crate::scenario::{Complaint, Progress, Source, builtin, read_with};

/// What came of one scenario.
pub struct Tested {
    /// As one would name it: a built-in name, or a path.
    pub name: String,
    /// What is not as it should be; or why it could not be read.
    pub failures: Result<Differences, Box<Complaint>>,
}

/// How many scenarios came out how.
#[derive(Default)]
pub struct Counts {
    pub passed: usize,
    pub failed: usize,
    /// Those that could not be read.
    pub unread: usize,
}

impl Counts {
    fn add(&mut self, tested: &Tested) {
        match &tested.failures {
            Ok(failures) if failures.is_empty() => self.passed += 1,
            Ok(_) => self.failed += 1,
            Err(_) => self.unread += 1,
        }
    }

    fn status(&self) -> ExitCode {
        match self {
            Self { unread: 1.., .. } => ExitCode::from(WRONG),
            Self { failed: 1.., .. } => ExitCode::FAILURE,
            _ => ExitCode::SUCCESS,
        }
    }
}

/// Runs everything, whatever comes of it. A reader who leaves early (`| head`) gets no more lines, but the exit status
/// is still that of all scenarios: CI must not pass because somebody looked at the first line only.
pub fn run(test: &Test, common: &Common) -> io::Result<ExitCode> {
    let targets = targets(&test.paths);
    let mut counts = Counts::default();
    let mut report: Box<dyn Report> = match test.format {
        TestFormat::Text => Box::new(Text::new(targets.len())),
        TestFormat::Json => Box::new(Json::default()),
        TestFormat::Junit => Box::new(Junit::default()),
    };
    let mut written = Ok(());
    for target in targets {
        let tested = target.test(common.max_bytes);
        counts.add(&tested);
        if let Err(complaint) = &tested.failures {
            output::complain(complaint.render(true));
        }
        written = written.and_then(|()| report.add(&tested));
    }
    written = written.and_then(|()| report.finish(&counts));
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(counts.status()),
    }
}

/// Something to test: a name, or what is wrong with a folder.
enum Target {
    Builtin(&'static str),
    Named(String),
    Wrong(String, Box<Complaint>),
}

/// The files of the folders among `paths`, and the rest as it is; without paths, the built-in scenarios.
fn targets(paths: &[String]) -> Vec<Target> {
    if paths.is_empty() {
        return builtin::names().map(Target::Builtin).collect();
    }
    paths.iter().flat_map(|path| if Path::new(path).is_dir() { in_folder(path) } else { vec![named(path)] }).collect()
}

fn named(path: &str) -> Target {
    Target::Named(path.to_owned())
}

/// Every `*.json` of a folder, sorted.
fn in_folder(folder: &str) -> Vec<Target> {
    let wrong = |title: String| vec![Target::Wrong(folder.to_owned(), Box::new(Complaint::new(folder, title)))];
    let entries = std::fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<PathBuf>>>());
    let mut files = match entries {
        Ok(files) => files,
        Err(error) => return wrong(format!("this folder cannot be read: {error}")),
    };
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    if files.is_empty() {
        wrong("there is no scenario in this folder: no file ends in .json".into())
    } else {
        files.iter().map(|file| file.to_str().map_or_else(|| unnamed(file), named)).collect()
    }
}

fn unnamed(file: &Path) -> Target {
    let name = file.to_string_lossy().into_owned();
    let complaint = Complaint::new(&name, "the name of this file is not UTF-8").help(Some("rename it".into()));
    Target::Wrong(name, Box::new(complaint))
}

impl Target {
    fn test(self, max_bytes: u64) -> Tested {
        let (name, failures) = match self {
            Self::Wrong(name, complaint) => (name, Err(complaint)),
            Self::Builtin(name) => {
                let source = Source::builtin(name).expect("it is one of the list");
                (name.to_owned(), check(source, &Progress::default()))
            }
            Self::Named(name) => {
                let failures =
                    waiting::on_stderr(&name, |progress| check(load::named(&name, max_bytes, progress)?, progress));
                (name, failures)
            }
        };
        Tested { name, failures }
    }
}

fn check(source: Source, progress: &Progress) -> Result<Differences, Box<Complaint>> {
    let scenario = read_with(&source, progress)?;
    // It is as large as the run, and not needed any more.
    drop(source);
    Ok(Debugger::new(Arc::new(scenario)).differences())
}
