use rustc_hash::FxHashMap;

use super::Progress;
use super::names::ValueNames;
use super::ops::{WrongOp, add_own, find_op, is_power};
use super::suggest::near_or_all;
use super::written::{Arg, ArgKind, Form, Problem, Spot, Value, Written, key};
use crate::engine::{Graph, NONE, ValueId};
use crate::formula::{Binary, Expr, Program, Term, Trouble, formula, number};

/// Makes a graph of what was written.
///
/// Values are made in the order of the file, except that a value's operands are made before it. What is being made
/// waits on a stack, so a chain may be as long as it likes; what is met again while it waits is a cycle.
pub(super) struct Builder {
    written: Written,
    graph: Graph,
    /// The number of the name of each value made so far.
    name_of: Vec<u32>,
    /// The value of each name; [`UNMADE`] for those still to be made.
    value_of: Vec<ValueId>,
    /// Values of the file that are begun and wait for others.
    waiting: Vec<u32>,
    labels: Vec<(ValueId, u32)>,
    formulas: Vec<(ValueId, u32)>,
    /// How often each text has been made a name of, where more than once.
    repeats: FxHashMap<u32, u32>,
    /// The formula that was parsed last: a value is looked at again each time one of its operands has been made.
    parsed: Option<(u32, Expr)>,
}

/// In place of the value of a name: still to be made; begun, and waiting for others.
const UNMADE: ValueId = NONE;
const WAITING: ValueId = NONE - 1;

/// Longer texts are not fit to be the name of an inner node.
const LONGEST_NAME: usize = 80;

impl Builder {
    pub fn build(written: Written, progress: &Progress) -> Result<(Graph, ValueNames), Problem> {
        let mut graph = Graph::default();
        for own in &written.ops {
            add_own(&mut graph, own)?;
        }
        let mut builder = Self {
            graph,
            name_of: Vec::with_capacity(written.values.len()),
            value_of: vec![UNMADE; written.names.len()],
            waiting: Vec::new(),
            labels: Vec::new(),
            formulas: Vec::new(),
            repeats: FxHashMap::default(),
            parsed: None,
            written,
        };
        builder.reserve();
        for place in 0..builder.written.values.len() {
            if place % 4096 == 0 {
                progress.reached(place as u64);
            }
            builder.make_with_operands(u32::try_from(place).expect("a file has fewer than 2^32 values"))?;
        }
        Ok(builder.finish())
    }

    fn reserve(&mut self) {
        let count = self.written.values.len();
        self.graph.op.reserve(count);
        self.graph.operands.reserve(count);
        self.graph.number.reserve(count);
    }

    fn finish(self) -> (Graph, ValueNames) {
        let Written { names, label_texts, formulas: formula_texts, .. } = self.written;
        let (name_of, value_of, labels, formulas) = (self.name_of, self.value_of, self.labels, self.formulas);
        (self.graph, ValueNames { names, name_of, value_of, labels, label_texts, formulas, formula_texts })
    }

    /// Makes the value at a place of the file, after all it needs.
    fn make_with_operands(&mut self, place: u32) -> Result<(), Problem> {
        if self.state(place) != UNMADE {
            return Ok(());
        }
        self.wait_for(place);
        while let Some(&place) = self.waiting.last() {
            match self.missing(place)? {
                Some(operand) if self.state(operand) == WAITING => return Err(self.cycle(operand)),
                Some(operand) => self.wait_for(operand),
                None => {
                    self.make(place)?;
                    self.waiting.pop();
                }
            }
        }
        Ok(())
    }

    fn state(&self, place: u32) -> ValueId {
        self.value_of[self.written.values[place as usize].name as usize]
    }

    fn wait_for(&mut self, place: u32) {
        self.value_of[self.written.values[place as usize].name as usize] = WAITING;
        self.waiting.push(place);
    }

    /// The first operand of a value that has not been made yet.
    fn missing(&mut self, place: u32) -> Result<Option<u32>, Problem> {
        let Value { name, form } = &self.written.values[place as usize];
        let (name, form) = (*name, *form);
        match form {
            Form::Leaf(_) => Ok(None),
            Form::Formula(at) => self.missing_in_formula(at, name),
            Form::Node { args, count, .. } => {
                for (slot, arg) in args.iter().take(usize::from(count)).enumerate() {
                    let ArgKind::Name(id) = arg.kind() else { continue };
                    if self.value_of[id as usize] >= WAITING {
                        return self.declared(id).map(Some).ok_or_else(|| self.unknown_arg(name, id, slot));
                    }
                }
                Ok(None)
            }
        }
    }

    fn declared(&self, name: u32) -> Option<u32> {
        self.written.declared.get(name as usize)?.checked_sub(1)
    }

    fn unknown_arg(&self, name: u32, arg: u32, slot: usize) -> Problem {
        let path = vec![key("values"), key(self.written.names.get(name)), key("args"), super::place::Step::Index(slot)];
        let trouble = self.no_value(self.written.names.get(arg), 0..0);
        Problem { spot: Spot::Value(path), trouble, within: false }
    }

    fn no_value(&self, name: &str, span: std::ops::Range<usize>) -> Trouble {
        let known = self.written.values.iter().map(|value| self.written.names.get(value.name));
        let help = near_or_all(name, known);
        Trouble { help, ..Trouble::new(span, format!("there is no value `{name}`"), "not the name of a value") }
    }

    fn missing_in_formula(&mut self, at: u32, whole: u32) -> Result<Option<u32>, Problem> {
        if self.parsed.as_ref().is_none_or(|(parsed, _)| *parsed != at) {
            let expr = formula(self.written.formulas.get(at))
                .map_err(|trouble| Problem::part(self.written.formula_spot(at, whole), trouble))?;
            self.parsed = Some((at, expr));
        }
        let (_, expr) = self.parsed.as_ref().expect("just parsed");
        for (name, span) in expr.names() {
            let id = self.written.names.find(&name.text);
            let Some(place) = id.and_then(|id| self.declared(id)) else {
                let spot = self.written.formula_spot(at, whole);
                return Err(Problem::part(spot, self.no_value(&name.text, span)));
            };
            if id.is_some_and(|id| self.value_of[id as usize] >= WAITING) {
                return Ok(Some(place));
            }
        }
        Ok(None)
    }

    /// Everything that waits since `first` did, and `first` again.
    fn cycle(&self, first: u32) -> Problem {
        let name = |place: u32| self.written.names.get(self.written.values[place as usize].name);
        let from = self.waiting.iter().position(|&place| place == first).unwrap_or(0);
        let around: Vec<&str> = self.waiting[from..].iter().chain([&first]).map(|&place| name(place)).collect();
        let title = format!("the graph has a cycle: {}", in_full(&around));
        let problem = Problem::whole(self.spot(first), title, "needs itself");
        problem.help(Some("backprop needs a graph without cycles: a value cannot be made of itself".into()))
    }

    /// Where the value at a place of the file stands.
    fn spot(&self, place: u32) -> Spot {
        let value = &self.written.values[place as usize];
        match value.form {
            Form::Formula(at) => match self.written.formula_spot(at, value.name) {
                Spot::Byte(start) => Spot::Bytes(start..start + self.written.formulas.get(at).len()),
                spot => spot,
            },
            _ => Spot::of_value(self.written.names.get(value.name)),
        }
    }

    /// Makes the value at a place of the file, whose operands are all there.
    fn make(&mut self, place: u32) -> Result<(), Problem> {
        let (name, form) = (self.written.values[place as usize].name, self.written.values[place as usize].form);
        if let Form::Formula(at) = form {
            self.make_formula(at, name)?;
        } else if let Form::Node { op, count, args } = form {
            self.make_node(name, op, count, args)?;
        } else if let Form::Leaf(data) = form {
            let value = self.graph.add_leaf(data);
            self.call(value, name);
        }
        if let Ok(at) = self.written.labels.binary_search_by_key(&place, |row| row.0) {
            self.labels.push((self.value_of[name as usize], self.written.labels[at].1));
        }
        Ok(())
    }

    /// Gives the value that was made last its name.
    pub(super) fn call(&mut self, value: ValueId, name: u32) {
        debug_assert_eq!(self.name_of.len(), value as usize);
        self.name_of.push(name);
        if self.value_of.len() <= name as usize {
            self.value_of.resize(name as usize + 1, UNMADE);
        }
        self.value_of[name as usize] = value;
    }

    /// A name that no value has yet, for one that a formula makes on its way: its text, numbered where that is taken.
    fn own_name(&mut self, text: &str) -> u32 {
        let Some(first) = self.written.names.find(text) else { return self.written.names.intern(text) };
        let count = self.repeats.entry(first).or_insert(1);
        loop {
            *count += 1;
            let numbered = format!("{text}#{count}");
            if self.written.names.find(&numbered).is_none() {
                return self.written.names.intern(&numbered);
            }
        }
    }

    /// A number among operands: a leaf of its own.
    fn constant(&mut self, number: f64) -> ValueId {
        let name = self.own_name(&number::repr(number));
        let value = self.graph.add_leaf(number);
        self.call(value, name);
        value
    }
}

/// A cycle, named in full as far as anybody would read it.
fn in_full(around: &[&str]) -> String {
    const MOST: usize = 40;
    match around {
        [first @ .., last] if first.len() > MOST => {
            let hidden = first.len() - MOST;
            format!("{} -> ... {hidden} more ... -> {last}", first[..MOST].join(" -> "))
        }
        _ => around.join(" -> "),
    }
}

/// An explicit node: one op.
impl Builder {
    fn make_node(&mut self, name: u32, op: u16, count: u8, args: [Arg; 2]) -> Result<(), Problem> {
        let op_name = self.written.op_names.get(u32::from(op));
        let power = is_power(op_name) && count == 2;
        let exponent = match args[1].kind() {
            ArgKind::Constant(at) if power => Some(self.written.constants[at as usize]),
            _ => None,
        };
        let operands = usize::from(count) - usize::from(exponent.is_some());
        let id =
            find_op(&self.graph, op_name, operands, exponent.is_some()).map_err(|error| self.wrong_op(name, error))?;
        let mut ids = [NONE; 2];
        for (id, arg) in ids.iter_mut().zip(args).take(operands) {
            *id = match arg.kind() {
                ArgKind::Name(name) => self.value_of[name as usize],
                ArgKind::Constant(at) => self.constant(self.written.constants[at as usize]),
            };
        }
        let value = match exponent {
            Some(exponent) => self.graph.add_power(id, ids[0], exponent),
            None => self.graph.add(id, ids),
        };
        self.call(value, name);
        Ok(())
    }

    fn wrong_op(&self, name: u32, error: WrongOp) -> Problem {
        let field = if error.unknown { "op" } else { "args" };
        let path = vec![key("values"), key(self.written.names.get(name)), key(field)];
        Problem::whole(Spot::Value(path), error.title, error.label).help(error.help)
    }
}

/// A formula: one op a node of its tree.
impl Builder {
    fn make_formula(&mut self, at: u32, name: u32) -> Result<(), Problem> {
        let (_, expr) = self.parsed.take().expect("its names have just been looked at");
        // Taken out while names are added that are parts of it.
        let texts = std::mem::take(&mut self.written.formulas);
        let made = self.make_nodes(&expr, texts.get(at), name);
        self.written.formulas = texts;
        made.map_err(|trouble| Problem::part(self.written.formula_spot(at, name), trouble))?;
        self.formulas.push((self.value_of[name as usize], at));
        Ok(())
    }

    fn make_nodes(&mut self, expr: &Expr, text: &str, name: u32) -> Result<(), Trouble> {
        let exponents = exponents(expr)?;
        let last = expr.nodes.len() - 1;
        let mut stack: Vec<ValueId> = Vec::new();
        for (at, node) in expr.nodes.iter().enumerate() {
            let exponent = match exponents[at] {
                Exponent::Inside => continue,
                Exponent::Of(exponent) => Some(exponent),
                Exponent::None => None,
            };
            let value = match &node.term {
                Term::Number(number) if at == last => self.graph.add_leaf(*number),
                Term::Number(number) => {
                    stack.push(self.constant(*number));
                    continue;
                }
                Term::Name(operand) if at == last => return Err(alias(&operand.text, node.span())),
                Term::Name(operand) => {
                    let id = self.written.names.find(&operand.text).expect("its names have been looked up");
                    stack.push(self.value_of[id as usize]);
                    continue;
                }
                term => {
                    let (op, count) = op_of(term, exponent.is_some());
                    let id = find_op(&self.graph, op, count, exponent.is_some())
                        .map_err(|error| error.trouble(node.span()))?;
                    let operands = stack.split_off(stack.len() - count);
                    let second = operands.get(1).copied().unwrap_or(NONE);
                    match exponent {
                        Some(exponent) => self.graph.add_power(id, operands[0], exponent),
                        None => self.graph.add(id, [operands[0], second]),
                    }
                }
            };
            let name = if at == last { name } else { self.inner_name(&text[node.span()], name) };
            self.call(value, name);
            stack.push(value);
        }
        Ok(())
    }

    /// An inner node is called what it is: its own text. A text too long to read is numbered after its value.
    fn inner_name(&mut self, text: &str, whole: u32) -> u32 {
        if text.len() <= LONGEST_NAME {
            return self.own_name(text);
        }
        let whole = self.written.names.get(whole).to_owned();
        self.own_name(&format!("part of {whole}"))
    }
}

/// What a node of a formula has to do with a numeric exponent.
#[derive(Clone, Copy)]
enum Exponent {
    None,
    /// It is a power, and this is its exponent.
    Of(f64),
    /// It is part of one, so it makes no value.
    Inside,
}

/// Which powers have an exponent that is a number: it belongs to the op and is no value, as in micrograd.
fn exponents(expr: &Expr) -> Result<Vec<Exponent>, Trouble> {
    let mut exponents = vec![Exponent::None; expr.nodes.len()];
    for (at, node) in expr.nodes.iter().enumerate() {
        if node.term != Term::Binary(Binary::Pow) {
            continue;
        }
        let inside = at - expr.nodes[at - 1].size as usize..at;
        let nodes = &expr.nodes[inside.clone()];
        if nodes.iter().any(|node| matches!(node.term, Term::Name(_))) {
            continue;
        }
        let number = Program::<()>::new(&Expr { nodes: nodes.into() }, |name, span| Err(alias(&name.text, span)))?;
        exponents[inside].fill(Exponent::Inside);
        exponents[at] = Exponent::Of(number.eval(0.0, |()| f64::NAN));
    }
    Ok(exponents)
}

fn alias(name: &str, span: std::ops::Range<usize>) -> Trouble {
    let title = format!("this would be another name for `{name}`, not a value of its own");
    Trouble::new(span, title, "expected an op, such as `2*a`")
}

/// The name of the op of a node of a formula, and how many values it is made of.
fn op_of(term: &Term, exponent: bool) -> (&str, usize) {
    match term {
        Term::Binary(op) => (op.symbol(), if exponent { 1 } else { 2 }),
        Term::Call { function, args } => (function, *args as usize),
        _ => ("neg", 1),
    }
}
