use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// How far reading a scenario has come: kept up by the thread that reads, looked at by whoever shows it.
#[derive(Debug, Default)]
pub struct Progress {
    stage: AtomicUsize,
    done: AtomicU64,
    all: AtomicU64,
}

/// What is being done, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Reading,
    Parsing,
    Building,
    Running,
}

impl Stage {
    /// Each with what it is called, and the percents that it usually takes of the whole.
    const ALL: [(Self, &'static str, f64); 4] = [
        (Self::Reading, "reading", 5.0),
        (Self::Parsing, "parsing", 50.0),
        (Self::Building, "making the graph of", 20.0),
        (Self::Running, "running", 25.0),
    ];
}

impl Progress {
    /// Begins a stage of which there is that much to do; 0 where nobody knows.
    pub fn begin(&self, stage: Stage, all: u64) {
        self.done.store(0, Ordering::Relaxed);
        self.all.store(all, Ordering::Relaxed);
        self.stage.store(stage as usize, Ordering::Relaxed);
    }

    /// So much of the stage is done.
    pub fn reached(&self, done: u64) {
        self.done.store(done, Ordering::Relaxed);
    }

    /// What is being done, and how much of the whole is: from 0 to 1.
    pub fn seen(&self) -> (&'static str, f64) {
        let at = self.stage.load(Ordering::Relaxed);
        let (_, name, share) = Stage::ALL[at];
        let before: f64 = Stage::ALL[..at].iter().map(|(_, _, share)| share).sum();
        #[allow(clippy::cast_precision_loss, reason = "a share needs no more digits")]
        let part = match (self.done.load(Ordering::Relaxed), self.all.load(Ordering::Relaxed)) {
            (_, 0) => 0.0,
            (done, all) => (done as f64 / all as f64).min(1.0),
        };
        (name, (before + part * share) / 100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Progress, Stage};

    #[test]
    fn progress_never_goes_back() {
        let progress = Progress::default();
        let mut last = 0.0;
        for (stage, name, _) in Stage::ALL {
            progress.begin(stage, 10);
            for done in 0..=10 {
                progress.reached(done);
                let (seen, share) = progress.seen();
                assert!(seen == name && share >= last && share <= 1.0, "{seen} {share}");
                last = share;
            }
        }
        assert_eq!(last, 1.0);
    }
}
