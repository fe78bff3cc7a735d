//! Writing files: a directory that the generator owns, and sets of single files.
//!
//! `--check` and writing share [`Plan`] and so cannot disagree. A directory with one file that the generator did not
//! write is refused as a whole. All text is on the disk, in temporary files, before the first file is replaced; a
//! temporary file that an interrupted run left behind is deleted by the next one.

mod changes;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use codegen::{File, is_generated};

pub(crate) use self::changes::{Changes, check_directory, clean, create_directory, find_file, with_line_ends_of};
use self::changes::{TEMPORARY, is_leftover};
use crate::root::from_here;

/// The number of bytes that tell whether a file was generated.
const HEAD: u64 = 200;

/// Why files cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("{}: {reason}", from_here(path))]
pub(crate) struct OutputError {
    path: PathBuf,
    reason: String,
    help: &'static str,
    /// The number of files that had been replaced or deleted before.
    pub(crate) changed: usize,
}

/// Returns what the operating system says, in words that help.
fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => format!("the disk is full ({error})"),
        _ => error.to_string(),
    }
}

impl OutputError {
    fn new(path: &Path, reason: &str, help: &'static str) -> Self {
        Self { path: path.to_owned(), reason: reason.to_owned(), help, changed: 0 }
    }

    /// Reading or writing failed.
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::new(path, &words(&error), "make the path writable, or name another one")
    }

    fn not_a_directory(path: &Path) -> Self {
        let help = "name a directory that is empty, or that does not exist yet";
        Self::new(path, "this is a file, not a directory", help)
    }

    fn not_a_file(path: &Path) -> Self {
        let reason = "this is a directory, and a file is to be written there";
        Self::new(path, reason, "delete the directory, or name another one")
    }

    fn read_only(path: &Path) -> Self {
        Self::new(path, "this file is read-only", "make the file writable, and run the command again")
    }

    pub(crate) fn help(&self) -> &'static str {
        match self.changed {
            0 => self.help,
            _ => "make the path writable, and run the command again: it completes what is missing",
        }
    }
}

/// The difference between a directory and what it should hold.
#[derive(Debug)]
pub(crate) struct Plan {
    directory: PathBuf,
    /// Each file below the directory, by path: the text that it has, if it is there, and the text that it should have, if any.
    pub(crate) entries: BTreeMap<String, (Option<String>, Option<String>)>,
    /// Temporary files of an interrupted run.
    leftovers: Vec<PathBuf>,
}

impl Plan {
    /// Compares a directory, which need not exist, with the files that it should hold.
    ///
    /// # Errors
    /// Returns an error if the directory cannot be read or holds a file that the generator did not write.
    pub(crate) fn new(directory: &Path, files: Vec<File>) -> Result<Self, OutputError> {
        let (mut texts, mut leftovers) = (BTreeMap::new(), Vec::new());
        match fs::metadata(directory) {
            Ok(metadata) if metadata.is_dir() => collect(directory, directory, &mut texts, &mut leftovers)?,
            Ok(_) => return Err(OutputError::not_a_directory(directory)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(OutputError::io(directory)(error)),
        }
        let mut entries = BTreeMap::new();
        for file in files {
            let old = texts.remove(&file.path);
            if old.is_none() && directory.join(&file.path).is_dir() {
                return Err(OutputError::not_a_file(&directory.join(&file.path)));
            }
            entries.insert(file.path, (old, Some(file.text)));
        }
        entries.extend(texts.into_iter().map(|(path, text)| (path, (Some(text), None))));
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
                return Err(OutputError::read_only(path));
            }
            directories.extend(path.parent());
        }
        for directory in directories {
            // Only the attempt shows it.
            tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(directory).map_err(OutputError::io(directory))?;
        }
        Ok(())
    }

    pub(crate) fn path(&self, entry: &str) -> PathBuf {
        self.directory.join(entry)
    }

    /// Returns the files to replace and to delete.
    pub(crate) fn changes(&self) -> Changes {
        let mut changes = Changes::default();
        for (name, (_, new)) in self.entries.iter().filter(|(_, (old, new))| old != new) {
            match new {
                Some(text) => changes.replace(&self.path(name), text),
                None => changes.delete(&self.path(name)),
            }
        }
        changes
    }

    /// Writes and deletes files until the directory holds what it should.
    ///
    /// # Errors
    /// Returns an error if a file cannot be written, with the number of files changed before.
    pub(crate) fn write(&self) -> Result<(), OutputError> {
        let changes = self.changes();
        for leftover in &self.leftovers {
            fs::remove_file(leftover).map_err(OutputError::io(leftover))?;
        }
        changes.apply()?;
        for (name, _) in self.entries.iter().filter(|(_, (_, new))| new.is_none()) {
            // Directories that are empty now go too; removing one that is not empty fails, and it stays.
            for parent in self.path(name).ancestors().skip(1).take_while(|parent| *parent != self.directory) {
                let _ = fs::remove_dir(parent);
            }
        }
        Ok(())
    }
}

/// Reads the files below `directory`, by their paths below `root`, and finds what interrupted runs left. Stops at the first one that the generator did not write.
fn collect(
    root: &Path,
    directory: &Path,
    texts: &mut BTreeMap<String, String>,
    leftovers: &mut Vec<PathBuf>,
) -> Result<(), OutputError> {
    let entries = fs::read_dir(directory).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut entries = entries.map_err(OutputError::io(directory))?;
    // Files come first: a directory with a foreign file is not searched any deeper.
    entries.sort_by_key(|entry| (entry.file_type().is_ok_and(|kind| kind.is_dir()), entry.file_name()));
    for entry in entries {
        let path = entry.path();
        let kind = entry.file_type().map_err(OutputError::io(&path))?;
        if kind.is_dir() {
            if is_of_file(&path) {
                return Err(OutputError::not_a_file(&path));
            }
            collect(root, &path, texts, leftovers)?;
            continue;
        }
        if is_leftover(&entry) {
            leftovers.push(path);
            continue;
        }
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        // A link may lead anywhere, so it is not followed.
        let text = if kind.is_file() && is_of_file(&path) { generated_text(&path) } else { None };
        let Some(text) = text else {
            let reason = format!("the generator did not write `{name}`");
            return Err(OutputError::new(root, &reason, "name an empty directory, or move the file away"));
        };
        texts.insert(name, text);
    }
    Ok(())
}

/// Whether a path is that of a file and not of a directory, where the generator writes: one in place of the other is found before it is
/// known what is to be written.
fn is_of_file(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs" || extension == "md")
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
