//! Writing files: a directory that the generator owns, and sets of single files.
//!
//! `--check` and writing share [`Plan`] and so cannot disagree. A directory with one file that the generator did not
//! write is refused as a whole. All text is on the disk, in temporary files, before the first file is replaced; a
//! temporary file that an interrupted run left behind is deleted by the next one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, DirEntry, Metadata};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use codegen::{File, is_generated};
use tempfile::TempPath;

use crate::root::from_here;

/// The start of the name of a temporary file.
const TEMPORARY: &str = ".xtask-";

/// The number of characters behind it.
const RANDOM: usize = 6;

/// The number of bytes that tell whether a file was generated.
const HEAD: u64 = 200;

/// Why files cannot be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OutputError {
    /// The path names something other than a directory.
    #[error("{}: this is a file, not a directory", from_here(.0))]
    NotADirectory(PathBuf),
    /// The path of a file names a directory.
    #[error("{}: this is a directory, and a file is to be written there", from_here(.0))]
    NotAFile(PathBuf),
    /// The path names neither a file nor a directory, such as a pipe.
    #[error("{}: this is not a regular file", from_here(.0))]
    NotRegular(PathBuf),
    /// The path is a link that leads to nothing.
    #[error("{}: this is a link to something that does not exist", from_here(.0))]
    Dangling(PathBuf),
    /// The file is there, and must not be written.
    #[error("{}: this file is read-only", from_here(.0))]
    ReadOnly(PathBuf),
    /// The directory holds a file that the generator did not write.
    #[error("{}: the generator did not write `{foreign}`", from_here(.directory))]
    Foreign {
        /// The directory.
        directory: PathBuf,
        /// The path of the first such file, below the directory.
        foreign: String,
    },
    /// Reading or writing failed.
    #[error("{}: {}", from_here(.path), words(.error))]
    Io {
        /// The file or the directory.
        path: PathBuf,
        /// The error of the operating system.
        error: io::Error,
        /// The number of files that had been replaced or deleted before.
        changed: usize,
    },
}

/// Returns what the operating system says, in words that help.
fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => format!("the disk is full ({error})"),
        _ => error.to_string(),
    }
}

impl OutputError {
    /// Returns what to do about it.
    pub(crate) fn help(&self) -> &'static str {
        match self {
            Self::NotADirectory(_) => "name a directory that is empty, or that does not exist yet",
            Self::NotAFile(_) => "delete the directory, or name another one",
            Self::NotRegular(_) | Self::Dangling(_) => "move it away, or name another path",
            Self::ReadOnly(_) => "make the file writable, and run the command again",
            Self::Foreign { .. } => "name an empty directory, or move the file away",
            Self::Io { changed: 0, .. } => "make the path writable, or name another one",
            Self::Io { .. } => "make the path writable, and run the command again: it completes what is missing",
        }
    }

    /// Returns the number of files that had been replaced or deleted before the error.
    pub(crate) fn changed(&self) -> usize {
        match self {
            Self::Io { changed, .. } => *changed,
            _ => 0,
        }
    }

    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Io { path: path.to_owned(), error, changed: 0 }
    }
}

/// The difference between a directory and what it should hold.
#[derive(Debug)]
pub(crate) struct Plan {
    directory: PathBuf,
    /// Each file below the directory, by path.
    pub(crate) entries: BTreeMap<String, Entry>,
    /// Temporary files of an interrupted run.
    leftovers: Vec<PathBuf>,
}

/// A file that exists, or should.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// The file is as it should be.
    Same,
    /// The file is missing; the text it should have.
    Missing(String),
    /// The file has other text: the text it has, and the text it should have.
    Stale(String, String),
    /// The file should not exist; the text it has.
    Extra(String),
}

impl Plan {
    /// Compares a directory, which need not exist, with the files that it should hold.
    ///
    /// # Errors
    /// Returns an error if the directory cannot be read or holds a file that the generator did not write.
    pub(crate) fn new(directory: &Path, files: Vec<File>) -> Result<Self, OutputError> {
        let mut found = Found::default();
        match fs::metadata(directory) {
            Ok(metadata) if metadata.is_dir() => found.collect(directory, directory)?,
            Ok(_) => return Err(OutputError::NotADirectory(directory.to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(OutputError::io(directory)(error)),
        }
        let Found { mut texts, leftovers } = found;
        let mut entries = BTreeMap::new();
        for file in files {
            let entry = match texts.remove(&file.path) {
                None if directory.join(&file.path).is_dir() => {
                    return Err(OutputError::NotAFile(directory.join(&file.path)));
                }
                None => Entry::Missing(file.text),
                Some(text) if text == file.text => Entry::Same,
                Some(text) => Entry::Stale(text, file.text),
            };
            entries.insert(file.path, entry);
        }
        entries.extend(texts.into_iter().map(|(path, text)| (path, Entry::Extra(text))));
        Ok(Self { directory: directory.to_owned(), entries, leftovers })
    }

    /// Checks that the generator owns a directory, which need not exist, and can write each file that is there.
    ///
    /// # Errors
    /// Returns an error if the directory holds a file that the generator did not write, or cannot be written.
    pub(crate) fn check(directory: &Path) -> Result<(), OutputError> {
        let plan = Self::new(directory, Vec::new())?;
        let mut directories: BTreeSet<_> = directory.ancestors().find(|above| above.is_dir()).into_iter().collect();
        let files: Vec<_> = plan.entries.keys().map(|name| plan.path(name)).collect();
        for path in &files {
            if find_file(path)?.is_some_and(|metadata| metadata.permissions().readonly()) {
                return Err(OutputError::ReadOnly(path.clone()));
            }
            directories.extend(path.parent());
        }
        for directory in directories {
            // Only the attempt shows it.
            tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(directory).map_err(OutputError::io(directory))?;
        }
        Ok(())
    }

    /// Returns the path of an entry.
    pub(crate) fn path(&self, entry: &str) -> PathBuf {
        self.directory.join(entry)
    }

    /// Returns the files to replace and to delete.
    pub(crate) fn changes(&self) -> Changes {
        let mut changes = Changes::default();
        for (name, entry) in &self.entries {
            match entry {
                Entry::Same => {}
                Entry::Missing(text) | Entry::Stale(_, text) => changes.replace(&self.path(name), text),
                Entry::Extra(_) => changes.delete(&self.path(name)),
            }
        }
        changes
    }

    /// Makes the directory what it should be.
    ///
    /// # Errors
    /// Returns an error if a file cannot be written, with the number of files changed before.
    pub(crate) fn write(&self) -> Result<(), OutputError> {
        let changes = self.changes();
        for leftover in &self.leftovers {
            fs::remove_file(leftover).map_err(OutputError::io(leftover))?;
        }
        changes.apply()?;
        for name in self.entries.iter().filter(|(_, entry)| matches!(entry, Entry::Extra(_))).map(|(name, _)| name) {
            // Directories that are empty now go too; removing one that is not empty fails, and it stays.
            for parent in self.path(name).ancestors().skip(1).take_while(|parent| *parent != self.directory) {
                let _ = fs::remove_dir(parent);
            }
        }
        Ok(())
    }
}

/// Files to replace and to delete, all at once as far as a file system can.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    replaced: Vec<(PathBuf, String)>,
    deleted: Vec<PathBuf>,
}

impl Changes {
    /// Makes a file hold `text`.
    pub(crate) fn replace(&mut self, path: &Path, text: &str) {
        self.replaced.push((path.to_owned(), text.to_owned()));
    }

    /// Deletes a file.
    pub(crate) fn delete(&mut self, path: &Path) {
        self.deleted.push(path.to_owned());
    }

    /// Adds other files.
    pub(crate) fn extend(&mut self, other: Self) {
        self.replaced.extend(other.replaced);
        self.deleted.extend(other.deleted);
    }

    /// Returns the files that are to hold other text.
    pub(crate) fn written(&self) -> Vec<PathBuf> {
        self.replaced.iter().map(|(path, _)| path.clone()).collect()
    }

    /// Writes all new text beside the files, then replaces and deletes. A file keeps its mode, and a link its place: the file
    /// behind it is replaced.
    ///
    /// # Errors
    /// Returns an error if a file cannot be written, with the number of files changed before. Files and directories that are new
    /// are removed again.
    pub(crate) fn apply(self) -> Result<(), OutputError> {
        let mut created = Vec::new();
        let ready: Result<Vec<_>, _> =
            self.replaced.iter().map(|(path, text)| temporary(path, text, &mut created)).collect();
        let result = ready.and_then(|ready| self.replace_and_delete(ready));
        if result.is_err() {
            remove_empty(&created);
        }
        result
    }

    fn replace_and_delete(&self, ready: Vec<Ready>) -> Result<(), OutputError> {
        let mut changed = 0;
        let mut new = Vec::new();
        let change = || {
            for Ready { file, path, is_new } in ready {
                file.persist(&path).map_err(|error| (path.clone(), error.error))?;
                match is_new {
                    true => new.push(path),
                    false => changed += 1,
                }
            }
            for path in &self.deleted {
                fs::remove_file(path).map_err(|error| (path.clone(), error))?;
                changed += 1;
            }
            Ok(())
        };
        change().map_err(|(path, error)| {
            // A part of what is new is of no use, and would be in the way of the next attempt.
            changed += new.iter().filter(|path| fs::remove_file(path).is_err()).count();
            OutputError::Io { path, error, changed }
        })
    }
}

/// A temporary file with the new text of a file.
struct Ready {
    file: TempPath,
    /// The file that it replaces.
    path: PathBuf,
    /// Whether there is no such file yet.
    is_new: bool,
}

/// Writes a temporary file with `text` that can replace the file at `path`, or the one that a link there leads to. Adds the
/// directories that it creates.
fn temporary(path: &Path, text: &str, created: &mut Vec<PathBuf>) -> Result<Ready, OutputError> {
    let (path, old) = match find_file(path)? {
        Some(metadata) if metadata.permissions().readonly() => return Err(OutputError::ReadOnly(path.to_owned())),
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
    Ok(Ready { file: file.into_temp_path(), path, is_new })
}

/// Returns what is known of the file at a path, behind links, or nothing if one can be created there.
///
/// # Errors
/// Returns an error if something else is there, or something above the path is no directory.
pub(crate) fn find_file(path: &Path) -> Result<Option<Metadata>, OutputError> {
    match find(path)? {
        Some(metadata) if metadata.is_file() => Ok(Some(metadata)),
        Some(metadata) if metadata.is_dir() => Err(OutputError::NotAFile(path.to_owned())),
        Some(_) => Err(OutputError::NotRegular(path.to_owned())),
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
            Some(_) => return Err(OutputError::NotADirectory(path.to_owned())),
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
        Err(_) if path.is_symlink() => Err(OutputError::Dangling(path.to_owned())),
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
pub(crate) fn remove_empty(created: &[PathBuf]) {
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
fn is_leftover(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy().into_owned();
    let is_random = |rest: &str| rest.len() == RANDOM && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
    name.strip_prefix(TEMPORARY).is_some_and(is_random) && entry.file_type().is_ok_and(|kind| kind.is_file())
}

/// The files below a directory that the generator owns.
#[derive(Debug, Default)]
struct Found {
    texts: BTreeMap<String, String>,
    leftovers: Vec<PathBuf>,
}

impl Found {
    /// Reads the files below `directory`. Stops at the first one that the generator did not write.
    fn collect(&mut self, root: &Path, directory: &Path) -> Result<(), OutputError> {
        let entries = fs::read_dir(directory).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        let mut entries = entries.map_err(OutputError::io(directory))?;
        // Files come first: a directory with a foreign file is not searched any deeper.
        entries.sort_by_key(|entry| (entry.file_type().is_ok_and(|kind| kind.is_dir()), entry.file_name()));
        for entry in entries {
            let path = entry.path();
            let kind = entry.file_type().map_err(OutputError::io(&path))?;
            if kind.is_dir() {
                self.collect(root, &path)?;
                continue;
            }
            if is_leftover(&entry) {
                self.leftovers.push(path);
                continue;
            }
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            // A link may lead anywhere, so it is not followed.
            let text = if kind.is_file() { generated_text(&path) } else { None };
            let Some(text) = text else {
                return Err(OutputError::Foreign { directory: root.to_owned(), foreign: name });
            };
            self.texts.insert(name, text);
        }
        Ok(())
    }
}

/// Returns the text of a file if the generator wrote it. No more than the start of any other file is read.
fn generated_text(path: &Path) -> Option<String> {
    let mut file = fs::File::open(path).ok()?;
    let mut bytes = Vec::new();
    (&file).take(HEAD).read_to_end(&mut bytes).ok()?;
    // The limit may have cut a character in two, which the mark never has.
    if !is_generated(&String::from_utf8_lossy(&bytes)) {
        return None;
    }
    file.read_to_end(&mut bytes).ok()?;
    String::from_utf8(bytes).ok()
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
        assert_eq!(error.changed(), 1);
        assert_eq!(error.help(), "make the path writable, and run the command again: it completes what is missing");
        assert_eq!(fs::read_to_string(path("a")).unwrap(), "text");
        assert_eq!(
            fs::read_dir(directory.path()).unwrap().count(),
            2,
            "neither a temporary file nor a new one is left"
        );
    }

    #[test]
    fn nothing_stays_of_what_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        fs::create_dir(path("b")).unwrap();
        fs::write(path("file"), "").unwrap();
        for (name, expected) in [
            ("b", "b: this is a directory, and a file is to be written there"),
            ("file/c", "file: this is a file, not a directory"),
        ] {
            let mut changes = Changes::default();
            changes.replace(&path("new/below/a"), "text");
            changes.replace(&path(name), "text");
            let error = changes.apply().unwrap_err();
            assert_eq!(error.changed(), 0);
            assert!(error.to_string().ends_with(expected), "{error}");
            assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 2, "neither a file nor a directory is left");
        }
    }

    #[test]
    #[cfg(unix)]
    fn links_and_modes_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        let replace = |name: &str, text: &str| {
            let mut changes = Changes::default();
            changes.replace(&path(name), text);
            changes.apply()
        };
        let mode = |name: &str| fs::metadata(path(name)).unwrap().permissions().mode() & 0o777;
        let set_mode = |name: &str, mode| fs::set_permissions(path(name), fs::Permissions::from_mode(mode)).unwrap();
        fs::create_dir(path("elsewhere")).unwrap();
        fs::write(path("elsewhere/file"), "old").unwrap();
        symlink("elsewhere/file", path("link")).unwrap();
        set_mode("link", 0o600);
        replace("link", "new").unwrap();
        assert!(path("link").is_symlink());
        assert_eq!(
            (fs::read_to_string(path("elsewhere/file")).unwrap(), mode("elsewhere/file")),
            ("new".into(), 0o600)
        );
        set_mode("link", 0o444);
        let error = replace("link", "newer").unwrap_err();
        assert!(error.to_string().ends_with("link: this file is read-only"), "{error}");
        assert_eq!(fs::read_to_string(path("link")).unwrap(), "new");

        symlink("nothing", path("dangling")).unwrap();
        let error = replace("dangling", "new").unwrap_err();
        assert!(error.to_string().ends_with("dangling: this is a link to something that does not exist"), "{error}");
        let error = replace("dangling/file", "new").unwrap_err();
        assert!(error.to_string().ends_with("dangling: this is a link to something that does not exist"), "{error}");
    }
}
