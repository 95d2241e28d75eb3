//! Corners of a forward: the slope is one to the left and another to the right, and a rule may take any between them.

use crate::engine::op::{Op, RuleInput};

/// The slopes of an op's forward on either side of a point, along a direction in the space of its operands.
fn sides(op: &Op, input: &RuleInput, direction: [f64; 2]) -> [f64; 2] {
    let size = input.data.iter().zip(direction).filter(|(_, along)| *along != 0.0).map(|(x, _)| x.abs());
    let step = 1e-6 * size.fold(1.0, f64::max);
    let at = |far: f64| {
        let mut moved = *input;
        moved.data = [0, 1].map(|slot| input.data[slot] + far * direction[slot]);
        moved.eval(&op.forward)
    };
    let (left, middle, right) = (at(-step), at(0.0), at(step));
    [(middle - left) / step, (right - middle) / step]
}

fn bends([before, after]: [f64; 2]) -> bool {
    before.is_finite() && after.is_finite() && (before - after).abs() > 1e-2 * before.abs().max(after.abs()).max(1e-3)
}

fn axis(slot: usize) -> [f64; 2] {
    if slot == 0 { [1.0, 0.0] } else { [0.0, 1.0] }
}

/// The slopes to the left and to the right of a corner; `None` where there is none.
pub fn kink(op: &Op, input: &RuleInput, slot: usize) -> Option<[f64; 2]> {
    Some(sides(op, input, axis(slot))).filter(|sides| bends(*sides))
}

/// What the lines of a rule pass on at a corner for a grad of 1, where that is a slope as good as any other: between those
/// of the two sides, whatever way one goes. `None` where there is no corner, or where it is none of these.
pub fn choice(op: &Op, input: &RuleInput) -> Option<[f64; 2]> {
    let input = RuleInput { out_grad: 1.0, ..*input };
    let ways: &[[f64; 2]] =
        if op.operands == 1 { &[[1.0, 0.0]] } else { &[[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, -1.0]] };
    if (0..op.operands).all(|slot| kink(op, &input, slot).is_none()) {
        return None;
    }
    let passed = [0, 1].map(|slot| op.passes_on(&input, slot));
    let allowed = |way: &[f64; 2]| {
        let [left, right] = sides(op, &input, *way);
        let along = passed[0] * way[0] + passed[1] * way[1];
        let rounding = 1e-4 * left.abs().max(right.abs()).max(1e-3);
        (left.min(right) - rounding..=left.max(right) + rounding).contains(&along)
    };
    ways.iter().all(allowed).then_some(passed)
}

/// The slopes of an op's forward by its operands, by dual numbers; at a corner the ones that its rule chose, where it may.
pub fn local_slopes(op: &Op, input: &RuleInput) -> [f64; 2] {
    let mut slopes = [0, 1].map(|slot| if slot < op.operands { op.slope(input, slot) } else { 0.0 });
    // The table's rules take what the dual numbers take: a test says so.
    if let Some(chosen) = op.own.then(|| choice(op, input)).flatten() {
        for slot in (0..op.operands).filter(|&slot| kink(op, input, slot).is_some()) {
            slopes[slot] = chosen[slot];
        }
    }
    slopes
}
