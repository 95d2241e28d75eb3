use std::hash::{BuildHasher, RandomState};

use super::strings::Strings;

/// Strings, each kept once, with a number by which to speak of it.
///
/// To look names up is most of the work of reading a large file: in a large table it waits for memory three times a name.
/// So names that count, such as `v0`, `v1`, `v2`, are found by their count and stand in no table ([`Line`]).
#[derive(Default)]
pub(super) struct Names {
    strings: Strings,
    lines: Vec<Line>,
    /// Open addressing, a power of two long: name number + 1, or 0 for a free place. Holds every name that is in no line.
    table: Vec<u32>,
    in_table: usize,
    /// Another one each time: no file can be made of names that all fall on one place.
    hasher: RandomState,
}

/// Names that are one text and a count. Those are in line whose own numbers are as far from their counts as the first's:
/// all of them, where a file numbers its values as it writes them.
struct Line {
    text: Box<str>,
    /// Own number less count.
    offset: u32,
    /// Whether the table has names of this text, too, that are not in line.
    broken: bool,
}

/// So many texts have a line.
const LINES: usize = 4;

impl Names {
    pub fn len(&self) -> usize {
        self.strings.len()
    }

    pub fn get(&self, id: u32) -> &str {
        self.strings.get(id)
    }

    pub fn find(&self, name: &str) -> Option<u32> {
        if let Some((line, count)) = self.line_of(name) {
            let id = count.wrapping_add(line.offset);
            if (id as usize) < self.len() && self.get(id) == name {
                return Some(id);
            }
            if !line.broken {
                return None;
            }
        }
        self.table.get(self.place(name))?.checked_sub(1)
    }

    /// The number of a name, which is the next one if it is new.
    pub fn intern(&mut self, name: &str) -> u32 {
        if let Some(id) = self.find(name) {
            return id;
        }
        let id = u32::try_from(self.len()).expect("fewer than 2^32 names");
        self.strings.push(name);
        if !self.joins_a_line(name, id) {
            self.put_in_table(id);
        }
        id
    }

    /// Every name, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.strings.iter()
    }
}

/// `v12` is `v` and 12; `None` where a count would be written otherwise: `v`, `v012`.
fn text_and_count(name: &str) -> Option<(&str, u32)> {
    let digits = name.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (text, digits) = name.split_at(name.len() - digits);
    let canonical = digits == "0" || !digits.starts_with('0');
    digits.parse().ok().filter(|_| canonical).map(|count| (text, count))
}

/// The lines.
impl Names {
    fn line_of(&self, name: &str) -> Option<(&Line, u32)> {
        let (text, count) = text_and_count(name)?;
        self.lines.iter().find(|line| *line.text == *text).map(|line| (line, count))
    }

    /// Whether a new name stands in line, if need be in one that begins with it.
    fn joins_a_line(&mut self, name: &str, id: u32) -> bool {
        let Some((text, count)) = text_and_count(name) else { return false };
        let offset = id.wrapping_sub(count);
        if let Some(line) = self.lines.iter_mut().find(|line| *line.text == *text) {
            line.broken |= line.offset != offset;
            return line.offset == offset;
        }
        // Names of this text may be in the table only if there was no more room for its line when they came.
        let room = self.lines.len() < LINES;
        if room {
            self.lines.push(Line { text: text.into(), offset, broken: false });
        }
        room
    }
}

/// The table.
impl Names {
    fn put_in_table(&mut self, id: u32) {
        self.in_table += 1;
        if self.in_table * 2 > self.table.len() {
            let size = (self.table.len() * 2).max(64);
            for id in std::mem::replace(&mut self.table, vec![0; size]).into_iter().filter_map(|id| id.checked_sub(1)) {
                self.set(id);
            }
        }
        self.set(id);
    }

    fn set(&mut self, id: u32) {
        let place = self.place(self.get(id));
        self.table[place] = id + 1;
    }

    /// Where the name stands in the table, or the free place where it would; past the end where there is no table.
    fn place(&self, name: &str) -> usize {
        let Some(mask) = self.table.len().checked_sub(1) else { return 0 };
        let mut place = self.hash(name) & mask;
        while let Some(id) = self.table[place].checked_sub(1) {
            if self.get(id) == name {
                break;
            }
            place = (place + 1) & mask;
        }
        place
    }

    #[allow(clippy::cast_possible_truncation, reason = "a hash may lose bits")]
    fn hash(&self, name: &str) -> usize {
        self.hasher.hash_one(name) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::Names;
    use std::collections::HashMap;

    #[test]
    fn a_name_has_one_number() {
        let mut names = Names::default();
        for i in 0..1000 {
            assert_eq!(names.intern(&format!("n{i}")), i);
        }
        assert_eq!((names.intern("n7"), names.find("n999"), names.find("m"), names.len()), (7, Some(999), None, 1000));
        assert!(names.table.is_empty(), "names in line need no table");
    }

    #[test]
    fn no_two_tables_hash_alike() {
        let hashes: Vec<usize> = (0..4).map(|_| Names::default().hash("x1*w1")).collect();
        assert!(hashes.iter().any(|hash| *hash != hashes[0]), "{hashes:?}");
    }

    /// Counts that skip, go back, are written with zeros or too long, of more texts than have a line; as in a map.
    #[test]
    fn names_out_of_line_are_found_as_well() {
        let (mut names, mut known) = (Names::default(), HashMap::new());
        let mut seed = 5_u64;
        for _ in 0..20_000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let (text, count) =
                (["v", "w", "x1*", "", "é", "v0", "long"][(seed >> 60) as usize % 7], seed >> 33 & 1023);
            let name = match seed >> 45 & 7 {
                0 => format!("{text}0{count}"),
                1 => format!("{text}{count}99999999999"),
                2 => format!("{text}{count}x"),
                // In line, more often than not.
                3 | 4 => format!("{text}{}", names.len()),
                _ => format!("{text}{count}"),
            };
            assert_eq!(names.find(&name), known.get(&name).copied(), "{name}");
            let next = u32::try_from(known.len()).unwrap();
            let id = *known.entry(name.clone()).or_insert(next);
            assert_eq!((names.intern(&name), names.get(id)), (id, &*name));
        }
        assert!(names.lines.iter().all(|line| line.broken) && names.table.len() > 1000);
    }
}
