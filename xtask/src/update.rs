//! `cargo xtask update`: the whole procedure for a new document, from taking it to the list of what is left for a person.

pub(crate) mod kept;
mod list;
mod mentions;
pub(crate) mod places;
mod proposals;
pub(crate) mod take;
pub(crate) mod tasks;
mod version;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use codegen::config::Release;
use codegen::descriptions;
use codegen::ir::Api;
use codegen::known::Known;
use codegen::markdown::code;
use codegen::{Config, Diagnostic, Diagnostics, Pointer};
use serde_json::Value;

use self::list::{Task, body, list};
use self::take::{Source, parse, take};
use crate::diff::show::{markdown, summary};
use crate::diff::{Report, Side, named};
use crate::facts;
use crate::generate::{self, quoted};
use crate::git::{self, git};
use crate::lock::lock;
use crate::output::{Changes, Plan, find_file};
use crate::own;
use crate::report::{Failure, LABEL, WARN, line, print};
use crate::root::{self, from_here, releases_name, shown};

/// Take Stripe's document, generate, set the version, add changelog entries, and list what is left for a person
///
/// Run it again at any point: it continues, and keeps what was edited. After an edit of the document in `spec/`, name that
/// document. The list is Markdown, for a pull request. With `--crate`, there is no version and no changelog, Stripe's descriptions
/// are taken, and what is newly secret by a pattern is added to `codegen.toml`. A row of `sensitive` that no pattern covers is never
/// deleted.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    source: Source,
    /// The revision to compare with [default: where the current branch left `main`; with `--crate` and without such a revision of
    /// it, the documents before]
    #[arg(long, value_name = "REV")]
    base: Option<String>,
    /// Write the text for the pull request to this file
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// What a pull request starts with if Stripe took the document back: `.ci/update` closes it then.
const NOTHING_NEW: &str = "Stripe's document has nothing that `main` does not have.";

/// A release as it is, or as it was in what is compared with.
struct State<'a> {
    release: &'a Release,
    /// What is generated, if it can be.
    api: Option<&'a Api>,
    /// The path of its document from the root of the workspace.
    name: String,
    text: String,
    document: Value,
    facts: Option<String>,
    known: Known,
}

impl<'a> State<'a> {
    /// Reads what there is of a release; `read` returns the text of a file, by its path below the root.
    fn read(
        release: &'a Release,
        api: Option<&'a Api>,
        read: impl Fn(&str) -> Result<String, Failure>,
    ) -> Result<Self, Failure> {
        let name = format!("spec/{}", release.document);
        let text = read(&name)?;
        let document = parse(&name, &text)?;
        let facts_name = facts::beside(&release.document);
        let facts = read(&facts_name).ok();
        let known = facts::read(&facts_name, facts.as_deref())?;
        Ok(Self { release, api, name, text, document, facts, known })
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let _lock = lock(&root::path())?;
    let config = root::config()?;
    let mut source = arguments.source.clone();
    // The descriptions of a crate of one's own are Stripe's.
    source.take_docs |= root::is_crate();
    let kept = || if root::is_crate() { kept::keep(&config) } else { Changes::default() };
    if source.document_only {
        take(&source, &config, &|_| None)?.write(kept())?;
        line(LABEL, "next", &command("generate"));
        return Ok(ExitCode::SUCCESS);
    }
    // What is not found only after `spec/` was written leaves the two apart.
    Plan::check(&root::path().join(releases_name()))?;
    if let Some(path) = &arguments.report {
        find_file(path)?;
    }
    let base = Base::new(arguments.base.as_deref())?;
    let side = base.side()?;
    // A release stays at its place in the list, whatever its module is called.
    let olds = match &side {
        Some(side) => olds(&base, side, &config)?,
        None => Vec::new(),
    };
    let before = |release: &Release| {
        let at = config.releases.iter().position(|other| other.module == release.module)?;
        let old = olds.get(at)?.as_ref()?;
        Some((old.api?, &old.document))
    };
    let mut taken = take(&source, &config, &before)?;
    // Nobody has decided on the places of a crate of one's own that are new or gone: the rules and the patterns do.
    let changed = match root::is_crate() {
        true => {
            let api = olds.iter().flatten().next().and_then(|old| old.api);
            taken.settle(&places::Before { api, by_pattern: by_pattern(&base, &config, &olds) })?
        }
        false => Vec::new(),
    };
    let document = if root::is_crate() { from_here(&taken.path) } else { shown(&taken.path) };
    taken.write(kept())?;
    finish(arguments, &base, side.as_ref(), &olds, changed, &document)
        .map_err(|failure| Failure::Unfinished(Box::new(failure)))?;
    Ok(ExitCode::SUCCESS)
}

/// Returns a command with the flags that name the project.
pub(crate) fn command(name: &str) -> String {
    match root::is_crate() {
        true => format!("cargo xtask {name} --crate {}", quoted(&root::path().display().to_string())),
        false => format!("cargo xtask {name}"),
    }
}

/// What the documents are compared with.
enum Base {
    Revision(String),
    /// What is below this directory, for a crate of one's own that no commit has: what was there when the version was set, or what
    /// the code was generated from before an update that stopped, or what it is generated from now.
    Before(PathBuf),
}

impl Base {
    /// Returns the commit to compare with. It stays the same when the command is run again, also after a commit.
    fn new(revision: Option<&str>) -> Result<Self, git::GitError> {
        if let Some(revision) = revision {
            return git::commit(revision).map(Self::Revision);
        }
        let fork = || {
            let head = git::commit("HEAD")?;
            let fork = ["origin/main", "main"].iter().find_map(|main| git(&["merge-base", "HEAD", main]).ok()?);
            Ok(fork.map_or(head, |commit| commit.trim().to_owned()))
        };
        if !root::is_crate() {
            return fork().map(Self::Revision);
        }
        let kept = kept::directory();
        // A commit of what an update wrote that stopped is none from before it.
        let present = root::read(&root::path().join(root::config_name())).ok();
        let is_before = |commit: &String| {
            git::file(commit, root::config_name()).is_ok_and(|old| kept.is_none() || Some(old) != present)
        };
        Ok(match fork().ok().filter(is_before) {
            Some(commit) => Self::Revision(commit),
            None => Self::Before(kept::unreleased().or(kept).unwrap_or_else(root::path)),
        })
    }

    /// Returns the API to compare with.
    fn side(&self) -> Result<Option<Side>, Failure> {
        let directory = match self {
            Self::Revision(commit) => return Ok(Some(named("old", Side::revision(commit))?)),
            Self::Before(directory) => directory,
        };
        if *directory != root::path() {
            return Ok(Side::directory(directory).ok());
        }
        // Rows can be new since, and ask for what only Stripe's document has.
        let config = root::parse(root::config_name(), &self.read(root::config_name())?)?;
        let Ok(absent) = tasks::absent(&config) else { return Ok(None) };
        if kept::config().is_none() && !absent.is_empty() {
            let reason =
                "the rows that this crate was generated from are not known, and so neither is what the new ones change";
            let generate = command("generate");
            let help = format!(
                "keep the crate in git; now, take out the rows for what `spec/` does not have, run `{generate}`, and put them back"
            );
            return Err(
                Diagnostics::from(Diagnostic::new(root::config_name(), Pointer::default(), reason, help)).into()
            );
        }
        Ok(Side::working_tree(&config.skipping_absent()).ok())
    }

    /// Returns what `diff` calls it. What is kept moves once the code is generated, unless what was kept before is not released.
    fn name(&self) -> String {
        match self {
            Self::Revision(commit) => commit.clone(),
            Self::Before(_) => {
                let kept = kept::unreleased().or_else(kept::directory).or_else(kept::last).unwrap_or_else(root::path);
                from_here(&kept)
            }
        }
    }

    /// Returns the text of a file, by its path below the root.
    fn read(&self, name: &str) -> Result<String, Failure> {
        match self {
            Self::Revision(commit) => Ok(git::file(commit, name)?),
            Self::Before(directory) => {
                let generated =
                    if *directory == root::path() && name == root::config_name() { kept::config() } else { None };
                Ok(generated.map_or_else(|| root::read(&directory.join(name)), Ok)?)
            }
        }
    }
}

/// Returns each release of the configuration as it was in what is compared with.
fn olds<'a>(base: &Base, side: &'a Side, config: &Config) -> Result<Vec<Option<State<'a>>>, Failure> {
    let old = |old: Option<(&'a Release, &'a Api)>| {
        old.map(|(release, api)| State::read(release, Some(api), |name| base.read(name))).transpose()
    };
    side.counterparts(&config.releases).into_iter().map(old).collect()
}

/// Returns the places that patterns make secret in the documents that are there and in those of before.
fn by_pattern(base: &Base, config: &Config, olds: &[Option<State<'_>>]) -> BTreeSet<String> {
    let name = root::config_name();
    let old_config = base.read(name).ok().and_then(|text| Config::parse(name, &text).ok());
    let present = config.releases.iter().filter_map(|release| root::read(&root::document(&release.document)).ok());
    let present = present.map(|text| (config, text));
    let before = olds.iter().flatten().map(|old| (old_config.as_ref().unwrap_or(config), old.document.to_string()));
    let places = present.chain(before).filter_map(|(config, text)| places::by_pattern_alone(config, &text).ok());
    places.flatten().collect()
}

/// Does everything that follows from the document in `spec/`.
fn finish(
    arguments: &Arguments,
    base: &Base,
    side: Option<&Side>,
    olds: &[Option<State<'_>>],
    changed: Vec<Task>,
    document: &str,
) -> Result<(), Failure> {
    let config = root::config()?;
    // Operations that are gone are on the list, and everything else goes on without them.
    let (mut present, mut tasks) = (config.skipping_absent(), tasks::absent(&config)?);
    tasks.extend(changed);
    let mut releases = generate::releases(&present);
    for (old, new) in olds.iter().zip(&releases) {
        let (Some(old), Ok((new, _))) = (old.as_ref().and_then(|old| old.api), new) else { continue };
        let renamed = places::renamed(old, &new.api).into_iter();
        present.renamed.extend(renamed.map(|(place, field)| (place, field.origin.place.clone())));
    }
    // A document that cannot be generated is on the list, and so are samples that it makes wrong.
    let generated = generate::check_config(&present).and_then(|()| generate::files(&present, &mut releases));
    let is_generated = generated.is_ok();
    let found = match generated {
        Ok((files, samples)) => {
            generate::write(&Plan::new(&root::path().join(releases_name()), files)?)?;
            if root::is_crate() {
                own::require_runtime()?;
            }
            samples
        }
        Err(found) => Err(found),
    };
    if let Err(Diagnostics(found)) = found {
        tasks.extend(found.iter().map(|diagnostic| tasks::decision(&config, diagnostic)));
    }
    let generated: Vec<_> = releases.into_iter().flatten().map(|(generated, _)| generated).collect();
    let used = generated.iter().flat_map(|one| one.used.iter().cloned()).collect();
    let apis: Vec<_> = generated.into_iter().map(|one| one.api).collect();
    let new = if apis.len() == present.releases.len() { Side::generated(&present, apis).ok() } else { None };
    let report = side.zip(new.as_ref()).map(|(side, new)| Report::new(side, new));
    let state = |(i, release): (usize, _)| {
        let api = new.as_ref().and_then(|new| new.api(i));
        State::read(release, api, |name| Ok(root::read(&root::path().join(name))?))
    };
    let news = config.releases.iter().enumerate().map(state).collect::<Result<Vec<_>, Failure>>()?;
    tasks.extend(tasks::places(&config, &used, &news, olds)?);
    if let (Some(report), Base::Revision(base), false) = (&report, base, root::is_crate()) {
        tasks.extend(version::set(base, report)?);
    }
    tasks.extend(report.iter().flat_map(|report| mentions::of(&config, &report.changes)));
    tasks.extend(libraries_behind(&config));

    tasks.sort_by(|one, other| one.place.cmp(&other.place));
    let list = list(&tasks);
    // Until the list is printed, another run has to make the same one.
    if is_generated && root::is_crate() {
        kept::forget()?;
    }
    match &report {
        Some(report) => {
            line(LABEL, "verdict", &summary(report));
            if report.changes.verdict().is_some() {
                let list = format!("{} {}", command("diff"), quoted(&base.name()));
                line(LABEL, "changes", &format!("`{list}` lists them"));
            }
        }
        None if new.is_some() => line(WARN, "verdict", "unknown: what was there before could not be generated"),
        None => line(WARN, "verdict", "unknown until the document can be generated"),
    }
    print(&format!("\n{}", list.concat()));
    let when = match tasks.iter().any(|task| !task.is_note) {
        true => format!("When the list is done: `{} {}`, then ", command("update"), quoted(document)),
        false => "Then run ".to_owned(),
    };
    // The list does not know all code that people wrote.
    let checks = if root::is_crate() { "cargo check --all-targets --all-features" } else { ".ci/run" };
    let in_crate = if root::is_crate() { " in the crate and in your programs" } else { "" };
    print(&format!("\n{when}`{checks}`{in_crate}: more than what is listed may no longer compile.\n"));
    if let Some(path) = &arguments.report {
        let changes = report.as_ref().map(markdown).unwrap_or_default();
        let nothing_new = if is_as_before(&news, olds) { format!("{NOTHING_NEW}\n\n") } else { String::new() };
        let mut file = Changes::default();
        file.replace(path, &(nothing_new + &body(&list, &changes)));
        file.apply()?;
    }
    Ok(())
}

/// Whether every document has the facts that it had before.
fn is_as_before(news: &[State<'_>], olds: &[Option<State<'_>>]) -> bool {
    let facts = |state: &State<'_>| {
        let mut document = state.document.clone();
        descriptions::strip(&mut document);
        (document, state.facts.clone())
    };
    news.iter().zip(olds).all(|(new, old)| old.as_ref().is_some_and(|old| facts(old) == facts(new)))
}

/// Where the versions of Stripe's official libraries are pinned, and a recording of them.
const LIBRARIES: &str = "tests/conformance/package.json";
const RECORDED: &str = "tests/conformance/recorded/node.json";

/// Returns a note if Stripe's official libraries were recorded at an earlier version of the API: `cargo test` compares no
/// new parameter with theirs.
fn libraries_behind(config: &Config) -> Option<Task> {
    let text = fs::read_to_string(root::path().join(RECORDED)).ok()?;
    let recorded: Value = serde_json::from_str(&text).ok()?;
    let known = recorded["about"]["api_version"].as_str()?;
    let current = &config.releases.first()?.api_version;
    // A version starts with its date.
    let what = format!(
        "the official libraries are those of {}: once there are newer ones, pin them here, add cases for new parameters, and run \
         `cargo run --package conformance`",
        code(known)
    );
    (current.as_str() > known).then(|| Task::note((LIBRARIES.to_owned(), None), what))
}
