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

/// Values of the largest graph that is searched unasked, within a key: a larger one is searched while nobody waits for it.
const AT_ONCE: usize = 20_000;

impl Debugger {
    /// Everything that went wrong in the whole run, and what is worth a remark, in the order of steps. Computed once.
    pub fn findings(&self) -> &[Finding] {
        self.found.get_or_init(|| self.search())
    }

    /// Whether the graph is large and nobody has searched it yet: that takes longer than a key may.
    pub fn is_unsearched(&self) -> bool {
        self.run.graph.len() > AT_ONCE && self.found.get().is_none()
    }

    /// What has become true by the cursor. Nothing while a large graph is still searched.
    pub fn findings_so_far(&self) -> &[Finding] {
        let findings = if self.is_unsearched() { &[] } else { self.findings() };
        &findings[..findings.partition_point(|finding| finding.step <= self.step)]
    }

    fn search(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let (mut earlier, mut last, mut luck) = (Vec::new(), None, Luck::Untried);
        let (mut rules, mut remarks) = (rules::Search::new(self), numbers::Remarks::default());
        for pass in calls::passes(self) {
            let mut found = order::find(self, &pass);
            found.extend(writes::find(self, &earlier, &pass));
            found.extend(rules.pass(&pass));
            found.extend(numbers::stale(self, &pass));
            luck = luck.and(|| right::by_luck(self, pass.number, &found), !found.is_empty());
            findings.extend(found);
            findings.extend(remarks.of(self, &pass));
            earlier.push(pass.roots);
            last = Some(pass.number);
        }
        let unused = rules.unused();
        if let Some(pass) = last {
            luck = luck.and(|| right::by_luck(self, pass, &unused), !unused.is_empty());
        }
        findings.extend(unused);
        findings.extend(numbers::non_finite(self));
        findings.extend(luck.told());
        findings.sort_by_key(|finding| finding.step);
        findings
    }
}

/// Whether every pass in which something went wrong had right grads all the same.
enum Luck {
    Untried,
    Good(Finding),
    Bad,
}

impl Luck {
    /// With one more pass, which is only looked at if something went wrong in it and luck has held so far.
    fn and(self, told: impl FnOnce() -> Option<Finding>, wrong: bool) -> Self {
        match self {
            Self::Untried | Self::Good(_) if wrong => told().map_or(Self::Bad, Self::Good),
            luck => luck,
        }
    }

    fn told(self) -> Option<Finding> {
        if let Self::Good(finding) = self { Some(finding) } else { None }
    }
}
