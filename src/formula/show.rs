use std::borrow::Borrow;
use std::collections::VecDeque;

use super::lexer::{is_name_part, is_name_start};
use super::number::repr;
use super::{Binary, Expr, Name, Term};

/// How tightly an atom binds: a name, a call, a number without a sign.
const ATOM: u8 = 9;

impl Expr {
    /// The expression in the notebook's notation, with `name` in place of each name: `other.data * out.grad`,
    /// `(-3.0) * 0.5`.
    pub fn show(&self, name: impl FnMut(&Name) -> String) -> String {
        show(self.nodes.iter().map(|node| &node.term), name)
    }
}

/// The expression that is evaluated term by term.
pub(super) fn show(
    terms: impl IntoIterator<Item = impl Borrow<Term>>,
    mut name: impl FnMut(&Name) -> String,
) -> String {
    let mut stack: Vec<Text> = Vec::new();
    for term in terms {
        let shown = match term.borrow() {
            Term::Number(x) => Text::of_atom(&repr(*x)),
            Term::Name(n) => Text::of_atom(&name(n)),
            Term::Neg => pop(&mut stack, Binary::NEG_BINDS).after("-", Binary::NEG_BINDS),
            Term::Not => pop(&mut stack, Binary::NOT_BINDS).after("not ", Binary::NOT_BINDS),
            Term::Binary(op) => show_binary(*op, &mut stack),
            Term::Call { function, args } => show_call(function, *args as usize, &mut stack),
        };
        stack.push(shown);
    }
    stack.pop().expect("an expression is not empty").finish()
}

fn show_call(function: &str, args: usize, stack: &mut Vec<Text>) -> Text {
    let args = stack.split_off(stack.len() - args).into_iter();
    let args = args.reduce(|args, next| args.joined(", ", next, ATOM)).unwrap_or_default();
    args.in_brackets().after(function, ATOM)
}

fn show_binary(op: Binary, stack: &mut Vec<Text>) -> Text {
    let binds = op.binds();
    if op == Binary::Pow {
        stack.last_mut().expect("a power has an exponent").whole();
        let exponent = pop(stack, Binary::NEG_BINDS);
        return pop(stack, binds + 1).joined("**", exponent, binds);
    }
    // As the notebook writes `1 - t**2`.
    if op == Binary::Sub && stack.last().is_some_and(|text| text.ends_with("**2")) {
        let first = stack.len() - 2;
        stack[first].whole();
    }
    let right = pop(stack, binds + 1);
    // Comparisons do not chain here, so both sides of one are bracketed alike.
    let left = pop(stack, if op.is_arithmetic() || binds < 4 { binds } else { binds + 1 });
    left.joined(&format!(" {} ", op.symbol()), right, binds)
}

/// The last text, in brackets if it binds less tightly than what it goes into.
fn pop(stack: &mut Vec<Text>, floor: u8) -> Text {
    let text = stack.pop().expect("every operand stands before what uses it");
    if text.binds < floor { text.in_brackets() } else { text }
}

/// A part of what is shown, and how tightly it binds. It grows at both ends, and of two that are joined the shorter one is
/// put to the longer: neither a long sum nor a deep nest is copied once for each of its operators.
#[derive(Default)]
struct Text {
    bytes: VecDeque<u8>,
    binds: u8,
}

impl Text {
    /// A signed number binds as a sign does, so `-3.0` is put in brackets inside a product.
    fn of_atom(text: &str) -> Self {
        let binds = if text.starts_with('-') { Binary::Or.binds() } else { ATOM };
        Self { bytes: text.bytes().collect(), binds }
    }

    /// With something before it, so that it binds like that.
    fn after(mut self, text: &str, binds: u8) -> Self {
        text.bytes().rev().for_each(|byte| self.bytes.push_front(byte));
        Self { binds, ..self }
    }

    fn in_brackets(mut self) -> Self {
        self.bytes.push_front(b'(');
        self.bytes.push_back(b')');
        self
    }

    fn joined(mut self, between: &str, mut right: Self, binds: u8) -> Self {
        if self.bytes.len() < right.bytes.len() {
            let left = self.bytes.iter().copied().chain(between.bytes()).rev();
            left.for_each(|byte| right.bytes.push_front(byte));
            return Self { binds, ..right };
        }
        self.bytes.extend(between.bytes());
        self.bytes.append(&mut right.bytes);
        Self { binds, ..self }
    }

    fn ends_with(&self, end: &str) -> bool {
        self.bytes.len() >= end.len() && end.bytes().rev().eq(self.bytes.iter().rev().copied().take(end.len()))
    }

    /// A whole number without its `.0`, where the notebook writes it so.
    fn whole(&mut self) {
        if self.ends_with(".0") {
            self.bytes.truncate(self.bytes.len() - 2);
        }
    }

    fn finish(self) -> String {
        String::from_utf8(self.bytes.into()).expect("texts that are joined are a text")
    }
}

/// A name as statements write it: as it is where it is an identifier, in backquotes where it is not, its own ones doubled.
pub fn quoted(name: &str) -> String {
    let identifier = name.starts_with(is_name_start)
        && name.chars().all(is_name_part)
        && !["and", "or", "not", "assert", "if"].contains(&name);
    if identifier { name.to_owned() } else { format!("`{}`", name.replace('`', "``")) }
}

#[cfg(test)]
mod tests {
    use super::super::{Binary, Term, condition, formula};

    #[test]
    fn shown_in_the_notebooks_notation() {
        let cases = [
            ("sub_square(1.0, out.data)*out.grad", "(1 - out.data**2) * out.grad"),
            ("gt(out.data,0.0)*out.grad", "(out.data > 0.0) * out.grad"),
            ("-sin(x.data)*y.grad", "-sin(x.data) * y.grad"),
            ("a.data-(b.data-c.data)", "a.data - (b.data - c.data)"),
            ("a.data**-1", "a.data**(-1)"),
            ("(a.data+b.data)**2*3", "(a.data + b.data)**2 * 3.0"),
            ("not a.grad>1 and b.grad==2", "not a.grad > 1.0 and b.grad == 2.0"),
        ];
        for (text, shown) in cases {
            let expr = condition(text).unwrap();
            let name = |n: &super::Name| format!("{}.{}", n.text, n.field.unwrap().name());
            assert_eq!(expr.show(name), shown, "{text}");
        }
    }

    #[test]
    fn any_name_can_be_written_and_read_again() {
        for name in ["x1", "x1*w1", "if", "a`b", "`", "``", "`a", "a`", "", "`a` * `b`", "π", "1x"] {
            let expr = formula(&super::quoted(name)).unwrap();
            let names: Vec<&str> = expr.names().map(|(name, _)| &*name.text).collect();
            assert_eq!(names, [name]);
        }
    }

    /// If each operator copied what it joins, these would copy terabytes.
    #[test]
    fn neither_a_long_sum_nor_a_deep_nest_is_copied_at_each_operator() {
        const MANY: usize = 1_000_000;
        let (one, minus) = ([Term::Number(1.0)], [Term::Binary(Binary::Sub)]);
        let sum = one.iter().chain([&one[0], &minus[0]].into_iter().cycle().take(2 * MANY));
        assert_eq!(super::show(sum, |_| String::new()), format!("1.0{}", " - 1.0".repeat(MANY)));
        let nest = one.iter().cycle().take(MANY + 1).chain(minus.iter().cycle().take(MANY));
        let (open, close) = ("1.0 - (".repeat(MANY - 1), ")".repeat(MANY - 1));
        assert_eq!(super::show(nest, |_| String::new()), format!("{open}1.0 - 1.0{close}"));
    }

    #[test]
    fn negative_numbers_are_put_in_brackets() {
        let expr = formula("w * g + b").unwrap();
        assert_eq!(expr.show(|n| if &*n.text == "w" { "-3.0".into() } else { "0.5".into() }), "(-3.0) * 0.5 + 0.5");
    }
}
