//! Every key on a large graph, at its first press and at a later one: nothing is ever waited for.
//!
//! ```sh
//! cargo bench --bench keys                      # 10^6 values of each shape, some minutes
//! cargo bench --bench keys -- mlp 100000
//! cargo bench --bench keys -- chain "y y" "!"   # these alone
//! ```
//!
//! Each key is pressed at the seed, half-way, at the end, in `build_topo` and in the forward pass, with the frame after
//! it, 200x60; the time is what the process itself has worked. What an edit changes is taken back before the next key. Prints the slowest press of each key, the slowest
//! first, and what the same took on ten values.

mod clock;
mod shapes;

use std::time::Duration;

use clock::worked;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use shapes::Shape;
use stepgrad::app::{Action, App, Goal, Mode};
use stepgrad::keymap::{self, Kind, TABLE};
use stepgrad::scenario::Source;
use stepgrad::ui::theme::Look;
use stepgrad::ui::{paint, settle};

const AREA: Rect = Rect::new(0, 0, 200, 60);

/// Keys that are typed one after the other, beside all of the table.
const TYPED: &[&str] = &[
    ": b r e a k Space i f Space a b s ( g r a d ) > 1 e 9 Enter",
    ": w a t c h Space v 7 Enter",
    ": p r i n t Space v 9 . g r a d Enter",
    ": v 9 9 Tab",
    "/ v 9 9 9 Enter",
    "/ n o n e Enter",
    "y y",
    "e 2 Enter",
];

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let shapes: Vec<Shape> = args.iter().filter_map(|name| Shape::from_name(name)).collect();
    let shapes = if shapes.is_empty() { Shape::ALL.to_vec() } else { shapes };
    let size = args.iter().find_map(|size| size.parse().ok()).unwrap_or(1_000_000);
    let is_key = |arg: &&String| Shape::from_name(arg).is_none() && arg.parse::<u32>().is_err();
    let only: Vec<&str> = args.iter().filter(is_key).map(String::as_str).collect();
    let keys = if only.is_empty() { all() } else { only };
    for shape in shapes {
        let few = times(&mut open(shape, 10), &keys);
        let mut many: Vec<(Press, Duration)> =
            few.iter().zip(times(&mut open(shape, size), &keys)).map(|(few, many)| (many, few.time)).collect();
        many.sort_unstable_by_key(|(press, _)| std::cmp::Reverse(press.time));
        for (press, few) in many.iter().take(25) {
            println!(
                "{:>8} {size:>9}  {:<60} {:>12.1?} at {}, {few:.1?}",
                shape.name(),
                press.keys,
                press.time,
                press.place
            );
        }
    }
}

fn open(shape: Shape, size: u32) -> App {
    let text = shape.json(size);
    let started = worked();
    let mut app = App::open(Source { name: "bench.json".into(), text, lines: false }).expect("it is right");
    println!(
        "{:>8} {size:>9}  opened in {:.0?}, first frame in {:.1?}",
        shape.name(),
        worked().saturating_sub(started),
        frame(&mut app)
    );
    app
}

fn frame(app: &mut App) -> Duration {
    let started = worked();
    settle(app, AREA);
    let mut buffer = Buffer::empty(AREA);
    paint(app, &Look::default(), AREA, &mut buffer);
    worked().saturating_sub(started)
}

struct Press {
    keys: String,
    time: Duration,
    place: String,
}

/// The keys of the table, in its order, and what is typed.
fn all() -> Vec<&'static str> {
    let of_table = TABLE.iter().filter(|row| row.modes.contains(&Kind::Steps)).flat_map(|row| row.keys.iter().take(1));
    let skipped = ["o", "q", "Ctrl-C", "Ctrl-Z"];
    of_table.copied().filter(|key| !skipped.contains(key)).chain(TYPED.iter().copied()).collect()
}

/// The slowest press of each.
fn times(app: &mut App, keys: &[&str]) -> Vec<Press> {
    keys.iter().map(|keys| slowest(app, keys)).collect()
}

fn slowest(app: &mut App, keys: &str) -> Press {
    let half = app.debugger.run.steps - app.debugger.run.steps / 4;
    let places = [
        ("seed", Action::Go(Goal::Home)),
        ("half", Action::Step(half)),
        ("end", Action::Go(Goal::End)),
        ("topo", Action::Step(app.debugger.home() - 2)),
        ("forward", Action::Step(app.debugger.run.segments[0].len / 2)),
    ];
    let events = keymap::parse(keys).expect("they are keys");
    let mut slowest = Press { keys: keys.to_owned(), time: Duration::ZERO, place: String::new() };
    for (place, go) in places {
        for turn in ["first", "again"] {
            app.update(Action::Close);
            app.update(go);
            frame(app);
            for (at, event) in events.iter().enumerate() {
                let started = worked();
                keymap::press(app, *event);
                frame(app);
                let time = worked().saturating_sub(started);
                if time > slowest.time {
                    let which = if events.len() > 1 { format!(", key {}", at + 1) } else { String::new() };
                    slowest.time = time;
                    slowest.place = format!("{place}, {turn}{which}");
                }
            }
            app.mode = Mode::Steps;
            while app.is_edited() {
                app.update(Action::Undo);
            }
            while !app.breakpoints.is_empty() {
                app.mode = Mode::Breaks { at: 0 };
                app.update(Action::Delete);
            }
            app.mode = Mode::Steps;
            app.predict = None;
            app.play.on = false;
        }
    }
    slowest
}
