//! Writing files: a directory that the generator owns, and sets of single files.
//!
//! `--check` and writing share [`Plan`] and so cannot disagree. A directory with one file that the generator did not
//! write is refused as a whole. All text is on the disk, in temporary files, before the first file is replaced; a
//! temporary file that an interrupted run left behind is deleted by the next one.

use std::collections::BTreeMap;
use std::fs::{self, DirEntry};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use codegen::{File, is_generated};
use tempfile::TempPath;

use crate::root::shown;

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
    #[error("{}: this is a file, not a directory", shown(.0))]
    NotADirectory(PathBuf),
    /// The path of a file names a directory.
    #[error("{}: this is a directory, and a file is to be written there", shown(.0))]
    NotAFile(PathBuf),
    /// The directory holds a file that the generator did not write.
    #[error("{}: the generator did not write `{foreign}`", shown(.directory))]
    Foreign {
        /// The directory.
        directory: PathBuf,
        /// The path of the first such file, below the directory.
        foreign: String,
    },
    /// Reading or writing failed.
    #[error("{}: {}", shown(.path), words(.error))]
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

    /// Writes all new text beside the files, then replaces and deletes.
    ///
    /// # Errors
    /// Returns an error if a file cannot be written, with the number of files changed before.
    pub(crate) fn apply(self) -> Result<(), OutputError> {
        let mut ready = Vec::new();
        for (path, text) in &self.replaced {
            ready.push((temporary(path, text)?, path));
        }
        let mut changed = 0;
        let failed = |path: &Path, error, changed| OutputError::Io { path: path.to_owned(), error, changed };
        for (file, path) in ready {
            file.persist(path).map_err(|error| failed(path, error.error, changed))?;
            changed += 1;
        }
        for path in &self.deleted {
            fs::remove_file(path).map_err(|error| failed(path, error, changed))?;
            changed += 1;
        }
        Ok(())
    }
}

/// Writes a temporary file with `text` that can replace `path`.
fn temporary(path: &Path, text: &str) -> Result<TempPath, OutputError> {
    let parent = path.parent().unwrap_or(path);
    fs::create_dir_all(parent).map_err(OutputError::io(parent))?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY).rand_bytes(RANDOM);
    // Temporary files are private by default; what replaces a file is as readable as any other.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut file = builder.tempfile_in(parent).map_err(OutputError::io(parent))?;
    file.write_all(text.as_bytes()).map_err(OutputError::io(path))?;
    // Closed: there may be more files than a process can have open.
    Ok(file.into_temp_path())
}

/// Deletes the temporary files that an interrupted run left in a directory.
pub(crate) fn clean(directory: &Path) -> Result<(), OutputError> {
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
        // A file cannot replace a directory, but only the attempt shows it.
        fs::create_dir(path("b")).unwrap();
        let mut changes = Changes::default();
        for name in ["a", "b", "c"] {
            changes.replace(&path(name), "text");
        }
        let error = changes.apply().unwrap_err();
        assert_eq!(error.changed(), 1);
        assert_eq!(error.help(), "make the path writable, and run the command again: it completes what is missing");
        assert!(path("a").is_file() && !path("c").exists());
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 2, "no temporary file is left");
    }
}
