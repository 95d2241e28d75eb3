use crate::engine::{Graph, ValueId};

/// Who uses each value: for each, its consumers in the order in which they were made, one entry an operand slot.
pub struct Consumers {
    starts: Vec<u32>,
    uses: Vec<Use>,
}

/// One use of a value: by which consumer, and in its last bit in which slot. Of a million values there may be two million.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Use(u32);

impl Use {
    fn new(consumer: ValueId, slot: usize) -> Self {
        debug_assert!(consumer < 1 << 31, "the largest file has fewer values");
        Self(consumer << 1 | u32::from(slot == 1))
    }

    pub fn consumer(self) -> ValueId {
        self.0 >> 1
    }

    /// 0 is `self`, 1 is `other`.
    pub fn slot(self) -> usize {
        (self.0 & 1) as usize
    }
}

impl Consumers {
    pub fn of(graph: &Graph) -> Self {
        let mut starts = vec![0_u32; graph.len() + 2];
        for v in graph.ids() {
            for &operand in graph.operands_of(v) {
                starts[operand as usize + 2] += 1;
            }
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut uses = vec![Use::default(); *starts.last().unwrap_or(&0) as usize];
        for consumer in graph.ids() {
            for (slot, &operand) in graph.operands_of(consumer).iter().enumerate() {
                // While it is filled, the start of the next list is the end of this one so far.
                let end = &mut starts[operand as usize + 1];
                uses[*end as usize] = Use::new(consumer, slot);
                *end += 1;
            }
        }
        starts.pop();
        Self { starts, uses }
    }

    pub fn of_value(&self, v: ValueId) -> &[Use] {
        &self.uses[self.starts[v as usize] as usize..self.starts[v as usize + 1] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::{Consumers, Use};
    use crate::scenario::{Source, read};

    #[test]
    fn a_value_used_twice_by_one_has_two_uses() {
        let lines = ["a = 3", "b = a + a", "c = b * a"].map(String::from);
        let scenario = read(&Source::of_lines(&lines)).unwrap();
        let consumers = Consumers::of(&scenario.graph);
        let uses = [(1, 0), (1, 1), (2, 1)].map(|(consumer, slot)| Use::new(consumer, slot));
        assert_eq!(consumers.of_value(0), uses);
        assert_eq!(uses.map(|usage| (usage.consumer(), usage.slot())), [(1, 0), (1, 1), (2, 1)]);
        assert_eq!((consumers.of_value(1).len(), consumers.of_value(2).len()), (1, 0));
    }
}
