//! Numbers as the notebook's Python prints them, and reads them back.

/// Shortest text that reads back as the same number, as Python's `repr` writes it: `1.0`, `-0.0`, `1e-07`, `1e+16`,
/// `inf`, `nan`.
pub fn repr(x: f64) -> String {
    if x.is_nan() {
        return "nan".into();
    }
    if x.is_infinite() {
        return if x > 0.0 { "inf".into() } else { "-inf".into() };
    }
    let magnitude = x.abs();
    if magnitude != 0.0 && !(1e-4..1e16).contains(&magnitude) {
        let text = format!("{x:e}");
        let (mantissa, exponent) = text.split_once('e').expect("`{:e}` writes an exponent");
        let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
        return format!("{mantissa}e{sign}{digits:0>2}");
    }
    format!("{x:?}")
}

/// The numbers that JSON lacks, by the strings that stand for them.
pub fn special(text: &str) -> Option<f64> {
    match text {
        "NaN" => Some(f64::NAN),
        "inf" => Some(f64::INFINITY),
        "-inf" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::repr;

    #[test]
    fn numbers_read_as_python_writes_them() {
        let cases: [(f64, &str); 12] = [
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (0.1, "0.1"),
            (-1.4999999999999996, "-1.4999999999999996"),
            (1e-4, "0.0001"),
            (1e-7, "1e-07"),
            (8.2446e-9, "8.2446e-09"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (5e-324, "5e-324"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "nan"),
        ];
        for (number, text) in cases {
            assert_eq!(repr(number), text);
        }
    }
}
