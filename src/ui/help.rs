use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::frame::{window, window_height};
use super::text::{put, wrap};
use super::theme::Look;
use crate::app::command::COMMANDS;
use crate::keymap::{Kind, TABLE};

/// What the signs on the screen mean.
const SIGNS: &[(&str, &str)] = &[
    ("▶", "what just ran: its line, its node"),
    ("✓", "has run"),
    ("◆", "its grad is final: every use has passed its share back, so its _backward may run"),
    ("◐", "some of its uses have passed their share back; it still waits for others"),
    ("·", "nothing has arrived yet; of data: not computed yet"),
    ("↺", "its grad is from an earlier pass"),
    ("-", "no root is made of it: never reached"),
    ("●", "a breakpoint: stops before its _backward, or after a write to it; ○ switched off"),
    ("~", "another number than in the run before the last edit"),
    ("◀", "a number that was written in this step, from → to"),
    ("›", "the value you selected"),
    ("✗", "something is wrong, in words beside it or in pane 4"),
    ("△", "worth a remark, though no fault, in words beside it"),
    ("━━━━━───", "|grad| on a logarithmic scale: half a cell a factor of 10, five cells are 1"),
    ("0  ✗ NaN", "a grad that is exactly 0, or no number: no bar can show it"),
    ("(+)▶  (+)◀", "graph: an op and the value it made; ◀ while gradient flows back through it"),
    ("├ ┬ ┴", "graph: wires of one value part, or the operands of one op meet; ┼ two values only cross"),
    ("━ ┃", "graph: the edges that the step which just ran went along"),
    ("…(+)  +9 more", "graph: operands of an op, uses of a value, that are not drawn"),
    ("○ ◉ ● ◎ ×", "graph, as dots: waits, runs, has run, on the call stack, never reached"),
];

/// What may be typed after `:` beside the commands of the table.
const STATEMENTS: &[(&str, &str)] = &[
    ("12", "go to step 12; +3 three steps on, -3 back"),
    ("next 3", "any action by its name, with a count"),
    ("x1.grad", "what an expression is worth here"),
    ("x1.data = 3.0", "a statement is put into the script here, and everything runs again"),
    ("n._backward()", "calls it now; o.backward() is a whole pass"),
    ("zero_grad()", "every grad becomes 0; forward() computes every value again"),
    ("assert x1.grad == -1.5", "is it so?"),
];

const WORDS: &[&str] = &[
    "The screen shows what just ran, not what is about to: one slide a key.",
    "self and other are the operands of an op, out is what it made.",
    "Python's _prev is a set without an order; here operands are visited left to right.",
    "A count before a key that moves, or before u, is how often: 10n. 12G goes to step 12.",
    "The mouse selects a value in the lists and in the graph, scrolls, and goes to a place on the time line.",
];

/// Cells of the text, of the column of keys and signs in it, and of that of commands.
const WIDTH: u16 = 78;
const LEFT: usize = 16;
const COMMAND: usize = 34;

/// A row: what stands on the left, and what it means; or a title.
enum Row {
    Title(&'static str),
    Pair(String, String, usize),
}

/// How far it can be scrolled on a screen of that size.
pub fn most(area: Rect) -> usize {
    let width = WIDTH.min(area.width.saturating_sub(4));
    let count = rows(usize::from(width)).len();
    count.saturating_sub(usize::from(window_height(count, area)))
}

/// The keys and the commands, from their tables, then the signs.
pub fn paint(scroll: usize, look: &Look, area: Rect, buffer: &mut Buffer) {
    let rows = rows(usize::from(WIDTH.min(area.width.saturating_sub(4))));
    let scroll = scroll.min(most(area));
    let height = u16::try_from(rows.len()).unwrap_or(u16::MAX);
    let hidden = rows.len().saturating_sub(scroll + usize::from(window_height(rows.len(), area)));
    let below = if hidden > 0 { format!(" · {hidden} more lines below") } else { String::new() };
    let title = format!("help · ↑ ↓ Space scroll · Esc closes{below}");
    let inside = window(look, &title, (WIDTH, height), area, buffer);
    for (y, row) in (inside.y..inside.bottom()).zip(rows.iter().skip(scroll)) {
        match row {
            Row::Title(title) => {
                put(buffer, inside.x, y, title, inside.width, look.theme.strong);
            }
            Row::Pair(left, right, column) => {
                let x = put(buffer, inside.x, y, left, inside.width, look.theme.flow);
                let column = u16::try_from(*column).unwrap_or(0) + inside.x;
                let x = column.max(if left.is_empty() { x } else { x + 1 });
                put(buffer, x, y, right, inside.right().saturating_sub(x), look.theme.plain);
            }
        }
    }
}

fn rows(cells: usize) -> Vec<Row> {
    let keys = TABLE.iter().filter(|row| row.modes.contains(&Kind::Steps));
    let mut rows: Vec<Row> = keys.flat_map(|row| pair(row.keys.join(" "), row.help, LEFT, cells)).collect();
    rows.extend([gap(), Row::Title("Typed after `:`")]);
    rows.extend(COMMANDS.iter().flat_map(|command| {
        pair(format!("{} {}", command.names.join(", "), command.arguments), command.help, COMMAND, cells)
    }));
    rows.extend(STATEMENTS.iter().flat_map(|(text, help)| pair((*text).to_owned(), help, COMMAND, cells)));
    rows.extend([gap(), Row::Title("Signs")]);
    rows.extend(SIGNS.iter().flat_map(|(sign, help)| pair((*sign).to_owned(), help, LEFT, cells)));
    rows.push(gap());
    rows.extend(WORDS.iter().flat_map(|text| pair(String::new(), text, 0, cells)));
    rows
}

fn gap() -> Row {
    Row::Pair(String::new(), String::new(), 0)
}

/// A row and, where what is said takes more room, those below it.
fn pair(left: String, right: &str, column: usize, cells: usize) -> Vec<Row> {
    let mut left = Some(left);
    let lines = wrap(right, cells.saturating_sub(column).max(10), 0);
    lines.into_iter().map(|line| Row::Pair(left.take().unwrap_or_default(), line, column)).collect()
}
