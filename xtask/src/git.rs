//! Asking git.

use std::process::{Command, Output};

use crate::report::Failure;
use crate::root;

/// Why git cannot read a revision.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub(crate) struct GitError {
    reason: String,
    pub(crate) help: &'static str,
}

impl From<GitError> for Failure {
    fn from(error: GitError) -> Self {
        Self::Outside { reason: error.reason, help: error.help.to_owned() }
    }
}

/// Runs git in the workspace and returns what it prints, or nothing if git fails.
///
/// # Errors
/// Returns an error if git is missing, or the workspace is not in a repository.
pub(crate) fn git(arguments: &[&str]) -> Result<Option<String>, GitError> {
    let output = run(arguments)?;
    if output.status.success() {
        return Ok(Some(String::from_utf8_lossy(&output.stdout).into_owned()));
    }
    if !run(&["rev-parse", "--git-dir"])?.status.success() {
        let reason = format!("{} is not in a git repository", root::path().display());
        return Err(GitError {
            reason,
            help: "run it in a clone of the repository, or name files instead of revisions",
        });
    }
    Ok(None)
}

fn run(arguments: &[&str]) -> Result<Output, GitError> {
    let output = Command::new("git").args(arguments).current_dir(root::path()).output();
    let help = "install git, or name files instead of revisions";
    output.map_err(|error| GitError { reason: format!("git cannot be run: {error}"), help })
}

/// Returns the commit that a revision names.
///
/// # Errors
/// Returns an error if there is no such revision, or no repository.
pub(crate) fn commit(revision: &str) -> Result<String, GitError> {
    let commit = match revision.starts_with('-') {
        true => None,
        false => git(&["rev-parse", "--quiet", "--verify", &format!("{revision}^{{commit}}")])?,
    };
    let help = "name an existing file or revision; `git log --oneline` lists revisions";
    let no_revision = || GitError { reason: format!("the repository has no revision `{revision}`"), help };
    commit.map(|commit| commit.trim().to_owned()).ok_or_else(no_revision)
}

/// Returns the text of a file as of a revision.
pub(crate) fn file(revision: &str, path: &str) -> Result<String, GitError> {
    // The path is relative to the workspace, which need not be the root of the repository.
    git(&["show", &format!("{revision}:./{path}")])?.ok_or_else(|| GitError {
        reason: format!("the revision `{revision}` has no file `{path}`"),
        help: "name a revision that has it",
    })
}
