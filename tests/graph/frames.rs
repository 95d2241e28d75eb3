//! A frame costs what it shows: as much on a large graph as on a small one.

use std::fmt::Write;
use std::time::{Duration, Instant};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use stepgrad::app::{Action, App};
use stepgrad::debugger::grain::Grain;
use stepgrad::scenario::Source;
use stepgrad::ui::paint;
use stepgrad::ui::theme::Look;

use super::common::Dice;

/// A random graph in which most values are used nearby, so that the last reaches nearly all of them.
fn tangle(values: usize) -> App {
    let mut dice = Dice(5);
    let mut text = r#"{"values": {"v0": 0.5, "v1": 0.25"#.to_owned();
    for v in 2..values {
        let mut near = || v - 1 - dice.below(v.min(20));
        let (a, b) = (v - 1, near());
        let op = if v % 3 == 0 { "*" } else { "+" };
        write!(text, r#", "v{v}": {{"op": "{op}", "args": ["v{a}", "v{b}"]}}"#).unwrap();
    }
    text.push_str("}}");
    App::open(Source::read("tangle.json", text.as_bytes(), 1 << 30).unwrap()).unwrap()
}

/// The median of frames, and of steps with their frames: every one shows another place.
fn times(app: &mut App) -> [Duration; 2] {
    let area = Rect::new(0, 0, 120, 35);
    let mut buffer = Buffer::empty(area);
    let mut frame = |app: &App| {
        let started = Instant::now();
        buffer.reset();
        paint(app, &Look::default(), area, &mut buffer);
        started.elapsed()
    };
    let mut frames = Vec::new();
    let mut steps = Vec::new();
    frame(app);
    for turn in 0..400 {
        frames.push(frame(app));
        let started = Instant::now();
        let forward = turn / 8 % 2 == 0;
        app.update(if forward { Action::Forward(Grain::Line) } else { Action::Backward(Grain::Line) });
        let update = started.elapsed();
        steps.push(update + frame(app));
    }
    frames.sort_unstable();
    steps.sort_unstable();
    [frames[200], steps[200]]
}

#[test]
fn a_frame_costs_what_it_shows() {
    let most = std::env::var("FRAME_VALUES").map_or(30_000, |values| values.parse().expect("a number of values"));
    let [small, small_step] = times(&mut tangle(10));
    let started = Instant::now();
    let mut large = tangle(most);
    let opened = started.elapsed();
    let [large, large_step] = times(&mut large);
    println!("10 values: {small:?}, {small_step:?} with a step; {most}: {large:?}, {large_step:?}, open in {opened:?}");
    // Measured between 0.7 and 1.5; machines that run other tests as well are given room.
    assert!(large < small * 4, "{large:?} for {most} values, {small:?} for 10");
}
