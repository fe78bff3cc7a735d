//! `cargo xtask vendor`: takes Stripe's whole document and keeps the part that is selected, under `spec/`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use codegen::config::Release;
use codegen::diff::diff;
use codegen::{Config, Diagnostic, Diagnostics, Generated, Pointer, document, prose};
use sha2::{Digest, Sha256};
use toml_edit::{DocumentMut, value};

use crate::download::{self, Download};
use crate::output::{OutputError, replace};
use crate::report::{Failure, LABEL, WARN, line};
use crate::root::{self, CONFIG, shown};

/// Take Stripe's document, keep what is selected of it under `spec/`, and record where it came from
///
/// Nothing changes unless all goes well. The same input twice changes nothing the second time.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The document, JSON or YAML; downloaded from where Stripe publishes it if left out
    file: Option<PathBuf>,
    /// Download the document as of this tag of Stripe's repository
    #[arg(long, default_value = "latest", conflicts_with = "file")]
    tag: String,
    /// Download from here: `{tag}` stands for the tag. https, or http on this machine
    #[arg(long, value_name = "URL", conflicts_with = "file")]
    url: Option<String>,
    /// Refuse a document with another SHA-256 than this
    #[arg(long, value_name = "HEX")]
    sha256: Option<String>,
    /// The release to replace, by module; the first of `spec/codegen.toml` if left out
    #[arg(long, value_name = "MODULE")]
    release: Option<String>,
    /// Keep our own descriptions wherever the facts stayed, take none of Stripe's, and list the places that need one
    #[arg(long)]
    keep_docs: bool,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let config = root::config()?;
    let release = find_release(&config, arguments.release.as_deref())?;
    let (name, text, upstream) = match &arguments.file {
        Some(file) => (shown(file), root::read(file)?, None),
        None => {
            let url =
                arguments.url.as_deref().unwrap_or(&config.upstream).replace("{tag}", download::tag(&arguments.tag));
            let text = Download::new(&url)?.run()?;
            (url.clone(), text, Some(url))
        }
    };
    let upstream_sha256 = sha256(&text);
    if let Some(expected) =
        arguments.sha256.as_ref().filter(|expected| !expected.eq_ignore_ascii_case(&upstream_sha256))
    {
        let reason = format!("the document has the SHA-256 {upstream_sha256}, and not {expected}");
        return Err(Diagnostics::from(Diagnostic::new(
            &name,
            Pointer::default(),
            reason,
            "take the document that was meant",
        ))
        .into());
    }
    let whole = codegen::generate(&config, &name, &text)?;
    line(LABEL, "read", &format!("{name}: {} kB, Stripe's API {}", text.len() / 1000, whole.api.version));

    // What is there now, for its words and to compare with. It may be gone, or from before a change of the rules.
    let old_path = root::path().join("spec").join(&release.document);
    let old = root::read(&old_path).and_then(|text| codegen::generate(&config, &shown(&old_path), &text)).ok();
    let mut small = whole.selection.value.clone();
    if arguments.keep_docs
        && let Some(old) = &old
    {
        prose::keep(&old.selection.value, &mut small);
    }
    let yaml = format!("{}{}", header(&whole.api.version), document::to_yaml(&small)?);
    let document = format!("stripe-{}.yaml", whole.api.version);
    // What is about to be stored is read back, as it is what everything else will come from.
    let new = codegen::generate(&config, &format!("spec/{document}"), &yaml)?;

    // Our own document, written again after its words were edited, comes from where it came from before.
    let own = arguments.file.as_ref().is_some_and(|file| same_file(file, &old_path));
    let record = Record {
        api_version: &new.api.version,
        document: &document,
        upstream: upstream.as_deref(),
        upstream_sha256: (!own).then_some(upstream_sha256.as_str()),
        sha256: &sha256(&yaml),
    };
    let config_path = root::path().join(CONFIG);
    let recorded = record.write(&root::read(&config_path)?, &release.module)?;

    // All that can be wrong with the input is found by now.
    let path = root::path().join("spec").join(&document);
    let changed = replace(&path, &yaml)?;
    report(if changed { "wrote" } else { "kept" }, &format!("{} ({} kB)", shown(&path), yaml.len() / 1000));
    let changed = replace(&config_path, &recorded)?;
    report(if changed { "wrote" } else { "kept" }, CONFIG);
    if old_path != path && old_path.exists() {
        std::fs::remove_file(&old_path).map_err(|error| OutputError::Io { path: old_path.clone(), error })?;
        report("deleted", &shown(&old_path));
    }
    conclude(arguments, old.as_ref(), &new);
    Ok(ExitCode::SUCCESS)
}

fn same_file(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

fn report(what: &str, text: &str) {
    line(LABEL, what, text);
}

/// Says what is to be done next: words that are missing, and what the change means.
fn conclude(arguments: &Arguments, old: Option<&Generated>, new: &Generated) {
    if arguments.keep_docs {
        let places = prose::undescribed(&new.api);
        if !places.is_empty() {
            line(WARN, "describe", &format!("{} places need a description:", places.len()));
            for place in places {
                anstream::println!("          #{place}");
            }
        }
    }
    let verdict = old.map(|old| diff(&old.api, &new.api).verdict());
    match verdict {
        Some(None) => report("changed", "nothing"),
        Some(Some(verdict)) => report("changed", &format!("{}: see `cargo xtask diff HEAD`", verdict.as_str())),
        None => {}
    }
    report("next", "cargo xtask generate");
}

fn find_release<'c>(config: &'c Config, module: Option<&str>) -> Result<&'c Release, Diagnostics> {
    let found = match module {
        Some(module) => config.releases.iter().find(|release| release.module == module),
        None => config.releases.first(),
    };
    found.ok_or_else(|| {
        let modules: Vec<_> = config.releases.iter().map(|release| format!("`{}`", release.module)).collect();
        let reason = format!("there is no release `{}`", module.unwrap_or_default());
        Diagnostic::new(CONFIG, Pointer::default(), reason, format!("name one of {}", modules.join(", "))).into()
    })
}

/// The SHA-256 of a text, in hexadecimal.
pub(crate) fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn header(version: &str) -> String {
    format!(
        "# What is selected of Stripe's OpenAPI document of version {version}, written by `cargo xtask vendor`.\n\
         # The facts are those of https://github.com/stripe/openapi, which is under the MIT licence,\n\
         # Copyright (c) 2011- Stripe, Inc. (https://stripe.com).\n"
    )
}

/// Where a document came from.
struct Record<'a> {
    api_version: &'a str,
    document: &'a str,
    upstream: Option<&'a str>,
    upstream_sha256: Option<&'a str>,
    sha256: &'a str,
}

impl Record<'_> {
    /// The configuration with this record in it; comments and all else stay as they are.
    fn write(&self, config: &str, module: &str) -> Result<String, Diagnostics> {
        let problem = |reason: String| {
            Diagnostics::from(Diagnostic::new(CONFIG, Pointer::default(), reason, "correct the file, and try again"))
        };
        let mut config: DocumentMut =
            config.parse().map_err(|error: toml_edit::TomlError| problem(error.to_string()))?;
        let releases = config.get_mut("release").and_then(|item| item.as_array_of_tables_mut());
        let release = releases.and_then(|releases| {
            releases.iter_mut().find(|r| r.get("module").and_then(|m| m.as_str()) == Some(module))
        });
        let Some(release) = release else {
            return Err(problem(format!("there is no table `[[release]]` with the module `{module}`")));
        };
        release["api_version"] = value(self.api_version);
        release["document"] = value(self.document);
        if let Some(upstream) = self.upstream {
            release["upstream"] = value(upstream);
        }
        if let Some(upstream_sha256) = self.upstream_sha256 {
            release["upstream_sha256"] = value(upstream_sha256);
        }
        release["sha256"] = value(self.sha256);
        Ok(config.to_string())
    }
}
