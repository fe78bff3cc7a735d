//! What the code of a crate of one's own was generated from last, for as long as newer documents are not generated.
//!
//! An update writes `spec/` before `src/generated/`, and can stop in between. The next run compares with what is kept here, and not
//! with the documents that the stopped one wrote.

use std::fs;
use std::path::PathBuf;

use codegen::Config;

use crate::facts;
use crate::manifest::MANIFEST;
use crate::output::{Changes, OutputError};
use crate::root::{self, config_name};

/// The directory, below the root of the crate. git ignores it.
const DIRECTORY: &str = "target/stripe/before";

/// The same for the last update that changed the documents, once the code is generated: `diff` compares with it.
const LAST: &str = "target/stripe/last";

/// Returns the directory, with the layout of the crate, if anything is kept.
pub(super) fn directory() -> Option<PathBuf> {
    kept(DIRECTORY)
}

/// Returns the directory with what was there before the last update, if it is kept.
pub(super) fn last() -> Option<PathBuf> {
    kept(LAST)
}

fn kept(directory: &str) -> Option<PathBuf> {
    Some(root::path().join(directory)).filter(|directory| directory.join(config_name()).is_file())
}

/// Returns the files that keep the documents and the configuration, unless those of before an update that stopped are kept.
pub(super) fn keep(config: &Config) -> Changes {
    let mut changes = Changes::default();
    if directory().is_some() {
        return changes;
    }
    let documents = config
        .releases
        .iter()
        .flat_map(|release| [format!("spec/{}", release.document), facts::beside(&release.document)]);
    // The last one says that all of them are there.
    for name in documents.chain([MANIFEST.to_owned(), config_name().to_owned()]) {
        if let Ok(text) = root::read(&root::path().join(&name)) {
            changes.replace(&root::path().join(DIRECTORY).join(&name), &text);
        }
    }
    changes
}

/// Keeps nothing any more as what the code is from: it is generated from the documents that are there.
pub(crate) fn forget() -> Result<(), OutputError> {
    let directory = root::path().join(DIRECTORY);
    let spec = directory.join("spec");
    let documents = fs::read_dir(&spec).into_iter().flatten().flatten().map(|entry| entry.file_name());
    let is_changed = |name: std::ffi::OsString| {
        fs::read(spec.join(&name)).ok() != fs::read(root::path().join("spec").join(&name)).ok()
    };
    if documents.into_iter().any(is_changed) {
        let last = root::path().join(LAST);
        if last.exists() {
            fs::remove_dir_all(&last).map_err(OutputError::io(&last))?;
        }
        fs::rename(&directory, &last).map_err(OutputError::io(&last))?;
    }
    for result in [fs::remove_file(directory.join(config_name())), fs::remove_dir_all(&directory)] {
        match result {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(OutputError::io(&directory)(error));
            }
            _ => {}
        }
    }
    Ok(())
}
