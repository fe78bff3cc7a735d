//! `cargo xtask diff`: what a change of the document means for downstream.

pub(crate) mod show;

use std::path::Path;
use std::process::ExitCode;

use clap::ValueEnum;
use codegen::config::Release;
use codegen::diff::{Change, Changes, Rule, Verdict, Words, diff, next_version};
use codegen::ir::Api;
use codegen::{Config, Diagnostic, Diagnostics, Pointer};
use semver::Version;

use crate::git;
use crate::manifest::{self, MANIFEST};
use crate::report::{Failure, print, print_json};
use crate::root::{self, config_name, shown};

/// Compare two documents, and say what the change means on the wire, in Rust and for the version
///
/// A side is a document of Stripe's (JSON or YAML, whole or part) or a git revision, which stands for the documents in its
/// `spec/`; so does a directory with the configuration, such as the one that `update --crate` keeps. Only what is selected is
/// compared.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The document or the git revision to start from
    old: String,
    /// The document or the git revision to compare it with [default: `spec/` of the working tree]
    new: Option<String>,
    /// How to show the changes
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Exit with 1 if the verdict is major
    #[arg(long)]
    exit_code: bool,
}

/// How changes are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a terminal
    Text,
    /// For a pull request
    Markdown,
    /// For a program; `xtask/diff.schema.json` describes it
    Json,
    /// Entries for `CHANGELOG.md`
    Changelog,
}

pub(crate) struct Report {
    pub(crate) old: String,
    pub(crate) new: String,
    pub(crate) changes: Changes,
    /// The version of the old side. A crate of one's own may have none in its manifest.
    pub(crate) current: Option<Version>,
}

impl Report {
    pub(crate) fn new(old: &Side, new: &Side) -> Self {
        let changes = compare(old, new);
        Self { old: old.label.clone(), new: new.label.clone(), changes, current: old.version.clone() }
    }

    pub(crate) fn next(&self) -> Option<Version> {
        Some(next_version(self.current.as_ref()?, self.changes.verdict()))
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let config = root::config()?;
    let old = Side::read(&config, &arguments.old);
    let new = match &arguments.new {
        Some(new) => Side::read(&config, new),
        // An operation that is gone is a difference, and not an error, until a person deletes its row.
        None => Side::working_tree(&config.skipping_absent()),
    };
    let (old, new) = match (named("old", old), named("new", new)) {
        (Ok(old), Ok(new)) => (old, new),
        (old, new) => {
            let problems = [old.err(), new.err()].into_iter().flatten().flat_map(|Diagnostics(problems)| problems);
            return Err(Diagnostics(problems.collect()).into());
        }
    };
    let report = Report::new(&old, &new);
    match arguments.format {
        Format::Text => show::text(&report).print(),
        Format::Markdown => print(&show::markdown(&report)),
        Format::Json => print_json(&show::json(&report)),
        Format::Changelog => print(&show::changelog(&report)),
    }
    let major = report.changes.verdict() == Some(Verdict::Major);
    Ok(if arguments.exit_code && major { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// What a side is called that is not committed.
const WORKING_TREE: &str = "the working tree";

pub(crate) struct Side {
    label: String,
    /// The version of the crate on this side, if it is known; that of the working tree for a document by itself.
    version: Option<Version>,
    /// The APIs of the releases that a configuration lists, or of a document by itself.
    releases: Vec<(Option<Release>, Api)>,
}

impl Side {
    fn read(config: &Config, from: &str) -> Result<Self, Diagnostics> {
        let path = Path::new(from);
        if !path.exists() {
            return match git::commit(from) {
                Ok(_) => Self::revision(from),
                Err(error) => {
                    let reason = format!("there is no such file, and {error}");
                    Err(Diagnostic::new(from, Pointer::default(), reason, error.help).into())
                }
            };
        }
        if path.join(config_name()).is_file() {
            return Self::directory(path).map(|side| Self { label: shown(path), ..side });
        }
        let api = generate(config, None, &shown(path), &root::read(path)?)?;
        let version = version(root::read(&root::path().join(MANIFEST)))?;
        let label = format!("{} ({})", shown(path), api.version.text);
        Ok(Self { label, version, releases: vec![(None, api)] })
    }

    pub(crate) fn revision(revision: &str) -> Result<Self, Diagnostics> {
        let read = |path: &str| {
            git::file(revision, path)
                .map_err(|error| Diagnostic::new(revision, Pointer::default(), error.to_string(), error.help).into())
        };
        // No sample is part of what is compared.
        let file = config_name();
        let config = root::parse(&format!("{revision}:{file}"), &read(file)?)?;
        Self::listed(revision, &config, read)
    }

    pub(crate) fn working_tree(config: &Config) -> Result<Self, Diagnostics> {
        Self::below(&root::path(), config)
    }

    /// Returns the side of the working tree, with the APIs of its releases.
    pub(crate) fn generated(config: &Config, apis: Vec<Api>) -> Result<Self, Diagnostics> {
        let version = version(root::read(&root::path().join(MANIFEST)))?;
        let releases = config.releases.iter().cloned().map(Some).zip(apis).collect();
        Ok(Self { label: WORKING_TREE.to_owned(), version, releases })
    }

    /// Reads the configuration and the documents below a directory with the layout of the project.
    pub(crate) fn directory(directory: &Path) -> Result<Self, Diagnostics> {
        let text = root::read(&directory.join(config_name()))?;
        Self::below(directory, &root::parse(config_name(), &text)?)
    }

    fn below(directory: &Path, config: &Config) -> Result<Self, Diagnostics> {
        Self::listed(WORKING_TREE, config, |path| root::read(&directory.join(path)))
    }

    /// Returns what each release of another side is on this one.
    pub(crate) fn counterparts(&self, releases: &[Release]) -> Vec<Option<(&Release, &Api)>> {
        let rows = self.rows().unwrap_or_default();
        let old: Vec<_> = rows.iter().map(|(release, _)| *release).collect();
        let pairs = counterparts(&old, &releases.iter().collect::<Vec<_>>());
        pairs.into_iter().map(|at| at.map(|at| rows[at])).collect()
    }

    /// Returns the releases; nothing for a document by itself.
    fn rows(&self) -> Option<Vec<(&Release, &Api)>> {
        self.releases.iter().map(|(release, api)| Some((release.as_ref()?, api))).collect()
    }

    pub(crate) fn api(&self, i: usize) -> Option<&Api> {
        self.releases.get(i).map(|(_, api)| api)
    }

    fn listed(
        label: &str,
        config: &Config,
        read: impl Fn(&str) -> Result<String, Diagnostics>,
    ) -> Result<Self, Diagnostics> {
        let version = version(read(MANIFEST))?;
        let mut releases = Vec::new();
        for release in &config.releases {
            let path = format!("spec/{}", release.document);
            let api = generate(config, Some(&release.module), &format!("{label}: {path}"), &read(&path)?)?;
            releases.push((Some(release.clone()), api));
        }
        Ok(Self { label: label.to_owned(), version, releases })
    }
}

/// Returns the version in a manifest. A crate of one's own need not have one: it can be a member of a workspace.
fn version(manifest: Result<String, Diagnostics>) -> Result<Option<Version>, Diagnostics> {
    match root::is_crate() {
        true => Ok(manifest.ok().as_deref().and_then(manifest::own_version)),
        false => manifest::version(&manifest?).map(Some),
    }
}

fn generate(config: &Config, release: Option<&str>, name: &str, text: &str) -> Result<Api, Diagnostics> {
    codegen::generate(config, release, name, text).map(|generated| generated.api)
}

/// Says in the diagnostics of a side which one it is.
pub(crate) fn named(which: &str, side: Result<Side, Diagnostics>) -> Result<Side, Diagnostics> {
    side.map_err(|Diagnostics(mut problems)| {
        for diagnostic in &mut problems {
            diagnostic.document = format!("the {which} side, {}", diagnostic.document);
        }
        Diagnostics(problems)
    })
}

/// Compares release by release. A document by itself is compared with the first release of the other side.
fn compare(old: &Side, new: &Side) -> Changes {
    let (Some(old), Some(new)) = (old.rows(), new.rows()) else {
        return old.api(0).zip(new.api(0)).map(|(old, new)| diff(old, new)).unwrap_or_default();
    };
    let mut all = Vec::new();
    let (was, is): (Vec<_>, Vec<_>) = (old.iter().map(|row| row.0).collect(), new.iter().map(|row| row.0).collect());
    let pairs = counterparts(&was, &is);
    for (i, ((release, api), pair)) in new.into_iter().zip(&pairs).enumerate() {
        let Some((was, old_api)) = pair.map(|at| old[at]) else {
            all.push(module_change(None, Some((release, api))));
            continue;
        };
        // The first release is at the root of the crate, and its module is private.
        if i > 0 && (&was.module, &was.feature) != (&release.module, &release.feature) {
            all.push(module_change(Some((was, old_api)), None));
            all.push(module_change(None, Some((release, api))));
        }
        let Changes { mut changes } = diff(old_api, api);
        if i > 0 {
            for change in &mut changes {
                change.subject = format!("{}::{}", release.module, change.subject);
                change.item = format!("{}::{}", release.module, change.item);
            }
        }
        all.extend(changes);
    }
    let gone = old.into_iter().enumerate().filter(|(at, _)| !pairs.contains(&Some(*at)));
    all.extend(gone.map(|(_, row)| module_change(Some(row), None)));
    Changes::new(all)
}

/// Returns the position of what each of the new releases was. The first one is the current release; another one is known by its
/// module, or else by its feature, since the name of a module can follow the version. A feature that several others have says nothing.
fn counterparts(old: &[&Release], new: &[&Release]) -> Vec<Option<usize>> {
    let by_module = |(i, release): (usize, &&Release)| match i {
        0 => (!old.is_empty()).then_some(0),
        _ => old.iter().skip(1).position(|other| other.module == release.module).map(|at| at + 1),
    };
    let mut pairs: Vec<_> = new.iter().enumerate().map(by_module).collect();
    let of_feature = |releases: &[&Release], is_paired: &dyn Fn(usize) -> bool, feature: &str| {
        let has = |at: &usize| !is_paired(*at) && releases[*at].feature.as_deref() == Some(feature);
        let mut others = (1..releases.len()).filter(has);
        others.next().filter(|_| others.next().is_none())
    };
    let known = pairs.clone();
    for (i, release) in new.iter().enumerate().skip(1).filter(|(i, _)| known[*i].is_none()) {
        let Some(feature) = &release.feature else { continue };
        let is_only = of_feature(new, &|at| known[at].is_some(), feature) == Some(i);
        pairs[i] = of_feature(old, &|at| known.contains(&Some(at)), feature).filter(|_| is_only);
    }
    pairs
}

fn module_change(old: Option<(&Release, &Api)>, new: Option<(&Release, &Api)>) -> Change {
    let words = |(release, api): (&Release, &Api)| Words {
        wire: Some(api.version.text.clone()),
        rust: Some(format!("mod {}", release.module)),
    };
    let module = old.or(new).map(|(release, _)| release.module.clone()).unwrap_or_default();
    Change {
        subject: module.clone(),
        path: String::new(),
        item: module,
        was: old.map(words).unwrap_or_default(),
        is: new.map(words).unwrap_or_default(),
        rule: if old.is_some() { Rule::ItemRemoved } else { Rule::ItemAdded },
        guess: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_paired_by_their_modules_before_their_features() {
        let row = |(module, feature): &(&str, &str)| Release {
            module: (*module).to_owned(),
            feature: Some((*feature).to_owned()),
            api_version: String::new(),
            document: String::new(),
            upstream: None,
            upstream_sha256: None,
            sha256: String::new(),
        };
        let check = |old: &[(&str, &str)], new: &[(&str, &str)], expected: &[Option<usize>]| {
            let (old, new): (Vec<_>, Vec<_>) = (old.iter().map(row).collect(), new.iter().map(row).collect());
            let pairs = counterparts(&old.iter().collect::<Vec<_>>(), &new.iter().collect::<Vec<_>>());
            assert_eq!(pairs, expected);
        };
        let first = ("now", "");
        // The name of the first one follows the version.
        check(&[("then", "")], &[first], &[Some(0)]);
        check(&[first, ("old1", "old")], &[first, ("old2", "old"), ("old1", "old")], &[Some(0), None, Some(1)]);
        check(&[first, ("old1", "old"), ("old2", "old")], &[first, ("old2", "old")], &[Some(0), Some(2)]);
        check(&[first, ("a", "preview")], &[first, ("b", "preview")], &[Some(0), Some(1)]);
        check(&[first, ("a", "old"), ("b", "old")], &[first, ("c", "old")], &[Some(0), None]);
        check(&[first, ("a", "x")], &[first, ("a", "y")], &[Some(0), Some(1)]);
    }
}
