//! The graph as the layout sees it: who reads whom.

/// Rows of ids, one row a node, stored end to end (compressed sparse rows).
///
/// For operands, row `i` holds what node `i` is computed from, in operand order and with repeats:
/// `a + a` is `[a, a]`. Operands have smaller ids than their consumer, so no cycle can be written
/// down.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// `starts[i]..starts[i + 1]` is row `i`; one longer than the number of nodes.
    pub starts: &'a [u32],
    pub items: &'a [u32],
}

impl<'a> Rows<'a> {
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn row(&self, node: usize) -> &'a [u32] {
        &self.items[self.starts[node] as usize..self.starts[node + 1] as usize]
    }
}
