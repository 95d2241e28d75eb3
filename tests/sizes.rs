//! The screen at every size: nothing panics, nothing is painted where it does not belong, whatever is open.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use stepgrad::app::App;
use stepgrad::keymap;
use stepgrad::scenario::{Source, builtin};
use stepgrad::ui::paint;
use stepgrad::ui::theme::{COLOUR, Look, PLAIN};

/// Where a session may be: the keys that lead there.
#[rustfmt::skip]
const PLACES: [&str; 31] = [
    "", "s", "n n s", "End", "g", "g s", "t", "t s s s s s", "f", "F", "c", "p", "?", "? PageDown", "o",
    "o PageDown PageDown", "1 m", "3 m j", "2 y", "y", "y y", "n b B", "e", "e 1 e 9 9 9 Enter", "/ x",
    ": nonsense Enter", ": zero_grad() Enter u", "1 z", "1 h J J l", "1 m Z", "1 0 L",
];

/// Names and labels that no screen was made for: wide, joined, directed, unprintable, long, empty.
const HOSTILE: &str = r#"{
    "title": "\u001b[31mred\u0007\u202e", "about": "",
    "values": {
        "": 1e308, "漢字漢字漢字": {"data": "NaN"}, "e\u0301\u0301\u200d": {"data": "-inf"},
        "a\nb\tc": {"op": "*", "args": ["", "漢字漢字漢字"], "label": "\u202ereversed"},
        "👩‍👩‍👧": {"op": "+", "args": ["a\nb\tc", "e\u0301\u0301\u200d"]},
        "a very long name that is longer than any pane and says little of what it stands for": "exp(`👩‍👩‍👧`)"
    }
}"#;

fn open(source: Source, keys: &str) -> App {
    let mut app = App::open(source).unwrap_or_else(|complaint| panic!("{complaint}"));
    for key in keymap::parse(keys).unwrap() {
        keymap::press(&mut app, key);
    }
    app
}

fn hostile() -> Source {
    Source { name: "hostile\u{202e}.json".into(), text: HOSTILE.into(), lines: false }
}

/// Paints it with a margin of one cell on each side, which must stay as it was.
fn paint_inside(app: &App, look: &Look, place: &str, (width, height): (u16, u16)) {
    let whole = Rect::new(0, 0, width + 2, height + 2);
    let area = Rect::new(1, 1, width, height);
    let mut buffer = Buffer::empty(whole);
    paint(app, look, area, &mut buffer);
    let outside = whole.positions().filter(|position| !area.contains(*position));
    for position in outside {
        assert_eq!(buffer[position], Cell::EMPTY, "`{place}` {width}x{height}: painted {position:?}, outside");
    }
}

fn small() -> impl Iterator<Item = (u16, u16)> + Clone {
    (0..=60).flat_map(|width| (0..=30).map(move |height| (width, height)))
}

/// Every width through which the layout changes, and some that nobody has.
fn large() -> impl Iterator<Item = (u16, u16)> + Clone {
    let widths = (61..=130).chain([200, 400]);
    widths.flat_map(|width| [1, 7, 8, 9, 19, 24, 28, 35].map(|height| (width, height)))
}

const ASCII: Look = Look { theme: &PLAIN, ascii: true };
const COLOURED: Look = Look { theme: &COLOUR, ascii: false };

/// Paints every size at every place, in one of three scenarios in turn.
fn sweep(look: &Look, names: [&str; 2], sizes: &(impl Iterator<Item = (u16, u16)> + Clone)) {
    for (turn, keys) in PLACES.into_iter().enumerate() {
        let [a, b] = names.map(|name| open(Source::builtin(name).unwrap(), keys));
        let apps = [a, b, open(hostile(), keys)];
        for (at, size) in sizes.clone().enumerate() {
            paint_inside(&apps[(at + turn) % apps.len()], look, keys, size);
        }
    }
}

#[test]
fn every_small_size_at_every_place() {
    sweep(&COLOURED, ["a-plus-a-old", "kitchen-sink"], &small());
}

#[test]
fn every_larger_size_at_every_place() {
    sweep(&ASCII, ["neuron", "mlp"], &large());
}

/// At a few sizes, every step of every shipped scenario that is not too long.
#[test]
fn every_step_of_every_scenario() {
    for entry in builtin::all() {
        let mut app = open(Source::builtin(entry.name).unwrap(), "g");
        let stride = (app.debugger.run.steps as usize / 200).max(1);
        for step in (0..=app.debugger.run.steps).step_by(stride) {
            app.debugger.go_to(step);
            for size in [(80, 24), (40, 12), (120, 35)] {
                paint_inside(&app, &COLOURED, entry.name, size);
            }
        }
    }
}

/// In ASCII there is nothing else, and no sign at all that could steer a terminal.
#[test]
fn ascii_is_ascii_and_nothing_steers_the_terminal() {
    for keys in PLACES {
        let app = open(hostile(), keys);
        for (look, size) in [(ASCII, (80, 24)), (ASCII, (120, 35)), (COLOURED, (80, 24)), (COLOURED, (120, 35))] {
            let area = Rect::new(0, 0, size.0, size.1);
            let mut buffer = Buffer::empty(area);
            paint(&app, &look, area, &mut buffer);
            for symbol in buffer.content.iter().map(Cell::symbol) {
                assert!(!look.ascii || symbol.is_ascii(), "{keys}: {symbol:?}");
                assert!(
                    !symbol.contains(|c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)),
                    "{symbol:?}"
                );
            }
        }
    }
}
