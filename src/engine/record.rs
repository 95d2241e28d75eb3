use std::sync::Arc;

use super::bits::Bits;
use super::graph::{Graph, ValueId};
use super::history::{Counts, Writer};
use super::ops::Builtin;
use super::plan::{Number, Phase, Plan, Script, Segment, SegmentKind, TooLarge};
use super::run::{Assertion, Run};
use super::sweep::{Tape, backward, sweep};
use crate::formula::{Field, Program, Verb};

/// Runs the forward pass and the script once, and keeps every event. `tolerance` is that of `==` in an `assert`; `room` is
/// how many bytes of memory that may take.
///
/// # Errors
/// Says which statement there is no more room for.
pub fn record(graph: Arc<Graph>, script: Arc<Script>, tolerance: f64, room: u64) -> Result<Run, TooLarge> {
    record_beside(None, graph, script, tolerance, room)
}

/// As [`record`], beside a run of a graph that is wired as this one, each `_backward` of which has as many lines: its
/// orders are known then.
///
/// # Errors
/// As [`record`].
pub fn record_beside(
    other: Option<&Run>,
    graph: Arc<Graph>,
    script: Arc<Script>,
    tolerance: f64,
    room: u64,
) -> Result<Run, TooLarge> {
    let computed = graph.computed();
    let known = other.map_or(&[][..], |other| &other.segments);
    let mut plan = Plan::beside(known, &graph, &script, computed.set(), room)?;
    let first_data = forward(&graph);
    let changes_data = plan.segments[1..].iter().any(writes_data);
    let mut recorder = Recorder {
        grad: vec![0.0; graph.len()],
        grads: Writer::new(count_grad_writes(&graph, &plan)),
        datas: Writer::new(if changes_data { count_data_writes(&graph, &plan, &computed) } else { Counts::default() }),
        data: first_data,
        step: 0,
        assertions: Vec::new(),
        graph: &graph,
        tolerance,
    };
    let data_before_script = changes_data.then(|| recorder.data.clone());
    recorder.step = plan.segments[0].end();
    for segment in &mut plan.segments[1..] {
        let verb = &script[segment.statement().expect("only the first segment has no statement")].verb;
        recorder.segment(segment, verb, &computed);
    }
    let Recorder { data, grads, datas, assertions, .. } = recorder;
    let (grads, datas) = (grads.finish(), datas.finish());
    let data = data_before_script.unwrap_or(data);
    Ok(Run {
        steps: plan.steps(),
        segments: plan.segments,
        script,
        computed,
        data,
        grads,
        datas,
        assertions,
        tolerance,
        graph,
    })
}

fn writes_data(segment: &Segment) -> bool {
    matches!(segment.kind, SegmentKind::Forward | SegmentKind::Assign(Number { field: Field::Data, .. }, _))
}

/// The data of every value after the first forward pass.
pub fn forward(graph: &Graph) -> Vec<f64> {
    let mut data = graph.number.clone();
    for v in graph.ids().filter(|&v| !graph.is_leaf(v)) {
        data[v as usize] = graph.compute(v, &data);
    }
    data
}

/// How often the run will write each value's grad. Known beforehand, since no statement depends on a number.
fn count_grad_writes(graph: &Graph, plan: &Plan) -> Counts {
    let mut counts = Counts::new(graph.len());
    let call = |counts: &mut Counts, v: ValueId| {
        let operands = graph.operands[v as usize];
        // The lines of a built-in op write its operands, each once.
        if Builtin::from_id(graph.op[v as usize]).is_some() {
            counts.add_each(operands);
        } else if let Some(op) = graph.op_of(v) {
            counts.add_each(op.lines.iter().map(|line| operands[line.slot]));
        }
    };
    for segment in &plan.segments {
        match &segment.kind {
            SegmentKind::Seed(v) | SegmentKind::Assign(Number { value: v, field: Field::Grad }, _) => {
                counts.add_each([*v]);
            }
            SegmentKind::Backward(order) => order.topo.iter().for_each(|&v| call(&mut counts, v)),
            SegmentKind::Call(v) => call(&mut counts, *v),
            SegmentKind::ZeroGrad => counts.add_each(graph.ids()),
            SegmentKind::Forward | SegmentKind::Topo(_) | SegmentKind::Assign(..) | SegmentKind::Assert => {}
        }
    }
    counts
}

/// The same for its data.
fn count_data_writes(graph: &Graph, plan: &Plan, computed: &Bits) -> Counts {
    let mut counts = Counts::new(graph.len());
    for segment in &plan.segments[1..] {
        match &segment.kind {
            SegmentKind::Forward => counts.add_each(computed.iter()),
            SegmentKind::Assign(Number { value, field: Field::Data }, _) => counts.add_each([*value]),
            _ => {}
        }
    }
    counts
}

struct Recorder<'a> {
    graph: &'a Graph,
    tolerance: f64,
    data: Vec<f64>,
    grad: Vec<f64>,
    grads: Writer,
    datas: Writer,
    step: u32,
    assertions: Vec<Assertion>,
}

/// Listens to a sweep: each write is a step.
struct Listener<'a> {
    grads: &'a mut Writer,
    step: &'a mut u32,
}

impl Tape for Listener<'_> {
    #[inline]
    fn wrote(&mut self, target: ValueId, after: f64) {
        *self.step += 1;
        self.grads.write(target, *self.step, after);
    }

    #[inline]
    fn idle(&mut self) {
        *self.step += 1;
    }
}

impl Recorder<'_> {
    fn segment(&mut self, segment: &mut Segment, verb: &Verb<ValueId, Program<Number>>, computed: &Bits) {
        let mut listener = Listener { grads: &mut self.grads, step: &mut self.step };
        match &segment.kind {
            SegmentKind::Forward => computed.iter().for_each(|v| self.set_data(v, self.graph.compute(v, &self.data))),
            SegmentKind::Topo(_) => self.step = segment.end(),
            SegmentKind::Seed(root) => self.set_grad(*root, 1.0),
            SegmentKind::Backward(order) => sweep(self.graph, &order.topo, &self.data, &mut self.grad, &mut listener),
            SegmentKind::Call(v) => backward(self.graph, *v, &self.data, &mut self.grad, &mut listener),
            SegmentKind::ZeroGrad => self.graph.ids().for_each(|v| self.set_grad(v, 0.0)),
            SegmentKind::Assign(number, phase) => {
                segment.kind = SegmentKind::Assign(*number, self.assign(*number, verb, *phase));
            }
            SegmentKind::Assert => self.assert(segment, verb),
        }
        debug_assert_eq!(self.step, segment.end(), "a segment has as many events as were planned");
    }

    fn set_data(&mut self, v: ValueId, data: f64) {
        self.step += 1;
        self.data[v as usize] = data;
        self.datas.write(v, self.step, data);
    }

    fn set_grad(&mut self, v: ValueId, grad: f64) {
        self.step += 1;
        self.grad[v as usize] = grad;
        self.grads.write(v, self.step, grad);
    }

    fn number(&self, number: Number) -> f64 {
        match number.field {
            Field::Data => self.data[number.value as usize],
            Field::Grad => self.grad[number.value as usize],
        }
    }

    /// A grad set to 0 by hand is not a base case but a zeroing: the phase is known only now.
    fn assign(&mut self, target: Number, verb: &Verb<ValueId, Program<Number>>, planned: Phase) -> Phase {
        let Verb::Assign { op, amount, .. } = verb else { return planned };
        let amount = amount.eval(self.tolerance, |number| self.number(*number));
        let after = op.apply(self.number(target), amount);
        match target.field {
            Field::Data => self.set_data(target.value, after),
            Field::Grad => self.set_grad(target.value, after),
        }
        if target.field == Field::Grad && after == 0.0 { Phase::Zero } else { planned }
    }

    fn assert(&mut self, segment: &Segment, verb: &Verb<ValueId, Program<Number>>) {
        self.step += 1;
        let Verb::Assert(condition) = verb else { return };
        let held = condition.eval(self.tolerance, |number| self.number(*number)) != 0.0;
        let statement = segment.statement().expect("an assert is a statement");
        self.assertions.push(Assertion { statement, step: self.step, held });
    }
}
