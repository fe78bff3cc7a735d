//! Asking git.

use std::process::{Command, Output};

use crate::report::Failure;
use crate::root;

/// Why git cannot read a revision.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub(crate) struct GitError {
    reason: String,
    /// What to do about it.
    pub(crate) help: &'static str,
    /// Whether git ran in a repository, and failed.
    is_from_git: bool,
}

impl GitError {
    fn new(reason: String, help: &'static str) -> Self {
        Self { reason, help, is_from_git: false }
    }

    /// Returns another error in the place of one of git's.
    fn or(self, other: Self) -> Self {
        if self.is_from_git { other } else { self }
    }
}

impl From<GitError> for Failure {
    fn from(error: GitError) -> Self {
        Self::Outside { reason: error.reason, help: error.help.to_owned() }
    }
}

/// Runs git in the workspace and returns what it prints.
///
/// # Errors
/// Returns an error if git is missing, the workspace is not in a repository, or git fails.
pub(crate) fn git(arguments: &[&str]) -> Result<String, GitError> {
    let output = run(arguments)?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    if !run(&["rev-parse", "--git-dir"])?.status.success() {
        let reason = format!("{} is not in a git repository", root::path().display());
        return Err(GitError::new(reason, "run it in a clone of the repository, or name files instead of revisions"));
    }
    let message = String::from_utf8_lossy(&output.stderr);
    let reason = format!("`git {}` failed: {}", arguments.join(" "), message.trim());
    let help = "fix what git reports, and run the command again";
    Err(GitError { is_from_git: true, ..GitError::new(reason, help) })
}

fn run(arguments: &[&str]) -> Result<Output, GitError> {
    let output = Command::new("git").args(arguments).current_dir(root::path()).output();
    let help = "install git, or name files instead of revisions";
    output.map_err(|error| GitError::new(format!("git cannot be run: {error}"), help))
}

/// Returns the commit that a revision names.
///
/// # Errors
/// Returns an error if there is no such revision, or no repository.
pub(crate) fn commit(revision: &str) -> Result<String, GitError> {
    let help = "name an existing file or revision; `git log --oneline` lists revisions";
    let no_revision = || GitError::new(format!("the repository has no revision `{revision}`"), help);
    if revision.starts_with('-') {
        return Err(no_revision());
    }
    let commit = git(&["rev-parse", "--quiet", "--verify", &format!("{revision}^{{commit}}")]);
    commit.map(|commit| commit.trim().to_owned()).map_err(|error| error.or(no_revision()))
}

/// Returns the text of a file as of a revision.
///
/// # Errors
/// Returns an error if the revision has no such file.
pub(crate) fn file(revision: &str, path: &str) -> Result<String, GitError> {
    // The path is relative to the workspace, which need not be the root of the repository.
    git(&["show", &format!("{revision}:./{path}")]).map_err(|error| {
        let reason = format!("the revision `{revision}` has no file `{path}`");
        error.or(GitError::new(reason, "name a revision that has it"))
    })
}
