use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::text::put;
use super::theme::Look;
use crate::app::App;
use crate::engine::{Segment, SegmentKind};

/// More nodes than this are a bar and not a mark each.
const MOST_MARKS: usize = 24;
const BAR: usize = 32;

/// The stretches of the run, those done, the one the cursor is in with its nodes, those to come; and the step.
pub fn paint(app: &App, look: &Look, area: Rect, buffer: &mut Buffer) {
    let debugger = &app.debugger;
    let step = format!("  step {}/{} ", debugger.step, debugger.run.steps);
    let room = usize::from(area.width).saturating_sub(step.width() + 2);
    let mut x = area.x + 1;
    for (text, style) in pieces(app, look, room) {
        x = put(buffer, x, area.y, &text, area.right().saturating_sub(x), style);
    }
    let at = area.right().saturating_sub(u16::try_from(step.width()).unwrap_or(area.width));
    put(buffer, at, area.y, &step, area.right().saturating_sub(at), look.theme.plain);
}

/// The step that a place on the row stands for: the row as a whole is the run as a whole.
pub fn step_at(app: &App, x: u16, area: Rect) -> u32 {
    let (at, cells) = (u64::from(x.saturating_sub(area.x)), u64::from(area.width.saturating_sub(1)).max(1));
    u32::try_from(u64::from(app.debugger.run.steps) * at / cells).unwrap_or(app.debugger.run.steps)
}

/// As many stretches as there is room for, around the one the cursor is in.
fn pieces(app: &App, look: &Look, room: usize) -> Vec<(String, Style)> {
    let segments = &app.debugger.run.segments;
    let here = app.debugger.segment_here();
    let (mut from, mut to) = (here, here + 1);
    let mut pieces = piece(app, look, here);
    let mut width = width_of(&pieces);
    loop {
        let before = from.checked_sub(1).map(|at| piece(app, look, at));
        let after = (to < segments.len()).then(|| piece(app, look, to));
        let fits = |piece: &Vec<(String, Style)>| width + width_of(piece) + 6 <= room;
        match (before.filter(fits), after.filter(fits)) {
            (Some(before), _) if here - from <= to - here || to == segments.len() => {
                width += width_of(&before);
                pieces.splice(0..0, before);
                from -= 1;
            }
            (_, Some(after)) => {
                width += width_of(&after);
                pieces.extend(after);
                to += 1;
            }
            (Some(before), None) => {
                width += width_of(&before);
                pieces.splice(0..0, before);
                from -= 1;
            }
            (None, None) => break,
        }
    }
    if from > 0 {
        pieces.insert(0, ("… ▸ ".into(), look.theme.dim));
    }
    if to < segments.len() {
        pieces.push(("…".into(), look.theme.dim));
    }
    pieces
}

fn width_of(pieces: &[(String, Style)]) -> usize {
    pieces.iter().map(|(text, _)| text.width()).sum()
}

/// One stretch: its name, and how far it has come.
fn piece(app: &App, look: &Look, at: usize) -> Vec<(String, Style)> {
    let segments = &app.debugger.run.segments;
    let (segment, here) = (&segments[at], app.debugger.segment_here());
    let name = name(app, segment);
    let mut piece = match at.cmp(&here) {
        std::cmp::Ordering::Less => vec![(name + " ✓", look.theme.done)],
        std::cmp::Ordering::Greater => vec![(name + " ·", look.theme.dim)],
        std::cmp::Ordering::Equal => {
            let mut piece = vec![(name + " ", look.theme.strong)];
            piece.extend(progress(app, look));
            piece
        }
    };
    if at + 1 < segments.len() {
        piece.push((" ▸ ".into(), look.theme.dim));
    }
    piece
}

/// `✓ ✓ ▶ · ·  3/5`, or a bar where there are too many nodes.
fn progress(app: &App, look: &Look) -> Vec<(String, Style)> {
    let (done, all) = app.debugger.place().nodes;
    if all <= 1 {
        return vec![("▶".into(), look.theme.flow)];
    }
    let count = (format!(" {done}/{all}"), look.theme.strong);
    if all > MOST_MARKS {
        let filled = done * BAR / all;
        return vec![("━".repeat(filled), look.theme.flow), ("─".repeat(BAR - filled), look.theme.dim), count];
    }
    let before = ("✓ ".repeat(done.saturating_sub(1)), look.theme.done);
    let now = (if done > 0 { "▶ " } else { "" }.to_owned(), look.theme.flow);
    vec![before, now, ("· ".repeat(all - done), look.theme.dim), count]
}

fn name(app: &App, segment: &Segment) -> String {
    match &segment.kind {
        SegmentKind::Forward => "forward".into(),
        SegmentKind::Topo(_) => "build_topo".into(),
        SegmentKind::Seed(_) => "seed".into(),
        SegmentKind::Backward(_) => "backward".into(),
        _ => segment.statement.map_or(String::new(), |at| app.debugger.run.script[at].source.clone()),
    }
}
