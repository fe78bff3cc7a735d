//! Where things are in the workspace, and reading them.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use codegen::config::Release;
use codegen::{Config, Diagnostic, Diagnostics, Pointer, document};

use crate::report::Failure;

/// The file with all Stripe-specific configuration, below the root of the workspace.
pub(crate) const CONFIG: &str = "spec/codegen.toml";

/// The file with the values of samples, below the root of the workspace.
const SAMPLES: &str = "spec/samples.toml";

/// The directory that the generator owns, below the root of the workspace.
pub(crate) const RELEASES: &str = "generated/src/releases";

/// The root of the workspace to work on.
static ROOT: OnceLock<PathBuf> = OnceLock::new();

/// Works on the workspace `root` from now on, or else on the one that the current directory is in. Where this was built says
/// nothing: clones can share a target directory.
///
/// # Errors
/// Returns an error if the current directory is in no workspace with a configuration.
pub(crate) fn set(root: Option<PathBuf>) -> Result<(), Failure> {
    let is_root = |directory: &&Path| directory.join(CONFIG).is_file();
    let above = || Some(std::env::current_dir().ok()?.ancestors().find(is_root)?.to_owned());
    let root = root.or_else(above).ok_or_else(|| Failure::Outside {
        reason: format!("neither the current directory nor one above it has the file `{CONFIG}`"),
        help: "run the command inside the workspace, or name its directory with `--root`".to_owned(),
    })?;
    // Set once, before it is read.
    let _ = ROOT.set(root);
    Ok(())
}

/// Returns the root of the workspace.
pub(crate) fn path() -> PathBuf {
    ROOT.get().cloned().unwrap_or_default()
}

/// Returns the path of a document below `spec/`.
pub(crate) fn document(name: &str) -> PathBuf {
    path().join("spec").join(name)
}

/// Returns the path as a person would write it in the current directory, with `/` on every system.
pub(crate) fn shown(path: &Path) -> String {
    let here = std::env::current_dir().ok();
    let relative = here.as_deref().and_then(|here| path.strip_prefix(here).ok());
    let relative = relative.or_else(|| path.strip_prefix(self::path()).ok()).unwrap_or(path);
    let text = relative.display().to_string();
    if cfg!(windows) { text.replace('\\', "/") } else { text }
}

/// Reads the configuration.
pub(crate) fn config() -> Result<Config, Diagnostics> {
    let read = |name| read(&path().join(name));
    Config::parse(CONFIG, &read(CONFIG)?)?.with_samples(SAMPLES, &read(SAMPLES)?)
}

/// Returns the file that `--spec` names, or else the document of the first release, with that release.
pub(crate) fn spec_or_first<'c>(
    spec: Option<&Path>,
    config: &'c Config,
) -> Result<(PathBuf, Option<&'c Release>), Diagnostics> {
    match (spec, config.releases.first()) {
        (Some(path), _) => Ok((path.to_owned(), None)),
        (None, Some(release)) => Ok((document(&release.document), Some(release))),
        (None, None) => {
            let help = "add a `[[release]]`, or name a document with `--spec`";
            Err(Diagnostic::new(CONFIG, Pointer::default(), "no document is listed", help).into())
        }
    }
}

/// Reads the text of a file.
///
/// # Errors
/// Returns a diagnostic if it cannot be read, is not a regular file, is larger than a document may be, or is not UTF-8.
pub(crate) fn read(path: &Path) -> Result<String, Diagnostics> {
    let name = shown(path);
    let problem = |reason: String, help: &str| Diagnostic::new(&name, Pointer::default(), reason, help);
    let not_read =
        |error| problem(format!("the file cannot be read: {error}"), "name a file that exists and is readable");
    // Opening a pipe would wait for its writer, so the kind of the file is asked first.
    let metadata = fs::metadata(path).map_err(not_read)?;
    if metadata.is_dir() {
        return Err(problem("this is a directory, not a file".to_owned(), "name the document inside it").into());
    }
    if !metadata.is_file() {
        return Err(problem("this is not a regular file".to_owned(), "save it to a file, and name that file").into());
    }
    let limit = document::LIMIT as u64;
    let mut bytes = Vec::new();
    if metadata.len() <= limit {
        let file = fs::File::open(path).map_err(not_read)?;
        file.take(limit + 1).read_to_end(&mut bytes).map_err(not_read)?;
    }
    let length = metadata.len().max(bytes.len() as u64);
    if length > limit {
        return Err(document::too_large(&name, length).into());
    }
    String::from_utf8(bytes).map_err(|error| {
        let reason = format!("invalid UTF-8 at byte {}", error.utf8_error().valid_up_to());
        problem(reason, "save the document as UTF-8").into()
    })
}
