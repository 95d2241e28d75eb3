use rustc_hash::FxHashMap;

use crate::engine::{Run, SegmentKind, ValueId};

/// Where in a run which `_backward` is called: a script may have a hundred thousand calls, and each row of the screen asks.
/// Segments by their places in the run, in order.
#[derive(Default)]
pub struct Calls {
    /// The single calls of each value that has any.
    single: FxHashMap<ValueId, Vec<usize>>,
    /// The whole passes.
    whole: Vec<usize>,
    /// Those that belong to a `backward()`, and so to an order.
    ordered: Vec<usize>,
}

impl Calls {
    pub fn of(run: &Run) -> Self {
        let mut calls = Self::default();
        for (at, segment) in run.segments.iter().enumerate() {
            match &segment.kind {
                SegmentKind::Call(v) => calls.single.entry(*v).or_default().push(at),
                SegmentKind::Backward(_) => calls.whole.push(at),
                _ => {}
            }
            if run.order_of(at).is_some() {
                calls.ordered.push(at);
            }
        }
        calls
    }

    /// The segments from `first` to `last` that call this value's `_backward`, or may: single calls, then whole passes.
    pub fn within(&self, v: ValueId, first: usize, last: usize) -> impl Iterator<Item = usize> {
        let within = move |at: &usize| *at <= last;
        self.single(v, first).take_while(within).chain(self.whole(first).take_while(within))
    }

    /// The segments from `first` on that are single calls of this value's `_backward`.
    pub fn single(&self, v: ValueId, first: usize) -> impl Iterator<Item = usize> {
        from(self.single.get(&v).map_or(&[], Vec::as_slice), first)
    }

    /// The segments from `first` on that are whole passes.
    pub fn whole(&self, first: usize) -> impl Iterator<Item = usize> {
        from(&self.whole, first)
    }

    /// The nearest segment that belongs to an order: at or before this one, else after it.
    pub fn ordered_near(&self, segment: usize) -> Option<usize> {
        let after = self.ordered.partition_point(|&at| at <= segment);
        self.ordered.get(after.saturating_sub(1)).copied()
    }
}

fn from(segments: &[usize], first: usize) -> impl Iterator<Item = usize> {
    segments[segments.partition_point(|&at| at < first)..].iter().copied()
}
