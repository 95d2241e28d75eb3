use ratatui::layout::Rect;

use super::graph;
use crate::app::{App, Pane};

/// Where each part of the screen goes. What has no room is left out.
///
/// ```text
/// ┌ title ───────────────────────────┐
/// │ graph                            │   78x20 and more, or 44x30; in between key 1 shows it alone
/// │ list: order, values   │ source   │   78 columns and more: side by side
/// │                       │          │   44 and more: list above source
/// │ timeline                         │   100x28 and more
/// └ footer ──────────────────────────┘   smaller: the focused pane alone
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    pub title: Rect,
    pub graph: Option<Rect>,
    pub list: Option<Rect>,
    pub source: Option<Rect>,
    pub timeline: Option<Rect>,
    pub footer: Rect,
}

impl Layout {
    pub fn new(app: &App, area: Rect) -> Self {
        let (title, rest) = split_top(area, 1);
        let (rest, footer) = split_bottom(rest, 1);
        let wide = area.width >= 100 && area.height >= 28;
        let (body, timeline) = split_bottom(rest, u16::from(wide));
        let mut layout =
            Self { title, graph: None, list: None, source: None, timeline: wide.then_some(timeline), footer };
        layout.panes(app, body);
        layout
    }

    fn panes(&mut self, app: &App, body: Rect) {
        if app.full || body.width < 44 || body.height < 8 {
            let body = Some(body).filter(|body| !body.is_empty());
            match app.focus {
                Pane::Order | Pane::Values => self.list = body,
                Pane::Source => self.source = body,
                Pane::Graph => self.graph = body,
            }
            return;
        }
        let body = match graph_rows(body) {
            0 if app.focus == Pane::Graph => {
                self.graph = Some(body);
                return;
            }
            0 => body,
            most => {
                let (graph, body) = split_top(body, graph::pane::height(app, body.width, most));
                self.graph = Some(graph);
                body
            }
        };
        if body.width >= 78 {
            let (list, source) = split_right(body, source_width(body.width));
            (self.list, self.source) = (Some(list), Some(source));
        } else {
            let (list, source) = split_bottom(body, (body.height / 2).clamp(8, 14).min(body.height));
            (self.list, self.source) = (Some(list).filter(|list| list.height > 2), Some(source));
        }
    }
}

/// Rows that the graph may take: what the panes below it can spare.
fn graph_rows(body: Rect) -> u16 {
    let below = if body.width >= 78 { (body.height * 9 / 20).max(12) } else { 22 };
    Some(body.height.saturating_sub(below)).filter(|rows| *rows >= 6).unwrap_or(0)
}

/// Wide enough for `other.grad += self.data * out.grad` with its mark; more where there is more.
fn source_width(width: u16) -> u16 {
    (width * 2 / 5).clamp(40.min(width), 64)
}

fn split_top(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    (Rect { height: rows, ..area }, Rect { y: area.y + rows, height: area.height - rows, ..area })
}

fn split_bottom(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    (Rect { height: area.height - rows, ..area }, Rect { y: area.bottom() - rows, height: rows, ..area })
}

fn split_right(area: Rect, columns: u16) -> (Rect, Rect) {
    let columns = columns.min(area.width);
    (Rect { width: area.width - columns, ..area }, Rect { x: area.right() - columns, width: columns, ..area })
}
