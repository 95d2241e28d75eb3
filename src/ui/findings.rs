use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::frame::window;
use super::text::{pad, put, wrap};
use super::theme::Look;
use crate::app::App;
use crate::debugger::findings::Finding;

/// The list of what went wrong in the whole run, in the order of steps; below it the selected one in full, and what came
/// out otherwise than the scenario says.
pub fn paint(app: &App, at: usize, look: &Look, area: Rect, buffer: &mut Buffer) {
    let findings = app.debugger.findings();
    let below = below(app, findings.get(at), look, area);
    let lines = findings.len().max(1) + below.len().max(7);
    let first = findings.iter().find(|finding| finding.kind.is_fault());
    let first = first.map_or(String::new(), |fault| format!(" · the first fault is at step {}", fault.step));
    let more = match app.debugger.found().more.len() {
        0 => String::new(),
        more => format!(" · {more} more are not listed"),
    };
    let height = u16::try_from(lines + 1).unwrap_or(u16::MAX).max(12);
    let inside = window(look, &format!("findings{first}{more}"), (WIDTH, height), area, buffer);
    if inside.is_empty() {
        return;
    }
    let rows = u16::try_from(below.len() + 1).unwrap_or(u16::MAX).min(inside.height.saturating_sub(2));
    let list = if findings.is_empty() { 0 } else { inside.height - rows };
    paint_list(app, at, look, Rect { height: list, ..inside }, buffer);
    let top = if findings.is_empty() { inside.y } else { inside.y + list + 1 };
    for (y, (line, style)) in (top..inside.bottom()).zip(&below) {
        put(buffer, inside.x, y, line, inside.width, *style);
    }
}

const WIDTH: u16 = 96;

fn paint_list(app: &App, at: usize, look: &Look, area: Rect, buffer: &mut Buffer) {
    let findings = app.debugger.findings();
    let top = super::list::first_row(at, usize::from(area.height), findings.len());
    for (y, (index, finding)) in (area.y..area.bottom()).zip(findings.iter().enumerate().skip(top)) {
        let (sign, style) = match (finding.kind.is_fault(), finding.step <= app.debugger.step) {
            _ if index == at => (if finding.kind.is_fault() { "✗" } else { "·" }, look.theme.here),
            (true, true) => ("✗", look.theme.wrong),
            (false, true) => ("·", look.theme.plain),
            (_, false) => ("·", look.theme.dim),
        };
        let names: Vec<String> = finding.values.iter().take(3).map(|&v| app.debugger.introduced(v)).collect();
        let text = format!(" {sign} step {:<6} {:<12} {}", finding.step, finding.kind.name(), names.join(", "));
        put(buffer, area.x, y, &pad(&text, usize::from(area.width)), area.width, style);
    }
}

/// The selected finding in full, or that there is none; what came out otherwise.
fn below(app: &App, selected: Option<&Finding>, look: &Look, area: Rect) -> Vec<(String, Style)> {
    let otherwise = otherwise(app, usize::from(area.height));
    let (plain, done) = (look.theme.plain, look.theme.done);
    let mut texts = match selected {
        Some(finding) => {
            vec![(format!("{}.", finding.message), plain), (String::new(), plain), (advice(finding), plain)]
        }
        None if otherwise.is_empty() => vec![("✓ nothing went wrong in this run".into(), done)],
        None => vec![("nothing went wrong in this run, but it does not come out as expected:".into(), plain)],
    };
    if selected.is_some() && !otherwise.is_empty() {
        texts.push((String::new(), plain));
    }
    texts.extend(otherwise.into_iter().map(|other| (other, look.theme.wrong)));
    let cells = usize::from(area.width.min(WIDTH + 4)).saturating_sub(4);
    let wrapped = |(text, style): (String, Style)| wrap(&text, cells, 0).into_iter().map(move |line| (line, style));
    texts.into_iter().flat_map(wrapped).collect()
}

/// What came out otherwise: as much of it as may fit, and how much it is where that is not all.
fn otherwise(app: &App, most: usize) -> Vec<String> {
    let unmet = app.debugger.unmet();
    let others = app.debugger.other_findings();
    let told = unmet.listed.iter().take(most).chain(&others).map(|other| format!("✗ {}", other.sentence()));
    let all = unmet.count();
    let more = (all > most).then(|| format!("✗ {all} do not come out as expected, among them:"));
    more.into_iter().chain(told).collect()
}

/// What to do about it. What is no fault needs no cure.
fn advice(finding: &Finding) -> String {
    if finding.kind.is_fault() {
        return format!("Cure: {}.", finding.cure);
    }
    let (first, rest) = finding.cure.split_at(finding.cure.chars().next().map_or(0, char::len_utf8));
    format!("{}{rest}.", first.to_uppercase())
}
