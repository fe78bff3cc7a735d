//! Installs Stripe's official libraries at their pinned versions, with the package managers of their languages.

use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Command,
};

use conformance::{Problem, record};

const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// The programs that run the drivers.
pub(crate) struct Programs {
    pub(crate) node: &'static str,
    pub(crate) python: PathBuf,
}

/// Installs both libraries. Reports everything that is missing before it installs anything.
pub(crate) fn install() -> Result<Programs, Problem> {
    let directory = record::directory();
    let node = version("node", "Node 20 or later")?;
    let npm = version(NPM, "npm, which comes with Node")?;
    let (python, python_version) = python()?;
    println!("found   node {node}, npm {npm}, {python_version}");
    install_node(&directory)?;
    Ok(Programs { node: "node", python: install_python(&directory, python)? })
}

fn install_node(directory: &Path) -> Result<(), Problem> {
    let mut npm = Command::new(NPM);
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--engine-strict"]).current_dir(directory);
    output(&mut npm, "`package-lock.json` lists the packages from the npm registry; npm's message is above")?;
    println!("install package-lock.json into node_modules");
    Ok(())
}

/// Installs into an environment below the target directory, and returns its Python.
fn install_python(directory: &Path, python: &str) -> Result<PathBuf, Problem> {
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace(directory).join("target"), PathBuf::from);
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
    output(&mut pip, "`requirements.txt` lists the packages from PyPI; pip's message is above")?;
    println!("install requirements.txt into {}", environment.display());
    Ok(inside)
}

/// Returns the root of the workspace.
fn workspace(directory: &Path) -> &Path {
    directory.ancestors().nth(2).unwrap_or(directory)
}

/// Returns the name of the installed Python, and its version.
fn python() -> Result<(&'static str, String), Problem> {
    let what = "Python 3.10 or later";
    let first = version("python3", what).map(|version| ("python3", version));
    first.or_else(|problem| version("python", what).map(|version| ("python", version)).map_err(|_| problem))
}

fn version(program: &str, what: &str) -> Result<String, Problem> {
    let help = format!("install {what}; only this program needs it; `cargo test` compares with the record");
    output(Command::new(program).arg("--version"), &help)
}

/// Returns what a program prints. If it fails, all of its output is in the error.
fn output(command: &mut Command, help: &str) -> Result<String, Problem> {
    let words: Vec<_> =
        std::iter::once(command.get_program()).chain(command.get_args()).map(OsStr::to_string_lossy).collect();
    let words = words.join(" ");
    let problem = |reason: String| Problem::new(format!("{reason}\n help: {help}"));
    let output = command.output().map_err(|error| problem(format!("`{words}` cannot be started: {error}")))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() {
        return Ok(text(&output.stdout));
    }
    let printed = [text(&output.stdout), text(&output.stderr)].join("\n");
    Err(problem(format!("`{words}` failed, {}:\n{}", output.status, printed.trim())))
}
