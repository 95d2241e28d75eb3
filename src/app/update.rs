use super::{Action, App, Effect, Goal, Mode, Move, Pane, Picker};
use crate::debugger::grain::Grain;
use crate::engine::SegmentKind;
use crate::scenario::{Source, builtin};

impl App {
    /// Does what is wanted. Says what the front end has to do beside drawing.
    pub fn update(&mut self, action: Action) -> Effect {
        self.message = None;
        let count = if matches!(action, Action::Digit(_)) { self.count } else { std::mem::take(&mut self.count) };
        match action {
            Action::Forward(grain) => self.forward(grain, count.max(1)),
            Action::Backward(grain) => self.backward(grain, count.max(1)),
            Action::Go(goal) => self.go(goal, count),
            Action::Select(to) => self.select(to, count.max(1)),
            Action::Focus(pane) => self.focus = pane,
            Action::FocusNext => self.turn_focus(1),
            Action::FocusPrevious => self.turn_focus(Pane::ALL.len() - 1),
            Action::Full => self.full = !self.full,
            Action::Digit(digit) => self.digit(digit),
            Action::Help => self.mode = Mode::Help { scroll: 0 },
            Action::Scenarios => self.mode = Mode::Picker(Picker::at_file(&self.source.name)),
            Action::Accept => self.accept(),
            Action::Close => self.close(),
            Action::Quit => return Effect::Quit,
            Action::Suspend => return Effect::Suspend,
        }
        Effect::None
    }

    fn forward(&mut self, grain: Grain, count: u32) {
        self.chosen = None;
        if !(0..count).all(|_| self.debugger.forward(grain)) {
            self.say("this is the end: every statement of the script has run");
        }
    }

    fn backward(&mut self, grain: Grain, count: u32) {
        self.chosen = None;
        if !(0..count).all(|_| self.debugger.backward(grain)) {
            self.say("this is the start: nothing has been computed yet");
        }
    }

    fn go(&mut self, goal: Goal, count: u32) {
        match goal {
            Goal::Start => self.jump(0),
            Goal::Home => self.jump(self.debugger.home()),
            Goal::End if count > 0 => self.jump(count),
            Goal::End => self.jump(self.debugger.run.steps),
            Goal::Topo => self.turn_topo(),
            Goal::Selected => self.run_to_selected(),
        }
    }

    fn jump(&mut self, step: u32) {
        self.chosen = None;
        self.debugger.go_to(step);
    }

    /// To the start of the `build_topo` phase; out of it, to the seed.
    fn turn_topo(&mut self) {
        if self.debugger.topo_view().is_some() {
            return self.jump(self.debugger.home());
        }
        let segments = &self.debugger.run.segments;
        match segments.iter().find(|segment| matches!(segment.kind, SegmentKind::Topo(_))) {
            Some(topo) => self.jump(topo.first + 1),
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

    fn select(&mut self, to: Move, count: u32) {
        match &mut self.mode {
            Mode::Help { scroll } => *scroll = scroll.saturating_add_signed(to.rows()),
            Mode::Picker(picker) => picker.at = to.within(picker.at, builtin::all().count()),
            Mode::Steps => {
                let rows = self.debugger.rows();
                let row = (0..count).fold(rows.row(self.selected()), |row, _| to.within(row, rows.len()));
                self.chosen = Some(rows.value(row).0);
            }
        }
    }

    fn turn_focus(&mut self, by: usize) {
        let at = Pane::ALL.iter().position(|&pane| pane == self.focus).unwrap_or(0);
        self.focus = Pane::ALL[(at + by) % Pane::ALL.len()];
    }

    /// A digit focuses the pane of that number, and begins or goes on with a count.
    fn digit(&mut self, digit: u8) {
        let pane = usize::from(digit).checked_sub(1).and_then(|at| Pane::ALL.get(at));
        if let (Some(&pane), 0) = (pane, self.count) {
            self.focus = pane;
        }
        self.count = self.count.saturating_mul(10).saturating_add(u32::from(digit));
    }

    fn accept(&mut self) {
        if let Mode::Picker(picker) = &self.mode {
            let name = picker.selected().name;
            self.load(Source::builtin(name).expect("the list shows what there is"));
        }
    }

    /// Opens another scenario. A wrong one is refused whole: what is open stays open.
    pub fn load(&mut self, source: Source) {
        match Self::open(source) {
            Ok(app) => *self = Self { focus: self.focus, full: self.full, ..app },
            Err(complaint) => {
                self.mode = Mode::Steps;
                self.complain(complaint.to_string());
            }
        }
    }

    fn close(&mut self) {
        if matches!(self.mode, Mode::Steps) {
            self.chosen = None;
            self.full = false;
        }
        self.mode = Mode::Steps;
    }
}
