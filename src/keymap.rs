//! One table: key, action, help text, footer hint. The footer, the help overlay and the README's table come from it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use tui_input::InputRequest;

use crate::app::{Action, App, Effect, Goal, GraphAction, Mode, Move, Side};
use crate::debugger::breaks::Way;
use crate::debugger::grain::Grain;

/// One action and the keys that do it.
pub struct Row {
    /// Where the row applies.
    pub modes: &'static [Kind],
    /// The names of the keys, as [`name`] gives them. The first is the one that hints show.
    pub keys: &'static [&'static str],
    pub action: Action,
    pub help: &'static str,
    /// What the footer says of it, if it is there. Hints are dropped from the right where there is no room.
    pub hint: Option<&'static str>,
}

/// The kinds of [`Mode`], to name in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Steps,
    Help,
    Picker,
    Breaks,
    Findings,
    Prompt,
    Overwrite,
    Complaint,
}

impl Kind {
    pub fn of(mode: &Mode) -> Self {
        match mode {
            Mode::Steps => Self::Steps,
            Mode::Help { .. } => Self::Help,
            Mode::Picker(_) => Self::Picker,
            Mode::Breaks { .. } => Self::Breaks,
            Mode::Findings { .. } => Self::Findings,
            Mode::Prompt(_) => Self::Prompt,
            Mode::Overwrite(..) => Self::Overwrite,
            Mode::Complaint { .. } => Self::Complaint,
        }
    }
}

use Kind::{Breaks, Complaint, Findings, Help, Overwrite, Picker, Prompt, Steps};

const ANY: &[Kind] = &[Steps, Help, Picker, Breaks, Findings, Prompt, Overwrite, Complaint];
const BROWSE: &[Kind] = &[Steps, Help, Picker, Breaks, Findings, Complaint];
const LISTS: &[Kind] = &[Help, Picker, Breaks, Findings, Complaint];

const fn row(
    modes: &'static [Kind],
    keys: &'static [&'static str],
    action: Action,
    help: &'static str,
    hint: Option<&'static str>,
) -> Row {
    Row { modes, keys, action, help, hint }
}

/// Every key. In the order of the help; the footer shows the hints in this order.
#[rustfmt::skip]
pub const TABLE: &[Row] = &[
    row(&[Steps], &["n", "Right", "Space"], Action::Forward(Grain::Node), "next node: its whole _backward", Some("node")),
    row(&[Steps], &["s"], Action::Forward(Grain::Line), "one line: a single +=, one event of build_topo", Some("line")),
    row(&[Steps], &["N", "Left"], Action::Backward(Grain::Node), "one node back", Some("back")),
    row(&[Steps], &["S"], Action::Backward(Grain::Line), "one line back", None),
    row(&[Steps], &["f"], Action::Forward(Grain::Phase), "to the end of this phase", None),
    row(&[Steps], &["F"], Action::Backward(Grain::Phase), "to the start of this phase", None),
    row(&[Steps], &["c"], Action::Go(Goal::Stop(Way::Forward)), "run to the next breakpoint, or the end", Some("run")),
    row(&[Steps], &["C"], Action::Go(Goal::Stop(Way::Back)), "run back to the breakpoint before, or the start", None),
    row(&[Steps], &["r", "Home"], Action::Go(Goal::Home), "to the seed, where backward begins", None),
    row(&[Steps], &["End", "G"], Action::Go(Goal::End), "to the end; with a count (12G), to that step", None),
    row(&[Steps], &["g"], Action::Go(Goal::Start), "to the start, before the forward pass", None),
    row(&[Steps], &["t"], Action::Go(Goal::Topo), "the build_topo phase, and back", Some("topo")),
    row(&[Steps], &["]"], Action::Go(Goal::Statement(Way::Forward)), "to the next statement of the script", None),
    row(&[Steps], &["["], Action::Go(Goal::Statement(Way::Back)), "to the statement before", None),
    row(&[Steps], &["}"], Action::Go(Goal::Pass(Way::Forward)), "to the next backward pass, as it begins", None),
    row(&[Steps], &["{"], Action::Go(Goal::Pass(Way::Back)), "to the pass before", None),
    row(BROWSE, &["Up", "k"], Action::Select(Move::Up), "select the value above", None),
    row(BROWSE, &["Down", "j"], Action::Select(Move::Down), "select the value below", None),
    row(BROWSE, &["PageUp"], Action::Select(Move::PageUp), "ten up; scrolls what y shows", None),
    row(BROWSE, &["PageDown"], Action::Select(Move::PageDown), "ten down", None),
    row(&[Help, Complaint], &["Space"], Action::Select(Move::PageDown), "ten down", Some("more")),
    row(LISTS, &["Home", "g"], Action::Select(Move::First), "to the first", None),
    row(LISTS, &["End", "G"], Action::Select(Move::Last), "to the last", None),
    row(&[Steps], &["Enter"], Action::Accept, "run, forward or back, to the selected node (in y: to the selected write)", None),
    row(&[Steps], &["w"], Action::Go(Goal::Write(Way::Forward)), "next write to the selected value's grad", Some("wrote")),
    row(&[Steps], &["W"], Action::Go(Goal::Write(Way::Back)), "who wrote this? the write before to its grad", None),
    row(&[Steps], &["y"], Action::Why, "why: what the selected grad is made of; its paths; back to the source", Some("why")),
    row(&[Steps], &["b"], Action::Break, "breakpoint on the selected node: stop before its _backward", Some("break")),
    row(&[Steps], &["B"], Action::Breaks, "list the breakpoints: switch them on and off, delete them", None),
    row(&[Steps], &["x"], Action::Call, "call _backward() on the selected node, now", Some("call")),
    row(&[Steps], &["e"], Action::Edit, "edit the selected value and run everything again: what if?", Some("edit")),
    row(&[Steps], &["="], Action::OldRules, "the notebook's old rules: self.grad = ... in place of +=", Some("bug")),
    row(&[Steps], &["+"], Action::RightRules, "the right rules: +=", None),
    row(&[Steps], &["P"], Action::Predict, "predict: before a _backward or a line of it you are asked, and told what a wrong answer forgets", None),
    row(&[Steps], &["!"], Action::Findings, "what went wrong: the list of findings", None),
    row(&[Steps], &["u"], Action::Undo, "take an edit back (undo)", None),
    row(&[Steps], &["Ctrl-R"], Action::Redo, "do it again (redo)", None),
    row(&[Steps], &["p"], Action::Play, "play by itself, or pause; stops at breakpoints", None),
    row(&[Steps], &["<"], Action::Slower, "play slower", None),
    row(&[Steps], &[">"], Action::Faster, "play faster", None),
    row(&[Steps], &["/"], Action::Search, "search names and labels", None),
    row(&[Steps], &["."], Action::SearchNext, "next match", None),
    row(&[Steps], &[","], Action::SearchPrevious, "previous match", None),
    row(&[Steps], &[":"], Action::Prompt, "type a statement or a command: below", Some("type")),
    row(&[Picker], &["Enter", "Space"], Action::Accept, "open the selected scenario", Some("open")),
    row(&[Findings], &["Enter", "Space"], Action::Accept, "go to the step where it becomes true", Some("go there")),
    row(&[Breaks], &["Space", "Enter"], Action::Toggle, "on or off", Some("on or off")),
    row(&[Breaks], &["d", "x", "Delete"], Action::Delete, "delete", Some("delete")),
    row(&[Steps], &["h"], Action::Graph(GraphAction::Walk(Side::Left)), "select the first operand: walk along the graph", None),
    row(&[Steps], &["l"], Action::Graph(GraphAction::Walk(Side::Right)), "select the first consumer", None),
    row(&[Steps], &["z"], Action::Graph(GraphAction::ZoomIn), "the graph in more detail", Some("zoom")),
    row(&[Steps], &["Z"], Action::Graph(GraphAction::ZoomOut), "the graph in less detail, and more of it", None),
    row(&[Steps], &["0"], Action::Graph(GraphAction::Automatic), "as much detail as fits; follow the selection again", None),
    row(&[Steps], &["H"], Action::Graph(GraphAction::Pan(Side::Left)), "move the view of the graph left", None),
    row(&[Steps], &["J"], Action::Graph(GraphAction::Pan(Side::Down)), "down", None),
    row(&[Steps], &["K"], Action::Graph(GraphAction::Pan(Side::Up)), "up", None),
    row(&[Steps], &["L"], Action::Graph(GraphAction::Pan(Side::Right)), "right", None),
    row(&[Steps], &["Tab"], Action::FocusNext, "focus the next pane (1-4: by number)", None),
    row(&[Steps], &["Shift-Tab"], Action::FocusPrevious, "focus the previous pane", None),
    row(&[Steps], &["m"], Action::Full, "the focused pane fills the screen, and back", None),
    row(&[Steps], &["o"], Action::Scenarios, "choose another scenario", None),
    row(&[Steps], &["?", "F1"], Action::Help, "this help", Some("help")),
    row(LISTS, &["Esc", "q", "?"], Action::Close, "close", Some("close")),
    row(&[Steps], &["Esc"], Action::Close, "let go: of a count, the selection, what y shows; pause", None),
    row(&[Steps], &["q"], Action::Quit, "quit", Some("quit")),
    row(&[Prompt], &["Enter"], Action::Accept, "do it", Some("do it")),
    row(&[Prompt], &["Tab"], Action::Complete, "complete a name", Some("complete")),
    row(&[Prompt], &["Up", "Ctrl-P"], Action::Select(Move::Up), "an older line", Some("older")),
    row(&[Prompt], &["Down", "Ctrl-N"], Action::Select(Move::Down), "a newer line", None),
    row(&[Prompt], &["Esc", "Ctrl-G"], Action::Close, "never mind", Some("never mind")),
    row(&[Prompt], &["Backspace"], Action::Type(InputRequest::DeletePrevChar), "delete to the left", None),
    row(&[Prompt], &["Delete"], Action::Type(InputRequest::DeleteNextChar), "delete to the right", None),
    row(&[Prompt], &["Left"], Action::Type(InputRequest::GoToPrevChar), "left", None),
    row(&[Prompt], &["Right"], Action::Type(InputRequest::GoToNextChar), "right", None),
    row(&[Prompt], &["Home", "Ctrl-A"], Action::Type(InputRequest::GoToStart), "to the start", None),
    row(&[Prompt], &["End", "Ctrl-E"], Action::Type(InputRequest::GoToEnd), "to the end", None),
    row(&[Prompt], &["Ctrl-W"], Action::Type(InputRequest::DeletePrevWord), "delete a word", None),
    row(&[Prompt], &["Ctrl-U"], Action::Type(InputRequest::DeleteLine), "delete the line", None),
    row(&[Overwrite], &["y"], Action::Accept, "yes, write over it", Some("yes")),
    row(&[Overwrite], &["n", "Esc", "q"], Action::Close, "no, leave it", Some("no")),
    row(ANY, &["Ctrl-C"], Action::Quit, "quit, from anywhere", None),
    row(ANY, &["Ctrl-Z"], Action::Suspend, "stop, and give the shell back (fg goes on)", None),
];

/// What a key does, as things stand.
pub fn lookup(app: &App, key: KeyEvent) -> Option<Action> {
    let name = name(key)?;
    let kind = Kind::of(&app.mode);
    let digit = name.parse::<u8>().ok().filter(|digit| *digit < 10 && kind == Steps);
    if let Some(digit) = digit.filter(|_| app.count > 0) {
        return Some(Action::Digit(digit));
    }
    if let Some(row) = TABLE.iter().find(|row| row.modes.contains(&kind) && row.keys.contains(&name.as_str())) {
        return Some(row.action);
    }
    match (kind, key.code) {
        (Prompt, KeyCode::Char(c)) if !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) => {
            Some(Action::Type(InputRequest::InsertChar(c)))
        }
        _ => digit.map(Action::Digit),
    }
}

/// Does what a key says. Keys that say nothing do nothing.
pub fn press(app: &mut App, key: KeyEvent) -> Effect {
    lookup(app, key).map_or(Effect::None, |action| app.update(action))
}

/// Types a pasted text into the line that is being typed; elsewhere a paste means nothing. Control characters, line ends
/// among them, are no part of a line.
pub fn paste(app: &mut App, text: &str) {
    if Kind::of(&app.mode) == Prompt {
        for c in text.chars().filter(|c| !c.is_control()) {
            app.update(Action::Type(InputRequest::InsertChar(c)));
        }
    }
}

/// The name of a key: `n`, `N`, `?`, `Enter`, `Ctrl-R`. Shift is told by the character where there is one: terminals
/// disagree about the rest.
pub fn name(key: KeyEvent) -> Option<String> {
    let base = match key.code {
        KeyCode::Char(' ') => "Space".to_owned(),
        KeyCode::Char(c) if key.modifiers.contains(KeyModifiers::CONTROL) => c.to_ascii_uppercase().to_string(),
        KeyCode::Char(c) => c.to_string(),
        KeyCode::F(number) => format!("F{number}"),
        code => NAMES.iter().find(|(known, _)| *known == code)?.1.to_owned(),
    };
    let held = [(KeyModifiers::CONTROL, "Ctrl-"), (KeyModifiers::ALT, "Alt-")];
    let held = held.iter().filter(|(modifier, _)| key.modifiers.contains(*modifier)).map(|(_, name)| *name);
    Some(held.collect::<String>() + &base)
}

const NAMES: [(KeyCode, &str); 15] = [
    (KeyCode::Enter, "Enter"),
    (KeyCode::Esc, "Esc"),
    (KeyCode::Tab, "Tab"),
    (KeyCode::BackTab, "Shift-Tab"),
    (KeyCode::Backspace, "Backspace"),
    (KeyCode::Delete, "Delete"),
    (KeyCode::Up, "Up"),
    (KeyCode::Down, "Down"),
    (KeyCode::Left, "Left"),
    (KeyCode::Right, "Right"),
    (KeyCode::Home, "Home"),
    (KeyCode::End, "End"),
    (KeyCode::PageUp, "PageUp"),
    (KeyCode::PageDown, "PageDown"),
    (KeyCode::Insert, "Insert"),
];

/// The keys of a text such as `n n s` or `10n Ctrl-R`: words that name a key are that key, others are typed letter by
/// letter.
///
/// # Errors
/// Which word looks like the name of a key, and is none.
pub fn parse(text: &str) -> Result<Vec<KeyEvent>, String> {
    let mut keys = Vec::new();
    for word in text.split_whitespace() {
        match named(word) {
            Some(key) => keys.push(key),
            None if looks_named(word) => return Err(no_key(word)),
            None => keys.extend(word.chars().map(|c| KeyEvent::from(KeyCode::Char(c)))),
        }
    }
    Ok(keys)
}

/// `Pgdn`, `<CR>`, `Ctrl-Enter-x`: nobody means the letters one by one. `Sn` and `NNs` are letters.
fn looks_named(word: &str) -> bool {
    let base = word.split('-').next().unwrap_or_default();
    let lowercase = base.chars().skip(1).filter(char::is_ascii_lowercase).count();
    let capitalised =
        base.len() > 2 && base.starts_with(|c: char| c.is_ascii_uppercase()) && lowercase == base.len() - 1;
    capitalised || base == "Alt" || (word.starts_with('<') && word.ends_with('>') && word.len() > 2)
}

fn no_key(word: &str) -> String {
    let bare = word.trim_matches(['<', '>']).to_lowercase();
    let alias = ALIASES.iter().find(|(alias, _)| *alias == bare).map(|(_, name)| *name);
    let known = NAMES.iter().map(|(_, name)| *name).chain(["Space", "Ctrl-R"]);
    let near = |name: &&str| strsim::damerau_levenshtein(&name.to_lowercase(), &bare) <= 2;
    let hint = match alias.or_else(|| known.into_iter().find(near)) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("keys are named like `Enter` or `Ctrl-R`; letters to type stand apart: `{}`", apart(word)),
    };
    format!("`{word}` is no key: {hint}")
}

fn apart(word: &str) -> String {
    word.chars().take(8).map(String::from).collect::<Vec<_>>().join(" ")
}

/// What others call keys.
const ALIASES: [(&str, &str); 8] = [
    ("pgup", "PageUp"),
    ("pgdn", "PageDown"),
    ("return", "Enter"),
    ("cr", "Enter"),
    ("escape", "Esc"),
    ("del", "Delete"),
    ("bs", "Backspace"),
    ("c-r", "Ctrl-R"),
];

fn named(word: &str) -> Option<KeyEvent> {
    let (modifiers, base) = match (word.strip_prefix("Ctrl-"), word.strip_prefix("Alt-")) {
        (Some(base), _) => (KeyModifiers::CONTROL, base),
        (_, Some(base)) => (KeyModifiers::ALT, base),
        _ => (KeyModifiers::NONE, word),
    };
    let mut chars = base.chars();
    let code = match (chars.next(), chars.next()) {
        (Some(c), None) => KeyCode::Char(if modifiers.is_empty() { c } else { c.to_ascii_lowercase() }),
        _ if base == "Space" => KeyCode::Char(' '),
        (Some('F'), Some(_)) if base[1..].parse::<u8>().is_ok() => KeyCode::F(base[1..].parse().ok()?),
        _ => NAMES.iter().find(|(_, name)| *name == base)?.0,
    };
    Some(KeyEvent::new(code, modifiers))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::NAMED;

    #[test]
    fn no_key_means_two_things() {
        for kind in ANY {
            let mut keys: Vec<&str> =
                TABLE.iter().filter(|row| row.modes.contains(kind)).flat_map(|row| row.keys).copied().collect();
            let count = keys.len();
            keys.sort_unstable();
            keys.dedup();
            assert_eq!(keys.len(), count, "{kind:?}");
        }
    }

    #[test]
    fn every_key_of_the_table_can_be_typed() {
        for key in TABLE.iter().flat_map(|row| row.keys) {
            let event = parse(key).unwrap();
            assert_eq!((event.len(), name(event[0]).as_deref()), (1, Some(*key)));
        }
    }

    #[test]
    fn what_looks_like_a_key_and_is_none_is_refused() {
        let hints = [
            ("Pgdn", "`PageDown`"),
            ("<CR>", "`Enter`"),
            ("<Esc>", "`Esc`"),
            ("Ctrl-Foo", "Ctrl-R"),
            ("Dwon", "`Down`"),
        ];
        for (word, hint) in hints {
            let said = parse(&format!("n {word} s")).unwrap_err();
            assert!(said.starts_with(&format!("`{word}` is no key")) && said.contains(hint), "{said}");
        }
        for (text, count) in
            [("10n", 3), (":break", 6), ("NNs", 3), ("Sn", 2), ("<>", 2), ("x1.grad>1", 9), ("Ctrl-R", 1)]
        {
            assert_eq!(parse(text).unwrap().len(), count, "{text}");
        }
    }

    #[test]
    fn every_action_has_a_name_for_the_prompt() {
        for row in TABLE.iter().filter(|row| row.modes.contains(&Steps) && row.action != Action::Accept) {
            assert!(NAMED.iter().any(|(_, action)| *action == row.action), "{:?} has none", row.keys);
        }
    }
}
