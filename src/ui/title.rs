use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::text::put;
use super::theme::Look;
use crate::app::App;
use crate::debugger::place::Place;
use crate::engine::Phase;

/// The program, the scenario and what it computes on the left; where the cursor stands on the right, which comes first
/// where there is no room for both.
pub fn paint(app: &App, look: &Look, area: Rect, buffer: &mut Buffer) {
    let place = position(app);
    let place_width = u16::try_from(place.width() + 1).unwrap_or(u16::MAX).min(area.width);
    let right = area.right() - place_width;
    let mut x = put(buffer, area.x, area.y, " stepgrad ", right.saturating_sub(area.x), look.theme.key);
    let edited = if app.is_edited() { " (edited)" } else { "" };
    let name = format!("{}{edited}", app.source.name);
    x = put(buffer, x + 1, area.y, &name, right.saturating_sub(x + 2), look.theme.plain);
    if app.broken {
        let broken = "✗ broken file, last good run";
        x = put(buffer, x + 1, area.y, broken, right.saturating_sub(x + 2), look.theme.wrong);
    }
    if let Some(score) = app.predict {
        let score = format!("predict {}/{}", score.right, score.asked);
        x = put(buffer, x + 1, area.y, &score, right.saturating_sub(x + 2), look.theme.flow);
    }
    let faults = app.faults();
    if faults > 0 {
        let faults = format!("✗ {faults} fault{} (!)", if faults == 1 { "" } else { "s" });
        x = put(buffer, x + 1, area.y, &faults, right.saturating_sub(x + 2), look.theme.wrong);
    }
    if app.debugger.is_unsearched() {
        x = put(buffer, x + 1, area.y, "looking for faults…", right.saturating_sub(x + 2), look.theme.dim);
    }
    put(buffer, x + 2, area.y, &what(app), right.saturating_sub(x + 4), look.theme.dim);
    put(buffer, right, area.y, &place, area.right() - right, look.theme.strong);
}

/// What the root is made of, or else the title.
fn what(app: &App) -> String {
    let scenario = &app.debugger.scenario;
    let expression = app.debugger.expression(scenario.root, 60);
    expression.or_else(|| scenario.title.clone()).unwrap_or_default()
}

/// `backward · node 8/10 · line 1/2`.
fn position(app: &App) -> String {
    let place = app.debugger.place();
    let mut parts = vec![phase(app, &place)];
    let (nodes, all) = place.nodes;
    match place.phase {
        Phase::Topo => parts[0] = format!("build_topo · {nodes}/{all}"),
        Phase::Backward if all > 1 => parts.push(format!("node {nodes}/{all}")),
        Phase::Forward => parts.push(format!("{nodes}/{all}")),
        _ => {}
    }
    if let Some((line, lines)) = place.lines {
        parts.push(format!("line {line}/{lines}"));
    }
    if place.pass.1 > 1 {
        parts.insert(0, format!("pass {}/{}", place.pass.0, place.pass.1));
    }
    parts.join(" · ")
}

/// The end: whether anything went wrong, and whether all that the scenario expects came out.
fn done(app: &App) -> String {
    let (wrong, all) = app.debugger.expectations();
    match (wrong, all) {
        _ if app.faults() > 0 => "done".to_owned(),
        (0, 0) => "done".to_owned(),
        (0, _) => "done · ✓ as expected".to_owned(),
        (wrong, _) => format!("done · ✗ {wrong} not as expected (!)"),
    }
}

fn phase(app: &App, place: &Place) -> String {
    match place.statement {
        _ if app.debugger.step >= app.debugger.run.steps => done(app),
        Some((at, all)) if all > 1 => format!("{} {}/{all}", place.phase.name(), at + 1),
        _ => place.phase.name().to_owned(),
    }
}
