//! What several passes made of one grad, where nothing set it to 0 between them.

use super::Debugger;
use super::findings::right::{end_of, is_right};
use crate::engine::ValueId;
use crate::formula::Field;
use crate::formula::number::short;

/// More passes than this are not told one by one.
const TOLD: usize = 4;

/// Why a grad is too much.
pub struct AddedUp {
    /// `3 passes added up, with no zero_grad() between them`.
    pub passes: String,
    /// The same, with what the grad was after each, and by which factor that is wrong.
    pub numbers: String,
}

impl Debugger {
    /// What passes that began on the grads of those before made of a grad, as a sentence: after each what it was, and by
    /// which factor that is wrong; `None` where it is not so at the cursor.
    pub fn added_up(&self, v: ValueId) -> Option<AddedUp> {
        if self.is_unsearched() || self.found().left_over.get(&v).is_none_or(|step| *step > self.step) {
            return None;
        }
        let segments = &self.run.segments;
        let passes = segments[self.segment_here()].pass;
        let history = self.run.history(Field::Grad);
        // What a statement has set is the sum of no passes.
        let passed = |end: u32| {
            let (step, grad) = history.last(v, end)?;
            self.write_before(step)?.by.map(|_| grad)
        };
        let ends: Option<Vec<f64>> = (1..=passes)
            .map(|pass| (pass, end_of(self, pass).min(self.step)))
            .filter(|(pass, end)| {
                let first = segments.partition_point(|segment| segment.pass < *pass);
                history.count(v, segments[first].first, *end) > 0
            })
            .map(|(_, end)| passed(end))
            .collect();
        let ends = ends?;
        let (count, last) = (ends.len(), *ends.last()?);
        if count < 2 || self.grad(v) != last {
            return None;
        }
        let skipped = count.saturating_sub(TOLD);
        let mut numbers: Vec<String> = ends.iter().skip(skipped).map(|grad| short(*grad)).collect();
        if skipped > 0 {
            numbers.insert(0, "…".into());
        }
        let passes = format!("{count} passes added up, with no zero_grad() between them");
        let factor = self.factor(v, count, ends[0], last).unwrap_or_default();
        Some(AddedUp { numbers: format!("{passes}: {}{factor}", numbers.join(", then ")), passes })
    }

    /// The factor by which a value is off after some passes, where it is the one that its depth makes: the ways to spread
    /// as many steps over as many passes, C(passes + depth - 1, depth).
    fn factor(&self, v: ValueId, passes: usize, first: f64, last: f64) -> Option<String> {
        let depth = self.depth(v)?;
        #[allow(clippy::cast_precision_loss, reason = "there are few passes, and few steps")]
        let factor = (1..=depth).fold(1.0, |product, d| product * ((passes + d - 1) as f64) / (d as f64));
        if first == 0.0 || !is_right(last, factor * first) || factor >= 1e6 {
            return None;
        }
        let times = format!(". That is {factor} times {}", short(first));
        if depth == 1 {
            return Some(times);
        }
        let (name, root) = (self.quoted(v), self.quoted(self.order().root));
        Some(format!("{times}: each pass passes on again what is left between {root} and {name}"))
    }

    /// How many steps the root is away, where that is not far.
    fn depth(&self, v: ValueId) -> Option<usize> {
        const FAR: usize = 30;
        const MANY: usize = 1000;
        let root = self.order().root;
        let mut reached = vec![v];
        for depth in 0..FAR {
            if reached.contains(&root) {
                return Some(depth);
            }
            let uses = reached.iter().flat_map(|&v| self.consumers().of_value(v)).take(MANY);
            let mut next: Vec<ValueId> = uses.map(|usage| usage.consumer()).collect();
            next.sort_unstable();
            next.dedup();
            reached = next;
        }
        None
    }
}
