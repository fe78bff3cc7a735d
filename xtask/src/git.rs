//! Asking git.

use std::io;
use std::process::{Command, Output};

use crate::report::Failure;
use crate::root;

/// Why git cannot read a revision.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum GitError {
    /// There is no program `git`.
    #[error("git cannot be run: {0}")]
    NotInstalled(String),
    /// The workspace is not in a repository.
    #[error("{0} is not in a git repository")]
    NotARepository(String),
    /// The repository has no such revision.
    #[error("the repository has no revision `{0}`")]
    NoRevision(String),
    /// The revision has no such file.
    #[error("the revision `{revision}` has no file `{path}`")]
    NoFile {
        /// The revision.
        revision: String,
        /// The path from the root of the repository.
        path: String,
    },
    /// git failed for another reason.
    #[error("`git {command}` failed: {message}")]
    Failed {
        /// Its arguments.
        command: String,
        /// What it printed.
        message: String,
    },
}

impl GitError {
    /// Returns what to do about it.
    pub(crate) fn help(&self) -> &'static str {
        match self {
            Self::NotInstalled(_) => "install git, or name files instead of revisions",
            Self::NotARepository(_) => "run it in a clone of the repository, or name files instead of revisions",
            Self::NoRevision(_) => "name an existing file or revision; `git log --oneline` lists revisions",
            Self::NoFile { .. } => "name a revision that has it",
            Self::Failed { .. } => "fix what git reports, and run the command again",
        }
    }
}

impl From<GitError> for Failure {
    fn from(error: GitError) -> Self {
        Self::Outside { reason: error.to_string(), help: error.help().to_owned() }
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
        return Err(GitError::NotARepository(root::path().display().to_string()));
    }
    let message = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(GitError::Failed { command: arguments.join(" "), message })
}

fn run(arguments: &[&str]) -> Result<Output, GitError> {
    let output = Command::new("git").args(arguments).current_dir(root::path()).output();
    output.map_err(|error: io::Error| GitError::NotInstalled(error.to_string()))
}

/// Returns the commit that a revision names.
///
/// # Errors
/// Returns an error if there is no such revision, or no repository.
pub(crate) fn commit(revision: &str) -> Result<String, GitError> {
    let no_revision = || GitError::NoRevision(revision.to_owned());
    if revision.starts_with('-') {
        return Err(no_revision());
    }
    match git(&["rev-parse", "--quiet", "--verify", &format!("{revision}^{{commit}}")]) {
        Ok(commit) => Ok(commit.trim().to_owned()),
        Err(GitError::Failed { .. }) => Err(no_revision()),
        Err(error) => Err(error),
    }
}

/// Returns the text of a file as of a revision.
///
/// # Errors
/// Returns an error if the revision has no such file.
pub(crate) fn file(revision: &str, path: &str) -> Result<String, GitError> {
    // The path is relative to the workspace, which need not be the root of the repository.
    git(&["show", &format!("{revision}:./{path}")]).map_err(|error| match error {
        GitError::Failed { .. } => GitError::NoFile { revision: revision.to_owned(), path: path.to_owned() },
        error => error,
    })
}
