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

    /// Returns the release that is `release`, the row of another side with the index `i`, on this side.
    pub(crate) fn counterpart(&self, i: usize, release: &Release) -> Option<(&Release, &Api)> {
        let mut rows = self.rows()?.into_iter().enumerate();
        rows.find(|(j, (old, _))| is_same((*j, old), (i, release))).map(|(_, row)| row)
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
    let mut rest: Vec<_> = old.into_iter().enumerate().collect();
    for (i, (release, api)) in new.into_iter().enumerate() {
        let counterpart = rest.iter().position(|(j, (other, _))| is_same((*j, other), (i, release)));
        let Some((_, (was, old_api))) = counterpart.map(|position| rest.remove(position)) else {
            all.push(module_change(None, Some((release, api))));
            continue;
        };
        // The first release is at the root of the crate, and its module is private.
        if i > 0 && was.module != release.module {
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
    all.extend(rest.into_iter().map(|(_, (release, api))| module_change(Some((release, api)), None)));
    Changes::new(all)
}

/// Whether two rows are the same release at two times. The first one is the current release; another one is known by its
/// feature. The name of the module follows the version, and so says nothing.
fn is_same((i, old): (usize, &Release), (j, new): (usize, &Release)) -> bool {
    match (i, j) {
        (0, 0) => true,
        (0, _) | (_, 0) => false,
        _ => {
            (&old.feature, &old.module) == (&new.feature, &new.module)
                || old.feature.is_some() && old.feature == new.feature
        }
    }
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
