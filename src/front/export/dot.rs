use std::fmt::Write;

use super::{edges, four};
use crate::debugger::Debugger;
use crate::debugger::picture::op_text;
use crate::scenario::cleaned;

/// The graph in Graphviz's language, as the notebook's `draw_graph` writes it: a record a value, a node an op, from left
/// to right. A value is `v0`, `v1` and so on in the order in which values were made, its op `v2_op`.
pub fn dot(debugger: &Debugger) -> String {
    let mut dot = String::from("digraph {\n\trankdir=LR\n");
    for v in debugger.run.graph.ids() {
        let label = escaped(debugger.label(v), r#"\"{}|<>"#);
        let (data, grad) = (four(debugger.data(v)), four(Some(debugger.grad(v))));
        // Writing to a string does not fail.
        let _ = writeln!(dot, "\tv{v} [label=\"{{ {label} | data {data} | grad {grad} }}\" shape=record]");
        if !debugger.run.graph.is_leaf(v) {
            let op = escaped(&op_text(&debugger.run.graph, v), r#"\""#);
            let _ = writeln!(dot, "\tv{v}_op [label=\"{op}\"]\n\tv{v}_op -> v{v}");
        }
    }
    for (operand, consumer, _) in edges(debugger) {
        let _ = writeln!(dot, "\tv{operand} -> v{consumer}_op");
    }
    dot.push_str("}\n");
    dot
}

/// A text with a backslash before what means something to Graphviz, which also knows HTML's entities.
fn escaped(text: &str, special: &str) -> String {
    let mut escaped = String::new();
    for c in cleaned(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            c => {
                escaped.extend(special.contains(c).then_some('\\'));
                escaped.push(c);
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn records_are_not_split_by_labels() {
        assert_eq!(escaped(r#"a|{b} <c> "d" \N & e"#, r#"\"{}|<>"#), r#"a\|\{b\} \<c\> \"d\" \\N &amp; e"#);
    }
}
