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
