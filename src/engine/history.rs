use std::ops::Range;

use super::graph::ValueId;

/// For each value, in the order of steps, what it held after each write: (step, number), all in one flat array.
///
/// A number at any step is a look-up in its value's own short list. Nothing is ever undone: the list also tells the
/// story of a gradient, and who wrote it.
#[derive(Default)]
pub struct History {
    /// Where each value's list starts, and where the last one ends. Empty where nothing is ever written.
    starts: Vec<u32>,
    entries: Vec<Entry>,
}

/// A step and the number after it, in two halves: an `f64` beside the step would be padded to 16 bytes. An array, since
/// the system hands out zeroes of these for nothing.
type Entry = [u32; 3];

fn step_of(entry: &Entry) -> u32 {
    entry[0]
}

fn after(entry: &Entry) -> f64 {
    f64::from_bits(u64::from(entry[1]) | u64::from(entry[2]) << 32)
}

/// How often each value will be written.
#[derive(Default)]
pub(super) struct Counts {
    /// That of `v` stands at `v + 1`.
    counts: Vec<u32>,
}

impl Counts {
    /// None yet, of so many values.
    pub fn new(values: usize) -> Self {
        Self { counts: vec![0; values + 1] }
    }

    /// Once more for each of these, if there is such a value.
    #[inline]
    pub fn add_each(&mut self, values: impl IntoIterator<Item = ValueId>) {
        for v in values {
            if let Some(count) = self.counts[1..].get_mut(v as usize) {
                *count += 1;
            }
        }
    }
}

/// A history that is being written. Invariant: no value is written more often than was counted.
pub(super) struct Writer {
    /// `history.starts[v + 1]` is where the next write to `v` goes. When all are written, that is where `v` ends.
    history: History,
}

impl History {
    /// What keeping one write costs.
    pub const BYTES_A_WRITE: u64 = size_of::<Entry>() as u64;

    /// What `v` holds after `step`, if anything has been written to it by then.
    pub fn at(&self, v: ValueId, step: u32) -> Option<f64> {
        self.last(v, step).map(|(_, after)| after)
    }

    /// The last write to `v` up to and including `step`: its step, and the number after it.
    pub fn last(&self, v: ValueId, step: u32) -> Option<(u32, f64)> {
        let list = self.list(v);
        let count = list.partition_point(|entry| step_of(entry) <= step);
        count.checked_sub(1).map(|last| (step_of(&list[last]), after(&list[last])))
    }

    /// The first write to `v` after `step`: its step, and the number after it.
    pub fn next(&self, v: ValueId, step: u32) -> Option<(u32, f64)> {
        let list = self.list(v);
        list.get(list.partition_point(|entry| step_of(entry) <= step)).map(|entry| (step_of(entry), after(entry)))
    }

    /// How many writes to `v` there are after one step, up to and including another.
    pub fn count(&self, v: ValueId, after: u32, until: u32) -> usize {
        let list = self.list(v);
        let upto = |step: u32| list.partition_point(|entry| step_of(entry) <= step);
        upto(until).saturating_sub(upto(after))
    }

    /// Every write to `v`, in order: its step, and the number after it.
    pub fn writes(&self, v: ValueId) -> impl DoubleEndedIterator<Item = (u32, f64)> + ExactSizeIterator {
        self.list(v).iter().map(|entry| (step_of(entry), after(entry)))
    }

    /// Some of them, by their places, at the cost of these alone.
    pub fn writes_in(&self, v: ValueId, rows: Range<usize>) -> impl Iterator<Item = (u32, f64)> {
        let list = self.list(v);
        let end = rows.end.min(list.len());
        list[rows.start.min(end)..end].iter().map(|entry| (step_of(entry), after(entry)))
    }

    fn list(&self, v: ValueId) -> &[Entry] {
        match self.starts.get(v as usize..v as usize + 2) {
            Some(range) => &self.entries[range[0] as usize..range[1] as usize],
            None => &[],
        }
    }

    /// Whether nothing that was written is NaN or infinite.
    pub fn is_finite(&self) -> bool {
        self.entries.iter().all(|entry| after(entry).is_finite())
    }

    /// Bytes that it takes.
    pub fn bytes(&self) -> usize {
        self.starts.len() * size_of::<u32>() + self.entries.len() * size_of::<Entry>()
    }
}

impl Writer {
    /// Room for so many writes.
    pub fn new(counts: Counts) -> Self {
        let mut starts = counts.counts;
        let mut total = 0;
        for place in &mut starts {
            total += std::mem::replace(place, total);
        }
        if total == 0 {
            return Self { history: History::default() };
        }
        Self { history: History { starts, entries: vec![[0; 3]; total as usize] } }
    }

    #[inline]
    #[allow(clippy::cast_possible_truncation, reason = "the two halves of the bits are wanted")]
    pub fn write(&mut self, v: ValueId, step: u32, after: f64) {
        let place = &mut self.history.starts[v as usize + 1];
        let bits = after.to_bits();
        self.history.entries[*place as usize] = [step, bits as u32, (bits >> 32) as u32];
        *place += 1;
    }

    pub fn finish(self) -> History {
        self.history
    }
}

#[cfg(test)]
mod tests {
    use super::{Counts, Writer};

    #[test]
    fn a_look_up_finds_the_last_write_up_to_a_step() {
        let mut counts = Counts::new(3);
        counts.add_each([2, 0, 0]);
        let mut writer = Writer::new(counts);
        writer.write(0, 3, 1.0);
        writer.write(2, 4, -0.0);
        writer.write(0, 7, 2.0);
        let history = writer.finish();
        assert_eq!(
            (history.at(0, 2), history.at(0, 3), history.at(0, 6), history.at(0, 9)),
            (None, Some(1.0), Some(1.0), Some(2.0))
        );
        assert_eq!(history.at(1, 9), None);
        assert_eq!(history.at(2, 4).map(f64::to_bits), Some((-0.0_f64).to_bits()));
        assert_eq!((history.next(0, 3), history.next(0, 7)), (Some((7, 2.0)), None));
    }
}
