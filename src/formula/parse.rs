use std::ops::Range;

use super::lexer::{Lexed, Lexer, Token};
use super::{Binary, Expr, Field, Name, Node, Term, Trouble};

/// How deep brackets, signs and powers may be nested: the only thing that this parser recurses over.
const DEEPEST: usize = 200;

/// How many names, numbers and signs a formula or a statement may have: a graph of a million values is made of many formulas, and
/// one may take a hundred times its length to work on.
const LONGEST: usize = 100_000;

/// Parses the formula of a value: `x1*w1 + x2*w2`, `tanh(n)`, `n.tanh()`.
///
/// # Errors
/// Says where the text stops being one, and what was expected there.
pub fn formula(text: &str) -> Result<Expr, Trouble> {
    let mut parser = Parser::new(text);
    let expr = parser.expression()?;
    parser.end("an operator, or the end of the formula").map_err(|trouble| match parser.peek().token {
        Token::Name(_) | Token::Number(_) | Token::Sign("(") if trouble.span == parser.peek().span => {
            trouble.help("a product is written `2*a`")
        }
        _ => trouble,
    })?;
    for node in &expr.nodes {
        only_arithmetic(node)?;
    }
    Ok(expr)
}

fn only_arithmetic(node: &Node) -> Result<(), Trouble> {
    let span = node.span();
    match &node.term {
        Term::Name(Name { text, field: Some(field) }) => Err(Trouble::new(
            span,
            format!("a formula is made of values, not of their `{}`", field.name()),
            format!("expected just `{text}`"),
        )),
        Term::Not => Err(Trouble::new(span, "a formula cannot use `not`", "expected + - * / ** or a function")),
        Term::Binary(op) if !op.is_arithmetic() => Err(Trouble::new(
            span,
            format!("a formula cannot use `{}`", op.symbol()),
            "expected + - * / ** or a function",
        )),
        _ => Ok(()),
    }
}

/// Parses one line of a `_backward`: the operand whose grad it writes, whether with `+=`, and the amount.
///
/// # Errors
/// Says where the text stops being one, and what was expected there.
pub fn rule_line(text: &str) -> Result<(Name, bool, Expr), Trouble> {
    let mut parser = Parser::new(text);
    let span = parser.peek().span.clone();
    let shape = || Trouble::new(span.clone(), "a line of a `_backward` writes a grad", "expected `self.grad += ...`");
    let Token::Name(text) = parser.next().token else { return Err(shape()) };
    parser.sign(".").map_err(|_| shape())?;
    let Token::Name(field) = parser.next().token else { return Err(shape()) };
    let accumulate = match parser.next().token {
        Token::Sign("+=") => true,
        Token::Sign("=") => false,
        Token::Sign(sign @ ("-=" | "*=" | "/=" | "**=")) => {
            let title = format!("a line of a `_backward` cannot use `{sign}`");
            return Err(Trouble::new(parser.last.clone(), title, "expected `+=`, or the old `=`"));
        }
        _ => return Err(shape()),
    };
    let amount = parser.expression()?;
    parser.end("an operator, or the end of the line")?;
    let field = Field::from_name(&field).ok_or_else(shape)?;
    Ok((Name { text: text.into(), field: Some(field) }, accumulate, amount))
}

/// A Pratt parser that writes nodes in the order of their evaluation.
pub(super) struct Parser<'t> {
    tokens: Lexer<'t>,
    next: Lexed,
    /// Where the token that was taken last stands.
    last: Range<usize>,
    nodes: Vec<Node>,
    depth: usize,
    /// Tokens that were taken since the text or the statement began.
    taken: usize,
}

impl<'t> Parser<'t> {
    pub fn new(text: &'t str) -> Self {
        let mut tokens = Lexer::new(text);
        Self { next: tokens.next(), tokens, last: 0..0, nodes: Vec::new(), depth: 0, taken: 0 }
    }

    pub fn peek(&self) -> &Lexed {
        &self.next
    }

    /// Takes the next token; the end is never passed.
    pub fn next(&mut self) -> Lexed {
        if matches!(self.next.token, Token::End | Token::Wrong(_)) {
            return self.next.clone();
        }
        self.last = self.next.span.clone();
        self.taken = if self.next.token == Token::Break { 0 } else { self.taken + 1 };
        let next = if self.taken < LONGEST { self.tokens.next() } else { self.too_long() };
        std::mem::replace(&mut self.next, next)
    }

    /// In place of the next token, where there are too many.
    fn too_long(&self) -> Lexed {
        let span = self.last.clone();
        let title = format!("this text is longer than {LONGEST} names, numbers and signs");
        let trouble = Trouble::new(span.clone(), title, "it may go as far as here");
        Lexed { token: Token::Wrong(Box::new(trouble.help("give its parts names of their own"))), span }
    }

    /// Where the last token that was taken ends.
    pub fn taken_to(&self) -> usize {
        self.last.end
    }

    pub fn skip(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek().token, Token::Sign(found) if found == sign);
        if found {
            self.next();
        }
        found
    }

    pub fn sign(&mut self, sign: &str) -> Result<(), Trouble> {
        if self.skip(sign) { Ok(()) } else { Err(self.expected(&format!("`{sign}`"))) }
    }

    pub fn end(&mut self, expected: &str) -> Result<(), Trouble> {
        while self.peek().token == Token::Break {
            self.next();
        }
        if self.peek().token == Token::End { Ok(()) } else { Err(self.expected(expected)) }
    }

    pub fn expected(&self, expected: &str) -> Trouble {
        let found = self.peek();
        // What is no token at all is likelier to be what went wrong, wherever it stands: a backquote, say.
        if let Some(trouble) = self.tokens.clone().wrong().filter(|_| !matches!(found.token, Token::Wrong(_))) {
            return trouble;
        }
        let message = match &found.token {
            Token::Wrong(trouble) => return (**trouble).clone(),
            Token::End => "this ends too early".to_owned(),
            Token::Break => "this line ends too early".to_owned(),
            Token::Number(number) => format!("the number {number} cannot stand here"),
            Token::Name(name) => format!("`{name}` cannot stand here"),
            Token::Sign(sign) => format!("`{sign}` cannot stand here"),
        };
        Trouble::new(found.span.clone(), message, format!("expected {expected}"))
    }

    pub fn expression(&mut self) -> Result<Expr, Trouble> {
        self.climb(0)?;
        Ok(Expr { nodes: std::mem::take(&mut self.nodes).into() })
    }

    /// Parses everything that binds tighter than `floor`.
    fn climb(&mut self, floor: u8) -> Result<(), Trouble> {
        self.depth += 1;
        if self.depth > DEEPEST {
            let message = format!("this is nested more than {DEEPEST} deep");
            return Err(Trouble::new(self.peek().span.clone(), message, "give a part of it a name of its own"));
        }
        // Brackets around the first operand belong to the text of what is made of it: `(a+b)*c`, not `a+b)*c`.
        let start = self.peek().span.start;
        self.operand()?;
        while let Token::Sign(symbol) = self.peek().token {
            let Some(op) = Binary::from_symbol(symbol) else { break };
            if op.binds() <= floor {
                break;
            }
            self.next();
            // `**` groups to the right, and its exponent may carry a sign: -x**-2 is -(x**(-2)).
            self.climb(if op == Binary::Pow { Binary::NEG_BINDS - 1 } else { op.binds() })?;
            self.binary(op, start);
            if op.is_comparison() {
                self.no_chain()?;
            }
        }
        self.depth -= 1;
        Ok(())
    }

    /// Python reads `0 < x < 2` as `0 < x and x < 2`; here it would be something else, so it is refused.
    fn no_chain(&self) -> Result<(), Trouble> {
        match self.peek().token {
            Token::Sign(symbol) if Binary::from_symbol(symbol).is_some_and(Binary::is_comparison) => {
                let trouble = Trouble::new(self.peek().span.clone(), "comparisons do not chain here", "the second one");
                Err(trouble.help("join two comparisons with `and`: `0 < a.grad and a.grad < 2`"))
            }
            _ => Ok(()),
        }
    }

    fn operand(&mut self) -> Result<(), Trouble> {
        if !self.begins_operand() {
            return Err(self.expected("a name, a number or `(`"));
        }
        let Lexed { token, span } = self.next();
        let start = span.start;
        match token {
            Token::Number(number) => self.push(Term::Number(number), span, 1),
            Token::Sign("-") => {
                self.climb(Binary::NEG_BINDS)?;
                self.negate(span.start);
            }
            Token::Sign("+") => self.climb(Binary::NEG_BINDS)?,
            Token::Sign("not") => {
                self.climb(Binary::NOT_BINDS)?;
                self.unary(Term::Not, span.start);
            }
            Token::Sign("(") => {
                self.climb(0)?;
                self.sign(")")?;
            }
            Token::Name(function) if self.skip("(") => self.call(function, span, 0)?,
            Token::Name(text) => self.push(Term::Name(Name { text: text.into(), field: None }), span, 1),
            Token::Sign(_) | Token::Break | Token::End | Token::Wrong(_) => {}
        }
        self.suffixes(start)
    }

    fn begins_operand(&self) -> bool {
        matches!(self.peek().token, Token::Number(_) | Token::Name(_) | Token::Sign("-" | "+" | "not" | "("))
    }

    /// `.tanh()`, `.grad`, after any operand.
    fn suffixes(&mut self, start: usize) -> Result<(), Trouble> {
        while self.skip(".") {
            let Token::Name(word) = self.peek().token.clone() else { return Err(self.expected("`data` or `grad`")) };
            let span = self.next().span;
            if self.skip("(") {
                self.call(word, start..span.end, 1)?;
            } else {
                self.field(&word, &span)?;
            }
        }
        Ok(())
    }

    fn field(&mut self, word: &str, span: &Range<usize>) -> Result<(), Trouble> {
        let unknown = || Trouble::new(span.clone(), format!("a value has no `{word}`"), "expected `data` or `grad`");
        let field = Field::from_name(word).ok_or_else(unknown)?;
        match self.nodes.last_mut() {
            Some(Node { term: Term::Name(name), to, .. }) if name.field.is_none() => {
                name.field = Some(field);
                *to = narrow(span.end);
                Ok(())
            }
            _ => Err(unknown()),
        }
    }

    /// The arguments of a call whose bracket is open; `before` of them stand already.
    fn call(&mut self, function: String, span: Range<usize>, before: usize) -> Result<(), Trouble> {
        let mut args = before;
        while !self.skip(")") {
            if args > before && !self.skip(",") {
                return Err(self.expected("`)` or `,`"));
            }
            self.climb(0)?;
            args += 1;
        }
        let span = span.start..self.taken_to();
        match Binary::from_function(&function) {
            Some(op) if args == 2 => self.binary(op, span.start),
            None if args == 2 && function == "sub_square" => {
                self.push(Term::Number(2.0), span.clone(), 1);
                self.binary(Binary::Pow, span.start);
                self.binary(Binary::Sub, span.start);
            }
            _ => {
                let size = 1 + self.sizes(args);
                self.push(Term::Call { function: function.into(), args: narrow(args) }, span, size);
            }
        }
        Ok(())
    }

    fn sizes(&self, operands: usize) -> usize {
        (0..operands).fold(0, |size, _| size + self.nodes[self.nodes.len() - 1 - size].size as usize)
    }

    fn binary(&mut self, op: Binary, start: usize) {
        let size = 1 + self.sizes(2);
        self.push(Term::Binary(op), start..self.taken_to(), size);
    }

    fn negate(&mut self, start: usize) {
        match self.nodes.last_mut() {
            // -2 is a number, as in Python; -x is an op.
            Some(Node { term: Term::Number(number), from, .. }) if number.is_sign_positive() => {
                *number = -*number;
                *from = narrow(start);
            }
            _ => self.unary(Term::Neg, start),
        }
    }

    fn unary(&mut self, term: Term, start: usize) {
        let size = 1 + self.sizes(1);
        self.push(term, start..self.taken_to(), size);
    }

    fn push(&mut self, term: Term, span: Range<usize>, size: usize) {
        self.nodes.push(Node { term, from: narrow(span.start), to: narrow(span.end), size: narrow(size) });
    }
}

fn narrow(bytes: usize) -> u32 {
    u32::try_from(bytes).expect("a text is shorter than 4 GiB")
}
