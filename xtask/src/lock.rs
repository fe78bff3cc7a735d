//! One writing command at a time for each workspace.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::thread;
use std::time::Duration;

use crate::output::OutputError;
use crate::report::{WARN, line};
use crate::root::{self, shown};

/// The lock file, below the root of the workspace. It is empty, and ignored by git like all of `target/`.
const FILE: &str = "target/xtask.lock";

/// The time between two attempts.
const PAUSE: Duration = Duration::from_millis(50);

/// The lock of the workspace. The operating system releases it with the file, also when the process is killed.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Waits until no other command writes to the workspace.
    ///
    /// # Errors
    /// Returns an error if the lock file cannot be created or locked.
    pub(crate) fn acquire() -> Result<Self, OutputError> {
        let path = root::path().join(FILE);
        let parent = path.parent().unwrap_or(&path);
        fs::create_dir_all(parent).map_err(OutputError::io(parent))?;
        let mut waiting = false;
        loop {
            match try_lock(&path) {
                Ok(Some(file)) => return Ok(Self { _file: file }),
                Ok(None) => {}
                Err(error) => return Err(OutputError::io(&path)(error)),
            }
            if !waiting {
                line(WARN, "waiting", &format!("for another run to release {}", shown(&path)));
                waiting = true;
            }
            thread::sleep(PAUSE);
        }
    }
}

/// Returns the locked file, or nothing where another process has it.
#[cfg(unix)]
fn try_lock(path: &Path) -> io::Result<Option<File>> {
    use rustix::fs::{FlockOperation, flock};
    let file = File::options().create(true).append(true).open(path)?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Some(file)),
        Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Returns the locked file, or nothing where another process has it.
#[cfg(windows)]
fn try_lock(path: &Path) -> io::Result<Option<File>> {
    use std::os::windows::fs::OpenOptionsExt;
    /// The code of Windows for a file that another process has open and does not share.
    const SHARING_VIOLATION: i32 = 32;
    match File::options().create(true).append(true).share_mode(0).open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.raw_os_error() == Some(SHARING_VIOLATION) => Ok(None),
        Err(error) => Err(error),
    }
}
