//! Files that are replaced and deleted together.

use std::fs::{self, DirEntry, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use super::OutputError;

/// The start of the name of a temporary file.
pub(super) const TEMPORARY: &str = ".xtask-";

/// The number of characters behind it.
const RANDOM: usize = 6;

/// Files to replace and to delete in this order, all at once as far as a file system can: each with its new text, or none.
#[derive(Debug, Default)]
pub(crate) struct Changes(Vec<(PathBuf, Option<String>)>);

impl Changes {
    /// Adds a file with its text, or gives another text to one that is there already.
    pub(crate) fn replace(&mut self, path: &Path, text: &str) {
        match self.0.iter_mut().find(|(other, _)| other == path) {
            Some((_, old)) => *old = Some(text.to_owned()),
            None => self.0.push((path.to_owned(), Some(text.to_owned()))),
        }
    }

    pub(crate) fn delete(&mut self, path: &Path) {
        self.0.push((path.to_owned(), None));
    }

    pub(crate) fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Returns the files that are to hold other text.
    pub(crate) fn written(&self) -> Vec<PathBuf> {
        self.0.iter().filter(|(_, text)| text.is_some()).map(|(path, _)| path.clone()).collect()
    }

    /// Writes all new text beside the files, then replaces and deletes. A file keeps its mode, and a link its place: the file
    /// behind it is replaced.
    ///
    /// # Errors
    /// Returns an error if a file cannot be written, with the number of files changed before. Files and directories that are new
    /// are removed again.
    pub(crate) fn apply(self) -> Result<(), OutputError> {
        let mut created = Vec::new();
        let ready = |(path, text): (PathBuf, Option<String>)| match text {
            Some(text) => temporary(&path, &text, &mut created),
            None => Ok(Ready { file: None, path, is_new: false }),
        };
        let ready: Result<Vec<_>, _> = self.0.into_iter().map(ready).collect();
        let result = ready.and_then(replace_and_delete);
        if result.is_err() {
            remove_empty(&created);
        }
        result
    }
}

fn replace_and_delete(ready: Vec<Ready>) -> Result<(), OutputError> {
    let (mut changed, mut new) = (0, Vec::new());
    for Ready { file, path, is_new } in ready {
        let done = match file {
            Some(file) => file.persist(&path).map_err(|error| error.error),
            None => fs::remove_file(&path),
        };
        match done {
            Ok(()) if is_new => new.push(path),
            Ok(()) => changed += 1,
            Err(error) => {
                // A part of what is new is of no use, and would be in the way of the next attempt.
                changed += new.iter().filter(|path| fs::remove_file(path).is_err()).count();
                return Err(OutputError { changed, ..OutputError::io(&path)(error) });
            }
        }
    }
    Ok(())
}

/// Returns the new text of a file that a person edits as well, with the line ends of its old text.
pub(crate) fn with_line_ends_of(old: &str, new: &str) -> String {
    let new = new.replace("\r\n", "\n");
    if old.contains("\r\n") { new.replace('\n', "\r\n") } else { new }
}

/// A file that is ready to be replaced by a temporary one with its new text, or to be deleted.
struct Ready {
    file: Option<TempPath>,
    path: PathBuf,
    /// Whether there is no such file yet.
    is_new: bool,
}

/// Writes a temporary file with `text` that can replace the file at `path`, or the one that a link there leads to. Adds the
/// directories that it creates.
fn temporary(path: &Path, text: &str, created: &mut Vec<PathBuf>) -> Result<Ready, OutputError> {
    let (path, old) = match find_file(path)? {
        Some(metadata) if metadata.permissions().readonly() => return Err(OutputError::read_only(path)),
        Some(metadata) if path.is_symlink() => {
            (path.canonicalize().map_err(OutputError::io(path))?, Some(metadata.permissions()))
        }
        Some(metadata) => (path.to_owned(), Some(metadata.permissions())),
        None => (path.to_owned(), None),
    };
    let parent = path.parent().unwrap_or(&path);
    created.extend(create_directory(parent)?);
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY).rand_bytes(RANDOM);
    // Temporary files are private by default; what is new is as readable as any other file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut file = builder.tempfile_in(parent).map_err(OutputError::io(parent))?;
    file.write_all(text.as_bytes()).map_err(OutputError::io(&path))?;
    let is_new = old.is_none();
    if let Some(permissions) = old {
        file.as_file().set_permissions(permissions).map_err(OutputError::io(&path))?;
    }
    // Closed: there may be more files than a process can have open.
    Ok(Ready { file: Some(file.into_temp_path()), path, is_new })
}

/// What to do about something that is in the way.
const MOVE: &str = "move it away, or name another path";

/// Returns what is known of the file at a path, behind links, or nothing if one can be created there.
///
/// # Errors
/// Returns an error if something else is there, or something above the path is no directory.
pub(crate) fn find_file(path: &Path) -> Result<Option<Metadata>, OutputError> {
    match find(path)? {
        Some(metadata) if metadata.is_file() => Ok(Some(metadata)),
        Some(metadata) if metadata.is_dir() => Err(OutputError::not_a_file(path)),
        Some(_) => Err(OutputError::new(path, "this is not a regular file", MOVE)),
        None => path.parent().map_or(Ok(()), check_directory).map(|()| None),
    }
}

/// Checks that a path names a directory, behind links, or that one can be created there.
///
/// # Errors
/// Returns an error if it names something else, or something above it is no directory.
pub(crate) fn check_directory(directory: &Path) -> Result<(), OutputError> {
    // What is above the first part of a relative path is the current directory.
    for path in directory.ancestors().filter(|path| !path.as_os_str().is_empty()) {
        match find(path)? {
            Some(metadata) if metadata.is_dir() => return Ok(()),
            Some(_) => return Err(OutputError::not_a_directory(path)),
            None => {}
        }
    }
    Ok(())
}

/// Returns what is known of what a path names, behind links; nothing if there is nothing.
fn find(path: &Path) -> Result<Option<Metadata>, OutputError> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Err(OutputError::io(path)(error)),
        Err(_) if path.is_symlink() => {
            Err(OutputError::new(path, "this is a link to something that does not exist", MOVE))
        }
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(OutputError::io(path)(error)),
    }
}

/// Creates a directory and those above it. Returns those that were created, the one above before the one below.
///
/// # Errors
/// Returns an error that names the one that cannot be created. Then those above it are removed again.
pub(crate) fn create_directory(directory: &Path) -> Result<Vec<PathBuf>, OutputError> {
    check_directory(directory)?;
    let is_missing = |path: &&Path| !path.as_os_str().is_empty() && !path.exists();
    let missing: Vec<_> = directory.ancestors().take_while(is_missing).collect();
    let mut created = Vec::new();
    for path in missing.into_iter().rev() {
        match fs::create_dir(path) {
            Ok(()) => created.push(path.to_owned()),
            // Another process was faster, or the path ends in `..`.
            Err(_) if path.is_dir() => {}
            Err(error) => {
                remove_empty(&created);
                return Err(OutputError::io(path)(error));
            }
        }
    }
    Ok(created)
}

/// Removes directories that were created, unless something is in them by now.
fn remove_empty(created: &[PathBuf]) {
    for directory in created.iter().rev() {
        let _ = fs::remove_dir(directory);
    }
}

/// Deletes the temporary files that an interrupted run left in a directory.
pub(crate) fn clean(directory: &Path) -> Result<(), OutputError> {
    if !directory.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(directory).map_err(OutputError::io(directory))? {
        let entry = entry.map_err(OutputError::io(directory))?;
        if is_leftover(&entry) {
            fs::remove_file(entry.path()).map_err(OutputError::io(&entry.path()))?;
        }
    }
    Ok(())
}

/// Whether a file is one of ours that an interrupted run left, by the form of its name.
pub(super) fn is_leftover(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy().into_owned();
    let is_random = |rest: &str| rest.len() == RANDOM && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
    name.strip_prefix(TEMPORARY).is_some_and(is_random) && entry.file_type().is_ok_and(|kind| kind.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// "Nothing was written" is only said when it is true.
    #[test]
    fn a_failure_between_two_files_is_counted() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        // A directory cannot be deleted as a file, but only the attempt shows it.
        fs::create_dir(path("b")).unwrap();
        fs::write(path("a"), "old").unwrap();
        let mut changes = Changes::default();
        changes.replace(&path("a"), "text");
        changes.replace(&path("new/c"), "text");
        changes.delete(&path("b"));
        let error = changes.apply().unwrap_err();
        assert_eq!(error.changed, 1);
        assert_eq!(error.help(), "make the path writable, and run the command again: it completes what is missing");
        assert_eq!(fs::read_to_string(path("a")).unwrap(), "text");
        assert_eq!(
            fs::read_dir(directory.path()).unwrap().count(),
            2,
            "neither a temporary file nor a new one is left"
        );
    }
}
