//! Programs that tests run, and crates that they compile.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::workspace;

/// How a program ended, and what it printed.
#[derive(Debug)]
pub struct Run {
    /// The exit code.
    pub code: Option<i32>,
    /// The standard output.
    pub stdout: String,
    /// The standard error.
    pub stderr: String,
}

impl Run {
    /// Runs a program to its end.
    pub fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let text = |bytes| String::from_utf8(bytes).expect("it prints UTF-8");
        Self { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Whether the program succeeded.
    pub fn is_ok(&self) -> bool {
        self.code == Some(0)
    }

    /// Returns everything that the program printed.
    pub fn said(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }

    /// Returns the standard output.
    ///
    /// # Panics
    /// Panics with everything that the program printed if it failed.
    #[track_caller]
    pub fn ok(self) -> String {
        assert!(self.is_ok(), "{}", self.said());
        self.stdout
    }
}

/// Returns a call of Cargo in this workspace, in an environment as a shell has it.
///
/// Cargo describes the package under test in variables such as `CARGO_MANIFEST_DIR`. Build scripts (that of `ring`, for
/// one) run again when these change, so a call that passed them on would rebuild half of the dependencies, and the next call
/// from a shell would rebuild them once more.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO"));
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    command.args(&arguments[..1]).args(["--quiet", "--offline"]).args(&arguments[1..]);
    command.current_dir(workspace::path(""));
    command
}

/// Returns a call of the compiler itself, for programs with prebuilt dependencies.
pub fn rustc() -> Command {
    Command::new(Path::new(env!("CARGO")).with_file_name("rustc"))
}

/// A workspace that tests compile. What an earlier run compiled is kept, and used where the text is the same.
pub struct Crates {
    /// Directory of the workspace.
    pub root: PathBuf,
    /// Directory of the compiled crates, which several workspaces can share.
    pub target: PathBuf,
    /// Text of each file, by its path below `root`.
    pub files: BTreeMap<PathBuf, Vec<u8>>,
}

impl Crates {
    /// Creates a workspace without files but for the versions of this one's dependencies.
    pub fn new(root: PathBuf, target: PathBuf) -> Self {
        let lock = workspace::read("Cargo.lock").into_bytes();
        Self { root, target, files: BTreeMap::from([("Cargo.lock".into(), lock)]) }
    }

    /// Writes the workspace and runs Cargo in it, with every warning an error.
    pub fn cargo(&self, arguments: &[&str]) -> Run {
        self.write();
        let mut command = cargo(arguments);
        command.current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target);
        // These crates are compiled once, so incremental compilation would take a quarter longer, and nobody debugs them.
        command.env("CARGO_INCREMENTAL", "0").env("CARGO_PROFILE_DEV_DEBUG", "0");
        Run::of(command.env("RUSTFLAGS", "-D warnings").env("RUSTDOCFLAGS", "-D warnings"))
    }

    /// Writes what changed and removes what no longer belongs there. Cargo goes by the times of files, so those that stay the
    /// same are left untouched.
    fn write(&self) {
        let present = if self.root.exists() { workspace::files(&self.root) } else { Vec::new() };
        for path in present {
            if !self.files.contains_key(path.strip_prefix(&self.root).expect("it is below")) {
                fs::remove_file(path).expect("the file can be removed");
            }
        }
        for (path, text) in &self.files {
            let path = self.root.join(path);
            if !fs::read(&path).is_ok_and(|present| present == *text) {
                fs::create_dir_all(path.parent().expect("the path has a parent")).expect("the directory can be made");
                fs::write(path, text).expect("the file can be written");
            }
        }
    }
}
