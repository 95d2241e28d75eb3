//! The slope of the root by a value as one would measure it: move the value, run the forward pass, and see.

use super::point::Point;
use super::rounding::Rounding;
use crate::debugger::consumers::Consumers;
use crate::engine::ValueId;

/// A slope that was measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    pub slope: f64,
    /// How far it may be off, by how two widths of step differ and by rounding.
    pub error: f64,
    /// The slopes to the left and to the right, where they are not the same: there is a kink.
    pub kink: Option<[f64; 2]>,
}

/// The step of central differences at which rounding and curvature are about as bad: the cube root of epsilon.
const STEP: f64 = 6.055_454_452_393_343e-6;
/// Other steps, where that one finds nothing to be trusted: a kink or a pole is near, or numbers are large.
const OTHERS: [f64; 5] = [1.0 / 32.0, 32.0, 1.0 / 1024.0, 1024.0, 1.0 / 32768.0];
/// An error that is good enough not to look any further.
const GOOD: f64 = 1e-7;
/// An error, in parts of the root, that is nothing beside it.
const LOST: f64 = 1e-8;

/// Moves values, one at a time. What is not made of the value that moves is never computed again.
pub struct Meter<'a> {
    point: &'a Point<'a>,
    rounding: &'a Rounding,
    consumers: &'a Consumers,
    /// The data of the point; while a value is moved, of everything that is made of it.
    data: Vec<f64>,
    /// What is made of the value and what the root is made of, operands first.
    cone: Vec<ValueId>,
    seen: Vec<bool>,
    /// What holds another number than at the point.
    changed: Vec<bool>,
    is_root: Vec<bool>,
    /// The roots that move with the value.
    roots: Vec<ValueId>,
    /// For each op how many names and operators its forward has: one of the scenario's own may be long.
    costs: Vec<usize>,
    /// How much was computed for the last slope.
    work: usize,
}

/// Every number below `count`, each part of them as evenly spread as may be: the first, one in the middle, between them.
fn spread(count: usize) -> impl Iterator<Item = usize> {
    let bits = usize::BITS - count.saturating_sub(1).leading_zeros();
    let turned = move |at: usize| if bits == 0 { at } else { at.reverse_bits() >> (usize::BITS - bits) };
    (0..1_usize << bits).map(turned).filter(move |at| *at < count)
}

/// Slopes of single ops, each measured, as products along the paths from the root.
struct Local {
    sums: Vec<f64>,
    errors: Vec<f64>,
}

impl Local {
    fn new(point: &Point) -> Self {
        let none = || vec![0.0; point.graph.len()];
        let mut own = Self { sums: none(), errors: none() };
        point.roots.iter().for_each(|&root| own.sums[root as usize] = 1.0);
        for v in point.downwards() {
            let (sum, off) = (own.sums[v as usize], own.errors[v as usize]);
            for (slot, &operand) in point.graph.operands_of(v).iter().enumerate() {
                let (slope, error) = of_op(point, v, slot);
                own.sums[operand as usize] += slope * sum;
                own.errors[operand as usize] += slope.abs() * off + error * sum.abs();
            }
        }
        own
    }

    fn of(&self, v: ValueId) -> Measured {
        Measured { slope: self.sums[v as usize], error: self.errors[v as usize], kink: None }
    }
}

/// The slope of one op by one of its operands, by central differences over two widths, and how far it may be off.
fn of_op(point: &Point, v: ValueId, slot: usize) -> (f64, f64) {
    let input = point.graph.rule_input(v, |v| point.data[v as usize], |_| 0.0);
    let Some(op) = point.graph.op_of(v) else { return (0.0, 0.0) };
    let at = |x: f64| {
        let mut moved = input;
        moved.data[slot] = x;
        moved.eval(&op.forward)
    };
    let x = input.data[slot];
    let central = |step: f64| (at(x + step) - at(x - step)) / ((x + step) - (x - step));
    let step = 64.0 * STEP * x.abs().max(1.0);
    let (wide, narrow) = (central(step), central(step / 2.0));
    let rounding = 4.0 * f64::EPSILON * (input.out_data.abs() + x.abs()) / step;
    (narrow + (narrow - wide) / 3.0, (narrow - wide).abs() + rounding)
}

impl<'a> Meter<'a> {
    pub fn new(point: &'a Point<'a>, rounding: &'a Rounding, consumers: &'a Consumers) -> Self {
        let data = point.data.clone();
        let [seen, changed, mut is_root] = [(); 3].map(|()| vec![false; data.len()]);
        point.roots.iter().for_each(|&root| is_root[root as usize] = true);
        let costs = point.graph.ops.iter().map(|op| if op.own { op.forward.size() } else { 1 }).collect();
        let (cone, roots) = (Vec::new(), Vec::new());
        Self { point, rounding, consumers, data, cone, seen, changed, is_root, roots, costs, work: 0 }
    }

    /// The slope of the root by each of these values. Where moving each would take more time than there is, only some are
    /// moved, evenly spread, and how many is told; the slope by another is made of measured slopes of single ops,
    /// multiplied along the paths to it and added up.
    pub fn measure_all(
        &mut self,
        values: &[ValueId],
        time: &mut usize,
        done: &mut impl FnMut(usize),
    ) -> (Vec<Measured>, Option<usize>) {
        let mut measured = vec![None; values.len()];
        let mut moved = 0;
        for at in spread(values.len()) {
            if *time == 0 {
                break;
            }
            measured[at] = self.measure(values[at], *time);
            *time = time.saturating_sub(self.work);
            if measured[at].is_some() {
                moved += 1;
                done(1);
            }
        }
        if moved == values.len() {
            return (measured.into_iter().flatten().collect(), None);
        }
        let local = Local::new(self.point);
        done(values.len() - moved);
        let of = |(at, found): (usize, Option<Measured>)| found.unwrap_or_else(|| local.of(values[at]));
        (measured.into_iter().enumerate().map(of).collect(), Some(moved))
    }

    /// The slope of the root by a value that it is made of, where there is time for it.
    fn measure(&mut self, v: ValueId, time: usize) -> Option<Measured> {
        let cost = self.find_cone(v);
        (4 * cost < time).then(|| self.differences(v))
    }

    fn differences(&mut self, v: ValueId) -> Measured {
        let x = self.point.data[v as usize];
        let rounding: f64 = self.cone.iter().map(|&c| self.rounding.data[c as usize]).sum();
        let scale = x.abs().max(1.0);
        let mut best = self.at(v, STEP * scale, rounding);
        let size = self.here().abs() / scale;
        // A slope that is lost in the rounding of a much larger root cannot be measured by any step.
        let lost = best.slope.abs() <= 10.0 * best.error && best.error <= LOST * size;
        let good = best.error <= GOOD * best.slope.abs().max(self.rounding.mass[v as usize]);
        if good || lost || !x.is_finite() {
            return best;
        }
        let near = (x != 0.0 && x.abs() < 1.0).then_some(STEP * x.abs());
        for step in OTHERS.iter().map(|other| other * STEP * scale).chain(near) {
            let found = self.at(v, step, rounding);
            if found.error < best.error || best.error.is_nan() {
                best = found;
            }
        }
        best
    }

    /// A walk along consumers, put in the order of numbers: that is one in which a forward pass may run. How much that
    /// computes is the result.
    fn find_cone(&mut self, v: ValueId) -> usize {
        self.cone.clear();
        self.work = 0;
        let mut from = v;
        let mut next = 0;
        loop {
            let uses = self.consumers.of_value(from);
            self.work += uses.len();
            for usage in uses {
                let consumer = usage.consumer();
                if self.point.reached.has(consumer) && !std::mem::replace(&mut self.seen[consumer as usize], true) {
                    self.cone.push(consumer);
                }
            }
            let Some(&value) = self.cone.get(next) else { break };
            (from, next) = (value, next + 1);
        }
        self.cone.sort_unstable();
        self.cone.iter().for_each(|&c| self.seen[c as usize] = false);
        self.roots.clear();
        self.roots.extend(self.cone.iter().chain([&v]).filter(|&&c| self.is_root[c as usize]));
        self.cone.iter().map(|&c| self.cost(c)).sum()
    }

    fn cost(&self, v: ValueId) -> usize {
        self.costs[usize::from(self.point.graph.op[v as usize].0)]
    }

    /// The root where `v` holds `x`. All data is as before afterwards. What nothing that changed goes into is not computed
    /// again: behind a saturated tanh or a dead relu there is often nothing to do.
    fn root(&mut self, v: ValueId, x: f64) -> f64 {
        let mut furthest = self.set(v, x);
        let mut computed = 0;
        while let Some(&c) = self.cone.get(computed).filter(|&&c| c <= furthest) {
            if self.point.graph.operands_of(c).iter().any(|&operand| self.changed[operand as usize]) {
                furthest = furthest.max(self.set(c, self.point.graph.compute(c, &self.data)));
                self.work += self.cost(c);
            }
            computed += 1;
        }
        let sum = self.roots.iter().map(|&root| self.data[root as usize]).sum();
        self.work += computed + self.roots.len();
        for &c in self.cone[..computed].iter().chain([&v]) {
            if std::mem::take(&mut self.changed[c as usize]) {
                self.data[c as usize] = self.point.data[c as usize];
            }
        }
        sum
    }

    /// Gives a value a number. Says how far that reaches: to the last of its consumers, if it is another number.
    fn set(&mut self, v: ValueId, data: f64) -> ValueId {
        if data.to_bits() == self.data[v as usize].to_bits() {
            return 0;
        }
        self.data[v as usize] = data;
        self.changed[v as usize] = true;
        self.consumers.of_value(v).last().map_or(0, |usage| usage.consumer())
    }

    /// The roots at the point.
    fn here(&self) -> f64 {
        self.roots.iter().map(|&root| self.point.data[root as usize]).sum()
    }

    /// Central differences over a step and over half of it, whose errors of second order cancel (Richardson).
    fn at(&mut self, v: ValueId, step: f64, rounding: f64) -> Measured {
        let (x, here) = (self.point.data[v as usize], self.here());
        let wide = self.sides(v, x, here, step);
        let narrow = self.sides(v, x, here, step / 2.0);
        let rounding = rounding / step;
        let error = (narrow.central - wide.central).abs() + 2.0 * rounding;
        let jump = (narrow.right - narrow.left).abs();
        // Where it is smooth, left and right come together as the step gets smaller; rounding may keep them apart.
        let floor = 16.0 * rounding + 1e-6 * narrow.left.abs().max(narrow.right.abs());
        if jump > floor && jump > 0.75 * (wide.right - wide.left).abs() {
            return Measured { slope: narrow.central, error, kink: Some([narrow.left, narrow.right]) };
        }
        Measured { slope: narrow.central + (narrow.central - wide.central) / 3.0, error, kink: None }
    }

    fn sides(&mut self, v: ValueId, x: f64, here: f64, step: f64) -> Sides {
        let (below, above) = (x - step, x + step);
        let (low, high) = (self.root(v, below), self.root(v, above));
        Sides {
            left: (here - low) / (x - below),
            right: (high - here) / (above - x),
            central: (high - low) / (above - below),
        }
    }
}

/// Three differences over one step.
struct Sides {
    left: f64,
    right: f64,
    central: f64,
}
