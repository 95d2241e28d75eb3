//! Time goes both ways: a state reached by going back is the state that was there, and a jump lands where steps lead.

use std::sync::Arc;

use stepgrad::debugger::Debugger;
use stepgrad::debugger::grain::Grain;
use stepgrad::scenario::Scenario;

use crate::reference::{self, same};

/// All that can be seen of a run at one moment: every number by its bits, and which event comes next.
type Sight = (Vec<(Option<u64>, u64)>, String);

fn sight(debugger: &Debugger) -> Sight {
    let bits = |x: f64| if x.is_nan() { f64::NAN.to_bits() } else { x.to_bits() };
    let numbers = debugger.run.graph.ids().map(|v| (debugger.data(v).map(bits), bits(debugger.grad(v))));
    (numbers.collect(), format!("{:?} {:?}", debugger.place(), debugger.next_event()))
}

pub fn check(scenario: Scenario) {
    let states = reference::interpret(&scenario).states;
    let mut debugger = Debugger::new(Arc::new(scenario));
    for grain in [Grain::Line, Grain::Node, Grain::Phase] {
        debugger.go_to(0);
        let mut there = vec![(debugger.step, sight(&debugger))];
        while debugger.forward(grain) {
            assert!(debugger.step > there.last().unwrap().0, "{grain:?} stands still at {}", debugger.step);
            there.push((debugger.step, sight(&debugger)));
        }
        assert_eq!(debugger.step, debugger.run.steps);
        let mut back = vec![(debugger.step, sight(&debugger))];
        while debugger.backward(grain) {
            back.push((debugger.step, sight(&debugger)));
        }
        assert_eq!(debugger.step, 0);
        back.reverse();
        assert!(there == back, "{grain:?}: {:?} there, {:?} back", stops(&there), stops(&back));
        for (step, seen) in there {
            let state = &states[step as usize];
            debugger.go_to(step);
            assert!(sight(&debugger) == seen, "a jump to {step}");
            let grads = debugger.run.graph.ids().zip(&state.grad);
            assert!(grads.into_iter().all(|(v, grad)| same(debugger.grad(v), *grad)), "grads at {step}");
        }
    }
}

fn stops(sights: &[(u32, Sight)]) -> Vec<u32> {
    sights.iter().map(|(step, _)| *step).collect()
}
