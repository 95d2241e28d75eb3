//! A bar on standard error, for those who wait in front of a terminal.

use std::io::{self, IsTerminal};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::scenario::{Progress, cleaned};

/// What takes no longer needs no bar.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the bar moves.
const GLANCE: Duration = Duration::from_millis(100);

/// The bar, once it is worth showing.
pub struct Bar {
    what: String,
    started: Instant,
    wanted: bool,
    shown: Option<ProgressBar>,
}

impl Bar {
    pub fn new(what: &str) -> Self {
        Self {
            what: cleaned(what).into_owned(),
            started: Instant::now(),
            wanted: io::stderr().is_terminal(),
            shown: None,
        }
    }

    /// So much of all is done.
    pub fn show(&mut self, done: usize, all: usize) {
        if !self.wanted || (self.shown.is_none() && self.started.elapsed() < PATIENCE) {
            return;
        }
        let bar = self.shown.get_or_insert_with(|| {
            let style = ProgressStyle::with_template("{msg} {wide_bar} {percent}%");
            let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
            let bar = ProgressBar::new(all as u64).with_style(style).with_elapsed(self.started.elapsed());
            bar.with_message(self.what.clone())
        });
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    }

    /// What is being done, from here on.
    fn rename(&mut self, what: &str) {
        self.what = cleaned(what).into_owned();
        if let Some(bar) = &self.shown {
            bar.set_message(self.what.clone());
        }
    }
}

/// The line is given back, however the work ended.
impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }
}

/// Hands on what is to be written, of which there is that much, under a bar; but for where it is written to a terminal, too:
/// that moves by itself.
pub fn written<T>(items: impl Iterator<Item = T>, all: usize) -> impl Iterator<Item = T> {
    let mut bar = Bar::new("writing");
    bar.wanted &= !io::stdout().is_terminal();
    items.enumerate().map(move |(done, item)| {
        // To look at the clock takes longer than to write some lines.
        if done % 256 == 0 {
            bar.show(done, all);
        }
        item
    })
}

/// Does something that says how far it has come, under a bar.
pub fn on_stderr<T>(what: &str, work: impl FnOnce(&Progress) -> T) -> T {
    let progress = Progress::default();
    if !io::stderr().is_terminal() {
        return work(&progress);
    }
    let (over, is_over) = mpsc::channel::<()>();
    thread::scope(|scope| {
        let move_bar = || {
            let is_over = is_over;
            let mut bar = Bar::new(what);
            while is_over.recv_timeout(GLANCE) == Err(RecvTimeoutError::Timeout) {
                let Some((stage, share)) = progress.seen() else { continue };
                bar.rename(&format!("{stage} {what}"));
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1000")]
                bar.show((share * 1000.0) as usize, 1000);
            }
        };
        // Where no thread is to be had, there is no bar.
        drop(thread::Builder::new().name("bar".into()).spawn_scoped(scope, move_bar));
        let done = work(&progress);
        drop(over);
        done
    })
}
