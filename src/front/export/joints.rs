use std::collections::BTreeMap;

use crate::layout::{Layout, Point};

/// The cells in which the wires of one value part: a dot there tells a joint from two wires that cross.
pub fn joints(layout: &Layout) -> Vec<Point> {
    let mut arms: BTreeMap<(u32, Point), u8> = BTreeMap::new();
    for wire in &layout.wires {
        for pair in wire.points.windows(2) {
            let (dx, dy) = ((pair[1].x - pair[0].x).signum(), (pair[1].y - pair[0].y).signum());
            let mut at = pair[0];
            while at != pair[1] {
                let next = Point { x: at.x + dx, y: at.y + dy };
                *arms.entry((wire.source, at)).or_default() |= arm(dx, dy);
                *arms.entry((wire.source, next)).or_default() |= arm(-dx, -dy);
                at = next;
            }
        }
    }
    arms.into_iter().filter(|(_, arms)| arms.count_ones() > 2).map(|((_, at), _)| at).collect()
}

/// One bit a direction.
fn arm(dx: i32, dy: i32) -> u8 {
    match (dx, dy) {
        (-1, _) => 1,
        (1, _) => 2,
        (_, -1) => 4,
        _ => 8,
    }
}
