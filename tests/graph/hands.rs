//! What mouse and keys do to the graph pane.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use stepgrad::app::App;
use stepgrad::front::live::{screen, screen_in};
use stepgrad::keymap::{parse, press};
use stepgrad::scenario::{Source, builtin, read};
use stepgrad::ui::layout::Layout;
use stepgrad::ui::theme::{Look, PLAIN};
use stepgrad::ui::{mouse, paint, settle};

const SIZES: [Rect; 3] = [Rect::new(0, 0, 80, 24), Rect::new(0, 0, 120, 35), Rect::new(0, 0, 200, 50)];

fn app(name: &str, keys: &str, area: Rect) -> App {
    let mut app = App::open(Source::builtin(name).unwrap()).unwrap();
    keys_on(&mut app, keys, area);
    app
}

fn keys_on(app: &mut App, keys: &str, area: Rect) {
    for key in parse(keys).unwrap() {
        press(app, key);
        settle(app, area);
    }
}

fn painted(app: &App, area: Rect) -> Buffer {
    let mut buffer = Buffer::empty(area);
    paint(app, &Look::default(), area, &mut buffer);
    buffer
}

/// Where on the graph pane a text stands first.
fn place(app: &App, area: Rect, text: &str) -> Position {
    let buffer = painted(app, area);
    let graph = Layout::new(app, area).graph.unwrap();
    let inside = Rect::new(graph.x, graph.y + 1, graph.width, graph.height - 2);
    let reads = |at: &Position| {
        let cells = text.chars().zip(at.x..);
        cells.into_iter().all(|(c, x)| x < area.width && buffer[(x, at.y)].symbol() == c.to_string())
    };
    inside.positions().find(reads).unwrap_or_else(|| panic!("{text} is not there"))
}

fn mouse_at(app: &mut App, kind: MouseEventKind, at: Position, area: Rect) {
    let event = MouseEvent { kind, column: at.x, row: at.y, modifiers: KeyModifiers::NONE };
    if let Some(action) = mouse::action(app, event, area) {
        app.update(action);
    }
    settle(app, area);
}

const CLICK: MouseEventKind = MouseEventKind::Down(MouseButton::Left);

#[test]
fn a_click_on_a_value_selects_it() {
    for area in SIZES {
        // Labels that stand nowhere else in the picture, and an op for what it made.
        for (text, label) in [("x1 ", "x1"), ("(tanh)", "o"), ("b ", "b")] {
            let mut app = app("neuron", "n", area);
            let at = place(&app, area, text);
            mouse_at(&mut app, CLICK, at, area);
            assert_eq!(app.chosen.map(|v| app.debugger.label(v).to_owned()).as_deref(), Some(label), "{area}");
        }
    }
    // In the overview, too, and nothing where nothing is.
    let mut app = app("kitchen-sink", "20n", SIZES[2]);
    let at = place(&app, SIZES[2], "◉");
    mouse_at(&mut app, CLICK, Position::new(1, 2), SIZES[2]);
    assert_eq!(app.chosen, None);
    mouse_at(&mut app, CLICK, at, SIZES[2]);
    assert_eq!(app.chosen, app.debugger.current());
    assert!(app.chosen.is_some());
}

#[test]
fn the_wheel_moves_the_graph_and_one_turn_back_is_seen() {
    let area = SIZES[1];
    for (there, back) in [
        (MouseEventKind::ScrollUp, MouseEventKind::ScrollDown),
        (MouseEventKind::ScrollLeft, MouseEventKind::ScrollRight),
    ] {
        let mut app = app("mlp", "40n", area);
        let before = painted(&app, area);
        let at = Position::new(5, 5);
        mouse_at(&mut app, there, at, area);
        assert_ne!(painted(&app, area), before);
        for _ in 0..200 {
            mouse_at(&mut app, there, at, area);
        }
        let end = painted(&app, area);
        mouse_at(&mut app, back, at, area);
        assert_ne!(painted(&app, area), end);
    }
    // Elsewhere it selects.
    let mut app = app("mlp", "40n", area);
    mouse_at(&mut app, MouseEventKind::ScrollDown, Position::new(5, 25), area);
    assert!(app.chosen.is_some() && app.graph.pan.is_none());
}

#[test]
fn one_key_comes_back_from_the_end_of_a_range() {
    for name in ["a-plus-a", "neuron", "kitchen-sink", "mlp"] {
        for area in SIZES {
            for (there, back) in [("z", "Z"), ("Z", "z"), ("H", "L"), ("L", "H"), ("J", "K"), ("K", "J")] {
                let mut app = app(name, "3n", area);
                for _ in 0..30 {
                    keys_on(&mut app, there, area);
                }
                let end = painted(&app, area);
                keys_on(&mut app, back, area);
                assert_ne!(painted(&app, area), end, "{name} {area} {there} {back}");
            }
        }
    }
}

#[test]
fn the_graph_is_drawn_into_a_file_at_the_step_of_the_cursor() {
    let on = |keys: &str| {
        let source = Source::builtin("neuron").unwrap();
        screen(read(&source).unwrap(), source, keys, (120, 35), None).unwrap()
    };
    for (ending, part) in [("dot", "grad -1.5000"), ("mmd", "==>"), ("svg", "-1.5")] {
        let path = format!("{}/drawn.{ending}", env!("CARGO_TARGET_TMPDIR"));
        let _ = std::fs::remove_file(&path);
        let drawn = on(&format!("8n : export Space {path} Enter"));
        assert!(drawn.contains("the graph at step"), "{drawn}");
        let first = std::fs::read_to_string(&path).unwrap();
        assert!(first.contains(part), "{first}");
        // It is asked for before it is written over.
        assert!(on(&format!("n : export Space {path} Enter")).contains("is there already"));
        on(&format!("n : export Space {path} Enter n"));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), first);
        on(&format!("n : export Space {path} Enter y"));
        assert_ne!(std::fs::read_to_string(&path).unwrap(), first);
    }
    assert!(on(": export Space /nowhere/at/all.svg Enter").contains("cannot be written: no such file"));
    assert!(on(": export Space graph.png Enter").contains(".svg"));
    assert!(on(": export Enter").contains("write where?"));
}

#[test]
fn every_scenario_is_shown_in_ascii() {
    let look = Look { theme: &PLAIN, ascii: true };
    for entry in builtin::all() {
        for keys in ["g", "t 5s", "3n", "3n s", "End y", "2n 1 m Z Z", "?"] {
            let source = Source::builtin(entry.name).unwrap();
            let text = screen_in(&look, read(&source).unwrap(), source, keys, (120, 35), None).unwrap();
            assert!(
                text.is_ascii(),
                "{} {keys}
{text}",
                entry.name
            );
        }
    }
}
