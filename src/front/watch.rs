//! Whether a file has been written to.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How often to look.
pub const EVERY: Duration = Duration::from_millis(150);

/// What tells one writing of a file from another; `None` while there is no such file.
type Stamp = Option<(SystemTime, u64)>;

/// A file, and its stamp when it was read. It is not the system that tells: a look at the stamp costs microseconds, and
/// works for every way in which editors write, and on every file system.
#[derive(Debug)]
pub struct Watch {
    path: PathBuf,
    read: Stamp,
    last: Stamp,
}

impl Watch {
    /// Begins to watch; to be called before the file is read, so that nothing is missed in between.
    pub fn new(path: &Path) -> Self {
        let stamp = stamp(path);
        Self { path: path.to_owned(), read: stamp, last: stamp }
    }

    /// Watches what is open now, where that is another file.
    pub fn follow(&mut self, path: impl AsRef<Path>) {
        if self.path != path.as_ref() {
            *self = Self::new(path.as_ref());
        }
    }

    /// Whether the file is to be read again: it is another than when this was last true, and the same as at the look
    /// before this one, so that a file is not read while an editor is half through with it.
    pub fn is_new(&mut self) -> bool {
        let now = stamp(&self.path);
        let still = std::mem::replace(&mut self.last, now) == now;
        let new = still && now != self.read;
        if new {
            self.read = now;
        }
        new
    }
}

fn stamp(path: &Path) -> Stamp {
    let about = fs::metadata(path).ok()?;
    Some((about.modified().ok()?, about.len()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::Watch;

    #[test]
    fn a_file_is_new_once_it_has_stood_still_for_a_look() {
        let folder = std::env::temp_dir().join(format!("stepgrad-watch-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join("graph.json");
        fs::write(&path, "one").expect("written");
        let mut watch = Watch::new(&path);
        let mut looks = |n: usize| -> Vec<bool> { (0..n).map(|_| watch.is_new()).collect() };
        assert_eq!(looks(3), [false; 3]);
        fs::write(&path, "one and").expect("written");
        assert_eq!(looks(1), [false], "it may not be whole yet");
        fs::write(&path, "one and two").expect("written");
        assert_eq!(looks(3), [false, true, false]);
        fs::remove_file(&path).expect("removed");
        assert_eq!(looks(3), [false, true, false], "that it is gone is news, too");
        fs::write(&path, "one and two").expect("written");
        assert_eq!(looks(3), [false, true, false]);
        fs::remove_dir_all(&folder).expect("removed");
    }
}
