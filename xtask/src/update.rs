//! `cargo xtask update`: the whole procedure for a new document, from taking it to the list of what is left for a person.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use codegen::descriptions::{self, Reason};
use codegen::markdown::{code, message, text_block};
use codegen::{Config, Diagnostic, Diagnostics, Pointer, sample};
use serde_json::Value;

use crate::changelog::{self, CHANGELOG};
use crate::diff::show::{entries, markdown, summary};
use crate::diff::{Report, Side};
use crate::generate;
use crate::git::{self, git};
use crate::lock::Lock;
use crate::manifest::{self, LOCK, MANIFEST};
use crate::output::{Changes, Plan, clean};
use crate::place::line_of;
use crate::report::{Failure, LABEL, WARN, line, print, problem};
use crate::root::{self, CONFIG, RELEASES, shown};
use crate::vendor::{Accept, Source, parse, take};

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

/// The size of the text of a pull request, in bytes. GitHub refuses more than 65,536 characters.
const BODY: usize = 60_000;

/// Where the versions of Stripe's official libraries are pinned, and a recording of them.
const LIBRARIES: &str = "tests/conformance/package.json";
const RECORDED: &str = "tests/conformance/recorded/node.json";

/// Where the error object is, which is written by hand.
const RUNTIME_ERROR: &str = "generated/runtime/src/support/api_error.rs";

/// Something that is left for a person.
#[derive(Debug)]
struct Left {
    /// The file and the line, from 1.
    place: (String, Option<usize>),
    /// What to do, in Markdown.
    task: String,
    /// A description that was there before.
    old_description: Option<String>,
    /// Whether the update is complete without it.
    is_note: bool,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let _lock = Lock::acquire()?;
    let base = base(arguments.base.as_deref())?;
    let old = Side::revision("old", &base)?;
    let taken = take(&arguments.source, &root::config()?, Accept::Selected)?;
    let document = shown(&taken.path);
    taken.write()?;
    finish(arguments, &base, &old, &document).map_err(|failure| Failure::Unfinished(Box::new(failure)))?;
    Ok(ExitCode::SUCCESS)
}

/// Does everything that follows from the document in `spec/`.
fn finish(arguments: &Arguments, base: &str, old: &Side, document: &str) -> Result<(), Failure> {
    let config = root::config()?;
    let mut left = match generate::all(&config) {
        Ok(files) => {
            generate::write(&Plan::new(&root::path().join(RELEASES), files)?)?;
            Vec::new()
        }
        Err(Diagnostics(found)) => found.iter().map(decision).collect(),
    };
    // A document that cannot be generated is on the list already.
    let new = Side::working_tree("new", &config).ok();
    let report = new.as_ref().map(|new| Report::new(old, new));
    left.extend(places_left(base, old, new.as_ref(), &config)?);
    if let Some(report) = &report {
        left.extend(set_version(base, report)?);
    }
    left.extend(libraries_behind(&config));

    left.sort_by(|one, other| one.place.cmp(&other.place));
    let list = list(&left);
    match &report {
        Some(report) => line(LABEL, "verdict", &summary(report)),
        None => line(WARN, "verdict", "unknown until the document can be generated"),
    }
    print(&format!("\n{list}"));
    if left.iter().any(|left| !left.is_note) {
        print(&format!("\nWhen the list is done: `cargo xtask update {document}`, then `.ci/run`.\n"));
    }
    if let Some(path) = &arguments.report {
        let changes = report.as_ref().map(markdown).unwrap_or_default();
        let mut file = Changes::default();
        file.replace(path, &body(&list, &changes));
        file.apply()?;
    }
    Ok(())
}

/// Returns the text of the pull request: the list, then as many of the changes as GitHub takes.
fn body(list: &str, changes: &str) -> String {
    let mut body = format!("{list}\n");
    for line in changes.split_inclusive('\n') {
        if body.len() + line.len() > BODY {
            body.push_str("\nThere is more: `cargo xtask diff main` shows all of it.\n");
            break;
        }
        body.push_str(line);
    }
    body
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

/// Sets the version that the changes ask for, unless it is set already, and adds entries to the changelog.
fn set_version(base: &str, report: &Report) -> Result<Vec<Left>, Failure> {
    let read = |name: &str| root::read(&root::path().join(name));
    let (manifest, lock, log) = (read(MANIFEST)?, read(LOCK)?, read(CHANGELOG)?);
    if report.changes.verdict().is_none() {
        return Ok(Vec::new());
    }
    // A person may have chosen a higher one.
    let version = report.next().max(manifest::version(&manifest)?);
    let (new_manifest, new_lock) = manifest::with_version(&manifest, &lock, &version)?;
    let base_log = git::file(base, CHANGELOG).unwrap_or_default();
    let added = changelog::add(&log, &base_log, &version, &entries(&report.changes));
    let mut changes = Changes::default();
    let mut written = Vec::new();
    for (name, old, new) in
        [(MANIFEST, &manifest, &new_manifest), (LOCK, &lock, &new_lock), (CHANGELOG, &log, &added.text)]
    {
        if old != new {
            changes.replace(&root::path().join(name), new);
            written.push(name);
        }
    }
    clean(&root::path())?;
    changes.apply()?;
    for name in written {
        line(LABEL, "wrote", name);
    }
    let outdated = |(line, entry): &(usize, String)| Left {
        place: (CHANGELOG.to_owned(), Some(*line)),
        task: format!(
            "delete the entry {} unless you wrote it: it is not from this document",
            code(&entry.replace('`', ""))
        ),
        old_description: None,
        is_note: true,
    };
    Ok(added.outdated.iter().map(outdated).collect())
}

/// Returns the descriptions to write or to check, the samples to give, and the resources that are newly past the boundary.
fn places_left(base: &str, old: &Side, new: Option<&Side>, config: &Config) -> Result<Vec<Left>, Failure> {
    let mut left = Vec::new();
    for (i, release) in config.releases.iter().enumerate() {
        let path = root::document(&release.document);
        let (name, text) = (shown(&path), root::read(&path)?);
        let at = |pointer: &Pointer| (name.clone(), Some(line_of(&text, pointer)));
        let document = parse(&name, &text)?;
        let old_name = old.counterpart(i, release).map(|old| format!("spec/{}", old.document));
        let old_text = old_name.as_ref().and_then(|name| git::file(base, name).ok());
        let (mut reviews, mut old_boundary) = (Vec::new(), None);
        if let (Some(old_name), Some(old_text)) = (&old_name, &old_text) {
            reviews = descriptions::keep(&parse(old_name, old_text)?, &mut document.clone());
            old_boundary =
                codegen::selection(config, None, old_name, old_text).ok().map(|selection| selection.boundary);
        }
        let described = |pointer: &Pointer| {
            let place = document.pointer(pointer.as_str());
            place.and_then(|place| place.get("description")?.as_str()).filter(|text| !text.is_empty())
        };

        let undescribed = new.and_then(|new| new.api(i)).map(descriptions::undescribed).unwrap_or_default();
        for pointer in &undescribed {
            // A place that moved, such as a field of a renamed schema, has the same last token.
            let last = |pointer: &Pointer| pointer.as_str().rsplit('/').next().map(str::to_owned);
            let value = value_of(&document, pointer);
            let name = value.map(|(_, value)| value.to_owned()).or_else(|| last(pointer));
            let was_here = |reason, here: bool| {
                reviews.iter().find(|review| {
                    review.reason == reason
                        && if here { review.pointer == *pointer } else { last(&review.pointer) == name }
                })
            };
            let before = was_here(Reason::OtherKind, true).or_else(|| was_here(Reason::Gone, false));
            left.push(Left {
                place: at(pointer),
                task: match value {
                    Some((owner, value)) => {
                        format!("describe {} under `x-enumDescriptions` of {}", code(value), code(&format!("#{owner}")))
                    }
                    None => format!("describe {}", code(&format!("#{pointer}"))),
                },
                old_description: before.map(|review| review.description.clone()),
                is_note: false,
            });
        }
        for review in &reviews {
            let is_same = described(&review.pointer) == Some(&*review.description);
            if review.reason == Reason::Changed && is_same {
                left.push(Left {
                    place: at(&review.pointer),
                    task: format!("check the description of {}: a fact changed", code(&format!("#{}", review.pointer))),
                    old_description: Some(review.description.clone()),
                    is_note: true,
                });
            }
        }
        for (place, pointer) in new.and_then(|new| new.api(i)).map(sample::implausible).unwrap_or_default() {
            left.push(Left {
                place: at(pointer),
                task: format!(
                    "give samples a plausible value: add {} to `sample` of `{CONFIG}`",
                    code(&format!("{{ place = \"{place}\", value = \"…\" }}"))
                ),
                old_description: None,
                is_note: false,
            });
        }
        for pointer in new.and_then(|new| new.api(i)).iter().flat_map(|api| &api.unknown_in_errors) {
            left.push(Left {
                place: at(pointer),
                task: format!(
                    "add `#{pointer}` to `ApiError` in `{RUNTIME_ERROR}` and to `codegen::lower::errors`: programs do not see it"
                ),
                old_description: None,
                is_note: true,
            });
        }
        let boundary =
            codegen::selection(config, Some(&release.module), &name, &text).ok().map(|selection| selection.boundary);
        if let (Some(old), Some(new)) = (old_boundary, boundary) {
            for (key, from) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
                left.push(Left {
                    place: at(&Pointer::schema(key)),
                    task: format!(
                        "decide on {}, which {} brings newly to the boundary: it stays an id and JSON, or gets a \
                         `[[resource]]` in `{CONFIG}`",
                        code(key),
                        code(&format!("#{from}"))
                    ),
                    old_description: None,
                    is_note: true,
                });
            }
        }
    }
    Ok(left)
}

/// Returns a note if Stripe's official libraries were recorded at an earlier version of the API, so that `cargo test` compares no
/// new parameter with theirs.
fn libraries_behind(config: &Config) -> Option<Left> {
    let text = fs::read_to_string(root::path().join(RECORDED)).ok()?;
    let recorded: Value = serde_json::from_str(&text).ok()?;
    let known = recorded["about"]["api_version"].as_str()?;
    let current = &config.releases.first()?.api_version;
    // A version starts with its date.
    (current.as_str() > known).then(|| Left {
        place: (LIBRARIES.to_owned(), None),
        task: format!(
            "the official libraries are those of {}: once there are newer ones, pin them here, add cases for new \
             parameters, and run `cargo run --package conformance`",
            code(known)
        ),
        old_description: None,
        is_note: true,
    })
}

/// Returns the enum and the value that a pointer names, if it names one.
fn value_of<'d>(document: &'d Value, pointer: &'d Pointer) -> Option<(&'d str, &'d str)> {
    let (owner, _) = pointer.as_str().rsplit_once("/enum/")?;
    Some((owner, document.pointer(pointer.as_str())?.as_str()?))
}

/// Returns a decision that the generator asks for.
fn decision(diagnostic: &Diagnostic) -> Left {
    let (reason, help) = problem(diagnostic);
    let text = root::read(&root::path().join(&diagnostic.document)).unwrap_or_default();
    let line = match diagnostic.position {
        Some((line, _)) => Some(line),
        None if diagnostic.document == CONFIG => quoted_line(&text, &diagnostic.reason),
        None if text.is_empty() => None,
        None => Some(line_of(&text, &diagnostic.pointer)),
    };
    let place = (diagnostic.document.clone(), line);
    Left { place, task: message(&format!("{reason}; {help}")), old_description: None, is_note: false }
}

/// Returns the first line with a text that a message quotes in backticks.
fn quoted_line(text: &str, message: &str) -> Option<usize> {
    let quoted: Vec<_> = message.split('`').skip(1).step_by(2).filter(|quoted| !quoted.is_empty()).collect();
    quoted.iter().find_map(|quoted| text.lines().position(|line| line.contains(quoted))).map(|line| line + 1)
}

/// Returns the list as Markdown.
fn list(left: &[Left]) -> String {
    let mut out = String::new();
    let (notes, tasks): (Vec<_>, Vec<_>) = left.iter().partition(|left| left.is_note);
    if tasks.is_empty() {
        out.push_str("Nothing is left to do.\n\n");
    }
    for (heading, mark, items) in [("Left to do", "- [ ]", tasks), ("To check", "-", notes)] {
        if items.is_empty() {
            continue;
        }
        let _ = writeln!(out, "### {heading}\n");
        for Left { place: (file, line), task, old_description, .. } in items {
            let line = line.map(|line| format!(":{line}")).unwrap_or_default();
            let _ = writeln!(out, "{mark} {}: {task}", code(&format!("{file}{line}")));
            if let Some(text) = old_description {
                out.push_str(&text_block(text, 2));
            }
        }
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}
