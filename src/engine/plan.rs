use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use super::graph::{Graph, ValueId};
use super::history::History;
use super::topo::{self, Visit, build_topo};
use super::walk::Walk;
use crate::formula::{Field, Program, Statement, Verb};

/// A number of a value: `x1.grad`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number {
    pub value: ValueId,
    pub field: Field,
}

/// Statements whose names have been looked up.
pub type Script = Vec<Statement<ValueId, Program<Number>>>;

/// What kind of work an event belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Values are computed.
    Forward,
    /// `build_topo` runs.
    Topo,
    /// A grad is set by hand: the base case.
    Seed,
    /// A `_backward` runs.
    Backward,
    /// Grads are set to 0.
    Zero,
    /// Data is changed by hand.
    Update,
    /// An `assert` is looked at.
    Assert,
}

impl Phase {
    pub fn name(self) -> &'static str {
        match self {
            Self::Forward => "forward",
            Self::Topo => "topo",
            Self::Seed => "seed",
            Self::Backward => "backward",
            Self::Zero => "zero",
            Self::Update => "update",
            Self::Assert => "assert",
        }
    }
}

/// A stretch of events of one kind, of one statement.
pub struct Segment {
    /// The statement it belongs to, plus 1: half as wide as an `Option<usize>`, since there may be millions of these.
    statement: u32,
    /// Which backward pass it belongs to, from 1; 0 before the first.
    pub pass: u32,
    /// Events before it, which is also the step at which it starts.
    pub first: u32,
    pub len: u32,
    pub kind: SegmentKind,
}

impl Segment {
    /// The statement it belongs to; `None` for the forward pass before the script.
    pub fn statement(&self) -> Option<usize> {
        self.statement.checked_sub(1).map(|at| at as usize)
    }

    pub fn phase(&self) -> Phase {
        match self.kind {
            SegmentKind::Forward => Phase::Forward,
            SegmentKind::Topo(_) => Phase::Topo,
            SegmentKind::Seed(_) => Phase::Seed,
            SegmentKind::Backward(_) | SegmentKind::Call(_) => Phase::Backward,
            SegmentKind::ZeroGrad => Phase::Zero,
            SegmentKind::Assign(_, phase) => phase,
            SegmentKind::Assert => Phase::Assert,
        }
    }

    /// The step at which all of it has run.
    pub fn end(&self) -> u32 {
        self.first + self.len
    }

    /// The value that a whole backward pass begins at, where it is a part of one.
    pub fn root(&self) -> Option<ValueId> {
        match &self.kind {
            SegmentKind::Topo(order) | SegmentKind::Backward(order) => Some(order.root),
            SegmentKind::Seed(root) => Some(*root),
            _ => None,
        }
    }
}

#[derive(Clone)]
pub enum SegmentKind {
    /// One event an op, in the order in which values were made.
    Forward,
    /// The events of `build_topo`.
    Topo(Arc<Order>),
    /// `root.grad = 1.0`.
    Seed(ValueId),
    /// The lines of every `_backward`, in reversed topological order.
    Backward(Arc<Order>),
    /// The lines of one `_backward`.
    Call(ValueId),
    /// One write of 0 a value.
    ZeroGrad,
    /// A number that is set by hand, and what that is in the course of a pass: a base case, a zeroing, an update.
    Assign(Number, Phase),
    Assert,
}

/// The order `build_topo` gives for a root, and where in it each event of a backward pass stands.
pub struct Order {
    pub root: ValueId,
    pub topo: Vec<ValueId>,
    /// Events before each [`Order::STRIDE`]th `_backward`, in the order in which they run.
    marks: Vec<u32>,
    /// For each [`Order::EVERY`]th event the `_backward` that it belongs to, and the events before that: a search would
    /// wait for memory at each of its steps.
    places: Vec<[u32; 2]>,
    events: u32,
    walk: OnceLock<Walk>,
}

impl Order {
    const STRIDE: usize = 8;
    const EVERY: usize = 32;

    pub fn new(graph: &Graph, root: ValueId) -> Self {
        let topo = build_topo(graph, root);
        let mut marks = Vec::with_capacity(topo.len() / Self::STRIDE + 1);
        let of_ops: Vec<u32> = graph.ops.iter().map(|op| events_of(op.lines.len())).collect();
        let mut places = Vec::with_capacity(2 * topo.len() / Self::EVERY + 1);
        let mut events = 0;
        for (at, &v) in (0..).zip(topo.iter().rev()) {
            if marks.len() * Self::STRIDE == at as usize {
                marks.push(events);
            }
            let before = events;
            events += of_ops.get(usize::from(graph.op[v as usize].0)).copied().unwrap_or(events_of(0));
            while places.len() * Self::EVERY < events as usize {
                places.push([at, before]);
            }
        }
        Self { root, topo, marks, places, events, walk: OnceLock::new() }
    }

    /// The value whose `_backward` is the `at`th to run, from 0.
    pub fn node(&self, at: usize) -> ValueId {
        self.topo[self.topo.len() - 1 - at]
    }

    /// Bytes that it takes.
    fn bytes(&self) -> u64 {
        ((self.topo.len() + self.marks.len() + 2 * self.places.len()) * size_of::<u32>()) as u64
    }

    /// The events of a backward pass in this order.
    pub fn events(&self) -> u32 {
        self.events
    }

    /// Events of the pass before the `at`th `_backward`.
    pub fn start_of(&self, graph: &Graph, at: usize) -> u32 {
        let mark = at / Self::STRIDE;
        let Some(&start) = self.marks.get(mark) else { return self.events };
        start + (mark * Self::STRIDE..at.min(self.topo.len())).map(|at| call_events(graph, self.node(at))).sum::<u32>()
    }

    /// Which `_backward` the `event`th event of a pass belongs to, and which of its lines it is.
    pub fn find(&self, graph: &Graph, event: u32) -> (usize, usize) {
        let [at, mut start] = self.places[event as usize / Self::EVERY];
        let mut at = at as usize;
        loop {
            let events = call_events(graph, self.node(at));
            if event < start + events {
                return (at, (event - start) as usize);
            }
            start += events;
            at += 1;
        }
    }

    /// The event of `build_topo` of that number.
    pub fn visit(&self, graph: &Graph, at: u32) -> Visit {
        self.walk(graph).visit(graph, &self.topo, at)
    }

    /// The events of `build_topo`, and what its state is after each; made when they are first asked for.
    pub fn walk(&self, graph: &Graph) -> &Walk {
        self.walk.get_or_init(|| Walk::new(graph, self.root))
    }
}

/// Whether each value is a part of what another is made of.
fn made_of(graph: &Graph, root: ValueId) -> Vec<bool> {
    let mut reached = vec![false; graph.len()];
    for v in build_topo(graph, root) {
        reached[v as usize] = true;
    }
    reached
}

/// `x.grad = 0.0` sets nothing going.
fn is_zero(amount: &Program<Number>) -> bool {
    amount.as_number() == Some(0.0)
}

/// How many events a `_backward` makes: one a line; one where it does nothing, so that it still has its place.
pub fn call_events(graph: &Graph, v: ValueId) -> u32 {
    events_of(graph.lines_of(v))
}

fn events_of(lines: usize) -> u32 {
    u32::try_from(lines.max(1)).expect("a rule has few lines")
}

/// What a script will do: its segments, without a number computed.
pub struct Plan {
    pub segments: Vec<Segment>,
    orders: FxHashMap<ValueId, Arc<Order>>,
    /// Orders of another run of the same graph, which need not be made again.
    known: FxHashMap<ValueId, Arc<Order>>,
    steps: u32,
    /// What it takes to record it, at most; and how much it may take.
    bytes: u64,
    room: u64,
    pass: u32,
    /// Whether a `_backward` has run since the pass began.
    called: bool,
    /// Whether all grads were set to 0 since.
    zeroed: bool,
    /// What the pass began with.
    root: Option<ValueId>,
    /// What a value is made of, where somebody asked: one pass often begins with the same as the one before it.
    reached: Option<(ValueId, Vec<bool>)>,
}

/// Recording a script would take more memory than there is room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge {
    /// The statement, from 0, that there is no more room for.
    pub statement: usize,
}

impl Plan {
    /// How many bytes of memory any recorded script may take. Enough for a `backward()` over 70 million values; and so
    /// little that no run has 2^32 events.
    pub const MOST_BYTES: u64 = 2 << 30;

    /// `computed` is how many values an op makes; `room` how many bytes the recorded script may take.
    ///
    /// # Errors
    /// Says which statement there is no more room for.
    pub fn new(graph: &Graph, script: &Script, computed: u32, room: u64) -> Result<Self, TooLarge> {
        Self::beside(&[], graph, script, computed, room)
    }

    /// As [`Plan::new`], where the segments of another run are known, of a graph that has the same orders.
    pub(super) fn beside(
        known: &[Segment],
        graph: &Graph,
        script: &Script,
        computed: u32,
        room: u64,
    ) -> Result<Self, TooLarge> {
        let order = |segment: &Segment| match &segment.kind {
            SegmentKind::Backward(order) => Some((order.root, order.clone())),
            _ => None,
        };
        let mut plan = Self {
            segments: Vec::new(),
            orders: FxHashMap::default(),
            known: known.iter().filter_map(order).collect(),
            steps: 0,
            bytes: 0,
            room: room.min(Self::MOST_BYTES),
            pass: 0,
            called: false,
            zeroed: false,
            root: None,
            reached: None,
        };
        plan.push(None, computed as usize, SegmentKind::Forward).ok_or(TooLarge { statement: 0 })?;
        for (at, statement) in script.iter().enumerate() {
            plan.statement(graph, Some(at), &statement.verb, computed).ok_or(TooLarge { statement: at })?;
        }
        Ok(plan)
    }

    fn statement(
        &mut self,
        graph: &Graph,
        at: Option<usize>,
        verb: &Verb<ValueId, Program<Number>>,
        computed: u32,
    ) -> Option<()> {
        match verb {
            Verb::Backward(root) => self.backward(graph, at, *root),
            Verb::Call(v) => {
                // After zero_grad() nothing is left of the pass before, seeded again or not.
                if self.zeroed || self.pass == 0 {
                    self.begin_pass(*v);
                }
                self.called = true;
                self.root.get_or_insert(*v);
                self.push(at, call_events(graph, *v) as usize, SegmentKind::Call(*v))
            }
            Verb::ZeroGrad => {
                self.zeroed = self.called;
                self.push(at, graph.len(), SegmentKind::ZeroGrad)
            }
            Verb::Forward => self.push(at, computed as usize, SegmentKind::Forward),
            Verb::Assign { value, field, amount, .. } => {
                let phase = if *field == Field::Grad { Phase::Seed } else { Phase::Update };
                if phase == Phase::Seed && !is_zero(amount) && self.is_base_case(graph, *value) {
                    self.begin_pass(*value);
                }
                self.push(at, 1, SegmentKind::Assign(Number { value: *value, field: *field }, phase))
            }
            Verb::Assert(_) => self.push(at, 1, SegmentKind::Assert),
        }
    }

    fn backward(&mut self, graph: &Graph, at: Option<usize>, root: ValueId) -> Option<()> {
        self.begin_pass(root);
        let order = self.order(graph, root);
        self.push(at, topo::event_count(graph, &order.topo), SegmentKind::Topo(order.clone()))?;
        self.push(at, 1, SegmentKind::Seed(root))?;
        self.called = true;
        self.push(at, order.events() as usize, SegmentKind::Backward(order))
    }

    fn order(&mut self, graph: &Graph, root: ValueId) -> Arc<Order> {
        let new = || {
            let order = self.known.remove(&root).unwrap_or_else(|| Arc::new(Order::new(graph, root)));
            self.bytes += order.bytes();
            order
        };
        self.orders.entry(root).or_insert_with(new).clone()
    }

    /// Whether a grad that is set by hand is the base case of the next pass: that of the value this pass began with, or of
    /// one that is no part of what this pass ran. Anything else is a change in the middle of the pass.
    fn is_base_case(&mut self, graph: &Graph, value: ValueId) -> bool {
        let Some(root) = self.root.filter(|_| self.called) else { return true };
        // Operands have smaller ids than what is made of them.
        if value >= root {
            return true;
        }
        let (_, reached) = match self.reached.take().filter(|(of, _)| *of == root) {
            Some(known) => self.reached.insert(known),
            None => self.reached.insert((root, made_of(graph, root))),
        };
        !reached[value as usize]
    }

    /// A pass begins with a base case, where some `_backward` has run since the last began.
    fn begin_pass(&mut self, root: ValueId) {
        if self.called || self.pass == 0 {
            self.pass += 1;
            self.root = None;
        }
        self.root.get_or_insert(root);
        self.called = false;
        self.zeroed = false;
    }

    fn push(&mut self, statement: Option<usize>, len: usize, kind: SegmentKind) -> Option<()> {
        // `build_topo` and an assert write no number, and what the first forward pass writes is kept without its steps.
        let writes = match kind {
            SegmentKind::Topo(_) | SegmentKind::Assert => 0,
            SegmentKind::Forward if statement.is_none() => 0,
            _ => len as u64,
        };
        self.bytes += size_of::<Segment>() as u64 + writes * History::BYTES_A_WRITE;
        let len = u32::try_from(len).ok().filter(|_| self.bytes <= self.room)?;
        let first = self.steps;
        self.steps = first.checked_add(len)?;
        let statement = statement.map_or(Some(0), |at| u32::try_from(at + 1).ok())?;
        self.segments.push(Segment { statement, pass: self.pass, first, len, kind });
        Some(())
    }

    pub fn steps(&self) -> u32 {
        self.segments.last().map_or(0, Segment::end)
    }
}
