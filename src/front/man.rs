//! `stepgrad man`: the manual, made of what `--help` says and of the table of keys.

use std::io::{self, Write};

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::cli::Cli;
use super::{Failure, output};
use crate::keymap::{Kind, TABLE};

/// Prints the page of the program, or of one of its commands.
pub fn run(command: Option<&str>) -> Result<(), Failure> {
    let mut all = Cli::command().disable_help_subcommand(true);
    all.build();
    let page = match command {
        None => all,
        Some(name) => all.find_subcommand(name).cloned().ok_or_else(|| unknown(&all, name))?,
    };
    let mut out = output::raw();
    write(&page, command.is_none(), &mut out)?;
    Ok(out.flush()?)
}

fn unknown(all: &Command, name: &str) -> String {
    let names: Vec<&str> = all.get_subcommands().map(Command::get_name).collect();
    format!("there is no command `{name}` whose page could be shown; there are {}", names.join(", "))
}

/// In the order of `--help`: what it is, examples, how it is called, the rest.
fn write(command: &Command, keys: bool, out: &mut impl Write) -> io::Result<()> {
    let man = Man::new(command.clone()).source(concat!("stepgrad ", env!("CARGO_PKG_VERSION")));
    man.render_title(out)?;
    man.render_name_section(out)?;
    man.render_synopsis_section(out)?;
    if let Some(text) = command.get_before_help() {
        examples(&text.to_string()).to_writer(out)?;
    }
    if command.has_subcommands() {
        man.render_subcommands_section(out)?;
    }
    man.render_options_section(out)?;
    if keys {
        key_table().to_writer(out)?;
    }
    if let Some(text) = command.get_after_help() {
        notes(&text.to_string()).to_writer(out)?;
    }
    Ok(())
}

/// A section of its own, begun.
fn section(title: &str) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", [title]);
    roff
}

/// The examples as they stand, without the word above them.
fn examples(text: &str) -> Roff {
    let mut roff = section("EXAMPLES");
    roff.control("nf", []);
    for line in text.lines().skip(1) {
        roff.text([roman(line)]);
    }
    roff.control("fi", []);
    roff
}

fn key_table() -> Roff {
    let mut roff = section("KEYS");
    for row in TABLE.iter().filter(|row| row.modes.contains(&Kind::Steps)) {
        roff.control("TP", []).text([bold(row.keys.join("  "))]).text([roman(row.help)]);
    }
    roff
}

fn notes(text: &str) -> Roff {
    let mut roff = section("NOTES");
    for paragraph in text.split("\n\n") {
        roff.control("PP", []).text([roman(paragraph)]);
    }
    roff
}
