/// What can go wrong in a run, or be worth a remark: faults first, then remarks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Overwritten,
    TooEarly,
    Unseeded,
    OddSeed,
    Twice,
    LeftOver,
    NeverRan,
    WrongRule,
    Stale,
    NonFinite,
    Saturated,
    Dead,
    Kink,
    Vanishing,
    Exploding,
    ByLuck,
}

impl Kind {
    /// Every kind and its name in files and output: faults first, then remarks.
    pub const NAMES: [(Self, &'static str); 16] = [
        (Self::Overwritten, "overwritten"),
        (Self::TooEarly, "too-early"),
        (Self::Unseeded, "unseeded"),
        (Self::OddSeed, "odd-seed"),
        (Self::Twice, "twice"),
        (Self::LeftOver, "left-over"),
        (Self::NeverRan, "never-ran"),
        (Self::WrongRule, "wrong-rule"),
        (Self::Stale, "stale"),
        (Self::NonFinite, "non-finite"),
        (Self::Saturated, "saturated"),
        (Self::Dead, "dead"),
        (Self::Kink, "kink"),
        (Self::Vanishing, "vanishing"),
        (Self::Exploding, "exploding"),
        (Self::ByLuck, "by-luck"),
    ];

    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|row| row.0 == self).expect("the table lists every kind").1
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|row| row.1 == name).map(|row| row.0)
    }

    /// Whether it makes a gradient wrong, and is not only worth a remark.
    pub fn is_fault(self) -> bool {
        self <= Self::NonFinite
    }
}
