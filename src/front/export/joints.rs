use std::collections::{BTreeMap, BTreeSet};

use crate::layout::{Layout, Point};

/// What the wires of a value cover of each line of cells: stretches that do not touch, in order.
type Runs = BTreeMap<(u32, Line), Vec<(i32, i32)>>;

/// A row or a column of cells.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Line {
    Row(i32),
    Column(i32),
}

/// The cells in which the wires of one value part: a dot there tells a joint from two wires that cross. Wires part where
/// one of them turns.
pub fn joints(layout: &Layout) -> Vec<Point> {
    let runs = runs(layout);
    let turns = layout.wires.iter().flat_map(|wire| wire.points.iter().map(|&point| (wire.source, point)));
    let turns: BTreeSet<(u32, Point)> = turns.collect();
    let parts = |&(source, Point { x, y }): &(u32, Point)| {
        arms(&runs, source, Line::Row(y), x) + arms(&runs, source, Line::Column(x), y) > 2
    };
    turns.into_iter().filter(parts).map(|(_, at)| at).collect()
}

fn runs(layout: &Layout) -> Runs {
    let mut runs = Runs::new();
    for wire in &layout.wires {
        for pair in wire.points.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            let (line, from, to) = if a.y == b.y { (Line::Row(a.y), a.x, b.x) } else { (Line::Column(a.x), a.y, b.y) };
            runs.entry((wire.source, line)).or_default().push((from.min(to), from.max(to)));
        }
    }
    runs.values_mut().for_each(join);
    runs
}

/// Makes one of those that touch.
fn join(runs: &mut Vec<(i32, i32)>) {
    runs.sort_unstable();
    runs.dedup_by(|next, run| {
        let touch = next.0 <= run.1;
        if touch {
            run.1 = run.1.max(next.1);
        }
        touch
    });
}

/// On how many sides of a cell the wires of a value go on along a line.
fn arms(runs: &Runs, source: u32, line: Line, at: i32) -> u8 {
    let Some(runs) = runs.get(&(source, line)) else { return 0 };
    let before = runs.partition_point(|(from, _)| *from <= at);
    let run = before.checked_sub(1).map(|last| runs[last]).filter(|(_, to)| at <= *to);
    run.map_or(0, |(from, to)| u8::from(from < at) + u8::from(at < to))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::joints;
    use crate::layout::{Layout, Point, Rows, Sizes, Spec};

    /// The same by looking at every cell of every wire.
    fn by_cells(layout: &Layout) -> Vec<Point> {
        let mut sides = BTreeMap::<(u32, Point), BTreeSet<(i32, i32)>>::new();
        for wire in &layout.wires {
            for pair in wire.points.windows(2) {
                let (dx, dy) = ((pair[1].x - pair[0].x).signum(), (pair[1].y - pair[0].y).signum());
                let mut at = pair[0];
                while at != pair[1] {
                    let next = Point { x: at.x + dx, y: at.y + dy };
                    sides.entry((wire.source, at)).or_default().insert((dx, dy));
                    sides.entry((wire.source, next)).or_default().insert((-dx, -dy));
                    at = next;
                }
            }
        }
        sides.into_iter().filter(|(_, sides)| sides.len() > 2).map(|((_, at), _)| at).collect()
    }

    #[test]
    fn wires_part_where_a_look_at_every_cell_finds_it() {
        let mut seed = 3_u32;
        let mut dice = |bound: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) % bound
        };
        let mut found = 0;
        for values in (2..60).chain([300]) {
            let (mut starts, mut items) = (vec![0, 0], Vec::new());
            for v in 1..values {
                items.extend((0..dice(3)).map(|_| dice(v)));
                starts.push(u32::try_from(items.len()).unwrap());
            }
            let badges = vec![1; starts.len() - 1];
            let operands = Rows { starts: &starts, items: &items };
            let sizes = Sizes::LEVELS[0];
            let layout = Layout::new(&Spec { operands, badges: &badges, widths: None, sizes, hasty: false });
            assert_eq!(joints(&layout), by_cells(&layout));
            found += joints(&layout).len();
        }
        assert!(found > 100);
    }
}
