//! Every grad of a run against the slope it should be, found in two other ways.
//!
//! | file | holds |
//! |---|---|
//! | [`reader`], [`passes`] | every pass of a run; which of them count for the grads at a step |
//! | [`fresh`] | the step whose data a pass should have run with |
//! | [`point`] | that point: all data, and how each op hands slopes on |
//! | [`exact`] | the slope by dual numbers: it decides |
//! | [`numeric`] | the slope by central differences: what anybody could measure, and what tells a kink |
//! | [`rounding`] | how much of a difference is rounding |

mod exact;
pub(super) mod fresh;
mod numeric;
pub(super) mod passes;
pub(super) mod point;
mod reader;
mod rounding;

use super::Debugger;
use crate::engine::ValueId;
use numeric::{Measured, Meter};
use passes::{Passes, Together};
use point::Point;
use rounding::Rounding;

/// How much there is left to be spent on each of the two ways.
struct Time {
    exact: usize,
    numeric: usize,
}

/// What came of a check.
pub struct Check {
    /// Every value, in the order in which they were made.
    pub values: Vec<Checked>,
    /// What was differentiated. Several, where passes over different graphs are looked at together.
    pub roots: Vec<ValueId>,
    /// The step whose grads were looked at.
    pub step: u32,
    /// How many values were moved to measure their slopes, where that was not all: the slopes by the others are products
    /// of measured slopes of single ops.
    pub sampled: Option<usize>,
    /// At how many points there were passes that were not looked at, since others came after them: what these left in a
    /// grad counts as wrong.
    pub skipped: usize,
}

/// A grad, and what it should be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Checked {
    pub value: ValueId,
    pub grad: f64,
    /// By central differences; NaN where there is no slope to be measured.
    pub numeric: f64,
    /// How far `numeric` may be off.
    pub error: f64,
    /// By dual numbers.
    pub exact: f64,
    /// Whether the grad is the exact one.
    pub ok: bool,
    pub note: Option<Note>,
}

/// Why `numeric` is another number than `exact`, and that this is no mistake.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Note {
    /// The slope is one to the left and another to the right: `exact` is by convention.
    Kink { left: f64, right: f64 },
    /// What is measured is not what the rules of differentiation give: kinks that cancel, or numbers at their limits.
    Differs,
}

/// How many values are looked at and computed to find slopes in either way: what half a second is enough for.
const TIME: usize = 25_000_000;
/// Numbers at all the points that are looked at. Nobody starts passes over a large graph from hundreds of roots, each at
/// other data, and looks at the grads only then.
const MOST: usize = 2_000_000;
/// Differences that are never more than rounding.
const ABSOLUTE: f64 = 1e-12;
/// How far what was measured may be from the exact slope, beyond the error it admits.
const MEASURED: f64 = 1e-5;

impl Debugger {
    /// Checks every grad that the run ended with. `done` is told how much of how much is done.
    pub fn check(&self, mut done: impl FnMut(usize, usize)) -> Check {
        let run = &*self.run;
        let mut passes = Passes::new(run, self.scenario.root);
        let step = passes::looked_at(run);
        passes.go_to(step);
        let mut counted = passes.together();
        let skipped = counted.split_off(counted.len().min(1 + MOST / run.graph.len())).len();
        let none = |v| Checked { value: v, grad: run.grad(v, step), ..NOTHING };
        let mut check = Check {
            values: run.graph.ids().map(none).collect(),
            roots: counted.iter().flat_map(|together| together.roots.clone()).collect(),
            step,
            sampled: None,
            skipped,
        };
        let mut forgiven = vec![ABSOLUTE; run.graph.len()];
        let values: Vec<Vec<ValueId>> = counted.iter().map(|together| passes.values(together)).collect();
        let all = values.iter().map(|values| 2 * values.len()).sum();
        let (mut count, mut time) = (0, Time { exact: TIME, numeric: TIME });
        for (together, values) in counted.iter().zip(&values) {
            self.check_together(together, values, &mut check, (&mut forgiven, &mut time), |more| {
                count += more;
                done(count, all);
            });
        }
        for (checked, forgiven) in check.values.iter_mut().zip(forgiven) {
            checked.ok = agrees(checked.grad, checked.exact, self.scenario.tolerance, forgiven);
        }
        check
    }

    /// Adds to each value the slope of what counts together.
    fn check_together(
        &self,
        together: &Together,
        values: &[ValueId],
        check: &mut Check,
        (forgiven, time): (&mut [f64], &mut Time),
        mut done: impl FnMut(usize),
    ) {
        let point = Point::new(&self.run, &together.roots, together.point);
        let rounding = Rounding::new(&point);
        let exact = exact::slopes(&point, values, &mut time.exact, &mut done);
        let mut meter = Meter::new(&point, &rounding, self.consumers());
        let (measured, sampled) = meter.measure_all(values, &mut time.numeric, &mut done);
        check.sampled = check.sampled.or(sampled);
        for ((&v, exact), measured) in values.iter().zip(exact).zip(measured) {
            check.values[v as usize].add(&measured, exact);
            forgiven[v as usize] += 4.0 * rounding.grad[v as usize];
        }
    }
}

/// The slope by what no root is made of.
const NOTHING: Checked = Checked { value: 0, grad: 0.0, numeric: 0.0, error: 0.0, exact: 0.0, ok: false, note: None };

impl Checked {
    /// What one root has to say beside those before it: different roots add up.
    fn add(&mut self, measured: &Measured, exact: f64) {
        let other = note(measured, exact);
        let sides = |note: Option<Note>, smooth: f64| match note {
            Some(Note::Kink { left, right }) => [left, right],
            _ => [smooth; 2],
        };
        let (here, there) = (sides(self.note, self.numeric), sides(other, measured.slope));
        let bent = [self.note, other].iter().any(|note| matches!(note, Some(Note::Kink { .. })));
        let kink = Note::Kink { left: here[0] + there[0], right: here[1] + there[1] };
        self.note = if bent { Some(kink) } else { self.note.or(other) };
        self.numeric += measured.slope;
        self.error += measured.error;
        self.exact += exact;
    }
}

/// Whether a grad is the exact one. There is no way to be near to NaN or to infinity but to be it.
fn agrees(grad: f64, exact: f64, relative: f64, absolute: f64) -> bool {
    if !grad.is_finite() || !exact.is_finite() {
        return grad == exact || (grad.is_nan() && exact.is_nan());
    }
    (grad - exact).abs() <= absolute.max(relative * grad.abs().max(exact.abs()))
}

fn note(measured: &Measured, exact: f64) -> Option<Note> {
    if let Some([left, right]) = measured.kink {
        return Some(Note::Kink { left, right });
    }
    let allowed = 10.0 * measured.error + MEASURED * measured.slope.abs().max(exact.abs());
    ((measured.slope - exact).abs() > allowed).then_some(Note::Differs)
}
