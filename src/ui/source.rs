use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::frame::{self, pane};
use super::text::{cut, put, wrap};
use super::theme::Look;
use crate::app::{App, Pane};
use crate::debugger::quote::{Line, Mark, Tone};

/// Pane 4: what just ran, as source, and the same with the numbers in it.
pub fn paint(app: &App, look: &Look, area: Rect, buffer: &mut Buffer) {
    let mut quote = app.debugger.quote();
    if app.predict.is_some() {
        // What runs next is what is asked for.
        quote.lines.retain(|line| !line.text.starts_with("n: run") && !line.text.starts_with("s: only"));
    }
    let inside = pane(app, look, Pane::Source, &quote.title, area, buffer);
    if inside.is_empty() {
        return;
    }
    let rows = fit(quote.lines, inside);
    for (y, row) in (inside.y..inside.bottom()).zip(&rows) {
        paint_row(look, row, Rect { y, height: 1, ..inside }, buffer);
    }
    let hidden = rows.len().saturating_sub(usize::from(inside.height));
    if hidden > 0 {
        let lines = if hidden == 1 { "line" } else { "lines" };
        let how = if area.width < buffer.area.width { ": m" } else { "" };
        frame::below(look, &format!("… {hidden} more {lines}{how}"), area, buffer);
    }
}

/// A row of the pane: a line, or a part of one.
struct Row {
    mark: Mark,
    text: String,
    result: String,
    tone: Tone,
}

/// The lines in as many rows as there are. What matters least goes first: room between paragraphs, lines that only
/// orient, lines with names where the same line stands with numbers.
fn fit(mut lines: Vec<Line>, area: Rect) -> Vec<Row> {
    let cells = usize::from(area.width).saturating_sub(3);
    if lines.iter().any(|line| line.tone == Tone::Source && line.text.width() > cells) {
        for line in &mut lines {
            indent_half(&mut line.text);
        }
    }
    let reductions: [fn(&mut Vec<Line>); 4] = [
        |lines| drop(lines.remove(0)),
        |lines| lines.retain(|line| line.tone != Tone::Blank),
        without_names,
        |lines| lines.retain(|line| line.tone != Tone::Context),
    ];
    let mut rows = in_rows(&lines, cells);
    for reduce in reductions {
        if rows.len() <= usize::from(area.height) || lines.is_empty() {
            break;
        }
        if reduce as usize == reductions[0] as usize && lines[0].tone != Tone::Context {
            continue;
        }
        reduce(&mut lines);
        rows = in_rows(&lines, cells);
    }
    rows
}

/// Where Python's indent takes too much room, half of it still tells what is inside of what.
fn indent_half(text: &mut String) {
    let indent = text.len() - text.trim_start().len();
    drop(text.drain(..indent.div_ceil(2)));
}

/// Drops each line with names that is followed by the same with numbers, which takes over its mark.
fn without_names(lines: &mut Vec<Line>) {
    for at in 1..lines.len() {
        if lines[at].tone == Tone::Numbers && lines[at - 1].tone == Tone::Names {
            lines[at].mark = lines[at - 1].mark;
        }
    }
    let mut numbered = lines.windows(2).map(|pair| pair[0].tone == Tone::Names && pair[1].tone == Tone::Numbers);
    let drop: Vec<bool> = (0..lines.len()).map(|_| numbered.next().unwrap_or(false)).collect();
    let mut drop = drop.into_iter();
    lines.retain(|_| !drop.next().unwrap_or(false));
}

fn in_rows(lines: &[Line], cells: usize) -> Vec<Row> {
    lines.iter().flat_map(|line| row_of(line, cells)).collect()
}

/// A line in rows: the result stands on a row of its own, to the right, where the line is too long for it.
fn row_of(line: &Line, cells: usize) -> Vec<Row> {
    let row = |mark, text: String, result: String| Row { mark, text, result, tone: line.tone };
    if line.text.width() + line.result.width() <= cells {
        return vec![row(line.mark, line.text.clone(), line.result.clone())];
    }
    // The line after a sentence may be another one.
    let parts = wrap(&line.text, cells, if line.tone == Tone::Words { 2 } else { 4 });
    let mut rows: Vec<Row> = parts
        .into_iter()
        .enumerate()
        .map(|(at, part)| row(if at == 0 { line.mark } else { Mark::None }, part, String::new()))
        .collect();
    match rows.last_mut() {
        Some(last) if last.text.width() + line.result.width() <= cells => last.result.clone_from(&line.result),
        _ => {
            let result = cut(line.result.trim_start(), cells).into_owned();
            let indent = cells.saturating_sub(result.width());
            rows.push(row(Mark::None, " ".repeat(indent), result));
        }
    }
    rows
}

fn paint_row(look: &Look, row: &Row, area: Rect, buffer: &mut Buffer) {
    let (sign, style) = styled(look, row);
    put(buffer, area.x + 1, area.y, sign, 1, style);
    let x = area.x + 3;
    let x = put(buffer, x, area.y, &row.text, area.right().saturating_sub(x), style);
    put(buffer, x, area.y, &row.result, area.right().saturating_sub(x), look.theme.flow);
}

fn styled(look: &Look, row: &Row) -> (&'static str, Style) {
    let theme = look.theme;
    match row.mark {
        Mark::Wrong => ("✗", theme.wrong),
        Mark::Note => ("△", theme.strong),
        Mark::Here if row.tone == Tone::Source => ("▶", theme.flow),
        Mark::Here => ("▶", theme.strong),
        Mark::Done if row.tone == Tone::Source => ("✓", theme.done),
        Mark::Done => ("✓", theme.plain),
        Mark::Next => ("·", theme.dim),
        Mark::None if row.tone == Tone::Context => (" ", theme.dim),
        Mark::None => (" ", theme.plain),
    }
}
