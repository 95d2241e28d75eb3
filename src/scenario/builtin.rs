//! The scenarios that come with the program, in the order somebody would learn.

/// A scenario that comes with the program.
pub struct Builtin {
    pub name: &'static str,
    /// The JSON of `scenarios/NAME.json`.
    pub text: &'static str,
}

impl Builtin {
    /// The title that the scenario gives itself.
    pub fn title(&self) -> String {
        self.field("title")
    }

    /// What the scenario says of itself.
    pub fn about(&self) -> String {
        self.field("about")
    }

    fn field(&self, field: &str) -> String {
        let path = [super::written::key(field)];
        let text =
            super::place::locate(self.text, &path).and_then(|(value, _)| serde_json::from_str(&self.text[value]).ok());
        text.unwrap_or_default()
    }
}

/// Scenarios on one subject.
pub struct Group {
    pub title: &'static str,
    pub scenarios: &'static [Builtin],
}

macro_rules! library {
    ($($title:literal: $($name:literal)+;)*) => {
        /// Every built-in scenario. The files are compiled in.
        pub const GROUPS: &[Group] = &[$(Group {
            title: $title,
            scenarios: &[$(Builtin {
                name: $name,
                text: include_str!(concat!("../../scenarios/", $name, ".json")),
            }),+],
        }),*];
    };
}

library! {
    "One neuron":
        "neuron"
        "manual"
        "zero-or-never"
        "not-yet"
        "equal-values";
    "Used more than once":
        "a-plus-a"
        "a-plus-a-old"
        "x-times-x"
        "x-times-x-old"
        "two-uses"
        "two-uses-old"
        "two-uses-old-swapped"
        "diamond"
        "diamond-old";
    "Which one next":
        "no-topo"
        "no-topo-recursive"
        "no-topo-preorder"
        "double-double"
        "double-double-naive"
        "not-reversed"
        "breadth-first"
        "breadth-first-right"
        "order-lab"
        "order-lab-four"
        "by-luck"
        "by-luck-lost";
    "Where it starts":
        "no-seed"
        "wrong-seed"
        "wrong-seed-negative";
    "Pass after pass":
        "twice"
        "twice-zeroed"
        "zero-leaves-only"
        "zero-leaves-only-right"
        "the-notebook"
        "no-zero-training"
        "no-zero-training-right"
        "stale-data"
        "stale-data-right";
    "The slope of one operation":
        "sub-sign"
        "sub-sign-right"
        "exp-rule"
        "exp-rule-right"
        "pow-rule"
        "pow-rule-no-factor"
        "pow-rule-right"
        "relu-kink"
        "relu-kink-beside";
    "Grads that fade and grads that blow up":
        "saturation"
        "saturation-mild"
        "dead-relu"
        "dead-relu-alive"
        "vanishing"
        "vanishing-w2"
        "vanishing-w3"
        "vanishing-kept"
        "exploding"
        "exploding-kept"
        "exploding-inf"
        "nan-at-zero"
        "nan-at-zero-right"
        "overflow"
        "overflow-right";
    "Larger graphs":
        "kitchen-sink"
        "mlp";
}

/// Every built-in scenario, in order.
pub fn all() -> impl Iterator<Item = &'static Builtin> {
    GROUPS.iter().flat_map(|group| group.scenarios)
}

/// The names of all of them, in order.
pub fn names() -> impl Iterator<Item = &'static str> {
    all().map(|entry| entry.name)
}

/// The scenario of that name.
pub fn find(name: &str) -> Option<&'static Builtin> {
    all().find(|entry| entry.name == name)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_file_of_the_folder_is_listed() {
        let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios")).unwrap();
        let files = folder.map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned());
        let mut files: Vec<String> = files.collect();
        let mut names: Vec<&str> = super::names().collect();
        files.sort();
        names.sort_unstable();
        assert_eq!(files, names);
    }
}
