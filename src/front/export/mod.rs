//! The graph at a step, to take away.
//!
//! | file | for |
//! |---|---|
//! | [`dot`] | Graphviz, as the notebook's `draw_graph` writes it |
//! | [`mermaid`] | pages that draw Mermaid, as code hosts do |
//! | [`svg`] | a picture that needs no other program: what the graph pane shows |

mod dot;
mod joints;
mod mermaid;
mod svg;

pub use dot::dot;
pub use mermaid::mermaid;
pub use svg::svg;

use std::io;
use std::path::Path;

use crate::debugger::Debugger;
use crate::engine::ValueId;
use crate::scenario::save;

/// Draws the graph at a step into a file, as its name says.
///
/// # Errors
/// What the system says stands in the way; what was there is untouched then.
pub fn write(debugger: &Debugger, path: &Path) -> io::Result<()> {
    let text = match path.extension().and_then(|ending| ending.to_str()) {
        Some("dot") => dot,
        Some("mmd") => mermaid,
        Some("svg") => svg,
        _ => return Err(io::Error::other("its name ends in none of .dot, .mmd and .svg")),
    };
    save::write(path, || text(debugger))
}

/// `%.4f` of Python; `-` for data that is not computed yet.
fn four(x: Option<f64>) -> String {
    match x {
        None => "-".to_owned(),
        Some(x) if x.is_nan() => "nan".to_owned(),
        Some(x) => format!("{x:.4}"),
    }
}

/// Every edge: operand, consumer, and which operand it is. Both of `a + a`.
fn edges(debugger: &Debugger) -> impl Iterator<Item = (ValueId, ValueId, usize)> {
    let graph = &debugger.run.graph;
    graph.ids().flat_map(|v| graph.operands_of(v).iter().enumerate().map(move |(slot, &operand)| (operand, v, slot)))
}
