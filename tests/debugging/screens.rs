//! The screens of what a debugger is for, at 80x24 and 120x35.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Rect;
use stepgrad::app::{Action, App};
use stepgrad::front::live::text;
use stepgrad::keymap;
use stepgrad::scenario::Source;
use stepgrad::ui::mouse;
use stepgrad::ui::theme::Look;

/// What is pressed and typed: words in quotes are typed as they stand. A scenario is a built-in one, or the text of a file.
fn screens(scenario: &str, keys: &str) -> String {
    let file = || Source { name: "mine.json".into(), text: scenario.into(), lines: false };
    let mut app = App::open(Source::builtin(scenario).unwrap_or_else(file)).unwrap();
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

const SQUARE: &str = r#"{"values": {"a": 2, "b": "a*a"}, "expect": {"a.grad": 5}}"#;
const ASSERTED: &str = r#"{"values": {"a": 2, "b": "a*a"}, "script": ["b.backward()", "assert a.grad == 3"]}"#;
const LARGE: &str = r#"{"values": {"a": -123456.5, "b": "a*1"}, "script": ["b.grad = -100000", "b._backward()"]}"#;

const SCREENS: &[(&str, &str, &str)] = &[
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
    ("edits_about_to_be_dropped", "neuron", "= o"),
    ("dropped_edits", "neuron", "= o j Enter"),
    ("of_an_earlier_pass", "pow-rule-right", "End / u Enter y y"),
    ("findings", "dead-relu", "End !"),
    ("wrong_numbers", "the-notebook", "End"),
    ("large_wrong_numbers", LARGE, "End"),
    ("not_as_expected", SQUARE, "End"),
    ("not_as_expected_in_full", SQUARE, "End !"),
    ("failed_assert", ASSERTED, "End"),
];

#[test]
fn the_screens_are_as_they_were_looked_at() {
    for (name, scenario, keys) in SCREENS {
        insta::assert_snapshot!(*name, screens(scenario, keys));
    }
}

/// A click on each cell of the time line goes to what is painted there.
#[test]
fn the_time_line_is_clicked_where_it_is_painted() {
    let mut app = App::open(Source::builtin("neuron").unwrap()).unwrap();
    app.debugger.go_to(29);
    let screen = text(&app, &Look::default(), (120, 35));
    let row = screen.lines().position(|line| line.contains("step 29/40")).unwrap();
    let line: Vec<char> = screen.lines().nth(row).unwrap().chars().collect();
    let click = |x: usize| {
        let (column, row) = (u16::try_from(x).unwrap(), u16::try_from(row).unwrap());
        let kind = MouseEventKind::Down(MouseButton::Left);
        let event = MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE };
        mouse::action(&app, event, Rect::new(0, 0, 120, 35))
    };
    let cells: String = line.iter().collect();
    let at = |part: &str| cells[..cells.find(part).unwrap()].chars().count();
    assert_eq!(click(at("forward")), Some(Action::Step(0)));
    assert_eq!(click(at("seed")), Some(Action::Step(25)));
    assert_eq!(click(at("▶")), Some(Action::Step(29)));
    let next = at("▶") + 2;
    assert_eq!(click(next), Some(Action::Step(30)));
    assert_eq!(click(next + 14), Some(Action::Step(40)));
    assert_eq!(click(118), None, "the step itself is no place on the line");
}
