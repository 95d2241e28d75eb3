use std::ops::Range;

/// An expression, flat, in the order in which it is evaluated: operands stand before what uses them.
///
/// Invariants: the last node is the whole; the right operand of node `i` is node `i - 1`, and every node says with
/// [`Node::size`] how many nodes its own tree has, so the left operand of `i` is `i - 1 - size(i - 1)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    pub nodes: Box<[Node]>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub term: Term,
    /// Bytes of the source text, without brackets around the whole. Half as wide as a `Range<usize>`, since a formula
    /// may have a million nodes.
    pub(super) from: u32,
    pub(super) to: u32,
    /// Nodes in the tree below and including this one.
    pub size: u32,
}

impl Node {
    /// Bytes of the source text, without brackets around the whole.
    pub fn span(&self) -> Range<usize> {
        self.from as usize..self.to as usize
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum Term {
    Number(f64),
    Name(Name),
    Neg,
    Not,
    Binary(Binary),
    /// `tanh(n)` and `n.tanh()` alike: the object of a method is the first argument.
    Call {
        function: Box<str>,
        args: u32,
    },
}

/// A value by its name, and which of its numbers: `x1`, `x1.grad`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    pub text: Box<str>,
    pub field: Option<Field>,
}

/// The two numbers a `Value` holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    Data,
    Grad,
}

impl Field {
    pub fn name(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Grad => "grad",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Data, Self::Grad].into_iter().find(|field| field.name() == name)
    }
}

/// An operator between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binary {
    Add,
    Sub,
    Mul,
    Div,
    Pow,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    And,
    Or,
}

impl Binary {
    /// Every operator: how it is written, how tightly it binds, and the function that means the same in the text of a
    /// rule (where Rust has no such operator between numbers).
    pub const TABLE: [(Self, &'static str, u8, &'static str); 13] = [
        (Self::Or, "or", 1, ""),
        (Self::And, "and", 2, ""),
        (Self::Eq, "==", 4, "eq"),
        (Self::Ne, "!=", 4, "ne"),
        (Self::Lt, "<", 4, "lt"),
        (Self::Le, "<=", 4, "le"),
        (Self::Gt, ">", 4, "gt"),
        (Self::Ge, ">=", 4, "ge"),
        (Self::Add, "+", 5, ""),
        (Self::Sub, "-", 5, ""),
        (Self::Mul, "*", 6, ""),
        (Self::Div, "/", 6, ""),
        (Self::Pow, "**", 8, "pow"),
    ];

    /// How tightly `not` and the unary minus bind, on the scale of the table.
    pub const NOT_BINDS: u8 = 3;
    pub const NEG_BINDS: u8 = 7;

    fn row(self) -> &'static (Self, &'static str, u8, &'static str) {
        Self::TABLE.iter().find(|row| row.0 == self).expect("the table lists every operator")
    }

    pub fn symbol(self) -> &'static str {
        self.row().1
    }

    pub fn binds(self) -> u8 {
        self.row().2
    }

    pub fn from_symbol(symbol: &str) -> Option<Self> {
        Self::TABLE.iter().find(|row| row.1 == symbol).map(|row| row.0)
    }

    pub fn from_function(function: &str) -> Option<Self> {
        Self::TABLE.iter().find(|row| !row.3.is_empty() && row.3 == function).map(|row| row.0)
    }

    pub fn is_comparison(self) -> bool {
        self.binds() == Self::Eq.binds()
    }

    /// An operator that makes a number of numbers, as an op of a graph can; not a comparison, not `and`.
    pub fn is_arithmetic(self) -> bool {
        self.binds() > 4
    }
}

impl Expr {
    /// The nodes in which the operands of node `at` end, left to right.
    pub fn operands(&self, at: usize) -> Vec<usize> {
        let count = match &self.nodes[at].term {
            Term::Number(_) | Term::Name(_) => 0,
            Term::Neg | Term::Not => 1,
            Term::Binary(_) => 2,
            Term::Call { args, .. } => *args as usize,
        };
        let mut end = at;
        let mut operands: Vec<usize> = (0..count)
            .map(|_| {
                let operand = end - 1;
                end -= self.nodes[operand].size as usize;
                operand
            })
            .collect();
        operands.reverse();
        operands
    }

    /// Every name in it, in the order of the text, with its place.
    pub fn names(&self) -> impl Iterator<Item = (&Name, Range<usize>)> {
        self.nodes.iter().filter_map(|node| match &node.term {
            Term::Name(name) => Some((name, node.span())),
            _ => None,
        })
    }
}
