//! Where things are in the workspace, and reading them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use codegen::{Config, Diagnostic, Diagnostics, Pointer, document};

/// The file of everything Stripe-specific, below the root of the workspace.
pub(crate) const CONFIG: &str = "spec/codegen.toml";

/// The manifest of the workspace, below its root.
pub(crate) const MANIFEST: &str = "Cargo.toml";

/// The directory that the generator owns, below the root of the workspace.
pub(crate) const RELEASES: &str = "generated/src/releases";

/// The workspace to work on, where it is not the one that this was built in.
static OTHER: OnceLock<PathBuf> = OnceLock::new();

/// Works on another workspace from here on.
pub(crate) fn set(other: PathBuf) {
    // Set once, from the command line, before anything asks.
    let _ = OTHER.set(other);
}

/// The root of the workspace.
pub(crate) fn path() -> PathBuf {
    if let Some(other) = OTHER.get() {
        return other.clone();
    }
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

/// The path as a person would write it from here.
pub(crate) fn shown(path: &Path) -> String {
    let here = std::env::current_dir().ok();
    let relative = here.as_deref().and_then(|here| path.strip_prefix(here).ok());
    let relative = relative.or_else(|| path.strip_prefix(self::path()).ok()).unwrap_or(path);
    relative.display().to_string()
}

/// The configuration.
pub(crate) fn config() -> Result<Config, Diagnostics> {
    Config::parse(CONFIG, &read(&path().join(CONFIG))?)
}

/// The text of a file, if it is one of a size that is read at all.
pub(crate) fn read(path: &Path) -> Result<String, Diagnostics> {
    let name = shown(path);
    let problem = |reason: String, remedy: &str| Diagnostic::new(&name, Pointer::default(), reason, remedy);
    let not_read =
        |error| problem(format!("the file cannot be read: {error}"), "name a file that exists and is readable");
    let metadata = fs::metadata(path).map_err(not_read)?;
    if metadata.is_dir() {
        return Err(problem("this is a directory, not a file".to_owned(), "name the document inside it").into());
    }
    if metadata.len() > document::LIMIT as u64 {
        return Err(document::too_large(&name, metadata.len()).into());
    }
    let bytes = fs::read(path).map_err(not_read)?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let reason = format!("the file is no UTF-8 text: the byte at {valid} fits nowhere");
        problem(reason, "save the document as UTF-8").into()
    })
}
