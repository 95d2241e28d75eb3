//! Numbers as the notebook's Python prints them, and reads them back; but for NaN, which is spelt as in files everywhere.

/// Shortest text that reads back as the same number, as Python's `repr` writes it: `1.0`, `-0.0`, `1e-07`, `1e+16`,
/// `inf`; and `NaN`.
pub fn repr(x: f64) -> String {
    if x.is_nan() {
        return "NaN".into();
    }
    if x.is_infinite() {
        return if x > 0.0 { "inf".into() } else { "-inf".into() };
    }
    let magnitude = x.abs();
    if magnitude != 0.0 && !(1e-4..1e16).contains(&magnitude) {
        return two_digits(&format!("{x:e}"));
    }
    format!("{x:?}")
}

/// The numbers that JSON lacks, by the strings that stand for them, and as Python prints them.
pub fn special(text: &str) -> Option<f64> {
    match text {
        "NaN" | "nan" => Some(f64::NAN),
        "inf" => Some(f64::INFINITY),
        "-inf" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

/// A number short enough to be read in a sentence: five digits that matter, at most four decimals; from a million up and
/// below a thousandth three digits and an exponent, so that none is shown that is not there: `0.5`, `-1.5`, `0.1491`,
/// `4.5e-07`, `1.23e+06`.
pub fn short(x: f64) -> String {
    let exact = repr(x);
    let magnitude = x.abs();
    if exact.len() <= 6 || !x.is_finite() {
        return exact;
    }
    if !(1e-3..1e6).contains(&magnitude) {
        let rounded = format!("{x:.2e}");
        let (digits, exponent) = rounded.split_once('e').unwrap_or((&rounded, "0"));
        return two_digits(&format!("{}e{exponent}", digits.trim_end_matches('0').trim_end_matches('.')));
    }
    let decimals = if magnitude >= 1e4 {
        1
    } else if magnitude >= 1e3 {
        2
    } else if magnitude >= 1e2 {
        3
    } else {
        4
    };
    repr(format!("{x:.decimals$}").parse().unwrap_or(x))
}

/// A number in a column of `width`: four decimals, fewer where it is large, an exponent where decimals would show less
/// than two digits of a number that is not 0, or run out of room. Never wider than `width`, for widths of 7 or more.
pub fn fixed(x: f64, width: usize) -> String {
    rounded(x, width, 4)
}

/// As [`fixed`], with at most so many decimals.
pub fn rounded(x: f64, width: usize, decimals: usize) -> String {
    if !x.is_finite() {
        return repr(x);
    }
    let plain = (0..=decimals).rev().map(|decimals| format!("{x:.decimals$}")).find(|text| text.len() <= width);
    let least = if decimals < 4 { 1e-2 } else { 1e-3 };
    let vanishes = x != 0.0 && x.abs() < least;
    match plain {
        Some(text) if !vanishes && text.contains('.') => text,
        _ => {
            let exponents = (0..=3).rev().map(|decimals| format!("{x:.decimals$e}"));
            exponents.map(|text| two_digits(&text)).find(|text| text.len() <= width).unwrap_or_else(|| format!("{x:e}"))
        }
    }
}

/// `1.2e-7` as Python writes it: `1.2e-07`.
fn two_digits(text: &str) -> String {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
    format!("{mantissa}e{sign}{digits:0>2}")
}

#[cfg(test)]
mod tests {
    use super::{fixed, repr, short};

    #[test]
    fn numbers_read_as_python_writes_them() {
        let cases: [(f64, &str); 12] = [
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (0.1, "0.1"),
            (-1.499_999_999_999_999_6, "-1.4999999999999996"),
            (1e-4, "0.0001"),
            (1e-7, "1e-07"),
            (8.2446e-9, "8.2446e-09"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (5e-324, "5e-324"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "NaN"),
        ];
        for (number, text) in cases {
            assert_eq!(repr(number), text);
        }
    }

    #[test]
    fn columns_keep_their_width() {
        let cases: [(f64, &str); 11] = [
            (0.5, "0.5000"),
            (0.001_23, "0.0012"),
            (0.000_973, "9.73e-04"),
            (-0.0, "-0.0000"),
            (-3.0, "-3.0000"),
            (123_456.789, "123456.8"),
            (8.2446e-9, "8.24e-09"),
            (-8.2446e-9, "-8.2e-09"),
            (23_245_229_340.0, "2.32e+10"),
            (1.5e300, "1.5e+300"),
            (f64::NAN, "NaN"),
        ];
        for (number, text) in cases {
            assert_eq!(fixed(number, 8), text);
        }
    }

    #[test]
    fn sentences_get_numbers_that_can_be_read() {
        let cases: [(f64, &str); 13] = [
            (-1.499_999_999_999_999_6, "-1.5"),
            (0.149_123, "0.1491"),
            (6.881_373_587, "6.8814"),
            (1e-7, "1e-07"),
            (4.5014e-7, "4.5e-07"),
            (-6.0, "-6.0"),
            (0.000_973_3, "9.73e-04"),
            (0.0005, "0.0005"),
            (123_456.78, "123456.8"),
            (1_234_567.8, "1.23e+06"),
            (3_486_784_401.0, "3.49e+09"),
            (-1e6, "-1e+06"),
            (1.5e300, "1.5e+300"),
        ];
        for (number, text) in cases {
            assert_eq!(short(number), text);
        }
    }
}
