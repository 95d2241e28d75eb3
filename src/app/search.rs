//! What is searched for, in a million names between two keys.

/// A part of a name, in whatever case.
pub struct Wanted {
    lowercase: String,
}

impl Wanted {
    pub fn new(text: &str) -> Self {
        Self { lowercase: text.to_lowercase() }
    }

    pub fn is_in(&self, name: &str) -> bool {
        if !name.is_ascii() {
            return name.to_lowercase().contains(&self.lowercase);
        }
        // Nothing is copied: nearly every name is of this kind. And mostly the first character says that it is not here.
        let (name, wanted) = (name.as_bytes(), self.lowercase.as_bytes());
        let Some((first, rest)) = wanted.split_first() else { return true };
        let ends = name.len().saturating_sub(rest.len());
        let is_here = |at: usize| name[at + 1..at + wanted.len()].eq_ignore_ascii_case(rest);
        name[..ends].iter().enumerate().any(|(at, byte)| byte.to_ascii_lowercase() == *first && is_here(at))
    }
}

#[cfg(test)]
mod tests {
    use super::Wanted;

    #[test]
    fn case_does_not_matter() {
        let found = |wanted: &str, name: &str| Wanted::new(wanted).is_in(name);
        assert!(found("W1", "x1*w1") && found("w1", "W12") && found("", "x") && found("\u{c4}b", "x\u{e4}B"));
        assert!(!found("w2", "x1*w1") && !found("long", "lo") && !found("\u{e4}", "a"));
    }
}
