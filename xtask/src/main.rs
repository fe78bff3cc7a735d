//! The maintainers' command line.
//!
//! Everything that touches the disk, the terminal or the network is here; `codegen` decides what is generated.

mod changelog;
mod coverage;
mod diff;
mod download;
mod explain;
mod facts;
mod generate;
mod git;
mod lock;
mod manifest;
mod output;
mod own;
mod place;
mod release;
mod report;
mod root;
mod update;
mod upstream;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Generates the Rust bindings of Stripe's Financial Connections sessions from Stripe's OpenAPI document.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, max_term_width = 100)]
struct Arguments {
    /// Work on the workspace in this directory instead of the one that the current directory is in
    #[arg(long, global = true, value_name = "DIR")]
    root: Option<std::path::PathBuf>,
    /// Work on the crate of your own in this directory. `generate` with a document and resources creates it
    #[arg(long = "crate", global = true, value_name = "DIR", conflicts_with = "root")]
    own: Option<std::path::PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Coverage(coverage::Arguments),
    Diff(diff::Arguments),
    Explain(explain::Arguments),
    Generate(generate::Arguments),
    Release(release::Arguments),
    Update(update::Arguments),
}

fn main() -> ExitCode {
    let Arguments { root, own, command } = Arguments::parse();
    let is_created = matches!(&command, Command::Generate(arguments) if arguments.creates());
    let run = || match command {
        Command::Coverage(arguments) => coverage::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Generate(arguments) => generate::run(&arguments, own.as_deref()),
        Command::Release(arguments) if own.is_none() => release::run(&arguments),
        Command::Release(_) => Err(report::Failure::Outside {
            reason: "`release` is for this workspace, and not for a crate of one's own".to_owned(),
            help: "leave out `--crate`".to_owned(),
        }),
        Command::Update(arguments) => update::run(&arguments),
    };
    let set = || match own.as_deref().filter(|_| !is_created) {
        Some(directory) => root::set_crate(directory),
        None => root::set(root),
    };
    match set().and_then(|()| run()).and_then(|code| report::finish().map(|()| code)) {
        Ok(code) => code,
        Err(failure) => {
            report::failure(&failure);
            ExitCode::FAILURE
        }
    }
}
