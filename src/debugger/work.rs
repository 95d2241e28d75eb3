//! How much a search has looked at: what bounds its time without a clock, so that the same run is always told the same.

/// How many values, calls or lines have been looked at.
#[derive(Debug, Default, Clone, Copy)]
pub struct Work(usize);

impl Work {
    pub fn add(&mut self, much: usize) {
        self.0 = self.0.saturating_add(much);
    }

    pub fn and(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    pub fn is_more_than(self, most: usize) -> bool {
        self.0 > most
    }
}

#[cfg(test)]
mod tests {
    use super::Work;

    #[test]
    fn work_adds_up() {
        let mut work = Work::default();
        assert!(!work.is_more_than(0));
        work.add(3);
        work.add(4);
        assert!(work.is_more_than(6) && !work.is_more_than(7));
        assert!(work.and(work).is_more_than(13) && !work.and(work).is_more_than(14));
        work.add(usize::MAX);
        assert!(work.and(work).is_more_than(usize::MAX - 1));
    }
}
