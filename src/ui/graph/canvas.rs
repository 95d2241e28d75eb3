//! Cells with meanings.

use super::glyph::{Arms, glyph};
use super::text;
use crate::layout::{Point, Rect};

/// What a cell means; the theme turns it into colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Role {
    #[default]
    Text,
    /// Present, but beside the point: order numbers, separators.
    Dim,
    /// Gradient that flows or has just changed.
    Flowing,
    /// The call stack of `build_topo`.
    CallStack,
    /// What is busy, but not with gradient.
    Strong,
    /// The node that runs.
    Here,
    /// The user's selection.
    Selected,
    Done,
    /// Has some grad, has not run.
    Partial,
    NotReached,
    Wrong,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// A space where nothing is, `\0` behind a character that is two cells wide.
    pub symbol: char,
    pub role: Role,
}

impl Cell {
    pub const BLANK: Self = Self { symbol: ' ', role: Role::Text };
}

/// A viewport's cells, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    pub viewport: Rect,
    pub cells: Vec<Cell>,
    arms: Vec<Arms>,
}

impl Grid {
    pub fn new(viewport: Rect) -> Self {
        let viewport = Rect { w: viewport.w.max(0), h: viewport.h.max(0), ..viewport };
        let count = viewport.w as usize * viewport.h as usize;
        Self { viewport, cells: vec![Cell::BLANK; count], arms: vec![Arms::default(); count] }
    }

    pub fn rows(&self) -> impl Iterator<Item = &[Cell]> {
        self.cells.chunks(self.viewport.w.max(1) as usize)
    }

    /// The rows as lines of text without trailing blanks.
    pub fn text(&self) -> Vec<String> {
        let line =
            |row: &[Cell]| row.iter().map(|cell| cell.symbol).filter(|&symbol| symbol != '\0').collect::<String>();
        self.rows().map(|row| line(row).trim_end().to_owned()).collect()
    }

    fn index(&self, x: i32, y: i32) -> Option<usize> {
        let Rect { x: left, y: top, w, .. } = self.viewport;
        let inside = self.viewport.contains(Point { x, y });
        inside.then(|| (y - top) as usize * w as usize + (x - left) as usize)
    }

    pub fn put(&mut self, x: i32, y: i32, symbol: char, role: Role) {
        if let Some(index) = self.index(x, y) {
            self.cells[index] = Cell { symbol, role };
        }
    }

    /// Writes text and returns the cell after it. Characters of no width are left out; what the edge of the view cuts off
    /// is an ellipsis, so that no name and no number is taken for another.
    pub fn write(&mut self, mut x: i32, y: i32, text: &str, role: Role) -> i32 {
        let (left, right) = (self.viewport.x, self.viewport.right());
        let mut cut = [false; 2];
        for symbol in text.chars() {
            let cells = text::char_width(symbol) as i32;
            let seen = symbol != ' ' && cells > 0;
            cut = [cut[0] || seen && x < left, cut[1] || seen && x + cells > right];
            if cells > 0 {
                self.put(x, y, symbol, role);
            }
            for behind in 1..cells {
                self.put(x + behind, y, '\0', role);
            }
            x += cells;
        }
        let start = x - text::width(text) as i32;
        for edge in [left, right - 1].into_iter().zip(cut).filter(|(_, cut)| *cut).map(|(edge, _)| edge) {
            if (start..x).contains(&edge) {
                self.put(edge, y, '…', role);
            }
        }
        x
    }

    /// Draws a straight line, with half a cell at each end so that lines join.
    pub fn line(&mut self, from: Point, to: Point, heavy: bool, role: Role) {
        let (from, to) = if (from.x, from.y) <= (to.x, to.y) { (from, to) } else { (to, from) };
        let Rect { x: left, y: top, .. } = self.viewport;
        let (end_x, end_y) = (self.viewport.right(), self.viewport.bottom());
        let along = from.y == to.y;
        let cells =
            if along { from.x.max(left - 1)..to.x.min(end_x) + 1 } else { from.y.max(top - 1)..to.y.min(end_y) + 1 };
        let (first, last) = if along { (from.x, to.x) } else { (from.y, to.y) };
        for at in cells {
            let (x, y) = if along { (at, from.y) } else { (from.x, at) };
            let Some(index) = self.index(x, y) else {
                continue;
            };
            let arms = &mut self.arms[index];
            arms.add(along, [at > first, at < last], heavy);
            self.cells[index] = Cell { symbol: glyph(*arms), role };
        }
    }
}
