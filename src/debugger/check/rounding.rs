use super::point::Point;

/// How far apart numbers may be that are the same but for rounding. None of this decides what a slope is, only how much
/// of it is to be trusted.
pub struct Rounding {
    /// For each value the sum over all paths to a root of the product of slopes, each made positive: what a slope would
    /// be if nothing cancelled.
    pub mass: Vec<f64>,
    /// How far a grad may be off through rounding on its way.
    pub grad: Vec<f64>,
    /// How far the root may be off through the rounding of each value's own data.
    pub data: Vec<f64>,
}

/// A rule that computes a slope as a difference, as the notebook's `1 - t**2` does, has an error of the size of what is
/// subtracted. Up to this much is taken for rounding.
const DIFFERENCE: f64 = 4.0 * f64::EPSILON;

impl Rounding {
    pub fn new(point: &Point) -> Self {
        let none = || vec![0.0; point.graph.len()];
        let mut own = Self { mass: none(), grad: none(), data: none() };
        for &root in point.roots {
            own.mass[root as usize] = 1.0;
        }
        for v in point.downwards() {
            let (mass, grad) = (own.mass[v as usize], own.grad[v as usize]);
            own.data[v as usize] = finite(f64::EPSILON * point.data[v as usize].abs() * mass);
            for (slot, &operand) in point.graph.operands_of(v).iter().enumerate() {
                let slope = point.slopes[v as usize][slot];
                let gap = (point.amount(v, slot) - slope).abs();
                let of_rule = if gap <= DIFFERENCE { gap } else { 0.0 };
                own.mass[operand as usize] += finite(slope.abs() * mass);
                own.grad[operand as usize] +=
                    finite(slope.abs() * grad + (of_rule + 4.0 * f64::EPSILON * slope.abs()) * mass);
            }
        }
        own
    }
}

/// Where there is no telling, nothing is forgiven.
fn finite(x: f64) -> f64 {
    if x.is_finite() { x } else { 0.0 }
}
