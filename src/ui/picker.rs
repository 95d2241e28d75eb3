use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::frame::window;
use super::list::first_row;
use super::text::{put, wrap};
use super::theme::Look;
use crate::app::{App, Picker, PickerRow};

/// The list of scenarios in their groups; below it, what the selected one is about.
pub fn paint(app: &App, picker: &Picker, look: &Look, area: Rect, buffer: &mut Buffer) {
    let rows = Picker::rows();
    let height = u16::try_from(rows.len() + 6).unwrap_or(u16::MAX);
    let inside = window(look, "scenarios · ↑ ↓ choose · Enter opens · Esc closes", (76, height), area, buffer);
    let mut about = wrap(&picker.selected().about(), usize::from(inside.width), 0);
    if app.is_edited() {
        about.insert(0, "Your edits will be dropped: `:w FILE` keeps them.".into());
    }
    let list_height = inside.height.saturating_sub(u16::try_from(about.len() + 1).unwrap_or(0).min(inside.height / 2));
    let at =
        rows.iter().position(|row| matches!(row, PickerRow::Scenario(_, place) if *place == picker.at)).unwrap_or(0);
    let top = first_row(at, usize::from(list_height), rows.len());
    for (y, (index, row)) in (inside.y..inside.y + list_height).zip(rows.iter().enumerate().skip(top)) {
        match row {
            PickerRow::Group(title) => put(buffer, inside.x, y, title, inside.width, look.theme.strong),
            PickerRow::Scenario(entry, _) => {
                let (mark, style) = if index == at { ("▶", look.theme.here) } else { (" ", look.theme.plain) };
                let text = format!(" {mark} {:<22} {}", entry.name, entry.title());
                put(buffer, inside.x, y, &super::text::pad(&text, usize::from(inside.width)), inside.width, style)
            }
        };
    }
    let rows = usize::from(inside.height.saturating_sub(list_height + 1));
    if about.len() > rows && rows > 0 {
        about[rows - 1].push_str(" …");
    }
    for (y, line) in (inside.y + list_height + 1..inside.bottom()).zip(&about) {
        put(buffer, inside.x, y, line, inside.width, look.theme.plain);
    }
}
