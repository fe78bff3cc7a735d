//! What the terminal shows.
//!
//! Everything printed goes through this module. Printing never panics: the first error, such as that of a full disk behind
//! standard output, is kept and becomes the failure of the command.

use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use anstyle::{AnsiColor, Style};
use codegen::visible::{escaped, escaped_json, escaped_lines};
use codegen::{Diagnostic, Diagnostics};

use crate::generate::quoted;
use crate::output::OutputError;
use crate::update::command;

/// Style of the label of a line that reports what was done.
pub(crate) const LABEL: Style = AnsiColor::Green.on_default().bold();

/// Style of the label of a line that asks for attention.
pub(crate) const WARN: Style = AnsiColor::Yellow.on_default().bold();

const ERROR: Style = AnsiColor::Red.on_default().bold();
const HELP: Style = AnsiColor::Cyan.on_default().bold();

/// The most problems that a failure shows.
const PROBLEMS: usize = 200;

/// The first error of standard output.
static UNWRITTEN: Mutex<Option<io::Error>> = Mutex::new(None);

/// A format of a report.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// What is printed. Text of a document can be in any part of it: each part shows hidden characters as escapes, and
/// styles are the only ones that reach the terminal.
#[derive(Debug, Default)]
pub(crate) struct Text(String);

impl Text {
    /// Adds text of several lines.
    pub(crate) fn lines(&mut self, text: &str) -> &mut Self {
        self.0.push_str(&escaped_lines(text));
        self
    }

    /// Adds text on one line.
    pub(crate) fn plain(&mut self, text: &str) -> &mut Self {
        self.0.push_str(&escaped(text));
        self
    }

    /// Adds text on one line, in a style.
    pub(crate) fn styled(&mut self, style: Style, text: &str) -> &mut Self {
        self.0.push_str(&format!("{style}{}{style:#}", escaped(text)));
        self
    }

    pub(crate) fn end(&mut self) -> &mut Self {
        self.0.push('\n');
        self
    }

    /// Prints it, in colour where the terminal has it.
    pub(crate) fn print(&self) {
        keep(anstream::stdout().write_all(self.0.as_bytes()));
    }
}

pub(crate) fn print(text: &str) {
    Text::default().lines(text).print();
}

pub(crate) fn print_json(json: &serde_json::Value) {
    print(&format!("{}\n", escaped_json(&format!("{json:#}"))));
}

pub(crate) fn line(style: Style, label: &str, text: &str) {
    Text::default().styled(style, &format!("{label:>9}")).plain(" ").plain(text).end().print();
}

fn keep(result: io::Result<()>) {
    if let Err(error) = result {
        UNWRITTEN.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }
}

/// Flushes standard output. Returns the first error of the run, other than that of a reader that has seen enough.
///
/// # Errors
/// Returns an error if what was printed did not reach its reader.
pub(crate) fn finish() -> Result<(), Failure> {
    keep(anstream::stdout().flush());
    match UNWRITTEN.lock().unwrap_or_else(PoisonError::into_inner).take() {
        Some(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Print(error)),
        _ => Ok(()),
    }
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
    /// Another program, or something else outside, is missing or failed.
    #[error("{reason}")]
    Outside { reason: String, help: String },
    /// A later step of several failed.
    #[error(transparent)]
    Unfinished(Box<Failure>),
    /// Standard output cannot be written.
    #[error("standard output: {0}")]
    Print(io::Error),
}

impl Failure {
    /// Returns each problem as its reason and its help.
    fn problems(&self) -> Vec<(String, String)> {
        match self {
            Self::Input(Diagnostics(problems)) => problems.iter().map(problem).collect(),
            Self::Output(error) => vec![(error.to_string(), error.help().to_owned())],
            Self::Unfinished(failure) => failure.problems(),
            Self::Outside { reason, help } => vec![(reason.clone(), help.clone())],
            Self::Print(_) => vec![(self.to_string(), "make room, or redirect the output elsewhere".to_owned())],
        }
    }

    /// Returns what the command had written before it failed, in words; nothing where that is not known.
    fn written(&self) -> Option<String> {
        match self {
            Self::Input(_) => Some("nothing was written".to_owned()),
            Self::Output(error) => Some(match error.changed {
                0 => "nothing was written".to_owned(),
                1 => "1 file was changed".to_owned(),
                changed => format!("{changed} files were changed"),
            }),
            Self::Unfinished(_) => Some("some files were changed; run the command again to continue".to_owned()),
            Self::Outside { .. } | Self::Print(_) => None,
        }
    }
}

/// Returns the reason, with its place, and the help of a diagnostic. The generator knows neither the crate of one's own that its
/// commands are for nor how a shell takes the name of a document.
pub(crate) fn problem(diagnostic: &Diagnostic) -> (String, String) {
    let help = diagnostic.help.replace("`cargo xtask update`", &format!("`{}`", command("update")));
    let document = &diagnostic.document;
    let help = help.replace(&format!("--spec {document}`"), &format!("--spec {}`", quoted(document)));
    (diagnostic.to_string(), help)
}

/// Prints a failure: each problem with its place and its reason, and what to do about it.
pub(crate) fn failure(failure: &Failure) {
    let problems = failure.problems();
    let mut text = Text::default();
    for (reason, help) in problems.iter().take(PROBLEMS) {
        // Other programs and libraries say what they have to say in several lines.
        text.styled(ERROR, "error:").plain(" ").lines(reason).end();
        text.plain(" ").styled(HELP, "help:").plain(" ").lines(help).end();
    }
    if let Some(more) = problems.len().checked_sub(PROBLEMS).filter(|more| *more > 0) {
        text.plain(&format!("and {more} more, which are not shown")).end();
    }
    if let Some(written) = failure.written() {
        let count = problems.len();
        text.plain(&format!("{count} problem{}; {written}", if count == 1 { "" } else { "s" })).end();
    }
    // Nobody is left to tell of an error here.
    let _ = anstream::stderr().write_all(text.0.as_bytes());
}
