use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::frame::pane;
use super::list::first_row;
use super::text::put;
use super::theme::Look;
use crate::app::{App, Pane};
use crate::debugger::ledger::{Contribution, Origin};
use crate::debugger::standing::Standing;
use crate::formula::number::short;

/// Rows of one contribution: where it comes from, the local derivative, its numbers.
const ROWS: u16 = 3;

/// Pane 4: what the selected grad is made of, so far and still to come.
pub fn paint(app: &App, look: &Look, area: Rect, buffer: &mut Buffer) {
    let debugger = &app.debugger;
    let v = app.selected();
    let title = format!("what {}.grad is made of", debugger.quoted(v));
    let inside = pane(app, look, Pane::Source, &title, area, buffer);
    let ledger = debugger.ledger(v);
    let now = ledger.iter().rposition(|contribution| contribution.done);
    let at = app.ledger_at.or(now).unwrap_or(0);
    let rows = usize::from(inside.height.saturating_sub(3) / ROWS);
    let top = first_row(at, rows.max(1), ledger.len());
    let mut y = inside.y;
    for (index, contribution) in ledger.iter().enumerate().skip(top).take(rows) {
        let here = contribution.step == debugger.step;
        let chosen = app.ledger_at == Some(index);
        paint_one(app, look, contribution, (here, chosen), Rect { y, height: ROWS, ..inside }, buffer);
        y += ROWS;
    }
    if ledger.is_empty() {
        put(buffer, inside.x + 1, y, "nothing ever writes to it", inside.width.saturating_sub(1), look.theme.dim);
        y += 1;
    }
    if y + 1 < inside.bottom() {
        let sum = format!("now {}.grad = {}", debugger.quoted(v), short(debugger.grad(v)));
        put(buffer, inside.x + 1, y + 1, &sum, inside.width.saturating_sub(1), look.theme.flow);
    }
    if y + 2 < inside.bottom() {
        put(buffer, inside.x + 1, y + 2, &standing(app), inside.width.saturating_sub(1), look.theme.plain);
    }
}

fn paint_one(app: &App, look: &Look, contribution: &Contribution, at: (bool, bool), area: Rect, buffer: &mut Buffer) {
    let (here, chosen) = at;
    let (mark, style) = mark(look, contribution.done, here);
    let style = if chosen { look.theme.here } else { style };
    let lost = contribution.lost.map_or(String::new(), |lost| format!("  ✗ lost {}", short(lost)));
    let (first, second) = match &contribution.from {
        Origin::Consumer { node, slot, local, .. } => {
            let role = ["self", "other"][*slot];
            (format!("{}._backward(), as {role}", app.debugger.quoted(*node)), format!("{local} * out.grad"))
        }
        Origin::Statement(source) => (source.clone(), "set by hand".to_owned()),
    };
    let change =
        format!("{}   {} → {}{lost}", contribution.sum(), short(contribution.before), short(contribution.after));
    let step = format!("step {}", contribution.step);
    let at = area.right().saturating_sub(u16::try_from(step.len() + 1).unwrap_or(0)).max(area.x + 1);
    put(buffer, area.x + 1, area.y, &format!("{mark} {first}"), at.saturating_sub(area.x + 2), style);
    put(buffer, at, area.y, &step, area.right().saturating_sub(at), look.theme.dim);
    let dimmed = dimmed(look, contribution.done);
    put(buffer, area.x + 3, area.y + 1, &second, area.width.saturating_sub(3), dimmed);
    put(buffer, area.x + 3, area.y + 2, &change, area.width.saturating_sub(3), dimmed);
}

fn mark(look: &Look, done: bool, here: bool) -> (&'static str, Style) {
    match (done, here) {
        (_, true) => ("▶", look.theme.flow),
        (true, _) => ("✓", look.theme.done),
        (false, _) => ("·", look.theme.dim),
    }
}

fn dimmed(look: &Look, done: bool) -> Style {
    if done { look.theme.plain } else { look.theme.dim }
}

/// Where the grad stands, in words.
fn standing(app: &App) -> String {
    match app.debugger.standing(app.selected()) {
        Standing::Unreached => "the root is not made of it: it never gets a grad".into(),
        Standing::LeftOver => "left over from an earlier pass".into(),
        Standing::Waiting(0, _) => "waiting: nothing has arrived yet".into(),
        Standing::Waiting(run, of) => format!("waiting: {run} of {of} uses have passed their share back"),
        Standing::Final => "final: every use has passed its share back".into(),
    }
}
