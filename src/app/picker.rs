use crate::scenario::builtin::{Builtin, GROUPS, all};

/// The list of scenarios to choose from.
pub struct Picker {
    /// Which of all built-in scenarios is selected.
    pub at: usize,
}

/// A line of the list.
pub enum PickerRow {
    Group(&'static str),
    /// A scenario, and its place among all.
    Scenario(&'static Builtin, usize),
}

impl Picker {
    /// The list, at the scenario of that file.
    pub fn at_file(file: &str) -> Self {
        let name = file.strip_suffix(".json").unwrap_or(file);
        Self { at: all().position(|entry| entry.name == name).unwrap_or(0) }
    }

    pub fn selected(&self) -> &'static Builtin {
        all().nth(self.at).expect("the selection stays within the list")
    }

    /// Groups and their scenarios, in the order of the library.
    pub fn rows() -> Vec<PickerRow> {
        let mut rows = Vec::new();
        let mut place = 0;
        for group in GROUPS {
            rows.push(PickerRow::Group(group.title));
            for entry in group.scenarios {
                rows.push(PickerRow::Scenario(entry, place));
                place += 1;
            }
        }
        rows
    }
}
