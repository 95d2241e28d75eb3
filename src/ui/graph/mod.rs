//! Pane 1: the graph.
//!
//! | file | does |
//! |---|---|
//! | [`pane`] | frame, title, legend; the cells onto the screen |
//! | [`view`] | which picture, in how much detail, which part of it |
//! | [`shown`] | what each value and wire is to show, at the cursor |
//! | [`scene`] | how the painter asks for that |
//! | `wires`, `boxes` | painting, into a grid of cells: [`canvas`] |
//!
//! The painter knows where everything is from [`Layout`], what it says from a [`Scene`], and no colour: a cell has a
//! [`Role`], and the theme decides. Wires are drawn first, weakest first, so that a heavy way through a light joint gets
//! `┩ ┡ ┯ ╂` by itself; then what stands on them.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "ids are u32, cells are i32, and a graph that is drawn is far below 2^31 of either"
)]

mod boxes;
pub mod canvas;
mod glyph;
pub mod pane;
pub mod scene;
pub mod shown;
mod text;
pub mod view;
mod wires;

pub use canvas::{Cell, Grid, Role};
pub use scene::{Card, Flow, Scene, WireLook};
pub use text::{cut, width};

use crate::layout::{Layout, Rect};

/// The cells of `viewport`, in the coordinates of the layout. Costs what the viewport shows.
pub fn paint(layout: &Layout, scene: &dyn Scene, viewport: Rect) -> Grid {
    let mut grid = Grid::new(viewport);
    let (nodes, wires) = layout.visible(viewport);
    wires::paint(&mut grid, layout, scene, &wires);
    for node in nodes {
        boxes::paint(&mut grid, layout, scene, node);
    }
    wires::paint_arrows(&mut grid, layout, scene, &wires);
    grid
}
