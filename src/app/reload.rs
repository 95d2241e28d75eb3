//! The file again, after somebody wrote to it: place, selection and breakpoints stay, by name.

use std::sync::Arc;

use super::{App, Mode, Prompt, PromptKind};
use crate::debugger::Debugger;
use crate::debugger::breaks::{Breakpoint, Stop};
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
        let mut debugger = Debugger::new(Arc::new(scenario));
        debugger.go_to(debugger.same_place(&self.debugger));
        self.undo.push(self.snapshot(Shift::default(), debugger.step));
        self.redo.clear();
        self.opened = debugger.scenario.clone();
        self.source = source;
        self.say(format!("{} was written to and is loaded again; u takes it back", self.source.name));
        self.show(debugger, Shift::default(), false);
    }

    /// Finds again, by name, what was chosen and where to stop. A breakpoint whose value is gone waits for it.
    pub(super) fn find_names_again(&mut self, before: &Debugger) {
        let names = self.debugger.scenario.names.clone();
        self.chosen = self.chosen.and_then(|v| names.find(before.name(v)));
        self.graph.pan = None;
        self.keep_mode(before);
        let mut lost = None;
        for breakpoint in &mut self.breakpoints {
            breakpoint.stop = self.debugger.breakpoint(&breakpoint.text).map_or_else(
                |trouble| {
                    let Breakpoint { number, text, .. } = &breakpoint;
                    lost = Some(format!("{}: breakpoint {number} ({text}) waits for it", trouble.message));
                    Stop::Waits
                },
                |found| found.stop,
            );
        }
        if let Some(lost) = lost {
            self.complain(lost);
        }
    }
    /// What is open on the screen and speaks of values by their number speaks of the same by name; what cannot is put away.
    fn keep_mode(&mut self, before: &Debugger) {
        let kept = match &self.mode {
            Mode::Findings { .. } => None,
            Mode::Prompt(Prompt { kind: PromptKind::Edit(v), .. }) => {
                self.debugger.scenario.names.find(before.name(*v)).map(PromptKind::Edit)
            }
            Mode::Prompt(Prompt { kind: PromptKind::Predict(question), .. }) => {
                self.debugger.again(*question).map(PromptKind::Predict)
            }
            _ => return,
        };
        match (kept, &mut self.mode) {
            (Some(kind), Mode::Prompt(prompt)) => prompt.kind = kind,
            _ => self.mode = Mode::Steps,
        }
    }
}
