//! What the mouse says, in the two notations that terminals use.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use super::Input;

/// xterm's SGR notation, `button;column;row` and `M` for a press, `m` for a release.
pub fn sgr(place: &[u8], last: u8) -> Option<Input> {
    let mut numbers = str::from_utf8(place).ok()?.split(';').map(|number| number.parse::<u16>().ok());
    let button = numbers.next()??;
    let (column, row) = (numbers.next()??, numbers.next()??);
    match last {
        b'M' => event(button, column, row, false),
        b'm' => event(button, column, row, true),
        _ => None,
    }
}

/// The notation from before, one byte each; it does not say which button was released.
pub fn old(button: u8, column: u8, row: u8) -> Option<Input> {
    let number = |byte: u8| u16::from(byte.saturating_sub(32));
    let (button, released) = match number(button) {
        button if button & 0b110_0011 == 3 => (button & !3, true),
        button => (button, false),
    };
    event(button, number(column), number(row), released)
}

/// The lowest two bits are the button, then come shift, alt, Ctrl, "moved" and "wheel". Places
/// count from 1.
fn event(bits: u16, column: u16, row: u16, released: bool) -> Option<Input> {
    let kind = match (bits & 0b1110_0011, released) {
        (button @ 0..=2, false) => MouseEventKind::Down(button_of(button)),
        (button @ 0..=2, true) => MouseEventKind::Up(button_of(button)),
        (button @ 32..=34, _) => MouseEventKind::Drag(button_of(button - 32)),
        (35, _) => MouseEventKind::Moved,
        (64, _) => MouseEventKind::ScrollUp,
        (65, _) => MouseEventKind::ScrollDown,
        (66, _) => MouseEventKind::ScrollLeft,
        (67, _) => MouseEventKind::ScrollRight,
        _ => return None,
    };
    let (column, row) = (column.saturating_sub(1), row.saturating_sub(1));
    Some(Input::Mouse(MouseEvent { kind, column, row, modifiers: modifiers(bits) }))
}

fn button_of(number: u16) -> MouseButton {
    match number {
        0 => MouseButton::Left,
        1 => MouseButton::Middle,
        _ => MouseButton::Right,
    }
}

fn modifiers(bits: u16) -> KeyModifiers {
    let of = |bit: u16, name| {
        if bits & bit == 0 { KeyModifiers::NONE } else { name }
    };
    of(4, KeyModifiers::SHIFT) | of(8, KeyModifiers::ALT) | of(16, KeyModifiers::CONTROL)
}
