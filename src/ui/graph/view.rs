//! What is shown of the graph in a pane: which picture, in how much detail, which part of it.

use std::sync::Arc;

use crate::app::App;
use crate::debugger::picture::{Picture, WHOLE};
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
}

/// Up to this many values a picture is made to fit; of more, a part in which numbers can be read says more.
const FEW: usize = 24;
/// Panes as wide as this show a graph of more than a few values twice: all of it, and what is near the cursor.
const TWO: u16 = 156;

impl View {
    /// What a pane of that size shows.
    pub fn new(app: &App, room: Room) -> Self {
        let (centre, by) = (centre(app), app.graph.zoom);
        let whole = (app.debugger.run.graph.len() <= WHOLE).then(|| app.debugger.whole_picture());
        let fits = whole.as_ref().and_then(|whole| fitting(whole, room));
        let picture = whole.filter(|_| fits.is_some() || by < 0);
        let level = zoomed(fits.unwrap_or_else(|| readable(room)), by);
        Self { picture: picture.unwrap_or_else(|| app.debugger.picture_near(centre)), level, centre }
    }

    /// The overview and the near view, where a pane has room for both and a person has not chosen otherwise.
    pub fn two(app: &App, room: Room) -> Option<(Self, Self)> {
        let values = app.debugger.run.graph.len();
        if room.0 < TWO || !(FEW + 1..=WHOLE).contains(&values) || app.graph.zoom != 0 {
            return None;
        }
        let centre = centre(app);
        let picture = app.debugger.whole_picture();
        if fitting(&picture, room).is_some() {
            return None;
        }
        let near = Self { picture: app.debugger.picture_near(centre), level: readable(room), centre };
        let dots = picture.layout(level_of(Zoom::Dots));
        let fits = dots.width <= i32::from(room.0) * 3 / 5 && dots.height <= i32::from(room.1);
        fits.then_some((Self { picture, level: level_of(Zoom::Dots), centre }, near))
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
        let layout = self.layout();
        let (w, h) = (i32::from(room.0), i32::from(room.1));
        let body = self.picture.node(self.centre).map_or_else(Rect::default, |node| layout.boxes[node as usize]);
        let pan = app.graph.pan.map_or((0, 0), |pan| (pan.x, pan.y));
        let x = along(layout.width, w, body.x + body.w / 2) + pan.0;
        let y = along(layout.height, h, body.y + body.h / 2) + pan.1;
        // Something of the picture stays in view, however far it is moved.
        let (x, y) = (x.clamp(2 - w, (layout.width - 2).max(2 - w)), y.clamp(1 - h, (layout.height - 1).max(1 - h)));
        Rect { x, y, w, h }
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

/// The most detailed level at which a picture fits. Of many values less than names and grads is too little: what is near
/// the cursor says more then.
fn fitting(picture: &Picture, room: Room) -> Option<usize> {
    let least = if picture.len() > FEW { level_of(Zoom::NameGrad) } else { level_of(Zoom::Dots) };
    (0..=least).find(|&level| fits(picture, level, room))
}

/// Boxes as large as can be read in a pane of that size.
fn readable(room: Room) -> usize {
    level_of(if room.1 < 3 {
        Zoom::Names
    } else if room.1 < 5 || room.0 < 40 {
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

/// Levels away from the one that fits; room for words on the wires is none of them.
fn zoomed(level: usize, by: i8) -> usize {
    let to = i64::try_from(level).unwrap_or(0) - i64::from(by);
    let first = i64::from(by != 0);
    usize::try_from(to.max(first)).unwrap_or(0).min(Sizes::LEVELS.len() - 1)
}
