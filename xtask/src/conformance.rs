//! `cargo xtask conformance`: records what Stripe's official libraries send and verify, and compares it with this crate.
//!
//! Installs the libraries at their pinned versions, then runs the `conformance` binary of the package `tests`, which depends on the
//! generated crate; nothing here does.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::report::{Failure, LABEL, line};
use crate::root::{self, shown};

/// Compare this crate with Stripe's official libraries for Node and Python: the requests they send, the webhooks they accept
///
/// Installs both libraries at the versions that `tests/conformance/` pins, has them send to a server on loopback and verify
/// webhook deliveries, and records the outcome for `cargo test`. Exits with 1 if anything differs without being explained.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Record nothing; exit with 1 if the record is not up to date
    #[arg(long)]
    check: bool,
}

const DIRECTORY: &str = "tests/conformance";
const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let directory = root::path().join(DIRECTORY);
    // Everything that is missing is reported before anything is installed.
    let node = version("node", "Node 20 or later")?;
    let npm = version(NPM, "npm, which comes with Node")?;
    let (python, python_version) = python()?;
    line(LABEL, "found", &format!("node {node}, npm {npm}, {python_version}"));
    install_node(&directory)?;
    let python = install_python(&directory, python)?;
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["run", "--quiet", "--package", "tests", "--bin", "conformance", "--", "node"]).arg(python);
    if arguments.check {
        command.arg("--check");
    }
    let status = command.current_dir(root::path()).status().map_err(|error| Failure::Outside {
        reason: format!("`cargo run --package tests` cannot be started: {error}"),
        help: "install a Rust toolchain with `cargo`".to_owned(),
    })?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn install_node(directory: &Path) -> Result<(), Failure> {
    let mut npm = Command::new(NPM);
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--engine-strict"]).current_dir(directory);
    output(
        &mut npm,
        "`tests/conformance/package-lock.json` lists the packages from the npm registry; npm's message is above",
    )?;
    line(LABEL, "installed", &format!("{DIRECTORY}/package-lock.json into {DIRECTORY}/node_modules"));
    Ok(())
}

/// Installs into an environment below the target directory, and returns its Python.
fn install_python(directory: &Path, python: &str) -> Result<PathBuf, Failure> {
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root::path().join("target"), PathBuf::from);
    // The drivers run in another directory.
    let target = std::path::absolute(&target).unwrap_or(target);
    let environment = target.join("conformance").join("venv");
    let inside = environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if !Command::new(&inside).args(["-m", "pip", "--version"]).output().is_ok_and(|output| output.status.success()) {
        let mut venv = Command::new(python);
        venv.args(["-m", "venv", "--clear"]).arg(&environment);
        output(&mut venv, "install Python's module `venv` with pip; some systems package it separately")?;
    }
    let mut pip = Command::new(&inside);
    pip.args(["-m", "pip", "install", "--require-hashes", "--requirement", "requirements.txt"]);
    pip.current_dir(directory);
    output(&mut pip, "`tests/conformance/requirements.txt` lists the packages from PyPI; pip's message is above")?;
    line(LABEL, "installed", &format!("{DIRECTORY}/requirements.txt into {}", shown(&environment)));
    Ok(inside)
}

/// Returns the name of the installed Python, and its version.
fn python() -> Result<(&'static str, String), Failure> {
    let what = "Python 3.10 or later";
    let found = version("python3", what).map(|version| ("python3", version));
    found.or_else(|problem| version("python", what).map(|version| ("python", version)).map_err(|_| problem))
}

fn version(program: &str, what: &str) -> Result<String, Failure> {
    let help = format!("install {what}; only this command needs it; `cargo test` compares with the record");
    output(Command::new(program).arg("--version"), &help)
}

/// Returns what a program prints. If it fails, all of its output is in the error.
fn output(command: &mut Command, help: &str) -> Result<String, Failure> {
    let words: Vec<_> =
        std::iter::once(command.get_program()).chain(command.get_args()).map(OsStr::to_string_lossy).collect();
    let words = words.join(" ");
    let problem = |reason| Failure::Outside { reason, help: help.to_owned() };
    let output = command.output().map_err(|error| problem(format!("`{words}` cannot be started: {error}")))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() {
        return Ok(text(&output.stdout));
    }
    let said = [text(&output.stdout), text(&output.stderr)].join("\n");
    Err(problem(format!("`{words}` failed, {}:\n{}", output.status, said.trim())))
}
