//! `stepgrad completions`: scripts that teach a shell the command line.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use super::cli::Cli;
use super::output;
use crate::scenario::builtin;

pub fn run(shell: Shell) -> io::Result<()> {
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "stepgrad", &mut script);
    let script = String::from_utf8(script).expect("clap writes UTF-8");
    let mut out = output::raw();
    out.write_all(with_names_and_files(shell, script).as_bytes())?;
    out.flush()
}

/// A scenario is a built-in name or a file. Zsh would offer only the names, and fish only files; bash, as clap has it,
/// falls back on files where no name fits.
fn with_names_and_files(shell: Shell, script: String) -> String {
    let names = builtin::names().collect::<Vec<_>>().join(" ");
    match shell {
        Shell::Zsh => script.replace(&format!(":({names})"), &format!(":{{compadd -- {names}; _files}}")),
        Shell::Fish => {
            let place = |condition: &str| format!("complete -c stepgrad -n \"{condition}\" -a \"{names}\"\n");
            let first = place("__fish_stepgrad_needs_command");
            script + &first + &place("__fish_stepgrad_using_subcommand test trace show screen")
        }
        _ => script,
    }
}
