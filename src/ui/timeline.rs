use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::text::put;
use super::theme::Look;
use crate::app::App;
use crate::debugger::breaks::Stop;
use crate::engine::plan::Order;
use crate::engine::{Segment, SegmentKind};

/// More nodes than this are a bar and not a mark each.
const MOST_MARKS: usize = 24;
const BAR: usize = 32;

/// A part of the row, and the step that it stands for.
struct Piece {
    text: String,
    style: Style,
    step: u32,
}

/// The stretches of the run, those done, the one the cursor is in with its nodes, those to come; and the step.
pub fn paint(app: &App, look: &Look, area: Rect, buffer: &mut Buffer) {
    let step = step(app);
    let mut x = area.x + 1;
    for Piece { text, style, .. } in pieces(app, look, room(&step, area)) {
        x = put(buffer, x, area.y, &text, area.right().saturating_sub(x), style);
    }
    let at = area.right().saturating_sub(u16::try_from(step.width()).unwrap_or(area.width));
    put(buffer, at, area.y, &step, area.right().saturating_sub(at), look.theme.plain);
}

/// The step that a place on the row stands for: that of what is painted there.
pub fn step_at(app: &App, x: u16, area: Rect) -> Option<u32> {
    let mut end = usize::from(area.x) + 1;
    let pieces = pieces(app, &Look::default(), room(&step(app), area));
    let hit = pieces.iter().find(|piece| {
        end += piece.text.width();
        usize::from(x) < end
    });
    hit.map(|piece| piece.step)
}

fn step(app: &App) -> String {
    format!("  step {}/{} ", app.debugger.step, app.debugger.run.steps)
}

fn room(step: &str, area: Rect) -> usize {
    usize::from(area.width).saturating_sub(step.width() + 2)
}

/// As many stretches as there is room for, around the one the cursor is in.
fn pieces(app: &App, look: &Look, room: usize) -> Vec<Piece> {
    let segments = &app.debugger.run.segments;
    let here = app.debugger.segment_here();
    let (mut from, mut to) = (here, here + 1);
    let mut pieces = stretch(app, look, here);
    let mut width = width_of(&pieces);
    loop {
        let before = from.checked_sub(1).map(|at| stretch(app, look, at));
        let after = (to < segments.len()).then(|| stretch(app, look, to));
        let fits = |stretch: &Vec<Piece>| width + width_of(stretch) + 6 <= room;
        match (before.filter(fits), after.filter(fits)) {
            (Some(before), after) if after.is_none() || here - from <= to - here => {
                width += width_of(&before);
                pieces.splice(0..0, before);
                from -= 1;
            }
            (_, Some(after)) => {
                width += width_of(&after);
                pieces.extend(after);
                to += 1;
            }
            _ => break,
        }
    }
    if let Some(before) = from.checked_sub(1) {
        pieces.insert(0, Piece { text: "… ▸ ".into(), style: look.theme.dim, step: segments[before].first });
    }
    if let Some(after) = segments.get(to) {
        pieces.push(Piece { text: "…".into(), style: look.theme.dim, step: after.first });
    }
    pieces
}

fn width_of(pieces: &[Piece]) -> usize {
    pieces.iter().map(|piece| piece.text.width()).sum()
}

/// One stretch: its name, how far it has come, and whether something stops in it.
fn stretch(app: &App, look: &Look, at: usize) -> Vec<Piece> {
    let segments = &app.debugger.run.segments;
    let (segment, here) = (&segments[at], app.debugger.segment_here());
    let name = name(app, segment);
    let stops = if stops_in(app, segment.first..segment.end()) { "●" } else { "" };
    let piece = |text: String, style| Piece { text, style, step: segment.first };
    let mut stretch = match at.cmp(&here) {
        std::cmp::Ordering::Less => vec![piece(format!("{name} ✓{stops}"), look.theme.done)],
        std::cmp::Ordering::Greater => vec![piece(format!("{name} ·{stops}"), look.theme.dim)],
        std::cmp::Ordering::Equal => {
            let mut stretch = vec![piece(name + " ", look.theme.strong)];
            stretch.extend(progress(app, look, segment));
            stretch
        }
    };
    if at + 1 < segments.len() {
        stretch.push(Piece { text: " ▸ ".into(), style: look.theme.dim, step: segment.end() });
    }
    stretch
}

/// Whether a breakpoint stops at one of these events: on a node before it, else after it. There may be millions of stops.
fn stops_in(app: &App, events: Range<u32>) -> bool {
    let from = app.stops.partition_point(|(step, _)| *step < events.start);
    let mut near = app.stops[from..].iter().take_while(|(step, _)| *step <= events.end);
    near.any(|&(step, at)| match app.breakpoints.get(at as usize).map(|breakpoint| &breakpoint.stop) {
        Some(Stop::Node(..)) => events.contains(&step),
        Some(_) => step > events.start,
        None => false,
    })
}

/// `✓ ● ▶ · ·  3/5`, or a bar where there are too many nodes.
fn progress(app: &App, look: &Look, segment: &Segment) -> Vec<Piece> {
    let (done, all) = app.debugger.place().nodes;
    let piece = |text: String, style, step| Piece { text, style, step };
    if all <= 1 {
        return vec![piece("▶".into(), look.theme.flow, segment.end())];
    }
    let marks = all.min(if all > MOST_MARKS { BAR } else { all });
    let step = |mark: usize| step_of(app, segment, (mark * all).div_ceil(marks), all);
    let filled = done * marks / all;
    let mut pieces: Vec<Piece> = (0..marks)
        .map(|mark| {
            let (sign, style) = match mark + 1 {
                _ if marks < all && mark < filled => ("━", look.theme.flow),
                _ if marks < all => ("─", look.theme.dim),
                mark if mark == filled => ("▶ ", look.theme.flow),
                mark if mark < filled => ("✓ ", look.theme.done),
                _ => ("· ", look.theme.dim),
            };
            let stop = sign != "▶ " && stops_in(app, step(mark)..step(mark + 1));
            let sign = if stop { sign.replace(['━', '─', '✓', '·'], "●") } else { sign.to_owned() };
            let style = if stop && mark >= filled { look.theme.strong } else { style };
            piece(sign, style, step(mark + 1))
        })
        .collect();
    pieces.push(piece(format!(" {done}/{all}"), look.theme.strong, app.debugger.step));
    pieces
}

fn order_of(segment: &Segment) -> Option<&Order> {
    if let SegmentKind::Backward(order) = &segment.kind { Some(order) } else { None }
}

/// The step at which so many nodes of a stretch of `all` have run.
fn step_of(app: &App, segment: &Segment, nodes: usize, all: usize) -> u32 {
    let events = match order_of(segment) {
        Some(order) => order.start_of(&app.debugger.run.graph, nodes),
        None => u32::try_from(segment.len as usize * nodes / all).unwrap_or(segment.len),
    };
    segment.first + events
}

fn name(app: &App, segment: &Segment) -> String {
    match &segment.kind {
        SegmentKind::Forward => "forward".into(),
        SegmentKind::Topo(_) => "build_topo".into(),
        SegmentKind::Seed(_) => "seed".into(),
        SegmentKind::Backward(_) => "backward".into(),
        _ => segment.statement().map_or(String::new(), |at| app.debugger.run.script[at].source.to_string()),
    }
}
