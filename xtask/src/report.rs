//! What the terminal shows when something is wrong.

use std::fmt;

use anstyle::{AnsiColor, Style};
use codegen::{Diagnostic, Diagnostics};
use miette::MietteHandlerOpts;

use crate::output::OutputError;

/// How a line that says what was done starts.
pub(crate) const LABEL: Style = AnsiColor::Green.on_default().bold();

/// How a line that asks for attention starts.
pub(crate) const WARN: Style = AnsiColor::Yellow.on_default().bold();

/// Prints a line of a report.
pub(crate) fn line(style: Style, label: &str, text: &str) {
    anstream::println!("{style}{label:>9}{style:#} {text}");
}

/// Why a command did nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The input is wrong.
    #[error(transparent)]
    Input(#[from] Diagnostics),
    /// The output directory is not ours to write, or cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
}

/// Shows a failure, each problem with its place, its reason and its remedy.
pub(crate) fn failure(failure: &Failure) {
    // A place is for copying, so it is never broken over lines.
    let _ =
        miette::set_hook(Box::new(|_| Box::new(MietteHandlerOpts::new().wrap_lines(false).break_words(false).build())));
    let problems = match failure {
        Failure::Input(diagnostics) => diagnostics.0.iter().cloned().map(Shown::Input).collect(),
        Failure::Output(error) => vec![Shown::Output(error.to_string(), error.remedy().to_owned())],
    };
    let count = problems.len();
    for problem in problems {
        anstream::eprintln!("{:?}", miette::Report::new(problem));
    }
    let problems = if count == 1 { "1 problem".to_owned() } else { format!("{count} problems") };
    anstream::eprintln!("{problems}; nothing was written");
}

/// A problem as the terminal's library wants it.
#[derive(Debug)]
enum Shown {
    Input(Diagnostic),
    Output(String, String),
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(diagnostic) => diagnostic.fmt(f),
            Self::Output(reason, _) => f.write_str(reason),
        }
    }
}

impl std::error::Error for Shown {}

impl miette::Diagnostic for Shown {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(match self {
            Self::Input(diagnostic) => &diagnostic.remedy,
            Self::Output(_, remedy) => remedy,
        }))
    }
}
