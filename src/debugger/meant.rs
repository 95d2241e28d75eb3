//! What values are called where a person types: by their names, or by a label that one value alone has and none as its
//! name. What is typed is put into names before it is read, so that a script has nothing else.

use std::ops::Range;

use super::Debugger;
use crate::engine::ValueId;
use crate::formula::{Field, Trouble, renamed};
use crate::scenario::no_value;

impl Debugger {
    /// The value that is called so.
    ///
    /// # Errors
    /// There is none, or several have that label.
    pub fn meant(&self, text: &str, span: Range<usize>) -> Result<ValueId, Trouble> {
        self.value_called(text, &span)?.ok_or_else(|| no_value(text, span, &self.scenario.names))
    }

    /// The same, where it may well be that nothing is called so.
    ///
    /// # Errors
    /// Several have that label.
    pub fn value_called(&self, text: &str, span: &Range<usize>) -> Result<Option<ValueId>, Trouble> {
        self.scenario.names.find(text).map_or_else(|| self.labelled(text, span), |v| Ok(Some(v)))
    }

    /// The value that has this label, if one has.
    fn labelled(&self, label: &str, span: &Range<usize>) -> Result<Option<ValueId>, Trouble> {
        let names = &self.scenario.names;
        let mut labelled = names.labelled(label);
        match (labelled.next(), labelled.next()) {
            (Some(first), Some(second)) => {
                let message = format!("several values have the label `{label}`");
                let help = format!("{} is one, {} another", self.quoted(first), self.quoted(second));
                Err(Trouble::new(span.clone(), message, "expected the name of one").help(help))
            }
            (first, _) => Ok(first),
        }
    }

    /// The value, or the number of one, that a text is as it stands, without backquotes: `x1*w1`, `x1*w1.grad`.
    pub(super) fn bare(&self, text: &str) -> Option<(ValueId, Option<Field>)> {
        let fields = [(None, ""), (Some(Field::Data), ".data"), (Some(Field::Grad), ".grad")];
        fields
            .into_iter()
            .find_map(|(field, end)| Some((self.value_called(text.strip_suffix(end)?, &(0..0)).ok()??, field)))
    }

    /// Reads a text that somebody typed, with names in place of labels.
    pub(super) fn typed<T>(&self, text: &str, read: impl FnOnce(&str) -> Result<T, Trouble>) -> Result<T, Trouble> {
        let names = &self.scenario.names;
        let name = |text: &str, span: Range<usize>| {
            let labelled = if names.find(text).is_none() { self.labelled(text, &span)? } else { None };
            Ok(labelled.map(|v| self.name(v).to_owned()))
        };
        let in_names = renamed(text, name)?;
        // A place in what was read is none in what was typed.
        let whole = |trouble| Trouble { span: 0..text.len(), ..trouble };
        read(&in_names).map_err(|trouble| if in_names == text { trouble } else { whole(trouble) })
    }

    /// The name of a value, and beside it its label where that is another: lists and the graph show nothing but labels.
    pub fn introduced(&self, v: ValueId) -> String {
        let label = self.other_label(v).map_or_else(String::new, |label| format!(" ({label})"));
        self.quoted(v) + &label
    }

    /// A title about a value, and the label of that where it is another than its name.
    pub fn titled(&self, title: String, v: ValueId) -> String {
        let label = self.other_label(v).map_or_else(String::new, |label| format!(" · {label}"));
        title + &label
    }

    fn other_label(&self, v: ValueId) -> Option<&str> {
        self.scenario.names.own_label(v).filter(|label| *label != self.name(v))
    }
}
