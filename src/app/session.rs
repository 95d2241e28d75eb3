//! Edits of the run, and taking them back; saving.

use std::path::Path;
use std::sync::Arc;

use super::App;
use crate::debugger::Debugger;
use crate::debugger::edit::Edited;
use crate::debugger::shift::Shift;
use crate::engine::{Run, ValueId};
use crate::formula::Trouble;
use crate::scenario::{Scenario, save};

/// A state of the session that can be gone back to.
pub struct Snapshot {
    scenario: Arc<Scenario>,
    step: u32,
    /// The step of the state after it at which the change left the cursor: from there one goes back to just this one.
    landed: u32,
    /// What the edit did to the steps that lies between this state and the one after it.
    shift: Shift,
}

/// How many bytes of memory what can be gone back to may take.
const MOST_BYTES: usize = 128 << 20;

/// The run before the last edit, to compare with.
pub struct Before {
    run: Arc<Run>,
    shift: Shift,
    /// It is the edited one: the edit has been taken back.
    undone: bool,
}

impl Before {
    /// The step of it that a step of the run that is shown corresponds to.
    fn step(&self, step: u32) -> u32 {
        if self.undone { self.shift.after(step) } else { self.shift.before(step) }
    }
}

impl App {
    /// Takes over an edit: everything is recorded again, and it can be taken back.
    pub(super) fn apply(&mut self, edited: Edited) {
        let Edited { debugger, shift } = edited;
        self.undo.push(self.snapshot(shift, debugger.step));
        self.redo.clear();
        self.show(debugger, shift, false);
        self.forget_oldest();
    }

    /// What is kept to go back to is bounded: edits that lie too far back cannot be taken back.
    fn forget_oldest(&mut self) {
        let states = self.undo.iter().map(|snapshot| &snapshot.scenario).chain([&self.debugger.scenario]);
        let states: Vec<&Arc<Scenario>> = states.collect();
        let mut taken = 0;
        let is_kept = |pair: &&[&Arc<Scenario>]| {
            taken += size_of::<Scenario>() + pair[0].bytes_beside(pair[1]);
            taken <= MOST_BYTES
        };
        let kept = states.windows(2).rev().take_while(is_kept).count();
        self.undo.drain(..self.undo.len() - kept.max(1));
    }

    /// Whether there is memory to record the last of these again; complains where there is not.
    fn has_memory_for(&mut self, stack: fn(&Self) -> &Vec<Snapshot>) -> bool {
        let has_memory = stack(self).last().is_none_or(|snapshot| snapshot.scenario.has_memory());
        if !has_memory {
            self.complain("there is not enough memory to run this again");
        }
        has_memory
    }

    pub(super) fn snapshot(&self, shift: Shift, landed: u32) -> Snapshot {
        Snapshot { scenario: self.debugger.scenario.clone(), step: self.debugger.step, landed, shift }
    }

    /// Shows another run. One of a file that was loaded again may have other values: it is not compared with, number by number.
    pub(super) fn show(&mut self, debugger: Debugger, shift: Shift, undone: bool) {
        let before = std::mem::replace(&mut self.debugger, debugger);
        let same_values = Arc::ptr_eq(&before.scenario.names, &self.debugger.scenario.names);
        if !same_values {
            self.find_names_again(&before);
        }
        self.before = same_values.then_some(Before { run: before.run, shift, undone });
        self.ledger_at = None;
        self.find_stops();
    }

    /// Says whether there was an edit to take back.
    pub(super) fn undo(&mut self) -> bool {
        if !self.has_memory_for(|app| &app.undo) {
            return false;
        }
        let Some(last) = self.undo.pop() else {
            self.say("there is no edit to take back");
            return false;
        };
        let here = self.show_again(last, true);
        self.redo.push(here);
        self.say("taken back; Ctrl-R does it again");
        true
    }

    /// Says whether there was an edit to do again.
    pub(super) fn redo(&mut self) -> bool {
        if !self.has_memory_for(|app| &app.redo) {
            return false;
        }
        let Some(next) = self.redo.pop() else {
            self.say("there is no edit to do again");
            return false;
        };
        let here = self.show_again(next, false);
        self.undo.push(here);
        self.say("done again; u takes it back");
        true
    }

    /// Goes back to a state, or on to it; the cursor stays where it is now, unless it has not moved since. Gives the state
    /// that was left.
    fn show_again(&mut self, snapshot: Snapshot, undone: bool) -> Snapshot {
        let Snapshot { scenario, step, landed, shift } = snapshot;
        let mut debugger = Debugger::beside(&self.debugger, scenario);
        let here = self.debugger.step;
        debugger.go_to(match undone {
            _ if here == landed => step,
            _ if !Arc::ptr_eq(&debugger.scenario.names, &self.debugger.scenario.names) => {
                debugger.same_place(&self.debugger)
            }
            true => shift.before(here),
            false => shift.after(here),
        });
        let left = self.snapshot(shift, debugger.step);
        self.show(debugger, shift, undone);
        left
    }

    /// Whether the run is another than that of the file.
    pub fn is_edited(&self) -> bool {
        !Arc::ptr_eq(&self.opened, &self.debugger.scenario)
    }

    /// What is said where edits are dropped.
    pub fn dropped(&self) -> Option<String> {
        let name = &self.source.name;
        self.is_edited().then(|| format!("your edits of {name} are dropped; `:w FILE` would have kept them"))
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
        let before = self.before.as_ref()?;
        let number = crate::engine::plan::Number { value: v, field };
        let step = self.debugger.step;
        let (was, is) = (before.run.number(number, before.step(step)), self.debugger.run.number(number, step));
        (was.to_bits() != is.to_bits() && !(was.is_nan() && is.is_nan())).then_some(was)
    }

    /// Writes the session to a file as a scenario.
    ///
    /// # Errors
    /// What stands in the way, in a sentence.
    pub(super) fn save(&mut self, path: &Path) -> Result<(), Trouble> {
        let text = || save::text(&self.debugger.scenario, &self.source, self.is_edited());
        save::write(path, text).map_err(|error| {
            Trouble::new(0..0, format!("{} cannot be written", path.display()), save::reason(&error))
        })?;
        self.say(format!("saved as {}", path.display()));
        Ok(())
    }
}
