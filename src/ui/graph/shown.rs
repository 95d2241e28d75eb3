//! What the painter is told about each value and each wire, from the debugger at its cursor.

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
    LeftOver,
    Waiting,
    /// The root is not made of it: no gradient will ever come here.
    Unreached,
}

impl State {
    fn marker(self) -> char {
        match self {
            Self::Running => '▶',
            Self::Done => '✓',
            Self::Final => '◆',
            Self::Partial => '◐',
            Self::LeftOver => '↺',
            Self::Unreached => '-',
            Self::Open | Self::Waiting => ' ',
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
            Self::Final | Self::Partial | Self::LeftOver => Role::Partial,
            Self::Waiting | Self::Unreached => Role::NotReached,
        }
    }
}

impl<'a> Shown<'a> {
    pub fn new(debugger: &'a Debugger, chosen: Option<ValueId>, view: &'a View) -> Self {
        let phase = debugger.run.segments[debugger.segment_here()].phase;
        Self { debugger, chosen, view, phase, flow: debugger.flow(), topo: debugger.topo_view() }
    }

    fn state(&self, v: ValueId) -> State {
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
                Standing::LeftOver => State::LeftOver,
                Standing::Waiting(0, _) => State::Waiting,
                Standing::Waiting(..) => State::Partial,
                Standing::Final => State::Final,
            },
        }
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
        if self.phase == Phase::Forward || row >= rows.order.topo.len() { String::new() } else { (row + 1).to_string() }
    }

    /// Whether the step that just ran wrote a number of a value.
    fn touched(&self, v: ValueId, field: Field) -> bool {
        let debugger = self.debugger;
        let recent = debugger.recent();
        let last = debugger.run.history(field).last(v, debugger.step);
        let computed = field == Field::Data && matches!(self.flow, Flow::Data(node) if node == v);
        computed || last.is_some_and(|(step, _)| step > recent.start)
    }

    fn format(&self, x: f64) -> String {
        match self.view.zoom() {
            Zoom::Full | Zoom::FullNarrow => rounded(x, 9, 4),
            _ => rounded(x, 7, 3),
        }
    }

    fn number_role(&self, v: ValueId, field: Field, rest: Role) -> Role {
        if self.touched(v, field) { Role::Flowing } else { rest }
    }
}

impl Scene for Shown<'_> {
    fn card(&self, node: u32) -> Card {
        let debugger = self.debugger;
        let v = self.view.picture.value(node);
        let state = self.state(v);
        let (role, rest) = match state.role() {
            Role::Flowing => (Role::Flowing, Role::Text),
            role => (role, role),
        };
        let chosen = self.chosen == Some(v);
        let (operands_hidden, uses_hidden) = self.view.picture.hidden(node);
        let framed = self.view.layout().sizes.height > 2;
        let label = cleaned(debugger.label(v));
        Card {
            label: if chosen && framed { format!("›{label}") } else { label.into_owned() },
            data: debugger.data(v).map_or_else(|| "·".to_owned(), |data| self.format(data)),
            grad: self.format(debugger.grad(v)),
            number: self.number(v),
            hint: if uses_hidden > 0 { format!("+{uses_hidden} more") } else { String::new() },
            operands_hidden,
            op: cleaned(&op_text(&debugger.run.graph, v)).into_owned(),
            marker: if chosen && !framed && state != State::Running { '›' } else { state.marker() },
            dot: state.dot(),
            heavy: matches!(state, State::Running | State::Open),
            role: if chosen && self.view.zoom() == Zoom::Dots { Role::Selected } else { role },
            label_role: match state {
                _ if chosen => Role::Selected,
                State::Running => Role::Here,
                _ => rest,
            },
            data_role: self.number_role(v, Field::Data, rest),
            grad_role: self.number_role(v, Field::Grad, rest),
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
        let role = match self.state(v) {
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
