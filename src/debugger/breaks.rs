use rustc_hash::FxHashMap;

use super::Debugger;
use crate::engine::bits::BitSet;
use crate::engine::plan::{Number, call_events};
use crate::engine::{Run, ValueId};
use crate::formula::{Expr, Field, Program, Trouble, condition, quoted};
use crate::scenario::{Progress, Stage, number};

/// A place to stop at.
#[derive(Clone)]
pub struct Breakpoint {
    /// By which a person speaks of it; it stays, whatever else is deleted.
    pub number: usize,
    /// As it would be typed: `w1 if abs(w1.grad) > 10`.
    pub text: String,
    pub stop: Stop,
    pub on: bool,
}

#[derive(Clone)]
pub enum Stop {
    /// Before the `_backward` of a value, where the condition holds.
    Node(ValueId, Option<Program<Subject>>),
    /// After a write to a number, where the condition holds.
    Write(Number, Option<Program<Subject>>),
    /// After any write that makes the condition true.
    When(Program<Subject>),
    /// Nowhere: what it is about is not there any more, since the file was loaded again. It waits for it.
    Waits,
}

/// What a name in a condition stands for: a number of a value, or (`grad`, `data` alone) of whatever was just written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Number(Number),
    Written(Field),
}

/// Which way to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Forward,
    Back,
}

/// How many names, numbers and operators a condition may have: it is looked at after every write.
const LONGEST: usize = 200;

impl Debugger {
    /// Parses what follows `break`: `w1`, `w1 if abs(w1.grad) > 10`, `x1.grad` (a write to it), `if isnan(grad)`.
    ///
    /// # Errors
    /// Says where the text stops being one, and what was expected there.
    pub fn breakpoint(&self, text: &str) -> Result<Breakpoint, Trouble> {
        self.stop_at(text, None)
    }

    /// Parses what follows `watch`: the same, but a name alone is its grad.
    ///
    /// # Errors
    /// As [`Debugger::breakpoint`].
    pub fn watchpoint(&self, text: &str) -> Result<Breakpoint, Trouble> {
        self.stop_at(text, Some(Field::Grad))
    }

    /// `alone` is the number that a name alone stands for; its `_backward`, if none.
    fn stop_at(&self, text: &str, alone: Option<Field>) -> Result<Breakpoint, Trouble> {
        let (place, when) = split_if(text);
        let when = when.map(|(offset, when)| self.condition(when).map_err(|trouble| trouble.shifted(offset)));
        let (text, stop) = match (place.trim(), when.transpose()?) {
            ("", None) => {
                let end = text.len()..text.len();
                return Err(Trouble::new(end, "stop where?", "expected a name, or `if` and a condition"));
            }
            ("", Some((when, text))) => (format!("if {text}"), Stop::When(when)),
            // What is no place can only be a condition, also without its `if`.
            (other, None) if self.place_to_stop(other).is_err() && is_condition(other) => {
                let (when, text) = self.condition(place)?;
                (text, Stop::When(when))
            }
            (_, when) => {
                let (value, field) = self.place_to_stop(place)?;
                let (when, shown) =
                    when.map_or_else(Default::default, |(when, text)| (Some(when), format!(" if {text}")));
                let name = quoted(self.name(value));
                match field.or(alone) {
                    None => (name + &shown, Stop::Node(value, when)),
                    Some(field) => {
                        (format!("{name}.{}{shown}", field.name()), Stop::Write(Number { value, field }, when))
                    }
                }
            }
        };
        Ok(Breakpoint { number: 0, text, stop, on: true })
    }

    /// The value, or the number of one, that a text is: `w1`, `x1.grad`; a name such as `x1*w1` also without its backquotes.
    fn place_to_stop(&self, text: &str) -> Result<(ValueId, Option<Field>), Trouble> {
        if let Some(place) = self.bare(text.trim()) {
            return Ok(place);
        }
        let expr = condition(text)?;
        let Some((name, span)) = expr.names().next().filter(|(_, span)| text[span.clone()] == *text.trim()) else {
            let help = "a condition stands after `if`: break if x1.grad > 1";
            return Err(Trouble::new(0..text.len(), "this is no place to stop", "expected a name").help(help));
        };
        Ok((self.meant(&name.text, span)?, name.field))
    }

    /// A condition, and its text in names.
    fn condition(&self, text: &str) -> Result<(Program<Subject>, String), Trouble> {
        self.typed(text, |text| {
            let expr: Expr = condition(text)?;
            if expr.nodes.len() > LONGEST {
                let title = format!("a condition has {LONGEST} names, numbers and operators at most");
                return Err(Trouble::new(0..text.len(), title, "this has more"));
            }
            let condition = Program::new(&expr, |name, span| match (name.field, Field::from_name(&name.text)) {
                (None, Some(field)) if self.scenario.names.find(&name.text).is_none() => Ok(Subject::Written(field)),
                _ => number(name, span, &self.scenario.names).map(Subject::Number),
            })?;
            Ok((condition, text.trim().to_owned()))
        })
    }

    /// Every step at which one of the breakpoints stops, in order, and which of them it is. A condition may be long, and
    /// there are millions of writes after which it may hold: `progress` says how many values have been looked at.
    pub fn stops(&self, breakpoints: &[Breakpoint], progress: &Progress) -> Vec<(u32, u32)> {
        let mut stops = Vec::new();
        progress.begin(Stage::Stopping, breakpoints.len() as u64 * self.run.graph.len() as u64);
        for (at, breakpoint) in (0..).zip(breakpoints).filter(|(_, breakpoint)| breakpoint.on) {
            progress.reached(u64::from(at) * self.run.graph.len() as u64);
            let mut steps = Vec::new();
            self.each_stop(&breakpoint.stop, progress, &mut |step| steps.push(step));
            stops.extend(in_order(steps).into_iter().map(|step| (step, at)));
        }
        // Of one breakpoint they are in order already.
        stops.sort_unstable();
        stops.dedup_by_key(|(step, _)| *step);
        stops
    }

    fn each_stop(&self, stop: &Stop, progress: &Progress, found: &mut dyn FnMut(u32)) {
        match stop {
            Stop::Node(v, when) => {
                let events = call_events(&self.run.graph, *v);
                let starts = self.calls_of(*v).map(|end| end - events);
                starts
                    .filter(|&step| when.as_ref().is_none_or(|when| holds(&self.run, when, *v, step)))
                    .for_each(found);
            }
            Stop::Write(number, None) => self.run.writes(*number).for_each(found),
            Stop::Write(number, Some(when)) => {
                let mut block = Block::new(&self.run, when, number.field);
                self.run.each_write(*number, |step, after| block.push((number.value, step, after), found));
                block.finish(found);
            }
            Stop::When(when) => self.each_time(when, progress, found),
            Stop::Waits => {}
        }
    }

    /// Every step at which a condition becomes true: for one about whatever is written, every write of which it is true;
    /// for one about named numbers alone, the writes to these that make it true where it was not.
    fn each_time(&self, when: &Program<Subject>, progress: &Progress, found: &mut dyn FnMut(u32)) {
        let about = |field| when.names().any(|subject| *subject == Subject::Written(field));
        let fields: Vec<Field> = [Field::Data, Field::Grad].into_iter().filter(|&field| about(field)).collect();
        for &field in &fields {
            let mut block = Block::new(&self.run, when, field);
            for value in self.run.graph.ids() {
                self.run.each_write(Number { value, field }, |step, after| block.push((value, step, after), found));
                if value % EVERY == EVERY - 1 {
                    progress.advance(u64::from(EVERY) / fields.len() as u64);
                }
            }
            block.finish(found);
        }
        if fields.is_empty() {
            self.each_turn(when, found);
        }
    }

    /// Every step at which a condition about named numbers becomes true: one walk through all that is written to these.
    fn each_turn(&self, when: &Program<Subject>, found: &mut dyn FnMut(u32)) {
        let (mut places, mut now, mut writes) = (FxHashMap::default(), Vec::new(), Vec::new());
        for subject in when.names() {
            let Subject::Number(number @ Number { value, field }) = *subject else { continue };
            let place = u16::try_from(now.len()).expect("a condition is short");
            // It may be named more than once.
            if *places.entry((value, field)).or_insert(place) == place {
                now.push(self.run.number(number, 0));
                self.run.each_write(number, |step, after| writes.push((step, place, after)));
            }
        }
        if now.len() > 1 {
            writes.sort_unstable_by_key(|(step, ..)| *step);
        }
        let holds = |now: &[f64]| {
            let number = |subject: &Subject| match subject {
                Subject::Number(Number { value, field }) => now[usize::from(places[&(*value, *field)])],
                Subject::Written(_) => f64::NAN,
            };
            when.eval(1e-9, number) != 0.0
        };
        let mut held = holds(&now);
        for (step, place, after) in writes {
            now[usize::from(place)] = after;
            if !std::mem::replace(&mut held, holds(&now)) && held {
                found(step);
            }
        }
    }

    /// Which of the breakpoints is on a value's `_backward`.
    pub fn node_breakpoint(breakpoints: &[Breakpoint], v: ValueId) -> Option<usize> {
        breakpoints.iter().position(|breakpoint| matches!(breakpoint.stop, Stop::Node(node, _) if node == v))
    }
}

impl Breakpoint {
    /// The value that it is set on; `None` where it is about any.
    pub fn value(&self) -> Option<ValueId> {
        match &self.stop {
            Stop::Node(v, _) => Some(*v),
            Stop::Write(number, _) => Some(number.value),
            Stop::When(_) | Stop::Waits => None,
        }
    }
}

/// Writes of which it is found out together whether a condition holds right after each: there may be millions.
struct Block<'a> {
    run: &'a Run,
    when: &'a Program<Subject>,
    field: Field,
    /// For each the value, the step and the number after it.
    writes: [(ValueId, u32, f64); BLOCK],
    len: usize,
}

const BLOCK: usize = 32;

/// After so many values it is said how far the search has come.
const EVERY: u32 = 1 << 12;

impl<'a> Block<'a> {
    fn new(run: &'a Run, when: &'a Program<Subject>, field: Field) -> Self {
        Self { run, when, field, writes: [(0, 0, 0.0); BLOCK], len: 0 }
    }

    fn push(&mut self, write: (ValueId, u32, f64), found: &mut dyn FnMut(u32)) {
        self.writes[self.len] = write;
        self.len += 1;
        if self.len == BLOCK {
            self.finish(found);
        }
    }

    fn finish(&mut self, found: &mut dyn FnMut(u32)) {
        let (run, writes) = (self.run, &self.writes);
        let holds = self.when.eval_each(1e-9, |subject| match *subject {
            // Most conditions ask for nothing else, so nothing is looked up.
            Subject::Written(asked) if asked == self.field => writes.map(|(_, _, after)| after),
            Subject::Written(field) => writes.map(|(value, step, _)| run.number(Number { value, field }, step)),
            Subject::Number(number) => writes.map(|(value, step, after)| {
                if number == (Number { value, field: self.field }) { after } else { run.number(number, step) }
            }),
        });
        writes[..self.len]
            .iter()
            .zip(holds)
            .filter(|(_, holds)| *holds != 0.0)
            .for_each(|((_, step, _), _)| found(*step));
        self.len = 0;
    }
}

/// Steps in their order, each once. Of many it is found by a bit a step: to sort millions would be waited for.
fn in_order(mut steps: Vec<u32>) -> Vec<u32> {
    let last = steps.iter().copied().max().unwrap_or(0);
    if steps.len() < last as usize / 64 {
        steps.sort_unstable();
        return steps;
    }
    let mut set = BitSet::up_to(last);
    for step in steps {
        set.put(step);
    }
    set.iter().collect()
}

fn holds(run: &Run, when: &Program<Subject>, written: ValueId, step: u32) -> bool {
    let number = |subject: &Subject| match *subject {
        Subject::Number(number) => run.number(number, step),
        Subject::Written(field) => run.number(Number { value: written, field }, step),
    };
    when.eval(1e-9, number) != 0.0
}

/// Whether a text is more than a name.
fn is_condition(text: &str) -> bool {
    condition(text).is_ok_and(|expr| expr.nodes.len() > 1)
}

/// What stands before and after the word `if`, and where that part starts. In backquotes it is a part of a name.
fn split_if(text: &str) -> (&str, Option<(usize, &str)>) {
    let inside = |at: usize| text[..at].matches('`').count() % 2 == 1;
    let of_name = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let alone = |at: usize| !text[..at].ends_with(of_name) && !text[at + 2..].starts_with(of_name);
    match text.match_indices("if").map(|(at, _)| at).find(|&at| alone(at) && !inside(at)) {
        Some(at) => (&text[..at], Some((at + 2, &text[at + 2..]))),
        None => (text, None),
    }
}
