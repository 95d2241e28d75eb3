//! Questions about the next step, and what a wrong answer shows.

use super::Debugger;
use super::rows::Ran;
use crate::engine::op::{RuleInput, RuleName};
use crate::engine::{Event, ValueId, Write};
use crate::formula::number::short;
use crate::formula::{Field, Trouble};

/// Something that the next step will show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Question {
    /// What does this grad become?
    Number(Write),
    /// Whose `_backward` runs next?
    Node(ValueId),
}

/// Whether two numbers are the same to somebody who works by hand: 1 in 100, or in the third decimal.
fn same(answer: f64, right: f64) -> bool {
    (answer - right).abs() <= (0.01 * right.abs()).max(5e-4) || (answer.is_nan() && right.is_nan()) || answer == right
}

impl Debugger {
    /// What can be asked about the next line: only the lines of a `_backward` can be worked out.
    pub fn number_to_predict(&self) -> Option<Question> {
        match self.next_event()? {
            Event::Write(write) if write.by.is_some() => Some(Question::Number(write)),
            _ => None,
        }
    }

    /// What can be asked about the next node: only where one `_backward` is done and another comes.
    pub fn node_to_predict(&self) -> Option<Question> {
        let next = if self.step < self.run.steps { self.called_at(self.step)? } else { return None };
        (self.group(self.step).start == self.step).then_some(Question::Node(next))
    }

    /// A question of the same kind, as things stand now.
    pub fn again(&self, question: Question) -> Option<Question> {
        match question {
            Question::Number(_) => self.number_to_predict(),
            Question::Node(_) => self.node_to_predict(),
        }
    }

    /// The question in words.
    pub fn asked(&self, question: Question) -> String {
        match question {
            Question::Number(write) => format!("{}.grad becomes?", self.quoted(write.target.value)),
            Question::Node(_) => "whose _backward() runs next?".to_owned(),
        }
    }

    /// What is needed to work it out: the line, and the numbers of its names.
    pub fn given(&self, question: Question) -> Vec<String> {
        let Question::Number(write) = question else { return Vec::new() };
        let Some((node, line)) = write.by else { return Vec::new() };
        let Some(rule) = self.run.graph.op_of(node).and_then(|op| op.lines.get(line)) else { return Vec::new() };
        let target = format!("{}.grad", self.quoted(write.target.value));
        let input = self.input(node, self.step);
        let mut numbers = vec![format!("{target} is {}", short(write.before))];
        for name in rule.amount.names().filter(|name| **name != RuleName::Exponent) {
            let number = format!("{} is {}", self.in_run(node, *name), short(name.number(&input)));
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        let amount = rule.amount.show(|name| self.in_run(node, *name));
        vec![format!("{target} {} {amount}", rule.sign()), numbers.join(", ")]
    }

    /// Whether an answer is right, and what is to be said of it: where it is wrong, the mistake that leads to just that
    /// one, if there is one.
    ///
    /// # Errors
    /// It is no answer: no number, no value.
    pub fn judge(&self, question: Question, answer: &str) -> Result<(bool, String), Trouble> {
        Ok(match question {
            Question::Node(v) => {
                let other = self.meant(answer.trim().trim_matches('`'), 0..answer.len())?;
                self.judge_node(v, other)
            }
            Question::Number(write) => {
                let target = self.quoted(write.target.value);
                let is = format!("{target}.grad becomes {}", short(write.after));
                match self.evaluate(answer)? {
                    number if same(number, write.after) => (true, format!("right: {is}")),
                    number => (false, format!("{is}{}", self.mistake(&write, number))),
                }
            }
        })
    }

    /// Right is every node that may run, though this run begins with another of them: nothing on the screen tells which.
    fn judge_node(&self, v: ValueId, other: ValueId) -> (bool, String) {
        let (name, answer) = (self.quoted(v), self.quoted(other));
        let missing: Vec<String> = self.missing(other, self.step).iter().take(2).map(|&v| self.quoted(v)).collect();
        if v == other {
            (true, format!("right: {name}._backward()"))
        } else if self.rows().row(other) >= self.rows().order.topo.len() {
            (false, format!("{name}._backward() runs next: the root is not made of {answer}"))
        } else if self.ran(other) != Ran::NotYet {
            (false, format!("{name}._backward() runs next: {answer} has run already"))
        } else if missing.is_empty() {
            (true, format!("right: {answer} may run, too, but {name}._backward() is first here"))
        } else {
            (false, format!("{name}._backward() runs next: {answer} still waits for {}", missing.join(" and ")))
        }
    }

    /// The grad once every line of the `_backward` that writes it has run.
    fn after_all_lines(&self, node: ValueId, write: &Write) -> f64 {
        let end = self.group(self.step).end;
        let last = self.run.history(Field::Grad).last(write.target.value, end);
        last.filter(|_| self.called_at(end - 1) == Some(node)).map_or(f64::NAN, |(_, grad)| grad)
    }

    /// The mistake that gives just this number, as a sentence to go on with; empty where none does.
    fn mistake(&self, write: &Write, answer: f64) -> String {
        let Some((node, line)) = write.by else { return String::new() };
        let Some(op) = self.run.graph.op_of(node) else { return String::new() };
        let input = self.input(node, self.step);
        let slope = |line: usize| RuleInput { out_grad: 1.0, ..input }.eval(&op.lines[line].amount);
        let base = if op.lines[line].accumulate { write.before } else { 0.0 };
        let other = (0..op.lines.len()).find(|&at| at != line);
        let mistakes = [
            (write.before + write.amount, "the line has =, not +=: what was there is lost"),
            (write.amount, "that is what the line adds; += adds it to what is there"),
            (write.before, "that is what was there before the line ran"),
            (self.after_all_lines(node, write), "that is after both lines: only the next one runs"),
            (base - write.amount, "the sign is wrong"),
            (base + slope(line), "that forgets to multiply by out.grad"),
            (other.map_or(f64::NAN, |at| base + slope(at) * input.out_grad), "that is what the other operand gets"),
            (base + input.out_grad, "that is out.grad alone, without the local derivative"),
            (input.data[op.lines[line].slot], "that is its data, not its grad"),
        ];
        let found = mistakes.iter().find(|(number, _)| same(answer, *number) && !same(*number, write.after));
        found.map_or(String::new(), |(_, sentence)| format!("; {sentence}"))
    }
}
