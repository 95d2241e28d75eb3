//! Graphs to lay out, and a scene to paint them with.

use std::collections::BTreeMap;

use stepgrad::layout::{Layout, Limits, Neighbourhood, Neighbours, Rect, Rows, Sizes, Spec, Zoom};
use stepgrad::ui::graph::{Card, Flow, Role, Scene, WireLook, paint, width};

#[derive(Default, Clone)]
pub struct Fixture {
    pub starts: Vec<u32>,
    pub operands: Vec<u32>,
    pub ops: Vec<String>,
    pub labels: Vec<String>,
    pub data: Vec<f64>,
    pub grad: Vec<f64>,
    pub markers: BTreeMap<u32, char>,
    pub numbers: BTreeMap<u32, String>,
    pub looks: BTreeMap<(u32, u32), WireLook>,
    pub texts: BTreeMap<(u32, u32), String>,
    pub zoom: Option<Zoom>,
    pub hints: BTreeMap<u32, String>,
    pub cut: Vec<bool>,
    pub hasty: bool,
}

impl Fixture {
    pub fn new() -> Self {
        Self { starts: vec![0], ..Self::default() }
    }

    pub fn node(&mut self, label: &str, op: &str, operands: &[u32], data: f64, grad: f64) -> u32 {
        self.operands.extend_from_slice(operands);
        self.starts.push(self.operands.len() as u32);
        self.ops.push(op.to_owned());
        self.labels.push(label.to_owned());
        self.data.push(data);
        self.grad.push(grad);
        self.labels.len() as u32 - 1
    }

    pub fn flow(&mut self, consumer: u32, slot: u32, text: &str) {
        self.looks.insert((consumer, slot), WireLook { flow: Flow::Gradient, role: Role::Flowing });
        self.texts.insert((consumer, slot), text.to_owned());
    }

    pub fn stack(&mut self, consumer: u32, slot: u32) {
        self.looks.insert((consumer, slot), WireLook { flow: Flow::CallStack, role: Role::CallStack });
    }

    pub fn rows(&self) -> Rows<'_> {
        Rows { starts: &self.starts, items: &self.operands }
    }

    pub fn layout(&self, zoom: Zoom) -> Layout {
        self.layout_sized(zoom.sizes())
    }

    pub fn layout_sized(&self, sizes: Sizes) -> Layout {
        let badges: Vec<u16> = self.ops.iter().map(|op| sizes.zoom.badge_width(op.len() as u16)).collect();
        let widths: Vec<u16> = self.labels.iter().map(|label| width(label) as u16 + 1).collect();
        let widths = (sizes.zoom == Zoom::Names).then_some(&widths[..]);
        Layout::new(&Spec { operands: self.rows(), badges: &badges, widths, sizes, hasty: self.hasty })
    }

    pub fn picture(&self, sizes: Sizes) -> String {
        let layout = self.layout_sized(sizes);
        let scene = Self { zoom: Some(sizes.zoom), ..self.clone() };
        let grid = paint(&layout, &scene, Rect { x: 0, y: 0, w: layout.width, h: layout.height });
        let mut lines = grid.text();
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        lines.join("\n")
    }

    fn number(&self, value: f64) -> String {
        match self.zoom {
            Some(Zoom::Full | Zoom::FullNarrow) => format!("{value:.4}"),
            _ => format!("{value:.3}"),
        }
    }
}

impl Scene for Fixture {
    fn card(&self, node: u32) -> Card {
        let at = node as usize;
        let marker = self.markers.get(&node).copied().unwrap_or(' ');
        Card {
            label: self.labels[at].clone(),
            data: self.number(self.data[at]),
            grad: self.number(self.grad[at]),
            number: self.numbers.get(&node).cloned().unwrap_or_default(),
            op: self.ops[at].clone(),
            marker,
            operands_hidden: self.cut.get(at).copied().unwrap_or(false),
            hint: self.hints.get(&node).cloned().unwrap_or_default(),
            dot: match marker {
                '▶' => '◉',
                '✓' => '●',
                _ if self.grad[at] != 0.0 => '◐',
                _ => '○',
            },
            heavy: marker == '▶',
            ..Card::default()
        }
    }

    fn wire(&self, consumer: u32, slot: u32) -> WireLook {
        self.looks.get(&(consumer, slot)).copied().unwrap_or_default()
    }

    fn wire_text(&self, consumer: u32, slot: u32, room: usize) -> Option<String> {
        let text = self.texts.get(&(consumer, slot))?;
        let short = &text[text.find(' ')? + 1..];
        [text.as_str(), short].into_iter().find(|text| text.len() <= room).map(str::to_owned)
    }
}

/// The notebook's neuron, while `x1*w1._backward()` is half done.
pub fn neuron() -> Fixture {
    let mut f = Fixture::new();
    let x1 = f.node("x1", "", &[], 2.0, -1.5);
    let w1 = f.node("w1", "", &[], -3.0, 0.0);
    let m1 = f.node("x1*w1", "*", &[x1, w1], -6.0, 0.5);
    let x2 = f.node("x2", "", &[], 0.0, 0.5);
    let w2 = f.node("w2", "", &[], 1.0, 0.0);
    let m2 = f.node("x2*w2", "*", &[x2, w2], 0.0, 0.5);
    let s = f.node("x1*w1 + x2*w2", "+", &[m1, m2], -6.0, 0.5);
    let b = f.node("b", "", &[], 6.8814, 0.5);
    let n = f.node("n", "+", &[s, b], 0.8814, 0.5);
    let o = f.node("o", "tanh", &[n], 0.7071, 1.0);
    for (place, node) in [o, n, b, s, m2, w2, x2, m1, w1, x1].into_iter().enumerate() {
        f.numbers.insert(node, (place + 1).to_string());
        if place < 7 {
            f.markers.insert(node, '✓');
        }
    }
    f.markers.insert(m1, '▶');
    f.flow(m1, 0, "self += -1.5");
    f
}

/// `build_topo` of the neuron, on its way to `x1*w1`.
pub fn neuron_topo() -> Fixture {
    let mut f = neuron();
    f.looks.clear();
    f.texts.clear();
    f.markers = [(0, '✓'), (1, '✓'), (2, '▶')].into();
    for (consumer, slot) in [(6, 0), (8, 0), (9, 0)] {
        f.stack(consumer, slot);
    }
    f
}

pub fn a_plus_a() -> Fixture {
    let mut f = Fixture::new();
    let a = f.node("a", "", &[], 3.0, 1.0);
    let b = f.node("b", "+", &[a, a], 6.0, 1.0);
    f.numbers = [(a, "2".to_owned()), (b, "1".to_owned())].into();
    f.markers.insert(b, '▶');
    f.flow(b, 0, "self += 1.0");
    f
}

/// `f = (a*b) * (a+b)`: every operand is used twice.
pub fn diamond() -> Fixture {
    let mut f = Fixture::new();
    let a = f.node("a", "", &[], -2.0, -3.0);
    let b = f.node("b", "", &[], 3.0, -8.0);
    let d = f.node("d", "*", &[a, b], -6.0, 1.0);
    let e = f.node("e", "+", &[a, b], 1.0, -6.0);
    let r = f.node("f", "*", &[d, e], -6.0, 1.0);
    f.markers = [(d, '▶'), (e, '✓'), (r, '✓')].into();
    for (node, number) in [(a, "5"), (b, "4"), (d, "3"), (e, "2"), (r, "1")] {
        f.numbers.insert(node, number.to_owned());
    }
    f.flow(d, 0, "self += 3.0");
    f.flow(d, 1, "other += -2.0");
    f
}

/// The README of micrograd.
pub fn kitchen_sink() -> Fixture {
    let mut f = Fixture::new();
    let a = f.node("a", "", &[], 0.0, 0.0);
    let b = f.node("b", "", &[], 0.0, 0.0);
    let mut op = |op: &str, operands: &[u32]| f.node("", op, operands, 0.0, 0.0);
    let c = op("+", &[a, b]);
    let ab = op("*", &[a, b]);
    let b3 = op("**3", &[b]);
    let d = op("+", &[ab, b3]);
    let one = op("", &[]);
    let c1 = op("+", &[c, one]);
    let c2 = op("+", &[c, c1]);
    let one = op("", &[]);
    let c3 = op("+", &[one, c2]);
    let minus = op("", &[]);
    let na = op("*", &[a, minus]);
    let c4 = op("+", &[c3, na]);
    let c5 = op("+", &[c2, c4]);
    let two = op("", &[]);
    let d2 = op("*", &[d, two]);
    let d3 = op("+", &[d, d2]);
    let ba = op("+", &[b, a]);
    let relu = op("relu", &[ba]);
    let d4 = op("+", &[d3, relu]);
    let three = op("", &[]);
    let d5 = op("*", &[three, d4]);
    let minus = op("", &[]);
    let nega = op("*", &[a, minus]);
    let bna = op("+", &[b, nega]);
    let relu = op("relu", &[bna]);
    let d6 = op("+", &[d4, d5]);
    let d7 = op("+", &[d6, relu]);
    let minus = op("", &[]);
    let nd = op("*", &[d7, minus]);
    let e = op("+", &[c5, nd]);
    let e2 = op("**2", &[e]);
    let half = op("", &[]);
    let g1 = op("*", &[e2, half]);
    let inverse = op("**-1", &[e2]);
    let ten = op("", &[]);
    let g2 = op("*", &[inverse, ten]);
    op("+", &[g1, g2]);
    for node in 0..f.labels.len() {
        f.labels[node] = format!("v{node}");
    }
    f
}

/// One example through MLP(3, [4, 4, 1]) and its squared loss: 120 values.
pub fn mlp() -> Fixture {
    mlp_examples(1, false)
}

/// The same with `+ b` at the end, as in the notebook's neuron.
pub fn mlp_bias_last() -> Fixture {
    mlp_examples(1, true)
}

pub fn mlp_examples(examples: usize, bias_last: bool) -> Fixture {
    let mut f = Fixture::new();
    let sizes = [3_usize, 4, 4, 1];
    let mut weights = Vec::new();
    for layer in 0..3 {
        for neuron in 0..sizes[layer + 1] {
            let names =
                (0..sizes[layer]).map(|w| format!("L{layer}n{neuron}w{w}")).chain([format!("L{layer}n{neuron}b")]);
            weights.push(names.map(|name| f.node(&name, "", &[], 0.0, 0.0)).collect::<Vec<_>>());
        }
    }
    let mut losses = Vec::new();
    for example in 0..examples {
        let mut inputs: Vec<u32> = (0..3).map(|i| f.node(&format!("x{example}_{i}"), "", &[], 0.0, 0.0)).collect();
        let mut neurons = weights.iter();
        for size in &sizes[1..] {
            inputs = (0..*size).map(|_| neuron_of(&mut f, &inputs, neurons.next().unwrap(), bias_last)).collect();
        }
        let negative = f.node("-y", "", &[], 0.0, 0.0);
        let miss = f.node("", "+", &[inputs[0], negative], 0.0, 0.0);
        losses.push(f.node("loss", "**2", &[miss], 0.0, 0.0));
    }
    losses.into_iter().reduce(|sum, loss| f.node("", "+", &[sum, loss], 0.0, 0.0));
    f
}

fn neuron_of(f: &mut Fixture, inputs: &[u32], weights: &[u32], bias_last: bool) -> u32 {
    let bias = *weights.last().unwrap();
    let mut sum = if bias_last { None } else { Some(bias) };
    for (input, weight) in inputs.iter().zip(weights) {
        let product = f.node("", "*", &[*weight, *input], 0.0, 0.0);
        sum = Some(sum.map_or(product, |sum| f.node("", "+", &[sum, product], 0.0, 0.0)));
    }
    let mut sum = sum.unwrap();
    if bias_last {
        sum = f.node("", "+", &[sum, bias], 0.0, 0.0);
    }
    f.node("", "tanh", &[sum], 0.0, 0.0)
}

/// A reproducible random number generator (xorshift).
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound
    }
}

pub fn random(dice: &mut Dice) -> Fixture {
    let mut f = Fixture::new();
    let nodes = 1 + dice.below(40);
    let near = 1 + dice.below(nodes);
    let wide = dice.below(8) == 0;
    for node in 0..nodes {
        let most = if wide { 5 } else { 3 };
        let count = if node == 0 { 0 } else { dice.below(most) };
        let operands: Vec<u32> = (0..count).map(|_| (node - 1 - dice.below(near.min(node))) as u32).collect();
        let op = if count == 0 { "" } else { ["+", "*", "tanh", "max"][dice.below(4)] };
        f.node(&format!("v{node}"), op, &operands, 1.0, 0.0);
    }
    f
}

/// Nodes of an op that reads the one before, so many.
pub fn chain(length: usize) -> Fixture {
    let mut f = Fixture::new();
    f.node("x", "", &[], 0.0, 0.0);
    for node in 1..length as u32 {
        f.node("", "+", &[node - 1, node - 1], 0.0, 0.0);
    }
    f
}

/// The same, as it is asked about its edges.
struct Edges<'a> {
    rows: Rows<'a>,
    readers: Vec<Vec<u32>>,
}

impl Neighbours for Edges<'_> {
    fn count(&self) -> usize {
        self.rows.len()
    }

    fn operands(&self, node: u32) -> &[u32] {
        self.rows.row(node as usize)
    }

    fn consumers(&self, node: u32) -> impl ExactSizeIterator<Item = u32> {
        self.readers[node as usize].iter().copied()
    }
}

impl Fixture {
    fn edges(&self) -> Edges<'_> {
        let mut readers = vec![Vec::new(); self.labels.len()];
        for node in 0..self.labels.len() {
            for &operand in self.rows().row(node) {
                readers[operand as usize].push(node as u32);
            }
        }
        Edges { rows: self.rows(), readers }
    }

    /// What is near a node, as a graph of its own.
    pub fn near(&self, centre: u32, limits: Limits) -> Self {
        let found = Neighbourhood::new(&self.edges(), centre, limits);
        let mut near = Self::new();
        for (local, &node) in found.nodes.iter().enumerate() {
            let at = node as usize;
            near.node(&self.labels[at], &self.ops[at], found.rows().row(local), self.data[at], self.grad[at]);
            near.cut.push(found.hidden_operands[local] > 0);
            if found.hidden_consumers[local] > 0 {
                near.hints.insert(local as u32, format!("+{} more", found.hidden_consumers[local]));
            }
        }
        near.markers = found.local(centre).map(|local| (local as u32, '▶')).into_iter().collect();
        near
    }
}
