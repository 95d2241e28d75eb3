use rustc_hash::FxHashMap;

use super::{Finding, Kind};
use crate::engine::ValueId;
use crate::scenario::ValueNames;

/// What was found in a run: as much of it as anybody reads, and how much more there is.
#[derive(Default)]
pub struct Found {
    /// In the order of steps.
    pub told: Vec<Finding>,
    /// The steps of further faults, in order.
    pub more: Vec<u32>,
    /// For each value the first step at which a pass began on a grad that it held.
    pub left_over: FxHashMap<ValueId, u32>,
    /// The first pass that was not searched, where there are too many of them over too large a graph.
    pub unsearched: Option<u32>,
}

/// What is told as it is found.
pub struct Told<'a> {
    names: &'a ValueNames,
    pub found: Found,
    /// Bytes of the findings of each kind, as they are written.
    bytes: FxHashMap<Kind, usize>,
    /// The values that are to blame for what was found in this pass; none where nothing was.
    blamed: Option<Vec<ValueId>>,
}

/// So many bytes of findings of one kind are told: a run may have a hundred thousand of them.
const MOST: usize = 1 << 20;
/// So many values of one finding are named.
pub const NAMED: usize = 1000;

impl<'a> Told<'a> {
    pub fn new(names: &'a ValueNames) -> Self {
        Self { names, found: Found::default(), bytes: FxHashMap::default(), blamed: None }
    }

    /// Takes in a fault, or a remark, and the value that is to blame. It is made only where there is room for it.
    pub fn tell(
        &mut self,
        kind: Kind,
        step: u32,
        blamed: impl Into<Option<ValueId>>,
        finding: impl FnOnce() -> Finding,
    ) {
        self.blamed.get_or_insert_default().extend(blamed.into());
        let bytes = self.bytes.entry(kind).or_default();
        if *bytes < MOST {
            let finding = finding();
            let names = finding.values.iter().map(|&v| self.names.name(v).len());
            *bytes += size_of::<Finding>() + finding.message.len() + finding.cure.len() + names.sum::<usize>();
            self.found.told.push(finding);
        } else if kind.is_fault() {
            self.found.more.push(step);
        }
    }

    /// Who is to blame for what was found since this was asked last, if anything was.
    pub fn blamed(&mut self) -> Option<Vec<ValueId>> {
        self.blamed.take()
    }

    pub fn finish(mut self) -> Found {
        self.found.told.sort_by_key(|finding| finding.step);
        self.found.more.sort_unstable();
        self.found
    }
}
