//! Running to somewhere: breakpoints, writes, statements, passes.

use super::{App, Goal};
use crate::debugger::Debugger;
use crate::debugger::breaks::{Breakpoint, Stop, Way};
use crate::debugger::grain::Grain;
use crate::engine::Phase;
use crate::formula::{Field, quoted};

impl App {
    pub(super) fn go(&mut self, goal: Goal, count: u32) {
        match goal {
            Goal::Start => self.jump(0),
            Goal::Home => self.jump(self.debugger.home()),
            Goal::End if count > 0 => self.jump_to(count),
            Goal::End => self.jump(self.debugger.run.steps),
            Goal::Topo => self.turn_topo(),
            Goal::Selected => self.run_to_selected(),
            Goal::Stop(way) => self.repeat(count, |app| app.run_to_stop(way)),
            Goal::Write(way) => self.repeat(count, |app| app.run_to_write(way)),
            Goal::Statement(way) => {
                let starts = self.statements();
                self.repeat(count, |app| app.run_to_start(way, "statement", &starts));
            }
            Goal::Pass(way) => {
                let starts = self.passes();
                self.repeat(count, |app| app.run_to_start(way, "backward pass", &starts));
            }
        }
    }

    /// Goes on as often as a count says, or until there is nowhere to go.
    fn repeat(&mut self, count: u32, mut run: impl FnMut(&mut Self)) {
        for _ in 0..count.max(1) {
            let before = self.debugger.step;
            run(self);
            if self.debugger.step == before {
                break;
            }
        }
    }

    /// To the step of that number, as far as there is one.
    fn jump_to(&mut self, step: u32) {
        self.jump(step);
        if step > self.debugger.run.steps {
            self.say(format!("this run has {} steps", self.debugger.run.steps));
        }
    }

    pub(super) fn jump(&mut self, step: u32) {
        self.chosen = None;
        self.debugger.go_to(step);
    }

    fn turn_topo(&mut self) {
        if self.debugger.topo_view().is_some() {
            return self.jump(self.debugger.home());
        }
        let segments = &self.debugger.run.segments;
        let topo = segments.iter().find(|segment| matches!(segment.kind, crate::engine::SegmentKind::Topo(_)));
        match topo.map(|topo| topo.first + 1) {
            Some(step) => self.jump(step),
            None => self.say("this script calls every _backward by hand: build_topo never runs"),
        }
    }

    fn run_to_selected(&mut self) {
        let v = self.selected();
        match self.debugger.call_near(v) {
            Some(step) => {
                self.debugger.go_to(step);
            }
            None => self.say(format!("{}._backward() is never called", self.debugger.quoted(v))),
        }
    }

    /// To the next breakpoint that way, else to the end that way.
    fn run_to_stop(&mut self, way: Way) {
        let end = if way == Way::Forward { self.debugger.run.steps } else { 0 };
        match self.next_stop(way) {
            Some((step, at)) => {
                self.jump(step);
                self.say_stop(at);
            }
            None if self.debugger.step == end => self.say_end(way),
            None => {
                self.jump(end);
                self.say(if self.breakpoints.is_empty() {
                    "no breakpoint is set: b sets one"
                } else {
                    "no more stops"
                });
            }
        }
    }

    /// The nearest step that way at which a breakpoint stops, and which one.
    fn next_stop(&self, way: Way) -> Option<(u32, u32)> {
        let (stops, step) = (&self.stops, self.debugger.step);
        match way {
            Way::Forward => stops.get(stops.partition_point(|stop| stop.0 <= step)).copied(),
            Way::Back => stops.partition_point(|stop| stop.0 < step).checked_sub(1).map(|at| stops[at]),
        }
    }

    fn say_stop(&mut self, at: u32) {
        let Breakpoint { number, text, .. } = &self.breakpoints[at as usize];
        self.say(format!("breakpoint {number}: {text}"));
    }

    /// Looks up where the breakpoints stop, after these or the run have changed: once, and not a frame.
    pub(super) fn find_stops(&mut self) {
        self.stops = self.debugger.stops(&self.breakpoints, &self.progress);
        self.progress.clear();
    }

    pub(super) fn say_end(&mut self, way: Way) {
        self.say(match way {
            Way::Forward => "this is the end: every statement of the script has run",
            Way::Back => "this is the start: nothing has been computed yet",
        });
    }

    /// To the next write to the selected grad that way: who wrote this?
    fn run_to_write(&mut self, way: Way) {
        let v = self.selected();
        self.chosen = Some(v);
        let (history, step) = (self.debugger.run.history(Field::Grad), self.debugger.step);
        let write = match way {
            Way::Forward => history.next(v, step),
            Way::Back => step.checked_sub(1).and_then(|step| history.last(v, step)),
        };
        let name = self.debugger.quoted(v);
        match write {
            Some((step, _)) => {
                self.debugger.go_to(step);
            }
            None if way == Way::Forward => self.say(format!("no write to {name}.grad comes after this")),
            None => self.say(format!("no write to {name}.grad comes before this")),
        }
    }

    /// The steps at which a statement begins, and the end.
    fn statements(&self) -> Vec<u32> {
        let segments = &self.debugger.run.segments;
        let begins = |at: &usize| *at == 0 || segments[*at].statement() != segments[*at - 1].statement();
        let starts = (0..segments.len()).filter(begins).map(|at| segments[at].first);
        starts.chain([self.debugger.run.steps]).collect()
    }

    /// The steps at which a backward pass begins: the grad is seeded, no `_backward` has run.
    fn passes(&self) -> Vec<u32> {
        let mut pass = 0;
        let calls = self.debugger.run.segments.iter().filter(|segment| segment.phase() == Phase::Backward);
        let first = calls.filter(|segment| std::mem::replace(&mut pass, segment.pass) != segment.pass);
        first.map(|segment| segment.first).collect()
    }

    /// To the next of some steps that way.
    fn run_to_start(&mut self, way: Way, what: &str, starts: &[u32]) {
        let step = self.debugger.step;
        let to = match way {
            Way::Forward => starts.get(starts.partition_point(|start| *start <= step)),
            Way::Back => starts.partition_point(|start| *start < step).checked_sub(1).map(|at| &starts[at]),
        };
        match to {
            Some(&step) => self.jump(step),
            None => self.say(format!("there is no other {what} that way")),
        }
    }

    /// Sets or removes a breakpoint on the selected value's `_backward`.
    pub(super) fn toggle_break(&mut self) {
        let v = self.selected();
        let name = quoted(self.debugger.name(v));
        if let Some(at) = Debugger::node_breakpoint(&self.breakpoints, v) {
            self.breakpoints.remove(at);
            self.find_stops();
            self.say(format!("no breakpoint on {name} any more"));
        } else {
            let stop = Stop::Node(v, None);
            let number = self.set_break(Breakpoint { number: 0, text: name.clone(), stop, on: true });
            self.say(format!("breakpoint {number}: before {name}._backward()"));
        }
    }

    /// Sets a breakpoint, and gives its number.
    pub(super) fn set_break(&mut self, breakpoint: Breakpoint) -> usize {
        self.breakpoints_set += 1;
        self.breakpoints.push(Breakpoint { number: self.breakpoints_set, ..breakpoint });
        self.find_stops();
        self.breakpoints_set
    }

    pub(super) fn turn_play(&mut self) {
        self.play.on = !self.play.on && self.debugger.step < self.debugger.run.steps;
        if !self.play.on && self.debugger.step >= self.debugger.run.steps {
            self.say_end(Way::Forward);
        }
    }

    /// Sets how long it waits from one step to the next, in milliseconds.
    pub(super) fn set_pause(&mut self, pause: u64) {
        self.play.pause = pause;
        if !self.play.on {
            self.say(format!("p plays a node every {}", self.play.every()));
        }
    }

    /// A tick of the clock while it plays: one node, but not past a breakpoint.
    pub(super) fn tick(&mut self) {
        if !self.play.on {
            return;
        }
        let stop = self.next_stop(Way::Forward);
        let moved = self.debugger.forward(Grain::Node);
        match stop.filter(|(step, _)| *step <= self.debugger.step) {
            Some((step, at)) => {
                self.debugger.go_to(step);
                self.play.on = false;
                self.say_stop(at);
            }
            None if !moved || self.debugger.step >= self.debugger.run.steps => {
                self.play.on = false;
                self.say_end(Way::Forward);
            }
            None => {}
        }
    }
}
