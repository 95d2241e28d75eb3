//! Sessions of random keys: nothing panics, the start is always the same, and every edit can be taken back.

use stepgrad::app::{App, Mode};
use stepgrad::debugger::Debugger;
use stepgrad::engine::Event;
use stepgrad::front::live::text;
use stepgrad::keymap::{self, Kind, TABLE};
use stepgrad::scenario::{Source, builtin};
use stepgrad::ui::theme::Look;

use crate::graphs::Dice;
use crate::saving::saves;
use crate::{press, story};

/// What is typed at the prompt, right and wrong. Nothing that writes a file.
const LINES: [&str; 26] = [
    "zero_grad()",
    "forward()",
    "NAME.backward()",
    "NAME._backward()",
    "NAME.grad = 2",
    "NAME.data += 0.5 * NAME.grad",
    "assert NAME.grad == 1",
    "break NAME",
    "break NAME if NAME.grad > 0",
    "break if abs(grad) > 1",
    "break if isnan(data)",
    "watch NAME",
    "watch NAME.data",
    "delete 1",
    "disable",
    "enable 2",
    "goto 5",
    "17",
    "next 3",
    "select NAME",
    "print NAME.grad * 2",
    "NAME.data",
    "break NAME if",
    "`no end",
    "é×値",
    ";",
];

/// A line typed letter by letter, with random values in it.
fn typed(app: &mut App, dice: &mut Dice, line: &str) {
    let count = app.debugger.run.graph.len();
    let mut line = line.to_owned();
    while let Some(at) = line.find("NAME") {
        let v = u32::try_from(dice.under(count)).unwrap();
        line.replace_range(at..at + 4, &app.debugger.quoted(v));
    }
    keymap::paste(app, &line);
    press(app, "Enter");
}

/// One key, or a line at a prompt: whatever the mode takes, and now and then what it does not.
fn act(app: &mut App, dice: &mut Dice) {
    let kind = Kind::of(&app.mode);
    if kind == Kind::Prompt && dice.under(3) > 0 {
        let line = *dice.of(&LINES);
        return typed(app, dice, line);
    }
    let of_kind: Vec<&str> =
        TABLE.iter().filter(|row| row.modes.contains(&kind)).flat_map(|row| row.keys).copied().collect();
    let key = match dice.under(12) {
        0 => ["1", "2", "3", "9", "0", "é", "Z", "F5"][dice.under(8)],
        _ => of_kind[dice.under(of_kind.len())],
    };
    // To make edits and breakpoints of many kinds, the prompt opens more often than its one key would make it.
    press(app, if kind == Kind::Steps && dice.under(8) == 0 { ":" } else { key });
}

/// Every number by its bits, and what can be said of the place.
fn sight(debugger: &Debugger) -> String {
    let numbers = debugger.run.graph.ids().map(|v| (debugger.data(v).map(f64::to_bits), debugger.grad(v).to_bits()));
    format!("{:?} {:?} {:?}", numbers.collect::<Vec<_>>(), debugger.place(), debugger.quote())
}

fn open(name: &str) -> App {
    App::open(Source::builtin(name).unwrap()).unwrap()
}

/// Closes whatever is open, and goes to the start.
fn to_start(app: &mut App) {
    for _ in 0..3 {
        press(app, "Esc");
    }
    assert!(matches!(app.mode, Mode::Steps));
    press(app, "g");
    assert_eq!(app.debugger.step, 0);
}

/// The start is that of a run nobody has moved in; without edits, that of the scenario as it was opened. Taking every edit
/// back gives the first run.
fn check(app: &mut App) {
    to_start(app);
    let mut fresh = Debugger::new(app.debugger.scenario.clone());
    fresh.go_to(0);
    assert_eq!(sight(&app.debugger), sight(&fresh));
    saves(app);
    while app.is_edited() {
        press(app, "u");
    }
    to_start(app);
    let first = open(&app.source.name).debugger;
    assert_eq!(story(&app.debugger.run), story(&first.run), "{}: the run without edits", app.source.name);
}

fn session(seed: u64, keys: usize) {
    let mut dice = Dice(seed);
    let names: Vec<&str> = builtin::names().collect();
    let mut app = open(names[dice.under(names.len())]);
    for at in 0..keys {
        act(&mut app, &mut dice);
        if at % 20 == 0 {
            let size = *dice.of(&[(80, 24), (120, 35), (40, 12), (17, 5), (1, 1), (200, 50)]);
            text(&app, &Look::default(), size);
        }
        // A script of a few hundred statements is long enough; a new one is more to the point.
        if at % 250 == 249 || app.debugger.run.steps > 20_000 {
            check(&mut app);
            app = open(names[dice.under(names.len())]);
        }
    }
    check(&mut app);
}

#[test]
fn forty_thousand_random_keys_break_nothing() {
    for seed in 1..=8 {
        session(seed, 5000);
    }
}

#[test]
fn counts_end_at_the_ends() {
    let mut app = open("neuron");
    for (keys, step) in [
        ("999999999n", 40),
        ("999999999N", 0),
        ("999999999c", 40),
        ("99999999999999G", 40),
        ("999999999C", 0),
        ("0n", 1),
    ] {
        press(&mut app, keys);
        assert_eq!(app.debugger.step, step, "{keys}");
    }
    press(&mut app, "g 12G");
    assert_eq!(app.debugger.step, 12);
    press(&mut app, "Down 999999999w");
    assert!(app.message.is_some(), "it says that there are no more writes");
    press(&mut app, "999999999j 999999999k");
}

/// A brace goes to where a pass begins, as one is opened; a count before a search or an undo does it so often.
#[test]
fn a_pass_is_gone_to_where_it_begins() {
    let mut app = open("the-notebook");
    let home = app.debugger.home();
    let run = app.debugger.run.clone();
    let mut begins = vec![home];
    for _ in 0..2 {
        press(&mut app, "}");
        let next = run.event(app.debugger.step);
        assert!(matches!(next, Event::Write(write) if app.debugger.name(write.by.unwrap().0) == "o"), "{next:?}");
        begins.push(app.debugger.step);
    }
    assert_eq!(app.debugger.place().pass, (3, 3));
    press(&mut app, "}");
    assert!(app.message.as_ref().is_some_and(|message| message.text.contains("no other backward pass")));
    for start in begins.iter().rev().skip(1) {
        press(&mut app, "{");
        assert_eq!(app.debugger.step, *start);
    }
    press(&mut app, "2 }");
    assert_eq!(Some(&app.debugger.step), begins.last());
}

#[test]
fn a_count_finds_and_takes_back_so_often() {
    let mut app = open("mlp");
    let found = |app: &mut App, keys: &str| {
        press(app, keys);
        app.selected()
    };
    let first = found(&mut app, "/ n 0 Enter");
    let sixth = found(&mut app, ". . . . .");
    assert_eq!(found(&mut app, "5 ,"), first);
    assert_eq!(found(&mut app, "5 ."), sixth);
    press(&mut app, "9 9 9 9 9 9 9 9 9 .");
    let mut app = open("neuron");
    press(&mut app, "e 1 Enter e 2 Enter e 3 Enter 2 u");
    assert!(app.is_edited());
    press(&mut app, "9 u");
    assert!(!app.is_edited());
}

/// The rules that are in force already are no edit.
#[test]
fn rules_that_do_not_change_are_no_edit() {
    let mut app = open("neuron");
    press(&mut app, "+");
    assert!(!app.is_edited());
    press(&mut app, "= = = u");
    assert!(!app.is_edited());
}

/// The notebook's bug, and back: the same step of the same run, with other rules.
#[test]
fn the_old_rules_forget_what_a_grad_held() {
    let mut app = open("a-plus-a");
    let a = app.debugger.scenario.names.find("a").unwrap();
    press(&mut app, "n");
    let step = app.debugger.step;
    for (key, grad) in [("=", 1.0), ("+", 2.0), ("u", 1.0), ("u", 2.0)] {
        press(&mut app, key);
        assert_eq!((app.debugger.step, app.debugger.grad(a)), (step, grad), "after {key}");
    }
}

#[test]
fn who_wrote_this_leads_from_the_last_write_to_the_first() {
    for name in ["the-notebook", "two-uses", "no-zero-training"] {
        let mut app = open(name);
        let run = app.debugger.run.clone();
        for v in run.graph.ids() {
            let writes: Vec<u32> = app.debugger.ledger(v).iter().map(|contribution| contribution.step).collect();
            app.update(stepgrad::app::Action::Choose(v));
            app.debugger.go_to(run.steps);
            app.update(stepgrad::app::Action::Choose(v));
            let mut back = Vec::new();
            // A write in the last step is where one stands already.
            back.extend(writes.last().filter(|&&step| step == run.steps));
            loop {
                let before = app.debugger.step;
                press(&mut app, "W");
                if app.debugger.step == before {
                    break;
                }
                assert!(matches!(app.debugger.last_event(), Some(Event::Write(write)) if write.target.value == v));
                back.push(app.debugger.step);
            }
            back.reverse();
            assert_eq!(back, writes, "{name}: {v}");
            press(&mut app, "999w");
            assert_eq!(app.debugger.step, writes.last().copied().unwrap_or(run.steps));
            press(&mut app, "Esc");
        }
    }
}

#[test]
fn playing_stops_at_breakpoints_and_at_the_end() {
    let mut app = open("neuron");
    press(&mut app, ": b r e a k Space b Enter p");
    let mut steps = Vec::new();
    while app.play.on {
        app.update(stepgrad::app::Action::Tick);
        steps.push(app.debugger.step);
    }
    assert_eq!(steps.last(), Some(&29), "before b._backward(): {steps:?}");
    press(&mut app, "p");
    while app.play.on {
        app.update(stepgrad::app::Action::Tick);
    }
    assert_eq!(app.debugger.step, 40);
    press(&mut app, "p");
    assert!(!app.play.on, "there is nothing to play at the end");
}
