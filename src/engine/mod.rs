//! Graph, ops, order and run: backprop itself, recorded.
//!
//! | file | holds |
//! |---|---|
//! | [`graph`] | [`Graph`]: an arena of values whose operands point backwards |
//! | [`ops`] | the table of built-in ops: one entry an op, compiled and quoted from the same text |
//! | [`op`] | [`Op`]: an op as a graph holds it, from the table or from a scenario's own rules |
//! | `signs` | the same graph by the notebook's old rules, or by the right ones |
//! | [`topo`] | `build_topo`, without recursion, and its events |
//! | [`walk`] | the state of `build_topo` after any of these |
//! | [`sweep`] | the hot loop: every `_backward` in reversed order, `+=` written once |
//! | [`plan`] | what a script will do, in segments of events, before any number is known |
//! | [`bits`] | [`Bits`]: a row of bits, and where the nth that is set stands |
//! | [`record`] | running it, once, into a [`Run`] |
//! | [`history`] | for each value the list of (step, number after it): how a run is kept |
//! | [`run`] | [`Run`]: reading any number at any step, and what event stands there |
//!
//! There is no I/O here and there are no errors: `scenario` checks what is assumed here (operands exist and make no
//! cycle, names are known, a run has fewer than 2^32 events). Nothing recurses over the graph.

pub mod bits;
pub mod graph;
pub mod history;
pub mod op;
pub mod ops;
pub mod plan;
pub mod record;
pub mod run;
mod signs;
pub mod sweep;
pub mod topo;
pub mod walk;

pub use bits::Bits;
pub use graph::{Graph, NONE, ValueId};
pub use op::{Op, OpId};
pub use plan::{Phase, Segment, SegmentKind};
pub use run::{Event, Run, Write};
