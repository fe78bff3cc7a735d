//! `cargo xtask generate`: writes the bindings, or checks that they are as they should be.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anstream::println;
use anstyle::{AnsiColor, Style};
use codegen::config::{Release, Used};
use codegen::diff::diff;
use codegen::graph::graph;
use codegen::ir::Api;
use codegen::{Config, Diagnostic, Diagnostics, File, Generated, Pointer};
use similar::TextDiff;

use crate::diff::{Format, Report, current_version, show::show};
use crate::output::{Entry, Plan};
use crate::report::{Failure, LABEL, WARN, line};
use crate::root::{self, CONFIG, MANIFEST, README, RELEASES, shown};
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
    let plans = match (&arguments.spec, &arguments.out) {
        (Some(spec), Some(out)) => vec![Plan::new(out, one(&config, spec)?)?],
        _ => {
            let (files, apis) = all(&config)?;
            let mut plans = vec![Plan::new(&root::path().join(RELEASES), files)?];
            plans.extend(marked_parts(&config, &apis)?);
            plans
        }
    };
    if arguments.check {
        return Ok(check(&plans, arguments, start));
    }
    for plan in &plans {
        plan.write()?;
        for (name, entry) in &plan.entries {
            let done = match entry {
                Entry::Same => "kept",
                Entry::Missing(_) | Entry::Stale(..) => "wrote",
                Entry::Extra(_) => "deleted",
            };
            line(LABEL, done, &shown(&plan.path(name)));
        }
    }
    line(LABEL, "done", &format!("in {}", elapsed(start)));
    Ok(ExitCode::SUCCESS)
}

/// What people's files have from here, each part between two marks: the picture and the way to the other releases in the
/// README, and the releases' features in the manifest.
fn marked_parts(config: &Config, apis: &[Api]) -> Result<Vec<Plan>, Diagnostics> {
    let Some(current) = apis.first() else { return Ok(Vec::new()) };
    let label = |i: usize, api: &Api| format!("spec/{} ({})", config.releases[i].document, api.version);
    let mut migrations = String::new();
    for (i, api) in apis.iter().enumerate().skip(1) {
        let command = format!(
            "cargo xtask diff spec/{} spec/{} --format markdown",
            config.releases[0].document, config.releases[i].document
        );
        let report = Report {
            old: label(0, current),
            new: label(i, api),
            changes: diff(current, api),
            current: current_version(),
        };
        let table = show(&report, Format::Markdown);
        let summary = format!("What <code>{command}</code> prints");
        migrations.push_str(&format!("<details>\n<summary>{summary}</summary>\n\n{table}\n</details>\n"));
    }
    let picture = format!("```mermaid\n{}```\n", graph(current).mermaid());
    let features = config.releases.iter().filter_map(|release| Some(format!("{} = []\n", release.feature.as_ref()?)));

    let readme = root::read(&root::path().join(README))?;
    let written = marked(README, &readme, ("<!-- graph, ", " -->"), &picture)?;
    let written = marked(README, &written, ("<!-- releases, ", " -->"), &migrations)?;
    let manifest = root::read(&root::path().join(MANIFEST))?;
    let features = marked(MANIFEST, &manifest, ("# ", ""), &features.collect::<String>())?;
    Ok(vec![
        Plan::of_file(&root::path(), README, readme, written),
        Plan::of_file(&root::path(), MANIFEST, manifest, features),
    ])
}

/// The text of a file with what stands between two marks, each in a comment, replaced.
fn marked(name: &str, found: &str, (open, close): (&str, &str), text: &str) -> Result<String, Diagnostics> {
    let begin = format!("{open}written by `cargo xtask generate`: begin{close}\n");
    let end = format!("{open}written by `cargo xtask generate`: end{close}\n");
    let parts = found.split_once(&begin).and_then(|(before, rest)| Some((before, rest.split_once(&end)?.1)));
    let Some((before, after)) = parts else {
        let reason = "the marks between which the generated part goes are not there";
        let remedy = format!("put the lines `{}` and `{}` where it is to be", begin.trim_end(), end.trim_end());
        return Err(Diagnostic::new(name, Pointer::default(), reason, remedy).into());
    };
    Ok(format!("{before}{begin}{text}{end}{after}"))
}

/// The files of every release, and their APIs.
fn all(config: &Config) -> Result<(Vec<File>, Vec<Api>), Diagnostics> {
    let mut apis = Vec::new();
    let mut files = vec![codegen::releases(CONFIG, &config.releases)?];
    let mut used = Used::new();
    let mut problems = Vec::new();
    for release in &config.releases {
        match release_files(config, release) {
            Ok(generated) => {
                used.extend(generated.used);
                let inside = |file: File| File { path: format!("{}/{}", release.module, file.path), ..file };
                files.extend(generated.files.into_iter().map(inside));
                apis.push(generated.api);
            }
            Err(Diagnostics(found)) => problems.extend(found),
        }
    }
    if !problems.is_empty() {
        return Err(Diagnostics(problems));
    }
    config.check_used(&used)?;
    Ok((files, apis))
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
fn check(plans: &[Plan], arguments: &Arguments, start: Instant) -> ExitCode {
    let mut counts = [0; 3];
    let entries = plans.iter().flat_map(|plan| plan.entries.iter().map(move |(name, entry)| (plan.path(name), entry)));
    let mut files = 0;
    for (path, entry) in entries {
        files += 1;
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
        line(LABEL, "checked", &format!("{files} files, all as generated, in {}", elapsed(start)));
        return ExitCode::SUCCESS;
    }
    let [stale, missing, extra] = counts;
    let command = match (&arguments.spec, &arguments.out) {
        (Some(spec), Some(out)) => format!("cargo xtask generate --spec {} --out {}", spec.display(), out.display()),
        _ => "cargo xtask generate".to_owned(),
    };
    line(WARN, "drift", &format!("{stale} stale, {missing} missing, {extra} extra; mend it with `{command}`"));
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
