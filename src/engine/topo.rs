use super::graph::{Graph, ValueId};

/// One event of `build_topo`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visit {
    /// `visited.add(v)`: it is entered for the first time.
    Enter(ValueId),
    /// `if v not in visited` was false: it is not entered again.
    Skip(ValueId),
    /// `topo.append(v)`: all its operands are in.
    Append(ValueId),
}

/// The notebook's `build_topo(root)`: operands before what is made of them, in the order in which a depth-first walk
/// leaves them, operands left to right.
///
/// The stack is explicit, one word an entry, since a chain of a million values is an ordinary input. An entry is a
/// value and, in its two lowest bits, how many of its operands have been looked at.
pub fn build_topo(graph: &Graph, root: ValueId) -> Vec<ValueId> {
    let mut topo = Vec::new();
    let mut visited = vec![false; graph.len()];
    let counts = operand_counts(graph);
    let mut stack: Vec<u64> = vec![u64::from(root) << 2];
    visited[root as usize] = true;
    while let Some(top) = stack.last_mut() {
        let v = (*top >> 2) as usize;
        let next = (*top & 3) as usize;
        if next == count_of(&counts, graph, v) {
            stack.pop();
            topo.push(ValueId::try_from(v).expect("a graph has fewer than 2^32 values"));
            continue;
        }
        *top += 1;
        let operand = graph.operands[v][next];
        if !std::mem::replace(&mut visited[operand as usize], true) {
            stack.push(u64::from(operand) << 2);
        }
    }
    topo
}

/// Operands of each op, by its number: a row of bytes in place of a table of rules in the inner loop.
fn operand_counts(graph: &Graph) -> Vec<u8> {
    graph.ops.iter().map(|op| if op.operands == 2 { 2 } else { 1 }).collect()
}

#[inline]
fn count_of(counts: &[u8], graph: &Graph, v: usize) -> usize {
    counts.get(usize::from(graph.op[v].0)).map_or(0, |count| usize::from(*count))
}

/// How many events `build_topo` has that appends `topo`: each value is entered and appended, and each operand is
/// either entered or skipped.
pub fn event_count(graph: &Graph, topo: &[ValueId]) -> usize {
    let operands: usize = topo.iter().map(|&v| graph.operands_of(v).len()).sum();
    2 * topo.len() + (operands + 1 - topo.len())
}

/// The events of `build_topo(root)`, all of them, in order, each with the value whose call it happens in (the one that
/// calls `build_topo` for `Enter` and `Skip`; `None` for the root).
pub fn visits(graph: &Graph, root: ValueId) -> Vec<Visit> {
    let mut visits = vec![Visit::Enter(root)];
    let mut visited = vec![false; graph.len()];
    visited[root as usize] = true;
    let mut stack = vec![(root, 0)];
    while let Some((v, next)) = stack.last_mut() {
        let Some(&operand) = graph.operands_of(*v).get(*next) else {
            visits.push(Visit::Append(*v));
            stack.pop();
            continue;
        };
        *next += 1;
        if std::mem::replace(&mut visited[operand as usize], true) {
            visits.push(Visit::Skip(operand));
        } else {
            visits.push(Visit::Enter(operand));
            stack.push((operand, 0));
        }
    }
    visits
}
