//! The file again, after somebody wrote to it: place, selection and breakpoints stay, by name.

use std::sync::Arc;

use super::{App, Mode, PromptKind};
use crate::debugger::Debugger;
use crate::debugger::breaks::{self, Breakpoint};
use crate::debugger::shift::Shift;
use crate::scenario::{Complaint, Origin, Scenario, Source};

impl App {
    /// Takes over what the watched file holds now. While it is broken its complaint is shown, over the last good run.
    pub fn reload(&mut self, read: Result<(Scenario, Source), Complaint>) {
        match read {
            Ok((scenario, source)) => self.take_over(scenario, source),
            Err(complaint) => {
                self.broken = true;
                self.message = None;
                if matches!(self.mode, Mode::Steps | Mode::Complaint { .. }) {
                    self.mode = Mode::Complaint { complaint, scroll: 0 };
                } else {
                    self.complain(complaint.title.clone());
                }
            }
        }
    }

    fn take_over(&mut self, scenario: Scenario, source: Source) {
        let mended = std::mem::take(&mut self.broken);
        if mended && matches!(self.mode, Mode::Complaint { .. }) {
            self.mode = Mode::Steps;
        }
        if self.source.says(&source) {
            return;
        }
        let source = Origin::of(source);
        self.leave_lists();
        let mut debugger = Debugger::new(Arc::new(scenario));
        debugger.go_to(debugger.same_place(&self.debugger));
        self.undo.push(self.snapshot(Shift::default()));
        self.redo.clear();
        self.opened = debugger.scenario.clone();
        self.source = source;
        self.say(format!("{} was written to and is loaded again; u takes it back", self.source.name));
        self.show(debugger, Shift::default(), false);
    }

    /// What is open on the screen and speaks of values by their number is put away.
    fn leave_lists(&mut self) {
        let numbers = match &self.mode {
            Mode::Breaks { .. } | Mode::Findings { .. } => true,
            Mode::Prompt(prompt) => matches!(prompt.kind, PromptKind::Edit(_) | PromptKind::Predict(_)),
            _ => false,
        };
        if numbers {
            self.mode = Mode::Steps;
        }
    }

    /// Finds again, by name, what was chosen and where to stop. A breakpoint whose value is gone comes back with it.
    pub(super) fn find_names_again(&mut self, before: &Debugger) {
        let names = self.debugger.scenario.names.clone();
        self.chosen = self.chosen.and_then(|v| names.find(before.name(v)));
        self.graph.pan = None;
        let lost = std::mem::take(&mut self.lost);
        for breakpoint in std::mem::take(&mut self.breakpoints).into_iter().chain(lost) {
            match breaks::parse(&breakpoint.text, &names) {
                Ok(found) => self.breakpoints.push(Breakpoint { on: breakpoint.on, ..found }),
                Err(trouble) => {
                    self.complain(format!("{}: breakpoint `{}` waits for it", trouble.message, breakpoint.text));
                    self.lost.push(breakpoint);
                }
            }
        }
    }
}
