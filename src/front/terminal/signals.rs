//! Signals, taken in where the program waits anyway, and a watch for when it does not.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Once, OnceLock};
use std::thread;
use std::time::Duration;

use signal_hook::consts::{
    SIGABRT, SIGALRM, SIGBUS, SIGCONT, SIGHUP, SIGINT, SIGPROF, SIGQUIT, SIGSYS, SIGTERM, SIGTRAP, SIGTSTP, SIGUSR1,
    SIGUSR2, SIGVTALRM, SIGWINCH, SIGXCPU, SIGXFSZ,
};
use signal_hook::flag::register_usize;
use signal_hook::iterator::Signals as Watch;
use signal_hook::iterator::backend::SignalDelivery;
use signal_hook::iterator::exfiltrator::SignalOnly;

use super::screen;
use crate::scenario::save;

/// What asks a program to leave; and most of what would end it, if nobody took it in, with the terminal as it is.
#[rustfmt::skip]
const LEAVING: &[i32] = &[
    SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU, SIGABRT, SIGTRAP, SIGSYS,
    SIGBUS,
];

/// What only Linux has of the latter. Its last signals have numbers alone; a C library keeps the first few of them. They
/// are many, and nobody sends them: the watch alone looks for them, since the first frame waits for all this.
#[cfg(target_os = "linux")]
fn rare() -> impl Iterator<Item = i32> {
    use rustix::process::Signal;
    let first = if cfg!(target_env = "musl") { 35 } else { 34 };
    [signal_hook::consts::SIGIO, Signal::POWER.as_raw(), Signal::STKFLT.as_raw()].into_iter().chain(first..=64)
}

#[cfg(not(target_os = "linux"))]
fn rare() -> impl Iterator<Item = i32> {
    std::iter::empty()
}

fn not_ignored(signals: impl Iterator<Item = i32>) -> impl Iterator<Item = i32> {
    signals.filter(|&signal| !is_ignored(signal))
}

/// What signals have asked for and nobody has done yet.
pub struct Signals {
    delivery: SignalDelivery<UnixStream, SignalOnly>,
    /// Which came last, SIGTSTP or SIGCONT: each takes back what the other asked for.
    last: Arc<AtomicUsize>,
    /// Stays set: there is no way back from being told to leave.
    pub leave: Option<i32>,
    pub stop: bool,
    pub continued: bool,
    pub resized: bool,
}

impl Signals {
    pub fn install() -> io::Result<Self> {
        watch()?;
        let (read, write) = UnixStream::pair()?;
        let job = || not_ignored([SIGTSTP, SIGCONT].into_iter());
        let last = Arc::new(AtomicUsize::new(0));
        for signal in job() {
            register_usize(signal, last.clone(), signal.unsigned_abs() as usize)?;
        }
        let signals = not_ignored(LEAVING.iter().copied()).chain(job()).chain([SIGWINCH, SIGXFSZ]);
        let delivery = SignalDelivery::with_pipe(read, write, SignalOnly, signals)?;
        // One that came before there was anybody to tell.
        let stop = last.load(Ordering::SeqCst) == SIGTSTP as usize;
        Ok(Self { delivery, last, leave: None, stop, continued: false, resized: false })
    }

    /// Takes in what has arrived; never waits.
    pub fn collect(&mut self) {
        for signal in self.delivery.pending() {
            match signal {
                SIGTSTP => self.stop = true,
                SIGCONT => self.continued = true,
                SIGWINCH => self.resized = true,
                // The file that grew too large is told of where it is written.
                SIGXFSZ => {}
                leaving => self.leave = self.leave.or(Some(leaving)),
            }
        }
        self.stop &= self.last.load(Ordering::SeqCst) != SIGCONT as usize;
    }

    /// Whether there is something that nobody has done yet.
    pub fn are_waiting(&self) -> bool {
        self.leave.is_some() || self.stop || self.continued || self.resized
    }
}

/// Readable when a signal has arrived.
impl AsFd for Signals {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.delivery.get_read().as_fd()
    }
}

/// Whether whoever started this program has it ignore a signal, as `nohup` does: it stays ignored. Told by Linux alone.
pub fn is_ignored(signal: i32) -> bool {
    static IGNORED: OnceLock<u64> = OnceLock::new();
    let ignored = *IGNORED.get_or_init(|| {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let bits = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        bits.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok()).unwrap_or(0)
    });
    ignored >> (signal - 1) & 1 == 1
}

/// A program that is computing, or has given the terminal back and hangs, does not look for signals. A second after one
/// that asks it to leave, it is ended all the same; after one that it does not look for, at once.
fn watch() -> io::Result<()> {
    static WATCHING: Once = Once::new();
    let mut outcome = Ok(());
    WATCHING.call_once(|| outcome = start_watching());
    outcome
}

fn start_watching() -> io::Result<()> {
    let mut signals = Watch::new(not_ignored(LEAVING.iter().copied().chain(rare())))?;
    let end = move || {
        if let Some(signal) = signals.forever().next() {
            if LEAVING.contains(&signal) {
                thread::sleep(Duration::from_secs(1));
            }
            screen::leave();
            save::give_up();
            std::process::exit(128 + signal);
        }
    };
    let started = thread::Builder::new().name("signals".into()).spawn(end);
    started.map_err(|error| io::Error::other(format!("no thread can be started: {}", save::reason(&error))))?;
    Ok(())
}
