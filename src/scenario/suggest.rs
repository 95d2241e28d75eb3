/// The known word nearest to a wrong one, if it is near enough to have been meant.
///
/// Only the first [`LOOKED_AT`] words are: a complaint about a file of a million names must not take a minute.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > 200 {
        return None;
    }
    let length = word.chars().count();
    // A letter is as near to any other letter: `c` says nothing about `a`.
    let most = if length == 1 { 0 } else { (length / 3).max(1) };
    let near = known.into_iter().take(LOOKED_AT).filter(|other| other.len().abs_diff(word.len()) <= 4 * most.max(1));
    near.map(|other| (distance(word, other), other))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, other)| other)
}

fn distance(a: &str, b: &str) -> usize {
    if a.to_lowercase() == b.to_lowercase() { 0 } else { strsim::damerau_levenshtein(a, b) }
}

/// "did you mean `x1`?", where there is such a word.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(word, known).map(|word| format!("did you mean `{word}`?"))
}

/// "did you mean `x1`?", or all the known words where they are few.
pub(super) fn near_or_all<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let known: Vec<&str> = known.take(LOOKED_AT).collect();
    let all = || (known.len() < MANY && !known.is_empty()).then(|| format!("expected {}", one_of(&known)));
    did_you_mean(word, known.iter().copied()).or_else(all)
}

const LOOKED_AT: usize = 10_000;
/// So many words are not listed.
const MANY: usize = 9;

/// `a`, `b` or `c`.
pub(super) fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn only_what_could_have_been_meant() {
        let known = ["x1", "w1", "weight", "tanh"];
        assert_eq!(nearest("wieght", known), Some("weight"));
        assert_eq!(nearest("X1", known), Some("x1"));
        assert_eq!(nearest("tahn", known), Some("tanh"));
        assert_eq!(nearest("zebra", known), None);
        assert_eq!((nearest("c", ["a", "b"]), nearest("B", ["a", "b"])), (None, Some("b")));
    }
}
