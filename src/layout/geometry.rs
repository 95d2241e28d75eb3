//! Cells, rectangles of them, and wires.

/// A cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Point {
    pub x: i32,
    pub y: i32,
}

/// A rectangle of cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rect {
    pub x: i32,
    pub y: i32,
    pub w: i32,
    pub h: i32,
}

impl Rect {
    pub fn right(self) -> i32 {
        self.x + self.w
    }

    pub fn bottom(self) -> i32 {
        self.y + self.h
    }

    pub fn contains(self, point: Point) -> bool {
        (self.x..self.right()).contains(&point.x) && (self.y..self.bottom()).contains(&point.y)
    }
}

/// One edge: from a value to one operand slot of one consumer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wire {
    pub source: u32,
    pub consumer: u32,
    pub slot: u32,
    /// Corners of the way, from the right border of the source's box to the first cell of the
    /// consumer's badge. Edges of one value share cells where they share a trunk.
    pub points: Vec<Point>,
    /// The last run before the joint, where no other wire crosses: room for a label.
    pub free: Rect,
}
