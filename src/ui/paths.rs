use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::frame::{below, pane};
use super::text::{put, wrap};
use super::theme::Look;
use crate::app::{App, Pane};
use crate::debugger::findings::right::is_right;
use crate::debugger::ledger::in_brackets;
use crate::debugger::paths::{Path, Why};
use crate::debugger::standing::Standing;
use crate::engine::ValueId;
use crate::formula::number::short;

/// How far the paths can be scrolled in that place.
pub fn most(app: &App, area: Rect) -> usize {
    let Some(why) = &app.why else { return 0 };
    let cells = usize::from(area.width).saturating_sub(5);
    let (lines, sum) = (of_paths(app, why, cells).len(), of_sum(app, why, cells).len());
    lines.saturating_sub(usize::from(area.height).saturating_sub(2 + sum))
}

/// Pane 4: the paths from the root to the selected value, each with its local derivatives multiplied, and their sum. The
/// sum is what it is about: it keeps its place below, and the paths scroll above it.
pub fn paint(app: &App, look: &Look, area: Rect, buffer: &mut Buffer) {
    let Some(why) = &app.why else { return };
    let (root, value) = (app.debugger.quoted(why.root), app.debugger.quoted(why.value));
    let title = app.debugger.titled(format!("why: paths from {root} to {value}"), why.value);
    let inside = pane(app, look, Pane::Source, &title, area, buffer);
    let cells = usize::from(inside.width).saturating_sub(3);
    let (paths, sum) = (of_paths(app, why, cells), of_sum(app, why, cells));
    let room = usize::from(inside.height).saturating_sub(sum.len());
    let (scroll, surplus) = (app.scroll.min(most(app, area)), most(app, area));
    let lines = paths.into_iter().skip(scroll).take(room).chain(sum);
    for (y, (line, tone)) in (inside.y..inside.bottom()).zip(lines) {
        let style = match tone {
            Tone::Count => look.theme.strong,
            Tone::Path => look.theme.done,
            Tone::Plain => look.theme.plain,
            Tone::Sum => look.theme.flow,
        };
        put(buffer, inside.x + 1, y, &line, inside.width.saturating_sub(1), style);
    }
    if scroll < surplus {
        below(look, &format!("{} more lines: PageDown", surplus - scroll), area, buffer);
    }
}

#[derive(Clone, Copy)]
enum Tone {
    Count,
    Path,
    Plain,
    Sum,
}

fn of_paths(app: &App, why: &Why, cells: usize) -> Vec<(String, Tone)> {
    let (root, value) = (app.debugger.quoted(why.root), app.debugger.quoted(why.value));
    let paths = why.paths.short();
    let count = match (why.largest.len(), paths.as_str()) {
        (0, _) => format!("no path leads from {root} to {value}"),
        (_, "1") => "1 path".to_owned(),
        (listed, paths) if paths == listed.to_string() => format!("{paths} paths"),
        (listed, paths) => format!("{paths} paths; the {listed} largest:"),
    };
    let mut lines = in_tone(&count, Tone::Count, cells, 0);
    for path in &why.largest {
        lines.push((String::new(), Tone::Plain));
        lines.extend(in_tone(&names(app, path), Tone::Path, cells, 2));
        lines.extend(in_tone(&product(path), Tone::Plain, cells, 2));
    }
    lines
}

fn of_sum(app: &App, why: &Why, cells: usize) -> Vec<(String, Tone)> {
    let (root, value) = (app.debugger.quoted(why.root), app.debugger.quoted(why.value));
    let so = if why.largest.len() > 1 { "their sum," } else { "so" };
    let sum = format!("{so} d{root}/d{value} = {}", short(why.sum));
    let grad = format!("{value}.grad is {} now", short(app.debugger.grad(why.value)));
    let gap = std::iter::once((String::new(), Tone::Plain));
    let why = differs(app, why).map(|why| in_tone(&why, Tone::Plain, cells, 2)).unwrap_or_default();
    gap.chain(in_tone(&sum, Tone::Sum, cells, 2)).chain(in_tone(&grad, Tone::Plain, cells, 2)).chain(why).collect()
}

/// Why the grad is another number than the sum of the paths, where it is.
fn differs(app: &App, why: &Why) -> Option<String> {
    let (debugger, v) = (&app.debugger, why.value);
    if is_right(debugger.grad(v), why.sum) {
        return None;
    }
    let because = debugger.added_up(v).map(|added| added.passes).or_else(|| match debugger.standing(v) {
        Standing::Unreached | Standing::Waiting(0, _) => Some("nothing has been passed back to it yet".into()),
        Standing::Waiting(run, of) => Some(format!("so far {run} of its {of} uses passed their share back")),
        Standing::Earlier => Some("that is from an earlier pass".into()),
        Standing::Final => None,
    });
    let lists = debugger.findings_so_far().iter().any(|finding| finding.kind.is_fault());
    because.or_else(|| lists.then(|| "✗ something went wrong: ! says what".into()))
}

fn in_tone(text: &str, tone: Tone, cells: usize, indent: usize) -> Vec<(String, Tone)> {
    wrap(text, cells, indent).into_iter().map(|line| (line, tone)).collect()
}

/// `o → n → x1*w1 → x1`.
fn names(app: &App, path: &Path) -> String {
    let named = |values: &[ValueId]| {
        let names: Vec<&str> = values.iter().map(|&v| app.debugger.label(v)).collect();
        names.join(" → ")
    };
    let values = &path.values;
    if path.len <= 12 {
        return named(values);
    }
    let (first, last) = (named(&values[..4]), named(&values[values.len() - 4..]));
    format!("{first} → … {} more … → {last}", path.len - 8)
}

/// `0.5 * 1.0 * (-3.0) = -1.5`; the number alone where there is nothing to multiply.
fn product(path: &Path) -> String {
    if path.len < 3 {
        return short(path.product);
    }
    let many = path.len > 13;
    let shown = if many { &path.slopes[..6] } else { &path.slopes };
    let slopes: Vec<String> = shown.iter().map(|&slope| in_brackets(slope)).collect();
    let shown = format!("{}{}", slopes.join(" * "), if many { " * …" } else { "" });
    format!("{shown} = {}", short(path.product))
}
