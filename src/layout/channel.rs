//! Channel routing: the wires between two layers, one vertical track for each value.
//!
//! A wire comes from the left on its own row, turns into its track, and leaves to the right on
//! every row where it is wanted. If value A leaves on the row where value B comes in, B's track
//! must be left of A's, or the two would share that row. Such demands can form a cycle (two wires
//! that change places); then one of them changes tracks half-way, on a row that nobody else uses.

use super::tracks;

/// The wires of one value in one gap that are not straight.
pub struct Net {
    pub enter: i32,
    /// Rows on which it leaves, without repeats.
    pub leave: Vec<i32>,
}

/// Where a net is drawn: a vertical track, or two joined by a piece on a free row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Track {
    pub column: i32,
    pub dogleg: Option<Dogleg>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dogleg {
    pub row: i32,
    pub column: i32,
}

/// A net, or one half of a net with a dogleg.
struct Leg {
    net: usize,
    enter: i32,
    leave: Vec<i32>,
    low: i32,
    high: i32,
    /// The leg of the same net that must be left of this one.
    after: Option<usize>,
    split: bool,
}

impl Leg {
    fn new(net: usize, enter: i32, leave: Vec<i32>, after: Option<usize>, split: bool) -> Self {
        let low = leave.iter().copied().fold(enter, i32::min);
        let high = leave.iter().copied().fold(enter, i32::max);
        Self { net, enter, leave, low, high, after, split }
    }

    fn spans(&self, row: i32) -> bool {
        (self.low..=self.high).contains(&row)
    }

    /// Do the rows overlap, so that one column does not do for both? Among dots, where operands
    /// meet on the row of their op, one from above and one from below may stand in line.
    fn meets(&self, other: &Self) -> bool {
        let (low, high) = (self.low.max(other.low), self.high.min(other.high));
        low < high || (low == high && !(self.leave.contains(&low) && other.leave.contains(&low)))
    }

    /// Must `self` be left of `other`, given that `other` ends where `self` begins?
    fn must_precede(&self, other: &Self) -> bool {
        self.net != other.net && other.leave.contains(&self.enter) && !self.leave.contains(&self.enter)
    }
}

/// Tracks for all nets, and the number of columns. `busy` are the rows that straight wires take.
pub fn route(nets: &[Net], busy: &[i32]) -> (Vec<Track>, i32) {
    let whole = |(net, n): (usize, &Net)| Leg::new(net, n.enter, n.leave.clone(), None, false);
    let mut legs: Vec<Leg> = nets.iter().enumerate().map(whole).collect();
    let order = loop {
        match sorted(&legs) {
            Ok(order) => break order,
            Err(leg) => split(&mut legs, leg, busy),
        }
    };
    let order =
        tracks::improve(order, &|a, b| cost(&legs[a], &legs[b], legs[b].after == Some(a), legs[a].after == Some(b)));
    columns(&legs, &order, nets.len())
}

/// What it costs to have `a` left of `b`: crossings, or far more if that is forbidden.
fn cost(a: &Leg, b: &Leg, first_half: bool, second_half: bool) -> i32 {
    if first_half || !a.meets(b) {
        return 0;
    }
    if second_half || b.must_precede(a) {
        return tracks::FORBIDDEN;
    }
    let leaving = a.leave.iter().filter(|&&row| b.spans(row)).count() as i32;
    leaving + i32::from(a.spans(b.enter))
}

/// An order that keeps all demands (Kahn), or else a leg that is part of a cycle of them.
fn sorted(legs: &[Leg]) -> Result<Vec<usize>, usize> {
    let mut entering: Vec<(i32, usize)> = legs.iter().enumerate().map(|(id, leg)| (leg.enter, id)).collect();
    entering.sort_unstable();
    let mut before = vec![Vec::new(); legs.len()];
    let mut next = vec![Vec::new(); legs.len()];
    for (id, leg) in legs.iter().enumerate() {
        let place = |row: &i32| entering.binary_search_by_key(row, |&(row, _)| row).ok();
        let owners = leg.leave.iter().filter_map(place).map(|at| entering[at].1);
        let demands = owners.filter(|&owner| legs[owner].must_precede(leg));
        for first in demands.chain(leg.after) {
            before[id].push(first);
            next[first].push(id);
        }
    }
    let mut missing: Vec<usize> = before.iter().map(Vec::len).collect();
    let mut order: Vec<usize> = (0..legs.len()).filter(|&id| missing[id] == 0).collect();
    let mut done = 0;
    while let Some(&id) = order.get(done) {
        done += 1;
        for &other in &next[id] {
            missing[other] -= 1;
            if missing[other] == 0 {
                order.push(other);
            }
        }
    }
    match missing.iter().position(|&count| count > 0) {
        None => Ok(order),
        Some(stuck) => Err(in_cycle(stuck, &before, &missing)),
    }
}

/// Walking back over what is stuck ends up going round.
fn in_cycle(stuck: usize, before: &[Vec<usize>], missing: &[usize]) -> usize {
    let mut seen = vec![false; before.len()];
    let mut at = stuck;
    while !std::mem::replace(&mut seen[at], true) {
        at = before[at].iter().copied().find(|&first| missing[first] > 0).unwrap_or(at);
    }
    at
}

/// Halves a leg over the free row nearest to its middle. A half begins or ends where nobody else
/// does, so that it is never part of a cycle again.
fn split(legs: &mut Vec<Leg>, id: usize, busy: &[i32]) {
    debug_assert!(!legs[id].split, "a half is never part of a cycle");
    let taken = |row: i32| busy.contains(&row) || legs.iter().any(|leg| leg.enter == row || leg.leave.contains(&row));
    let middle = i32::midpoint(legs[id].low, legs[id].high);
    let near = (0..).flat_map(|distance| [middle + distance, middle - distance]);
    let row = near.filter(|&row| row >= 0).find(|&row| !taken(row)).unwrap_or(0);
    let leg = &mut legs[id];
    let leave = std::mem::replace(&mut leg.leave, vec![row]);
    let (net, enter) = (leg.net, leg.enter);
    *leg = Leg::new(net, enter, vec![row], None, true);
    legs.push(Leg::new(net, row, leave, Some(id), true));
}

/// Packs the tracks to the left: two share a column if their rows are apart.
fn columns(legs: &[Leg], order: &[usize], nets: usize) -> (Vec<Track>, i32) {
    let mut column = vec![0; legs.len()];
    let mut width = 0;
    for (place, &id) in order.iter().enumerate() {
        let before = order[..place].iter().filter(|&&other| legs[other].meets(&legs[id]));
        column[id] = before.map(|&other| column[other] + 1).max().unwrap_or(0);
        width = width.max(column[id] + 1);
    }
    let mut tracks: Vec<Track> = (0..nets).map(|id| Track { column: column[id], dogleg: None }).collect();
    for (id, leg) in legs.iter().enumerate().skip(nets) {
        tracks[leg.net].dogleg = Some(Dogleg { row: leg.enter, column: column[id] });
    }
    (tracks, width)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn net(enter: i32, leave: &[i32]) -> Net {
        Net { enter, leave: leave.to_vec() }
    }

    #[test]
    fn one_that_begins_where_another_ends_is_left_of_it() {
        let (tracks, width) = route(&[net(0, &[3]), net(3, &[5])], &[]);
        assert!(tracks[1].column < tracks[0].column);
        assert_eq!(width, 2);
    }

    #[test]
    fn two_that_change_places_need_a_dogleg_on_a_free_row() {
        let (tracks, _) = route(&[net(0, &[3]), net(3, &[0])], &[1, 2]);
        let (turned, straight): (Vec<Track>, Vec<Track>) = tracks.into_iter().partition(|track| track.dogleg.is_some());
        let (turned, straight) = (turned[0], straight[0]);
        let dogleg = turned.dogleg.unwrap();
        assert!(turned.column < straight.column && straight.column < dogleg.column);
        assert!(![0, 1, 2, 3].contains(&dogleg.row));
    }

    #[test]
    fn tracks_far_apart_share_a_column() {
        let (tracks, width) = route(&[net(0, &[1]), net(5, &[6])], &[]);
        assert_eq!(width, 1);
        assert_eq!(tracks[0], tracks[1]);
    }
}
