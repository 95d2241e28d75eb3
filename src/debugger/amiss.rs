//! What the source pane says is amiss in the step that just ran.

use super::Debugger;
use super::findings::{Finding, Kind};
use super::quote::{Line, Mark, Tone, blank, words};
use crate::engine::{Event, ValueId};

/// So much of what came out otherwise is told where there is little room.
const TOLD: usize = 3;

impl Debugger {
    /// What the step that just ran did wrong, beside what its own lines say of it.
    pub(super) fn just_found(&self) -> Vec<Line> {
        let recent = self.recent();
        let by_call = self.step.checked_sub(1).is_some_and(|event| self.called_at(event).is_some());
        let told = |kind: Kind| by_call && matches!(kind, Kind::Overwritten | Kind::TooEarly);
        // What is so from the start is told there.
        let is_new = |finding: &&Finding| finding.step > recent.start || self.step == 0;
        let new = self.findings_so_far().iter().filter(is_new).filter(|finding| !told(finding.kind));
        new.flat_map(|finding| {
            let mark = if finding.kind.is_fault() { Mark::Wrong } else { Mark::Note };
            [blank(), Line::new(mark, Tone::Words, finding.message.clone()), words(finding.cure.clone())]
        })
        .collect()
    }

    /// Why a grad is wrong: what passes added up to, or the last fault that was about it, or else the last there was.
    pub(super) fn blamed_for(&self, v: ValueId) -> String {
        let faults = || self.findings_so_far().iter().rev().filter(|finding| finding.kind.is_fault());
        let own = || faults().find(|finding| finding.values.contains(&v)).or_else(|| faults().next());
        let told = self.added_up(v).map(|added| added.numbers).or_else(|| own().map(|finding| finding.message.clone()));
        told.unwrap_or_default()
    }

    /// The end of a run in which something went wrong or came out otherwise, where the last step has nothing to say about
    /// it.
    pub(super) fn at_the_end(&self) -> Vec<Line> {
        let first = self.findings_so_far().iter().find(|finding| finding.kind.is_fault());
        let Some(first) = first else { return self.came_out_otherwise() };
        let faults = self.faults_so_far();
        let count = if faults == 1 { "1 fault".into() } else { format!("{faults} faults; the first") };
        let text = format!("{count}, at step {}: {}", first.step, first.message);
        vec![blank(), Line::new(Mark::Wrong, Tone::Words, text), words("! lists what went wrong, and takes you there")]
    }

    fn came_out_otherwise(&self) -> Vec<Line> {
        let unmet = self.unmet();
        let told = unmet.listed.iter().take(TOLD).map(|unmet| Line::new(Mark::Wrong, Tone::Words, unmet.sentence()));
        let others = unmet.count().saturating_sub(TOLD);
        let others = (others > 0).then(|| words(format!("and {others} more: ! lists them")));
        let lines: Vec<Line> = told.chain(others).collect();
        if lines.is_empty() { lines } else { [vec![blank()], lines].concat() }
    }

    /// Which consumers had not passed their share back when a `_backward` ran: what it passes on is incomplete.
    pub(super) fn too_early(&self, node: ValueId, step: u32) -> Vec<Line> {
        let missing = self.missing(node, step);
        let names: Vec<String> = missing.iter().take(3).map(|&v| self.quoted(v)).collect();
        if names.is_empty() {
            return Vec::new();
        }
        let others = missing.len() - names.len();
        let others = if others > 0 { format!(" and {others} more") } else { String::new() };
        let early = format!("too early: {}{others} must run first,", names.join(", "));
        let why = format!("to add its share to {}.grad", self.quoted(node));
        vec![blank(), Line::new(Mark::Wrong, Tone::Words, early), words(why)]
    }

    /// Which values got a share in this call though their own `_backward` had run: it is not passed on any more.
    pub(super) fn too_late(&self, first: u32) -> Vec<Line> {
        let events = (first..self.step).map(|event| self.run.event(event));
        let targets = events.filter_map(|event| match event {
            Event::Write(write) if !self.run.graph.is_leaf(write.target.value) => Some(write.target.value),
            _ => None,
        });
        let start = self.pass_start();
        let late = targets.filter(|&v| self.calls_of(v).any(|end| end > start && end <= first));
        let mut late: Vec<String> = late.map(|v| self.quoted(v)).collect();
        late.dedup();
        let line = |name: &String| {
            Line::new(Mark::Wrong, Tone::Words, format!("too late: {name}._backward() has run already"))
        };
        late.iter().map(line).collect()
    }
}
