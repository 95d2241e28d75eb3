//! The screen: [`draw`] reads an [`App`] and paints a frame. Nothing here remembers anything; [`settle`] alone changes
//! something: how far is scrolled, which only the size of the screen tells.
//!
//! | file | paints |
//! |---|---|
//! | [`layout`] | where each pane goes, by the size of the terminal |
//! | [`title`] | the first row: what is open, where the cursor stands |
//! | [`graph`] | pane 1: the graph, with gradient on its wires |
//! | [`list`], [`values`] | panes 2 and 3, which share their rows: order, and values |
//! | [`magnitude`] | a bar for how large a grad is; the selected value in full precision |
//! | [`topo`] | the same place while `build_topo` runs: the list, the call stack |
//! | [`source`] | pane 4: what just ran |
//! | [`ledger`], [`paths`] | in its place, while one asks why: contributions, paths |
//! | [`timeline`] | the row of phases |
//! | [`footer`] | the last row: keys, or what the last action had to say |
//! | [`help`], [`picker`], [`breaks`], [`findings`], [`prompt`], [`complaint`] | what lies over the panes |
//! | [`waiting`] | that something takes its time |
//! | [`mouse`] | what a click means, by what is painted there |
//! | [`theme`] | colours by meaning |
//! | [`ascii`] | signs for terminals that have no others |

pub mod ascii;
pub mod breaks;
pub mod complaint;
pub mod findings;
pub mod footer;
pub mod frame;
pub mod graph;
pub mod help;
pub mod layout;
pub mod ledger;
pub mod list;
pub mod magnitude;
pub mod mouse;
pub mod paths;
pub mod picker;
pub mod prompt;
pub mod source;
pub mod text;
pub mod theme;
pub mod timeline;
pub mod title;
pub mod topo;
pub mod values;
pub mod waiting;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::{App, Mode, View};
use layout::Layout;
use theme::Look;

/// Paints the state of a session.
pub fn draw(app: &App, look: &Look, frame: &mut Frame) {
    let area = frame.area();
    paint(app, look, area, frame.buffer_mut());
}

/// How many lines what can be scrolled is longer than its place on a screen of that size.
fn most_scroll(app: &App, area: Rect) -> usize {
    match &app.mode {
        Mode::Help { .. } => help::most(area),
        Mode::Complaint { complaint, .. } => complaint::most(complaint, area),
        _ => Layout::new(app, area).source.map_or(0, |area| paths::most(app, area)),
    }
}

/// Keeps what a person has scrolled, moved and zoomed within what a screen of that size can show.
pub fn settle(app: &mut App, area: Rect) {
    app.limit_scroll(most_scroll(app, area));
    if let Some(graph) = Layout::new(app, area).graph {
        app.graph = graph::pane::settled(app, graph);
    }
}

/// As [`draw`], into a buffer: the same for a terminal and for text.
pub fn paint(app: &App, look: &Look, area: Rect, buffer: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let layout = Layout::new(app, area);
    title::paint(app, look, layout.title, buffer);
    if let Some(area) = layout.graph {
        graph::pane::paint(app, look, area, buffer);
    }
    if let Some(area) = layout.list {
        match app.debugger.topo_view() {
            Some(view) => topo::paint(app, look, &view, area, buffer),
            None => list::paint(app, look, area, buffer),
        }
    }
    if let Some(area) = layout.source {
        match app.view {
            View::Source => source::paint(app, look, area, buffer),
            View::Ledger => ledger::paint(app, look, area, buffer),
            View::Paths => paths::paint(app, look, area, buffer),
        }
        if layout.timeline.is_none() {
            let step = format!(" step {}/{} ", app.debugger.step, app.debugger.run.steps);
            frame::corner(look, &step, area, buffer);
        }
    }
    if let Some(area) = layout.timeline {
        timeline::paint(app, look, area, buffer);
    }
    if !layout.footer.is_empty() {
        footer::paint(app, look, layout.footer, most_scroll(app, area) > 0, buffer);
    }
    match &app.mode {
        Mode::Steps => {}
        Mode::Help { scroll } => help::paint(*scroll, look, area, buffer),
        Mode::Picker(picker) => picker::paint(app, picker, look, area, buffer),
        Mode::Findings { at } => findings::paint(app, *at, look, area, buffer),
        Mode::Breaks { at } => breaks::paint(app, *at, look, area, buffer),
        Mode::Prompt(prompt) => prompt::paint(app, prompt, look, area, buffer),
        Mode::Complaint { complaint, scroll } => complaint::paint(complaint, *scroll, look, area, buffer),
        Mode::Overwrite(path, _) => prompt::ask(path, look, layout.footer, buffer),
    }
    if look.ascii {
        ascii::paint(buffer, area);
    }
}
