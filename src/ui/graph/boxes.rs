//! Values: a box with a badge to its left.

use super::canvas::{Grid, Role};
use super::scene::{Card, Flow, Scene};
use super::text::{cut, width};
use super::wires::strongest_into;
use crate::layout::{Layout, Rect, Zoom};

pub fn paint(grid: &mut Grid, layout: &Layout, scene: &dyn Scene, node: u32) {
    let card = scene.card(node);
    let body = layout.boxes[node as usize];
    paint_badge(grid, layout, scene, node, &card);
    match layout.sizes.zoom {
        Zoom::Full | Zoom::FullNarrow => full(grid, body, &card),
        Zoom::Cards => cards(grid, body, &card),
        Zoom::NameGrad => {
            name(grid, body, &card);
            right(grid, body.x, body.y + 1, &card.grad, body.w as usize, card.grad_role);
        }
        Zoom::Names => name(grid, body, &card),
        Zoom::Dots => grid.put(body.x, body.y, card.dot, card.role),
    }
}

fn paint_badge(grid: &mut Grid, layout: &Layout, scene: &dyn Scene, node: u32, card: &Card) {
    let badge = layout.badges[node as usize];
    if badge.w == 0 {
        return;
    }
    let (flow, wire_role) = strongest_into(layout, scene, node);
    let role = if flow == Flow::Light { card.role } else { wire_role };
    let op = match badge.w {
        1 => card.op.chars().take(1).collect(),
        _ => format!("({})", cut(&card.op, badge.w as usize - 2)),
    };
    grid.write(badge.x, badge.y, &op, role);
    let wires = layout.wires_into(node as usize).len();
    if card.operands_hidden && (wires == 0 || (wires == 1 && layout.sizes.join > 0)) {
        grid.put(badge.x - 1, badge.y, '…', Role::Dim);
    }
    if layout.sizes.arrow > 0 {
        let arrow = if flow == Flow::Gradient { '◀' } else { '▶' };
        grid.put(badge.right(), badge.y, arrow, role);
    }
}

fn full(grid: &mut Grid, body: Rect, card: &Card) {
    frame(grid, body, card);
    let room = body.w as usize - 9;
    for (row, name, number, role) in [(1, "data", &card.data, card.data_role), (2, "grad", &card.grad, card.grad_role)]
    {
        grid.write(body.x + 2, body.y + row, name, Role::Dim);
        right(grid, body.x + 7, body.y + row, number, room, role);
    }
}

fn cards(grid: &mut Grid, body: Rect, card: &Card) {
    frame(grid, body, card);
    let room = (body.w as usize - 3) / 2;
    let middle = body.x + 1 + room as i32;
    right(grid, body.x + 1, body.y + 1, &card.data, room, card.data_role);
    grid.put(middle, body.y + 1, '│', Role::Dim);
    right(grid, middle + 1, body.y + 1, &card.grad, room, card.grad_role);
}

/// A name on the row of the wires; the wire's own cells behind it stay.
fn name(grid: &mut Grid, body: Rect, card: &Card) {
    grid.put(body.x, body.y, card.marker, marker_role(card));
    let room = body.w as usize - 1;
    let end = grid.write(body.x + 1, body.y, &cut(&card.label, room), card.label_role);
    if end < body.right() {
        grid.put(end, body.y, ' ', card.role);
    }
}

fn marker_role(card: &Card) -> Role {
    if card.heavy { card.label_role } else { card.role }
}

fn right(grid: &mut Grid, x: i32, y: i32, text: &str, room: usize, role: Role) {
    let text = cut(text, room);
    grid.write(x + (room - width(&text)) as i32, y, &text, role);
}

/// Left, right, horizontal, vertical and the lower corners.
const LIGHT: [char; 6] = ['┌', '┐', '─', '│', '└', '┘'];
const HEAVY: [char; 6] = ['┏', '┓', '━', '┃', '┗', '┛'];

fn frame(grid: &mut Grid, body: Rect, card: &Card) {
    let [left, right, across, down, low_left, low_right] = if card.heavy { HEAVY } else { LIGHT };
    let (end, bottom) = (body.right() - 1, body.bottom() - 1);
    for x in body.x + 1..end {
        grid.put(x, body.y, across, card.role);
        grid.put(x, bottom, across, card.role);
    }
    for y in body.y + 1..bottom {
        grid.put(body.x, y, down, card.role);
        for x in body.x + 1..end {
            grid.put(x, y, ' ', card.role);
        }
        grid.put(end, y, down, card.role);
    }
    let corners = [(body.x, body.y, left), (end, body.y, right), (body.x, bottom, low_left), (end, bottom, low_right)];
    for (x, y, symbol) in corners {
        grid.put(x, y, symbol, card.role);
    }
    title(grid, body, card);
    if !card.hint.is_empty() && body.w > 4 {
        let hint = format!(" {} ", cut(&card.hint, body.w as usize - 4));
        grid.write(end - width(&hint) as i32, bottom, &hint, Role::Dim);
    }
}

/// `✓ x1*w1 ──────8`: what does not fit is left out, the number first.
fn title(grid: &mut Grid, body: Rect, card: &Card) {
    let room = body.w as usize - 2;
    let mut x = body.x + 1;
    if card.marker != ' ' {
        grid.put(x, body.y, card.marker, marker_role(card));
        x += 1;
    }
    grid.put(x, body.y, ' ', card.role);
    let used = (x - body.x) as usize;
    let label = cut(&card.label, room - used);
    x = grid.write(x + 1, body.y, &label, card.label_role);
    let left = room - used - width(&label);
    if left > 0 {
        grid.put(x, body.y, ' ', card.role);
    }
    if left > width(&card.number) {
        right(grid, x + 1, body.y, &card.number, left - 1, card.number_role);
    }
}
