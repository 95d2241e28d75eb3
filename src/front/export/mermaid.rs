use std::fmt::Write;

use super::{edges, four};
use crate::debugger::Debugger;
use crate::debugger::flow::Flow;
use crate::debugger::picture::op_text;
use crate::scenario::cleaned;

/// The graph as a Mermaid flowchart: a box a value, a circle an op. Edges that gradient runs along at this step are
/// thick, and `▶` stands before the value whose `_backward` has just run; not at the end, which is the picture of a whole
/// run.
pub fn mermaid(debugger: &Debugger) -> String {
    let mut chart = String::from("flowchart LR\n");
    let running = debugger.running().filter(|_| debugger.step < debugger.run.steps);
    for v in debugger.run.graph.ids() {
        let here = if running == Some(v) { "▶ " } else { "" };
        let label = escaped(debugger.label(v));
        let (data, grad) = (four(debugger.data(v)), four(Some(debugger.grad(v))));
        // Writing to a string does not fail.
        let _ = writeln!(chart, "    v{v}[\"{here}{label}<br/>data {data}<br/>grad {grad}\"]");
        if !debugger.run.graph.is_leaf(v) {
            let op = escaped(&op_text(&debugger.run.graph, v));
            let _ = writeln!(chart, "    v{v}_op((\"{op}\")) --> v{v}");
        }
    }
    let flow = debugger.flow();
    for (operand, consumer, slot) in edges(debugger) {
        let flows = matches!(&flow, Flow::Gradient(edges) if edges.contains_key(&(consumer, slot)));
        let arrow = if flows { "==>" } else { "-->" };
        let _ = writeln!(chart, "    v{operand} {arrow} v{consumer}_op");
    }
    chart
}

/// A text in which nothing means anything to Mermaid: neither quotes nor Markdown, which it reads in labels.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in cleaned(text).chars() {
        if c.is_ascii_punctuation() {
            // Writing to a string does not fail.
            let _ = write!(escaped, "#{};", u32::from(c));
        } else {
            escaped.push(c);
        }
    }
    escaped
}
