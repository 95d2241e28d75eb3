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
