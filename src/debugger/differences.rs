//! What did not come out as the scenario says: its `expect`, the `assert`s of its script, the findings that it states.

use super::Debugger;
use crate::engine::Run;
use crate::formula::{Verb, number::repr, quoted};
use crate::scenario::{Kind, Outcome, expect};

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
    pub fn differences(&self) -> Vec<Difference> {
        self.unmet().chain(self.other_findings()).collect()
    }

    /// What `expect` and the `assert`s of the script say of numbers, and is not so.
    pub fn unmet(&self) -> impl Iterator<Item = Difference> {
        expect::failures(&self.scenario, &self.run).into_iter().map(|outcome| self.difference(&outcome))
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
    fn other_findings(&self) -> Option<Difference> {
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
