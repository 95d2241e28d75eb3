//! The table of built-in ops: every slope is a slope, what is shown is what runs, and lines stand in their order.
//!
//! Each test walks the table, so an op is tested by being listed.

use stepgrad::engine::op::{Op, OpId, RuleInput};
use stepgrad::engine::ops::{Builtin, builtin_ops};
use stepgrad::engine::record::forward;
use stepgrad::engine::sweep::{Tape, sweep};
use stepgrad::engine::topo::build_topo;
use stepgrad::engine::{Graph, NONE, ValueId};
use stepgrad::formula::{FUNCTIONS, function};
use stepgrad::scenario::{Source, read};

fn table() -> Vec<(Builtin, Op)> {
    let id = |at| OpId(u16::try_from(at).unwrap());
    let rows = builtin_ops().into_iter().enumerate();
    let rows: Vec<(Builtin, Op)> = rows.map(|(at, op)| (Builtin::from_id(id(at)).unwrap(), op)).collect();
    assert!(rows.len() >= 18 && Builtin::from_id(id(rows.len())).is_none());
    rows
}

/// The same bits, where a NaN is a NaN: which one is the processor's business.
fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

/// Numbers away from 0 and, where there are two operands, from each other: no kink is near.
const POINTS: [f64; 8] = [-2.7, -1.3, -0.6, 0.35, 0.8, 1.45, 2.2, 3.1];
const SECOND: [f64; 6] = [-1.75, -0.5, 0.45, 1.1, 2.5, 3.4];

/// The slope of `f` at `x` by central differences of two widths, whose errors of second order cancel.
fn slope(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    let difference = |h: f64| (f(x + h) - f(x - h)) / (2.0 * h);
    (4.0 * difference(5e-4) - difference(1e-3)) / 3.0
}

/// How far a rule is from the numerical derivative, at worst; and at how many points it could be compared.
fn worst(op: Builtin, slot: usize, amounts: impl Fn([f64; 2], f64, f64) -> [f64; 2]) -> (f64, usize) {
    const GRAD: f64 = -1.625;
    let (mut worst, mut points) = (0.0_f64, 0);
    for a in POINTS {
        for b in SECOND {
            let moved = |x: f64| if slot == 0 { op.forward(x, b) } else { op.forward(a, x) };
            let numeric = slope(moved, [a, b][slot]) * GRAD;
            if numeric.is_finite() {
                let exact = amounts([a, b], op.forward(a, b), GRAD)[slot];
                worst = worst.max((exact - numeric).abs() / numeric.abs().max(1.0));
                points += 1;
            }
        }
    }
    (worst, points)
}

#[test]
fn every_rule_is_the_slope_of_its_forward() {
    for (builtin, op) in table() {
        for slot in 0..op.operands {
            let (worst, points) = worst(builtin, slot, |[a, b], data, grad| builtin.amounts(a, b, data, grad));
            assert!(points >= 24, "{}: only {points} points", op.name);
            assert!(worst < 1e-8, "{}, line {slot}: off by {worst:e}", op.name);
        }
    }
}

/// The amounts of an op by its operands, its result and its grad.
type Rule = fn([f64; 2], f64, f64) -> [f64; 2];

/// The old rule of `exp`, the sign of `-`, and a power without its factor: each is seen to be wrong.
#[test]
fn a_wrong_rule_is_not_taken_for_a_slope() {
    let wrong: [(Builtin, usize, Rule); 4] = [
        (Builtin::Exp, 0, |[a, _], _, grad| [a * grad, 0.0]),
        (Builtin::Sub, 1, |_, _, grad| [grad, grad]),
        (Builtin::PowNumber, 0, |[a, b], _, grad| [a.powf(b - 1.0) * grad, 0.0]),
        (Builtin::Tanh, 0, |_, data, grad| [(1.0 - data * data + 1e-7) * grad, 0.0]),
    ];
    for (op, slot, rule) in wrong {
        assert!(worst(op, slot, rule).0 > 1e-8, "{op:?}");
    }
}

const SPECIAL: [f64; 18] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    2.0,
    -2.0,
    0.5,
    3.0,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    f64::MIN_POSITIVE,
    5e-324,
    f64::MAX,
    f64::MIN,
    355.0,
    -710.0,
    1e-8,
];

/// Any bits at all, and ordinary numbers; the same on every run.
fn random() -> impl FnMut() -> f64 {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let signed = i32::from_ne_bytes(state.to_ne_bytes()[..4].try_into().unwrap());
        if state >> 63 == 0 { f64::from_bits(state.rotate_left(21)) } else { f64::from(signed) / f64::from(1 << 28) }
    }
}

/// Two operands, a result and its grad: every four of the special numbers, then four at random.
fn inputs() -> Vec<[f64; 4]> {
    let mut all = Vec::new();
    for a in SPECIAL {
        for b in SPECIAL {
            all.extend(SPECIAL.iter().flat_map(|&c| [[a, b, c, 1.0], [a, b, c, -0.75], [a, b, 0.5, c]]));
        }
    }
    let mut next = random();
    all.extend((0..10_000).map(|_| [next(), next(), next(), next()]));
    all
}

/// Where the compiled rules and the text that is shown of them make different numbers.
fn differences(op: &Op, compiled: impl Fn([f64; 4]) -> [f64; 3]) -> Option<String> {
    inputs().into_iter().find_map(|input| {
        let [a, b, out_data, out_grad] = input;
        let rule = RuleInput { data: [a, b], out_data, out_grad, ..RuleInput::default() };
        let forward = (rule.eval(&op.forward), compiled(input)[0]);
        let lines = op.lines.iter().map(|line| rule.eval(&line.amount)).zip(compiled(input).into_iter().skip(1));
        let differs = [forward].into_iter().chain(lines).find(|&(shown, ran)| !same(shown, ran));
        differs.map(|(shown, ran)| format!("{} of {input:?}: shown {shown}, ran {ran}", op.name))
    })
}

#[test]
fn what_is_shown_is_what_runs() {
    for (builtin, op) in table() {
        let compiled = |[a, b, data, grad]: [f64; 4]| {
            let [first, second] = builtin.amounts(a, b, data, grad);
            [builtin.forward(a, b), first, second]
        };
        assert_eq!(differences(&op, compiled), None);
        // One bit off, in the last place where it can be, is noticed.
        let nearly = |input| {
            let [forward, first, second] = compiled(input);
            if op.operands == 2 { [forward, first, second.next_up()] } else { [forward, first.next_up(), second] }
        };
        assert!(differences(&op, nearly).is_some(), "{}", op.name);
    }
}

/// The sweep adds the amounts of built-in ops to their operands in order, without looking up where a line writes.
#[test]
fn lines_write_their_operands_in_order() {
    for (_, op) in table() {
        let slots: Vec<usize> = op.lines.iter().map(|line| line.slot).collect();
        assert_eq!(slots, (0..op.operands).collect::<Vec<_>>(), "{}", op.name);
        assert!(op.lines.iter().all(|line| line.accumulate) && !op.own, "{}", op.name);
    }
}

/// An op called by a graph and the function of that name called by a rule give the same bits.
#[test]
fn an_op_and_the_function_of_its_name_agree() {
    let mut compared = Vec::new();
    for (builtin, op) in table() {
        let Some(function) = function(&op.name) else { continue };
        assert_eq!(function.args, op.operands, "{}", op.name);
        for [a, b, ..] in inputs() {
            let (by_op, by_function) = (builtin.forward(a, b), (function.call)(a, b));
            assert!(same(by_op, by_function), "{}({a}, {b}): {by_op} {by_function}", op.name);
        }
        compared.push(op.name);
    }
    let others: Vec<&str> =
        FUNCTIONS.iter().map(|f| f.name).filter(|name| !compared.iter().any(|op| op == name)).collect();
    assert_eq!(others, ["sign", "isnan", "isinf"], "only these are no ops");
}

/// A graph finds its ops by number, and computes through the same rules.
#[test]
fn a_graph_computes_with_the_table() {
    for (builtin, op) in table() {
        let mut graph = Graph::default();
        let (a, b) = (graph.add_leaf(1.25), graph.add_leaf(0.75));
        let v = match (op.exponent, op.operands) {
            (true, _) => graph.add_power(builtin.id(), a, 0.75),
            (_, 1) => graph.add(builtin.id(), [a, NONE]),
            _ => graph.add(builtin.id(), [a, b]),
        };
        let data = graph.compute(v, &[1.25, 0.75, 0.0]);
        assert!(same(data, builtin.forward(1.25, 0.75)), "{}", op.name);
        assert_eq!(graph.op_of(v).unwrap().name, op.name);
    }
}

/// What a line with `=` keeps of the grad that it sets: all of it, where that is a summand.
#[test]
fn a_line_keeps_what_is_a_summand() {
    for (line, wanted) in [
        ("self.grad = self.grad", 7.0),
        ("self.grad = out.grad + self.grad", 7.0),
        ("self.grad = 1e6 * out.grad + self.grad", 7.0),
        ("self.grad = out.grad", 0.0),
        ("self.grad = 2 * self.grad", 0.0),
        ("self.grad = self.grad * out.grad", 0.0),
        ("self.grad = other.grad", 0.0),
        ("self.grad += out.grad", 0.0),
        ("self.grad += self.grad", 0.0),
        ("other.grad = other.grad", 3.0),
    ] {
        let rule = format!(r#"{{"forward": "self + other", "backward": ["{line}"]}}"#);
        let text = format!(r#"{{"values": {{"a": 1, "b": 2, "c": "my(a, b)"}}, "ops": {{"my": {rule}}}}}"#);
        let scenario = read(&Source { name: "test".into(), text, lines: false }).unwrap();
        let input = RuleInput { data: [1.0, 2.0], grad: [7.0, 3.0], out_data: 3.0, out_grad: 2.0 };
        let kept = scenario.graph.ops.last().unwrap().lines[0].kept(&input);
        assert!((kept - wanted).abs() < 1e-12, "{line} keeps {kept}");
    }
}

/// What hangs on the number of lines alone is kept where another graph has as many everywhere.
#[test]
fn graphs_are_told_apart_by_their_lines() {
    let of = |op: Builtin, second: usize| {
        let mut graph = Graph::default();
        let leaves = [graph.add_leaf(1.25), graph.add_leaf(0.75), NONE];
        graph.add(op.id(), [leaves[0], leaves[second]]);
        graph
    };
    let (sum, product, negative) = (of(Builtin::Add, 1), of(Builtin::Mul, 1), of(Builtin::Neg, 2));
    assert!(sum.has_lines_of(&sum) && sum.has_lines_of(&sum.clone()) && sum.has_lines_of(&product));
    assert!(!sum.has_lines_of(&negative) && !negative.has_lines_of(&sum));
    let mut longer = sum.clone();
    longer.add_leaf(1.0);
    assert!(!sum.has_lines_of(&longer) && !longer.has_lines_of(&sum));
}

/// What a sweep writes, in order.
#[derive(Default, PartialEq, Debug)]
struct Written(Vec<(ValueId, u64)>);

impl Tape for Written {
    fn wrote(&mut self, target: ValueId, after: f64) {
        self.0.push((target, if after.is_nan() { f64::NAN } else { after }.to_bits()));
    }

    fn idle(&mut self) {}
}

/// The table's rules with `=` are computed by its compiled code, and not as their text says: it must be the same.
#[test]
fn old_rules_are_what_is_shown_of_them() {
    for [a, b, ..] in inputs() {
        let mut graph = Graph::default();
        let leaves = [graph.add_leaf(a), graph.add_leaf(b)];
        let mut last = leaves[1];
        for (builtin, op) in table() {
            let v = match (op.exponent, op.operands) {
                (true, _) => graph.add_power(builtin.id(), leaves[0], b),
                (false, 1) => graph.add(builtin.id(), [leaves[0], NONE]),
                _ => graph.add(builtin.id(), leaves),
            };
            last = graph.add(Builtin::Add.id(), [last, v]);
        }
        assert!(graph.set_rules(false));
        let mut as_written = graph.clone();
        as_written.ops.iter_mut().for_each(|op| op.like = None);
        let runs = [&graph, &as_written].map(|graph| {
            let (data, mut grad, mut written) = (forward(graph), vec![0.0; graph.len()], Written::default());
            grad[last as usize] = 1.0;
            sweep(graph, &build_topo(graph, last), &data, &mut grad, &mut written);
            written.0.extend(data.iter().map(|data| (NONE, if data.is_nan() { f64::NAN } else { *data }.to_bits())));
            written
        });
        assert_eq!(runs[0], runs[1], "{a} {b}");
        assert!(runs[0].0.len() > graph.len());
    }
}
