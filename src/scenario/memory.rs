/// The C library remembers what was given back, up to this, and keeps more of what is freed from then on.
const REMEMBERED: u64 = 33 << 20;
/// For less it is not worth it.
const LEAST: u64 = 8 << 20;

/// Whether the system gives so many bytes: they are asked for, and given back at once. Where memory runs out in the middle
/// of something, Rust ends the program on the spot, with the terminal as it is.
pub fn has(bytes: u64) -> bool {
    bytes < LEAST || is_given(bytes.max(REMEMBERED))
}

/// The same, however few they are.
pub fn is_given(bytes: u64) -> bool {
    let mut asked: Vec<u8> = Vec::new();
    let is_given = usize::try_from(bytes).is_ok_and(|bytes| asked.try_reserve_exact(bytes).is_ok());
    // What nobody looks at is not asked for.
    std::hint::black_box(&mut asked);
    is_given
}

#[cfg(test)]
mod tests {
    use super::{has, is_given};

    #[test]
    fn a_little_is_there_and_too_much_is_not() {
        assert!(has(0) && has(1 << 20));
        assert!(!has(1 << 62) && !has(u64::MAX) && is_given(1) && !is_given(1 << 62));
    }
}
