//! Bytes from a terminal into keys, one byte at a time.
//!
//! Only what terminals send without being asked for more: legacy keys with xterm's modifiers,
//! the mouse, bracketed paste. Sequences that are not known are swallowed whole, so that no part
//! of one is ever taken for a key: a terminal may still answer what another program has asked it.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{Input, mouse};
use keys::{letter_key, modifiers, numbered_key};

mod keys;

const ESCAPE: u8 = 0x1b;
const BELL: u8 = 0x07;
const PASTE_ENDS: &[u8] = b"\x1b[201~";
/// What is longer than this is no key, but noise: of its middle no more is kept.
const LONGEST_SEQUENCE: usize = 64;
/// What is pasted beyond this is dropped.
const LONGEST_PASTE: usize = 1 << 20;
/// In the middle of something long, fewer bytes than these break no silence: more than come of a held key in the
/// time after which it is given up, and less than the slowest line brings.
const A_TRICKLE: usize = 100;

/// A decoder between two bytes.
#[derive(Debug, Default)]
pub struct Decoder {
    /// The beginning of a key: a bare escape, `ESC [ 1 ;`, half a UTF-8 character; or of what is none.
    begun: Vec<u8>,
    /// What has been pasted so far, while the end of it has not come.
    pasting: Option<Vec<u8>>,
    /// Bytes of something long since the silence was last broken.
    trickled: usize,
}

impl Decoder {
    /// Takes one byte in. One byte can complete two keys: an escape was one after all.
    pub fn push(&mut self, byte: u8) -> impl Iterator<Item = Input> + use<> {
        self.trickled = if self.is_long() { self.trickled + 1 } else { A_TRICKLE };
        let (first, second) = if self.pasting.is_some() { (self.paste(byte), None) } else { self.key(byte) };
        first.into_iter().chain(second)
    }

    /// Whether what was pushed has broken the silence. A person who types into a paste whose end was lost does not: else
    /// it would never be given up.
    pub fn was_heard(&mut self) -> bool {
        let heard = self.trickled >= A_TRICKLE;
        if heard {
            self.trickled = 0;
        }
        heard
    }

    /// How long to wait for the rest of what has begun, after this long a silence.
    pub fn patience(&self, silence: Duration) -> Option<Duration> {
        Some(self.limit()?.saturating_sub(silence))
    }

    /// After this long a silence, what has begun is all there is.
    pub fn give_up(&mut self, silence: Duration) -> Option<Input> {
        if self.limit().is_none_or(|limit| silence < limit) {
            return None;
        }
        if let Some(text) = self.pasting.take() {
            return Some(pasted(&text));
        }
        match std::mem::take(&mut self.begun)[..] {
            [ESCAPE] => Some(key(KeyCode::Esc, KeyModifiers::NONE)),
            [ESCAPE, byte] => plain(byte).map(|key| with(key, KeyModifiers::ALT)),
            // An escape that did not end an answer begins something of its own.
            [ESCAPE, _, ESCAPE] => {
                self.begun.push(ESCAPE);
                None
            }
            _ => None,
        }
    }

    /// A key's bytes come together, but a slow line may cut what is long anywhere.
    fn limit(&self) -> Option<Duration> {
        match self.begun.as_slice() {
            _ if self.is_long() => Some(Duration::from_secs(2)),
            [] => None,
            _ => Some(Duration::from_millis(50)),
        }
    }

    /// Whether it is in the middle of a paste or of an answer.
    fn is_long(&self) -> bool {
        self.pasting.is_some() || self.begun.len() > 2 && is_answer(&self.begun)
    }

    fn paste(&mut self, byte: u8) -> Option<Input> {
        let text = self.pasting.as_mut()?;
        if text.len() == LONGEST_PASTE {
            // Room for the end, which is all that still counts.
            text.remove(LONGEST_PASTE - PASTE_ENDS.len());
        }
        text.push(byte);
        if !text.ends_with(PASTE_ENDS) {
            return None;
        }
        text.truncate(text.len() - PASTE_ENDS.len());
        self.pasting.take().map(|text| pasted(&text))
    }

    fn key(&mut self, byte: u8) -> (Option<Input>, Option<Input>) {
        let mut before = None;
        while !self.continues(byte) {
            before = before.or(self.give_up(Duration::MAX));
        }
        self.begin_with(byte);
        if !is_whole(&self.begun) {
            return (before, None);
        }
        let bytes = std::mem::take(&mut self.begun);
        if bytes == b"\x1b[200~" {
            self.pasting = Some(Vec::new());
        }
        (before, meaning(&bytes))
    }

    /// Whether this byte can be the next one of what has begun.
    fn continues(&self, byte: u8) -> bool {
        match self.begun.as_slice() {
            [] | [ESCAPE, b'[', b'M', ..] => true,
            [ESCAPE] => byte >= b' ',
            [ESCAPE, b'[' | b'O', ..] => (0x20..0x7f).contains(&byte),
            answer if is_answer(answer) => goes_on(answer, byte),
            // Half a UTF-8 character, maybe after an escape.
            _ => byte & 0xc0 == 0x80,
        }
    }

    /// Keeps a byte, as far as it counts: of an answer how it began and what came last, of noise how long it is.
    fn begin_with(&mut self, byte: u8) {
        match (self.begun.as_slice(), byte) {
            // Old terminals have one byte for each of the two that others begin with.
            ([], 0x8f | 0x9b) => self.begun.extend([ESCAPE, byte - 0x40]),
            ([], 0x90 | 0x98 | 0x9d..=0x9f) => self.begun.extend([ESCAPE, byte]),
            (answer, _) if is_answer(answer) && !answer.ends_with(&[ESCAPE]) => {
                self.begun.truncate(2);
                self.begun.push(byte);
            }
            (long, _) if long.len() == LONGEST_SEQUENCE => self.begun[LONGEST_SEQUENCE - 1] = byte,
            _ => self.begun.push(byte),
        }
    }
}

/// Whether it begins as terminals begin their answers: `ESC P`, `ESC X`, `ESC ]`, `ESC ^` or `ESC _`, then any text.
fn is_answer(bytes: &[u8]) -> bool {
    matches!(bytes, [ESCAPE, b'P' | b'X' | b']' | b'^' | b'_' | 0x90 | 0x98 | 0x9d..=0x9f, ..])
}

/// Whether a byte is still of an answer. Control characters are of none, except where they end it: they are keys.
fn goes_on(answer: &[u8], byte: u8) -> bool {
    match answer {
        [_, _, ESCAPE] => byte == b'\\',
        _ => byte >= b' ' || matches!(byte, BELL | ESCAPE),
    }
}

/// An answer ends with a bell or `ESC \`, and where it began with one byte in place of two, with one.
fn is_answered(answer: &[u8]) -> bool {
    matches!(answer, [_, _, BELL] | [_, _, ESCAPE, b'\\'] | [_, 0x80..=0xff, 0x9c])
}

/// Whether this is all of a key, a click or a character.
fn is_whole(bytes: &[u8]) -> bool {
    match bytes {
        // Two brackets begin the Linux console's function keys, `M` the mouse before SGR.
        [ESCAPE] | [ESCAPE, b'[' | b'O'] | [ESCAPE, b'[', b'['] => false,
        [ESCAPE, b'[', b'M', place @ ..] => place.len() == 3,
        [ESCAPE, b'[', .., last] => (0x40..0x7f).contains(last),
        [ESCAPE, b'O', ..] => true,
        answer if is_answer(answer) => is_answered(answer),
        [ESCAPE, character @ ..] | character => character.len() >= width(character[0]),
    }
}

/// How many bytes a UTF-8 character has that begins so. One that cannot begin so is read alone.
fn width(first: u8) -> usize {
    match first {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => 1,
    }
}

fn meaning(bytes: &[u8]) -> Option<Input> {
    match bytes {
        noise if noise.len() == LONGEST_SEQUENCE || is_answer(noise) => None,
        [ESCAPE, b'[', b'[', letter @ b'A'..=b'E'] => Some(key(KeyCode::F(letter - b'A' + 1), KeyModifiers::NONE)),
        [ESCAPE, b'[', b'M', button, column, row] => mouse::old(*button, *column, *row),
        [ESCAPE, b'[', b'<', place @ .., last] => mouse::sgr(place, *last),
        [ESCAPE, b'[', numbers @ .., last] => sequence(numbers, *last),
        [ESCAPE, b'O', letter] => letter_key(*letter).map(|code| key(code, KeyModifiers::NONE)),
        [ESCAPE, character @ ..] => text(character).map(|key| with(key, KeyModifiers::ALT)),
        character => text(character),
    }
}

/// `ESC [ numbers last`: the first number is the key where `last` is `~`, the second holds
/// one more than the modifiers' bits.
fn sequence(numbers: &[u8], last: u8) -> Option<Input> {
    let numbers = str::from_utf8(numbers).ok()?;
    let mut numbers = numbers.split(';').filter(|number| !number.is_empty()).map(str::parse::<u8>);
    let first = numbers.next().transpose().ok()?;
    let modifiers = numbers.next().transpose().ok()?.map_or(KeyModifiers::NONE, modifiers);
    match last {
        b'~' => Some(key(numbered_key(first?)?, modifiers)),
        b'Z' => Some(key(KeyCode::BackTab, modifiers | KeyModifiers::SHIFT)),
        // Beside their modifiers letters have the number 1, and an answer like `ESC [ 24 ; 80 R` another.
        letter if first.is_none_or(|first| first == 1) => Some(key(letter_key(letter)?, modifiers)),
        _ => None,
    }
}

fn text(bytes: &[u8]) -> Option<Input> {
    if let [byte] = bytes {
        return plain(*byte);
    }
    let character = str::from_utf8(bytes).ok()?.chars().next()?;
    Some(character_key(character))
}

/// A byte by itself: control characters are what Ctrl made of a letter.
fn plain(byte: u8) -> Option<Input> {
    let control = |character: u8| key(KeyCode::Char(character.into()), KeyModifiers::CONTROL);
    Some(match byte {
        b'\r' => key(KeyCode::Enter, KeyModifiers::NONE),
        b'\t' => key(KeyCode::Tab, KeyModifiers::NONE),
        0x7f => key(KeyCode::Backspace, KeyModifiers::NONE),
        0 => control(b' '),
        1..=26 => control(byte - 1 + b'a'),
        28..=31 => control(byte - 28 + b'4'),
        b' '..=b'~' => character_key(byte.into()),
        _ => return None,
    })
}

fn character_key(character: char) -> Input {
    let shift = if character.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
    key(KeyCode::Char(character), shift)
}

fn key(code: KeyCode, modifiers: KeyModifiers) -> Input {
    Input::Key(KeyEvent::new(code, modifiers))
}

fn with(input: Input, more: KeyModifiers) -> Input {
    match input {
        Input::Key(KeyEvent { code, modifiers, .. }) => key(code, modifiers | more),
        other => other,
    }
}

/// Terminals send a pasted line end as the Enter key would: `\r`.
fn pasted(bytes: &[u8]) -> Input {
    let text = String::from_utf8_lossy(bytes);
    Input::Paste(text.replace("\r\n", "\n").replace('\r', "\n"))
}

#[cfg(test)]
mod tests;
