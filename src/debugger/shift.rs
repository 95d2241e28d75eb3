/// Which step of an edited run is which step of the run it was made of, so that the two can be compared.
///
/// ```text
/// before   0 ───── same ─(dropped)─ ───── at ──────────────────── end
/// after    0 ───── same ─────────── ───── at ─(inserted)───────── end
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shift {
    /// Up to this step nothing is different.
    pub same: u32,
    /// So many steps of the run before come next, which the edited one has not: a `build_topo` that is written out.
    pub dropped: u32,
    /// At this step of the edited run new statements begin; `same` or later.
    pub at: u32,
    /// The steps that they take.
    pub inserted: u32,
}

impl Shift {
    /// The step of the run before that a step of the edited one corresponds to: within what was put in, the one before it.
    pub fn before(&self, step: u32) -> u32 {
        let step = step.saturating_sub(self.inserted).max(self.at.min(step));
        if step <= self.same { step } else { step + self.dropped }
    }

    /// The step of the edited run that a step of the run before corresponds to.
    pub fn after(&self, step: u32) -> u32 {
        let step = step.saturating_sub(self.dropped).max(self.same.min(step));
        if step <= self.at { step } else { step + self.inserted }
    }
}

#[cfg(test)]
mod tests {
    use super::Shift;

    #[test]
    fn steps_correspond_both_ways() {
        let shift = Shift { same: 10, dropped: 5, at: 12, inserted: 3 };
        let before: Vec<u32> = [0, 10, 11, 12, 13, 15, 16].iter().map(|&step| shift.before(step)).collect();
        assert_eq!(before, [0, 10, 16, 17, 17, 17, 18]);
        let after: Vec<u32> = [0, 10, 13, 15, 16, 17, 18].iter().map(|&step| shift.after(step)).collect();
        assert_eq!(after, [0, 10, 10, 10, 11, 12, 16]);
        assert_eq!((Shift::default().before(7), Shift::default().after(7)), (7, 7));
    }
}
