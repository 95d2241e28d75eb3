//! What went wrong in a run, computed from its recorded events, the way a sanitizer does.
//!
//! | file | finds |
//! |---|---|
//! | [`calls`] | every `_backward` that ran, with its pass: what the others read |
//! | [`order`], [`waiting`] | ran too early, never seeded, seeded with other than 1, ran twice, never ran |
//! | [`elsewhere`] | whether another pass passes on what one leaves |
//! | [`writes`] | overwritten, left over |
//! | [`rules`] | a rule that disagrees with the slope of its own forward |
//! | [`numbers`] | stale data, the first NaN or infinity; saturated, dead, kinks, vanishing, exploding |
//! | [`right`] | the grads that the run should have had, and whether a fault changed any of them |
//! | [`told`] | how much of it is told |

mod calls;
mod elsewhere;
mod numbers;
mod order;
pub mod right;
mod rules;
mod told;
mod waiting;
mod writes;

pub use crate::scenario::Kind;
pub use told::Found;

use super::Debugger;
use super::check::fresh::Fresh;
use crate::engine::ValueId;
use elsewhere::Elsewhere;
use right::Rights;
use told::{NAMED, Told};

/// Something that went wrong, or is worth a remark.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    pub kind: Kind,
    /// The step at which it becomes true.
    pub step: u32,
    /// The values it is about, the one that is to blame first; and how many more there are.
    pub values: Vec<ValueId>,
    pub more: usize,
    /// One plain sentence: the cause, with the numbers.
    pub message: String,
    /// One plain sentence: what to do about it.
    pub cure: String,
}

/// Steps of the longest run that is searched unasked, within a key: a longer one is searched while nobody waits for it.
const AT_ONCE: u32 = 150_000;

/// Values that are looked at to find what passes are about, beside what they run: a run has no more passes than that over
/// large parts of a graph of which hardly anything is called.
const MOST: usize = 20_000_000;

impl Debugger {
    /// Everything that went wrong in the whole run, and what is worth a remark. Computed once.
    pub fn found(&self) -> &Found {
        self.found.get_or_init(|| self.search())
    }

    /// As much of it as is told, in the order of steps.
    pub fn findings(&self) -> &[Finding] {
        &self.found().told
    }

    /// Whether the run is long and nobody has searched it yet: that takes longer than a key may.
    pub fn is_unsearched(&self) -> bool {
        self.run.steps > AT_ONCE && self.found.get().is_none()
    }

    /// What has become true by the cursor. Nothing while a long run is still searched.
    pub fn findings_so_far(&self) -> &[Finding] {
        let findings = if self.is_unsearched() { &[] } else { self.findings() };
        &findings[..findings.partition_point(|finding| finding.step <= self.step)]
    }

    /// How many faults have become true by the cursor, those among them that are not told.
    pub fn faults_so_far(&self) -> usize {
        let told = self.findings_so_far().iter().filter(|finding| finding.kind.is_fault()).count();
        let more = if self.is_unsearched() { &[][..] } else { &self.found().more };
        told + more.partition_point(|step| *step <= self.step)
    }

    /// One walk over the run, pass by pass.
    fn search(&self) -> Found {
        let run = &*self.run;
        let mut told = Told::new(&self.scenario.names);
        let mut aids = Aids { fresh: Fresh::new(run), rights: Rights::new(self), elsewhere: Elsewhere::new(self) };
        let (mut earlier, mut rules, mut remarks) =
            (writes::Earlier::default(), rules::Search::new(self), numbers::Remarks::default());
        let (mut passes, mut luck, mut last) = (calls::Passes::new(run), Luck::Untried, None);
        while let Some(pass) = passes.next() {
            if passes.work.and(aids.fresh.work).is_more_than(MOST) || aids.elsewhere.is_spent() {
                told.found.unsearched = Some(pass.number);
                break;
            }
            order::find(self, &pass, &mut aids, &mut told);
            writes::find(self, &pass, &mut earlier, &mut aids.rights, &mut told);
            rules.pass(&pass, &mut told);
            numbers::stale(self, &pass, &mut aids.fresh, &mut told);
            luck = luck.and(told.blamed(), |blamed| aids.rights.by_luck(pass.number, blamed));
            remarks.of(self, &pass, &mut told);
            // Nobody is to blame for these.
            told.blamed();
            last = Some(pass.number);
        }
        rules.unused(&mut told);
        if let Some(pass) = last {
            luck = luck.and(told.blamed(), |blamed| aids.rights.by_luck(pass, blamed));
        }
        numbers::non_finite(self, &mut told);
        if let Luck::Good(finding) = luck {
            told.tell(Kind::ByLuck, finding.step, None, || finding);
        }
        told.finish()
    }
}

/// What several of the searches read, pass by pass.
struct Aids<'a> {
    fresh: Fresh<'a>,
    rights: Rights<'a>,
    elsewhere: Elsewhere<'a>,
}

/// Whether every pass in which something went wrong had right grads all the same.
enum Luck {
    Untried,
    Good(Finding),
    Bad,
}

impl Luck {
    /// With one more pass, which is only looked at if something went wrong in it and luck has held so far.
    fn and(self, blamed: Option<Vec<ValueId>>, told: impl FnOnce(Vec<ValueId>) -> Option<Finding>) -> Self {
        match (self, blamed) {
            (Self::Untried | Self::Good(_), Some(blamed)) => told(blamed).map_or(Self::Bad, Self::Good),
            (luck, _) => luck,
        }
    }
}

/// The first of some values, as many as are named, and how many more there are.
fn named(values: impl Iterator<Item = ValueId>, count: usize) -> (Vec<ValueId>, usize) {
    (values.take(NAMED).collect(), count.saturating_sub(NAMED))
}
