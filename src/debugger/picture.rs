//! The graph as it is drawn: laid out once a graph and detail, not once a frame.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use unicode_width::UnicodeWidthStr;

use super::Debugger;
use super::consumers::Consumers;
use crate::engine::{Graph, ValueId};
use crate::layout::{self, Layout, Limits, Neighbourhood, Neighbours, Rows, Sizes, Spec, Zoom};
use crate::scenario::{Scenario, cleaned};

/// How large a graph may be that is drawn whole.
#[derive(Clone, Copy)]
pub struct Most {
    pub values: usize,
    /// Of its layout: one a value, and one for each layer that a wire passes.
    pub cells: usize,
}

/// What can be taken in, and does not let anybody wait between two keys.
pub const WHOLE: Most = Most { values: 400, cells: 4_000 };
/// What is done within a second, for a file.
pub const WHOLE_IN_A_FILE: Most = Most { values: 5_000, cells: 12_000 };

/// What is drawn around one value of a graph too large to be drawn whole: about a screen of cards.
const AROUND: Limits = Limits { hops: 2, nodes: 10, consumers: 3 };
/// The same where there are few rows: what a `_backward` reads and writes can be seen at once.
const CLOSE: Limits = Limits { hops: 2, nodes: 6, consumers: 2 };

/// How much is drawn around a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    Around,
    Close,
}

/// A graph, or what is near one of its values, and where everything goes at each of [`Sizes::LEVELS`].
pub struct Picture {
    /// The values by their place in the picture; `None` where that is all of them in their order.
    near: Option<Neighbourhood>,
    starts: Vec<u32>,
    operands: Vec<u32>,
    /// Cells of each op's name, 0 for a leaf; of each label.
    ops: Vec<u16>,
    labels: Vec<u16>,
    layouts: [OnceLock<Layout>; Sizes::LEVELS.len()],
}

/// The pictures of a graph that have been asked for.
#[derive(Default)]
pub struct Pictures {
    whole: OnceLock<Arc<Picture>>,
    /// Cells of the layout of all of it.
    cells: OnceLock<usize>,
    /// The last neighbourhoods that were made, the newest last: the next frame wants the same one, the next step back one
    /// before it.
    near: Mutex<VecDeque<(ValueId, Reach, Arc<Picture>)>>,
}

/// Neighbourhoods that are kept.
const KEPT: usize = 64;
/// So many values in the order in which they are made share a neighbourhood if they can.
const SHARE: u32 = 4;

impl Picture {
    /// All of a graph.
    pub fn whole(scenario: &Scenario) -> Self {
        let graph = &scenario.graph;
        let mut starts = vec![0];
        let mut operands = Vec::new();
        for v in graph.ids() {
            operands.extend_from_slice(graph.operands_of(v));
            starts.push(place(operands.len()));
        }
        Self::new(scenario, None, starts, operands)
    }

    /// What is near a value, saying how much is not shown.
    pub fn near(scenario: &Scenario, consumers: &Consumers, centre: ValueId, reach: Reach) -> Self {
        let limits = if reach == Reach::Close { CLOSE } else { AROUND };
        let found = Neighbourhood::new(&Edges { graph: &scenario.graph, consumers }, centre, limits);
        let (starts, operands) = (found.starts.clone(), found.operands.clone());
        Self::new(scenario, Some(found), starts, operands)
    }

    /// Who reads whom.
    fn rows(&self) -> Rows<'_> {
        Rows { starts: &self.starts, items: &self.operands }
    }

    fn new(scenario: &Scenario, near: Option<Neighbourhood>, starts: Vec<u32>, operands: Vec<u32>) -> Self {
        let mut picture =
            Self { near, starts, operands, ops: Vec::new(), labels: Vec::new(), layouts: Default::default() };
        let cells = |text: &str| u16::try_from(cleaned(text).width()).unwrap_or(u16::MAX);
        let values: Vec<ValueId> = (0..place(picture.len())).map(|node| picture.value(node)).collect();
        picture.ops = values.iter().map(|&v| cells(&op_text(&scenario.graph, v))).collect();
        picture.labels = values.iter().map(|&v| cells(scenario.names.label(v))).collect();
        picture
    }

    /// How many values are shown.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where everything goes at that level of detail.
    pub fn layout(&self, level: usize) -> &Layout {
        let sizes = Sizes::LEVELS[level];
        self.layouts[level].get_or_init(|| {
            let badges: Vec<u16> = self.ops.iter().map(|&cells| sizes.zoom.badge_width(cells)).collect();
            let widths: Vec<u16> = self.labels.iter().map(|cells| cells.saturating_add(1)).collect();
            let widths = (sizes.zoom == Zoom::Names).then_some(&widths[..]);
            Layout::new(&Spec { operands: self.rows(), badges: &badges, widths, sizes, hasty: !self.is_whole() })
        })
    }

    /// The value that is a node of the picture.
    pub fn value(&self, node: u32) -> ValueId {
        self.near.as_ref().map_or(node, |near| near.nodes[node as usize])
    }

    /// The node that a value is, if it is shown.
    pub fn node(&self, v: ValueId) -> Option<u32> {
        match &self.near {
            Some(near) => near.local(v).map(place),
            None => Some(v),
        }
    }

    /// Which operand of its op the wire that is `slot`-th of those shown stands for: 0 is `self`.
    pub fn slot(&self, node: u32, slot: u32) -> usize {
        match &self.near {
            Some(near) => near.slots[(self.starts[node as usize] + slot) as usize] as usize,
            None => slot as usize,
        }
    }

    /// Whether not all operands of a node are shown, and how many uses of it are not.
    pub fn hidden(&self, node: u32) -> (bool, u32) {
        self.near
            .as_ref()
            .map_or((false, 0), |near| (near.hidden_operands[node as usize] > 0, near.hidden_consumers[node as usize]))
    }

    /// Whether a value is shown with all that its gradient goes to, and something that it comes from.
    fn is_around(&self, v: ValueId, uses: usize) -> bool {
        self.near.as_ref().zip(self.node(v)).is_some_and(|(near, node)| {
            let hidden = near.hidden_consumers[node as usize] as usize;
            near.hidden_operands[node as usize] == 0 && (uses == 0 || hidden < uses)
        })
    }

    pub fn is_whole(&self) -> bool {
        self.near.is_none()
    }
}

fn place(at: usize) -> u32 {
    u32::try_from(at).expect("a graph has fewer than 2^32 values")
}

/// `tanh`, `**3.0`; empty for a leaf.
pub fn op_text(graph: &Graph, v: ValueId) -> String {
    let Some(op) = graph.op_of(v) else { return String::new() };
    let exponent = graph.exponent_of(v).map_or_else(String::new, crate::formula::number::short);
    let exponent = exponent.strip_suffix(".0").unwrap_or(&exponent);
    format!("{}{exponent}", op.name)
}

/// A graph as [`Neighbourhood`] asks about it.
struct Edges<'a> {
    graph: &'a Graph,
    consumers: &'a Consumers,
}

impl Neighbours for Edges<'_> {
    fn count(&self) -> usize {
        self.graph.len()
    }

    fn operands(&self, node: u32) -> &[u32] {
        self.graph.operands_of(node)
    }

    fn consumers(&self, node: u32) -> impl ExactSizeIterator<Item = u32> {
        self.consumers.of_value(node).iter().map(|usage| usage.consumer())
    }
}

impl Debugger {
    /// Whether the graph is small enough to be laid out whole.
    pub fn can_be_whole(&self, most: Most) -> bool {
        let cells = || *self.pictures.cells.get_or_init(|| layout::cells(self.whole_picture().rows()));
        self.run.graph.len() <= most.values && cells() <= most.cells
    }

    /// The whole graph, to be asked for only where it is small enough to be laid out.
    pub fn whole_picture(&self) -> Arc<Picture> {
        self.pictures.whole.get_or_init(|| Arc::new(Picture::whole(&self.scenario))).clone()
    }

    /// What is near a value. Values that follow one another share the picture of one of them, where that has what is
    /// around them all: a picture that jumps at every step is hard to follow. It is the same whichever way one came.
    pub fn picture_near(&self, v: ValueId, reach: Reach) -> Arc<Picture> {
        let last = u32::try_from(self.run.graph.len() - 1).expect("a graph has fewer than 2^32 values");
        let shared = self.picture_of(last.min(v - v % SHARE + SHARE / 2), reach);
        let uses = self.consumers().of_value(v).len();
        if shared.is_around(v, uses) { shared } else { self.picture_of(v, reach) }
    }

    fn picture_of(&self, centre: ValueId, reach: Reach) -> Arc<Picture> {
        let mut kept = self.pictures.near.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, _, picture)) = kept.iter().rev().find(|(of, far, _)| (*of, *far) == (centre, reach)) {
            return picture.clone();
        }
        let picture = Arc::new(Picture::near(&self.scenario, self.consumers(), centre, reach));
        kept.push_back((centre, reach, picture.clone()));
        if kept.len() > KEPT {
            kept.pop_front();
        }
        picture
    }

    /// The graph whole if that can be taken in; else what is near a value.
    pub fn picture(&self, centre: ValueId) -> Arc<Picture> {
        if self.can_be_whole(WHOLE) { self.whole_picture() } else { self.picture_near(centre, Reach::Around) }
    }
}
