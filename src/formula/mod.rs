//! The notebook's little language: text in, tree out, evaluation.
//!
//! Three kinds of text share one grammar, which is that of Python as the notebook uses it:
//!
//! | text | example | parsed by |
//! |---|---|---|
//! | a formula, over values | `x1*w1 + x2*w2`, `n.tanh()` | [`formula`] |
//! | a line of a `_backward` | `self.grad += other.data * out.grad` | [`rule_line`] |
//! | a statement of a script | `o.backward()`, `w.data += -0.05 * w.grad` | [`script`] |
//!
//! A parsed expression ([`Expr`]) is flat, in the order in which it is evaluated, so that nothing here recurses over
//! its length: a sum of a million terms is an ordinary input. Only brackets recurse, and the parser limits those.
//!
//! This module knows no graph, no JSON and no file. What is wrong with a text is a [`Trouble`]: a place in it and
//! sentences; whoever knows which file the text stands in makes the complaint out of it.

mod dual;
mod expr;
pub mod function;
mod lexer;
pub mod number;
mod parse;
mod program;
mod renamed;
mod show;
mod statement;
mod trouble;

pub use dual::Dual;
pub use expr::{Binary, Expr, Field, Name, Node, Term};
pub use function::{FUNCTIONS, Function, function, sigmoid, sign};
pub use parse::{formula, rule_line};
pub use program::{Program, close};
pub use renamed::renamed;
pub use show::quoted;
pub use statement::{AssignOp, Statement, Verb, condition, script};
pub use trouble::Trouble;
