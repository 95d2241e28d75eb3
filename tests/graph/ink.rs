//! No two values share ink, on random graphs at every zoom.

use std::collections::BTreeMap;

use super::common::{Dice, Fixture};
use stepgrad::layout::{Layout, Point, Sizes, Wire, Zoom, crossings};

/// The values that leave a cell to the left, up, right and down.
type Arms = [Option<u32>; 4];

/// By cell: the value and the arm.
type Ink = BTreeMap<(i32, i32), Vec<(u32, usize)>>;

/// Who draws in each cell. From an op's joint on, the ink is the op's and not its operands'.
fn ink(layout: &Layout) -> Result<Ink, String> {
    let mut arms: BTreeMap<(i32, i32), Arms> = BTreeMap::new();
    for wire in &layout.wires {
        let joint = layout.badges[wire.consumer as usize].x - layout.sizes.join;
        for pair in wire.points.windows(2) {
            let (dx, dy) = ((pair[1].x - pair[0].x).signum(), (pair[1].y - pair[0].y).signum());
            if (dx != 0) == (dy != 0) {
                return Err(format!("not a straight run: {pair:?}"));
            }
            let mut at = pair[0];
            while at != pair[1] {
                let next = Point { x: at.x + dx, y: at.y + dy };
                let of_op = at.x == joint && layout.sizes.join > 0;
                let owner = if of_op { 1_000_000 + wire.consumer } else { wire.source };
                let out = direction(dx, dy);
                for (cell, arm) in [(at, out), (next, (out + 2) % 4)] {
                    let slot = &mut arms.entry((cell.x, cell.y)).or_default()[arm];
                    if slot.is_some_and(|other| other != owner) {
                        return Err(format!("{:?} and {owner} share {cell:?}", *slot));
                    }
                    *slot = Some(owner);
                }
                at = next;
            }
        }
    }
    let owned = |arms: Arms| arms.into_iter().enumerate().filter_map(|(arm, owner)| Some((owner?, arm))).collect();
    Ok(arms.into_iter().map(|(cell, arms)| (cell, owned(arms))).collect())
}

fn direction(dx: i32, dy: i32) -> usize {
    match (dx, dy) {
        (-1, _) => 0,
        (_, -1) => 1,
        (1, _) => 2,
        _ => 3,
    }
}

/// Where two values meet, one passes straight across and the other straight down.
fn check_meetings(layout: &Layout) -> Result<(), String> {
    for (cell, arms) in ink(layout)? {
        let first = arms[0].0;
        let joint = arms.iter().any(|&(owner, _)| owner >= 1_000_000);
        if arms.iter().all(|&(owner, _)| owner == first) {
            continue;
        }
        let owners: Vec<_> = arms.iter().map(|&(owner, _)| owner).collect();
        let across = matches!(owners[..], [left, up, right, down] if left == right && up == down);
        let ops: std::collections::BTreeSet<_> = owners.iter().filter(|&&owner| owner >= 1_000_000).collect();
        let at_one_op = joint && ops.len() == 1;
        if !across && !at_one_op {
            return Err(format!("meeting at {cell:?}: {arms:?}"));
        }
        if joint {
            let op = **ops.first().unwrap() - 1_000_000;
            let fed =
                owners.iter().all(|&o| o >= 1_000_000 || layout.wires_into(op as usize).iter().any(|w| w.source == o));
            if !fed || arms.len() == 4 {
                return Err(format!("foreign wire in the joint at {cell:?}"));
            }
        }
    }
    Ok(())
}

/// Where a label may be written, nothing but its own wire passes.
fn check_free(layout: &Layout) -> Result<(), String> {
    let ink = ink(layout)?;
    for wire in &layout.wires {
        for x in wire.free.x..wire.free.right() {
            let across = [(wire.source, 0), (wire.source, 2)];
            if ink.get(&(x, wire.free.y)).is_none_or(|arms| arms[..] != across) {
                return Err(format!("not free at {x}: {wire:?}"));
            }
        }
    }
    Ok(())
}

fn check_boxes(layout: &Layout) -> Result<(), String> {
    let mut owner = BTreeMap::new();
    for (node, (body, badge)) in layout.boxes.iter().zip(&layout.badges).enumerate() {
        if body.x < 0 || body.y < 0 || body.right() > layout.width || body.bottom() > layout.height {
            return Err(format!("{node} is outside"));
        }
        let arrow = stepgrad::layout::Rect { x: badge.x, w: if badge.w > 0 { body.x - badge.x } else { 0 }, ..*badge };
        for rect in [*body, arrow] {
            for y in rect.y..rect.bottom() {
                for x in rect.x..rect.right() {
                    if owner.insert((x, y), node).is_some() {
                        return Err(format!("{node} overlaps"));
                    }
                }
            }
        }
    }
    for wire in &layout.wires {
        check_wire(wire, &owner)?;
    }
    Ok(())
}

/// Only the first cell (in the source's box) and the last (in the badge) are taken.
fn check_wire(wire: &Wire, owner: &BTreeMap<(i32, i32), usize>) -> Result<(), String> {
    let mut cells = vec![wire.points[0]];
    for pair in wire.points.windows(2) {
        let (dx, dy) = ((pair[1].x - pair[0].x).signum(), (pair[1].y - pair[0].y).signum());
        while *cells.last().unwrap() != pair[1] {
            let last = *cells.last().unwrap();
            cells.push(Point { x: last.x + dx, y: last.y + dy });
        }
    }
    let taken = |cell: &Point| owner.get(&(cell.x, cell.y)).copied();
    let inner = &cells[1..cells.len() - 1];
    match (taken(&cells[0]), taken(cells.last().unwrap()), inner.iter().find(|cell| taken(cell).is_some())) {
        (Some(from), Some(to), None) if from == wire.source as usize && to == wire.consumer as usize => Ok(()),
        (_, _, through) => Err(format!("wire {wire:?} through a box at {through:?}")),
    }
}

fn check(fixture: &Fixture, sizes: Sizes) {
    let layout = fixture.layout_sized(sizes);
    let result =
        if sizes.zoom == Zoom::Dots { Ok(()) } else { check_meetings(&layout).and_then(|()| check_free(&layout)) };
    if let Err(problem) = result.and_then(|()| check_boxes(&layout)) {
        panic!("{problem}\n{:?}\n{:?}\n{}", fixture.starts, fixture.operands, fixture.picture(sizes));
    }
}

#[test]
fn no_two_values_share_ink() {
    let graphs = std::env::var("INK_GRAPHS").map_or(500, |count| count.parse().expect("a number of graphs"));
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for _ in 0..graphs {
        let mut fixture = super::common::random(&mut dice);
        for zoom in Zoom::ALL {
            for hasty in [false, true] {
                fixture.hasty = hasty;
                check(&fixture, zoom.sizes());
            }
        }
    }
}

#[test]
fn nor_on_the_examples() {
    for fixture in [
        super::common::neuron(),
        super::common::a_plus_a(),
        super::common::diamond(),
        super::common::kitchen_sink(),
        super::common::mlp(),
        super::common::mlp_examples(4, false),
    ] {
        for sizes in Zoom::ALL.map(Zoom::sizes).into_iter().chain([Sizes::WIDE]) {
            check(&fixture, sizes);
        }
    }
}

#[test]
fn the_same_graph_gets_the_same_layout() {
    let mut dice = Dice(7);
    for _ in 0..100 {
        let fixture = super::common::random(&mut dice);
        assert_eq!(fixture.layout(Zoom::Cards), fixture.layout(Zoom::Cards));
    }
}

#[test]
fn crossings_of_what_can_be_drawn_without() {
    for zoom in Zoom::ALL {
        assert_eq!(crossings(&super::common::neuron().layout(zoom)), 0);
        assert_eq!(crossings(&super::common::a_plus_a().layout(zoom)), 0);
        assert!(crossings(&super::common::diamond().layout(zoom)) <= 1);
    }
}

/// `dot -v` of Graphviz 2.43.0 says 8 for the README of micrograd and 41 for the MLP, both with the ops
/// as nodes of their own.
#[test]
fn no_more_crossings_than_dot() {
    for zoom in Zoom::ALL {
        let (kitchen, mlp) = (super::common::kitchen_sink().layout(zoom), super::common::mlp().layout(zoom));
        assert!(crossings(&kitchen) <= 8 && kitchen.order_crossings <= 8);
        assert!(crossings(&mlp) <= 45 && mlp.order_crossings <= 41, "{}", crossings(&mlp));
    }
}

#[test]
fn the_whole_mlp_fits_as_dots() {
    for fixture in [super::common::mlp(), super::common::mlp_bias_last()] {
        let layout = fixture.layout(Zoom::Dots);
        assert!(layout.width <= 90 && layout.height <= 20, "{}x{}", layout.width, layout.height);
    }
}

#[test]
fn the_neighbourhood_of_anything() {
    let whole = super::common::mlp_examples(15, false);
    for centre in (0..whole.labels.len() as u32).step_by(7) {
        let near = whole.near(centre, stepgrad::layout::Limits::default());
        check(&near, Zoom::Cards.sizes());
    }
}

/// `dot -v` of Graphviz 2.43.0 says 0, 0, 1 and 8 for what `show --format dot` writes of them.
#[test]
fn shipped_graphs_have_no_more_crossings_than_dot() {
    for (name, most) in [("neuron", 0), ("diamond", 0), ("two-uses", 1), ("kitchen-sink", 5)] {
        let source = stepgrad::scenario::Source::builtin(name).unwrap();
        let picture = stepgrad::debugger::picture::Picture::whole(&stepgrad::scenario::read(&source).unwrap());
        // Among dots both operands of an op meet on one row.
        for (level, sizes) in Sizes::LEVELS.iter().enumerate().filter(|(_, sizes)| sizes.zoom != Zoom::Dots) {
            let layout = picture.layout(level);
            assert!(crossings(layout) <= most, "{name}, {:?}: {}", sizes.zoom, crossings(layout));
        }
    }
}
