//! Edits of the run, and taking them back; saving.

use std::path::Path;
use std::sync::Arc;

use super::App;
use crate::debugger::Debugger;
use crate::debugger::edit::Edited;
use crate::engine::{Run, ValueId};
use crate::scenario::{Scenario, save};

/// A state of the session that can be gone back to.
pub struct Snapshot {
    scenario: Arc<Scenario>,
    step: u32,
}

/// The run before the last edit, to compare with.
pub struct Before {
    pub run: Arc<Run>,
    /// Whether each step of it is the same step of the run that is shown.
    pub same_steps: bool,
}

impl App {
    /// Takes over an edit: everything is recorded again, and it can be taken back.
    pub(super) fn apply(&mut self, edited: Edited) {
        let before = self.snapshot();
        self.undo.push(before);
        self.redo.clear();
        self.show(Arc::new(edited.scenario), edited.step);
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot { scenario: self.debugger.scenario.clone(), step: self.debugger.step }
    }

    fn show(&mut self, scenario: Arc<Scenario>, step: u32) {
        let before = self.debugger.run.clone();
        self.debugger = Debugger::new(scenario);
        self.debugger.go_to(step);
        let same_steps = Arc::ptr_eq(&before.script, &self.debugger.run.script);
        self.before = Some(Before { run: before, same_steps });
        self.edited = true;
    }

    pub(super) fn undo(&mut self) {
        let Some(last) = self.undo.pop() else { return self.say("there is no edit to take back") };
        let now = self.snapshot();
        self.redo.push(now);
        self.show(last.scenario, last.step);
        self.say("taken back; Ctrl-R does it again");
    }

    pub(super) fn redo(&mut self) {
        let Some(next) = self.redo.pop() else { return self.say("there is no edit to do again") };
        let now = self.snapshot();
        self.undo.push(now);
        self.show(next.scenario, next.step);
        self.say("done again");
    }

    /// Calls the `_backward` of the selected value, now: a statement put in at the cursor.
    pub(super) fn call_selected(&mut self) {
        let v = self.selected();
        self.chosen = Some(v);
        let statement = format!("{}._backward()", self.debugger.quoted(v));
        match self.debugger.with_statements(&statement) {
            Ok(edited) => self.apply(edited),
            Err(trouble) => self.complain(trouble.message),
        }
    }

    /// What a number was at this step in the run before the last edit, where it was another.
    pub fn was(&self, v: ValueId, field: crate::formula::Field) -> Option<f64> {
        let before = self.before.as_ref().filter(|before| before.same_steps)?;
        let number = crate::engine::plan::Number { value: v, field };
        let step = self.debugger.step;
        let (was, is) = (before.run.number(number, step), self.debugger.run.number(number, step));
        (was.to_bits() != is.to_bits() && !(was.is_nan() && is.is_nan())).then_some(was)
    }

    /// Writes the session to a file as a scenario.
    pub(super) fn save(&mut self, path: &Path) {
        let text = save::text(&self.debugger.scenario, &self.source, self.edited);
        match save::write(path, &text) {
            Ok(()) => self.say(format!("saved as {}", path.display())),
            Err(error) => self.complain(format!("{} cannot be written: {error}", path.display())),
        }
    }
}
