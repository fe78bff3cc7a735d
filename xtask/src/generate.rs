//! `cargo xtask generate`: writes the bindings, or checks that they are as they should be.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anstream::println;
use anstyle::{AnsiColor, Style};
use codegen::config::Release;
use codegen::diff::diff;
use codegen::{Config, Diagnostic, Diagnostics, File, Generated, Pointer};
use similar::TextDiff;

use crate::diff::show::differences;
use crate::output::{Entry, Plan};
use crate::report::{Failure, LABEL, WARN, line};
use crate::root::{self, CONFIG, RELEASES, shown};
use crate::vendor::sha256;

/// Write the modules of the `generated` crate from the documents that `spec/codegen.toml` lists
///
/// Reads each document, keeps the resources that `spec/codegen.toml` names, and writes their Rust modules. The directory it
/// writes belongs to it: a file there that is not generated any more is deleted, one that it did not write makes it refuse.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; show what is stale, missing or extra, and exit with 1 if anything is
    #[arg(long)]
    check: bool,
    /// Take this document of Stripe's, JSON or YAML, whole or part, and not those in `spec/`
    #[arg(long, value_name = "FILE", requires = "out")]
    spec: Option<PathBuf>,
    /// Write the module to this directory, which must be empty or hold only what was generated before
    #[arg(long, value_name = "DIR", requires = "spec")]
    out: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let start = Instant::now();
    let config = root::config()?;
    let plan = match (&arguments.spec, &arguments.out) {
        (Some(spec), Some(out)) => Plan::new(out, one(&config, spec)?)?,
        _ => Plan::new(&root::path().join(RELEASES), all(&config)?)?,
    };
    if arguments.check {
        return Ok(check(&plan, arguments, start));
    }
    plan.write()?;
    for (name, entry) in &plan.entries {
        let done = match entry {
            Entry::Same => "kept",
            Entry::Missing(_) | Entry::Stale(..) => "wrote",
            Entry::Extra(_) => "deleted",
        };
        line(LABEL, done, &shown(&plan.path(name)));
    }
    line(LABEL, "done", &format!("in {}", elapsed(start)));
    Ok(ExitCode::SUCCESS)
}

/// Returns the files of every release.
fn all(config: &Config) -> Result<Vec<File>, Diagnostics> {
    let mut files = vec![codegen::releases(CONFIG, &config.releases)?];
    let mut generated = Vec::new();
    let mut problems = Vec::new();
    for release in &config.releases {
        match release_files(config, release) {
            Ok(one) => generated.push((release, one)),
            Err(Diagnostics(found)) => problems.extend(found),
        }
    }
    if !problems.is_empty() {
        return Err(Diagnostics(problems));
    }
    config.check_used(&generated.iter().flat_map(|(_, one)| one.used.iter().cloned()).collect())?;
    if let Some(((first, current), others)) = generated.split_first_mut() {
        for (release, other) in others {
            let changes = diff(&current.api, &other.api);
            let versions = (current.api.version.as_str(), other.api.version.as_str());
            let table = differences((&first.module, &release.module), versions, &changes);
            other.add_differences(&release.document, &table)?;
        }
    }
    for (release, one) in generated {
        let inside = |file: File| File { path: format!("{}/{}", release.module, file.path), ..file };
        files.extend(one.files.into_iter().map(inside));
    }
    Ok(files)
}

fn release_files(config: &Config, release: &Release) -> Result<Generated, Diagnostics> {
    let path = root::path().join("spec").join(&release.document);
    let (text, generated) = read_and_generate(config, &path)?;
    let problem = |reason, remedy| Diagnostic::new(CONFIG, Pointer::default(), reason, remedy);
    let sha256 = sha256(&text);
    if sha256 != release.sha256 {
        let reason = format!("`{}` is not the document that is recorded here", shown(&path));
        let remedy = format!("if it was changed on purpose, set `sha256 = \"{sha256}\"` for it");
        return Err(problem(reason, remedy).into());
    }
    if generated.api.version != release.api_version {
        let reason = format!(
            "`{}` says that it is of version `{}`, and `api_version` is `{}`",
            shown(&path),
            generated.api.version,
            release.api_version
        );
        return Err(problem(reason, "correct `api_version`, or name another document".to_owned()).into());
    }
    Ok(generated)
}

/// The files of one document that is not in `spec/`.
fn one(config: &Config, path: &Path) -> Result<Vec<File>, Diagnostics> {
    let (_, generated) = read_and_generate(config, path)?;
    // The rows are for the documents in `spec/`; another one need not match them all.
    let unused: Vec<_> = config.unused(&generated.used).iter().map(ToString::to_string).collect();
    if !unused.is_empty() {
        line(WARN, "note", &format!("rows of {CONFIG} that match nothing here: {}", unused.join(", ")));
    }
    Ok(generated.files)
}

fn read_and_generate(config: &Config, path: &Path) -> Result<(String, Generated), Diagnostics> {
    let text = root::read(path)?;
    let name = shown(path);
    let generated = codegen::generate(config, &name, &text)?;
    let api = &generated.api;
    line(LABEL, "read", &format!("{name}: {} kB, Stripe's API {}", text.len() / 1000, api.version));
    let operations: Vec<_> = api.operations.iter().map(|operation| operation.name.as_str()).collect();
    let schemas = &generated.selection.schemas;
    let boundary: Vec<_> = generated.selection.boundary.iter().map(String::as_str).collect();
    line(
        LABEL,
        "selected",
        &format!(
            "{} operations ({}); {} schemas: {} models, {} enums, {} parameter structs; {} past the boundary ({})",
            operations.len(),
            operations.join(", "),
            schemas.len() - boundary.len(),
            api.models.len(),
            api.enums.len(),
            api.params.len() + api.operations.len(),
            boundary.len(),
            boundary.join(", ")
        ),
    );
    Ok((text, generated))
}

/// Shows what writing would change, and how to have it written.
fn check(plan: &Plan, arguments: &Arguments, start: Instant) -> ExitCode {
    let mut counts = [0; 3];
    for (name, entry) in &plan.entries {
        let path = plan.path(name);
        let (index, what, old, new) = match entry {
            Entry::Same => continue,
            Entry::Stale(old, new) => (0, "stale", old.as_str(), new.as_str()),
            Entry::Missing(new) => (1, "missing", "", new.as_str()),
            Entry::Extra(old) => (2, "extra", old.as_str(), ""),
        };
        counts[index] += 1;
        line(WARN, what, &shown(&path));
        show_diff(old, new, &shown(&path));
    }
    if counts == [0; 3] {
        line(LABEL, "checked", &format!("{} files, all as generated, in {}", plan.entries.len(), elapsed(start)));
        return ExitCode::SUCCESS;
    }
    let [stale, missing, extra] = counts;
    let command = match (&arguments.spec, &arguments.out) {
        (Some(spec), Some(out)) => format!("cargo xtask generate --spec {} --out {}", spec.display(), out.display()),
        _ => "cargo xtask generate".to_owned(),
    };
    line(WARN, "drift", &format!("{stale} stale, {missing} missing, {extra} extra; fix it with `{command}`"));
    ExitCode::FAILURE
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
        println!("{style}{text}{style:#}");
    }
}

fn elapsed(start: Instant) -> String {
    format!("{} ms", start.elapsed().as_millis())
}
