use super::Trouble;
use super::lexer::{Lexer, Token};
use super::show::quoted;
use std::ops::Range;

/// A text in which names stand in place of others, as `other` has it for each: those of values, not of fields and functions.
///
/// # Errors
/// What `other` says of a name.
pub fn renamed(
    text: &str,
    other: impl Fn(&str, Range<usize>) -> Result<Option<String>, Trouble>,
) -> Result<String, Trouble> {
    let (mut lexer, mut renamed, mut done) = (Lexer::new(text), String::new(), 0);
    let mut of_value = true;
    loop {
        let lexed = lexer.next();
        match &lexed.token {
            Token::End | Token::Wrong(_) => return Ok(renamed + &text[done..]),
            Token::Name(name) if of_value && lexer.clone().next().token != Token::Sign("(") => {
                if let Some(other) = other(name, lexed.span.clone())? {
                    renamed += &text[done..lexed.span.start];
                    renamed += &quoted(&other);
                    done = lexed.span.end;
                }
            }
            _ => {}
        }
        of_value = lexed.token != Token::Sign(".");
    }
}

#[cfg(test)]
mod tests {
    use super::renamed;

    #[test]
    fn names_of_values_are_renamed_and_nothing_else() {
        let other = |name: &str, _| Ok(["grad", "tanh", "a b", "x"].contains(&name).then(|| format!("{name}*")));
        for (text, wanted) in [
            ("x.grad + y.grad * tanh(x.data)", "`x*`.grad + y.grad * tanh(`x*`.data)"),
            ("`a b`._backward(); grad > 1", "`a b*`._backward(); `grad*` > 1"),
            ("x.grad = `no end", "`x*`.grad = `no end"),
            ("", ""),
        ] {
            assert_eq!(renamed(text, other).unwrap(), wanted);
        }
    }
}
