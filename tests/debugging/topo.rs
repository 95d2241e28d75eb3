//! `build_topo` at each of its steps, against a recursive one.

use stepgrad::debugger::Debugger;
use stepgrad::engine::{Graph, Segment, SegmentKind, ValueId};

use crate::graphs::{Dice, random};
use crate::short;

/// The notebook's own, which writes down what it looks like after each event.
struct Recursive<'a> {
    graph: &'a Graph,
    stack: Vec<ValueId>,
    visited: Vec<ValueId>,
    topo: Vec<ValueId>,
    states: Vec<State>,
}

/// The calls that are open, `visited` and `topo`.
type State = (Vec<ValueId>, Vec<ValueId>, Vec<ValueId>);

impl Recursive<'_> {
    fn build_topo(&mut self, v: ValueId) {
        self.stack.push(v);
        if self.visited.contains(&v) {
            self.note();
        } else {
            self.visited.push(v);
            self.note();
            for &child in self.graph.operands_of(v) {
                self.build_topo(child);
            }
            self.topo.push(v);
            self.note();
        }
        self.stack.pop();
    }

    fn note(&mut self) {
        self.states.push((self.stack.clone(), self.visited.clone(), self.topo.clone()));
    }
}

/// The seed of a `backward()` belongs to the pass whose order is built after it or before.
#[test]
fn a_seed_has_the_order_of_its_pass() {
    let mut seeds = 0;
    for (name, debugger) in short() {
        let run = &debugger.run;
        for (at, segment) in run.segments.iter().enumerate() {
            let of_pass = |of: &SegmentKind| matches!(of, SegmentKind::Topo(_) | SegmentKind::Backward(_));
            let seed = matches!(segment.kind, SegmentKind::Seed(_));
            assert_eq!(run.order_of(at).is_some(), seed || of_pass(&segment.kind), "{name}: {at}");
            if seed {
                let (own, next) = (run.order_of(at).unwrap(), run.order_of(at + 1).unwrap());
                assert!(std::sync::Arc::ptr_eq(own, next) && Some(own.root) == segment.root(), "{name}: {at}");
                seeds += 1;
            }
        }
    }
    assert!(seeds > 20, "{seeds}");
}

fn check(debugger: &mut Debugger) {
    let run = debugger.run.clone();
    for segment in &run.segments {
        let SegmentKind::Topo(order) = &segment.kind else { continue };
        let nothing = (Vec::new(), Vec::new(), Vec::new(), vec![]);
        let (stack, visited, topo, states) = nothing;
        let mut recursive = Recursive { graph: &run.graph, stack, visited, topo, states };
        recursive.build_topo(order.root);
        assert_eq!(recursive.states.len(), segment.len as usize);
        for (step, (stack, visited, topo)) in (segment.first + 1..).zip(recursive.states) {
            debugger.go_to(step);
            let view = debugger.topo_view().expect("the cursor stands in build_topo");
            let mut calls: Vec<ValueId> = view.stack().collect();
            calls.reverse();
            assert_eq!((calls, view.depth()), (stack.clone(), stack.len()), "the call stack at {step}");
            assert_eq!((view.visited(), view.topo()), (&visited[..], &topo[..]), "visited and topo at {step}");
            assert_eq!(debugger.place().nodes.0, topo.len());
        }
    }
}

#[test]
fn build_topo_is_shown_as_it_recurses() {
    for (_, mut debugger) in short() {
        check(&mut debugger);
    }
    let mut dice = Dice(3);
    for size in (2..120).step_by(7) {
        let half = size / 2;
        check(&mut random(&mut dice, size, &format!("\"v{}.backward()\", \"v{half}.backward()\"", size - 1)));
    }
}

/// The list is `reversed(topo)` once `build_topo` has made it, and while no single call runs.
#[test]
fn an_order_is_built_by_build_topo_alone() {
    for (name, mut debugger) in short() {
        let run = debugger.run.clone();
        let topo = run.segments.iter().find(|segment| matches!(segment.kind, SegmentKind::Topo(_)));
        let built = topo.map_or(u32::MAX, Segment::end);
        for step in 0..=run.steps {
            debugger.go_to(step);
            if debugger.topo_view().is_none() {
                let by_hand = matches!(run.segments[debugger.segment_here()].kind, SegmentKind::Call(_));
                assert_eq!(debugger.is_order_built(), step >= built && !by_hand, "{name}: {step}");
            }
        }
    }
}
