//! Network simplex after Gansner, Koutsofios, North, Vo, "A Technique for Drawing Directed
//! Graphs" (1993): integer positions with the smallest weighted sum of arc lengths.
//!
//! A spanning tree of tight arcs fixes all positions. Cutting a tree arc splits the tree; if
//! stretching the arc makes the whole shorter (its *cut value* is negative), it leaves the tree
//! and the slackest-but-tightest arc that goes the other way enters. The cut value of an arc is
//! the sum, over the nodes on its tail side, of weight going out less weight coming in, so that
//! one walk over the tree gives all of them.

/// `position[head] - position[tail]` must be at least `span`; each cell of it costs `weight`.
#[derive(Clone, Copy, Debug)]
pub struct Arc {
    pub tail: u32,
    pub head: u32,
    pub weight: i64,
    pub span: i32,
}

/// Improves feasible positions to optimal ones. The arcs must connect all nodes.
pub fn shorten(position: &mut [i32], arcs: &[Arc]) {
    let mut simplex = Simplex::new(position, arcs);
    simplex.grow_tight_tree();
    // Degenerate pivots could go round in circles; every position on the way is feasible.
    for _ in 0..4 * arcs.len() + 100 {
        if !simplex.pivot() {
            break;
        }
    }
}

struct Simplex<'a> {
    position: &'a mut [i32],
    arcs: &'a [Arc],
    /// Arcs at each node, as rows: `at[at_start[v]..at_start[v + 1]]`.
    at_start: Vec<usize>,
    at: Vec<usize>,
    in_tree: Vec<bool>,
    /// Weight out less weight in.
    balance: Vec<i64>,
}

/// The tree as walked from node 0: parents come before children.
struct Walk {
    order: Vec<usize>,
    parent_arc: Vec<usize>,
    /// Place in `order`, and how many nodes from there on are in the subtree.
    place: Vec<usize>,
    size: Vec<usize>,
}

impl<'a> Simplex<'a> {
    fn new(position: &'a mut [i32], arcs: &'a [Arc]) -> Self {
        let nodes = position.len();
        let mut at_start = vec![0; nodes + 1];
        let mut balance = vec![0; nodes];
        for arc in arcs {
            at_start[arc.tail as usize + 1] += 1;
            at_start[arc.head as usize + 1] += 1;
            balance[arc.tail as usize] += arc.weight;
            balance[arc.head as usize] -= arc.weight;
        }
        for node in 0..nodes {
            at_start[node + 1] += at_start[node];
        }
        let mut next = at_start.clone();
        let mut at = vec![0; 2 * arcs.len()];
        for (id, arc) in arcs.iter().enumerate() {
            for end in [arc.tail as usize, arc.head as usize] {
                at[next[end]] = id;
                next[end] += 1;
            }
        }
        Self { position, arcs, at_start, at, in_tree: vec![false; arcs.len()], balance }
    }

    fn slack(&self, arc: &Arc) -> i32 {
        self.position[arc.head as usize] - self.position[arc.tail as usize] - arc.span
    }

    fn grow_tight_tree(&mut self) {
        let mut inside = vec![false; self.position.len()];
        let mut members = vec![0];
        inside[0] = true;
        let mut scanned = 0;
        loop {
            while let Some(&node) = members.get(scanned) {
                scanned += 1;
                self.take_tight_neighbours(node, &mut inside, &mut members);
            }
            let border = |arc: &&Arc| inside[arc.tail as usize] != inside[arc.head as usize];
            let Some(arc) = self.arcs.iter().filter(border).min_by_key(|arc| self.slack(arc)) else {
                return;
            };
            let slack = self.slack(arc);
            let shift = if inside[arc.tail as usize] { slack } else { -slack };
            for &node in &members {
                self.position[node] += shift;
            }
            // The arc just made tight has its inner end among members already scanned.
            let inner = if inside[arc.tail as usize] { arc.tail } else { arc.head };
            self.take_tight_neighbours(inner as usize, &mut inside, &mut members);
        }
    }

    fn take_tight_neighbours(&mut self, node: usize, inside: &mut [bool], members: &mut Vec<usize>) {
        for place in self.at_start[node]..self.at_start[node + 1] {
            let id = self.at[place];
            let arc = &self.arcs[id];
            let other = if arc.tail as usize == node { arc.head } else { arc.tail } as usize;
            if !inside[other] && self.slack(arc) == 0 {
                inside[other] = true;
                self.in_tree[id] = true;
                members.push(other);
            }
        }
    }

    fn walk(&self) -> Walk {
        let nodes = self.position.len();
        let mut walk = Walk {
            order: Vec::with_capacity(nodes),
            parent_arc: vec![usize::MAX; nodes],
            place: vec![0; nodes],
            size: vec![1; nodes],
        };
        let mut stack = vec![0];
        while let Some(node) = stack.pop() {
            walk.place[node] = walk.order.len();
            walk.order.push(node);
            for &id in &self.at[self.at_start[node]..self.at_start[node + 1]] {
                if self.in_tree[id] && id != walk.parent_arc[node] {
                    let child = self.other_end(id, node);
                    walk.parent_arc[child] = id;
                    stack.push(child);
                }
            }
        }
        walk
    }

    fn other_end(&self, id: usize, node: usize) -> usize {
        let arc = &self.arcs[id];
        if arc.tail as usize == node { arc.head as usize } else { arc.tail as usize }
    }

    /// The root of the subtree whose arc to its parent has the most negative cut value.
    fn leaving(&self, walk: &mut Walk) -> Option<usize> {
        let mut sum = self.balance.clone();
        let mut worst = (0, None);
        for &node in walk.order.iter().skip(1).rev() {
            let id = walk.parent_arc[node];
            let parent = self.other_end(id, node);
            sum[parent] += sum[node];
            walk.size[parent] += walk.size[node];
            let below_is_tail = self.arcs[id].tail as usize == node;
            let cut = if below_is_tail { sum[node] } else { -sum[node] };
            if cut < worst.0 {
                worst = (cut, Some(node));
            }
        }
        worst.1
    }

    fn pivot(&mut self) -> bool {
        let mut walk = self.walk();
        let Some(top) = self.leaving(&mut walk) else {
            return false;
        };
        let leaving = walk.parent_arc[top];
        let subtree = walk.place[top]..walk.place[top] + walk.size[top];
        let below_is_tail = self.arcs[leaving].tail as usize == top;
        let on_tail_side = |node: u32| subtree.contains(&walk.place[node as usize]) == below_is_tail;
        let entering = (0..self.arcs.len())
            .filter(|&id| !on_tail_side(self.arcs[id].tail) && on_tail_side(self.arcs[id].head))
            .min_by_key(|&id| self.slack(&self.arcs[id]));
        let Some(entering) = entering else {
            return false;
        };
        let slack = self.slack(&self.arcs[entering]);
        let shift = if below_is_tail { -slack } else { slack };
        for &node in &walk.order[subtree.clone()] {
            self.position[node] += shift;
        }
        self.in_tree[leaving] = false;
        self.in_tree[entering] = true;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(position: &[i32], arcs: &[Arc]) -> i64 {
        let along = |arc: &Arc| i64::from(position[arc.head as usize] - position[arc.tail as usize]);
        arcs.iter().map(|arc| arc.weight * along(arc)).sum()
    }

    fn feasible(position: &[i32], arcs: &[Arc]) -> bool {
        arcs.iter().all(|arc| position[arc.head as usize] - position[arc.tail as usize] >= arc.span)
    }

    /// Tries all positions below `top`.
    fn least(nodes: u32, arcs: &[Arc], top: i32) -> i64 {
        let places =
            (0..top.pow(nodes)).map(|code| (0..nodes).map(|node| code / top.pow(node) % top).collect::<Vec<_>>());
        places.filter(|position| feasible(position, arcs)).map(|position| length(&position, arcs)).min().unwrap_or(0)
    }

    #[test]
    fn no_other_positions_are_shorter() {
        let mut seed = 9_u32;
        let mut dice = |bound: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) % bound
        };
        for _ in 0..60 {
            let mut arcs: Vec<Arc> = (1..6).map(|head| Arc { tail: dice(head), head, weight: 1, span: 1 }).collect();
            for _ in 0..dice(5) {
                let head = 1 + dice(5);
                arcs.push(Arc { tail: dice(head), head, weight: i64::from(dice(4)), span: 1 });
            }
            let mut position: Vec<i32> = (0..6).collect();
            shorten(&mut position, &arcs);
            assert!(feasible(&position, &arcs));
            assert_eq!(length(&position, &arcs), least(6, &arcs, 6), "{arcs:?}");
        }
    }
}
