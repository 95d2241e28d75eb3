//! Wires, what is written on them, and where gradient arrives.

use super::canvas::{Grid, Role};
use super::scene::{Flow, Scene, WireLook};
use super::text;
use crate::layout::{Layout, Point, Wire, Zoom};

pub fn paint(grid: &mut Grid, layout: &Layout, scene: &dyn Scene, visible: &[u32]) {
    let looked = visible.iter().map(|&id| &layout.wires[id as usize]);
    let mut wires: Vec<(WireLook, &Wire)> = looked.map(|wire| (scene.wire(wire.consumer, wire.slot), wire)).collect();
    wires.sort_by_key(|(look, _)| look.flow);
    for (look, wire) in &wires {
        draw(grid, layout, scene, wire, *look);
    }
    for (look, wire) in &wires {
        write_on(grid, scene, wire, *look);
    }
}

fn draw(grid: &mut Grid, layout: &Layout, scene: &dyn Scene, wire: &Wire, look: WireLook) {
    let heavy = look.flow != Flow::Light;
    for pair in wire.points.windows(2) {
        grid.line(pair[0], pair[1], heavy, look.role);
    }
    if inline(layout) {
        // The wire goes on inside the box, up to the name.
        let end = wire.points[0];
        let start = Point { x: name_end(layout, scene, wire.source), y: end.y };
        if start.x < end.x + 1 {
            grid.line(Point { x: start.x - 1, ..start }, Point { x: end.x + 1, ..end }, heavy, look.role);
        }
    }
}

/// Boxes without a frame, where a name stands on the row of the wire.
fn inline(layout: &Layout) -> bool {
    matches!(layout.sizes.zoom, Zoom::NameGrad | Zoom::Names)
}

/// The first cell after a name and the blank that follows it, or after the box if the name is long.
fn name_end(layout: &Layout, scene: &dyn Scene, node: u32) -> i32 {
    let body = layout.boxes[node as usize];
    let name = text::width(&scene.card(node).label) as i32;
    (body.x + 1 + name + 1).min(body.right())
}

/// Near the op, with a cell of wire on each side, so that it is clear what it belongs to.
fn write_on(grid: &mut Grid, scene: &dyn Scene, wire: &Wire, look: WireLook) {
    let Ok(room) = usize::try_from(wire.free.w - 4) else {
        return;
    };
    let Some(label) = scene.wire_text(wire.consumer, wire.slot, room) else {
        return;
    };
    let label = text::cut(&label, room);
    let x = wire.free.right() - 1 - text::width(&label) as i32 - 2;
    grid.write(x, wire.free.y, &format!(" {label} "), look.role);
}

pub fn paint_arrows(grid: &mut Grid, layout: &Layout, scene: &dyn Scene, visible: &[u32]) {
    for &id in visible {
        let wire = &layout.wires[id as usize];
        let look = scene.wire(wire.consumer, wire.slot);
        let arrives = look.flow == Flow::Gradient && layout.sizes.zoom != Zoom::Dots;
        if arrives {
            let x = if inline(layout) { name_end(layout, scene, wire.source) } else { wire.points[0].x + 1 };
            grid.put(x, wire.points[0].y, '◀', look.role);
        }
    }
}

/// The strongest of the wires into a node: it runs through the badge.
pub fn strongest_into(layout: &Layout, scene: &dyn Scene, node: u32) -> (Flow, Role) {
    let looks = layout.wires_into(node as usize).iter().map(|wire| scene.wire(wire.consumer, wire.slot));
    looks.max_by_key(|look| look.flow).map_or((Flow::Light, Role::Text), |look| (look.flow, look.role))
}
