//! From arms to one of the box-drawing characters U+2500 to U+257F.

/// Weight of the line towards left, up, right, down: 0 none, 1 light, 2 heavy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arms([u8; 4]);

impl Arms {
    /// Adds a piece of a line that runs across (or down), towards its start, its end, or both. A
    /// heavier arm stays.
    pub fn add(&mut self, across: bool, ends: [bool; 2], heavy: bool) {
        let first = usize::from(!across);
        for (arm, drawn) in [first, first + 2].into_iter().zip(ends) {
            if drawn {
                self.0[arm] = self.0[arm].max(1 + u8::from(heavy));
            }
        }
    }
}

/// By weight of left, up, right, down, read as a number in base 3. Light corners are round.
const GLYPHS: [char; 81] = glyphs();

pub fn glyph(arms: Arms) -> char {
    let [left, up, right, down] = arms.0.map(usize::from);
    GLYPHS[27 * left + 9 * up + 3 * right + down]
}

#[rustfmt::skip]
const fn glyphs() -> [char; 81] {
    // Rows: left and up, from (0, 0) to (2, 2). Columns: right and down, likewise.
    [
        ' ', '╷', '╻',   '╶', '╭', '┎',   '╺', '┍', '┏',
        '╵', '│', '╽',   '╰', '├', '┟',   '┕', '┝', '┢',
        '╹', '╿', '┃',   '┖', '┞', '┠',   '┗', '┡', '┣',

        '╴', '╮', '┒',   '─', '┬', '┰',   '╼', '┮', '┲',
        '╯', '┤', '┧',   '┴', '┼', '╁',   '┶', '┾', '╆',
        '┚', '┦', '┨',   '┸', '╀', '╂',   '┺', '╄', '╊',

        '╸', '┑', '┓',   '╾', '┭', '┱',   '━', '┯', '┳',
        '┙', '┥', '┪',   '┵', '┽', '╅',   '┷', '┿', '╈',
        '┛', '┩', '┫',   '┹', '╃', '╉',   '┻', '╇', '╋',
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_combination_has_its_own_glyph() {
        let mut seen = GLYPHS.to_vec();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 81);
        assert!(GLYPHS[1..].iter().all(|glyph| ('\u{2500}'..='\u{257f}').contains(glyph)));
    }

    #[test]
    fn a_heavy_way_through_a_light_joint() {
        let mut arms = Arms::default();
        arms.add(true, [true, false], false);
        arms.add(false, [true, true], false);
        assert_eq!(glyph(arms), '┤');
        arms.add(true, [true, false], true);
        arms.add(false, [true, false], true);
        assert_eq!(glyph(arms), '┩');
    }
}
