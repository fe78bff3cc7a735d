//! What the terminal shows when something is wrong.

use anstyle::{AnsiColor, Style};
use codegen::Diagnostics;

use crate::output::OutputError;

/// Style of the label of a line that reports what was done.
pub(crate) const LABEL: Style = AnsiColor::Green.on_default().bold();

/// Style of the label of a line that asks for attention.
pub(crate) const WARN: Style = AnsiColor::Yellow.on_default().bold();

const ERROR: Style = AnsiColor::Red.on_default().bold();
const HELP: Style = AnsiColor::Cyan.on_default().bold();

/// Prints a line of a report.
pub(crate) fn line(style: Style, label: &str, text: &str) {
    anstream::println!("{style}{label:>9}{style:#} {text}");
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The input is invalid.
    #[error(transparent)]
    Input(#[from] Diagnostics),
    /// The output directory belongs to someone else, or cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// Another program is missing or failed.
    #[error("{reason}")]
    Program {
        /// What went wrong.
        reason: String,
        /// What to do about it.
        help: String,
    },
}

/// Prints a failure: each problem with its place and its reason, and what to do about it.
pub(crate) fn failure(failure: &Failure) {
    let problems: Vec<(String, String)> = match failure {
        Failure::Input(diagnostics) => {
            diagnostics.0.iter().map(|diagnostic| (diagnostic.to_string(), diagnostic.remedy.clone())).collect()
        }
        Failure::Output(error) => vec![(error.to_string(), error.help().to_owned())],
        Failure::Program { reason, help } => vec![(reason.clone(), help.clone())],
    };
    for (reason, help) in &problems {
        anstream::eprintln!("{ERROR}error:{ERROR:#} {reason}\n {HELP}help:{HELP:#} {help}");
    }
    if !matches!(failure, Failure::Program { .. }) {
        let count = problems.len();
        anstream::eprintln!("{count} problem{}; nothing was written", if count == 1 { "" } else { "s" });
    }
}
