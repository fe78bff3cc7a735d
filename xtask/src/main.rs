//! The maintainers' command line.
//!
//! Everything that touches the disk, the terminal or the network is here; what is generated is decided in `codegen`.

mod conformance;
mod diff;
mod download;
mod explain;
mod generate;
mod output;
mod report;
mod root;
mod vendor;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Generates the Rust bindings of Stripe's Financial Connections sessions from Stripe's OpenAPI document.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, max_term_width = 100)]
struct Arguments {
    /// Work on the workspace in this directory, and not on the one that this was built in
    #[arg(long, global = true, value_name = "DIR")]
    root: Option<std::path::PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Conformance(conformance::Arguments),
    Diff(diff::Arguments),
    Explain(explain::Explain),
    Generate(generate::Arguments),
    Graph(explain::Graph),
    Vendor(vendor::Arguments),
}

fn main() -> ExitCode {
    let Arguments { root, command } = Arguments::parse();
    if let Some(root) = root {
        root::set(root);
    }
    let result = match command {
        Command::Conformance(arguments) => conformance::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Generate(arguments) => generate::run(&arguments),
        Command::Graph(arguments) => explain::draw(&arguments),
        Command::Vendor(arguments) => vendor::run(&arguments),
    };
    match result {
        Ok(code) => code,
        Err(failure) => {
            report::failure(&failure);
            ExitCode::FAILURE
        }
    }
}
