//! Where everything goes, in whole cells: a layered drawing (Sugiyama) from left to right.
//!
//! ```text
//!  rank ─▶ layers ─▶ order ─▶ height ─▶ route
//!  which    dummies    few       straight   tracks, wires
//!  layer               crossings wires
//! ```
//!
//! Knows no text, no gradient and no screen, and nothing else of this crate: a badge or a label is a width. What is too
//! large to be drawn whole is cut down to a [`Neighbourhood`] first. The same graph gives
//! the same layout. Nothing recurses over the graph, whose chains may be thousands long.
//!
//! What holds, and is tested: no two values share a cell of wire in the same direction, no wire
//! runs through a box, no wire turns on another value's wire. (Among dots the operands of an op
//! meet on one row, so there only the boxes are sure.)
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "ids are u32, cells are i32, and a graph that is drawn is far below 2^31 of either"
)]
#![allow(clippy::many_single_char_names, clippy::similar_names, reason = "x, y, w, h, u, v are the field's own names")]

mod channel;
mod crossing;
mod draft;
mod drawing;
mod geometry;
mod height;
mod isotonic;
mod layers;
mod neighbourhood;
mod operands;
mod order;
mod rank;
mod route;
mod simplex;
mod spec;
mod tiles;
mod tracks;
mod zoom;

pub use crossing::crossings;
pub use drawing::Layout;
pub use geometry::{Point, Rect, Wire};
pub use neighbourhood::{Limits, Neighbourhood, Neighbours};
pub use operands::Rows;
pub use rank::{SIMPLEX_LIMIT, cells};
pub use spec::Spec;
pub use zoom::{Sizes, Zoom};

use draft::Draft;
use layers::Layers;
use order::Start;

/// Up to this many values several layouts are made and the best one kept.
const CANDIDATE_LIMIT: usize = 400;

impl Layout {
    pub fn new(spec: &Spec) -> Self {
        let layers = Layers::new(spec.operands, &rank::ranks(spec.operands));
        let several = spec.operands.len() <= CANDIDATE_LIMIT && !spec.hasty;
        let starts = if several { &Start::ALL[..] } else { &Start::ALL[..1] };
        let mut orders: Vec<(usize, Layers)> = Vec::new();
        for &start in starts {
            let mut ordered = layers.clone();
            let count = order::reduce_crossings(&mut ordered, start);
            if orders.iter().all(|(_, other)| other.order != ordered.order) {
                orders.push((count, ordered));
            }
            if count == 0 {
                break;
            }
        }
        let least = orders.iter().map(|&(count, _)| count).min().unwrap_or(0);
        let best = orders.iter().filter(|&&(count, _)| count == least).take(if spec.hasty { 1 } else { orders.len() });
        let drafts = best.flat_map(|(_, layers)| Draft::all(spec, layers));
        let best = drafts.min_by_key(|draft| (draft.columns.width, draft.heights.height));
        best.map_or_else(Self::default, |draft| draft.finish(spec, least))
    }
}
