//! The tools of the toolchain that builds the tests.

use std::env;
use std::path::Path;
use std::process::Command;

/// A call of `cargo`, in an environment as a shell has it.
///
/// Cargo describes the package under test in variables such as `CARGO_MANIFEST_DIR`. Build scripts (that of `ring`, for
/// one) run again when these change, so a call that passed them on would rebuild half of the dependencies, and the next call
/// from a shell would rebuild them once more.
pub fn command() -> Command {
    let mut command = Command::new(env!("CARGO"));
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    command
}

/// A call of the compiler itself, for what has only prebuilt dependencies.
pub fn rustc() -> Command {
    Command::new(Path::new(env!("CARGO")).with_file_name("rustc"))
}
