//! Runs a command in this workspace, or in a copy of its documents.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use tempfile::TempDir;
pub(crate) use tests::run::Run;
use tests::workspace;

/// A call of the command line in a directory.
pub(crate) fn command(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(arguments).current_dir(directory).env("NO_COLOR", "1");
    command
}

/// Runs a command in a directory.
pub(crate) fn xtask_in(directory: &Path, arguments: &[&str]) -> Run {
    Run::of(&mut command(directory, arguments))
}

/// Runs a command in this workspace.
pub(crate) fn xtask(arguments: &[&str]) -> Run {
    xtask_in(&root(), arguments)
}

/// The root of this workspace.
pub(crate) fn root() -> PathBuf {
    workspace::path("")
}

/// The current release's document, from the root.
pub(crate) static DOCUMENT: LazyLock<String> =
    LazyLock::new(|| format!("spec/{}", workspace::config().releases[0].document));

/// Another workspace, with this one's documents, in no git repository and with nothing generated.
pub(crate) fn copy() -> TempDir {
    let copy = TempDir::new().expect("a directory can be made");
    let spec = copy.path().join("spec");
    fs::create_dir(&spec).expect("the directory can be made");
    for entry in fs::read_dir(root().join("spec")).expect("there are documents") {
        let path = entry.expect("the directory can be read").path();
        fs::copy(&path, spec.join(path.file_name().expect("it is a file"))).expect("the directory can be written");
    }
    copy
}
