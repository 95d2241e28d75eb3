//! What the engine's story costs: each of its parts beside the barest thing that does the same, in turn, in one run.
//!
//! ```sh
//! cargo bench --bench engine                          # 10^4, 10^5 and 10^6 values, about a minute
//! cargo bench --bench engine -- 10000000              # 10^7, some minutes and 4 GB
//! cargo bench --bench engine -- backward mlp 1000000  # sort and sweep alone, in ns a value
//! cargo bench --bench engine -- write mlp 1000000 mlp.json
//! ```
//!
//! Prints the median time a value and, of the times of each round, the median ratio: machines drift, ratios less.

mod shapes;

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::DfsPostOrder;
use shapes::{Made, Shape};
use stepgrad::engine::ops::Builtin;
use stepgrad::engine::plan::{Order, Plan, Script};
use stepgrad::engine::record::{forward, record};
use stepgrad::engine::sweep::sweep;
use stepgrad::engine::topo::build_topo;
use stepgrad::engine::{Graph, NONE, Run, ValueId};
use stepgrad::formula::{Statement, Verb};

/// Rows that a tall screen shows.
const ROWS: u32 = 120;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if let [write, shape, count, path] = args.as_slice()
        && write == "write"
    {
        let shape = Shape::from_name(shape).expect("chain, mlp or fan-out");
        return std::fs::write(path, shape.json(count.parse().expect("a number"))).expect("it can be written");
    }
    if let [what, shape, count] = args.as_slice()
        && what == "backward"
    {
        let shape = Shape::from_name(shape).expect("chain, mlp or fan-out");
        return println!("{}", backward_alone(&shape.graph(count.parse().expect("a number"))));
    }
    let sizes: Vec<u32> = args.iter().map(|size| size.parse().expect("sizes are numbers")).collect();
    let sizes = if sizes.is_empty() { vec![10_000, 100_000, 1_000_000] } else { sizes };
    for shape in Shape::ALL {
        for &size in &sizes {
            measure(shape, size);
        }
    }
}

/// What `root.backward()` takes, sort and sweep, in nanoseconds a value.
fn backward_alone(graph: &Graph) -> f64 {
    let root = graph.ids().end - 1;
    let data = forward(graph);
    let mut grad = vec![0.0; graph.len()];
    let mut backward = || {
        let topo = build_topo(graph, root);
        grad.fill(0.0);
        grad[root as usize] = 1.0;
        sweep(graph, &topo, &data, &mut grad, &mut ());
        black_box(&grad);
    };
    let seconds = median((0..5).map(|_| time(&mut backward)));
    seconds * 1e9 / f64::from(root)
}

fn measure(shape: Shape, size: u32) {
    let graph = Arc::new(shape.graph(size));
    let bench = Bench { shape, size, count: graph.len(), rounds: if size > 2_000_000 { 5 } else { 41 } };
    let order = on_a_usual_stack(&graph);
    let data = forward(&graph);
    bench.backward(&graph, &order.topo, &data);
    bench.topo(&graph, &order);
    let run = bench.recording(&graph, &order, &data);
    bench.jumps(&graph, &order, &data, &run);
}

/// As deep as it may be, on the 8 MiB that a main thread usually has.
fn on_a_usual_stack(graph: &Arc<Graph>) -> Order {
    let graph = graph.clone();
    let build = move || Order::new(&graph, graph.ids().end - 1);
    std::thread::Builder::new().stack_size(8 << 20).spawn(build).expect("a thread").join().expect("no overflow")
}

struct Bench {
    shape: Shape,
    /// Values that were asked for, and that there are.
    size: u32,
    count: usize,
    rounds: usize,
}

impl Bench {
    /// Times both in turn. Prints what one of `per` takes, and how often the second fits into the first.
    fn pair(&self, what: &str, per: usize, mut ours: impl FnMut(), mut theirs: impl FnMut()) {
        // Once for the caches and the pages.
        ours();
        theirs();
        let rounds: Vec<[f64; 2]> = (0..self.rounds).map(|_| [time(&mut ours), time(&mut theirs)]).collect();
        let ratio = median(rounds.iter().map(|[ours, theirs]| ours / theirs));
        let each = |at: usize| each_of(median(rounds.iter().map(|round| round[at])), per);
        self.print(what, each(0), each(1), ratio);
    }

    fn print(&self, what: &str, ours: f64, theirs: f64, ratio: f64) {
        let Self { shape, count, .. } = self;
        println!("{:>8} {count:>9}  {what:<48} {ours:>9.2} ns, {theirs:>10.2} ns, ratio {ratio:.4}", shape.name());
    }

    fn backward(&self, graph: &Graph, topo: &[ValueId], data: &[f64]) {
        let root = topo[topo.len() - 1];
        let mut grad = vec![0.0; graph.len()];
        let mut ours = || {
            grad.fill(0.0);
            grad[root as usize] = 1.0;
            sweep(graph, topo, data, &mut grad, &mut ());
            black_box(&grad);
        };
        let bare = Bare::new(&self.shape.values(self.size), topo, data);
        let mut bare_grad = vec![0.0; topo.len()];
        let mut theirs = || {
            bare_grad.fill(0.0);
            bare_grad[topo.len() - 1] = 1.0;
            bare.sweep(&mut bare_grad);
            black_box(&bare_grad);
        };
        self.pair("P1 backward sweep against a bare loop", self.count, &mut ours, &mut theirs);
        let tape = reverse::Tape::new();
        let root = on_tape(&tape, self.shape.values(self.size));
        let theirs = || drop(black_box(root.grad()));
        self.pair("P1 backward sweep against crate reverse", self.count, &mut ours, theirs);
        // The same additions in the same order: the same bits.
        for (&v, bare) in topo.iter().zip(&bare_grad) {
            assert_eq!(grad[v as usize].to_bits(), bare.to_bits(), "the grad of {v}");
        }
    }

    fn topo(&self, graph: &Graph, order: &Order) {
        let theirs = in_petgraph(graph);
        let root = NodeIndex::from(order.root);
        let walk = || {
            let mut walk = DfsPostOrder::new(&theirs, root);
            let mut found: Vec<NodeIndex> = Vec::new();
            while let Some(node) = walk.next(&theirs) {
                found.push(node);
            }
            found
        };
        assert!(walk().iter().map(|node| node.index()).eq(order.topo.iter().map(|&v| v as usize)), "the same order");
        let ours = || drop(black_box(build_topo(graph, order.root)));
        self.pair("P3 build_topo against petgraph's DfsPostOrder", self.count, ours, || drop(black_box(walk())));
    }

    fn recording(&self, graph: &Arc<Graph>, order: &Order, data: &[f64]) -> Run {
        let script = Arc::new(Script::from([Statement { source: "".into(), verb: Verb::Backward(order.root) }]));
        let whole = || drop(black_box(record(graph.clone(), script.clone(), 1e-9, Plan::MOST_BYTES)));
        let mut grad = vec![0.0; graph.len()];
        let mut sweep_alone = || {
            grad.fill(0.0);
            grad[order.root as usize] = 1.0;
            sweep(graph, &order.topo, data, &mut grad, &mut ());
            black_box(&grad);
        };
        let before = || {
            black_box((graph.computed(), forward(graph), Order::new(graph, order.root)));
        };
        let rounds: Vec<[f64; 3]> =
            (0..=self.rounds).map(|_| [time(whole), time(before), time(&mut sweep_alone)]).skip(1).collect();
        let recording = |round: &[f64; 3]| round[0] - round[1];
        let each = |of: fn(&[f64; 3]) -> f64| each_of(median(rounds.iter().map(of)), self.count);
        self.print(
            "P7 recorded backward against the plain sweep",
            each(recording),
            each(|round| round[2]),
            median(rounds.iter().map(|round| recording(round) / round[2])),
        );
        self.print(
            "P7 the whole run against the plain sweep",
            each(|round| round[0]),
            each(|round| round[2]),
            median(rounds.iter().map(|round| round[0] / round[2])),
        );
        let run = record(graph.clone(), script.clone(), 1e-9, Plan::MOST_BYTES).expect("it is short enough");
        println!(
            "{:>8} {:>9}  P7 bytes a value of history: {:.1}",
            self.shape.name(),
            self.count,
            ratio_of(run.history_bytes(), self.count)
        );
        run
    }

    fn jumps(&self, graph: &Graph, order: &Order, data: &[f64], run: &Run) {
        let backward = &run.segments[run.segments.len() - 1];
        let mut seed = 5_u64;
        let mut steps: Vec<u32> = Vec::new();
        for _ in 0..1000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            steps.push(backward.first + u32::try_from(seed >> 33).expect("31 bits") % backward.len);
        }
        let rows = |at: usize| at..(at + ROWS as usize).min(order.topo.len());
        let mut next = steps.iter().cycle();
        let ours = || {
            let step = *next.next().expect("they go round");
            let (at, _) = order.find(graph, step - backward.first);
            let sum: f64 =
                rows(at).map(|at| order.node(at)).map(|v| run.grad(v, step) + run.data(v, step).unwrap_or(0.0)).sum();
            black_box(sum);
        };
        let mut grad = vec![0.0; graph.len()];
        let mut next = steps.iter().cycle();
        let theirs = || {
            let step = *next.next().expect("they go round");
            let (at, _) = order.find(graph, step - backward.first);
            grad.fill(0.0);
            grad[order.root as usize] = 1.0;
            sweep(graph, &order.topo[order.topo.len() - at..], data, &mut grad, &mut ());
            black_box(rows(at).map(|at| order.node(at)).map(|v| grad[v as usize] + data[v as usize]).sum::<f64>());
        };
        let bench = Self { rounds: 101, ..*self };
        bench.pair("P6 jump and read 120 rows against recomputing", 1, ours, theirs);
    }
}

fn time(mut run: impl FnMut()) -> f64 {
    let started = Instant::now();
    run();
    started.elapsed().as_secs_f64()
}

/// Nanoseconds for each of so many.
fn each_of(seconds: f64, count: usize) -> f64 {
    seconds * 1e9 * ratio_of(1, count)
}

#[allow(clippy::cast_precision_loss, reason = "few enough")]
fn ratio_of(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_unstable_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// Arrays and a loop, without a story: nothing can be asked of it afterwards. Values are numbered in topological order, so
/// that it adds what the notebook adds, in the same order, and walks through memory in one direction.
struct Bare {
    ops: Vec<u8>,
    a: Vec<u32>,
    b: Vec<u32>,
    data: Vec<f64>,
}

impl Bare {
    fn new(values: &[Made], topo: &[ValueId], data: &[f64]) -> Self {
        let mut place = vec![0; values.len()];
        let mut bare = Self { ops: Vec::new(), a: Vec::new(), b: Vec::new(), data: Vec::new() };
        for (at, &v) in (0..).zip(topo) {
            place[v as usize] = at;
            let (op, a, b) = match values[v as usize] {
                Made::Leaf(_) => (0, v, v),
                Made::By(Builtin::Add, a, b) => (1, a, b),
                Made::By(Builtin::Mul, a, b) => (2, a, b),
                Made::By(_, a, _) => (3, a, v),
            };
            bare.ops.push(op);
            bare.a.push(place[a as usize]);
            bare.b.push(place[b as usize]);
            bare.data.push(data[v as usize]);
        }
        bare
    }

    fn sweep(&self, grad: &mut [f64]) {
        for v in (0..self.ops.len()).rev() {
            let (a, b, g) = (self.a[v] as usize, self.b[v] as usize, grad[v]);
            match self.ops[v] {
                1 => {
                    grad[a] += g;
                    grad[b] += g;
                }
                2 => {
                    grad[a] += self.data[b] * g;
                    grad[b] += self.data[a] * g;
                }
                3 => grad[a] += (-self.data[v]).mul_add(self.data[v], 1.0) * g,
                _ => {}
            }
        }
    }
}

fn on_tape(tape: &reverse::Tape, values: Vec<Made>) -> reverse::Var<'_> {
    let mut vars: Vec<reverse::Var> = Vec::with_capacity(values.len());
    for made in values {
        let var = |v: ValueId| vars[v as usize];
        let made = match made {
            Made::Leaf(data) => tape.add_var(data),
            Made::By(Builtin::Add, a, b) => var(a) + var(b),
            Made::By(Builtin::Mul, a, b) => var(a) * var(b),
            Made::By(_, a, _) => var(a).tanh(),
        };
        vars.push(made);
    }
    vars[vars.len() - 1]
}

/// Edges from each value to its operands, in their order, which is the one petgraph's walk goes by.
fn in_petgraph(graph: &Graph) -> DiGraph<(), ()> {
    let mut theirs = DiGraph::with_capacity(graph.len(), 2 * graph.len());
    for _ in graph.ids() {
        theirs.add_node(());
    }
    for v in graph.ids() {
        for &operand in graph.operands[v as usize].iter().filter(|&&operand| operand != NONE) {
            theirs.add_edge(NodeIndex::from(v), NodeIndex::from(operand), ());
        }
    }
    theirs
}
