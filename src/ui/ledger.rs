use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::frame::{self, pane};
use super::list::first_row;
use super::text::{put, wrap};
use super::theme::Look;
use crate::app::{App, Pane};
use crate::debugger::ledger::{Contribution, Origin};
use crate::debugger::standing::Standing;
use crate::formula::Field;
use crate::formula::number::short;

/// Rows of one contribution: where it comes from, the local derivative, its numbers.
const ROWS: u16 = 3;

/// Pane 4: what the selected grad is made of, so far and still to come; below, what it is now and where it stands.
pub fn paint(app: &App, look: &Look, area: Rect, buffer: &mut Buffer) {
    let debugger = &app.debugger;
    let v = app.selected();
    let title = debugger.titled(format!("what {}.grad is made of", debugger.quoted(v)), v);
    let inside = pane(app, look, Pane::Source, &title, area, buffer);
    let (mut writes, done) = debugger.ledger_len(v);
    if app.predict.is_some() {
        // What is still to come is asked for.
        writes = done;
    }
    let below = below(app, inside);
    let room = usize::from(inside.height).saturating_sub(below.len() + 1);
    let full = usize::from(ROWS);
    let all_in_full = writes * full <= room;
    // Where there is no room for all in full, only the one that matters now is: the others keep a row each.
    let rows = if all_in_full { writes } else { (room + 1).saturating_sub(full) };
    let now = app.ledger_at.unwrap_or(done.saturating_sub(1));
    let top = first_row(now, rows.max(1), writes);
    let mut y = inside.y;
    for (index, contribution) in (top..).zip(debugger.ledger_rows(v, top..top + rows)) {
        let here = contribution.step == debugger.step;
        let chosen = app.ledger_at == Some(index);
        let height = if all_in_full || index == now { ROWS } else { 1 };
        paint_one(app, look, &contribution, (here, chosen), Rect { y, height, ..inside }, buffer);
        y += height;
    }
    if writes == 0 {
        let none = if app.predict.is_some() { "nothing has been written to it" } else { "nothing ever writes to it" };
        put(buffer, inside.x + 1, y, none, inside.width.saturating_sub(1), look.theme.dim);
        y += 1;
    }
    for (y, (line, is_sum)) in (y + 1..inside.bottom()).zip(below) {
        let style = if is_sum { look.theme.flow } else { look.theme.plain };
        put(buffer, inside.x + 1, y, &line, inside.width.saturating_sub(1), style);
    }
    if writes > rows {
        let shown = format!("{}-{} of {writes} writes", top + 1, (top + rows).min(writes));
        frame::below(look, &shown, area, buffer);
    }
}

/// What the grad is now, what it was in the run before the last edit, where it stands, what can be done; and whether it is
/// the sum.
fn below(app: &App, inside: Rect) -> Vec<(String, bool)> {
    let cells = usize::from(inside.width).saturating_sub(2);
    let v = app.selected();
    let sum = format!("now {}.grad = {}", app.debugger.quoted(v), short(app.debugger.grad(v)));
    let was = app.was(v, Field::Grad).map(|was| format!("~ was {} before the edit", short(was)));
    let keys = if app.focus == Pane::Source {
        "↑ ↓ a write · Enter goes there · y paths"
    } else {
        "y paths · 4 then ↑ ↓ a write"
    };
    let mut lines = vec![(sum, true)];
    // The keys stand in the help as well: where room is short, contributions come first.
    let keys = (inside.height >= 16).then(|| keys.to_owned());
    for text in was.into_iter().chain([standing(app)]).chain(keys) {
        lines.extend(wrap(&text, cells, 2).into_iter().map(|line| (line, false)));
    }
    lines
}

fn paint_one(app: &App, look: &Look, contribution: &Contribution, at: (bool, bool), area: Rect, buffer: &mut Buffer) {
    let (here, chosen) = at;
    let (mark, style) = mark(look, contribution.done, here);
    let style = if chosen { look.theme.here } else { style };
    let lost = contribution.lost.map_or(String::new(), |lost| format!("  ✗ lost {}", short(lost)));
    let in_full = area.height > 1;
    let (first, second) = match &contribution.from {
        Origin::Consumer { node, slot, .. } if !in_full => {
            let role = ["self", "other"][*slot];
            let (amount, before, after) =
                (short(contribution.amount), short(contribution.before), short(contribution.after));
            (format!("{} {role}: {amount}, {before} → {after}{lost}", app.debugger.quoted(*node)), String::new())
        }
        Origin::Consumer { node, slot, local, .. } => {
            let role = ["self", "other"][*slot];
            (format!("{}._backward(), as {role}", app.debugger.quoted(*node)), format!("{local} * out.grad"))
        }
        Origin::Seed(source) => (source.clone(), "the base case: backward() sets it".to_owned()),
        Origin::Statement(source) => (source.clone(), "set by hand".to_owned()),
    };
    let change = format!("{}   {} → {}", contribution.sum(), short(contribution.before), short(contribution.after));
    let second = second + &lost;
    let pass = pass_of(app, contribution.step);
    let step =
        if in_full { format!("{pass}step {}", contribution.step) } else { format!("{pass}{}", contribution.step) };
    let at = area.right().saturating_sub(u16::try_from(step.len() + 1).unwrap_or(0)).max(area.x + 1);
    put(buffer, area.x + 1, area.y, &format!("{mark} {first}"), at.saturating_sub(area.x + 2), style);
    put(buffer, at, area.y, &step, area.right().saturating_sub(at), look.theme.dim);
    if !in_full {
        return;
    }
    let dimmed = dimmed(look, contribution.done);
    put(buffer, area.x + 3, area.y + 1, &second, area.width.saturating_sub(3), dimmed);
    put(buffer, area.x + 3, area.y + 2, &change, area.width.saturating_sub(3), dimmed);
}

/// Which pass a step belongs to, where there are several.
fn pass_of(app: &App, step: u32) -> String {
    let run = &app.debugger.run;
    if run.segments.last().is_none_or(|segment| segment.pass < 2) {
        return String::new();
    }
    format!("pass {} · ", run.segments[run.segment_of(step - 1)].pass)
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
    if let Some(right) = app.debugger.must_be(app.selected()) {
        let why = app.debugger.added_up(app.selected()).map_or_else(|| "! says why".into(), |added| added.passes);
        return format!("✗ it must be {}: {why}", short(right));
    }
    match app.debugger.standing(app.selected()) {
        Standing::Unreached => "no root is made of it: it never gets a grad".into(),
        Standing::Earlier => "from an earlier pass: nothing of this one has arrived".into(),
        Standing::Waiting(0, _) => "waiting: nothing has arrived yet".into(),
        Standing::Waiting(run, of) => format!("waiting: {run} of {of} uses have passed their share back"),
        Standing::Final => "final: every use has passed its share back".into(),
    }
}
