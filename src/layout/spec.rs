//! The order given to the layout.

use super::operands::Rows;
use super::zoom::Sizes;

/// What to lay out.
#[derive(Clone, Copy, Debug)]
pub struct Spec<'a> {
    pub operands: Rows<'a>,
    /// Width of each node's op badge; 0 for a leaf.
    pub badges: &'a [u16],
    /// Width of each node's box where it follows the label (`Names`), capped to `sizes.width`.
    pub widths: Option<&'a [u16]>,
    pub sizes: Sizes,
    /// Whether somebody waits for it between two keys: the first of the orders with the fewest crossings is taken, and
    /// not the one of them that needs the least room.
    pub hasty: bool,
}
