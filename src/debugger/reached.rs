use crate::engine::bits::BitSet;
use crate::engine::{Graph, ValueId};

/// What some values are made of, themselves among it.
///
/// One walk from the last of them down, over bits: operands have smaller numbers than what is made of them, so that it
/// comes to every consumer before its operands, and what it does not come to costs next to nothing. A run may have as
/// many passes over small parts of a graph as the graph has values.
pub struct Reached {
    /// Those of the values that none of the others is made of, the last first.
    pub roots: Vec<ValueId>,
    /// All that these are made of, the last first: consumers before their operands.
    pub values: Vec<ValueId>,
    bits: BitSet,
}

impl Reached {
    /// What these are made of.
    pub fn of(graph: &Graph, given: &[ValueId]) -> Self {
        Self::new(graph, given, false)
    }

    /// What a pass is about that begins with these: a leaf among them only where nothing comes after it.
    pub fn in_pass(graph: &Graph, given: &[ValueId]) -> Self {
        Self::new(graph, given, true)
    }

    fn new(graph: &Graph, given: &[ValueId], ops_alone: bool) -> Self {
        let last = given.iter().copied().max().unwrap_or(0);
        let mut wanted = BitSet::up_to(last);
        for &v in given {
            wanted.put(v);
        }
        let mut own = Self { roots: Vec::new(), values: Vec::new(), bits: BitSet::up_to(last) };
        for word in (0..wanted.words()).rev() {
            // What a value of this word is made of may be in it, too.
            let mut below = u64::MAX;
            while let Some(bit) = ((own.bits.word(word) | wanted.word(word)) & below).checked_ilog2() {
                below = (1 << bit) - 1;
                let v = u32::try_from(word * 64).expect("a graph has fewer than 2^32 values") + bit;
                if own.has(v) || !(ops_alone && graph.is_leaf(v) && !own.roots.is_empty()) {
                    own.take(graph, v);
                }
            }
        }
        own
    }

    fn take(&mut self, graph: &Graph, v: ValueId) {
        if !self.has(v) {
            self.roots.push(v);
            self.bits.put(v);
        }
        self.values.push(v);
        graph.operands_of(v).iter().for_each(|&operand| self.bits.put(operand));
    }

    pub fn has(&self, v: ValueId) -> bool {
        self.bits.has(v)
    }

    /// Whether it is one of the roots.
    pub fn is_root(&self, v: ValueId) -> bool {
        self.roots.binary_search_by(|root| v.cmp(root)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::Reached;
    use crate::engine::ops::Builtin;
    use crate::engine::{Graph, NONE, ValueId};

    /// Whether `root` is made of `v`, or is it, by walking every path.
    fn is_made_of(graph: &Graph, root: ValueId, v: ValueId) -> bool {
        root == v || graph.operands_of(root).iter().any(|&operand| is_made_of(graph, operand, v))
    }

    #[test]
    fn it_is_what_walking_every_path_finds() {
        let mut seed = 7_u32;
        let mut dice = |bound: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) % bound
        };
        for _ in 0..300 {
            let mut graph = Graph::default();
            for v in 0..150 {
                // Mostly near ones: there are not too many paths then, and whole words of bits are passed by.
                let mut near = || v - 1 - dice(v.min(40));
                match v % 5 {
                    0 => graph.add_leaf(1.0),
                    1 | 2 => graph.add(Builtin::Neg.id(), [near(), NONE]),
                    _ if v > 100 => graph.add(Builtin::Neg.id(), [near(), NONE]),
                    _ => graph.add(Builtin::Mul.id(), [near(), near()]),
                };
            }
            let given: Vec<ValueId> = (0..dice(5)).map(|_| dice(150)).collect();
            let reached = Reached::in_pass(&graph, &given);
            let made_of = |other: ValueId, v: ValueId| other != v && is_made_of(&graph, other, v);
            let free = |v: &ValueId| given.contains(v) && !given.iter().any(|&other| made_of(other, *v));
            let mut roots: Vec<ValueId> = graph.ids().rev().filter(free).collect();
            roots.retain(|v| Some(v) == given.iter().max() || !graph.is_leaf(*v));
            let wanted = |v: &ValueId| roots.iter().any(|&root| is_made_of(&graph, root, *v));
            assert_eq!(reached.values, graph.ids().rev().filter(wanted).collect::<Vec<_>>(), "{given:?}");
            assert_eq!(reached.roots, roots, "{given:?}");
            assert!(graph.ids().all(|v| reached.has(v) == wanted(&v) && reached.is_root(v) == roots.contains(&v)));
        }
    }
}
