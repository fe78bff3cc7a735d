//! `cargo xtask update`: the whole procedure for a new document, from taking it to the list of what is left for a person.

mod list;
mod proposals;
pub(crate) mod take;
mod tasks;
mod version;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use codegen::config::Release;
use codegen::descriptions;
use codegen::ir::Api;
use codegen::known::Known;
use codegen::markdown::code;
use codegen::{Config, Diagnostics};
use serde_json::Value;

use self::list::{Task, body, list};
use self::take::{Before, Source, parse, take};
use crate::diff::show::{markdown, summary};
use crate::diff::{Report, Side};
use crate::facts;
use crate::generate;
use crate::git::{self, git};
use crate::lock::Lock;
use crate::output::{Changes, Plan};
use crate::report::{Failure, LABEL, WARN, line, print};
use crate::root::{self, releases_name, shown};

/// Take Stripe's document, generate, set the version, add changelog entries, and list what is left for a person
///
/// Run it again at any point: it continues, and keeps what was edited. After an edit of the document in `spec/`, name that
/// document. The list is Markdown, for a pull request.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    source: Source,
    /// The revision to compare with [default: where the current branch left `main`]
    #[arg(long, value_name = "REV")]
    base: Option<String>,
    /// Write the text for the pull request to this file
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// What a pull request starts with if Stripe took the document back: `.ci/update` closes it then.
const NOTHING_NEW: &str = "Stripe's document has nothing that `main` does not have.";

/// A release as it was in the revision that is compared with.
struct Old<'a> {
    release: &'a Release,
    api: &'a Api,
    /// The path of its document from the root of the workspace.
    name: String,
    text: String,
    document: Value,
    /// The text of the facts beside it.
    facts: Option<String>,
    known: Known,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let _lock = Lock::acquire()?;
    let config = root::config()?;
    if arguments.source.document_only {
        take(&arguments.source, &config, &|_| None)?.write()?;
        line(LABEL, "next", "cargo xtask generate");
        return Ok(ExitCode::SUCCESS);
    }
    let base = base(arguments.base.as_deref())?;
    let side = Side::revision("old", &base)?;
    // A release stays at its place in the list, whatever its module is called.
    let olds = olds(&base, &side, &config)?;
    let before = |release: &Release| {
        let at = config.releases.iter().position(|other| other.module == release.module)?;
        let old = olds.get(at)?.as_ref()?;
        Some(Before { api: old.api, document: &old.document })
    };
    let taken = take(&arguments.source, &config, &before)?;
    let document = shown(&taken.path);
    taken.write()?;
    finish(arguments, &base, &side, &olds, &document).map_err(|failure| Failure::Unfinished(Box::new(failure)))?;
    Ok(ExitCode::SUCCESS)
}

/// Returns each release of the configuration as it was in the revision that is compared with.
fn olds<'a>(base: &str, side: &'a Side, config: &Config) -> Result<Vec<Option<Old<'a>>>, Failure> {
    let old = |(i, release): (usize, &Release)| {
        let Some((release, api)) = side.counterpart(i, release) else { return Ok(None) };
        let name = format!("spec/{}", release.document);
        let text = git::file(base, &name)?;
        let document = parse(&name, &text)?;
        let facts_name = facts::File::of(release).name();
        let facts = git::file(base, &facts_name).ok();
        let known = facts::read(&facts_name, facts.as_deref())?;
        Ok(Some(Old { release, api, name, text, document, facts, known }))
    };
    config.releases.iter().enumerate().map(old).collect()
}

/// Does everything that follows from the document in `spec/`.
fn finish(
    arguments: &Arguments,
    base: &str,
    side: &Side,
    olds: &[Option<Old<'_>>],
    document: &str,
) -> Result<(), Failure> {
    let config = root::config()?;
    // Operations that are gone are on the list, and everything else goes on without them.
    let (present, mut tasks) = tasks::absent(&config)?;
    match generate::all(&present) {
        Ok(files) => generate::write(&Plan::new(&root::path().join(releases_name()), files)?)?,
        Err(Diagnostics(found)) => tasks.extend(found.iter().map(|diagnostic| tasks::decision(&config, diagnostic))),
    }
    // A document that cannot be generated is on the list already.
    let new = Side::working_tree("new", &present).ok();
    let report = new.as_ref().map(|new| Report::new(side, new));
    tasks.extend(tasks::places(&config, &present, new.as_ref(), olds)?);
    if let Some(report) = &report {
        tasks.extend(version::set(base, report)?);
    }
    tasks.extend(libraries_behind(&config));

    tasks.sort_by(|one, other| one.place.cmp(&other.place));
    let list = list(&tasks);
    match &report {
        Some(report) => line(LABEL, "verdict", &summary(report)),
        None => line(WARN, "verdict", "unknown until the document can be generated"),
    }
    print(&format!("\n{list}"));
    if tasks.iter().any(|task| !task.is_note) {
        print(&format!("\nWhen the list is done: `cargo xtask update {document}`, then `.ci/run`.\n"));
    }
    if let Some(path) = &arguments.report {
        let changes = report.as_ref().map(markdown).unwrap_or_default();
        let nothing_new = if is_as_before(&config, olds)? { format!("{NOTHING_NEW}\n\n") } else { String::new() };
        let mut file = Changes::default();
        file.replace(path, &(nothing_new + &body(&list, &changes)));
        file.apply()?;
    }
    Ok(())
}

/// Whether every document has the facts that it had before.
fn is_as_before(config: &Config, olds: &[Option<Old<'_>>]) -> Result<bool, Failure> {
    for (release, old) in config.releases.iter().zip(olds) {
        let Some(old) = old else { return Ok(false) };
        let (name, path) = (format!("spec/{}", release.document), root::document(&release.document));
        let (mut was, mut is) = (old.document.clone(), parse(&name, &root::read(&path)?)?);
        descriptions::strip(&mut was);
        descriptions::strip(&mut is);
        if was != is || old.facts != facts::File::of(release).text() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Returns the commit to compare with. It stays the same when the command is run again, also after a commit.
fn base(revision: Option<&str>) -> Result<String, git::GitError> {
    if let Some(revision) = revision {
        return git::commit(revision);
    }
    let head = git::commit("HEAD")?;
    let fork = ["origin/main", "main"].iter().find_map(|main| git(&["merge-base", "HEAD", main]).ok());
    Ok(fork.map_or(head, |commit| commit.trim().to_owned()))
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
    (current.as_str() > known).then(|| Task {
        place: (LIBRARIES.to_owned(), None),
        what: format!(
            "the official libraries are those of {}: once there are newer ones, pin them here, add cases for new \
             parameters, and run `cargo run --package conformance`",
            code(known)
        ),
        is_note: true,
        ..Task::default()
    })
}
