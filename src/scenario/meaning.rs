use std::ops::Range;
use std::sync::Arc;

use super::build::Builder;
use super::source::no_memory;
use super::suggest::near_or_all;
use super::value_names::ValueNames;
use super::written::{Problem, Spot, Texts, Written, key};
use super::{Complaint, Expectation, Kind, Progress, Scenario, Source, Stage, exprs, file, script};
use crate::engine::history::History;
use crate::engine::plan::{Plan, Script, Segment, TooLarge};
use crate::engine::{Graph, ValueId};
use crate::formula::{Field, Trouble, Verb, quoted};

/// How close `expect` and `assert` want numbers to be where the file does not say: Python's `math.isclose`.
const TOLERANCE: f64 = 1e-9;

/// Reads a scenario.
///
/// # Errors
/// The first thing that is wrong with it, and where.
pub fn read(source: &Source) -> Result<Scenario, Complaint> {
    read_with(source, &Progress::default())
}

/// As [`read`], saying how far it has come.
///
/// # Errors
/// The same.
pub fn read_with(source: &Source, progress: &Progress) -> Result<Scenario, Complaint> {
    source.has_memory()?;
    progress.begin(Stage::Parsing, source.text.len() as u64);
    let written = if source.lines { exprs::parse(source) } else { file::parse(source, progress) }?;
    progress.begin(Stage::Building, written.values.len() as u64);
    let scenario = meaning(written, source, progress).map_err(|problem| problem.complaint(source))?;
    progress.begin(Stage::Running, 0);
    if scenario.has_memory() { Ok(scenario) } else { Err(no_memory(&source.name)) }
}

fn meaning(mut written: Written, source: &Source, progress: &Progress) -> Result<Scenario, Problem> {
    if written.values.is_empty() {
        let given = written.has_values;
        let spot = if given {
            Spot::Value(vec![key("values")])
        } else {
            Spot::Bytes(0..source.text.chars().next().map_or(0, char::len_utf8))
        };
        let (title, label) = match (source.lines, given) {
            (true, _) => ("the graph is empty", "expected a value, as in `a = 3`"),
            (_, true) => ("the graph is empty", "expected at least one value"),
            (_, false) => ("this scenario has no `values`", r#"expected `"values": { ... }`"#),
        };
        return Err(Problem::whole(spot, title, label));
    }
    let (title, about, tolerance) = (written.title.take(), written.about.take(), tolerance(&written)?);
    let (texts, expect) = (written.script.take(), std::mem::take(&mut written.expect));
    let findings = findings(written.findings.take())?;
    let root_name = written.root.take();
    let (graph, names) = Builder::build(written, source.text.len(), progress)?;
    let root = root(root_name.as_deref(), &graph, &names)?;
    let script = read_script(texts, &names, root)?;
    let expect = expect.iter().map(|(name, number)| expectation(name, *number, &names)).collect::<Result<_, _>>()?;
    fits(Scenario {
        file: source.name.clone(),
        title,
        about,
        graph: Arc::new(graph),
        names: Arc::new(names),
        root,
        script: Arc::new(script),
        expect,
        findings,
        tolerance,
        room: room(source.text.len()),
    })
}

fn findings(texts: Option<Texts>) -> Result<Option<Vec<Kind>>, Problem> {
    let Some(texts) = texts else { return Ok(None) };
    let kind = |(at, text): (usize, &str)| {
        Kind::from_name(text).ok_or_else(|| {
            let known = Kind::NAMES.iter().map(|row| row.1);
            let title = format!("there is no kind of finding called `{text}`");
            Problem::whole(texts.spot(at), title, "not a kind of finding").help(near_or_all(text, known))
        })
    };
    texts.iter().map(kind).collect::<Result<_, _>>().map(Some)
}

fn tolerance(written: &Written) -> Result<f64, Problem> {
    match written.tolerance {
        Some(tolerance) if tolerance < 0.0 => {
            let spot = Spot::Value(vec![key("tolerance")]);
            Err(Problem::whole(spot, "a tolerance cannot be negative", "expected 0 or more"))
        }
        tolerance => Ok(tolerance.unwrap_or(TOLERANCE)),
    }
}

/// The value that is named, or the last one that was made.
fn root(name: Option<&str>, graph: &Graph, names: &ValueNames) -> Result<ValueId, Problem> {
    let Some(name) = name else { return Ok(graph.ids().end - 1) };
    names.find(name).ok_or_else(|| {
        let trouble = no_value(name, 0..0, names);
        Problem { spot: Spot::Value(vec![key("root")]), trouble, within: false }
    })
}

fn read_script(texts: Option<Texts>, names: &ValueNames, root: ValueId) -> Result<Script, Problem> {
    let default = || {
        let mut texts = Texts::default();
        texts.strings.push(&format!("{}.backward()", quoted(names.name(root))));
        texts
    };
    script::read(&texts.unwrap_or_else(default), names)
}

/// How many bytes of memory recording the run of a file may take: enough for a thousand passes over some hundred values,
/// and for about ten over what a large file makes.
fn room(bytes: usize) -> u64 {
    (32 << 20) + 16 * bytes as u64
}

/// Refuses a script that there is no room for.
fn fits(scenario: Scenario) -> Result<Scenario, Problem> {
    let Scenario { graph, script, room, .. } = &scenario;
    let spot = Spot::Value(vec![key("script")]);
    if graph.lines() > u64::from(u32::MAX / 2) {
        return Err(Problem::whole(spot, "the rules of this graph have more than 2^31 lines", "too much to run"));
    }
    if most_bytes(graph, script) <= *room {
        return Ok(scenario);
    }
    let Err(TooLarge { statement }) = Plan::new(graph, script, graph.computed().set(), *room) else {
        return Ok(scenario);
    };
    let label = format!("there is no more room for statement {} of {}", statement + 1, script.len());
    let help = format!("every number that is written takes {} bytes: run fewer statements", History::BYTES_A_WRITE);
    Err(Problem::whole(spot, scenario.too_large(), label).help(Some(help)))
}

/// More than recording a script takes: no statement writes more than a number a value for each line of a `_backward`.
/// Enough to know of nearly every script, without planning it, that there is room for it.
pub(super) fn most_bytes(graph: &Graph, script: &Script) -> u64 {
    let values = graph.len() as u64;
    let of_all = |verb: &Verb<_, _>| matches!(verb, Verb::Backward(_) | Verb::ZeroGrad | Verb::Forward);
    let passes = script.iter().filter(|statement| of_all(&statement.verb)).count() as u64;
    let segments = (script.len() as u64 + 1) * 3 * size_of::<Segment>() as u64;
    let a_pass = (graph.lines() + values) * History::BYTES_A_WRITE + values * 2 * size_of::<ValueId>() as u64;
    let lines = graph.ops.iter().map(|op| op.lines.len()).max().unwrap_or(1).max(1) as u64;
    let calls = script.len() as u64 * (lines * History::BYTES_A_WRITE);
    segments.saturating_add(calls).saturating_add(passes.saturating_mul(a_pass))
}

/// `x1.grad`, and what it should be.
fn expectation(text: &str, number: f64, names: &ValueNames) -> Result<Expectation, Problem> {
    let spot = || Spot::Key(vec![key("expect"), key(text)]);
    let (name, field) = text.rsplit_once('.').unwrap_or((text, ""));
    // As `expect` has it, `x1*w1.grad`; or as a statement would.
    let bare = name.strip_prefix('`').and_then(|name| name.strip_suffix('`')).map(|name| name.replace("``", "`"));
    let Some(field) = Field::from_name(field) else {
        let title = format!("`{text}` does not say which number is expected");
        return Err(Problem::whole(spot(), title, "expected a name and `.data` or `.grad`"));
    };
    match names.find(name).or_else(|| names.find(bare.as_deref()?)) {
        Some(value) => Ok(Expectation { value, field, number }),
        None => Err(Problem {
            spot: spot(),
            trouble: no_value(bare.as_deref().unwrap_or(name), 0..0, names),
            within: false,
        }),
    }
}

/// A name that no value has, and the nearest that one has.
pub fn no_value(name: &str, span: Range<usize>, names: &ValueNames) -> Trouble {
    let trouble = Trouble::new(span, format!("there is no value `{name}`"), "not the name of a value");
    match near_or_all(name, names.iter()) {
        Some(help) => trouble.help(help),
        None => trouble,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two lines of one op, two values: a number a line, and each value's zero; the order, and who was visited.
    #[test]
    fn a_script_takes_a_number_a_line_and_three_stretches_a_statement() {
        let lines = ["a = 3", "b = a + a", "b.backward()", "b._backward()"].map(String::from);
        let scenario = read(&Source::of_lines(&lines)).expect("a scenario");
        let pass = (2 + 2) * History::BYTES_A_WRITE + (2 + 2) * 4;
        let statements = 3 * 3 * size_of::<Segment>() as u64 + 2 * 2 * History::BYTES_A_WRITE;
        assert_eq!(most_bytes(&scenario.graph, &scenario.script), pass + statements);
    }

    fn scenario(statements: &[&str]) -> Scenario {
        let lines: Vec<String> = ["a = 3", "b = a + a"].iter().chain(statements).map(ToString::to_string).collect();
        read(&Source::of_lines(&lines)).expect("a scenario")
    }

    /// The least room that a script can be planned in.
    fn needed(scenario: &Scenario) -> u64 {
        let fits =
            |room: u64| Plan::new(&scenario.graph, &scenario.script, scenario.graph.computed().set(), room).is_ok();
        let (mut small, mut large) = (0, 1 << 20);
        while large - small > 1 {
            let middle = u64::midpoint(small, large);
            (small, large) = if fits(middle) { (small, middle) } else { (middle, large) };
        }
        large
    }

    /// What each statement adds to the room that is needed, to what the history takes, and to what is kept of the scenario.
    #[test]
    fn room_is_for_stretches_and_for_writes() {
        let base = ["b.backward()", "a.data = 3"];
        let with = |statement: &str| scenario(&[&base[..], &[statement]].concat());
        let base = scenario(&base);
        let (room, history) = (needed(&base), base.run().history_bytes());
        // Another root: two stretches of one event each, which are no writes, and the order of one value in four numbers.
        let other = 3 * size_of::<Segment>() as u64 + 2 * History::BYTES_A_WRITE + 4 * 4;
        assert_eq!(needed(&with("a.backward()")) - room, other);
        // A backward pass: its seed, two lines, and a leaf that has none.
        for (statement, stretches, events, writes) in [
            ("assert a.grad == 2", 1, 0, 0),
            ("a.grad = 1", 1, 1, 1),
            ("a.data = 1", 1, 1, 1),
            ("b._backward()", 1, 2, 2),
            ("zero_grad()", 1, 2, 2),
            ("forward()", 1, 1, 1),
            ("b.backward()", 3, 1 + 3, 1 + 2),
        ] {
            let more = with(statement);
            let added = stretches * size_of::<Segment>() as u64 + events * History::BYTES_A_WRITE;
            assert_eq!(needed(&more) - room, added, "{statement}");
            let added = writes * History::BYTES_A_WRITE;
            assert_eq!((more.run().history_bytes() - history) as u64, added, "{statement}");
        }
    }

    #[test]
    fn what_two_scenarios_share_is_kept_once() {
        let base = scenario(&["b.backward()"]);
        let again = base.clone();
        assert_eq!(again.bytes_beside(&base), 0);
        let of_script = |statements: &[&str]| {
            let script = scenario(statements).script;
            Scenario { script, ..base.clone() }.bytes_beside(&base)
        };
        let one = of_script(&["b.backward()"]);
        assert!(one > size_of::<Verb<ValueId, ()>>() && of_script(&["b.backward()"; 5]) == 5 * one);
        let apart = scenario(&["b.backward()"]);
        assert_eq!(apart.bytes_beside(&base), one + base.graph.bytes());
        assert_eq!(base.graph.bytes(), 2 * (2 + 2 * 4 + 8), "an op, two operands and a number");
    }
}
