use super::names::Names;
use super::strings::Strings;
use crate::engine::ValueId;

/// What the values of a graph are called. Names are unique, labels need not be.
pub struct ValueNames {
    pub(super) names: Names,
    /// `None` where names are numbered as their values are: in most files, since most make their values in order.
    pub(super) numbers: Option<Numbers>,
    /// The number of each value's label, where it differs from the name, in the order of values.
    pub(super) labels: Vec<(ValueId, u32)>,
    pub(super) label_texts: Names,
    /// The number of the formula of each value that was given by one, in the order of values.
    pub(super) formulas: Vec<(ValueId, u32)>,
    pub(super) formula_texts: Strings,
}

/// Which name is whose.
pub(super) struct Numbers {
    /// The number of each value's name.
    pub name_of: Vec<u32>,
    /// The value of each name, by its number.
    pub value_of: Vec<ValueId>,
}

impl ValueNames {
    pub fn name(&self, v: ValueId) -> &str {
        self.names.get(self.numbers.as_ref().map_or(v, |numbers| numbers.name_of[v as usize]))
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

    /// The values that have been given this label, beside their names.
    pub fn labelled(&self, label: &str) -> impl Iterator<Item = ValueId> {
        let text = self.label_texts.find(label);
        self.labels.iter().filter(move |(_, label)| Some(*label) == text).map(|(v, _)| *v)
    }

    /// The value of that name.
    pub fn find(&self, name: &str) -> Option<ValueId> {
        let id = self.names.find(name)?;
        Some(self.numbers.as_ref().map_or(id, |numbers| numbers.value_of[id as usize]))
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
