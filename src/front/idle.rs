//! What is due while no key comes: the next step of a run that plays by itself, a file that was written to, and what was
//! found in a large run.

use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::watch::{self, Watch};
use crate::app::App;
use crate::debugger::Debugger;
use crate::engine::Run;

/// How often it is looked whether a search is over.
const LOOK: Duration = Duration::from_millis(100);

/// Something to do without a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// The next step of what plays by itself.
    Step,
    /// The file that is open has been written to.
    Reload,
    /// There is something new to see.
    Draw,
}

pub struct Idle {
    search: Search,
    watch: Option<Watch>,
    /// When the last step was made, or the last key came.
    last: Instant,
}

impl Idle {
    pub fn new(watch: Option<Watch>) -> Self {
        Self { search: Search::default(), watch, last: Instant::now() }
    }

    /// Takes note of what is open now: begins to search a large run, and watches the file if that is asked for.
    pub fn about(&mut self, app: &App) {
        self.search.begin(&app.debugger);
        if let Some(watch) = &mut self.watch {
            watch.follow(&app.source.name);
        }
    }

    /// How long to wait for a key; as long as it takes where nothing else is to come.
    pub fn pause(&self, app: &App) -> Option<Duration> {
        let step = app.play.on.then(|| app.play.every_step().saturating_sub(self.last.elapsed()));
        let search = self.search.thread.is_some().then_some(LOOK);
        let watch = self.watch.as_ref().map(|_| watch::EVERY);
        [step, search, watch].into_iter().flatten().min()
    }

    /// A key came: what plays by itself waits a whole pause from here.
    pub fn interrupted(&mut self) {
        self.last = Instant::now();
    }

    /// What is to be done, now that a pause is over.
    pub fn due(&mut self, app: &App) -> Option<Due> {
        if app.play.on && self.last.elapsed() >= app.play.every_step() {
            self.last = Instant::now();
            return Some(Due::Step);
        }
        if self.watch.as_mut().is_some_and(Watch::is_new) {
            return Some(Due::Reload);
        }
        self.search.is_over().then_some(Due::Draw)
    }
}

/// Looks for what went wrong in a large run while nobody waits for it: in a small one it is found at once.
#[derive(Default)]
struct Search {
    run: Option<Arc<Run>>,
    thread: Option<JoinHandle<()>>,
}

impl Search {
    /// Begins, where the run is another and the last search is over.
    fn begin(&mut self, debugger: &Debugger) {
        let known = self.run.as_ref().is_some_and(|run| Arc::ptr_eq(run, &debugger.run));
        if known || self.thread.is_some() || !debugger.is_unsearched() {
            return;
        }
        let run = debugger.run.clone();
        let debugger = debugger.at_same();
        // Where no thread is to be had now, there may be one later.
        let search = move || {
            debugger.findings();
        };
        self.thread = thread::Builder::new().name("search".into()).spawn(search).ok();
        self.run = self.thread.is_some().then_some(run);
    }

    /// Whether one that was going on has come to its end. Says so once.
    fn is_over(&mut self) -> bool {
        self.thread.take_if(|thread| thread.is_finished()).is_some()
    }
}
