//! The same place in another run of what is nearly the same scenario: names are what the two have in common.

use super::Debugger;
use crate::engine::topo::Visit;
use crate::engine::{Event, Segment, SegmentKind, Write};
use crate::formula::Field;

/// So many statements that are gone are passed over.
const LOOKED_BACK: usize = 100;

/// What an event is about, in words that mean the same in another run.
#[derive(PartialEq, Eq)]
enum About<'a> {
    Compute(&'a str),
    Enter(&'a str),
    Skip(&'a str),
    Append(&'a str),
    /// A line of a `_backward`; 0 for one that has none.
    Line(&'a str, usize),
    Set(&'a str, Field),
    Assert,
}

impl Debugger {
    /// The step at which this run is where another stands: after the event of the same kind about the same names, in the
    /// same statement if that has one. Where there is none, as far into that statement; where that is gone, after what ran
    /// before it. A start stays a start, an end an end.
    pub fn same_place(&self, other: &Self) -> u32 {
        if other.step == other.run.steps {
            return self.run.steps;
        }
        let mut step = other.step;
        for _ in 0..LOOKED_BACK {
            let Some(last) = step.checked_sub(1) else { return 0 };
            if step == other.home() {
                return self.home();
            }
            let segment = &other.run.segments[other.run.segment_of(last)];
            let found = self.same_event(other, last, segment).or_else(|| self.as_far_into(step, segment));
            if let Some(step) = found {
                return step;
            }
            step = segment.first;
        }
        other.step.min(self.run.steps)
    }

    /// The step after the same event: about the same names, in the same statement if that has one, and the same of several.
    fn same_event(&self, other: &Self, event: u32, segment: &Segment) -> Option<u32> {
        let about = other.about(event);
        let earlier = (segment.first..event).filter(|&event| other.about(event) == about).count();
        self.alike(segment).into_iter().find_map(|segment| {
            let events = (segment.first..segment.end()).filter(|&event| self.about(event) == about);
            events.take(earlier + 1).last().map(|event| event + 1)
        })
    }

    /// As far into the nearest stretch of the same kind, where that is more than a single event.
    fn as_far_into(&self, step: u32, segment: &Segment) -> Option<u32> {
        let nearest = self.alike(segment).into_iter().next().filter(|_| segment.len > 1)?;
        Some(nearest.first + (step - segment.first).min(nearest.len))
    }

    /// The stretches of the same kind, those of the nearest statements first.
    fn alike(&self, segment: &Segment) -> Vec<&Segment> {
        let mut alike: Vec<&Segment> =
            self.run.segments.iter().filter(|other| same_kind(&other.kind, &segment.kind)).collect();
        let place = place_of(segment.statement());
        alike.sort_by_key(|other| place_of(other.statement()).abs_diff(place));
        alike
    }

    fn about(&self, event: u32) -> About<'_> {
        match self.run.event(event) {
            Event::Compute { node, .. } => About::Compute(self.name(node)),
            Event::Visit(Visit::Enter(v)) => About::Enter(self.name(v)),
            Event::Visit(Visit::Skip(v)) => About::Skip(self.name(v)),
            Event::Visit(Visit::Append(v)) => About::Append(self.name(v)),
            Event::Idle { node } => About::Line(self.name(node), 0),
            Event::Write(Write { by: Some((node, line)), .. }) => About::Line(self.name(node), line),
            Event::Write(Write { target, .. }) => About::Set(self.name(target.value), target.field),
            Event::Assert { .. } => About::Assert,
        }
    }
}

/// Where a statement stands, the forward pass before the script among them.
fn place_of(statement: Option<usize>) -> usize {
    statement.map_or(0, |at| at + 1)
}

/// Calls of `_backward` and whole backward passes run the same lines.
fn same_kind(a: &SegmentKind, b: &SegmentKind) -> bool {
    let lines = |kind: &SegmentKind| matches!(kind, SegmentKind::Call(_) | SegmentKind::Backward(_));
    std::mem::discriminant(a) == std::mem::discriminant(b) || lines(a) && lines(b)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::debugger::Debugger;
    use crate::scenario::{Source, read};

    fn run(lines: &[&str]) -> Debugger {
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        Debugger::new(Arc::new(read(&Source::of_lines(&lines)).expect("a scenario")))
    }

    fn moved(before: &Debugger, after: &Debugger, step: u32) -> u32 {
        let mut before = before.at_same();
        before.go_to(step);
        after.same_place(&before)
    }

    #[test]
    fn a_scenario_that_has_not_changed_is_where_it_was_at_every_step() {
        let (before, after) =
            (run(&["a = 3", "b = a + a", "c = a * b + b"]), run(&["a = 4", "b = a + a", "c = a * b + b"]));
        for step in 0..=before.run.steps {
            assert_eq!(moved(&before, &after, step), step);
        }
    }

    #[test]
    fn the_same_line_of_the_same_value_is_found_where_the_steps_are_others() {
        let before = run(&["a = 3", "b = 2", "c = a * b"]);
        let after = run(&["a = 3", "b = 2", "c = a * b", "d = c + 1"]);
        let place = |debugger: &Debugger, step: u32| {
            let write = debugger.write_before(step).expect("a write");
            (
                debugger.name(write.target.value).to_owned(),
                write.by.map(|(node, line)| (debugger.name(node).to_owned(), line)),
            )
        };
        let lines = before.home() + 1..=before.home() + 2;
        for step in lines {
            assert_eq!(place(&after, moved(&before, &after, step)), place(&before, step));
        }
        assert_eq!(moved(&before, &after, before.run.steps), after.run.steps);
        assert_eq!(moved(&before, &after, before.home()), after.home());
    }

    #[test]
    fn the_second_of_two_passes_stays_the_second() {
        let before = run(&["a = 3", "b = a + a", "b.backward()", "b.backward()"]);
        let after = run(&["a = 3", "b = a + a", "b.backward()", "b.backward()", "zero_grad()"]);
        let second = before.run.segments.last().expect("a pass").first;
        assert!((second + 1..before.run.steps).all(|step| moved(&before, &after, step) == step));
    }

    /// A single event that is gone has no like: what ran before it is where one stands.
    #[test]
    fn an_assignment_that_is_gone_is_not_another() {
        let values = ["a = 3", "b = a + a", "a.data = 5", "b.backward()"];
        let before = run(&[&values[..], &["b.data = 9", "zero_grad()"]].concat());
        let after = run(&[&values[..], &["zero_grad()"]].concat());
        let gone = before.run.segments.iter().find(|segment| segment.statement() == Some(2)).expect("it ran");
        assert_eq!(moved(&before, &after, gone.end()), gone.first);
    }

    #[test]
    fn what_is_gone_leaves_the_cursor_as_far_into_its_phase() {
        let (before, after) = (run(&["a = 3", "b = 2", "c = a * b"]), run(&["a = 3", "c = a + a"]));
        let step = moved(&before, &after, before.home() + 3);
        assert!(step > after.home() && step <= after.run.steps, "{step}");
    }
    /// A statement that is gone leaves the cursor after what ran before it, though a `backward()` was written out for it.
    #[test]
    fn a_statement_that_is_gone_was_never_there() {
        let file = run(&["a = 3", "b = 2", "c = a * b", "d = c + a"]);
        let mut before = file.at_same();
        before.go_to(file.home() + 3);
        let (step, edited) = (before.step, before.with_statements("c.data = 9").unwrap().debugger);
        assert_eq!(file.same_place(&edited), step + 1, "the call that was half done has been finished");
        let mut other = run(&["a = 3", "b = 2", "c = a * b", "d = c + a"]);
        other.go_to(step);
        let twice = edited.with_statements("a.data = 1; assert a.data == 1").unwrap().debugger;
        assert_eq!(other.same_place(&twice), step + 1);
    }
}
