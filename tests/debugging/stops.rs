//! Where breakpoints stop, against a look at every step.

use std::process::Command;

use stepgrad::app::App;
use stepgrad::debugger::Debugger;
use stepgrad::engine::{Event, ValueId};
use stepgrad::keymap;
use stepgrad::scenario::{Progress, Source};

use crate::graphs::Dice;
use crate::{press, shipped, short, type_line};

/// A breakpoint as it is typed, and what makes it stop.
enum Kind {
    /// The name of a value, and a condition.
    Node(String, Option<String>),
    /// `x1.grad`, and a condition.
    Write(String, Option<String>),
    /// A condition on numbers with names.
    Becomes(String),
    /// One on whatever is written: `grad` or `data`, and the rest of it.
    Any(&'static str, &'static str),
}

impl Kind {
    fn text(&self) -> String {
        match self {
            Self::Node(name, None) | Self::Write(name, None) => name.clone(),
            Self::Node(name, Some(when)) | Self::Write(name, Some(when)) => format!("{name} if {when}"),
            Self::Becomes(when) => format!("if {when}"),
            Self::Any(field, rest) => format!("if abs({field}) {rest}"),
        }
    }

    /// Whether it stops at the step where the cursor stands.
    fn stops(&self, debugger: &mut Debugger) -> bool {
        let step = debugger.step;
        match self {
            Self::Node(name, when) => {
                let v = debugger.scenario.names.find(name.trim_matches('`')).unwrap();
                let begins = step < debugger.run.steps
                    && debugger.called_at(step) == Some(v)
                    && debugger.group(step).start == step;
                begins && when.as_ref().is_none_or(|when| debugger.evaluate(when).unwrap() != 0.0)
            }
            Self::Write(name, when) => {
                let holds = || when.as_ref().is_none_or(|when| debugger.evaluate(when).unwrap() != 0.0);
                written(debugger).as_ref() == Some(name) && holds()
            }
            Self::Becomes(when) => {
                let is = debugger.evaluate(when).unwrap() != 0.0;
                debugger.go_to(step.saturating_sub(1));
                let was = debugger.evaluate(when).unwrap() != 0.0;
                debugger.go_to(step);
                is && !was && step > 0
            }
            Self::Any(field, rest) => written(debugger)
                .filter(|number| number.ends_with(&format!(".{field}")))
                .is_some_and(|number| debugger.evaluate(&format!("abs({number}) {rest}")).unwrap() != 0.0),
        }
    }
}

/// What was written in the step that led here: `x1.grad`.
fn written(debugger: &Debugger) -> Option<String> {
    match debugger.last_event()? {
        Event::Compute { node, .. } => Some(format!("{}.data", debugger.quoted(node))),
        Event::Write(write) => Some(format!("{}.{}", debugger.quoted(write.target.value), write.target.field.name())),
        _ => None,
    }
}

/// Some of every kind, on a value of the run.
fn kinds(debugger: &Debugger, dice: &mut Dice) -> Vec<Kind> {
    let count = debugger.run.graph.len();
    let mut name = || debugger.quoted(u32::try_from(dice.under(count)).unwrap());
    vec![
        Kind::Node(name(), None),
        Kind::Node(name(), Some(format!("abs({}.grad) > 0.5", name()))),
        Kind::Write(format!("{}.grad", name()), None),
        Kind::Write(format!("{}.data", name()), None),
        Kind::Write(format!("{}.grad", name()), Some(format!("{}.grad > 0", name()))),
        Kind::Becomes(format!("{}.grad > {}.grad", name(), name())),
        Kind::Becomes(format!("{}.data > 0.25", name())),
        Kind::Becomes(format!("{0}.grad + {0}.grad + {1}.data * {0}.grad > 0.5", name(), name())),
        Kind::Any("grad", "> 0.5"),
        Kind::Any("data", "<= 1"),
    ]
}

#[test]
fn breakpoints_stop_where_a_look_at_every_step_says() {
    let mut dice = Dice(17);
    for (name, mut debugger) in short() {
        for kind in kinds(&debugger, &mut dice) {
            let steps = 0..=debugger.run.steps;
            let wanted: Vec<u32> = steps
                .filter(|&step| {
                    debugger.go_to(step);
                    kind.stops(&mut debugger)
                })
                .collect();
            assert_eq!(visited(name, &kind.text()), wanted, "{name}: break {}", kind.text());
        }
    }
}

/// The steps at which `c` stops from the start, which are those at which `C` stops from the end.
fn visited(scenario: &str, text: &str) -> Vec<u32> {
    let mut app = App::open(Source::builtin(scenario).unwrap()).unwrap();
    let mut press = |keys: &str| {
        keymap::parse(keys).unwrap().into_iter().for_each(|key| {
            keymap::press(&mut app, key);
        });
        let said = app.message.as_ref().is_some_and(|message| message.text.starts_with("breakpoint 1: "));
        (app.debugger.step, said)
    };
    let typed: Vec<String> = text.chars().map(|c| if c == ' ' { "Space".into() } else { c.to_string() }).collect();
    press(&format!(": b r e a k Space {} Enter g", typed.join(" ")));
    let mut there = Vec::new();
    while let (step, true) = press("c") {
        there.push(step);
    }
    press("End");
    let mut back = Vec::new();
    while let (step, true) = press("C") {
        back.push(step);
    }
    back.reverse();
    // Where a breakpoint stops at the very start or end, going there is no stop on the way back from it.
    let end = press("End").0;
    assert_eq!(
        there.iter().filter(|&&step| step < end).collect::<Vec<_>>(),
        back.iter().filter(|&&step| step > 0).collect::<Vec<_>>()
    );
    there
}

#[test]
fn a_trace_with_breakpoints_prints_just_these_steps() {
    let mut dice = Dice(23);
    for (name, mut debugger) in shipped()
        .filter(|(name, _)| ["neuron", "a-plus-a-old", "the-notebook", "no-zero-training", "two-uses"].contains(name))
    {
        for kind in kinds(&debugger, &mut dice) {
            let text = kind.text();
            let args = ["trace", name, "--format", "json", "--break", &text];
            let output = Command::new(env!("CARGO_BIN_EXE_stepgrad")).args(args).output().unwrap();
            let lines = String::from_utf8(output.stdout).unwrap();
            let printed: Vec<u64> = lines
                .lines()
                .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["step"].as_u64().unwrap())
                .collect();
            // Before a `_backward`, what is printed is its first line; else the write that led there.
            let after = u64::from(matches!(kind, Kind::Node(..)));
            let steps = (0..=debugger.run.steps).filter(|&step| {
                debugger.go_to(step);
                kind.stops(&mut debugger)
            });
            assert_eq!(printed, steps.map(|step| u64::from(step) + after).collect::<Vec<_>>(), "{name}: {text}");
        }
    }
}

#[test]
fn a_watch_is_on_a_number_and_not_on_a_node() {
    let (_, debugger) = shipped().next().unwrap();
    let watch = |text: &str| debugger.watchpoint(text).map(|breakpoint| breakpoint.text).map_err(|it| it.message);
    assert_eq!(watch("w1"), Ok("w1.grad".into()));
    assert_eq!(watch("w1.grad"), Ok("w1.grad".into()));
    assert_eq!(watch("if w1.grad > 1"), Ok("if w1.grad > 1".into()));
    assert_eq!(watch("w1 if w1.grad>1"), Ok("w1.grad if w1.grad>1".into()));
    let long = |terms: usize| format!("if w1.grad{} > 1", " + w1.grad".repeat(terms - 1));
    assert_eq!(watch(&long(99)), Ok(long(99)));
    assert_eq!(watch(&long(100)), Err("a condition has 200 names, numbers and operators at most".into()));
}

/// A number is that of one breakpoint for the whole session, as gdb has it.
#[test]
fn numbers_of_breakpoints_stay() {
    let mut app = App::open(Source::builtin("neuron").unwrap()).unwrap();
    for line in ["break w1", "watch x1", "delete 1", "break n", "disable 2"] {
        type_line(&mut app, line);
    }
    let told = |app: &App| {
        app.breakpoints.iter().map(|it| format!("{} {} {}", it.number, it.text, it.on)).collect::<Vec<String>>()
    };
    assert_eq!(told(&app), ["2 x1.grad false", "3 n true"]);
    type_line(&mut app, "delete 1");
    assert_eq!(told(&app).len(), 2, "there is none of that number any more");
    press(&mut app, "Esc g c");
    assert_eq!(app.message.as_ref().map(|message| &*message.text), Some("breakpoint 3: n"));
    type_line(&mut app, "delete");
    assert_eq!(app.message.as_ref().map(|message| &*message.text), Some("2 breakpoints deleted"));
}

/// A long condition on a million writes takes longer than a key may: how far it has come can be shown.
#[test]
fn how_far_a_search_for_stops_has_come_is_told() {
    let values: Vec<String> = (1..10_000).map(|v| format!("\"v{v}\": \"v{} * 1\"", v - 1)).collect();
    let debugger = crate::debugger(&format!("{{\"values\": {{\"v0\": 1, {}}}}}", values.join(", ")));
    let breakpoints = ["if grad > 0", "if data > 0", "v0"].map(|text| debugger.breakpoint(text).unwrap());
    let progress = Progress::default();
    debugger.stops(&breakpoints, &progress);
    let (what, share) = progress.seen().expect("it has begun");
    // The last of them is found at once; of the others all but the last few thousand values were told.
    assert!(what.contains("stop") && (0.6..=2.0 / 3.0).contains(&share), "{what}: {share}");
}

/// `if` is a word: there is none in `diff`, nor in what stands in backquotes.
#[test]
fn a_name_may_have_if_in_it() {
    let debugger =
        crate::debugger(r#"{"values": {"diff": 1, "if_2": 2, "what if": 3, "y": "diff * if_2 + `what if`"}}"#);
    for text in
        ["diff", "if_2", "`what if`", "diff if grad > 1", "if_2 if diff.grad > 1", "`what if` if `what if`.grad > 1"]
    {
        assert_eq!(debugger.breakpoint(text).map(|at| at.text).map_err(|it| it.message), Ok(text.to_owned()));
    }
}

/// The nearest end of a `_backward`, against what each event belongs to.
#[test]
fn the_nearest_call_is_found_from_every_step() {
    for (name, mut debugger) in short().filter(|(_, debugger)| debugger.run.steps < 200) {
        let steps = debugger.run.steps;
        let stretch = |event| (debugger.run.segment_of(event), debugger.called_at(event));
        let ends: Vec<(u32, ValueId)> = (1..=steps)
            .filter(|&step| step == steps || stretch(step - 1) != stretch(step))
            .filter_map(|step| Some((step, debugger.called_at(step - 1)?)))
            .collect();
        for v in debugger.run.graph.ids() {
            let ends: Vec<u32> = ends.iter().filter(|(_, of)| *of == v).map(|(step, _)| *step).collect();
            assert!(debugger.calls_of(v).eq(ends.iter().copied()), "{name}: {v}");
            for step in 0..=steps {
                debugger.go_to(step);
                let near = ends.iter().find(|&&end| end > step).or(ends.last()).copied();
                assert_eq!(debugger.call_near(v), near, "{name}: {v} from step {step}");
            }
        }
    }
}
