//! `stepgrad completions`: scripts that teach a shell the command line.
//!
//! clap writes them. What it gets wrong where a scenario may be a file or a built-in name is put right in their text.

use std::io::{self, Write};

use clap::{Arg, CommandFactory, ValueHint};
use clap_complete::{Shell, generate};

use super::cli::Cli;
use super::output;
use crate::scenario::builtin;

pub fn run(shell: Shell) -> io::Result<()> {
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "stepgrad", &mut script);
    let script = String::from_utf8(script).expect("clap writes UTF-8");
    let script = match shell {
        Shell::Zsh => zsh(&script),
        Shell::Fish => fish(script),
        // Bash, as clap has it, falls back on files where no name fits.
        _ => script,
    };
    let mut out = output::raw();
    out.write_all(script.as_bytes())?;
    out.flush()
}

/// Zsh would offer names and no files; and of a scenario beside commands it makes two places, so that after a command it
/// looks for one in the next.
fn zsh(script: &str) -> String {
    let names = builtin::names().collect::<Vec<_>>().join(" ");
    let both = format!("{{compadd -- {names}; _files}}");
    let script = script.replace(&format!(":({names})"), &format!(":{both}"));
    let (before, after) = script.split_once("\":: :_stepgrad_commands\"").expect("clap offers the commands");
    let scenario = before.rfind("'::scenario").expect("and before them the scenario");
    let place = format!("\"1: :{{_stepgrad_commands; {}", &both[1..]);
    format!("{}{place}\"{}", &before[..scenario], after.replacen("$line[2]", "$line[1]", 3))
}

/// Fish would offer files alone: clap tells it nothing of what stands without an option.
fn fish(mut script: String) -> String {
    let mut offer = |place: &str, arg: &Arg| {
        let values: Vec<String> = arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
        let no_files = if arg.get_value_hint() == ValueHint::Unknown { " -f" } else { "" };
        if !values.is_empty() {
            let values = values.join(" ");
            script.extend(["complete -c stepgrad -n \"", place, "\"", no_files, " -a \"", &values, "\"\n"]);
        }
    };
    let program = Cli::command();
    program.get_positionals().for_each(|arg| offer("__fish_stepgrad_needs_command", arg));
    for command in program.get_subcommands() {
        let place = format!("__fish_stepgrad_using_subcommand {}", command.get_name());
        command.get_positionals().for_each(|arg| offer(&place, arg));
    }
    script
}
