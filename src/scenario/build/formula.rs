//! A formula: one op a node of its tree.

use super::super::written::Problem;
use super::{BYTES_A_VALUE, Builder, SOME};
use crate::engine::{NONE, ValueId};
use crate::formula::{Binary, Expr, Program, Term, Trouble};

/// Longer texts are not fit to be the name of an inner node.
const LONGEST_NAME: usize = 80;

impl Builder {
    pub(super) fn make_formula(&mut self, at: u32, name: u32) -> Result<(), Problem> {
        let expr = self.parse(at, name)?;
        if self.graph.len() + expr.nodes.len() - expr.names().count() > self.most {
            return Err(self.too_dense(at, name));
        }
        // Taken out while names are added that are parts of it.
        let texts = std::mem::take(&mut self.written.formulas);
        let made = self.make_nodes(&expr, texts.get(at), name);
        self.written.formulas = texts;
        made.map_err(|trouble| Problem::part(self.written.formula_spot(at, name), trouble))?;
        self.formulas.push((self.made(name), at));
        Ok(())
    }

    fn too_dense(&self, at: u32, name: u32) -> Problem {
        let spot = self.written.formula_spot(at, name);
        let title = format!("a file of this length may make {} values, and this one makes more", self.most);
        let help = format!(
            "beyond {SOME} values there is room for one of {BYTES_A_VALUE} bytes: give parts of the formulas names of their own"
        );
        Problem::whole(spot, title, "there is no more room for what this makes").help(Some(help))
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
                    stack.push(self.made(id));
                    continue;
                }
                term => {
                    let (op, count) = op_of(term, exponent.is_some());
                    let id = self
                        .op_names
                        .find(&self.graph, op, count, exponent.is_some())
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

    /// An inner node is called what it is: its own text. A text too long to read is numbered after its value, by as much
    /// of that one's name as can be read.
    fn inner_name(&mut self, text: &str, whole: u32) -> u32 {
        if text.len() <= LONGEST_NAME {
            return self.own_name(text);
        }
        let whole: String = self.written.names.get(whole).chars().take(LONGEST_NAME).collect();
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
