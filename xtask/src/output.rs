//! A directory that the generator owns: what would change in it, and changing it.
//!
//! `--check` and writing share [`Plan`], so that they cannot disagree. What is not ours is never touched: a directory with
//! one file that the generator did not write is refused whole.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use codegen::{File, is_generated};
use tempfile::NamedTempFile;

use crate::root::shown;

/// Why a directory cannot be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OutputError {
    /// The path names something that is no directory.
    #[error("{}: this is a file, not a directory", shown(.0))]
    NotADirectory(PathBuf),
    /// The directory holds what the generator did not write.
    #[error("{}: the generator did not write {}", shown(.directory), list(.foreign))]
    Foreign {
        /// The directory.
        directory: PathBuf,
        /// What is not ours.
        foreign: Vec<String>,
    },
    /// The disk refused.
    #[error("{}: {error}", shown(.path))]
    Io {
        /// The file or the directory.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
}

impl OutputError {
    /// Returns what to do about it.
    pub(crate) fn help(&self) -> &'static str {
        match self {
            Self::NotADirectory(_) => "name a directory that is empty, or that does not exist yet",
            Self::Foreign { .. } => "name an empty directory, or move away what is to be kept",
            Self::Io { .. } => "make the directory writable, or name another one",
        }
    }

    fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Io { path: path.to_owned(), error }
    }
}

fn list(names: &[String]) -> String {
    let shown: Vec<_> = names.iter().take(5).map(|name| format!("`{name}`")).collect();
    let more = if names.len() > 5 { format!(" and {} more", names.len() - 5) } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

/// What stands in a directory against what should.
#[derive(Debug)]
pub(crate) struct Plan {
    directory: PathBuf,
    /// Each file below the directory, by path.
    pub(crate) entries: BTreeMap<String, Entry>,
}

/// A file that is there, or should be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// It is as it should be.
    Same,
    /// It is missing; the text it should have.
    Missing(String),
    /// It is there with other text: the text it has, and the text it should have.
    Stale(String, String),
    /// It should not be there; the text it has.
    Extra(String),
}

impl Plan {
    /// Compares a directory, which need not exist, with the files that it should hold.
    pub(crate) fn new(directory: &Path, files: Vec<File>) -> Result<Self, OutputError> {
        let mut found = BTreeMap::new();
        let mut foreign = Vec::new();
        match fs::metadata(directory) {
            Ok(metadata) if metadata.is_dir() => collect(directory, "", &mut found, &mut foreign)?,
            Ok(_) => return Err(OutputError::NotADirectory(directory.to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(OutputError::io(directory)(error)),
        }
        if !foreign.is_empty() {
            foreign.sort();
            return Err(OutputError::Foreign { directory: directory.to_owned(), foreign });
        }
        let mut entries = BTreeMap::new();
        for file in files {
            let entry = match found.remove(&file.path) {
                None => Entry::Missing(file.text),
                Some(text) if text == file.text => Entry::Same,
                Some(text) => Entry::Stale(text, file.text),
            };
            entries.insert(file.path, entry);
        }
        entries.extend(found.into_iter().map(|(path, text)| (path, Entry::Extra(text))));
        Ok(Self { directory: directory.to_owned(), entries })
    }

    /// The path of an entry.
    pub(crate) fn path(&self, entry: &str) -> PathBuf {
        self.directory.join(entry)
    }

    /// Makes the directory what it should be. All text is on the disk before the first file is replaced.
    pub(crate) fn write(&self) -> Result<(), OutputError> {
        let mut ready = Vec::new();
        for (name, entry) in &self.entries {
            let (Entry::Missing(text) | Entry::Stale(_, text)) = entry else { continue };
            let path = self.path(name);
            let parent = path.parent().unwrap_or(&self.directory);
            fs::create_dir_all(parent).map_err(OutputError::io(parent))?;
            ready.push((beside(&path, text)?, path));
        }
        for (file, path) in ready {
            persist(file, &path)?;
        }
        for (name, entry) in &self.entries {
            if let Entry::Extra(_) = entry {
                let path = self.path(name);
                fs::remove_file(&path).map_err(OutputError::io(&path))?;
                // A directory that this leaves empty goes too; one that is not empty stays.
                if let Some(parent) = path.parent().filter(|parent| *parent != self.directory) {
                    let _ = fs::remove_dir(parent);
                }
            }
        }
        Ok(())
    }
}

/// Makes a file hold `text`, by way of another one, and says whether it did not already.
pub(crate) fn replace(path: &Path, text: &str) -> Result<bool, OutputError> {
    if fs::read_to_string(path).is_ok_and(|found| found == text) {
        return Ok(false);
    }
    persist(beside(path, text)?, path)?;
    Ok(true)
}

/// A file that holds `text` and can take the place of `path` at once.
fn beside(path: &Path, text: &str) -> Result<NamedTempFile, OutputError> {
    let parent = path.parent().unwrap_or(path);
    let mut file = NamedTempFile::new_in(parent).map_err(OutputError::io(parent))?;
    file.write_all(text.as_bytes()).map_err(OutputError::io(path))?;
    Ok(file)
}

fn persist(file: NamedTempFile, path: &Path) -> Result<(), OutputError> {
    file.persist(path).map_err(|error| OutputError::io(path)(error.error))?;
    readable(path)
}

/// Temporary files are private; what is generated is as readable as anything else.
#[cfg(unix)]
fn readable(path: &Path) -> Result<(), OutputError> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o644)).map_err(OutputError::io(path))
}

#[cfg(not(unix))]
fn readable(_: &Path) -> Result<(), OutputError> {
    Ok(())
}

/// Reads the files below a directory, and tells apart what the generator did not write.
fn collect(
    directory: &Path,
    prefix: &str,
    found: &mut BTreeMap<String, String>,
    foreign: &mut Vec<String>,
) -> Result<(), OutputError> {
    for entry in fs::read_dir(directory).map_err(OutputError::io(directory))? {
        let entry = entry.map_err(OutputError::io(directory))?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().map_err(OutputError::io(&entry.path()))?;
        if kind.is_dir() {
            collect(&entry.path(), &format!("{name}/"), found, foreign)?;
            continue;
        }
        // A link may lead anywhere, so it is not followed.
        let text = if kind.is_file() { fs::read(entry.path()).ok() } else { None };
        match text.and_then(|bytes| String::from_utf8(bytes).ok()).filter(|text| is_generated(text)) {
            Some(text) => drop(found.insert(name, text)),
            None => foreign.push(name),
        }
    }
    Ok(())
}
