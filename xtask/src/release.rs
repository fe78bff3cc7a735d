//! `cargo xtask release`: checks that a version is ready to be published.

use std::process::ExitCode;

use codegen::{Diagnostic, Diagnostics, Pointer};
use semver::Version;

use crate::changelog::{self, CHANGELOG};
use crate::manifest::{self, LOCK, MANIFEST};
use crate::report::{Failure, LABEL, line};
use crate::root;

/// Check that `Cargo.toml`, `Cargo.lock`, `CHANGELOG.md` and the tag of a release have one version
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The tag, such as `v0.1.0` [default: that of the version in `Cargo.toml`]
    tag: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let read = |name: &str| root::read(&root::path().join(name));
    let (manifest, lock, changelog) = (read(MANIFEST)?, read(LOCK)?, read(CHANGELOG)?);
    let version = manifest::version(&manifest)?;
    let mut problems = problems(&version, &lock, &changelog, arguments.tag.as_deref());
    problems.extend(manifest::not_exact(&manifest, &version).into_iter().map(|name| {
        let reason = format!("`{name}` is not required in exactly the version {version}");
        let help = format!("set `version = \"={version}\"` of `{name}` under `[workspace.dependencies]`");
        Diagnostic::new(MANIFEST, Pointer::default(), reason, help)
    }));
    if !problems.is_empty() {
        return Err(Diagnostics(problems).into());
    }
    line(LABEL, "ready", &format!("{version}: {MANIFEST}, {LOCK}, {CHANGELOG} and the tag agree"));
    Ok(ExitCode::SUCCESS)
}

fn problems(version: &Version, lock: &str, changelog: &str, tag: Option<&str>) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut problem = |name: &str, reason: String, help: String| {
        problems.push(Diagnostic::new(name, Pointer::default(), reason, help));
    };
    if let Some(tag) = tag.filter(|tag| *tag != format!("v{version}")) {
        problem(tag, format!("the tag is not `v{version}`, the version of {MANIFEST}"), format!("tag `v{version}`"));
    }
    let newest = changelog::newest(changelog).unwrap_or("nothing");
    if newest != version.to_string() {
        let reason = format!("the newest section is `{newest}`, and the version is {version}");
        problem(CHANGELOG, reason, format!("start the section of the changes with `## {version}`"));
    }
    if !manifest::is_locked(lock, version) {
        problem(LOCK, format!("the packages are not of version {version}"), "run `cargo check`".to_owned());
    }
    problems
}
