use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

/// How the screen looks: colours, and whether only ASCII may be used.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    pub theme: &'static Theme,
    pub ascii: bool,
}

/// Colours and attributes by meaning. Hue is never alone: whatever it tells, a symbol or an attribute tells as well.
#[derive(Debug)]
pub struct Theme {
    /// A gradient that flows or has just changed.
    pub flow: Style,
    /// Where the cursor is.
    pub here: Style,
    /// What has run.
    pub done: Style,
    /// What has not been reached, and what is only there to orient.
    pub dim: Style,
    /// What is wrong. Never without a sign and words.
    pub wrong: Style,
    pub plain: Style,
    pub strong: Style,
    /// The frame of a pane; that of the focused one.
    pub frame: Style,
    pub focus: Style,
    pub key: Style,
}

const fn fg(color: Color) -> Style {
    Style::new().fg(color)
}

/// The terminal's own sixteen colours, so that they follow the user's palette, light or dark.
pub const COLOUR: Theme = Theme {
    flow: fg(Color::Yellow).add_modifier(Modifier::BOLD),
    here: Style::new().add_modifier(Modifier::REVERSED.union(Modifier::BOLD)),
    done: fg(Color::Cyan),
    dim: fg(Color::DarkGray),
    wrong: fg(Color::LightRed).add_modifier(Modifier::BOLD),
    plain: Style::new(),
    strong: Style::new().add_modifier(Modifier::BOLD),
    frame: fg(Color::DarkGray),
    focus: Style::new(),
    key: Style::new().add_modifier(Modifier::REVERSED),
};

/// Without colour: bold, dim and reverse only.
pub const PLAIN: Theme = Theme {
    flow: Style::new().add_modifier(Modifier::BOLD),
    here: Style::new().add_modifier(Modifier::REVERSED.union(Modifier::BOLD)),
    done: Style::new(),
    dim: Style::new().add_modifier(Modifier::DIM),
    wrong: Style::new().add_modifier(Modifier::BOLD),
    plain: Style::new(),
    strong: Style::new().add_modifier(Modifier::BOLD),
    frame: Style::new().add_modifier(Modifier::DIM),
    focus: Style::new(),
    key: Style::new().add_modifier(Modifier::REVERSED),
};

impl Default for Look {
    fn default() -> Self {
        Self { theme: &COLOUR, ascii: false }
    }
}

/// What stands for each sign where only ASCII may.
const ASCII: &[(&str, &str)] = &[
    ("╭╮┌┐", "."),
    ("╰╯└┘", "'"),
    ("─", "-"),
    ("│", "|"),
    ("├┤┬┴", "+"),
    ("━╸", "="),
    ("┃┏┓┗┛┣┫┳┻╋", "#"),
    ("▶›▸", ">"),
    ("◀", "<"),
    ("✓", "x"),
    ("✗", "!"),
    ("·", "."),
    ("●", "*"),
    ("○", "o"),
    ("◐", "g"),
    ("◉", "@"),
    ("◆", "&"),
    ("◎", "O"),
    ("×", "x"),
    ("↺", "%"),
    ("→", ">"),
    ("←", "<"),
    ("↑", "^"),
    ("↓", "v"),
    ("…", "~"),
];

/// Puts an ASCII sign in place of every other. Names and labels may still hold what they like, a `?` in its place.
pub fn to_ascii(buffer: &mut Buffer, area: Rect) {
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right() {
            let cell = &mut buffer[(x, y)];
            let symbol = cell.symbol();
            if !symbol.is_ascii() {
                let known = ASCII.iter().find(|(signs, _)| signs.contains(symbol));
                let of_graph = || symbol.chars().next().map(super::graph::to_ascii).filter(char::is_ascii);
                let sign = known.and_then(|(_, sign)| sign.chars().next()).or_else(of_graph);
                cell.set_char(sign.unwrap_or('?'));
            }
        }
    }
}
