mod formula;

use rustc_hash::FxHashMap;

use super::Progress;
use super::ops::{OpNames, WrongOp, add_own, is_power};
use super::states::State;
use super::suggest::near_or_all;
use super::value_names::{Numbers, ValueNames};
use super::written::{Arg, ArgKind, Form, Problem, Spot, Value, Written, key};
use crate::engine::{Graph, NONE, OpId, ValueId};
use crate::formula::{Expr, Trouble, formula, number};

/// Makes a graph of what was written.
///
/// Values are made in the order of the file, except that a value's operands are made before it. What is being made
/// waits on a stack, so a chain may be as long as it likes; what is needed while it waits is a cycle.
pub(super) struct Builder {
    written: Written,
    graph: Graph,
    /// The number of the name of each value made so far; `None` while each is that of the value.
    name_of: Option<Vec<u32>>,
    op_names: OpNames,
    /// The ops of nodes that have been looked up: by the number of the name, how many operands, whether there is an
    /// exponent.
    ops: FxHashMap<(u16, usize, bool), OpId>,
    /// What is left to do, the next last. Each value is looked at twice at most, however many operands it has.
    tasks: Vec<Task>,
    labels: Vec<(ValueId, u32)>,
    formulas: Vec<(ValueId, u32)>,
    /// How often each text has been made a name of, where more than once.
    repeats: FxHashMap<u32, u32>,
    /// The formula that was parsed last: most are made right after their names have been looked at.
    parsed: Option<(u32, Expr)>,
    /// How many values there may be.
    most: usize,
}

/// A file may make so many values, and one more for each so many of its bytes. A value that has a name takes more than
/// that to write; within a formula two bytes may make one, of which a run takes a hundred.
const SOME: usize = 1 << 16;
const BYTES_A_VALUE: usize = 6;

/// By the place of a value in the file.
#[derive(Clone, Copy)]
enum Task {
    /// To see to it that it is there.
    Need(u32),
    /// To make it, now that all it needs is there.
    Make(u32),
}

impl Builder {
    /// `bytes` is how long the text is in which this was written.
    pub fn build(written: Written, bytes: usize, progress: &Progress) -> Result<(Graph, ValueNames), Problem> {
        let mut graph = Graph::default();
        for own in &written.ops {
            add_own(&mut graph, own)?;
        }
        let mut builder = Self {
            op_names: OpNames::of(&graph),
            graph,
            name_of: None,
            ops: FxHashMap::default(),
            tasks: Vec::new(),
            labels: Vec::new(),
            formulas: Vec::new(),
            repeats: FxHashMap::default(),
            parsed: None,
            most: SOME + bytes / BYTES_A_VALUE,
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
        let Written { names, states, label_texts, formulas: formula_texts, .. } = self.written;
        let numbers = self.name_of.map(|name_of| Numbers { name_of, value_of: states.into_values() });
        let (labels, formulas) = (self.labels, self.formulas);
        (self.graph, ValueNames { names, numbers, labels, label_texts, formulas, formula_texts })
    }

    /// Makes the value at a place of the file, after all it needs.
    fn make_with_operands(&mut self, place: u32) -> Result<(), Problem> {
        self.tasks.push(Task::Need(place));
        while let Some(task) = self.tasks.pop() {
            match task {
                Task::Make(place) => self.make(place)?,
                Task::Need(place) => self.begin(place)?,
            }
        }
        Ok(())
    }

    /// Puts a value on the stack, if it is not made yet, and before it what it needs.
    fn begin(&mut self, place: u32) -> Result<(), Problem> {
        let name = self.written.values[place as usize].name;
        if let State::Declared(_) = self.written.states.get(name) {
            self.written.states.set(name, State::Waiting);
            self.tasks.push(Task::Make(place));
            let after = self.tasks.len();
            self.need_operands(place)?;
            self.tasks[after..].reverse();
        }
        Ok(())
    }

    /// Puts the operands of a value on the stack that are not there yet.
    fn need_operands(&mut self, place: u32) -> Result<(), Problem> {
        let Value { name, form } = self.written.values[place as usize];
        match form {
            Form::Leaf(_) => Ok(()),
            Form::Formula(at) => self.need_names(at, name),
            Form::Node { args, count, .. } => {
                for (slot, arg) in args.iter().take(usize::from(count)).enumerate() {
                    if let ArgKind::Name(operand) = arg.kind()
                        && !self.need(operand)?
                    {
                        return Err(self.unknown_arg(name, operand, slot));
                    }
                }
                Ok(())
            }
        }
    }

    /// Puts the value of a name on the stack, if it is not made yet; false where there is no such value.
    fn need(&mut self, name: u32) -> Result<bool, Problem> {
        match self.written.states.get(name) {
            State::Undeclared => return Ok(false),
            State::Declared(place) => self.tasks.push(Task::Need(place)),
            State::Waiting => return Err(self.cycle(name)),
            State::Made(_) => {}
        }
        Ok(true)
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

    fn need_names(&mut self, at: u32, whole: u32) -> Result<(), Problem> {
        let expr = self.parse(at, whole)?;
        for (name, span) in expr.names() {
            let operand = self.written.names.find(&name.text);
            if !operand.map_or(Ok(false), |operand| self.need(operand))? {
                let spot = self.written.formula_spot(at, whole);
                return Err(Problem::part(spot, self.no_value(&name.text, span)));
            }
        }
        self.parsed = Some((at, expr));
        Ok(())
    }

    /// A formula, parsed again where another was in between.
    fn parse(&mut self, at: u32, whole: u32) -> Result<Expr, Problem> {
        match self.parsed.take() {
            Some((parsed, expr)) if parsed == at => Ok(expr),
            _ => formula(self.written.formulas.get(at))
                .map_err(|trouble| Problem::part(self.written.formula_spot(at, whole), trouble)),
        }
    }

    /// Everything that waits since the value of that name does, and that one again.
    fn cycle(&self, first: u32) -> Problem {
        let value = |place: u32| &self.written.values[place as usize];
        let waiting = self.tasks.iter().filter_map(|task| match task {
            Task::Make(place) => Some(value(*place)),
            Task::Need(_) => None,
        });
        let around: Vec<&Value> = waiting.skip_while(|value| value.name != first).collect();
        let names: Vec<&str> =
            around.iter().chain(around.first()).map(|value| self.written.names.get(value.name)).collect();
        let title = format!("the graph has a cycle: {}", in_full(&names));
        let problem = Problem::whole(self.spot(around[0]), title, "needs itself");
        problem.help(Some("backprop needs a graph without cycles: a value cannot be made of itself".into()))
    }

    /// Where a value stands.
    fn spot(&self, value: &Value) -> Spot {
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
        let Value { name, form } = self.written.values[place as usize];
        if let Form::Formula(at) = form {
            self.make_formula(at, name)?;
        } else if let Form::Node { op, count, args } = form {
            self.make_node(name, op, count, args)?;
        } else if let Form::Leaf(data) = form {
            let value = self.graph.add_leaf(f64::from_ne_bytes(data));
            self.call(value, name);
        }
        if let Ok(at) = self.written.labels.binary_search_by_key(&place, |row| row.0) {
            self.labels.push((self.made(name), self.written.labels[at].1));
        }
        Ok(())
    }

    /// Gives the value that was made last its name.
    pub(super) fn call(&mut self, value: ValueId, name: u32) {
        if value != name && self.name_of.is_none() {
            self.name_of = Some((0..value).collect());
        }
        if let Some(name_of) = &mut self.name_of {
            name_of.push(name);
        }
        self.written.states.set(name, State::Made(value));
    }

    /// The value of a name, which has been made.
    fn made(&self, name: u32) -> ValueId {
        match self.written.states.get(name) {
            State::Made(value) => value,
            state => unreachable!("{state:?}: operands are made before what needs them"),
        }
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
        let power = count == 2 && is_power(self.written.op_names.get(u32::from(op)));
        let exponent = match args[1].kind() {
            ArgKind::Constant(at) if power => Some(self.written.constants[at as usize]),
            _ => None,
        };
        let operands = usize::from(count) - usize::from(exponent.is_some());
        let id = self.op(op, operands, exponent.is_some()).map_err(|error| self.wrong_op(name, error))?;
        let mut ids = [NONE; 2];
        for (id, arg) in ids.iter_mut().zip(args).take(operands) {
            *id = match arg.kind() {
                ArgKind::Name(name) => self.made(name),
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

    /// The op of that name.
    fn op(&mut self, name: u16, operands: usize, exponent: bool) -> Result<OpId, WrongOp> {
        if let Some(&id) = self.ops.get(&(name, operands, exponent)) {
            return Ok(id);
        }
        let text = self.written.op_names.get(u32::from(name));
        let id = self.op_names.find(&self.graph, text, operands, exponent)?;
        self.ops.insert((name, operands, exponent), id);
        Ok(id)
    }

    fn wrong_op(&self, name: u32, error: WrongOp) -> Problem {
        let field = if error.unknown { "op" } else { "args" };
        let path = vec![key("values"), key(self.written.names.get(name)), key(field)];
        Problem::whole(Spot::Value(path), error.title, error.label).help(error.help)
    }
}
