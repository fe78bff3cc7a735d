//! One writing command at a time for each workspace, and each crate of one's own.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::output::{OutputError, create_directory, remove_empty};
use crate::report::{WARN, line};
use crate::root::shown;

/// The lock file, below the root of the workspace. It is empty, and ignored by git like all of `target/`.
const FILE: &str = "target/xtask.lock";

/// The time between two attempts.
const PAUSE: Duration = Duration::from_millis(50);

/// The lock of the workspace. The operating system releases it with the file, also when the process is killed.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
    path: PathBuf,
    /// The directories that were created for the lock file.
    created: Vec<PathBuf>,
}

impl Lock {
    /// Waits until no other command writes to the workspace, or the crate of one's own, with this root.
    pub(crate) fn acquire(root: &Path) -> Result<Self, OutputError> {
        let path = root.join(FILE);
        let parent = path.parent().unwrap_or(&path);
        let mut created = Vec::new();
        let mut waiting = false;
        loop {
            created.extend(create_directory(parent)?);
            match try_lock(&path) {
                Ok(Some(file)) => return Ok(Self { file, path, created }),
                Ok(None) => {}
                // The run that had it created nothing else, and removed the directory.
                Err(_) if !parent.exists() => continue,
                Err(error) => {
                    remove_empty(&created);
                    return Err(OutputError::io(&path)(error));
                }
            }
            if !waiting {
                line(WARN, "waiting", &format!("for another run to release {}", shown(&path)));
                waiting = true;
            }
            thread::sleep(PAUSE);
        }
    }

    /// Releases the lock, and removes the directories that were created for it if nothing else is in them.
    pub(crate) fn undo(self) {
        if self.created.is_empty() {
            return;
        }
        // On Unix, as long as it is locked: who waits for it then sees that the file is another one. Windows keeps an open file.
        let _ = fs::remove_file(&self.path);
        drop(self.file);
        if cfg!(windows) {
            let _ = fs::remove_file(&self.path);
        }
        remove_empty(&self.created);
    }
}

/// Returns the locked file, or nothing where another process has it.
#[cfg(unix)]
fn try_lock(path: &Path) -> io::Result<Option<File>> {
    use rustix::fs::{FlockOperation, flock};
    use std::os::unix::fs::MetadataExt;
    let file = File::options().create(true).append(true).open(path)?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => {
            // The run that had it may have removed the file in between.
            let (locked, there) = (file.metadata()?, fs::metadata(path));
            let is_same = there.is_ok_and(|there| (there.dev(), there.ino()) == (locked.dev(), locked.ino()));
            Ok(is_same.then_some(file))
        }
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
