//! What the code of a crate of one's own was generated from last, for as long as newer documents are not generated.
//!
//! An update writes `spec/` before `src/generated/`, and can stop in between. The next run compares with what is kept here, and not
//! with the documents that the stopped one wrote.

use std::fs;
use std::path::{Path, PathBuf};

use codegen::Config;

use crate::facts;
use crate::manifest::{MANIFEST, own_version};
use crate::output::{Changes, OutputError};
use crate::report::Failure;
use crate::root::{self, config_name};

/// The directory, below the root of the crate. git ignores it.
const DIRECTORY: &str = "target/stripe/before";

/// The same for what was there before the first update since the version in the manifest was set, once the code is generated:
/// `diff` compares with it, and so does the next update until the version is another one.
const LAST: &str = "target/stripe/last";

/// The configuration that the code was generated from: a person may have added rows since.
const CONFIG: &str = "target/stripe/generated.toml";

/// Returns the directory, with the layout of the crate, if anything is kept.
pub(super) fn directory() -> Option<PathBuf> {
    kept(DIRECTORY)
}

/// Returns the directory with what was there before the last update, if it is kept.
pub(super) fn last() -> Option<PathBuf> {
    kept(LAST)
}

/// Returns the same if nobody has set the version since: what changed is not released yet.
pub(super) fn unreleased() -> Option<PathBuf> {
    let version = |root: &Path| own_version(&root::read(&root.join(MANIFEST)).ok()?);
    last().filter(|last| version(last).is_some_and(|old| Some(old) == version(&root::path())))
}

/// Returns the text of the configuration that the code was generated from, if it is kept and is about the documents that are there.
pub(super) fn config() -> Option<String> {
    let kept = root::read(&root::path().join(CONFIG)).ok()?;
    let releases = |text: &str| {
        let config = root::parse(config_name(), text).ok()?;
        Some(config.releases.into_iter().map(|release| (release.document, release.sha256)).collect::<Vec<_>>())
    };
    let present = root::read(&root::path().join(config_name())).ok()?;
    (releases(&kept)? == releases(&present)?).then_some(kept)
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
        let generated = if name == config_name() { self::config() } else { None };
        if let Some(text) = generated.or_else(|| root::read(&root::path().join(&name)).ok()) {
            changes.replace(&root::path().join(DIRECTORY).join(&name), &text);
        }
    }
    changes
}

/// Keeps nothing any more as what the code is from but the configuration: it is generated from what is there.
pub(crate) fn forget() -> Result<(), Failure> {
    // The rows alone can be others as well.
    if config() != root::read(&root::path().join(config_name())).ok() {
        keep(&root::config()?).apply()?;
    }
    forget_documents()?;
    keep_config()
}

fn keep_config() -> Result<(), Failure> {
    let text = root::read(&root::path().join(config_name()))?;
    if config().as_ref() != Some(&text) {
        let mut changes = Changes::default();
        changes.replace(&root::path().join(CONFIG), &text);
        changes.apply()?;
    }
    Ok(())
}

fn forget_documents() -> Result<(), OutputError> {
    let directory = root::path().join(DIRECTORY);
    let documents = fs::read_dir(directory.join("spec")).into_iter().flatten().flatten();
    let documents = documents.map(|entry| Path::new("spec").join(entry.file_name()));
    let is_changed = |name: PathBuf| fs::read(directory.join(&name)).ok() != fs::read(root::path().join(name)).ok();
    let is_kept = self::directory().is_some();
    // What is not released is compared with what was.
    if unreleased().is_none() && is_kept && documents.chain([config_name().into()]).any(is_changed) {
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
