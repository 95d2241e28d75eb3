use tui_input::InputRequest;

use super::search::Wanted;
use super::{Action, App, Effect, Message, Mode, Move, Pane, Picker, Prompt, PromptKind, View, Written};
use crate::debugger::breaks::Way;
use crate::debugger::grain::Grain;
use crate::engine::ValueId;
use crate::formula::Field;
use crate::formula::number::{repr, special};
use crate::scenario::{Source, builtin};

impl App {
    /// Does what is wanted. Says what the front end has to do beside drawing.
    pub fn update(&mut self, action: Action) -> Effect {
        if action != Action::Tick {
            self.message = None;
        }
        let count = if matches!(action, Action::Digit(_)) { self.count } else { std::mem::take(&mut self.count) };
        if count > 0 && matches!(action, Action::Forward(_) | Action::Backward(_) | Action::Go(_)) {
            self.focus = self.focus_before;
        }
        let effect = self.perform(action, count);
        self.look_up_why();
        effect
    }

    /// One arm an action, one call an arm.
    fn perform(&mut self, action: Action, count: u32) -> Effect {
        match action {
            Action::Forward(grain) if self.ask_first(grain) => {}
            Action::Forward(grain) => self.forward(grain, count.max(1)),
            Action::Backward(grain) => self.backward(grain, count.max(1)),
            Action::Go(goal) => self.go(goal, count),
            Action::Step(step) => self.jump(step),
            Action::Select(to) => self.select(to, count.max(1)),
            Action::Choose(v) => self.choose(v),
            Action::Graph(action) => self.graph(action, count.max(1)),
            Action::Focus(pane) => self.focus = pane,
            Action::FocusNext => self.turn_focus(1),
            Action::FocusPrevious => self.turn_focus(Pane::ALL.len() - 1),
            Action::Full => self.full = !self.full,
            Action::Digit(digit) => self.digit(digit),
            Action::Help => self.mode = Mode::Help { scroll: 0 },
            Action::Scenarios => self.mode = Mode::Picker(Picker::at_file(&self.source.name)),
            Action::Prompt => self.ask(PromptKind::Command, String::new()),
            Action::Search => self.ask(PromptKind::Search, String::new()),
            Action::Edit => self.edit_selected(),
            Action::Type(request) => self.type_in(request),
            Action::Complete => self.complete(),
            Action::SearchNext => self.find(Way::Forward, count.max(1)),
            Action::SearchPrevious => self.find(Way::Back, count.max(1)),
            Action::Break => self.toggle_break(),
            Action::Breaks => self.mode = Mode::Breaks { at: 0 },
            Action::Toggle => self.with_break(|app, at| app.breakpoints[at].on = !app.breakpoints[at].on),
            Action::Delete => self.with_break(|app, at| drop(app.breakpoints.remove(at))),
            Action::Call => self.call_selected(),
            Action::ZeroGrad => return self.run_command("zero_grad()").unwrap_or(Effect::None),
            Action::OldRules => self.set_rules(false),
            Action::RightRules => self.set_rules(true),
            Action::Predict => self.turn_predict(),
            Action::Findings => self.mode = Mode::Findings { at: self.latest_finding() },
            Action::Undo => drop((0..count.max(1)).all(|_| self.undo())),
            Action::Redo => drop((0..count.max(1)).all(|_| self.redo())),
            Action::Why => self.turn_view(),
            Action::Play => self.turn_play(),
            Action::Slower => self.set_pause((self.play.pause * 3 / 2).min(10_000)),
            Action::Faster => self.set_pause((self.play.pause * 2 / 3).max(50)),
            Action::Tick => self.tick(),
            Action::Accept => return self.accept(),
            Action::Close => self.close(count),
            Action::Quit => return Effect::Quit,
            Action::Suspend => return Effect::Suspend,
        }
        Effect::None
    }

    fn forward(&mut self, grain: Grain, count: u32) {
        self.let_go();
        if !(0..count).all(|_| self.debugger.forward(grain)) {
            self.say_end(Way::Forward);
        }
    }

    fn backward(&mut self, grain: Grain, count: u32) {
        self.let_go();
        if !(0..count).all(|_| self.debugger.backward(grain)) {
            self.say_end(Way::Back);
        }
    }

    /// Stepping lets the selection follow the cursor again, but not while one watches what a grad is made of.
    fn let_go(&mut self) {
        if self.view == View::Source {
            self.chosen = None;
        }
        self.ledger_at = None;
    }

    fn select(&mut self, to: Move, count: u32) {
        match &mut self.mode {
            // The front end knows how far there is to scroll.
            Mode::Help { scroll } | Mode::Complaint { scroll, .. } => *scroll = to.within(*scroll, usize::MAX, 1),
            Mode::Picker(picker) => picker.at = to.within(picker.at, builtin::all().count(), 1),
            Mode::Breaks { at } => *at = to.within(*at, self.breakpoints.len(), 1),
            Mode::Findings { at } => *at = to.within(*at, self.debugger.findings().len(), 1),
            Mode::Prompt(prompt) if prompt.kind == PromptKind::Command => prompt.recall(&self.history, to == Move::Up),
            Mode::Prompt(_) | Mode::Overwrite(..) => {}
            Mode::Steps if self.focus == Pane::Graph => (0..count).for_each(|_| self.walk(to.side())),
            Mode::Steps if self.view == View::Paths && matches!(to, Move::PageUp | Move::PageDown) => {
                self.scroll = to.within(self.scroll, usize::MAX, count);
            }
            Mode::Steps if self.focus == Pane::Source && self.view == View::Ledger => {
                self.select_contribution(to, count);
            }
            Mode::Steps => {
                let list = self.list();
                let (v, _) = list.value(to.within(list.row(self.selected()), list.len(), count));
                self.choose(v);
            }
        }
    }

    fn choose(&mut self, v: ValueId) {
        self.chosen = Some(v);
        self.ledger_at = None;
        self.scroll = 0;
    }

    fn select_contribution(&mut self, to: Move, count: u32) {
        let v = self.selected();
        let (writes, done) = self.debugger.ledger_len(v);
        let here = self.ledger_at.unwrap_or(done.saturating_sub(1));
        self.chosen = Some(v);
        self.ledger_at = Some(to.within(here, writes, count));
    }

    fn turn_focus(&mut self, by: usize) {
        let at = Pane::ALL.iter().position(|&pane| pane == self.focus).unwrap_or(0);
        self.focus = Pane::ALL[(at + by) % Pane::ALL.len()];
    }

    /// A digit focuses the pane of that number, and begins a count or goes on with one: then it was not about a pane.
    fn digit(&mut self, digit: u8) {
        let pane = usize::from(digit).checked_sub(1).and_then(|at| Pane::ALL.get(at));
        match pane {
            Some(&pane) if self.count == 0 => {
                self.focus_before = self.focus;
                self.focus = pane;
            }
            _ if self.count > 0 => self.focus = self.focus_before,
            _ => self.focus_before = self.focus,
        }
        self.count = self.count.saturating_mul(10).saturating_add(u32::from(digit));
    }

    /// Keeps what can be scrolled within `most` lines, which only the front end knows: it depends on the size.
    pub fn limit_scroll(&mut self, most: usize) {
        match &mut self.mode {
            Mode::Help { scroll } | Mode::Complaint { scroll, .. } => *scroll = most.min(*scroll),
            _ => self.scroll = most.min(self.scroll),
        }
    }

    fn ask(&mut self, kind: PromptKind, text: String) {
        self.mode = Mode::Prompt(Prompt::new(kind, text));
    }

    fn edit_selected(&mut self) {
        let v = self.selected();
        self.chosen = Some(v);
        self.ask(PromptKind::Edit(v), String::new());
    }

    fn type_in(&mut self, request: InputRequest) {
        if let Mode::Prompt(prompt) = &mut self.mode {
            prompt.edit(request);
        }
    }

    fn complete(&mut self) {
        let Mode::Prompt(prompt) = &self.mode else { return };
        if prompt.kind == PromptKind::Search {
            return;
        }
        let candidates = self.candidates(prompt);
        if let Mode::Prompt(prompt) = &mut self.mode {
            prompt.complete(candidates);
        }
    }

    /// The next value that way whose name or label has in it what was searched for, or the next but so many.
    fn find(&mut self, way: Way, count: u32) {
        if self.search.is_empty() {
            return self.say("search with / first");
        }
        let wanted = Wanted::new(&self.search);
        let rows = self.debugger.rows();
        let (from, len) = (rows.row(self.selected()), rows.len());
        let at = |by: usize| match way {
            Way::Forward if from + by < len => from + by,
            Way::Forward => from + by - len,
            Way::Back => from.checked_sub(by).unwrap_or_else(|| from + len - by),
        };
        let names = &self.debugger.scenario.names;
        let is_wanted =
            |v: &ValueId| wanted.is_in(names.name(*v)) || names.own_label(*v).is_some_and(|l| wanted.is_in(l));
        let matches = || (1..=len).map(|by| rows.value(at(by)).0).filter(is_wanted);
        let (mut passed, mut found) = (0, None);
        for v in matches().take(count as usize) {
            (passed, found) = (passed + 1, Some(v));
        }
        if (1..count).contains(&passed) {
            // Once around, they begin anew.
            found = matches().nth(((count - 1) % passed) as usize);
        }
        match found {
            Some(v) => self.choose(v),
            None => self.complain(format!("no name has `{}` in it", self.search)),
        }
    }

    fn with_break(&mut self, change: fn(&mut Self, usize)) {
        if let Mode::Breaks { at } = self.mode {
            if at < self.breakpoints.len() {
                change(self, at);
                self.find_stops();
            }
            self.mode = Mode::Breaks { at: at.min(self.breakpoints.len().saturating_sub(1)) };
        }
    }

    fn turn_view(&mut self) {
        if self.predict.is_some() {
            return self.say("that would tell what you are asked: P ends the questions");
        }
        self.choose(self.selected());
        self.view = match self.view {
            View::Source => View::Ledger,
            View::Ledger => View::Paths,
            View::Paths => View::Source,
        };
    }

    /// The paths are looked up when they become others, and not once a frame.
    fn look_up_why(&mut self) {
        let v = self.selected();
        let known = self.why.take_if(|why| self.view == View::Paths && self.debugger.still_holds(why, v));
        self.why = known.or_else(|| (self.view == View::Paths).then(|| self.debugger.why(v)));
    }

    fn accept(&mut self) -> Effect {
        match std::mem::replace(&mut self.mode, Mode::Steps) {
            Mode::Picker(picker) => {
                let source = Source::builtin(picker.selected().name).expect("the list shows what there is");
                self.load(source);
            }
            Mode::Overwrite(path, Written::Picture) => return Effect::Export(path),
            Mode::Overwrite(path, Written::Session) => {
                if let Err(trouble) = self.save(&path) {
                    self.complain(format!("{}: {}", trouble.message, trouble.label));
                }
            }
            Mode::Prompt(prompt) => return self.accept_line(prompt),
            Mode::Findings { at } => self.go_to_finding(at),
            Mode::Steps if self.focus == Pane::Source && self.ledger_at.is_some() => self.go_to_contribution(),
            Mode::Steps => self.go(super::Goal::Selected, 0),
            Mode::Help { .. } | Mode::Breaks { .. } | Mode::Complaint { .. } => {}
        }
        Effect::None
    }

    fn go_to_contribution(&mut self) {
        let (run, v) = (self.debugger.run.clone(), self.selected());
        let write = self.ledger_at.and_then(|at| run.history(Field::Grad).writes_in(v, at..at + 1).next());
        if let Some((step, _)) = write {
            self.debugger.go_to(step);
        }
    }

    /// Does what was typed; where something is wrong with it, the line stays to be mended.
    fn accept_line(&mut self, mut prompt: Prompt) -> Effect {
        let text = prompt.text().to_owned();
        let result = match prompt.kind {
            PromptKind::Command => self.run_command(&text),
            PromptKind::Search => {
                if !text.trim().is_empty() {
                    text.trim().clone_into(&mut self.search);
                }
                // A name that is written out is meant, though others have it in them.
                match self.debugger.value_called(&self.search, &(0..0)) {
                    Ok(Some(v)) => self.choose(v),
                    _ => self.find(Way::Forward, 1),
                }
                Ok(Effect::None)
            }
            PromptKind::Predict(question) => self.answer(question, &text),
            PromptKind::Edit(_) if text.trim().is_empty() => Ok(Effect::None),
            PromptKind::Edit(v) => {
                special(text.trim()).map_or_else(|| self.debugger.evaluate(&text), Ok).and_then(|data| {
                    let edited = self.debugger.with_data(v, data)?;
                    self.apply(edited);
                    self.say(format!("{} is {} now; u takes it back", self.debugger.quoted(v), repr(data)));
                    Ok(Effect::None)
                })
            }
        };
        if prompt.kind == PromptKind::Command && !text.trim().is_empty() && self.history.last() != Some(&text) {
            self.history.push(text);
        }
        result.unwrap_or_else(|trouble| {
            prompt.trouble = Some(trouble);
            self.mode = Mode::Prompt(prompt);
            Effect::None
        })
    }

    /// Opens another scenario. A wrong one is refused whole: what is open stays open.
    pub fn load(&mut self, source: Source) {
        match Self::open(source) {
            Ok(app) => {
                let (focus, full, max_bytes) = (self.focus, self.full, self.max_bytes);
                let history = std::mem::take(&mut self.history);
                let dropped = self.dropped().map(|text| Message { text, wrong: false });
                *self = Self { focus, full, history, max_bytes, message: dropped, ..app };
            }
            Err(complaint) => self.mode = Mode::Complaint { complaint, scroll: 0 },
        }
    }

    /// Puts away the top layer: a count that was begun, a list, what pane 4 shows.
    fn close(&mut self, count: u32) {
        if matches!(self.mode, Mode::Steps) && count == 0 {
            self.chosen = None;
            self.full = false;
            self.view = View::Source;
            self.play.on = false;
        }
        self.mode = Mode::Steps;
    }
}
