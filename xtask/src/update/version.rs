//! The version and the entries of the changelog, computed from the base on every run.
//!
//! What a run wrote is recorded for the next one to replace. It cannot be computed again: a row that was pasted in between
//! changes what the former document means. Everything else is a person's, and stays.

use std::path::PathBuf;

use codegen::diff::{Verdict, next_version};
use codegen::{Diagnostic, Diagnostics, Pointer};
use serde::{Deserialize, Serialize};

use super::list::Task;
use crate::changelog::{self, CHANGELOG};
use crate::diff::Report;
use crate::diff::show::entries;
use crate::git;
use crate::manifest::{self, LOCK, MANIFEST};
use crate::output::{Changes, clean, with_line_ends_of};
use crate::report::{Failure, LABEL, WARN, line};
use crate::root;

/// The record of what was written, below the root of the workspace.
const RECORD: &str = "spec/update.json";

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Record {
    about: String,
    version: Option<String>,
    entries: Vec<String>,
}

impl Record {
    fn parse(text: Option<&str>) -> Result<Self, Diagnostics> {
        let invalid = |error: serde_json::Error| {
            let help = "restore the file with git, or delete it and correct the changelog by hand";
            Diagnostic::new(RECORD, Pointer::default(), error.to_string(), help).into()
        };
        text.map_or(Ok(Self::default()), |text| serde_json::from_str(text).map_err(invalid))
    }
}

/// Sets the version that the changes ask for, unless a person set a higher one, and writes the entries of the changelog. Returns a
/// note about a version that a person set. Without a version on the old side, there is nothing to set.
pub(super) fn set(base: &str, report: &Report) -> Result<Vec<Task>, Failure> {
    let (Some(old), Some(mut asked_for)) = (&report.current, report.next()) else { return Ok(Vec::new()) };
    // The base has no carriage returns, which git may have added.
    let read = |name: &str| root::read(&root::path().join(name)).map(|text| text.replace("\r\n", "\n"));
    let (manifest, lock, log) = (read(MANIFEST)?, read(LOCK)?, read(CHANGELOG)?);
    let path: PathBuf = root::path().join(RECORD);
    let recorded = if path.exists() { Some(root::read(&path)?) } else { None };
    let base_recorded = git::file(base, RECORD).ok();
    // What is recorded in the base was released, or belongs to it.
    let own = match recorded == base_recorded {
        true => Record::default(),
        false => Record::parse(recorded.as_deref())?,
    };
    let base_log = git::file(base, CHANGELOG).unwrap_or_default();
    let entries = entries(&report.changes);
    let current = manifest::version(&manifest)?;
    let is_own = current == *old || own.version == Some(current.to_string());
    if report.changes.verdict().is_none() && changelog::has_others(&log, &base_log, &own.entries) {
        // What a person wrote about changes of their own needs a version too.
        asked_for = next_version(old, Some(Verdict::Patch));
    }
    let version = if is_own { asked_for.clone() } else { asked_for.clone().max(current.clone()) };
    let new_log = changelog::rewrite(&log, &base_log, &own.entries, &version, &entries);
    let (new_manifest, new_lock) = manifest::with_version(&manifest, &lock, &version)?;
    let new_record = match entries.is_empty() && version == *old {
        true => base_recorded,
        false => {
            let about =
                "What `cargo xtask update` wrote to Cargo.toml and CHANGELOG.md, so that the next run replaces it.";
            // A version that a person set is not ours.
            let own_version = (version == asked_for).then(|| version.to_string());
            let record = Record { about: about.to_owned(), version: own_version, entries };
            let text = serde_json::to_string_pretty(&record).map_err(|error| {
                Diagnostics::from(Diagnostic::new(RECORD, Pointer::default(), error.to_string(), "report this"))
            })?;
            Some(text + "\n")
        }
    };

    let mut changes = Changes::default();
    let mut written = Vec::new();
    for (name, old, new) in
        [(MANIFEST, &manifest, &new_manifest), (LOCK, &lock, &new_lock), (CHANGELOG, &log, &new_log)]
    {
        if old != new {
            let path = root::path().join(name);
            changes.replace(&path, &with_line_ends_of(&root::read(&path)?, new));
            written.push(name);
        }
    }
    match &new_record {
        Some(text) if recorded.as_ref() != Some(text) => changes.replace(&path, text),
        None if recorded.is_some() => changes.delete(&path),
        _ => {}
    }
    clean(&root::path())?;
    changes.apply()?;
    for name in written {
        line(LABEL, "wrote", name);
    }
    if version == asked_for {
        return Ok(Vec::new());
    }
    let what = format!("the version stays {version}, which a person set: the changes ask for {asked_for}");
    line(WARN, "version", &what);
    Ok(vec![Task::note((MANIFEST.to_owned(), None), what)])
}
