use super::graph::{Graph, NONE, ValueId};
use super::topo::{Visit, visits};

/// The events of a `build_topo`, with what is needed to tell its state after any number of them without walking there.
pub struct Walk {
    pub visits: Vec<Visit>,
    /// In the order in which they were entered: `visited` is its start.
    pub entered: Vec<ValueId>,
    /// Whose call each value was entered from; [`NONE`] for the root, and for what it does not reach.
    caller: Vec<ValueId>,
    /// Events before each value is entered, and before it is appended; [`NONE`] for what the root does not reach.
    times: Vec<[u32; 2]>,
    /// `append`s before each [`Walk::STRIDE`]th event.
    marks: Vec<u32>,
    /// `skip`s before each.
    skips: Vec<u32>,
}

impl Walk {
    const STRIDE: usize = 64;

    pub fn new(graph: &Graph, root: ValueId) -> Self {
        let visits = visits(graph, root);
        let mut walk = Self {
            visits,
            entered: Vec::new(),
            caller: vec![NONE; graph.len()],
            times: vec![[NONE; 2]; graph.len()],
            marks: Vec::new(),
            skips: Vec::new(),
        };
        let (mut appends, mut skips, mut frame) = (0, 0, NONE);
        for (at, visit) in walk.visits.iter().enumerate() {
            if at % Self::STRIDE == 0 {
                walk.marks.push(appends);
                walk.skips.push(skips);
            }
            let time = u32::try_from(at).expect("a run has fewer than 2^32 events");
            match *visit {
                Visit::Enter(v) => {
                    walk.times[v as usize][0] = time;
                    walk.caller[v as usize] = frame;
                    walk.entered.push(v);
                    frame = v;
                }
                Visit::Skip(_) => skips += 1,
                Visit::Append(v) => {
                    appends += 1;
                    walk.times[v as usize][1] = time;
                    frame = walk.caller[v as usize];
                }
            }
        }
        walk
    }

    /// How many values are in `topo` after so many events.
    pub fn appended(&self, events: usize) -> usize {
        self.counted(events, &self.marks, |visit| matches!(visit, Visit::Append(_)))
    }

    /// How many values are in `visited` after so many events.
    pub fn visited(&self, events: usize) -> usize {
        events - self.appended(events) - self.counted(events, &self.skips, |visit| matches!(visit, Visit::Skip(_)))
    }

    fn counted(&self, events: usize, marks: &[u32], counts: impl Fn(&Visit) -> bool) -> usize {
        let mark = (events / Self::STRIDE).min(marks.len().saturating_sub(1));
        let before = marks.get(mark).map_or(0, |&count| count as usize);
        before + self.visits[mark * Self::STRIDE..events].iter().filter(|visit| counts(visit)).count()
    }

    /// Events up to and including the `nth` append, from 0; all where there are fewer.
    pub fn to_append(&self, nth: usize) -> usize {
        let mark = self.marks.partition_point(|&count| count as usize <= nth).saturating_sub(1);
        let mut count = self.marks.get(mark).map_or(0, |&count| count as usize);
        for (at, visit) in self.visits.iter().enumerate().skip(mark * Self::STRIDE) {
            count += usize::from(matches!(visit, Visit::Append(_)));
            if count > nth {
                return at + 1;
            }
        }
        self.visits.len()
    }

    /// The value whose call is the innermost after so many events; one that was just appended is still in its call.
    pub fn innermost(&self, events: usize) -> Option<ValueId> {
        let mut before = self.visits[..events].iter().rev();
        match *before.next()? {
            Visit::Enter(v) | Visit::Append(v) => Some(v),
            // A value has two operands at most: what is skipped one after the other is soon over.
            Visit::Skip(_) => before.find_map(|visit| match *visit {
                Visit::Enter(v) => Some(v),
                Visit::Append(v) => self.caller(v),
                Visit::Skip(_) => None,
            }),
        }
    }

    /// Whether a value is in `visited`, and its place in `topo` if it has one, after so many events.
    pub fn state(&self, v: ValueId, events: usize) -> (bool, Option<usize>) {
        let [entered, appended] = self.times[v as usize];
        let done = |time: u32| time != NONE && (time as usize) < events;
        (done(entered), done(appended).then(|| self.appended(appended as usize)))
    }

    /// Whose call a value was entered from; `None` for the root.
    pub fn caller(&self, v: ValueId) -> Option<ValueId> {
        Some(self.caller[v as usize]).filter(|&caller| caller != NONE)
    }
}
