//! Every grad of a run against the slope it should be, found in two other ways.
//!
//! | file | holds |
//! |---|---|
//! | [`passes`] | which value is differentiated, and at which point |
//! | [`point`] | that point: all data, and how each op hands slopes on |
//! | [`exact`] | the slope by dual numbers: it decides |
//! | [`numeric`] | the slope by central differences: what anybody could measure, and what tells a kink |
//! | [`rounding`] | how much of a difference is rounding |

mod exact;
mod numeric;
mod passes;
mod point;
mod rounding;

use std::ops::AddAssign;

use super::Debugger;
use crate::engine::{Run, ValueId};
use exact::Sweep;
use numeric::{Measured, Meter};
use passes::Pass;
use point::Point;
use rounding::Rounding;

/// What came of a check.
pub struct Check {
    /// Every value, in the order in which they were made.
    pub values: Vec<Checked>,
    /// What was differentiated. Several, where passes over different graphs are looked at together.
    pub roots: Vec<ValueId>,
    /// The step whose grads were looked at.
    pub step: u32,
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

/// Differences that are never more than rounding.
const ABSOLUTE: f64 = 1e-12;
/// How far what was measured may be from the exact slope, beyond the error it admits.
const MEASURED: f64 = 1e-5;

impl Debugger {
    /// Checks every grad that the run ended with. `done` is told how much of how much is done.
    pub fn check(&self, mut done: impl FnMut(usize, usize)) -> Check {
        let run = &*self.run;
        let passes = passes::passes(run, self.scenario.root);
        let step = passes::looked_at(run, &passes);
        let pass_of = passes::of_values(run, &passes, step);
        let mut values: Vec<Checked> = run.graph.ids().map(|v| self.unreached(v, step)).collect();
        let mut roots = Vec::new();
        let all = 2 * pass_of.iter().flatten().count();
        let mut count = 0;
        for (at, pass) in passes.iter().enumerate().rev() {
            let own: Vec<ValueId> = run.graph.ids().filter(|&v| pass_of[v as usize] == Some(at)).collect();
            if own.is_empty() {
                continue;
            }
            roots.extend(&pass.roots);
            for checked in self.check_pass(pass, &own, step, |more| {
                count.add_assign(more);
                done(count, all);
            }) {
                values[checked.value as usize] = checked;
            }
        }
        Check { values, roots, step }
    }

    /// No root is made of it: it should have a grad of 0.
    fn unreached(&self, v: ValueId, step: u32) -> Checked {
        let grad = self.run.grad(v, step);
        Checked { value: v, grad, numeric: 0.0, error: 0.0, exact: 0.0, ok: grad.abs() <= ABSOLUTE, note: None }
    }

    fn check_pass(&self, pass: &Pass, values: &[ValueId], step: u32, mut done: impl FnMut(usize)) -> Vec<Checked> {
        let run: &Run = &self.run;
        let point = Point::new(run, pass);
        let rounding = Rounding::new(&point);
        let exact = Sweep::new(&point).slopes(values, &mut done);
        let mut meter = Meter::new(&point, &rounding, self.consumers());
        let mut check = |(&v, exact): (&ValueId, f64)| {
            let measured = meter.measure(v);
            done(1);
            let (grad, forgiven) = (run.grad(v, step), 4.0 * rounding.grad[v as usize]);
            Checked {
                value: v,
                grad,
                numeric: measured.slope,
                error: measured.error,
                exact,
                ok: agrees(grad, exact, self.scenario.tolerance, forgiven.max(ABSOLUTE)),
                note: note(&measured, exact),
            }
        };
        values.iter().zip(exact).map(&mut check).collect()
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
