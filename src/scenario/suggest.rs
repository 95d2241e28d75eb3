/// The known word nearest to a wrong one, if it is near enough to have been meant.
///
/// Only the first [`LOOKED_AT`] words are looked at, and fewer where they are long: a complaint about a file of a million
/// names must not take a minute.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > 200 {
        return None;
    }
    let length = word.chars().count();
    // A letter is as near to any other letter: `c` says nothing about `a`.
    let most = if length == 1 { 0 } else { (length / 3).max(1) };
    let near = known.into_iter().take(LOOKED_AT).filter(|other| other.len().abs_diff(word.len()) <= 4 * most.max(1));
    let mut work = 0;
    near.map(|other| (apart(word, other), other))
        .take_while(|((a, b), _)| {
            work += a.len() * b.len();
            work <= MOST_WORK
        })
        .map(|((a, b), other)| (distance(a, b), other))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, other)| other)
}

/// What is left of two words without what both begin with and both end with: they are as far apart.
fn apart<'a, 'b>(a: &'a str, b: &'b str) -> (&'a str, &'b str) {
    let alike = |(a, b): &(char, char)| a == b;
    let begin: usize = a.chars().zip(b.chars()).take_while(alike).map(|(c, _)| c.len_utf8()).sum();
    let (a, b) = (&a[begin..], &b[begin..]);
    let end: usize = a.chars().rev().zip(b.chars().rev()).take_while(alike).map(|(c, _)| c.len_utf8()).sum();
    (&a[..a.len() - end], &b[..b.len() - end])
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
/// Pairs of letters that are compared, about: a tenth of a second.
const MOST_WORK: usize = 2_000_000;
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
    use super::{apart, distance, nearest};

    #[test]
    fn only_what_could_have_been_meant() {
        let known = ["x1", "w1", "weight", "tanh"];
        assert_eq!(nearest("wieght", known), Some("weight"));
        assert_eq!(nearest("X1", known), Some("x1"));
        assert_eq!(nearest("tahn", known), Some("tanh"));
        assert_eq!(nearest("zebra", known), None);
        assert_eq!((nearest("c", ["a", "b"]), nearest("B", ["a", "b"])), (None, Some("b")));
    }

    #[test]
    fn what_two_words_have_in_common_does_not_matter() {
        let letters = |mut code: usize| {
            std::iter::from_fn(|| (code > 0).then(|| (['a', 'b', 'é'][code % 3], code /= 3).0)).collect::<String>()
        };
        for (a, b) in (0..150).flat_map(|a| (0..150).map(move |b| (letters(a), letters(b)))) {
            let (x, y) = apart(&a, &b);
            assert_eq!(distance(x, y), strsim::damerau_levenshtein(&a, &b), "{a} {b}: {x} {y}");
        }
    }

    /// With nothing in common each of these is compared letter by letter; with much in common all are.
    #[test]
    fn not_more_is_compared_than_takes_a_moment() {
        let word = "x".repeat(190) + "meant";
        let alike = (0..9_999).map(|at| format!("{}{at:05}", "x".repeat(190))).chain([word.replace("meant", "maent")]);
        let known: Vec<String> = alike.collect();
        assert_eq!(nearest(&word, known.iter().map(String::as_str)), Some(&*known[9_999]));
        let mut looked_at = 0;
        let strange = "y".repeat(190) + "z";
        let known = std::iter::repeat_n(&*strange, 9_999).inspect(|_| looked_at += 1);
        assert_eq!(nearest(&word, known), None);
        assert!((20..100).contains(&looked_at), "{looked_at}");
    }
}
