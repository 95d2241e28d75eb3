//! What went wrong in a run, computed from its recorded events, the way a sanitizer does.
//!
//! | file | finds |
//! |---|---|
//! | [`calls`] | every `_backward` that ran, with its pass: what the others read |
//! | [`order`] | ran too early, never seeded, seeded with other than 1, ran twice, never ran |
//! | [`writes`] | overwritten, left over |
//! | [`rules`] | a rule that disagrees with the slope of its own forward |
//! | [`numbers`] | stale data, the first NaN or infinity; saturated, dead, kinks, vanishing, exploding |
//! | [`right`] | the grads that the run should have had, and whether a fault changed any of them |

mod calls;
mod numbers;
mod order;
pub mod right;
mod rules;
mod writes;

pub use crate::scenario::Kind;

use super::Debugger;
use crate::engine::ValueId;

/// Something that went wrong, or is worth a remark.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    pub kind: Kind,
    /// The step at which it becomes true.
    pub step: u32,
    /// The values it is about, the one that is to blame first.
    pub values: Vec<ValueId>,
    /// One plain sentence: the cause, with the numbers.
    pub message: String,
    /// One plain sentence: what to do about it.
    pub cure: String,
}

impl Debugger {
    /// Everything that went wrong in the whole run, and what is worth a remark, in the order of steps.
    pub fn findings(&self) -> Vec<Finding> {
        let calls = calls::Calls::of(self);
        let mut findings = Vec::new();
        findings.extend(order::find(self, &calls));
        findings.extend(writes::find(self, &calls));
        findings.extend(rules::find(self, &calls));
        findings.extend(numbers::find(self, &calls));
        findings.extend(right::by_luck(self, &findings));
        findings.sort_by_key(|finding| finding.step);
        findings
    }
}
