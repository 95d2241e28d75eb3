//! Which room a file is in, and which rooms it speaks of.

use super::source::{File, bracketed, first_word};

/// In the order in which they may use each other: a room uses itself and those before it.
const ROOMS: [&str; 9] = ["formula", "engine", "scenario", "layout", "debugger", "app", "keymap", "ui", "front"];

/// The room that a file of `src` is in; none for the crate's own two files.
pub fn room(file: &str) -> Option<&str> {
    let place = file.strip_prefix("src/")?;
    let room = place.split_once('/').map_or_else(|| place.trim_end_matches(".rs"), |(folder, _)| folder);
    (room != "lib" && room != "main").then_some(room)
}

/// What a file uses and may not.
pub fn breaks(file: &File) -> Vec<String> {
    let name = &file.name;
    let mut faults: Vec<String> = match room(name) {
        None if name == "src/main.rs" => {
            let used = used(&file.code, "stepgrad", &[]).into_iter().filter(|used| *used != "front");
            used.map(|used| format!("{name}: main uses {used}")).collect()
        }
        None => Vec::new(),
        Some(room) => match ROOMS.iter().position(|known| *known == room) {
            None => vec![format!("{name}: {room} is no room")],
            Some(own) => {
                let used = used(&file.code, "crate", &path(name)).into_iter();
                let later = used.filter(|used| ROOMS[own + 1..].contains(used));
                later.map(|used| format!("{name}: {room} uses {used}")).collect()
            }
        },
    };
    faults.dedup();
    faults
}

/// The modules that a file is in, its own last.
fn path(file: &str) -> Vec<&str> {
    let place = file.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    place.split('/').collect()
}

/// The rooms that a file at `path` names, by `root::`, and by so many `super::` that they leave its own room.
fn used<'a>(code: &'a str, root: &str, path: &[&str]) -> Vec<&'a str> {
    let mut used = starts(code, &format!("{root}::"));
    if !path.is_empty() {
        used.extend(starts(code, &"super::".repeat(path.len())));
    }
    used
}

/// The words that stand first after each `prefix`, one or several in brackets.
fn starts<'a>(code: &'a str, prefix: &str) -> Vec<&'a str> {
    let ends = code.match_indices(prefix).map(|(at, _)| at + prefix.len());
    ends.flat_map(|end| {
        let rest = &code[end..];
        if rest.starts_with('{') { list(bracketed(rest).0) } else { vec![first_word(rest)] }
    })
    .collect()
}

/// The first words of `a::b, c::{d, e}, f`: of its parts between commas that stand in no further brackets.
fn list(code: &str) -> Vec<&str> {
    let mut depth = 0;
    let parts = code.split(move |c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    });
    parts.map(first_word).filter(|word| !word.is_empty()).collect()
}
