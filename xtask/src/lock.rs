//! One writing command at a time for each workspace, and each crate of one's own.

use std::fs::File;
use std::path::Path;

use fs4::{FileExt, TryLockError};

use crate::output::{OutputError, create_directory};
use crate::report::{WARN, line};
use crate::root::shown;

/// The lock file, below the root of the workspace. It is empty, and ignored by git like all of `target/`.
const FILE: &str = "target/xtask.lock";

/// Waits until no other command writes to the workspace, or the crate of one's own, with this root. The operating system releases
/// the lock with the file, also when the process is killed.
pub(crate) fn lock(root: &Path) -> Result<File, OutputError> {
    let path = root.join(FILE);
    create_directory(path.parent().unwrap_or(root))?;
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(OutputError::io(&path))?;
    // The standard library has the same methods from Rust 1.89 on.
    let locked = match FileExt::try_lock(&file) {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => {
            line(WARN, "waiting", &format!("for another run to release {}", shown(&path)));
            FileExt::lock(&file)
        }
        Err(TryLockError::Error(error)) => Err(error),
    };
    locked.map(|()| file).map_err(OutputError::io(&path))
}
