use super::bits::Bits;
use super::graph::{Graph, NONE, ValueId};
use super::topo::{Visit, each_visit};

/// The events of a `build_topo`, with what is needed to tell its state after any number of them without walking there.
///
/// An event is two bits: whether a value is entered, whether one is appended. Which value follows from how many of its
/// kind came before; for one that is skipped, from the call that looks at it.
pub struct Walk {
    enters: Bits,
    appends: Bits,
    /// In the order in which they were entered: `visited` is its start.
    pub entered: Vec<ValueId>,
    /// Whose call each value was entered from; [`NONE`] for the root, and for what it does not reach.
    caller: Vec<ValueId>,
    /// Events before each value is entered, and before it is appended; [`NONE`] for what the root does not reach.
    times: Vec<[u32; 2]>,
}

impl Walk {
    pub fn new(graph: &Graph, root: ValueId) -> Self {
        let mut walk = Self {
            enters: Bits::default(),
            appends: Bits::default(),
            entered: Vec::new(),
            caller: vec![NONE; graph.len()],
            times: vec![[NONE; 2]; graph.len()],
        };
        let mut frame = NONE;
        each_visit(graph, root, |visit| {
            let time = walk.enters.len();
            walk.enters.push(matches!(visit, Visit::Enter(_)));
            walk.appends.push(matches!(visit, Visit::Append(_)));
            match visit {
                Visit::Enter(v) => {
                    walk.times[v as usize][0] = time;
                    walk.caller[v as usize] = frame;
                    walk.entered.push(v);
                    frame = v;
                }
                Visit::Skip(_) => {}
                Visit::Append(v) => {
                    walk.times[v as usize][1] = time;
                    frame = walk.caller[v as usize];
                }
            }
        });
        walk
    }

    /// The event of that number, of the walk that made `topo`.
    pub fn visit(&self, graph: &Graph, topo: &[ValueId], at: u32) -> Visit {
        if self.enters.get(at) {
            return Visit::Enter(self.entered[self.enters.rank(at) as usize]);
        }
        if self.appends.get(at) {
            return Visit::Append(topo[self.appends.rank(at) as usize]);
        }
        // The first operand is looked at as soon as a call has begun.
        let slot = usize::from(!self.enters.get(at - 1));
        let caller = self.call_at(topo, at).expect("the root is not skipped");
        Visit::Skip(graph.operands[caller as usize][slot])
    }

    /// The value in whose call an event happens.
    fn call_at(&self, topo: &[ValueId], at: u32) -> Option<ValueId> {
        // A value has two operands at most: what is skipped one after the other is soon over.
        let before = (0..at).rev().find(|&before| self.enters.get(before) || self.appends.get(before))?;
        if self.enters.get(before) {
            Some(self.entered[self.enters.rank(before) as usize])
        } else {
            self.caller(topo[self.appends.rank(before) as usize])
        }
    }

    /// How many values are in `topo` after so many events.
    pub fn appended(&self, events: u32) -> u32 {
        self.appends.rank(events)
    }

    /// How many values are in `visited` after so many events.
    pub fn visited(&self, events: u32) -> u32 {
        self.enters.rank(events)
    }

    /// Events up to and including the `nth` append, from 0; all where there are fewer.
    pub fn to_append(&self, nth: u32) -> u32 {
        self.appends.nth(nth).map_or(self.appends.len(), |at| at + 1)
    }

    /// The value whose call is the innermost after so many events; one that was just appended is still in its call.
    pub fn innermost(&self, topo: &[ValueId], events: u32) -> Option<ValueId> {
        let last = events.checked_sub(1)?;
        if self.appends.get(last) { Some(topo[self.appended(last) as usize]) } else { self.call_at(topo, events) }
    }

    /// Whether a value is in `visited`, and its place in `topo` if it has one, after so many events.
    pub fn state(&self, v: ValueId, events: u32) -> (bool, Option<u32>) {
        let [entered, appended] = self.times[v as usize];
        let done = |time: u32| time != NONE && time < events;
        (done(entered), done(appended).then(|| self.appended(appended)))
    }

    /// Whose call a value was entered from; `None` for the root.
    pub fn caller(&self, v: ValueId) -> Option<ValueId> {
        Some(self.caller[v as usize]).filter(|&caller| caller != NONE)
    }
}
