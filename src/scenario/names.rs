use std::hash::{BuildHasher, BuildHasherDefault};

use rustc_hash::FxHasher;

use crate::engine::ValueId;

/// Strings, one after the other in one text: a million of them are two allocations, not a million.
#[derive(Default)]
pub(super) struct Strings {
    text: String,
    /// Where each ends in `text`.
    ends: Vec<u32>,
}

impl Strings {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn get(&self, id: u32) -> &str {
        let id = id as usize;
        let start = if id == 0 { 0 } else { self.ends[id - 1] };
        &self.text[start as usize..self.ends[id] as usize]
    }

    /// Adds one, and gives its number.
    pub fn push(&mut self, string: &str) -> u32 {
        let id = u32::try_from(self.ends.len()).expect("fewer than 2^32 strings");
        self.text.push_str(string);
        self.ends.push(u32::try_from(self.text.len()).expect("a file is smaller than 4 GiB"));
        id
    }

    /// Every string, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|id| self.get(u32::try_from(id).expect("fewer than 2^32 strings")))
    }
}

/// Strings, each kept once, with a number by which to speak of it.
#[derive(Default)]
pub(super) struct Names {
    strings: Strings,
    /// Open addressing, a power of two long: name number + 1, or 0 for a free place.
    table: Vec<u32>,
}

impl Names {
    pub fn len(&self) -> usize {
        self.strings.len()
    }

    pub fn get(&self, id: u32) -> &str {
        self.strings.get(id)
    }

    pub fn find(&self, name: &str) -> Option<u32> {
        if self.table.is_empty() {
            return None;
        }
        self.table[self.place(name)].checked_sub(1)
    }

    /// The number of a name, which is the next one if it is new.
    pub fn intern(&mut self, name: &str) -> u32 {
        if self.len() * 2 >= self.table.len() {
            self.grow();
        }
        let place = self.place(name);
        if let Some(id) = self.table[place].checked_sub(1) {
            return id;
        }
        let id = self.strings.push(name);
        self.table[place] = id + 1;
        id
    }

    /// Where the name stands in the table, or the free place where it would.
    fn place(&self, name: &str) -> usize {
        let mask = self.table.len() - 1;
        let mut place = self.hash(name) & mask;
        while let Some(id) = self.table[place].checked_sub(1) {
            if self.get(id) == name {
                break;
            }
            place = (place + 1) & mask;
        }
        place
    }

    #[allow(clippy::cast_possible_truncation, clippy::unused_self, reason = "a hash may lose bits")]
    fn hash(&self, name: &str) -> usize {
        let hash = BuildHasherDefault::<FxHasher>::default().hash_one(name);
        (hash ^ (hash >> 32)) as usize
    }

    fn grow(&mut self) {
        let size = (self.table.len() * 2).max(64);
        self.table = vec![0; size];
        for id in 0..self.len() {
            let place = self.place_of_new(id);
            self.table[place] = u32::try_from(id).expect("fewer than 2^32 names") + 1;
        }
    }

    fn place_of_new(&self, id: usize) -> usize {
        let mask = self.table.len() - 1;
        let mut place = self.hash(self.get(u32::try_from(id).expect("fewer than 2^32 names"))) & mask;
        while self.table[place] != 0 {
            place = (place + 1) & mask;
        }
        place
    }

    /// Every name, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.strings.iter()
    }
}

/// What the values of a graph are called. Names are unique, labels need not be.
pub struct ValueNames {
    pub(super) names: Names,
    /// The number of each value's name.
    pub(super) name_of: Vec<u32>,
    /// The value of each name, by its number.
    pub(super) value_of: Vec<ValueId>,
    /// The number of each value's label, where it differs from the name, in the order of values.
    pub(super) labels: Vec<(ValueId, u32)>,
    pub(super) label_texts: Names,
    /// The number of the formula of each value that was given by one, in the order of values.
    pub(super) formulas: Vec<(ValueId, u32)>,
    pub(super) formula_texts: Strings,
}

impl ValueNames {
    pub fn name(&self, v: ValueId) -> &str {
        self.names.get(self.name_of[v as usize])
    }

    /// What the value is called in pictures.
    pub fn label(&self, v: ValueId) -> &str {
        self.own_label(v).unwrap_or_else(|| self.name(v))
    }

    /// The label that was given to a value beside its name.
    pub fn own_label(&self, v: ValueId) -> Option<&str> {
        let at = self.labels.binary_search_by_key(&v, |row| row.0).ok()?;
        Some(self.label_texts.get(self.labels[at].1))
    }

    /// The value of that name.
    pub fn find(&self, name: &str) -> Option<ValueId> {
        self.names.find(name).map(|id| self.value_of[id as usize])
    }

    /// The formula that a value was given by.
    pub fn formula(&self, v: ValueId) -> Option<&str> {
        let at = self.formulas.binary_search_by_key(&v, |row| row.0).ok()?;
        Some(self.formula_texts.get(self.formulas[at].1).trim())
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.names.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn a_name_has_one_number() {
        let mut names = Names::default();
        for i in 0..1000 {
            assert_eq!(names.intern(&format!("n{i}")), i);
        }
        assert_eq!((names.intern("n7"), names.find("n999"), names.find("m"), names.len()), (7, Some(999), None, 1000));
    }
}
