//! The screens of what a debugger is for, at 80x24 and 120x35.

use stepgrad::app::App;
use stepgrad::front::live::text;
use stepgrad::keymap;
use stepgrad::scenario::Source;
use stepgrad::ui::theme::Look;

/// What is pressed and typed: words in quotes are typed as they stand.
fn screens(scenario: &str, keys: &str) -> String {
    let mut app = App::open(Source::builtin(scenario).unwrap()).unwrap();
    for (at, part) in keys.split('"').enumerate() {
        if at % 2 == 1 {
            keymap::paste(&mut app, part);
            continue;
        }
        for key in keymap::parse(part).unwrap() {
            keymap::press(&mut app, key);
        }
    }
    [(80, 24), (120, 35)].map(|size| text(&app, &Look::default(), size)).join("\n")
}

const SCREENS: [(&str, &str, &str); 14] = [
    ("contributions", "the-notebook", "End / \"x1\" Enter y Up"),
    ("paths", "diamond", "3n / \"a\" Enter y y"),
    ("too_early", "neuron", "3j x"),
    ("breakpoints", "neuron", "2j b : \"break x1.grad\" Enter : \"break if abs(grad) > 1\" Enter c"),
    ("breakpoint_list", "neuron", "2j b : \"watch x1\" Enter : \"break if isnan(grad)\" Enter B Space j"),
    ("build_topo_skips", "two-uses", "t 8s"),
    ("edited_leaf", "neuron", "4n / \"x1\" Enter e \"3.5\" Enter"),
    ("edited_script", "neuron", "4n : \"n.grad = 2\" Enter 3n"),
    ("complaint_at_its_place", "neuron", ": \"break w1 if abs(w9.grad) > 10\" Enter"),
    ("completions", "neuron", ": \"x\" Tab"),
    ("help", "neuron", "?"),
    ("help_of_the_prompt", "neuron", "? Space Space Space Space"),
    ("playing", "a-plus-a", "> > p"),
    ("count", "mlp", "1 2"),
];

#[test]
fn the_screens_are_as_they_were_looked_at() {
    for (name, scenario, keys) in SCREENS {
        insta::assert_snapshot!(name, screens(scenario, keys));
    }
}
