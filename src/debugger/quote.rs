use super::Debugger;
use crate::engine::op::{Op, RuleInput, RuleName};
use crate::engine::plan::Number;
use crate::engine::{Event, Phase, ValueId, Write};
use crate::formula::number::short;
use crate::formula::{Field, quoted};

/// A line of the source pane.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub mark: Mark,
    pub text: String,
    /// The end of the text that is its result: ` = -1.5`.
    pub result: String,
    pub tone: Tone,
}

/// What stands before a line of source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    None,
    /// It has run.
    Done,
    /// It is the one that just ran.
    Here,
    /// It runs next, or later.
    Next,
    /// It is wrong.
    Wrong,
    /// It is worth a remark.
    Note,
}

/// What a line is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// The notebook's own lines.
    Source,
    /// A line of the notebook's that is only there to say where one is.
    Context,
    /// The same with the names of this run put in.
    Names,
    /// The same with the numbers of this run put in.
    Numbers,
    /// A sentence.
    Words,
    Blank,
}

impl Line {
    pub fn new(mark: Mark, tone: Tone, text: impl Into<String>) -> Self {
        Self { mark, text: text.into(), result: String::new(), tone }
    }

    pub(super) fn result(mut self, result: impl Into<String>) -> Self {
        self.result = result.into();
        self
    }
}

/// Source, and what to call it.
#[derive(Debug, Clone, PartialEq)]
pub struct Quote {
    pub title: String,
    pub lines: Vec<Line>,
}

impl Debugger {
    /// What just ran, as source with its current line, and the same line with the numbers in it.
    pub fn quote(&self) -> Quote {
        let mut quote = self.what_ran();
        quote.lines.extend(self.just_found());
        let amiss = quote.lines.iter().any(|line| line.mark == Mark::Wrong);
        if self.step == self.run.steps && !amiss {
            quote.lines.extend(self.at_the_end());
        }
        quote
    }

    fn what_ran(&self) -> Quote {
        let segment = &self.run.segments[self.segment_here()];
        if segment.phase() == Phase::Backward && self.step == segment.first && self.called_now().is_none() {
            return self.backward_begins();
        }
        match self.last_event() {
            None if segment.phase() == Phase::Topo => self.build_topo(),
            None => self.nothing_yet(),
            Some(Event::Compute { node, .. }) => self.computed(node),
            Some(Event::Visit(_)) => self.build_topo(),
            Some(Event::Idle { node }) => self.leaf_called(node),
            Some(Event::Write(Write { by: Some((node, _)), .. })) => self.called(node),
            Some(Event::Write(write)) if self.seeded_by_backward() => self.seeded(write.target.value),
            Some(Event::Write(write)) => self.statement_wrote(write),
            Some(Event::Assert { held }) => self.asserted(held),
        }
    }

    fn called_now(&self) -> Option<ValueId> {
        self.step.checked_sub(1).and_then(|event| self.called_at(event))
    }

    /// The name of a value as statements write it.
    pub fn quoted(&self, v: ValueId) -> String {
        quoted(self.name(v))
    }

    fn nothing_yet(&self) -> Quote {
        let first =
            self.run.computed.iter().next().map_or(String::new(), |v| format!("`s` computes {}", self.quoted(v)));
        let words = ["Leaves hold their numbers.", "Nothing has been computed yet.", "", first.as_str()];
        let lines = words.iter().map(|text| Line::new(Mark::None, Tone::Words, *text)).collect();
        Quote { title: "forward pass".into(), lines }
    }

    /// `x1*w1 = x1 * w1`, as the op's own forward.
    fn computed(&self, node: ValueId) -> Quote {
        let Some(op) = self.run.graph.op_of(node) else { return self.nothing_yet() };
        let input = self.input(node, self.step);
        let forward = op.forward.show(|name| name.text().to_owned());
        let mut lines = vec![
            context(definition(op)),
            Line::new(Mark::Here, Tone::Source, format!("  out.data = {forward}")),
            blank(),
            self.legend(node, op),
            blank(),
        ];
        let names = op.forward.show(|name| self.in_run(node, *name));
        let numbers = op.forward.show(|name| short(name.number(&input)));
        let name = self.quoted(node);
        lines.push(Line::new(Mark::Here, Tone::Names, format!("{name}.data = {names}")));
        let numbers = Line::new(Mark::None, Tone::Numbers, format!("{name}.data = {numbers}"));
        lines.push(numbers.result(format!(" = {}", short(input.out_data))));
        Quote { title: self.titled(format!("forward · {}", self.quoted(node)), node), lines }
    }

    /// A leaf's `_backward`, or that of an op without lines.
    fn leaf_called(&self, node: ValueId) -> Quote {
        let name = self.quoted(node);
        let mut lines = vec![
            Line::new(Mark::Here, Tone::Source, "self._backward = lambda: None"),
            blank(),
            words(format!("{name} is a leaf: no op made it,")),
            words("so there is nothing to pass back."),
        ];
        if let Some(right) = self.must_be(node) {
            let text = format!("{name}.grad is {}, but it must be {}", short(self.grad(node)), short(right));
            lines.extend([blank(), Line::new(Mark::Wrong, Tone::Words, text), words(self.blamed_for(node))]);
        } else {
            let grad = Line::new(Mark::None, Tone::Words, format!("{name}.grad"));
            lines.push(grad.result(format!(" = {}", short(self.grad(node)))));
        }
        Quote { title: self.titled(format!("{name}._backward()"), node), lines }
    }

    /// A `_backward` that has run, or has run some of its lines.
    fn called(&self, node: ValueId) -> Quote {
        let Some(op) = self.run.graph.op_of(node) else { return self.leaf_called(node) };
        let first = self.recent().start;
        let done = (self.step - first) as usize;
        let mark = |line: usize| match line + 1 {
            line if line < done => Mark::Done,
            line if line == done => Mark::Here,
            _ => Mark::Next,
        };
        let mut lines = vec![context(definition(op)), context("def _backward():".into())];
        let source = |(at, line): (usize, &crate::engine::op::Line)| {
            Line::new(mark(at), Tone::Source, format!("  {}", line.source()))
        };
        lines.extend(op.lines.iter().enumerate().map(source));
        lines.extend([blank(), self.legend(node, op), blank()]);
        for event in first..self.step {
            if let Event::Write(write) = self.run.event(event) {
                lines.extend(self.line_with_numbers(write, event, mark((event - first) as usize)));
            }
        }
        lines.extend(self.too_early(node, first));
        lines.extend(self.too_late(first));
        if done < op.lines.len() {
            lines.push(Line::new(Mark::Next, Tone::Words, "s: run the next line"));
        }
        Quote { title: self.titled(format!("{}._backward()", self.quoted(node)), node), lines }
    }

    /// `x1.grad += w1.data * out.grad`, `x1.grad = 0.0 + (-3.0) * 0.5 = -1.5`, and what an `=` threw away.
    fn line_with_numbers(&self, write: Write, event: u32, mark: Mark) -> Vec<Line> {
        let Some((node, line)) = write.by else { return Vec::new() };
        let Some(rule) = self.run.graph.op_of(node).and_then(|op| op.lines.get(line)) else { return Vec::new() };
        let input = self.input(node, event);
        let target = format!("{}.grad", self.quoted(write.target.value));
        let names = rule.amount.show(|name| self.in_run(node, *name));
        let numbers = rule.amount.show(|name| short(name.number(&input)));
        let numbers = if rule.amount.is_sum() && rule.accumulate { format!("({numbers})") } else { numbers };
        let before = if rule.accumulate { format!("{} + ", short(write.before)) } else { String::new() };
        let with_names = format!("{target} {} {names}", rule.sign());
        let with_numbers = Line::new(Mark::None, Tone::Numbers, format!("{target} = {before}{numbers}"));
        let mut lines =
            vec![Line::new(mark, Tone::Names, with_names), with_numbers.result(format!(" = {}", short(write.after)))];
        if !rule.accumulate && write.before != 0.0 {
            lines.push(Line::new(Mark::Wrong, Tone::Words, format!("the = threw away {}:", short(write.before))));
            let sum = short(write.before + write.amount);
            lines.push(words(format!("with += it would be {sum}")));
        }
        lines
    }

    pub(super) fn input(&self, node: ValueId, step: u32) -> RuleInput {
        let number = |field| move |value| self.run.number(Number { value, field }, step);
        self.run.graph.rule_input(node, number(Field::Data), number(Field::Grad))
    }

    /// What a name of a rule is in this run: `w1.data` for `other.data`. `out` stays `out`, which the legend explains: a
    /// name such as `x1*w1` would read as a product.
    pub(super) fn in_run(&self, node: ValueId, name: RuleName) -> String {
        let operands = self.run.graph.operands_of(node);
        let operand = |slot: usize| operands.get(slot).map(|&v| self.quoted(v));
        let (slot, field) = match name {
            RuleName::SelfData => (0, "data"),
            RuleName::SelfGrad => (0, "grad"),
            RuleName::OtherData => (1, "data"),
            RuleName::OtherGrad => (1, "grad"),
            RuleName::OutData | RuleName::OutGrad | RuleName::Result => return name.text().to_owned(),
            RuleName::Exponent => return self.run.graph.exponent_of(node).map_or(String::new(), short),
        };
        match operand(slot) {
            Some(operand) => format!("{operand}.{field}"),
            None => self.run.graph.exponent_of(node).map_or(String::new(), short),
        }
    }

    /// `self=x1 other=w1 out=x1*w1`.
    fn legend(&self, node: ValueId, op: &Op) -> Line {
        let mut names: Vec<String> = ["self", "other"]
            .iter()
            .zip(self.run.graph.operands_of(node))
            .map(|(role, &operand)| format!("{role}={}", self.quoted(operand)))
            .collect();
        if op.exponent {
            names.push(format!("n={}", self.run.graph.exponent_of(node).map_or(String::new(), short)));
        }
        names.push(format!("out={}", self.quoted(node)));
        if op.lines.iter().any(|line| line.amount.names().any(|name| *name == RuleName::Result)) {
            names.push(format!("t={}", self.data(node).map_or(String::new(), short)));
        }
        Line::new(Mark::None, Tone::Words, names.join(" "))
    }

    fn backward_source(seed: Mark, sweep: Mark) -> Vec<Line> {
        vec![
            context("def backward(self):".into()),
            Line::new(Mark::Done, Tone::Source, "  topo = []; build_topo(self)"),
            Line::new(seed, Tone::Source, "  self.grad = 1.0"),
            Line::new(sweep, Tone::Source, "  for node in reversed(topo):"),
            Line::new(Mark::None, Tone::Source, "    node._backward()"),
            blank(),
        ]
    }

    fn seeded_by_backward(&self) -> bool {
        let last = self.run.segment_of(self.step.saturating_sub(1));
        matches!(self.run.segments[last].kind, crate::engine::SegmentKind::Seed(_))
    }

    fn seeded(&self, root: ValueId) -> Quote {
        let name = self.quoted(root);
        let mut lines = Self::backward_source(Mark::Here, Mark::Next);
        lines.push(Line::new(Mark::None, Tone::Numbers, format!("{name}.grad")).result(" = 1.0"));
        lines.push(words(format!("because d{name}/d{name} = 1: the base case")));
        Quote { title: self.titled(format!("{name}.backward()"), root), lines }
    }

    /// Where a session opens: seeded, and no `_backward` has run.
    fn backward_begins(&self) -> Quote {
        let root = self.order().root;
        let mut quote = match &self.run.segments[self.segment_here()].kind {
            crate::engine::SegmentKind::Backward(_) => self.seeded(root),
            _ => self.manual_begins(),
        };
        if let Some(next) = self.called_at(self.step) {
            quote.lines.extend([blank(), words(format!("n: run {}._backward()", self.quoted(next)))]);
            quote.lines.extend((self.run.graph.lines_of(next) > 1).then(|| words("s: only its first line")));
        }
        quote
    }

    fn manual_begins(&self) -> Quote {
        match self.last_event() {
            Some(Event::Write(write)) => self.statement_wrote(write),
            _ => self.nothing_yet(),
        }
    }
}

pub(super) fn context(text: String) -> Line {
    Line::new(Mark::None, Tone::Context, text)
}

pub(super) fn blank() -> Line {
    Line::new(Mark::None, Tone::Blank, "")
}

pub(super) fn words(text: impl Into<String>) -> Line {
    Line::new(Mark::None, Tone::Words, text)
}

/// The Python method that an op is: `def __mul__(self, other): …`.
fn definition(op: &Op) -> String {
    let method = match op.name.as_str() {
        "+" => "__add__",
        "-" => "__sub__",
        "*" => "__mul__",
        "/" => "__truediv__",
        "**" => "__pow__",
        "neg" => "__neg__",
        "abs" => "__abs__",
        name => name,
    };
    let arguments = if op.exponent { "self, n" } else { ["self", "self, other"][usize::from(op.operands == 2)] };
    format!("def {method}({arguments}): …")
}
