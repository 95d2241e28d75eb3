//! Frame times with the graph pane open: a frame costs what it shows, on a million values as on ten.
//!
//! ```sh
//! cargo bench --bench frames              # 10, 10,000 and 1,000,000 values, about a minute
//! cargo bench --bench frames -- 30000     # 10 and 30,000
//! ```
//!
//! Prints medians, with what they are of those on 10 values in the same run.

use std::fmt::Write;
use std::time::{Duration, Instant};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use stepgrad::app::{Action, App, Goal};
use stepgrad::debugger::grain::Grain;
use stepgrad::scenario::Source;
use stepgrad::ui::theme::Look;
use stepgrad::ui::{paint, settle};

/// Frames of which the median is taken.
const FRAMES: usize = 200;

fn open(text: &str) -> App {
    App::open(Source::read("bench.json", text.as_bytes(), 1 << 30).expect("it is small enough")).expect("it is right")
}

/// Most values are used nearby, so that the last reaches nearly all of them.
fn tangle(values: usize) -> App {
    let mut text = r#"{"values": {"v0": 0.5, "v1": 0.25"#.to_owned();
    let mut seed = 5_u64;
    for v in 2..values {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (a, b) = (v - 1, v - 1 - usize::try_from(seed >> 33).unwrap_or(0) % v.min(20));
        let op = if v % 3 == 0 { "*" } else { "+" };
        write!(text, r#", "v{v}": {{"op": "{op}", "args": ["v{a}", "v{b}"]}}"#).expect("a string takes it");
    }
    text.push_str("}}");
    open(&text)
}

/// One leaf that every op reads.
fn hub(values: usize) -> App {
    let mut text = r#"{"values": {"w": 0.5, "v1": 0.25"#.to_owned();
    for v in 2..values {
        write!(text, r#", "v{v}": {{"op": "+", "args": ["v{}", "w"]}}"#, v - 1).expect("a string takes it");
    }
    text.push_str("}}");
    open(&text)
}

/// The median of steps of which each shows another place, with their frames.
fn median(app: &mut App, area: Rect, turn: impl Fn(&mut App, usize)) -> Duration {
    let mut buffer = Buffer::empty(area);
    let mut times: Vec<Duration> = (0..FRAMES)
        .map(|at| {
            let started = Instant::now();
            turn(app, at);
            settle(app, area);
            buffer.reset();
            paint(app, &Look::default(), area, &mut buffer);
            started.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[FRAMES / 2]
}

fn step(app: &mut App, at: usize) {
    app.update(if (at / 4).is_multiple_of(2) { Action::Forward(Grain::Line) } else { Action::Backward(Grain::Line) });
}

fn onward(app: &mut App, _: usize) {
    let at_end = app.debugger.step == app.debugger.run.steps;
    app.update(if at_end { Action::Go(Goal::Home) } else { Action::Forward(Grain::Node) });
}

/// By a name of the place: the median there.
fn times(values: usize, area: Rect) -> Vec<(&'static str, Duration)> {
    let mut found = Vec::new();
    let mut app = tangle(values);
    for (name, goal) in [("forward", Goal::Start), ("topo", Goal::Topo), ("backward", Goal::Home)] {
        app.update(Action::Go(goal));
        found.push((name, median(&mut app, area, step)));
    }
    // Every step of these shows a place that was never shown: what is near it is laid out. Few values begin again.
    app.update(Action::Go(Goal::Home));
    found.push(("onward", median(&mut app, area, onward)));
    app.update(Action::Go(Goal::End));
    found.push(("end", median(&mut app, area, |app, at| step(app, at + 4))));
    let mut app = hub(values);
    let leaf = app.debugger.scenario.names.find("w").expect("it has that name");
    app.update(Action::Go(Goal::End));
    // The same leaf again and again: the steps are half-way, where half of its consumers have written.
    app.update(Action::Step(app.debugger.run.steps - app.debugger.run.steps / 8));
    let chosen = |app: &mut App, at: usize| {
        step(app, at);
        app.update(Action::Choose(leaf));
    };
    found.push(("leaf that all read", median(&mut app, area, chosen)));
    app.update(Action::Why);
    found.push(("why of that leaf", median(&mut app, area, chosen)));
    found
}

fn main() {
    let sizes: Vec<usize> = std::env::args().filter_map(|size| size.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![10_000, 1_000_000] } else { sizes };
    for area in [Rect::new(0, 0, 120, 35), Rect::new(0, 0, 200, 60)] {
        let few = times(10, area);
        for &values in &sizes {
            for ((name, many), (_, few)) in times(values, area).into_iter().zip(&few) {
                let ratio = many.as_secs_f64() / few.as_secs_f64();
                println!("{values:>9} values, {}x{}, {name}: {many:?}, {ratio:.2} times", area.width, area.height);
            }
        }
    }
}
