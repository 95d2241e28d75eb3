//! What went wrong, and the rules that make it go wrong.

use super::App;

impl App {
    /// To the step at which a finding becomes true, with the value that is to blame selected.
    pub(super) fn go_to_finding(&mut self, at: usize) {
        let Some(finding) = self.debugger.findings().get(at) else { return };
        let (step, blamed) = (finding.step, finding.values.first().copied());
        self.debugger.go_to(step);
        self.chosen = blamed;
    }

    /// The last finding that has become true at the cursor.
    pub(super) fn latest_finding(&self) -> usize {
        let findings = self.debugger.findings();
        findings.partition_point(|finding| finding.step <= self.debugger.step).saturating_sub(1)
    }

    /// Runs everything again with the notebook's old rules, or with the right ones, in the same place.
    pub(super) fn set_rules(&mut self, accumulate: bool) {
        let edited = match self.debugger.with_rules(accumulate) {
            Ok(edited) => edited,
            Err(trouble) => return self.complain(trouble.message),
        };
        self.say(match (accumulate, edited.is_some()) {
            (true, true) => "the right rules: every line adds with +=",
            (true, false) => "the rules are the right ones already",
            (false, true) => "the notebook's old rules: every line sets with =; + brings the right ones back",
            (false, false) => "the rules are the old ones already; + brings the right ones back",
        });
        if let Some(edited) = edited {
            self.apply(edited);
        }
    }

    /// How many faults have become true at the cursor.
    pub fn faults(&self) -> usize {
        self.debugger.faults_so_far()
    }
}
