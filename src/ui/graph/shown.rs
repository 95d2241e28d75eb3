//! What the painter is told about each value and each wire, from the debugger at its cursor.

use std::cell::OnceCell;

use unicode_width::UnicodeWidthStr;

use super::canvas::Role;
use super::scene::{Card, Flow as Weight, Scene, WireLook};
use super::view::View;
use crate::debugger::Debugger;
use crate::debugger::flow::Flow;
use crate::debugger::picture::op_text;
use crate::debugger::rows::Ran;
use crate::debugger::standing::Standing;
use crate::debugger::topo_view::TopoView;
use crate::engine::{Phase, ValueId};
use crate::formula::Field;
use crate::formula::number::{rounded, short};
use crate::layout::Zoom;
use crate::scenario::cleaned;

/// A graph at the cursor of a session.
pub struct Shown<'a> {
    debugger: &'a Debugger,
    /// The value that was chosen by hand.
    chosen: Option<ValueId>,
    view: &'a View,
    phase: Phase,
    flow: Flow,
    topo: Option<TopoView<'a>>,
    /// The order of what has not run yet is not told: it is asked for.
    predicts: bool,
    /// By node of the picture, what was asked for already: its box and every wire into it ask.
    states: Vec<OnceCell<State>>,
}

/// How far a value has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Running,
    Done,
    /// On the call stack of `build_topo`.
    Open,
    Final,
    Partial,
    Earlier,
    Waiting,
    /// No root is made of it: no gradient will ever come here.
    Unreached,
}

impl State {
    fn marker(self) -> char {
        match self {
            Self::Running => '▶',
            Self::Done => '✓',
            Self::Final => '◆',
            Self::Partial => '◐',
            Self::Earlier => '↺',
            Self::Unreached => '-',
            Self::Waiting => '·',
            Self::Open => ' ',
        }
    }

    fn dot(self) -> char {
        match self {
            Self::Running => '◉',
            Self::Done => '●',
            Self::Open => '◎',
            Self::Waiting => '○',
            Self::Unreached => '×',
            state => state.marker(),
        }
    }

    fn role(self) -> Role {
        match self {
            Self::Running => Role::Flowing,
            Self::Done => Role::Done,
            Self::Open => Role::Strong,
            Self::Final | Self::Partial | Self::Earlier => Role::Partial,
            Self::Waiting | Self::Unreached => Role::NotReached,
        }
    }
}

impl<'a> Shown<'a> {
    pub fn new(debugger: &'a Debugger, chosen: Option<ValueId>, view: &'a View) -> Self {
        let phase = debugger.run.segments[debugger.segment_here()].phase();
        let (flow, topo) = (debugger.flow(), debugger.topo_view());
        let states = vec![OnceCell::new(); view.picture.len()];
        Self { debugger, chosen, view, phase, flow, topo, predicts: false, states }
    }

    /// The same without the order of what has not run yet, where that is asked for.
    #[must_use]
    pub fn asking(self, predicts: bool) -> Self {
        Self { predicts, ..self }
    }

    fn state(&self, node: u32) -> State {
        *self.states[node as usize].get_or_init(|| self.state_of(self.view.picture.value(node)))
    }

    fn state_of(&self, v: ValueId) -> State {
        let debugger = self.debugger;
        match (&self.topo, self.phase) {
            (Some(topo), _) => self.topo_state(topo, v),
            (None, Phase::Forward) => match debugger.data(v) {
                _ if debugger.running() == Some(v) => State::Running,
                Some(_) => State::Done,
                None => State::Waiting,
            },
            _ if debugger.running() == Some(v) => State::Running,
            _ if debugger.ran(v) != Ran::NotYet => State::Done,
            _ => match debugger.standing(v) {
                Standing::Unreached => State::Unreached,
                Standing::Earlier => State::Earlier,
                Standing::Waiting(0, _) => State::Waiting,
                Standing::Waiting(..) => State::Partial,
                Standing::Final => State::Final,
            },
        }
    }

    /// What the signs mean, and those that are seldom seen where one of the nodes has them.
    pub fn legend(&self, nodes: &[u32]) -> Vec<&'static str> {
        let dots = self.view.zoom() == Zoom::Dots;
        let mut signs = match (self.phase, dots) {
            (Phase::Topo, true) => vec!["○ not visited", "◎ call stack", "◉ here", "● in topo"],
            (Phase::Topo, false) => vec!["· not visited", "━ call stack", "▶ here", "✓ [i] in topo"],
            (Phase::Forward, true) => vec!["○ not yet", "◉ computed now", "● computed"],
            (Phase::Forward, false) => vec!["· not yet", "━▶ data flowing", "▶ computed now", "✓ computed"],
            (_, true) => vec!["○ waits", "◐ has grad", "◆ final", "◉ running", "● done"],
            (_, false) => vec!["· waits", "◐ has grad", "◆ grad final", "━◀ gradient", "▶ running", "✓ done"],
        };
        let any = |state| nodes.iter().any(|&node| self.state(node) == state);
        signs.extend(any(State::Earlier).then_some("↺ earlier pass"));
        signs.extend(any(State::Unreached).then_some(if dots { "× never reached" } else { "- never reached" }));
        let wrong = nodes.iter().any(|&node| self.is_wrong(self.view.picture.value(node)));
        signs.extend(wrong.then_some("✗ wrong"));
        signs
    }

    fn topo_state(&self, topo: &TopoView<'_>, v: ValueId) -> State {
        match topo.place(v) {
            _ if self.debugger.current() == Some(v) => State::Running,
            Some(_) => State::Done,
            None if topo.is_open(v) => State::Open,
            None => State::Waiting,
        }
    }

    /// Its place in the order, as it is known at this moment.
    fn number(&self, v: ValueId) -> String {
        if let Some(topo) = &self.topo {
            return topo.place(v).map_or_else(String::new, |place| format!("[{place}]"));
        }
        let rows = self.debugger.rows();
        let row = rows.row(v);
        let asked = self.predicts && self.debugger.ran(v) == Ran::NotYet;
        if asked || self.phase == Phase::Forward || row >= rows.order.topo.len() {
            String::new()
        } else {
            (row + 1).to_string()
        }
    }

    /// Whether the step that just ran wrote a number of a value.
    fn touched(&self, v: ValueId, field: Field) -> bool {
        let debugger = self.debugger;
        let recent = debugger.recent();
        let last = debugger.run.history(field).last(v, debugger.step);
        let computed = field == Field::Data && matches!(self.flow, Flow::Data(node) if node == v);
        computed || last.is_some_and(|(step, _)| step > recent.start)
    }

    /// A number in so many cells.
    fn format(&self, x: f64, cells: usize) -> String {
        match self.view.zoom() {
            Zoom::Full | Zoom::FullNarrow => rounded(x, cells, 4),
            _ => rounded(x, cells.min(7), 3),
        }
    }

    /// Cells where a number stands.
    fn room(&self) -> usize {
        if self.view.zoom() == Zoom::Cards { 7 } else { 9 }
    }

    /// A number as it is shown, and what it means. One that is wrong has its sign before it, and fewer decimals where
    /// there is no room for both.
    fn number_of(&self, v: ValueId, field: Field, rest: Role) -> (String, Role) {
        let debugger = self.debugger;
        let (x, wrong) = match field {
            Field::Data => match debugger.data(v) {
                Some(data) => (data, !data.is_finite()),
                None => return ("·".to_owned(), rest),
            },
            Field::Grad => (debugger.grad(v), self.is_wrong(v)),
        };
        let room = self.room();
        let text = self.format(x, room);
        match wrong {
            false if self.touched(v, field) => (text, Role::Flowing),
            false => (text, rest),
            true if text.width() + 2 <= room => (format!("✗ {text}"), Role::Wrong),
            true => (format!("✗{}", self.format(x, room - 1)), Role::Wrong),
        }
    }

    /// Whether a grad is none, or another than it must be at the end of this pass.
    fn is_wrong(&self, v: ValueId) -> bool {
        !self.debugger.grad(v).is_finite() || self.debugger.must_be(v).is_some()
    }
}

impl Scene for Shown<'_> {
    fn card(&self, node: u32) -> Card {
        let debugger = self.debugger;
        let v = self.view.picture.value(node);
        let state = self.state(node);
        let (role, rest) = match state.role() {
            Role::Flowing => (Role::Flowing, Role::Text),
            role => (role, role),
        };
        let chosen = self.chosen == Some(v);
        let numberless = matches!(self.view.zoom(), Zoom::Names | Zoom::Dots);
        let wrong = numberless && state != State::Running && self.is_wrong(v);
        let role = if wrong { Role::Wrong } else { role };
        let (data, data_role) = self.number_of(v, Field::Data, rest);
        let (grad, grad_role) = self.number_of(v, Field::Grad, rest);
        let (operands_hidden, uses_hidden) = self.view.picture.hidden(node);
        let framed = self.view.layout().sizes.height > 2;
        let label = cleaned(debugger.label(v));
        Card {
            label: if chosen && framed { format!("›{label}") } else { label.into_owned() },
            data,
            grad,
            number: self.number(v),
            hint: if uses_hidden > 0 { format!("+{uses_hidden} more") } else { String::new() },
            operands_hidden,
            op: cleaned(&op_text(&debugger.run.graph, v)).into_owned(),
            marker: match state {
                State::Running => state.marker(),
                _ if chosen && !framed => '›',
                _ if wrong => '✗',
                _ => state.marker(),
            },
            dot: if wrong { '✗' } else { state.dot() },
            heavy: matches!(state, State::Running | State::Open),
            role: if chosen && self.view.zoom() == Zoom::Dots { Role::Selected } else { role },
            label_role: match state {
                _ if chosen => Role::Selected,
                State::Running => Role::Here,
                _ => rest,
            },
            data_role,
            grad_role,
            number_role: if matches!(state, State::Running) { Role::Flowing } else { Role::Dim },
        }
    }

    fn wire(&self, consumer: u32, slot: u32) -> WireLook {
        let v = self.view.picture.value(consumer);
        let slot = self.view.picture.slot(consumer, slot);
        let graph = &self.debugger.run.graph;
        let flow = match &self.flow {
            Flow::Gradient(edges) if edges.contains_key(&(v, slot)) => Weight::Gradient,
            Flow::Calls if self.topo.as_ref().is_some_and(|topo| topo.is_busy_with(graph, v, slot)) => {
                Weight::CallStack
            }
            Flow::Data(node) if *node == v => Weight::CallStack,
            _ => Weight::Light,
        };
        let role = match self.state(consumer) {
            _ if flow != Weight::Light => Role::Flowing,
            State::Done => Role::Done,
            State::Waiting | State::Unreached => Role::NotReached,
            _ => Role::Text,
        };
        WireLook { flow, role }
    }

    fn wire_text(&self, consumer: u32, slot: u32, room: usize) -> Option<String> {
        let Flow::Gradient(edges) = &self.flow else { return None };
        let v = self.view.picture.value(consumer);
        let slot = self.view.picture.slot(consumer, slot);
        let write = edges.get(&(v, slot))?;
        let (node, line) = write.by?;
        let sign = self.debugger.run.graph.op_of(node)?.lines[line].sign();
        let operand = ["self", "other"].get(slot)?;
        let amount = short(write.amount);
        let texts = [format!("{operand} {sign} {amount}"), format!("{sign} {amount}"), amount];
        texts.into_iter().find(|text| text.len() <= room)
    }
}
