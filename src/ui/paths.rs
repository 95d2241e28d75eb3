use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::frame::pane;
use super::text::{put, wrap};
use super::theme::Look;
use crate::app::{App, Pane};
use crate::debugger::ledger::in_brackets;
use crate::debugger::paths::Path;
use crate::formula::number::short;

/// Pane 4: the paths from the root to the selected value, each with its local derivatives multiplied, and their sum.
pub fn paint(app: &App, look: &Look, area: Rect, buffer: &mut Buffer) {
    let Some(why) = &app.why else { return };
    let debugger = &app.debugger;
    let (root, value) = (debugger.quoted(why.root), debugger.quoted(why.value));
    let title = format!("why: paths from {root} to {value}");
    let inside = pane(app, look, Pane::Source, &title, area, buffer);
    let cells = usize::from(inside.width).saturating_sub(3);
    let mut lines = Vec::new();
    let listed = why.largest.len();
    let paths = why.paths.short();
    let count = match (listed, paths.as_str()) {
        (0, _) => format!("no path leads from {root} to {value}: its grad stays 0"),
        (_, "1") => "1 path".to_owned(),
        (listed, paths) if paths == listed.to_string() => format!("{paths} paths"),
        (listed, paths) => format!("{paths} paths; the {listed} largest:"),
    };
    lines.extend(wrap(&count, cells, 0).into_iter().map(|line| (line, look.theme.strong)));
    for path in &why.largest {
        lines.push((String::new(), look.theme.plain));
        lines.extend(wrap(&names(app, path), cells, 2).into_iter().map(|line| (line, look.theme.done)));
        lines.extend(wrap(&product(path), cells, 2).into_iter().map(|line| (line, look.theme.plain)));
    }
    lines.push((String::new(), look.theme.plain));
    let sum = format!("their sum, d{root}/d{value} = {}", short(why.sum));
    lines.extend(wrap(&sum, cells, 2).into_iter().map(|line| (line, look.theme.flow)));
    let grad = format!("{value}.grad is {} now", short(debugger.grad(why.value)));
    lines.extend(wrap(&grad, cells, 2).into_iter().map(|line| (line, look.theme.plain)));
    // The sum is what it is about: where there is no room, the last paths give way to it.
    let room = usize::from(inside.height);
    let tail = 3.min(room);
    if lines.len() > room {
        lines.drain(room - tail..lines.len() - tail);
    }
    for (y, (line, style)) in (inside.y..inside.bottom()).zip(lines) {
        put(buffer, inside.x + 1, y, &line, inside.width.saturating_sub(1), style);
    }
}

/// `o → n → x1*w1 → x1`.
fn names(app: &App, path: &Path) -> String {
    let names: Vec<String> = path.values.iter().map(|&v| app.debugger.label(v).to_owned()).collect();
    if names.len() <= 12 {
        return names.join(" → ");
    }
    let (first, last) = (names[..4].join(" → "), names[names.len() - 4..].join(" → "));
    format!("{first} → … {} more … → {last}", names.len() - 8)
}

/// `0.5 * 1.0 * (-3.0) = -1.5`.
fn product(path: &Path) -> String {
    let slopes: Vec<String> = path.slopes.iter().map(|&slope| in_brackets(slope)).collect();
    let shown = if slopes.len() <= 12 { slopes.join(" * ") } else { format!("{} * …", slopes[..6].join(" * ")) };
    let shown = if slopes.is_empty() { "1.0".to_owned() } else { shown };
    format!("{shown} = {}", short(path.product))
}
