use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::text::put;
use super::theme::Look;
use crate::app::App;
use crate::debugger::place::Place;
use crate::engine::Phase;

/// A part of the row. Where there is no room for all, those of the lowest rank go first.
struct Piece {
    text: String,
    style: Style,
    rank: u8,
}

impl Piece {
    fn new(text: impl Into<String>, style: Style, rank: u8) -> Self {
        Self { text: text.into(), style, rank }
    }
}

/// The program, the scenario and what is wrong on the left, where the cursor stands on the right; between them what is
/// computed, as far as there is room.
pub fn paint(app: &App, look: &Look, area: Rect, buffer: &mut Buffer) {
    let (mut left, mut right) = (left(app, look), place(app, look));
    while width(&left, 1) + width(&right, SIGN.width()) > usize::from(area.width) {
        let Some(lowest) = left.iter().chain(&right).map(|piece| piece.rank).min() else { break };
        left.retain(|piece| piece.rank > lowest);
        right.retain(|piece| piece.rank > lowest);
    }
    let mut x = area.x + u16::from(left.first().is_some_and(|piece| !piece.text.starts_with(' ')));
    for Piece { text, style, .. } in &left {
        x = put(buffer, x, area.y, text, area.right().saturating_sub(x), *style) + 1;
    }
    let parts: Vec<&str> = right.iter().map(|piece| &*piece.text).collect();
    let place = parts.join(SIGN);
    let at = area.right().saturating_sub(u16::try_from(place.width() + 1).unwrap_or(u16::MAX)).max(area.x);
    let (room, what) = (at.saturating_sub(x + 3), what(app));
    if usize::from(room) >= what.width().min(LEAST) {
        put(buffer, x + 1, area.y, &what, room, look.theme.dim);
    }
    put(buffer, at.max(x), area.y, &place, area.right().saturating_sub(at.max(x)), look.theme.strong);
}

/// What stands between the parts of the place.
const SIGN: &str = " · ";
/// In fewer cells nothing is told of what is computed, unless that is all of it.
const LEAST: usize = 10;

fn width(pieces: &[Piece], between: usize) -> usize {
    pieces.iter().map(|piece| piece.text.width() + between).sum()
}

fn left(app: &App, look: &Look) -> Vec<Piece> {
    let theme = look.theme;
    let edited = if app.is_edited() { " (edited)" } else { "" };
    let mut pieces = vec![
        Piece::new(" stepgrad ", theme.key, 1),
        Piece::new(format!("{}{edited}", app.source.name), theme.plain, 6),
    ];
    if app.broken {
        pieces.push(Piece::new("✗ broken file, last good run", theme.wrong, 8));
    }
    if let Some(score) = app.predict {
        pieces.push(Piece::new(format!("predict {}/{}", score.right, score.asked), theme.flow, 7));
    }
    let faults = app.faults();
    if faults > 0 {
        let plural = if faults == 1 { "" } else { "s" };
        pieces.push(Piece::new(format!("✗ {faults} fault{plural} (!)"), theme.wrong, 8));
    }
    if app.debugger.is_unsearched() {
        pieces.push(Piece::new("looking for faults…", theme.dim, 2));
    }
    pieces
}

/// What the root is made of, or else the title.
fn what(app: &App) -> String {
    let scenario = &app.debugger.scenario;
    let expression = app.debugger.expression(scenario.root, 60);
    expression.or_else(|| scenario.title.clone()).unwrap_or_default()
}

/// `pass 1/2`, `backward`, `statement 2/7`, `node 8/10`, `line 1/2`.
fn place(app: &App, look: &Look) -> Vec<Piece> {
    let place = app.debugger.place();
    let piece = |text: String, rank| Piece::new(text, look.theme.strong, rank);
    let (nodes, all) = place.nodes;
    let mut pieces = Vec::new();
    if place.pass.1 > 1 {
        pieces.push(piece(format!("pass {}/{}", place.pass.0, place.pass.1), 5));
    }
    pieces.push(piece(phase(app, &place), 9));
    let ends = app.debugger.step >= app.debugger.run.steps;
    if let Some((at, all)) = place.statement.filter(|(_, all)| *all > 1 && !ends) {
        pieces.push(piece(format!("statement {}/{all}", at + 1), 3));
    }
    match place.phase {
        Phase::Topo | Phase::Forward => pieces.push(piece(format!("{nodes}/{all}"), 4)),
        Phase::Backward if all > 1 => pieces.push(piece(format!("node {nodes}/{all}"), 4)),
        _ => {}
    }
    if let Some((line, lines)) = place.lines {
        pieces.push(piece(format!("line {line}/{lines}"), 2));
    }
    pieces
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
    match place.phase {
        _ if app.debugger.step >= app.debugger.run.steps => done(app),
        Phase::Topo => "build_topo".to_owned(),
        phase => phase.name().to_owned(),
    }
}
