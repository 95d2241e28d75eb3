//! What is shown of the graph in a pane: which picture, in how much detail, which part of it.

use std::sync::Arc;

use crate::app::{App, GraphView, Pan};
use crate::debugger::picture::{Picture, Reach, WHOLE};
use crate::engine::ValueId;
use crate::layout::{Layout, Rect, Sizes, Zoom};

/// Cells of a pane, inside its frame.
pub type Room = (u16, u16);

/// A picture at one level of detail, to be shown in a pane.
pub struct View {
    pub picture: Arc<Picture>,
    pub level: usize,
    /// The value that stays in view.
    pub centre: ValueId,
    /// An overview, which follows the cursor and is not moved by hand.
    pub still: bool,
}

/// Up to this many values a picture is made to fit; of more, a part in which numbers can be read says more.
const FEW: usize = 24;
/// Panes as wide as this show a graph of more than a few values twice: all of it, and what is near the cursor.
const TWO: u16 = 156;
/// Rows in which what is near a value can be shown in boxes; in fewer, names over grads show as much of it.
const FULL_ROWS: u16 = 13;

impl View {
    /// What a pane of that size shows.
    pub fn new(app: &App, room: Room) -> Self {
        let (centre, by) = (centre(app), app.graph.zoom);
        let (whole, base) = automatic(app, room);
        let picture = if whole || (by < 0 && app.debugger.can_be_whole(WHOLE)) {
            app.debugger.whole_picture()
        } else {
            app.debugger.picture_near(centre, if room.1 < FULL_ROWS { Reach::Close } else { Reach::Around })
        };
        Self { picture, level: zoomed(base, by), centre, still: false }
    }

    /// The overview and the near view, where a pane has room for both and a person has not chosen otherwise.
    pub fn two(app: &App, room: Room) -> Option<(Self, Self)> {
        let many = app.debugger.run.graph.len() > FEW;
        if room.0 < TWO || !many || !app.debugger.can_be_whole(WHOLE) || app.graph.zoom != 0 {
            return None;
        }
        let near = Self::new(app, room);
        if near.picture.is_whole() {
            return None;
        }
        let (picture, centre) = (app.debugger.whole_picture(), near.centre);
        Some((Self { picture, level: level_of(Zoom::Dots), centre, still: true }, near))
    }

    pub fn layout(&self) -> &Layout {
        self.picture.layout(self.level)
    }

    pub fn zoom(&self) -> Zoom {
        Sizes::LEVELS[self.level].zoom
    }

    /// The part of the layout that a pane of that size shows: in the middle what is smaller than the pane, else what is
    /// around the value that stays in view, moved by hand.
    pub fn viewport(&self, app: &App, room: Room) -> Rect {
        self.moved(app, room, self.start(room))
    }

    /// What is shown of it from there on, moved by hand.
    fn moved(&self, app: &App, room: Room, start: (i32, i32)) -> Rect {
        let layout = self.layout();
        let (w, h) = (i32::from(room.0), i32::from(room.1));
        let pan = app.graph.pan.filter(|_| !self.still).map_or((0, 0), |pan| (pan.x, pan.y));
        let (x, y) = (start.0 + pan.0, start.1 + pan.1);
        // Something of the picture stays in view, however far it is moved.
        let (x, y) = (x.clamp(2 - w, (layout.width - 2).max(2 - w)), y.clamp(1 - h, (layout.height - 1).max(1 - h)));
        Rect { x, y, w, h }
    }

    /// What a person has asked for, as far as it can be shown: a key more at the end of a range changes nothing, so that
    /// one key back is seen.
    pub fn settled(&self, app: &App, room: Room) -> GraphView {
        let (_, base) = automatic(app, room);
        let most = |levels: usize| i8::try_from(levels).unwrap_or(i8::MAX);
        let zoom = app.graph.zoom.clamp(-most(Sizes::LEVELS.len() - 1 - base), most(base.saturating_sub(1)));
        let pan = app.graph.pan.map(|pan| {
            let start = self.start(room);
            let shown = self.moved(app, room, start);
            Pan { x: shown.x - start.0, y: shown.y - start.1, ..pan }
        });
        GraphView { zoom, pan }
    }

    /// Whether a pane of that size shows all of the picture.
    pub fn is_all(&self, room: Room) -> bool {
        self.layout().width <= i32::from(room.0) && self.layout().height <= i32::from(room.1)
    }

    /// Where the part that is shown begins while it is not moved by hand.
    fn start(&self, room: Room) -> (i32, i32) {
        let layout = self.layout();
        let body = self.picture.node(self.centre).map_or_else(Rect::default, |node| layout.boxes[node as usize]);
        let x = along(layout.width, i32::from(room.0), body.x + body.w / 2);
        let y = along(layout.height, i32::from(room.1), body.y + body.h / 2);
        if layout.height <= i32::from(room.1) {
            return (x, y);
        }
        let seen = |body: Rect, y: i32| body.y >= y && body.bottom() <= y + i32::from(room.1);
        // What the gradient goes to next comes first; then, a row or two away, fewer boxes cut in two by the edges.
        let operands = self.picture.node(self.centre).map_or(&[][..], |node| layout.wires_into(node as usize));
        let unseen = |y: i32| operands.iter().filter(|wire| !seen(layout.boxes[wire.source as usize], y)).count();
        let near = (0..=i32::from(room.1)).flat_map(|by| [y + by, y - by]).filter(|&to| seen(body, to));
        let key = |&to: &i32| (unseen(to), if (to - y).abs() <= 2 { self.cut(x, to, room) } else { usize::MAX });
        (x, near.min_by_key(key).unwrap_or(y))
    }

    /// How many boxes are cut in two by the upper and the lower edge of what is shown from there on.
    fn cut(&self, x: i32, y: i32, (w, h): Room) -> usize {
        let layout = self.layout();
        let (w, h) = (i32::from(w), i32::from(h));
        let (nodes, _) = layout.visible(Rect { x, y, w, h });
        let bodies = nodes.iter().map(|&node| layout.boxes[node as usize]);
        let seen = bodies.filter(|body| body.right() > x && body.x < x + w);
        seen.map(|body| [y, y + h].iter().filter(|edge| (body.y + 1..body.bottom()).contains(*edge)).count()).sum()
    }
}

/// Where a view of `room` cells begins along one side of a layout.
fn along(layout: i32, room: i32, centre: i32) -> i32 {
    if layout <= room { (layout - room) / 2 } else { (centre - room / 2).clamp(0, layout - room) }
}

fn centre(app: &App) -> ValueId {
    app.graph.pan.map_or_else(|| app.selected(), |pan| pan.from)
}

pub fn level_of(zoom: Zoom) -> usize {
    Sizes::LEVELS.iter().position(|sizes| sizes.zoom == zoom && *sizes != Sizes::WIDE).unwrap_or(0)
}

/// Whether a pane of that size shows the graph whole unless asked for something else, and in how much detail. Of many
/// values less than names and grads is too little: what is near the cursor says more then.
fn automatic(app: &App, room: Room) -> (bool, usize) {
    if app.debugger.can_be_whole(WHOLE) {
        let picture = app.debugger.whole_picture();
        let least = if picture.len() > FEW { level_of(Zoom::NameGrad) } else { level_of(Zoom::Dots) };
        if let Some(level) = (0..=least).find(|&level| fits(&picture, level, room)) {
            return (true, level);
        }
    }
    (false, readable(room))
}

/// Boxes as large as can be read in a pane of that size.
fn readable(room: Room) -> usize {
    level_of(if room.1 < 3 {
        Zoom::Names
    } else if room.1 < FULL_ROWS || room.0 < 40 {
        Zoom::NameGrad
    } else {
        Zoom::Cards
    })
}

fn fits(picture: &Picture, level: usize, (w, h): Room) -> bool {
    let sizes = &Sizes::LEVELS[level];
    let (w, h) = (i64::from(w), i64::from(h));
    // Boxes alone that take more room than there is need no layout to be found too large.
    let cells = i64::try_from(picture.len()).unwrap_or(i64::MAX).saturating_mul(i64::from(sizes.height));
    if sizes.zoom != Zoom::Names && cells.saturating_mul(i64::from(sizes.width)) > w * h {
        return false;
    }
    let layout = picture.layout(level);
    i64::from(layout.width) <= w && i64::from(layout.height) <= h
}

/// Levels away from the one that is chosen without asking; room for words on the wires is none of them.
fn zoomed(level: usize, by: i8) -> usize {
    let to = i64::try_from(level).unwrap_or(0) - i64::from(by);
    let first = i64::from(by < 0 || level > 0);
    usize::try_from(to.max(if by == 0 { 0 } else { first })).unwrap_or(0).min(Sizes::LEVELS.len() - 1)
}
