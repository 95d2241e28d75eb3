use super::Debugger;
use crate::engine::plan::{Number, call_events};
use crate::engine::{Run, ValueId};
use crate::formula::{Expr, Field, Program, Trouble, close, condition};
use crate::scenario::{ValueNames, no_value};

/// A place to stop at.
#[derive(Clone)]
pub struct Breakpoint {
    /// As it was written: `w1 if abs(w1.grad) > 10`.
    pub text: String,
    pub stop: Stop,
    pub on: bool,
}

#[derive(Clone)]
pub enum Stop {
    /// Before the `_backward` of a value, where the condition holds.
    Node(ValueId, Option<Program<Subject>>),
    /// After a write to a number.
    Write(Number),
    /// After any write that makes the condition true.
    When(Program<Subject>),
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

impl Way {
    /// Whether a step lies that way of `from`, and nearer than the nearest so far.
    fn nearer(self, step: u32, from: u32, nearest: Option<u32>) -> bool {
        match self {
            Self::Forward => step > from && nearest.is_none_or(|nearest| step < nearest),
            Self::Back => step < from && nearest.is_none_or(|nearest| step > nearest),
        }
    }
}

/// Parses what follows `break`: `w1`, `w1 if abs(w1.grad) > 10`, `x1.grad` (a write to it), `if isnan(grad)`.
///
/// # Errors
/// Says where the text stops being one, and what was expected there.
pub fn parse(text: &str, names: &ValueNames) -> Result<Breakpoint, Trouble> {
    let (place, when) = split_if(text);
    let when =
        when.map(|(offset, when)| resolve(when, names).map_err(|trouble| trouble.shifted(offset))).transpose()?;
    let stop = match (place.trim().is_empty(), when) {
        (true, Some(when)) => Stop::When(when),
        (true, None) => return Err(Trouble::new(0..0, "break where?", "expected a name, or `if` and a condition")),
        (false, when) => place_of(place, names, when)?,
    };
    Ok(Breakpoint { text: text.trim().to_owned(), stop, on: true })
}

/// What stands before and after the word `if`, and where that part starts.
fn split_if(text: &str) -> (&str, Option<(usize, &str)>) {
    if let Some(rest) = text.trim_start().strip_prefix("if ") {
        return ("", Some((text.len() - rest.len(), rest)));
    }
    match text.find(" if ") {
        Some(at) => (&text[..at], Some((at + 4, &text[at + 4..]))),
        None => (text, None),
    }
}

fn place_of(place: &str, names: &ValueNames, when: Option<Program<Subject>>) -> Result<Stop, Trouble> {
    let expr = condition(place)?;
    let Some((name, span)) = expr.names().next().filter(|_| expr.nodes.len() == 1) else {
        let help = "a condition stands after `if`: break if x1.grad > 1";
        return Err(Trouble::new(0..place.len(), "this is no place to stop", "expected a name").help(help));
    };
    let value = names.find(&name.text).ok_or_else(|| no_value(&name.text, span, names))?;
    match (name.field, when) {
        (None, when) => Ok(Stop::Node(value, when)),
        (Some(field), None) => Ok(Stop::Write(Number { value, field })),
        (Some(_), Some(_)) => {
            let help = "leave out what stands before `if`";
            Err(Trouble::new(0..place.len(), "a write is watched without a condition", "a number").help(help))
        }
    }
}

fn resolve(text: &str, names: &ValueNames) -> Result<Program<Subject>, Trouble> {
    let expr: Expr = condition(text)?;
    Program::new(expr, |name, span| match (names.find(&name.text), name.field) {
        (Some(value), Some(field)) => Ok(Subject::Number(Number { value, field })),
        (None, None) if Field::from_name(&name.text).is_some() => {
            Ok(Subject::Written(Field::from_name(&name.text).expect("just looked at")))
        }
        (Some(_), None) => {
            let message = format!("`{}` has two numbers, its data and its grad", name.text);
            Err(Trouble::new(span, message, "expected `.data` or `.grad` after it"))
        }
        (None, _) => Err(no_value(&name.text, span, names)),
    })
}

impl Debugger {
    /// The nearest step that way at which a breakpoint stops, and which one.
    pub fn next_stop(&self, breakpoints: &[Breakpoint], way: Way) -> Option<(u32, usize)> {
        let stops = breakpoints.iter().enumerate().filter(|(_, breakpoint)| breakpoint.on);
        let steps = stops.filter_map(|(at, breakpoint)| Some((self.stop_of(&breakpoint.stop, way)?, at)));
        match way {
            Way::Forward => steps.min_by_key(|(step, _)| *step),
            Way::Back => steps.max_by_key(|(step, _)| *step),
        }
    }

    fn stop_of(&self, stop: &Stop, way: Way) -> Option<u32> {
        let mut nearest = None;
        self.each_stop(stop, &mut |step, holds| {
            if way.nearer(step, self.step, nearest) && holds() {
                nearest = Some(step);
            }
        });
        nearest
    }

    /// Every step at which one of the breakpoints stops, in order.
    pub fn stops(&self, breakpoints: &[Breakpoint]) -> Vec<u32> {
        let mut steps = Vec::new();
        for breakpoint in breakpoints.iter().filter(|breakpoint| breakpoint.on) {
            self.each_stop(&breakpoint.stop, &mut |step, holds| {
                if holds() {
                    steps.push(step);
                }
            });
        }
        steps.sort_unstable();
        steps.dedup();
        steps
    }

    /// Offers every step at which a breakpoint might stop, and whether its condition holds there, which is looked at only
    /// if it matters.
    fn each_stop(&self, stop: &Stop, consider: &mut dyn FnMut(u32, &dyn Fn() -> bool)) {
        match stop {
            Stop::Node(v, when) => {
                let events = call_events(&self.run.graph, *v);
                for end in self.calls_of(*v) {
                    let step = end - events;
                    consider(step, &|| when.as_ref().is_none_or(|when| holds(&self.run, when, *v, step)));
                }
            }
            Stop::Write(number) => {
                self.run.history(number.field).writes(number.value).for_each(|(step, _)| consider(step, &|| true));
            }
            Stop::When(when) => self.steps_when(when, consider),
        }
    }

    /// Every step at which a condition becomes true: for one about named numbers, the writes to these that make it true
    /// where it was not; for one about whatever is written, every write of which it is true.
    fn steps_when(&self, when: &Program<Subject>, consider: &mut dyn FnMut(u32, &dyn Fn() -> bool)) {
        let mut any = false;
        for subject in when.names() {
            match subject {
                Subject::Written(field) if !any => {
                    any = true;
                    for v in self.run.graph.ids() {
                        for (step, _) in self.run.history(*field).writes(v) {
                            consider(step, &|| holds(&self.run, when, v, step));
                        }
                    }
                }
                Subject::Written(_) => {}
                Subject::Number(Number { value, field }) => {
                    for (step, _) in self.run.history(*field).writes(*value) {
                        let was = || holds(&self.run, when, *value, step - 1);
                        consider(step, &|| holds(&self.run, when, *value, step) && !was());
                    }
                }
            }
        }
    }

    /// Which of the breakpoints are on a value's `_backward`.
    pub fn node_breakpoint(breakpoints: &[Breakpoint], v: ValueId) -> Option<usize> {
        breakpoints.iter().position(|breakpoint| matches!(breakpoint.stop, Stop::Node(node, _) if node == v))
    }
}

fn holds(run: &Run, when: &Program<Subject>, written: ValueId, step: u32) -> bool {
    let number = |subject: &Subject| match *subject {
        Subject::Number(number) => run.number(number, step),
        Subject::Written(field) => run.number(Number { value: written, field }, step),
    };
    !close(when.eval(1e-9, number), 0.0, 0.0)
}
