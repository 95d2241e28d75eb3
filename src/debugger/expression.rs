use crate::engine::ValueId;
use crate::formula::{Expr, Term, formula};
use crate::scenario::Scenario;

/// So many times the room that there is are looked at.
const LONG: usize = 20;

/// The formula of a value with the formulas of its operands put in, as long as that stays short.
///
/// Names are replaced one after the other, leaves staying as they are. `None` for a leaf, for an explicit node, and where
/// the text grows past `most`: a graph of some size is no line of text.
pub(super) fn of(scenario: &Scenario, v: ValueId, most: usize) -> Option<String> {
    // It is asked for in every frame: no row has room for a long one.
    let fits = |text: &&str| text.len() <= LONG * most;
    let mut text = scenario.names.formula(v).filter(fits)?.to_owned();
    for _ in 0..most {
        let expr = formula(&text).ok()?;
        let inner = expr.names().find_map(|(name, span)| {
            let formula = scenario.names.formula(scenario.names.find(&name.text)?)?;
            let alone = stands_alone(&expr, &span) || formula.len() <= most && is_atom(formula);
            Some((span.clone(), alone, formula.to_owned()))
        });
        let Some((span, alone, formula)) = inner else { return Some(text) };
        let put_in = if alone { formula } else { format!("({formula})") };
        text.replace_range(span, &put_in);
        if text.len() > most {
            return None;
        }
    }
    None
}

/// Whether a formula binds as tightly as a name: a call.
fn is_atom(text: &str) -> bool {
    formula(text).is_ok_and(|expr| matches!(expr.nodes.last().map(|node| &node.term), Some(Term::Call { .. })))
}

/// Whether a name is the whole of the text or an argument of a call, so that what is put in needs no brackets.
fn stands_alone(expr: &Expr, span: &std::ops::Range<usize>) -> bool {
    let Some(at) = expr.nodes.iter().position(|node| node.span() == *span) else { return false };
    let user = (at + 1..expr.nodes.len()).find(|&user| expr.operands(user).contains(&at));
    user.is_none_or(|user| {
        matches!(expr.nodes[user].term, Term::Call { .. }) && expr.nodes[user].span().start < span.start
    })
}
