//! Predict mode: each step is asked before it is shown.

use super::{App, Effect, Mode, Prompt, PromptKind, View};
use crate::debugger::grain::Grain;
use crate::debugger::predict::Question;

/// How the questions have gone so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Score {
    pub right: u32,
    pub asked: u32,
}

impl App {
    /// Turns the mode on or off.
    pub(super) fn turn_predict(&mut self) {
        if let Some(score) = self.predict.take() {
            return self.say(format!("no more questions; {} of {} were right", score.right, score.asked));
        }
        self.predict = Some(Score::default());
        self.view = View::Source;
        self.play.on = false;
        self.say("predict: s asks for the next number, n for the next node; P ends it");
    }

    /// Asks about the next step, where it is one that can be worked out. Says whether it did.
    pub(super) fn ask_first(&mut self, grain: Grain) -> bool {
        if self.predict.is_none() {
            return false;
        }
        let question = match grain {
            Grain::Line => self.debugger.number_to_predict(),
            Grain::Node => self.debugger.node_to_predict(),
            Grain::Phase => None,
        };
        let Some(question) = question else { return false };
        self.mode = Mode::Prompt(Prompt::new(PromptKind::Predict(question), String::new()));
        true
    }

    /// Judges an answer, and takes the step that it was about.
    pub(super) fn answer(&mut self, question: Question, text: &str) -> Effect {
        if text.trim().is_empty() {
            self.say("no answer, no step: Esc and P end the questions");
            return Effect::None;
        }
        let (right, sentence) = self.debugger.judge(question, text);
        let score = self.predict.get_or_insert_default();
        score.asked += 1;
        score.right += u32::from(right);
        self.debugger.forward(if matches!(question, Question::Number(_)) { Grain::Line } else { Grain::Node });
        if right {
            self.say(format!("✓ {sentence}"));
        } else {
            self.complain(sentence);
        }
        Effect::None
    }

    /// Whether a row is the one that is asked for: the value whose `_backward` runs next stays hidden till then.
    pub fn hides(&self, v: crate::engine::ValueId) -> bool {
        self.predict.is_some() && matches!(self.debugger.node_to_predict(), Some(Question::Node(next)) if next == v)
    }
}
