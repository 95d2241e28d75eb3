//! What did not come out as the scenario says: its `expect`, the `assert`s of its script, the findings that it states.

use super::Debugger;
use crate::engine::Run;
use crate::formula::{Verb, number::repr, quoted};
use crate::scenario::{Kind, Outcome, cleaned, expect};

/// What did not come out as the scenario says: as much of it as anybody reads, and how much more there is.
#[derive(Default)]
pub struct Differences {
    pub listed: Vec<Difference>,
    pub more: usize,
}

/// So many failures are told of one scenario, of the million that it may have.
const LISTED: usize = 10_000;

/// Something that did not come out as the scenario says.
pub enum Difference {
    Number {
        number: String,
        found: f64,
        expected: f64,
    },
    /// `with` is the condition with its numbers in it.
    Assert {
        statement: String,
        step: u32,
        with: String,
    },
    /// The kinds of findings that the run has are others than the scenario states.
    Findings {
        found: Vec<&'static str>,
        expected: Vec<&'static str>,
    },
}

impl Differences {
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// How many there are in all.
    pub fn count(&self) -> usize {
        self.listed.len() + self.more
    }

    /// A line each, fit to show.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        let more = (self.more > 0).then(|| format!("... and {} more", self.more));
        self.listed.iter().map(|difference| cleaned(&difference.sentence()).into_owned()).chain(more)
    }
}

impl Difference {
    /// A sentence: `x1.grad is -1.5, expected -2.0`.
    pub fn sentence(&self) -> String {
        match self {
            Self::Number { number, found, expected } => {
                format!("{number} is {}, expected {}", repr(*found), repr(*expected))
            }
            Self::Assert { statement, step, with } => format!("{statement} failed at step {step}: {with}"),
            Self::Findings { found, expected } => {
                format!("the findings are [{}], expected [{}]", found.join(", "), expected.join(", "))
            }
        }
    }
}

/// The condition of an `assert` with the numbers of a step in it: `-1.5 == 5.0`. Empty for any other statement.
pub fn with_numbers(run: &Run, statement: usize, step: u32) -> String {
    match &run.script[statement].verb {
        Verb::Assert(condition) => condition.show(|number| repr(run.number(*number, step))),
        _ => String::new(),
    }
}

impl Debugger {
    /// Everything that did not come out as the scenario says.
    pub fn differences(&self) -> Differences {
        let Differences { mut listed, more } = self.find_unmet();
        listed.extend(self.other_findings());
        Differences { listed, more }
    }

    /// What `expect` and the `assert`s of the script say of numbers, and is not so. Computed once: a frame asks several
    /// times.
    pub fn unmet(&self) -> &Differences {
        self.unmet.get_or_init(|| self.find_unmet())
    }

    fn find_unmet(&self) -> Differences {
        let mut failures = expect::failures(&self.scenario, &self.run);
        let listed = failures.by_ref().take(LISTED).map(|outcome| self.difference(&outcome)).collect();
        Differences { listed, more: failures.count() }
    }

    fn difference(&self, outcome: &Outcome) -> Difference {
        match *outcome {
            Outcome::Differs { value, field, expected, found } => {
                let number = format!("{}.{}", quoted(self.name(value)), field.name());
                Difference::Number { number, found, expected }
            }
            Outcome::Failed { statement, step } => {
                let with = with_numbers(&self.run, statement, step);
                Difference::Assert { statement: self.run.script[statement].source.to_string(), step, with }
            }
        }
    }

    /// Where the run has other kinds of findings than the scenario states, if it states any.
    pub fn other_findings(&self) -> Option<Difference> {
        let names = |mut kinds: Vec<Kind>| {
            kinds.sort_unstable();
            kinds.dedup();
            kinds.into_iter().map(Kind::name).collect::<Vec<&str>>()
        };
        let expected = names(self.scenario.findings.clone()?);
        let found = names(self.findings().iter().map(|finding| finding.kind).collect());
        (found != expected).then_some(Difference::Findings { found, expected })
    }
}
