use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// How far work that takes long has come: kept up by the thread that does it, looked at by whoever shows it.
#[derive(Debug, Default)]
pub struct Progress {
    /// 0 for none, else the place of the stage in [`Stage::ALL`], and 1.
    stage: AtomicUsize,
    done: AtomicU64,
    all: AtomicU64,
}

/// What is being done: to read a scenario, the first four in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Reading,
    Parsing,
    Building,
    Running,
    Stopping,
    Drawing,
}

impl Stage {
    /// Each with what it is called, and from which percent of the whole to which it usually takes.
    const ALL: [(Self, &'static str, [f64; 2]); 6] = [
        (Self::Reading, "reading", [0.0, 5.0]),
        (Self::Parsing, "parsing", [5.0, 55.0]),
        (Self::Building, "making the graph of", [55.0, 75.0]),
        (Self::Running, "running", [75.0, 100.0]),
        (Self::Stopping, "finding where to stop in", [0.0, 100.0]),
        (Self::Drawing, "drawing", [0.0, 100.0]),
    ];
}

impl Progress {
    /// Begins a stage of which there is that much to do; 0 where nobody knows.
    pub fn begin(&self, stage: Stage, all: u64) {
        self.done.store(0, Ordering::Relaxed);
        self.all.store(all, Ordering::Relaxed);
        self.stage.store(stage as usize + 1, Ordering::Relaxed);
    }

    /// Nothing is being done of which one could say how far it has come.
    pub fn clear(&self) {
        self.stage.store(0, Ordering::Relaxed);
    }

    /// So much of the stage is done.
    pub fn reached(&self, done: u64) {
        self.done.store(done, Ordering::Relaxed);
    }

    /// So much more of it is done.
    pub fn advance(&self, by: u64) {
        self.done.fetch_add(by, Ordering::Relaxed);
    }

    /// What is being done, and how much of the whole is: from 0 to 1.
    pub fn seen(&self) -> Option<(&'static str, f64)> {
        let at = self.stage.load(Ordering::Relaxed).checked_sub(1)?;
        let (_, name, [from, to]) = Stage::ALL[at];
        #[allow(clippy::cast_precision_loss, reason = "a share needs no more digits")]
        let part = match (self.done.load(Ordering::Relaxed), self.all.load(Ordering::Relaxed)) {
            (_, 0) => 0.0,
            (done, all) => (done as f64 / all as f64).min(1.0),
        };
        Some((name, (from + part * (to - from)) / 100.0))
    }
}

#[cfg(test)]
mod tests {
    use super::{Progress, Stage};

    #[test]
    fn progress_never_goes_back() {
        let progress = Progress::default();
        let mut last = 0.0;
        assert_eq!(progress.seen(), None);
        for (at, (stage, name, [from, _])) in Stage::ALL.into_iter().enumerate() {
            assert_eq!(stage as usize, at);
            if from == 0.0 {
                last = 0.0;
            }
            progress.begin(stage, 10);
            for done in 0..=10 {
                progress.reached(done);
                let (seen, share) = progress.seen().expect("it has begun");
                assert!(seen == name && share >= last && share <= 1.0, "{seen} {share}");
                last = share;
            }
        }
        assert_eq!(last, 1.0);
        progress.clear();
        assert_eq!(progress.seen(), None);
    }
}
