use std::borrow::Borrow;

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
    let mut stack: Vec<(String, u8)> = Vec::new();
    for term in terms {
        let shown = match term.borrow() {
            Term::Number(x) => atom(repr(*x)),
            Term::Name(n) => atom(name(n)),
            Term::Neg => (format!("-{}", pop(&mut stack, Binary::NEG_BINDS)), Binary::NEG_BINDS),
            Term::Not => (format!("not {}", pop(&mut stack, Binary::NOT_BINDS)), Binary::NOT_BINDS),
            Term::Binary(op) => show_binary(*op, &mut stack),
            Term::Call { function, args } => {
                let args: Vec<(String, u8)> = stack.split_off(stack.len() - *args as usize);
                let args: Vec<String> = args.into_iter().map(|(text, _)| text).collect();
                (format!("{function}({})", args.join(", ")), ATOM)
            }
        };
        stack.push(shown);
    }
    stack.pop().expect("an expression is not empty").0
}

fn show_binary(op: Binary, stack: &mut Vec<(String, u8)>) -> (String, u8) {
    let binds = op.binds();
    if op == Binary::Pow {
        whole(stack.last_mut().expect("a power has an exponent"));
        let exponent = pop(stack, Binary::NEG_BINDS);
        return (format!("{}**{exponent}", pop(stack, binds + 1)), binds);
    }
    // As the notebook writes `1 - t**2`.
    if op == Binary::Sub && stack.last().is_some_and(|(text, _)| text.ends_with("**2")) {
        let first = stack.len() - 2;
        whole(&mut stack[first]);
    }
    let right = pop(stack, binds + 1);
    // Comparisons do not chain here, so both sides of one are bracketed alike.
    let left = pop(stack, if op.is_arithmetic() || binds < 4 { binds } else { binds + 1 });
    (format!("{left} {} {right}", op.symbol()), binds)
}

/// A whole number without its `.0`, where the notebook writes it so.
fn whole((text, _): &mut (String, u8)) {
    if text.ends_with(".0") {
        text.truncate(text.len() - 2);
    }
}

/// A signed number binds as a sign does, so `-3.0` is put in brackets inside a product.
fn atom(text: String) -> (String, u8) {
    let binds = if text.starts_with('-') { Binary::Or.binds() } else { ATOM };
    (text, binds)
}

/// The last text, in brackets if it binds less tightly than what it goes into.
fn pop(stack: &mut Vec<(String, u8)>, floor: u8) -> String {
    let (text, binds) = stack.pop().expect("every operand stands before what uses it");
    if binds < floor { format!("({text})") } else { text }
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
    use super::super::{condition, formula};

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

    #[test]
    fn negative_numbers_are_put_in_brackets() {
        let expr = formula("w * g + b").unwrap();
        assert_eq!(expr.show(|n| if &*n.text == "w" { "-3.0".into() } else { "0.5".into() }), "(-3.0) * 0.5 + 0.5");
    }
}
