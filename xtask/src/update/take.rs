//! The first step of an update: takes Stripe's whole document and keeps the part that is selected, under `spec/`.

mod record;

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use codegen::config::{Release, Resource, Table, applies, is_module};
use codegen::descriptions::{self, Move};
use codegen::document::Document;
use codegen::ir::Api;
use codegen::known::{self, Absent, Known};
use codegen::{Config, Diagnostic, Diagnostics, Pointer, document};
use serde_json::Value;

use self::record::Record;
use super::list::Task;
use super::places;
use crate::download::download;
use crate::facts::{self, sha256};
use crate::output::{Changes, clean, with_line_ends_of};
use crate::report::{Failure, LABEL, WARN, line};
use crate::root::{self, config_name, shown};
use crate::upstream;

/// The branch of Stripe's repository with the newest document.
const BRANCH: &str = "master";

/// Where the document comes from, and which release it is for.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct Source {
    /// The document, JSON or YAML; a document of `spec/` is recorded after an edit [default: download it]
    file: Option<PathBuf>,
    /// Download the document as of this tag of Stripe's repository
    #[arg(long, default_value = "latest", conflicts_with = "file")]
    tag: String,
    /// Download from this URL, https or on this machine; `{tag}` stands for the commit of the tag
    #[arg(long, value_name = "URL", conflicts_with = "file")]
    url: Option<String>,
    /// Ask this URL for the commit of the tag, which `{tag}` stands for
    #[arg(long, value_name = "URL", conflicts_with = "file")]
    commit_url: Option<String>,
    /// Refuse a document with another SHA-256
    #[arg(long, value_name = "HEX")]
    sha256: Option<String>,
    /// The release that the document is for, by its module [default: the first of `spec/codegen.toml`]
    #[arg(long, value_name = "MODULE")]
    release: Option<String>,
    /// Take Stripe's descriptions instead of keeping ours
    #[arg(long)]
    pub(super) take_docs: bool,
    /// Only take the document and record where it came from, if it can be generated; compare with no revision
    #[arg(long, conflicts_with_all = ["base", "report"])]
    pub(super) document_only: bool,
}

impl Source {
    /// A document to take as Stripe published it, and nothing else.
    pub(crate) fn of_file(file: PathBuf) -> Self {
        Self { file: Some(file), take_docs: true, document_only: true, ..Self::default() }
    }
}

/// A document that was taken, and what is to be written.
pub(crate) struct Taken {
    changes: Changes,
    /// Each changed or kept file, for the report.
    lines: Vec<(&'static str, String)>,
    pub(super) path: PathBuf,
    /// The texts of the document and of the configuration, as they are to be.
    document: String,
    config: String,
}

impl Taken {
    /// Changes the lists of the configuration as the document asks for, before either is written. Returns what was changed.
    pub(crate) fn settle(&mut self, before: &places::Before<'_>) -> Result<Vec<Task>, Diagnostics> {
        let (config, tasks) = places::settle(&self.config, &self.document, before)?;
        if config != self.config {
            self.changes.replace(&root::path().join(config_name()), &config);
            self.lines.iter_mut().filter(|(_, name)| name == config_name()).for_each(|(what, _)| *what = "wrote");
            self.config = config;
        }
        Ok(tasks)
    }

    /// Writes other files, and then the document and its record, and says so.
    pub(crate) fn write(mut self, mut first: Changes) -> Result<(), Failure> {
        let lines = std::mem::take(&mut self.lines);
        first.extend(self.changes);
        self.changes = first;
        self.apply()?;
        for (what, text) in lines {
            line(LABEL, what, &text);
        }
        Ok(())
    }

    /// Writes the document and its record. Returns the files that were written.
    pub(crate) fn apply(self) -> Result<Vec<PathBuf>, Failure> {
        for directory in ["spec", upstream::DIRECTORY] {
            clean(&root::path().join(directory))?;
        }
        let written = self.changes.written();
        self.changes.apply()?;
        Ok(written)
    }
}

/// What a document is compared with, for descriptions that moved: the API before, and its document.
pub(crate) type Before<'a> = (&'a Api, &'a Value);

/// Reads a document and decides what is to be written. Writes nothing. `before` finds what the document of a release is compared
/// with.
pub(crate) fn take<'b>(
    source: &Source,
    config: &Config,
    before: &dyn Fn(&Release) -> Option<Before<'b>>,
) -> Result<Taken, Failure> {
    let release = find_release(config, source)?;
    let old_path = root::document(&release.document);
    let own = source.file.as_deref().filter(|file| is_same_file(file, &old_path));
    let (mut name, text, upstream) = match &source.file {
        Some(file) => (shown(file), root::read(file)?, None),
        None => {
            let url = url(source, config)?;
            let text = download(&url)?;
            (url.clone(), text, Some(url))
        }
    };
    let upstream_sha256 = sha256(&text);
    if let Some(expected) = source.sha256.as_ref().filter(|expected| !expected.eq_ignore_ascii_case(&upstream_sha256)) {
        let reason = format!("the document has the SHA-256 {upstream_sha256}, and not {expected}");
        return Err(refuse(&name, reason, "name the intended document, or correct `--sha256`").into());
    }
    let mut json = document::to_json(&name, &text)?.into_owned();
    // Our own document lacks what a row asks for that was added since: Stripe's has it, if it is at hand.
    let mut has_more = false;
    if own.is_some()
        && !source.document_only
        && !absent(config, release, &name, &json)?.is_empty()
        && let Some((name_of_more, more)) = upstream::at_hand(release)
    {
        (name, json, has_more) = (name_of_more, more, true);
    }
    let is_own = own.is_some() && !has_more;
    let cow = Cow::Borrowed(json.as_str());
    let index = Document::index(&name, &cow)?;
    let config = &match source.document_only {
        true => config.clone(),
        // What is gone is for a person to decide on.
        false => config.skipping_absent(),
    };
    if root::is_crate() && !is_own {
        check_resources(config, release, &index)?;
    }
    let selection = codegen::selection(config, Some(&release.module), &name, &json)?;
    selection.check_complete()?;
    let mut small = selection.value;
    let version = small.pointer("/info/version").and_then(Value::as_str).unwrap_or_default().to_owned();
    let size = if has_more { json.len() } else { text.len() };
    line(LABEL, "read", &format!("{name}: {} kB, Stripe's API {version}", size / 1000));
    check_version(&name, &version, release, config)?;
    let present = &release.api_version;
    if let (Some(date), Some(present_date)) = (known::date(&version), known::date(present))
        && date < present_date
    {
        line(WARN, "older", &format!("{version} is older than {present}, which is taken already: this goes back"));
    }

    let document = format!("stripe-{version}.yaml");
    let facts = root::path().join(facts::beside(&document));
    let known = match is_own {
        true => facts::text_beside(&release.document),
        false => Some(facts::text(&Known::new(config, Some(&release.module), &index)?, &small)?),
    };
    if !source.take_docs && !is_own {
        // The old document may be from before a change of the rules, but its descriptions can be read all the same.
        let old = root::read(&old_path).and_then(|text| parse(&shown(&old_path), &text));
        descriptions::keep(&old.unwrap_or(Value::Null), &mut small);
    }
    name_version(&mut small, &release.api_version, &version);
    if let Some(before) = before(release).filter(|_| !source.take_docs) {
        // What a document in between did not have comes back with its words.
        descriptions::fill(before.1, &mut small);
        move_descriptions(config, release, before, &mut small);
    }
    let yaml = format!("{}{}", header(&version), document::to_yaml(&small)?);
    if source.document_only {
        // What is stored is read back, since everything else is generated from it.
        codegen::generate(config, Some(&release.module), &format!("spec/{document}"), &yaml)?;
    }
    let path = root::document(&document);
    let is_known_new = known != facts::text_beside(&document);
    let is_new = root::read(&path).map_or(true, |old| old != yaml);
    let sha256 = sha256(&yaml);
    let record = Record {
        module: module(config, release, &version),
        api_version: &version,
        document: &document,
        // An edit of our own document does not change where it came from.
        origin: own.is_none().then_some((upstream.as_deref(), upstream_sha256.as_str())),
        sha256: &sha256,
    };
    let config_path = root::path().join(config_name());
    let old_config = root::read(&config_path)?;
    let new_config = with_line_ends_of(&old_config, &record.write(&old_config, &release.module)?);

    let mut changes = Changes::default();
    let mut lines = Vec::new();
    let size = format!("{} ({} kB)", shown(&path), yaml.len() / 1000);
    if is_new {
        changes.replace(&path, &yaml);
    }
    lines.push((if is_new { "wrote" } else { "kept" }, size));
    if let Some(known) = known.as_ref().filter(|_| is_known_new) {
        changes.replace(&facts, known);
        lines.push(("wrote", shown(&facts)));
    }
    // An update that brings nothing new leaves the record alone: it says where the document came from first.
    let is_recorded = !source.document_only && !is_new && !is_known_new && release.sha256 == sha256;
    let is_config_new = !is_recorded && old_config != new_config;
    if is_config_new {
        changes.replace(&config_path, &new_config);
    }
    lines.push((if is_config_new { "wrote" } else { "kept" }, config_name().to_owned()));
    let mut others = config.releases.iter().filter(|other| other.module != release.module);
    let is_of_another = others.any(|other| other.document == release.document);
    for old in [old_path, root::path().join(facts::beside(&release.document))] {
        if old != path && old != facts && old.exists() && !is_of_another {
            changes.delete(&old);
            lines.push(("deleted", shown(&old)));
        }
    }
    if own.is_none() {
        upstream::keep(&upstream_sha256, &json, &mut changes);
    }
    let config = if is_config_new { new_config } else { old_config };
    Ok(Taken { changes, lines, path, document: yaml, config })
}

/// Refuses a document that lacks a selected resource altogether: it is that of another API or of another time, and what is decided
/// about the resource has to stay.
fn check_resources(config: &Config, release: &Release, document: &Document<'_>) -> Result<(), Diagnostics> {
    let is_absent = |row: &&Resource| {
        let is_selected = !row.operations.is_empty() && applies(&row.releases, Some(&release.module));
        is_selected && !document.schema_keys().any(|key| key == row.schema)
    };
    let problem = |row: &Resource| {
        let found = row.operations.first();
        let found = found.and_then(|one| config.find(Table::Resource, &one.to_string(), Some(&release.module)));
        let lines = found.map_or("its row".to_owned(), |found| found.lines());
        let reason = format!("the document has no resource `{}`, which `{}` selects", row.schema, config_name());
        let help = format!("name Stripe's whole document; if Stripe has removed the resource, delete {lines}");
        Diagnostic::new(document.name, Pointer::schema(&row.schema), reason, help)
    };
    let problems: Vec<_> = config.resources.iter().filter(is_absent).map(problem).collect();
    if problems.is_empty() { Ok(()) } else { Err(Diagnostics(problems)) }
}

/// Returns the operations of rows that a document does not have.
fn absent(config: &Config, release: &Release, name: &str, json: &str) -> Result<Vec<Absent>, Diagnostics> {
    let json = Cow::Borrowed(json);
    Ok(known::absent(config, Some(&release.module), &Document::index(name, &json)?))
}

/// Names another version in the description of the document as a whole.
fn name_version(document: &mut Value, old: &str, new: &str) {
    if let Some(Value::String(text)) = document.pointer_mut("/info/description") {
        *text = text.replace(&format!("`{old}`"), &format!("`{new}`"));
    }
}

/// Gives the parts that moved the descriptions that they had. What cannot be generated yet is looked at in a later run.
fn move_descriptions(config: &Config, release: &Release, (api, old): Before<'_>, document: &mut Value) {
    let Ok(new) = codegen::generate(config, Some(&release.module), "", &document.to_string()) else { return };
    for Move { from, to } in descriptions::moves(api, &new.api) {
        if let (Some(old), Some(new)) = (old.pointer(from.as_str()), document.pointer_mut(to.as_str())) {
            descriptions::fill(old, new);
        }
    }
}

/// Returns the URL of the document, with the commit that the tag names.
fn url(source: &Source, config: &Config) -> Result<String, Diagnostics> {
    let url = source.url.as_deref().unwrap_or(&config.upstream);
    let tag = if source.tag == "latest" { BRANCH } else { &source.tag };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
    if tag.is_empty() || !tag.chars().all(is_plain) || tag.contains("..") || tag.starts_with(['-', '/']) {
        let reason = format!("{tag:?} is not the name of a tag, which has letters, digits, `.`, `_`, `-` and `/`");
        return Err(refuse("--tag", reason, "name a tag such as `v1234`, or leave it out for the newest document"));
    }
    // A URL of one's own has no tag, or a place to ask for its commit.
    let commit_url = source.commit_url.as_ref().or(config.upstream_commit.as_ref().filter(|_| source.url.is_none()));
    let Some(commit_url) = commit_url.filter(|_| url.contains("{tag}")) else { return Ok(url.replace("{tag}", tag)) };
    let commit_url = commit_url.replace("{tag}", tag);
    let text = download(&commit_url)?;
    let commit = text.trim();
    if commit.len() != 40 || !commit.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(refuse(
            &commit_url,
            "the response is not the id of a commit".to_owned(),
            "check `upstream_commit`",
        ));
    }
    Ok(url.replace("{tag}", commit))
}

pub(super) fn parse(name: &str, text: &str) -> Result<Value, Diagnostics> {
    let json = document::to_json(name, text)?;
    let invalid = |error: serde_json::Error| refuse(name, error.to_string(), "restore the document with git");
    serde_json::from_str(&json).map_err(invalid)
}

/// Refuses a version that belongs to another release.
fn check_version(name: &str, version: &str, release: &Release, config: &Config) -> Result<(), Diagnostics> {
    let document = format!("stripe-{version}.yaml");
    let is_taken = |other: &&Release| {
        other.module != release.module && (other.api_version == version || other.document == document)
    };
    match config.releases.iter().find(is_taken) {
        Some(other) => {
            let pointer = Pointer::default().child("info").child("version");
            let reason = format!("the version `{version}` is that of the release `{}`", other.module);
            let help = format!("to take the document for that release, add `--release {}`", other.module);
            Err(Diagnostic::new(name, pointer, reason, help).into())
        }
        None => Ok(()),
    }
}

/// Returns the module of a release at another version. A module that is named after its version follows the version, by a name that
/// no other release has; one with a name of its own keeps it.
fn module(config: &Config, release: &Release, version: &str) -> String {
    let is_taken =
        |name: &String| config.releases.iter().any(|other| other.module != release.module && other.module == *name);
    let is_after = |version| modules_of(version).any(|name| name == release.module);
    let follows = is_after(&release.api_version) && !is_after(version);
    let next = modules_of(version).find(|name| !is_taken(name)).filter(|_| follows);
    next.unwrap_or_else(|| release.module.clone())
}

/// Returns the module that is named after a version: `endive` for `2026-09-30.endive`, `v2023_10_16` for `2023-10-16`.
pub(crate) fn module_of(version: &str) -> Option<String> {
    modules_of(version).next()
}

/// Returns the names that a module can have after a version, the best one first: that of the version, and its date.
fn modules_of(version: &str) -> impl Iterator<Item = String> {
    let (date, name) = version.split_once('.').unwrap_or((version, ""));
    let is_date = date.len() == 10 && date.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let is_word = name.bytes().all(|byte| byte.is_ascii_lowercase());
    let names = [name.to_owned(), format!("v{}", date.replace('-', "_"))];
    names.into_iter().filter(move |name| is_date && is_word && is_module(name))
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// Returns the release that is named, or that the file belongs to, or the first one.
fn find_release<'c>(config: &'c Config, source: &Source) -> Result<&'c Release, Diagnostics> {
    let is_own = |release: &&Release| {
        source.file.as_deref().is_some_and(|file| is_same_file(file, &root::document(&release.document)))
    };
    let release = match &source.release {
        Some(module) => config.release(module),
        None => config.releases.iter().find(is_own).or(config.releases.first()),
    };
    release.ok_or_else(|| root::no_release(config, source.release.as_deref().unwrap_or_default()))
}

fn refuse(name: &str, reason: String, help: &str) -> Diagnostics {
    Diagnostic::new(name, Pointer::default(), reason, help).into()
}

fn header(version: &str) -> String {
    format!(
        "# What is selected of Stripe's OpenAPI document of version {version}, written by `cargo xtask update`.\n\
         # The facts are those of https://github.com/stripe/openapi, which is under the MIT licence,\n\
         # Copyright (c) 2011- Stripe, Inc. (https://stripe.com).\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_follows_its_version() {
        for (version, module) in [
            ("2026-09-30.endive", Some("endive")),
            ("2023-10-16", Some("v2023_10_16")),
            ("preview", None),
            ("2026-09-30.End-ive", None),
            ("2026-09-30.preview.1", None),
        ] {
            assert_eq!(module_of(version).as_deref(), module, "{version}");
        }
    }
}
