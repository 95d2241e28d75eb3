use crate::engine::plan::Number;
use crate::engine::{Run, ValueId};
use crate::formula::{Field, close};

use super::Scenario;

/// What a number should be at the end.
#[derive(Debug, Clone, Copy)]
pub struct Expectation {
    pub value: ValueId,
    pub field: Field,
    pub number: f64,
}

/// Something that should have held and did not.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// A number of `expect` is another one.
    Differs { value: ValueId, field: Field, expected: f64, found: f64 },
    /// An `assert` of the script failed, at that step.
    Failed { statement: usize, step: u32 },
}

/// Everything that did not come out as the scenario says. Empty for a run that is as it should be.
pub fn failures(scenario: &Scenario, run: &Run) -> impl Iterator<Item = Outcome> {
    let asserts = run.assertions.iter().filter(|assertion| !assertion.held);
    let asserts = asserts.map(|assertion| Outcome::Failed { statement: assertion.statement, step: assertion.step });
    let numbers = scenario.expect.iter().filter_map(|&Expectation { value, field, number }| {
        let found = run.number(Number { value, field }, run.steps);
        let same = close(found, number, scenario.tolerance) || (found.is_nan() && number.is_nan());
        (!same).then_some(Outcome::Differs { value, field, expected: number, found })
    });
    asserts.chain(numbers)
}
