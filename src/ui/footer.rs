use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::text::put;
use super::theme::Look;
use crate::app::App;
use crate::keymap::{Kind, Row, TABLE};

/// The keys that lead out of being lost; they are the last to go.
const KEPT: [&str; 3] = ["node", "help", "quit"];
/// The hint of the key that shows more, where there is more.
const MORE: &str = "more";

/// What the last action had to say; else the keys that matter most. `scrolls` is whether there is more of what lies over
/// the panes than is in view.
pub fn paint(app: &App, look: &Look, area: Rect, scrolls: bool, buffer: &mut Buffer) {
    if let Some(message) = &app.message {
        let style = if message.wrong { look.theme.wrong } else { look.theme.flow };
        let sign = if message.wrong { "✗ " } else { "" };
        put(buffer, area.x + 1, area.y, &format!("{sign}{}", message.text), area.width.saturating_sub(1), style);
        return;
    }
    let mut x = area.x;
    if app.count > 0 {
        let count = if app.count == 1 { " once: ".to_owned() } else { format!(" {} times: ", app.count) };
        x = put(buffer, x, area.y, &count, area.width, look.theme.flow);
    }
    if app.play.on {
        let playing = format!(" ▶ plays, every {}: < slower  > faster  p pause  ", app.play.every());
        x = put(buffer, x, area.y, &playing, area.width, look.theme.flow);
    }
    for row in hints(app, scrolls, area.right().saturating_sub(x)) {
        x = put(buffer, x, area.y, &format!(" {} ", shown(row)), area.right().saturating_sub(x), look.theme.key);
        let hint = format!(" {} ", row.hint.unwrap_or_default());
        x = put(buffer, x, area.y, &hint, area.right().saturating_sub(x), look.theme.plain);
    }
}

/// The hints of the mode that fit, in the order of the table, dropped from the right.
fn hints(app: &App, scrolls: bool, room: u16) -> Vec<&'static Row> {
    let kind = Kind::of(&app.mode);
    let hinted = TABLE.iter().filter(|row| row.modes.contains(&kind) && row.hint.is_some());
    let mut hints: Vec<&Row> = hinted.filter(|row| scrolls || row.hint != Some(MORE)).collect();
    while hints.iter().map(|row| width(row)).sum::<usize>() > usize::from(room) {
        let Some(last) = hints.iter().rposition(|row| !KEPT.contains(&row.hint.unwrap_or_default())) else { break };
        hints.remove(last);
    }
    hints
}

fn width(row: &Row) -> usize {
    shown(row).width() + row.hint.unwrap_or_default().width() + 4
}

fn shown(row: &Row) -> &'static str {
    row.keys[0]
}
