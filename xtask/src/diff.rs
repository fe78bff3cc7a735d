//! `cargo xtask diff`: what a change of the document means for downstream.

pub(crate) mod show;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use clap::ValueEnum;
use codegen::diff::{Change, Changes, Rule, Verdict, diff, next_version};
use codegen::ir::Api;
use codegen::{Config, Diagnostic, Diagnostics, Pointer};
use semver::Version;
use toml_edit::DocumentMut;

use crate::report::Failure;
use crate::root::{self, CONFIG, MANIFEST, shown};

/// Compare two documents, and say what the change means on the wire, in Rust and for the version
///
/// A side is a document of Stripe's, JSON or YAML, whole or part, or a git revision, which stands for the documents that
/// its `spec/` has. Only what is selected is compared.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The document or the git revision to start from
    old: String,
    /// The document or the git revision to compare it with; the working tree's `spec/` if left out
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

/// What is shown.
pub(crate) struct Report {
    pub(crate) old: String,
    pub(crate) new: String,
    pub(crate) changes: Changes,
    pub(crate) current: Version,
}

impl Report {
    /// The version that the changes ask for.
    pub(crate) fn next(&self) -> Version {
        next_version(&self.current, self.changes.verdict())
    }
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let config = root::config()?;
    let old = Side::read("old", &config, Some(&arguments.old));
    let new = Side::read("new", &config, arguments.new.as_deref());
    let (old, new) = match (old, new) {
        (Ok(old), Ok(new)) => (old, new),
        (old, new) => {
            let found = [old.err(), new.err()].into_iter().flatten().flat_map(|Diagnostics(found)| found);
            return Err(Diagnostics(found.collect()).into());
        }
    };
    let report = Report { changes: compare(&old, &new), old: old.label, new: new.label, current: current_version()? };
    anstream::print!("{}", show::show(&report, arguments.format));
    let major = report.changes.verdict() == Some(Verdict::Major);
    Ok(if arguments.exit_code && major { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Returns the version of the workspace, which the generated crate shares.
fn current_version() -> Result<Version, Diagnostics> {
    let problem = |reason: String| {
        let help = "set `version` under `[workspace.package]` to a version such as `0.1.0`";
        Diagnostics::from(Diagnostic::new(MANIFEST, Pointer::default(), reason, help))
    };
    let manifest = root::read(&root::path().join(MANIFEST))?;
    let manifest: DocumentMut = manifest.parse().map_err(|error: toml_edit::TomlError| problem(error.to_string()))?;
    let version = manifest.get("workspace").and_then(|table| table.get("package")?.get("version")?.as_str());
    let version = version.ok_or_else(|| problem("there is no `workspace.package.version`".to_owned()))?;
    Version::parse(version).map_err(|error| problem(format!("`{version}` is not a version: {error}")))
}

/// One side of the comparison.
struct Side {
    label: String,
    /// The APIs by module; a document by itself is under no name.
    apis: BTreeMap<String, Api>,
    /// The module that stands for all where the other side is a document by itself.
    default: String,
}

impl Side {
    fn read(which: &str, config: &Config, from: Option<&str>) -> Result<Self, Diagnostics> {
        let Some(from) = from else {
            let read = |document: &str| root::read(&root::path().join("spec").join(document));
            return Self::releases(which, "the working tree".to_owned(), config, read);
        };
        let path = PathBuf::from(from);
        if path.exists() || !is_revision(from) {
            let text = root::read(&path).map_err(|error| named(which, error))?;
            let api = generate(which, config, &shown(&path), &text)?;
            let label = format!("{} ({})", shown(&path), api.version);
            return Ok(Self { label, apis: BTreeMap::from([(String::new(), api)]), default: String::new() });
        }
        let text = show_file(from, CONFIG).map_err(|error| named(which, error))?;
        let config = Config::parse(&format!("{from}:{CONFIG}"), &text).map_err(|error| named(which, error))?;
        Self::releases(which, from.to_owned(), &config, |document| show_file(from, &format!("spec/{document}")))
    }

    fn releases(
        which: &str,
        label: String,
        config: &Config,
        read: impl Fn(&str) -> Result<String, Diagnostics>,
    ) -> Result<Self, Diagnostics> {
        let mut apis = BTreeMap::new();
        for release in &config.releases {
            let text = read(&release.document).map_err(|error| named(which, error))?;
            let name = format!("{label}: spec/{}", release.document);
            apis.insert(release.module.clone(), generate(which, config, &name, &text)?);
        }
        let default = config.releases.first().map(|release| release.module.clone()).unwrap_or_default();
        Ok(Self { label, apis, default })
    }
}

fn generate(which: &str, config: &Config, name: &str, text: &str) -> Result<Api, Diagnostics> {
    codegen::generate(config, name, text).map(|generated| generated.api).map_err(|error| named(which, error))
}

/// The problems, with the side that they are on.
fn named(which: &str, Diagnostics(mut found): Diagnostics) -> Diagnostics {
    for diagnostic in &mut found {
        diagnostic.document = format!("the {which} side, {}", diagnostic.document);
    }
    Diagnostics(found)
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).current_dir(root::path()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn is_revision(name: &str) -> bool {
    !name.starts_with('-') && git(&["rev-parse", "--quiet", "--verify", &format!("{name}^{{commit}}")]).is_some()
}

fn show_file(revision: &str, path: &str) -> Result<String, Diagnostics> {
    git(&["show", &format!("{revision}:{path}")]).ok_or_else(|| {
        let reason = format!("the revision has no file `{path}`");
        Diagnostic::new(revision, Pointer::default(), reason, "name a revision that has it").into()
    })
}

/// Compares module by module, or document by document.
fn compare(old: &Side, new: &Side) -> Changes {
    let by_itself = |side: &Side| side.apis.contains_key("");
    if by_itself(old) || by_itself(new) {
        return match (old.apis.get(&old.default), new.apis.get(&new.default)) {
            (Some(old), Some(new)) => diff(old, new),
            _ => Changes::default(),
        };
    }
    let mut all = Vec::new();
    let modules: BTreeSet<_> = old.apis.keys().chain(new.apis.keys()).collect();
    let several = modules.len() > 1;
    for module in modules {
        match (old.apis.get(module), new.apis.get(module)) {
            (Some(old), Some(new)) => {
                let Changes { mut changes } = diff(old, new);
                if several {
                    changes.iter_mut().for_each(|change| change.subject = format!("{module}::{}", change.subject));
                }
                all.extend(changes);
            }
            (old, new) => all.push(module_change(module, old, new)),
        }
    }
    all.sort_by_key(|change| std::cmp::Reverse(change.verdict()));
    Changes { changes: all }
}

fn module_change(module: &str, old: Option<&Api>, new: Option<&Api>) -> Change {
    let rust = |_: &Api| format!("mod {module}");
    Change {
        subject: module.to_owned(),
        path: String::new(),
        item: module.to_owned(),
        was: old.map(|api| api.version.clone()),
        is: new.map(|api| api.version.clone()),
        rust_was: old.map(rust),
        rust_is: new.map(rust),
        rule: if old.is_some() { Rule::ItemRemoved } else { Rule::ItemAdded },
        renamed: None,
    }
}
