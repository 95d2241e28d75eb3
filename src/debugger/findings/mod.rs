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

/// Graphs of more values are not searched unasked: every key must stay instant.
const UNASKED: usize = 20_000;

impl Debugger {
    /// Everything that went wrong in the whole run, and what is worth a remark, in the order of steps. Computed once.
    pub fn findings(&self) -> &[Finding] {
        self.found.get_or_init(|| self.search())
    }

    /// Whether nobody has searched yet, and nothing does unasked.
    pub fn is_unsearched(&self) -> bool {
        self.run.graph.len() > UNASKED && self.found.get().is_none()
    }

    /// What has become true by the cursor. Nothing where the graph is large and nobody has asked yet.
    pub fn findings_so_far(&self) -> &[Finding] {
        let findings = if self.is_unsearched() { &[] } else { self.findings() };
        &findings[..findings.partition_point(|finding| finding.step <= self.step)]
    }

    fn search(&self) -> Vec<Finding> {
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
