//! What `stepgrad test` says: as text, as JSON, as JUnit's XML.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;

use super::json::Num;
use super::output::{self, BAD, GOOD, Output, json_line, styled};
use super::test::{Counts, Tested};
use crate::debugger::differences::{Difference, Differences};
use crate::scenario::cleaned;

/// Takes one scenario after another, then the sum.
pub trait Report {
    fn add(&mut self, tested: &Tested) -> io::Result<()>;
    fn finish(&mut self, counts: &Counts) -> io::Result<()>;
}

/// A line a scenario as soon as it has run, as `cargo test` prints them.
pub struct Text {
    out: Output,
    /// The heading, until the first line is written: where nothing can be read, nothing is written.
    heading: Option<String>,
}

impl Text {
    pub fn new(count: usize) -> Self {
        let plural = if count == 1 { "" } else { "s" };
        Self { out: output::text(), heading: Some(format!("running {count} scenario{plural}")) }
    }
}

impl Report for Text {
    fn add(&mut self, tested: &Tested) -> io::Result<()> {
        let Ok(failures) = &tested.failures else { return Ok(()) };
        if let Some(heading) = self.heading.take() {
            writeln!(self.out, "{heading}")?;
        }
        let verdict = if failures.is_empty() { styled(GOOD, "ok") } else { styled(BAD, "FAILED") };
        writeln!(self.out, "{} ... {verdict}", cleaned(&tested.name))?;
        for line in failures.lines() {
            writeln!(self.out, "    {line}")?;
        }
        self.out.flush()
    }

    fn finish(&mut self, counts: &Counts) -> io::Result<()> {
        let Counts { passed, failed, unread } = counts;
        if self.heading.is_some() {
            return Ok(());
        }
        let verdict = if failed + unread == 0 { styled(GOOD, "ok") } else { styled(BAD, "FAILED") };
        let unread = if *unread == 0 { String::new() } else { format!("; {unread} could not be read") };
        writeln!(self.out, "\ntest result: {verdict}. {passed} passed; {failed} failed{unread}")?;
        self.out.flush()
    }
}

/// One object, written when all have run.
#[derive(Default, Serialize)]
pub struct Json {
    passed: usize,
    failed: usize,
    unread: usize,
    scenarios: Vec<JsonTested>,
}

#[derive(Serialize)]
struct JsonTested {
    name: String,
    ok: bool,
    failures: Vec<JsonDifference>,
    /// How many more there are, which are not listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<usize>,
    /// Why it could not be read.
    error: Option<String>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum JsonDifference {
    Expect { number: String, found: Num, expected: Num },
    Assert { statement: String, step: u32, with: String },
    Findings { found: Vec<&'static str>, expected: Vec<&'static str> },
}

impl JsonDifference {
    fn new(difference: &Difference) -> Self {
        match difference {
            Difference::Number { number, found, expected } => {
                Self::Expect { number: number.clone(), found: Num(*found), expected: Num(*expected) }
            }
            Difference::Assert { statement, step, with } => {
                Self::Assert { statement: statement.clone(), step: *step, with: with.clone() }
            }
            Difference::Findings { found, expected } => {
                Self::Findings { found: found.clone(), expected: expected.clone() }
            }
        }
    }
}

impl Report for Json {
    fn add(&mut self, tested: &Tested) -> io::Result<()> {
        let none = Differences::default();
        let found = tested.failures.as_ref().unwrap_or(&none);
        let (failures, more) = (found.listed.iter().map(JsonDifference::new).collect(), found.more);
        let error = tested.failures.as_ref().err().map(ToString::to_string);
        let (name, ok, more) = (tested.name.clone(), error.is_none() && found.is_empty(), (more > 0).then_some(more));
        self.scenarios.push(JsonTested { name, ok, failures, more, error });
        Ok(())
    }

    fn finish(&mut self, counts: &Counts) -> io::Result<()> {
        (self.passed, self.failed, self.unread) = (counts.passed, counts.failed, counts.unread);
        let mut out = output::raw();
        json_line(&mut out, &self)?;
        out.flush()
    }
}

/// The XML that CI servers read, written when all have run: its head has the sums.
#[derive(Default)]
pub struct Junit {
    cases: String,
}

impl Report for Junit {
    fn add(&mut self, tested: &Tested) -> io::Result<()> {
        let _ = write!(self.cases, "  <testcase classname=\"stepgrad\" name=\"{}\"", xml(&tested.name));
        let body = match &tested.failures {
            Ok(failures) if failures.is_empty() => {
                self.cases.push_str("/>\n");
                return Ok(());
            }
            Ok(failures) => {
                let lines: Vec<String> = failures.lines().collect();
                case_body("failure", &lines[0], &lines.join("\n"))
            }
            Err(complaint) => case_body("error", &complaint.title, &complaint.to_string()),
        };
        let _ = writeln!(self.cases, ">\n{body}  </testcase>");
        Ok(())
    }

    fn finish(&mut self, counts: &Counts) -> io::Result<()> {
        let Counts { passed, failed, unread } = counts;
        let sums = format!("tests=\"{}\" failures=\"{failed}\" errors=\"{unread}\"", passed + failed + unread);
        let mut out = output::raw();
        writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
        writeln!(out, "<testsuite name=\"stepgrad\" {sums}>\n{}</testsuite>", self.cases)?;
        out.flush()
    }
}

fn case_body(kind: &str, message: &str, text: &str) -> String {
    format!("    <{kind} message=\"{}\">{}</{kind}>\n", xml(message), xml(text))
}

/// Text as XML has it. Lines stay lines; other characters that XML forbids are shown as escapes.
fn xml(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(|line| cleaned(line).into_owned()).collect();
    let text = lines.join("\n");
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
