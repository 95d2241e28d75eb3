use std::fmt::Write;

use super::joints::joints;
use crate::debugger::Debugger;
use crate::debugger::picture::{Reach, WHOLE_IN_A_FILE};
use crate::layout::{Layout, Point, Rect, Wire, Zoom};
use crate::scenario::cleaned;
use crate::ui::graph::canvas::Role;
use crate::ui::graph::shown::Shown;
use crate::ui::graph::view::{View, level_of};
use crate::ui::graph::{Card, Flow, Scene, cut};

/// Pixels of a cell of the layout.
const CELL: (i32, i32) = (8, 17);
/// Cells around the drawing: left and right, above (the title), below (the legend).
const MARGIN: (i32, i32, i32) = (2, 3, 3);
/// Up to this many values there is room on the wires for what runs along them.
const ROOMY: usize = 150;

/// The graph as a picture: what the graph pane shows, for a browser or a page.
pub fn svg(debugger: &Debugger) -> String {
    let centre = debugger.current().unwrap_or(debugger.scenario.root);
    let picture = if debugger.can_be_whole(WHOLE_IN_A_FILE) {
        debugger.whole_picture()
    } else {
        debugger.picture_near(centre, Reach::Around)
    };
    let level = level_of(if picture.len() <= ROOMY { Zoom::Full } else { Zoom::Cards });
    let view = View { picture, level, centre, still: true };
    let shown = Shown::new(debugger, None, &view);
    let legend = legend(debugger, &view, &shown);
    let mut page = Page { svg: String::new(), layout: view.layout(), shown: &shown };
    page.open(debugger, &legend);
    page.wires();
    for node in 0..u32::try_from(page.layout.boxes.len()).unwrap_or(0) {
        page.value(node);
    }
    page.close(&legend);
    page.svg
}

/// A picture that is being written.
struct Page<'a> {
    svg: String,
    layout: &'a Layout,
    shown: &'a Shown<'a>,
}

/// Colours by meaning, for light pages and dark ones. Yellow is gradient, grey is not yet.
const STYLE: &str = "
  svg { --ink: #1f2328; --dim: #7d858e; --flow: #b25e00; --done: #0a6e8a; --wrong: #b3261e; --page: #ffffff; background: var(--page) }
  @media (prefers-color-scheme: dark) {
    svg { --ink: #e6e8eb; --dim: #858d97; --flow: #f2bd42; --done: #62bfdc; --wrong: #ff8a80; --page: #15171c }
  }
  text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: var(--ink); white-space: pre }
  rect { fill: var(--page); stroke: var(--ink) }
  polyline { fill: none; stroke: var(--ink); stroke-width: 1.2; stroke-linejoin: round }
  .page { stroke: none }
  .dim, .dim.mark { fill: var(--dim) } rect.dim, rect.away { fill: var(--page); stroke: var(--dim) }
  polyline.dim, polyline.away { stroke: var(--dim) } .away { fill: var(--dim) }
  .flow { fill: var(--flow); font-weight: bold } rect.flow { fill: var(--page); stroke: var(--flow) }
  polyline.flow { stroke: var(--flow) }
  .done { fill: var(--done) } rect.done { fill: var(--page); stroke: var(--done) } polyline.done { stroke: var(--done) }
  .wrong { fill: var(--wrong); font-weight: bold }
  .strong { font-weight: bold } rect.strong { fill: var(--page) }
  .heavy, polyline.heavy { stroke-width: 3 }
  .here { fill: var(--page); font-weight: bold } rect.back { fill: var(--ink); stroke: none }
  polyline.away, polyline.dim, polyline.done, polyline.flow, polyline.strong { fill: none }
";

impl Page<'_> {
    fn open(&mut self, debugger: &Debugger, legend: &str) {
        let least = i32::try_from(crate::ui::graph::width(legend)).unwrap_or(0).max(70);
        let w = (self.layout.width.max(least) + 2 * MARGIN.0) * CELL.0;
        let h = (self.layout.height + MARGIN.1 + MARGIN.2) * CELL.1;
        self.put(&format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\">\n<style>{STYLE}</style>\n<rect class=\"page\" width=\"{w}\" height=\"{h}\"/>\n",
        ));
        let title = debugger.scenario.title.as_deref().unwrap_or("graph");
        let segment = &debugger.run.segments[debugger.segment_here()];
        let place = format!("{} · step {}/{}", segment.phase().name(), debugger.step, debugger.run.steps);
        self.put(&format!("<title>{}: {place}</title>\n", escaped(title)));
        self.text(Point { x: 0, y: -2 }, "strong", &format!("{title}  "));
        let after = i32::try_from(crate::ui::graph::width(&cleaned(title))).unwrap_or(0) + 2;
        self.text(Point { x: after, y: -2 }, "away", &place);
    }

    fn close(&mut self, legend: &str) {
        let y = self.layout.height + 1;
        self.text(Point { x: 0, y }, "away", legend);
        self.put("</svg>\n");
    }

    fn put(&mut self, text: &str) {
        self.svg.push_str(text);
    }

    /// Text from a cell on.
    fn text(&mut self, at: Point, class: &str, text: &str) {
        let (x, y) = pixel(at);
        // Writing to a string does not fail.
        let _ = writeln!(
            self.svg,
            "<text class=\"{class}\" x=\"{}\" y=\"{}\">{}</text>",
            x - CELL.0 / 2,
            y + 4,
            escaped(text)
        );
    }

    /// Text that ends with a cell.
    fn text_to(&mut self, at: Point, class: &str, text: &str) {
        let (x, y) = pixel(at);
        let (x, y, text) = (x + CELL.0 / 2, y + 4, escaped(text));
        let _ = writeln!(self.svg, "<text class=\"{class}\" text-anchor=\"end\" x=\"{x}\" y=\"{y}\">{text}</text>");
    }

    /// A frame through the middles of the cells at its edges, as one of box characters is.
    fn frame(&mut self, body: Rect, class: &str, round: i32) {
        let (x, y) = pixel(Point { x: body.x, y: body.y });
        let (w, h) = ((body.w - 1) * CELL.0, (body.h - 1) * CELL.1);
        let rect =
            format!("<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"{round}\"/>\n");
        self.put(&rect);
    }

    /// Weak ones first, so that gradient is never hidden; what is written on them last.
    fn wires(&mut self) {
        let (layout, shown) = (self.layout, self.shown);
        let mut wires: Vec<&Wire> = layout.wires.iter().collect();
        wires.sort_by_key(|wire| shown.wire(wire.consumer, wire.slot).flow);
        for wire in &wires {
            self.wire(wire);
        }
        for at in joints(layout) {
            let (x, y) = pixel(at);
            let _ = writeln!(self.svg, "<circle class=\"away\" cx=\"{x}\" cy=\"{y}\" r=\"2.5\"/>");
        }
        for wire in &wires {
            self.words(wire);
        }
    }

    fn wire(&mut self, wire: &Wire) {
        let look = self.shown.wire(wire.consumer, wire.slot);
        let heavy = if look.flow == Flow::Light { "" } else { " heavy" };
        let points: Vec<String> =
            wire.points.iter().map(|&point| pixel(point)).map(|(x, y)| format!("{x},{y}")).collect();
        let _ = writeln!(self.svg, "<polyline class=\"{}{heavy}\" points=\"{}\"/>", class(look.role), points.join(" "));
        if look.flow == Flow::Gradient {
            let Point { x, y } = wire.points[0];
            self.arrow(Point { x: x + 1, y }, false, class(look.role));
        }
    }

    fn words(&mut self, wire: &Wire) {
        let room = usize::try_from(wire.free.w - 2).unwrap_or(0);
        let Some(text) = self.shown.wire_text(wire.consumer, wire.slot, room) else { return };
        let class = class(self.shown.wire(wire.consumer, wire.slot).role);
        let at = Point { x: wire.free.right() - 2, y: wire.free.y };
        let (x, y) = pixel(at);
        let (w, h) = ((i32::try_from(text.len()).unwrap_or(0) + 1) * CELL.0, CELL.1);
        let (left, top) = (x - w + CELL.0, y - h / 2);
        let _ = writeln!(self.svg, "<rect class=\"page\" x=\"{left}\" y=\"{top}\" width=\"{w}\" height=\"{h}\"/>");
        self.text_to(at, class, &text);
    }

    fn arrow(&mut self, at: Point, right: bool, class: &str) {
        let (x, y) = pixel(at);
        let (tip, base) = if right { (x + 5, x - 3) } else { (x - 5, x + 3) };
        let (top, low) = (y - 4, y + 4);
        let _ = writeln!(self.svg, "<path class=\"{class}\" d=\"M{tip} {y}L{base} {top}V{low}Z\"/>");
    }

    /// The op and, to its right, the box of what it made.
    fn value(&mut self, node: u32) {
        let card = self.shown.card(node);
        let (body, badge) = (self.layout.boxes[node as usize], self.layout.badges[node as usize]);
        if badge.w > 0 {
            self.badge(node, &card, badge);
        }
        let heavy = if card.heavy { " heavy" } else { "" };
        self.frame(body, &format!("{}{heavy}", class(card.role)), 4);
        self.heading(&card, body);
        self.numbers(&card, body);
    }

    fn badge(&mut self, node: u32, card: &Card, badge: Rect) {
        let looks = self.layout.wires_into(node as usize).iter().map(|w| self.shown.wire(w.consumer, w.slot));
        let look = looks.max_by_key(|look| look.flow).unwrap_or_default();
        let role = class(if look.flow == Flow::Light { card.role } else { look.role });
        let arrow = Point { x: badge.right(), y: badge.y };
        let (x, y) = pixel(Point { x: badge.x, y: badge.y });
        let (end, _) = pixel(arrow);
        let _ = writeln!(self.svg, "<polyline class=\"{role}\" points=\"{x},{y} {},{y}\"/>", end + CELL.0);
        let (w, h) = (badge.w * CELL.0, CELL.1 + 3);
        let (left, top) = (x - CELL.0 / 2, y - h / 2);
        let _ = writeln!(
            self.svg,
            "<rect class=\"{role}\" x=\"{left}\" y=\"{top}\" width=\"{w}\" height=\"{h}\" rx=\"10\"/>"
        );
        let op = cut(&cleaned(&card.op), usize::try_from(badge.w - 2).unwrap_or(0));
        self.text(Point { x: badge.x + 1, y: badge.y }, role, &op);
        self.arrow(arrow, look.flow != Flow::Gradient, role);
        if card.operands_hidden {
            self.text_to(Point { x: badge.x - 2, y: badge.y }, "away", "…");
        }
    }

    /// Name and number, standing in the upper edge of the box.
    fn heading(&mut self, card: &Card, body: Rect) {
        let marked = card.marker != ' ';
        // What is escaped grows: that comes before it is cut.
        let label = cleaned(&card.label);
        let name = if marked { format!("{} {label}", card.marker) } else { label.into_owned() };
        let number = i32::try_from(card.number.len()).unwrap_or(0);
        let room = body.w - 4 - if number > 0 { number + 2 } else { 0 };
        let name = cut(&name, usize::try_from(room.max(1)).unwrap_or(1));
        let cells = i32::try_from(crate::ui::graph::width(&name)).unwrap_or(0);
        let here = card.label_role == Role::Here;
        self.gap(Point { x: body.x + 2, y: body.y }, cells, here);
        self.text(Point { x: body.x + 2, y: body.y }, class(card.label_role), &name);
        if number > 0 {
            let at = Point { x: body.right() - 2 - number, y: body.y };
            self.gap(at, number, false);
            self.text(at, class(card.number_role), &card.number);
        }
        if !card.hint.is_empty() {
            let cells = i32::try_from(card.hint.len()).unwrap_or(0);
            let at = Point { x: body.right() - 2 - cells, y: body.bottom() - 1 };
            self.gap(at, cells, false);
            self.text(at, "away", &card.hint);
        }
    }

    /// Clears the edge of a box behind a text; behind the one that runs, in reverse.
    fn gap(&mut self, at: Point, cells: i32, reverse: bool) {
        let (x, y) = pixel(at);
        let (x, y, w, h) = (x - CELL.0, y - CELL.1 / 2, (cells + 1) * CELL.0, CELL.1);
        let class = if reverse { "back" } else { "page" };
        let _ = writeln!(self.svg, "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"/>");
    }

    fn numbers(&mut self, card: &Card, body: Rect) {
        let rows = [("data", &card.data, card.data_role), ("grad", &card.grad, card.grad_role)];
        let side_by_side = body.h < 4;
        for (row, (name, number, role)) in (1..).zip(rows) {
            if side_by_side {
                let x = if row == 1 { body.x + body.w / 2 - 1 } else { body.right() - 2 };
                self.text_to(Point { x, y: body.y + 1 }, class(role), number);
            } else {
                self.text(Point { x: body.x + 2, y: body.y + row }, "away", name);
                self.text_to(Point { x: body.right() - 3, y: body.y + row }, class(role), number);
            }
        }
    }
}

/// What the signs mean, and how much is not drawn.
fn legend(debugger: &Debugger, view: &View, shown: &Shown<'_>) -> String {
    let nodes: Vec<u32> = (0..).zip(&view.layout().boxes).map(|(node, _)| node).collect();
    let signs = shown.legend(&nodes).join("   ");
    if view.picture.is_whole() {
        return signs;
    }
    let (name, drawn, all) = (debugger.label(view.centre), view.picture.len(), debugger.run.graph.len());
    format!("near {} ({drawn} of {all} values)   {signs}", cleaned(name))
}

/// The middle of a cell.
fn pixel(at: Point) -> (i32, i32) {
    ((at.x + MARGIN.0) * CELL.0 + CELL.0 / 2, (at.y + MARGIN.1) * CELL.1 + CELL.1 / 2)
}

fn class(role: Role) -> &'static str {
    match role {
        Role::Flowing | Role::CallStack => "flow",
        Role::Here => "here",
        Role::Done => "done",
        Role::Strong | Role::Selected => "strong",
        Role::NotReached => "dim",
        Role::Dim => "away",
        Role::Wrong => "wrong",
        Role::Text | Role::Partial => "plain",
    }
}

/// A text as XML has it. Two characters that are no control characters may not be in XML all the same.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in cleaned(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
