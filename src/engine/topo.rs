use super::graph::{Graph, NONE, ValueId};

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
/// The stack is explicit, since a chain of a million values is an ordinary input. It holds values alone (whether an
/// operand is still to be entered is in `visited`) and grows down from the end of the array that `topo` grows up in: a
/// value is in one of the two at most, so they never meet, and a page of memory is touched once. Operands that are not
/// there ([`NONE`]) lie past the end of `visited`.
pub fn build_topo(graph: &Graph, root: ValueId) -> Vec<ValueId> {
    // Operands have smaller ids than what is made of them.
    let most = root as usize + 1;
    let operands = &graph.operands[..most];
    let mut topo = vec![0; most];
    let (mut appended, mut stack) = (0, most);
    let mut visited = vec![false; most];
    let mut enter = |v: ValueId| visited.get_mut(v as usize).is_some_and(|seen| !std::mem::replace(seen, true));
    enter(root);
    let mut v = root;
    'down: loop {
        let [a, b] = operands[v as usize];
        if let Some(operand) = [a, b].into_iter().find(|&operand| enter(operand)) {
            stack -= 1;
            topo[stack] = v;
            v = operand;
            continue;
        }
        topo[appended] = v;
        appended += 1;
        // Whatever waits on the stack has its first operand behind it.
        while let Some(&waiting) = topo.get(stack) {
            let b = operands[waiting as usize][1];
            if enter(b) {
                v = b;
                continue 'down;
            }
            stack += 1;
            topo[appended] = waiting;
            appended += 1;
        }
        break;
    }
    topo.truncate(appended);
    topo.shrink_to_fit();
    topo
}

/// How many events `build_topo` has that appends `topo`: each value is entered and appended, and each operand is
/// either entered or skipped.
pub fn event_count(graph: &Graph, topo: &[ValueId]) -> usize {
    let given = |&operand: &ValueId| operand != NONE;
    let operands: usize =
        topo.iter().map(|&v| graph.operands[v as usize].iter().filter(|operand| given(operand)).count()).sum();
    2 * topo.len() + (operands + 1 - topo.len())
}

/// Hands the events of `build_topo(root)` to `each`, in order.
pub fn each_visit(graph: &Graph, root: ValueId, mut each: impl FnMut(Visit)) {
    let mut visited = vec![false; graph.len()];
    visited[root as usize] = true;
    let mut stack = vec![(root, 0)];
    each(Visit::Enter(root));
    while let Some((v, next)) = stack.last_mut() {
        let Some(&operand) = graph.operands_of(*v).get(*next) else {
            each(Visit::Append(*v));
            stack.pop();
            continue;
        };
        *next += 1;
        if std::mem::replace(&mut visited[operand as usize], true) {
            each(Visit::Skip(operand));
        } else {
            each(Visit::Enter(operand));
            stack.push((operand, 0));
        }
    }
}
