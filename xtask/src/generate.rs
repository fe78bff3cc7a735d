//! `cargo xtask generate`: writes the bindings, or checks that they are up to date.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anstyle::{AnsiColor, Style};
use codegen::config::Release;
use codegen::diff::diff;
use codegen::document::Document;
use codegen::ir::Api;
use codegen::{Config, Diagnostic, Diagnostics, File, Generated, Pointer, check_samples, coverage, document};
use similar::TextDiff;

use crate::coverage::lacks;
use crate::diff::show::differences;
use crate::facts::sha256;
use crate::lock::lock;
use crate::manifest::MANIFEST;
use crate::output::{OutputError, Plan};
use crate::own;
use crate::report::{Failure, LABEL, Text, WARN, line, problem};
use crate::root::{self, config_name, from_here, releases_name, shown};
use crate::update::{self, kept};

/// Generate the modules of the `generated` crate from the documents that `spec/codegen.toml` lists
///
/// Reads each document, keeps the resources that `spec/codegen.toml` names, and writes their Rust modules. The output
/// directory belongs to the generator: it deletes files that it no longer generates, and refuses a directory with a file that
/// it did not write.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; show what is stale, missing or extra, and exit with 1 if anything is
    #[arg(long)]
    check: bool,
    /// Use this document of Stripe's (JSON or YAML, whole or part) instead of those in `spec/`
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// Write the module to this directory, which must be empty or hold only generated files
    #[arg(long, value_name = "DIR", requires = "spec")]
    out: Option<PathBuf>,
    /// Generate this resource with all of its operations, and not those of the rows; `all` for every resource. Operations that
    /// are refused are listed. Exits with 3 if `all` leaves out a resource of which every operation is refused
    #[arg(long = "resource", value_name = "SCHEMA", requires = "spec")]
    resources: Vec<String>,
}

impl Arguments {
    /// Whether a crate of one's own is created, if `--crate` names one.
    pub(crate) fn creates(&self) -> bool {
        self.spec.is_some()
    }

    fn check_flags(&self, own: Option<&Path>) {
        let reason = match (&self.spec, &self.out, own) {
            _ if is_all(&self.resources) && self.resources.len() > 1 => {
                "`--resource all` takes every resource, and no other can be beside it"
            }
            (Some(_), None, None) => "`--spec` needs `--out` or `--crate`",
            (_, Some(_), Some(_)) => "`--out` and `--crate` exclude each other",
            (Some(_), _, Some(_)) if self.resources.is_empty() => "`--spec` and `--crate` need `--resource`",
            (Some(_), _, Some(_)) if self.check => "a crate that `--spec` creates has nothing to check yet",
            _ => return,
        };
        <Self as clap::Args>::augment_args(clap::Command::new("cargo xtask generate"))
            .error(clap::error::ErrorKind::MissingRequiredArgument, reason)
            .exit()
    }
}

/// Runs the command, for the crate of one's own in that directory if there is one.
pub(crate) fn run(arguments: &Arguments, own: Option<&Path>) -> Result<ExitCode, Failure> {
    let start = Instant::now();
    arguments.check_flags(own);
    if let (Some(directory), Some(spec)) = (own, &arguments.spec) {
        let left_out = own::create(directory, spec, &arguments.resources)?;
        return Ok(done(&left_out, start));
    }
    let _lock = if arguments.check { None } else { Some(lock(&root::path())?) };
    let config = root::config()?;
    let (directory, (files, left_out)) = match (&arguments.spec, &arguments.out) {
        (Some(spec), Some(out)) if arguments.resources.is_empty() => (out.clone(), (one(&config, spec)?, Vec::new())),
        (Some(spec), Some(out)) => (out.clone(), named(&config, spec, &arguments.resources)?),
        _ => (root::path().join(releases_name()), (all(&config)?, Vec::new())),
    };
    let plan = Plan::new(&directory, files)?;
    if arguments.check {
        return Ok(check(&plan, own::with_runtime()?, start));
    }
    write(&plan)?;
    if own.is_some() {
        own::require_runtime()?;
        kept::forget()?;
    }
    Ok(done(&left_out, start))
}

/// Says that everything is written, and which resources are left out. Returns the exit code.
fn done(left_out: &[String], start: Instant) -> ExitCode {
    line(LABEL, "done", &format!("in {}", elapsed(start)));
    if left_out.is_empty() {
        return ExitCode::SUCCESS;
    }
    let names: Vec<_> = left_out.iter().map(|name| format!("`{name}`")).collect();
    line(WARN, "left out", &format!("{}, of which every operation is refused", names.join(", ")));
    ExitCode::from(LEFT_OUT)
}

/// The exit code if files were written, and resources were left out.
const LEFT_OUT: u8 = 3;

/// Writes what a plan says, and reports each file.
pub(crate) fn write(plan: &Plan) -> Result<(), OutputError> {
    plan.write()?;
    for (name, entry) in &plan.entries {
        let done = match entry {
            (old, new) if old == new => "kept",
            (_, Some(_)) => "wrote",
            (_, None) => "deleted",
        };
        line(LABEL, done, &shown(&plan.path(name)));
    }
    Ok(())
}

/// Returns the files of every release.
pub(crate) fn all(config: &Config) -> Result<Vec<File>, Diagnostics> {
    check_config(config)?;
    let (files, samples) = files(config, &mut releases(config))?;
    samples.map(|()| files)
}

/// What is generated from the document of a release, and what is wrong with it all the same; or why nothing is.
pub(crate) type OfRelease = Result<(Generated, Vec<Diagnostic>), Diagnostics>;

/// Generates every release, in the order of the configuration.
pub(crate) fn releases(config: &Config) -> Vec<OfRelease> {
    config.releases.iter().map(|release| of_release(config, release)).collect()
}

/// Takes the files of every release, and returns whether each sample is of the type of its field. One that is not does not appear in
/// the files.
pub(crate) fn files(
    config: &Config,
    releases: &mut [OfRelease],
) -> Result<(Vec<File>, Result<(), Diagnostics>), Diagnostics> {
    let mut generated = Vec::new();
    let mut problems = Vec::new();
    for (release, of_release) in config.releases.iter().zip(releases) {
        match of_release {
            Ok((one, wrong)) if wrong.is_empty() => generated.push((release, one)),
            Ok((_, refused)) | Err(Diagnostics(refused)) => problems.extend(refused.iter().cloned()),
        }
    }
    let of_releases: Vec<_> = generated.iter().map(|(release, one)| (Some(release.module.as_str()), &**one)).collect();
    if let Err(Diagnostics(unused)) = config.check_rows(&of_releases) {
        problems.extend(unused);
    }
    // A sample is compared with all of the documents.
    let apis: Vec<_> = generated.iter().map(|(_, one)| &one.api).collect();
    let samples = if apis.len() == config.releases.len() { check_samples(config, &apis) } else { Ok(()) };
    if !problems.is_empty() {
        problems.extend(samples.err().into_iter().flat_map(|Diagnostics(wrong)| wrong));
        return Err(Diagnostics(problems));
    }
    let mut files = codegen::releases(config);
    if let Some(((_, current), others)) = generated.split_first_mut() {
        files.push(codegen::operations(current)?);
        files.extend(codegen::webhook(config, current));
        for (release, other) in others {
            let changes = diff(&current.api, &other.api);
            let versions = (current.api.version.text.as_str(), other.api.version.text.as_str());
            let table = differences(&release.module, versions, &changes);
            other.add_differences(&release.document, &table)?;
        }
    }
    for (release, one) in generated {
        let inside = |file: File| File { path: format!("{}/{}", release.module, file.path), ..file };
        files.extend(std::mem::take(&mut one.files).into_iter().map(inside));
    }
    Ok((files, samples))
}

/// Checks the configuration by itself, and against the manifest of the crate.
pub(crate) fn check_config(config: &Config) -> Result<(), Diagnostics> {
    config.check()?;
    own::check_features(config)
}

fn of_release(config: &Config, release: &Release) -> OfRelease {
    let path = root::document(&release.document);
    let (text, generated) = read_and_generate(config, Some(&release.module), &path)?;
    let problem = |reason, help| vec![Diagnostic::new(config_name(), Pointer::default(), reason, help)];
    let wrong = if sha256(&text) != release.sha256 {
        let reason = format!("`{}` is not the document that is recorded here", shown(&path));
        let named = if root::is_crate() { from_here(&path) } else { shown(&path) };
        let update = update::command("update");
        let help = format!("if the edit is intended, record it with `{update} --document-only {}`", quoted(&named));
        problem(reason, help)
    } else if generated.api.version.text != release.api_version {
        let (version, expected) = (&generated.api.version.text, &release.api_version);
        let reason = format!("`{}` is of version `{version}`, and `api_version` is `{expected}`", shown(&path));
        problem(reason, "correct `api_version`, or name another document".to_owned())
    } else {
        generated.selection.check_complete().err().map(|Diagnostics(absent)| absent).unwrap_or_default()
    };
    Ok((generated, wrong))
}

/// Returns the files of one document that is not in `spec/`.
fn one(config: &Config, path: &Path) -> Result<Vec<File>, Diagnostics> {
    let (_, generated) = read_and_generate(config, None, path)?;
    note_secrets(&generated);
    // The rows are for the documents in `spec/`; another one need not match them all.
    let file = config_name();
    let unused: Vec<_> = config.unused(None, &generated.used).iter().map(ToString::to_string).collect();
    if !unused.is_empty() {
        line(WARN, "note", &format!("rows of {file} that match nothing here: {}", unused.join(", ")));
    }
    for wrong in check_samples(config, &[&generated.api]).err().into_iter().flat_map(|Diagnostics(wrong)| wrong) {
        line(WARN, "note", &format!("{wrong}; it is not used here"));
    }
    Ok(generated.files)
}

/// Says which resources have models only or nothing, since their rows name no operation.
fn note_models_only(config: &Config, api: &Api) {
    for schema in config.without_operations() {
        let (update, (gives, meant)) = (update::command("update"), without_operations(&schema, Some(api)));
        let text = format!(
            "the row of `{schema}` names no operation, and gives {gives}; `{update}` with Stripe's document lists its operations{meant}"
        );
        line(WARN, "note", &text);
    }
}

/// Returns what a row without operations gives, and how a person says that no operation is missing, in words: a row that gives
/// nothing is refused. Whether something refers to the resource is not known while nothing can be generated.
pub(crate) fn without_operations(schema: &str, api: Option<&Api>) -> (&'static str, &'static str) {
    match api.is_none_or(|api| api.model_of(schema).is_some()) {
        true => {
            ("only models, where other resources refer to it", ", and `operations = []` says that there are to be none")
        }
        false => ("nothing, since no selected resource refers to it", ""),
    }
}

/// Says which values are secret although no row decides on them.
fn note_secrets(generated: &Generated) {
    let mut places: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (place, pattern) in own::by_pattern(&generated.api) {
        places.entry(pattern).or_default().insert(place);
    }
    if places.is_empty() {
        return;
    }
    let file = config_name();
    let (values, them) = match places.values().map(BTreeSet::len).sum() {
        1_usize => ("1 value stays".to_owned(), "it"),
        count => (format!("{count} values stay"), "them"),
    };
    line(
        WARN,
        "secret",
        &format!(
            "{values} secret by a pattern of `[secrecy]`, and no row of {file} decides on {them}. Add a place to `public` to have \
             `Debug` print it, or to `sensitive` to settle it"
        ),
    );
    for (pattern, places) in places {
        let places: Vec<_> = places.into_iter().map(|place| format!("`{place}`")).collect();
        line(WARN, "", &format!("`{pattern}`: {}", places.join(", ")));
    }
}

/// Returns the files of the named resources, with the operations that can be generated. Says which ones cannot, and returns the
/// resources of which none can.
///
/// # Errors
/// Returns why operations are refused if nothing is left, or nothing of a resource that is named.
fn named(config: &Config, path: &Path, names: &[String]) -> Result<(Vec<File>, Vec<String>), Diagnostics> {
    let (name, text) = (shown(path), root::read(path)?);
    let (covered, generated) = selected(config, &name, &text, names)?;
    let left_out = left_out(&covered, names)?;
    say_refused(&covered);
    report(&name, &text, &generated);
    note_secrets(&generated);
    Ok((generated.files, left_out))
}

/// Returns the resources of which every operation is refused.
///
/// # Errors
/// Returns why they are refused if one of these resources is named.
pub(crate) fn left_out(covered: &coverage::Coverage, names: &[String]) -> Result<Vec<String>, Diagnostics> {
    let empty = covered.resources.iter().filter(|resource| resource.generated() == 0);
    let empty: Vec<_> = empty.map(|resource| resource.schema.clone()).collect();
    if empty.is_empty() || is_all(names) { Ok(empty) } else { Err(Diagnostics(covered.refusals())) }
}

/// Says which operations are refused, each with a reason, and what else is wrong with them.
pub(crate) fn say_refused(covered: &coverage::Coverage) {
    let say = |of: &str, diagnostic: &Diagnostic| {
        let (reason, help) = problem(diagnostic);
        line(WARN, "refused", &format!("{of}: {reason}"));
        for text in help.lines() {
            line(WARN, "", text);
        }
    };
    for (head, refused) in covered.resources.iter().flat_map(|resource| &resource.operations) {
        refused.iter().for_each(|diagnostic| say(&head.to_string(), diagnostic));
    }
    covered.other_refusals().iter().for_each(|diagnostic| say("as well", diagnostic));
    if covered.generated() < covered.operations() {
        let refused = covered.operations() - covered.generated();
        line(WARN, "left out", &format!("{refused} of {} operations, which are refused", covered.operations()));
    }
}

/// Returns what can be generated of the named resources of a document.
///
/// # Errors
/// Returns why operations are refused if nothing is left.
pub(crate) fn selected(
    config: &Config,
    name: &str,
    text: &str,
    names: &[String],
) -> Result<(coverage::Coverage, Generated), Diagnostics> {
    let json = document::to_json(name, text)?;
    let (covered, generated) = cover(config, &Document::index(name, &json)?, names)?;
    let generated = generated.ok_or_else(|| Diagnostics(covered.refusals()))?;
    Ok((covered, generated))
}

pub(crate) fn cover(
    config: &Config,
    document: &Document<'_>,
    names: &[String],
) -> Result<(coverage::Coverage, Option<Generated>), Diagnostics> {
    coverage::generate(config, document, (!is_all(names)).then_some(names))
}

fn is_all(names: &[String]) -> bool {
    names.iter().any(|name| name == "all")
}

fn read_and_generate(config: &Config, release: Option<&str>, path: &Path) -> Result<(String, Generated), Diagnostics> {
    let text = root::read(path)?;
    let name = shown(path);
    let generated = codegen::generate(config, release, &name, &text)?;
    report(&name, &text, &generated);
    // A row that a person has deleted does not make a value public.
    if release.is_some() && root::is_crate() {
        note_secrets(&generated);
        note_models_only(config, &generated.api);
    }
    Ok((text, generated))
}

fn report(name: &str, text: &str, generated: &Generated) {
    let api = &generated.api;
    line(LABEL, "read", &format!("{name}: {} kB, Stripe's API {}", text.len() / 1000, api.version.text));
    let operations: Vec<_> = api.operations.iter().map(|operation| operation.name.as_str()).collect();
    let boundary: Vec<_> = generated.selection.boundary.keys().map(String::as_str).collect();
    line(
        LABEL,
        "selected",
        &format!(
            "{} operations ({}); {} schemas: {} models, {} enums, {} parameter structs; {} past the boundary ({})",
            operations.len(),
            operations.join(", "),
            generated.selection.schema_keys().count() - boundary.len(),
            api.models.len(),
            api.enums.len(),
            api.params.len() + api.operations.len(),
            boundary.len(),
            boundary.join(", ")
        ),
    );
    for note in lacks(&generated.selection.absent) {
        line(WARN, "note", &note);
    }
}

/// Shows what writing would change, and names the command that writes it. `manifest` is a changed manifest, as it is and as it
/// would be.
fn check(plan: &Plan, manifest: Option<(String, String)>, start: Instant) -> ExitCode {
    let mut counts = [0; 3];
    if let Some((old, new)) = manifest {
        counts[0] += 1;
        line(WARN, "stale", MANIFEST);
        show_diff(&old, &new, MANIFEST);
    }
    for (name, entry) in &plan.entries {
        let path = plan.path(name);
        let (index, what) = match entry {
            (old, new) if old == new => continue,
            (Some(_), Some(_)) => (0, "stale"),
            (None, _) => (1, "missing"),
            (_, None) => (2, "extra"),
        };
        let [old, new] = [&entry.0, &entry.1].map(|text| text.as_deref().unwrap_or_default());
        counts[index] += 1;
        line(WARN, what, &shown(&path));
        show_diff(old, new, &shown(&path));
    }
    if counts == [0; 3] {
        line(LABEL, "checked", &format!("{} files, all up to date, in {}", plan.entries.len(), elapsed(start)));
        return ExitCode::SUCCESS;
    }
    let [stale, missing, extra] = counts;
    line(WARN, "drift", &format!("{stale} stale, {missing} missing, {extra} extra; fix it with `{}`", without_check()));
    ExitCode::FAILURE
}

/// Returns the command that was run, without `--check`: it writes what was compared with.
fn without_check() -> String {
    let words = std::env::args_os().skip(1).filter(|word| word != "--check");
    words.fold("cargo xtask".to_owned(), |command, word| format!("{command} {}", quoted(&word.to_string_lossy())))
}

/// Returns a word as a shell takes it.
pub(crate) fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+:@%=,".contains(c) || cfg!(windows) && c == '\\';
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

fn show_diff(old: &str, new: &str, path: &str) {
    let (red, green) = (AnsiColor::Red.on_default(), AnsiColor::Green.on_default());
    let diff = TextDiff::from_lines(old, new);
    let unified = diff.unified_diff().context_radius(2).header(path, path).to_string();
    for text in unified.lines() {
        let style = match text.as_bytes().first() {
            Some(b'-') => red,
            Some(b'+') => green,
            _ => Style::new(),
        };
        Text::default().styled(style, text).end().print();
    }
}

fn elapsed(start: Instant) -> String {
    format!("{} ms", start.elapsed().as_millis())
}
