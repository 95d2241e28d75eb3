//! The exact slope of the root by every value, by forward-mode dual numbers: no `_backward` is asked.
//!
//! A value is let move with slope 1, and the slope is carried through everything that is made of it. How an op hands
//! slopes on is what dual numbers make of its forward ([`Op::slope`](crate::engine::Op::slope)); it is linear, so that
//! several values can move at once, each in a lane of its own.

use super::point::Point;
use crate::engine::ValueId;

/// How many values move at once.
const LANES: usize = 16;

type Lanes = [f64; LANES];

/// Slopes that start here stay finite, or above 0, through products that do neither from 1: 2^-512 and 2^512.
const SMALL: f64 = 7.458_340_731_200_207e-155;
const LARGE: f64 = 1.340_780_792_994_259_7e154;

/// The slope of the root by each of these values, which are in order and which the root is made of. Where a sweep a value
/// would look at more than there is time for, one sweep from the root down multiplies and adds the same slopes.
pub fn slopes(point: &Point, values: &[ValueId], time: &mut usize, done: &mut impl FnMut(usize)) -> Vec<f64> {
    let work = values.len().div_ceil(LANES).saturating_mul(point.reached.values.len() + point.roots.len());
    if let Some(left) = time.checked_sub(work) {
        *time = left;
        return Sweep::new(point).slopes(values, done);
    }
    let sums = point.sums();
    done(values.len());
    values.iter().map(|&v| sums[v as usize]).collect()
}

/// A sweep forwards through what is made of the values that move.
struct Sweep<'a> {
    point: &'a Point<'a>,
    /// The slopes of each value from `first` on; of those that do not move, whatever was there before.
    lanes: Vec<Lanes>,
    moves: Vec<bool>,
}

impl<'a> Sweep<'a> {
    fn new(point: &'a Point<'a>) -> Self {
        let len = point.last as usize + 1;
        Self { point, lanes: vec![[0.0; LANES]; len], moves: vec![false; len] }
    }

    /// The slope of the root by each of these values, which are in order and which the root is made of; `done` is told
    /// how many more of them are.
    fn slopes(&mut self, values: &[ValueId], mut done: impl FnMut(usize)) -> Vec<f64> {
        let mut slopes = Vec::with_capacity(values.len());
        for some in values.chunks(LANES) {
            slopes.extend_from_slice(&self.sweep(some, 1.0)[..some.len()]);
            done(some.len());
        }
        self.again(values, &mut slopes, SMALL, |slope| !slope.is_finite());
        self.again(values, &mut slopes, LARGE, |slope| slope.abs() < f64::MIN_POSITIVE);
        slopes
    }

    /// Factors come in the other order than in a backward pass, so that one way may overflow, or fall to 0, where the
    /// other does not. What did is carried through again from another start.
    fn again(&mut self, values: &[ValueId], slopes: &mut [f64], start: f64, lost: impl Fn(f64) -> bool) {
        let places: Vec<usize> = (0..values.len()).filter(|&at| lost(slopes[at])).collect();
        for some in places.chunks(LANES) {
            let moved: Vec<ValueId> = some.iter().map(|&at| values[at]).collect();
            for (&at, slope) in some.iter().zip(self.sweep(&moved, start)) {
                if slope.is_finite() && !lost(slope) {
                    slopes[at] = slope;
                }
            }
        }
    }

    /// One batch, each value moving with the slope `start` in its own lane. The result is by a slope of 1.
    fn sweep(&mut self, values: &[ValueId], start: f64) -> Lanes {
        let first = values[0];
        let mut next = values.iter().copied().enumerate().peekable();
        let reached = &self.point.reached.values;
        for &v in reached[..reached.partition_point(|&v| v >= first)].iter().rev() {
            let (moves, mut lanes) = self.handed_on(v, first);
            let variable = next.next_if(|&(_, value)| value == v);
            if let Some((lane, _)) = variable {
                lanes[lane] = start;
            }
            self.moves[v as usize] = moves || variable.is_some();
            if self.moves[v as usize] {
                self.lanes[v as usize] = lanes;
            }
        }
        let mut sum = [0.0; LANES];
        for &root in self.point.roots.iter().filter(|&&root| root >= first && self.moves[root as usize]) {
            add(&mut sum, 1.0 / start, &self.lanes[root as usize]);
        }
        sum
    }

    /// Whether a value moves because its operands do, and its slopes then.
    fn handed_on(&self, v: ValueId, first: ValueId) -> (bool, Lanes) {
        let (mut moves, mut lanes) = (false, [0.0; LANES]);
        let operands = self.point.graph.operands_of(v).iter().zip(self.point.slopes[v as usize]);
        for (&operand, slope) in operands.filter(|(operand, _)| **operand >= first && self.moves[**operand as usize]) {
            moves = true;
            add(&mut lanes, slope, &self.lanes[operand as usize]);
        }
        (moves, lanes)
    }
}

/// `sum += factor * lanes`, where a lane that is 0 does not move and so moves nothing, however steep it is.
fn add(sum: &mut Lanes, factor: f64, lanes: &Lanes) {
    if factor.is_finite() {
        sum.iter_mut().zip(lanes).for_each(|(sum, lane)| *sum += factor * lane);
    } else {
        let moving = sum.iter_mut().zip(lanes).filter(|(_, lane)| **lane != 0.0);
        moving.for_each(|(sum, lane)| *sum += factor * lane);
    }
}
