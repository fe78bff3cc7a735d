//! Stripe's documents as they were taken last, under `target/`: `spec/` has neither Stripe's words nor what is not selected.

use std::borrow::Cow;
use std::path::PathBuf;

use codegen::Pointer;
use codegen::config::Release;
use codegen::document::Document;

use crate::output::{Changes, OutputError, clean};
use crate::root;

/// The directory, below the root of the workspace. git ignores it, and nothing depends on it.
const DIRECTORY: &str = "target/stripe";

#[derive(Debug)]
pub(crate) struct Upstream {
    sha256: String,
    pub(crate) json: String,
}

impl Upstream {
    /// The document with a SHA-256 as Stripe published it.
    pub(crate) fn new(sha256: &str, json: String) -> Self {
        Self { sha256: sha256.to_owned(), json }
    }

    /// Returns the document that a release was taken from, if it is at hand.
    pub(crate) fn at_hand(release: &Release) -> Option<Self> {
        let sha256 = release.upstream_sha256.as_ref()?;
        // The name is part of a path.
        let path = path(sha256).filter(|path| path.exists())?;
        Some(Self::new(sha256, root::read(&path).ok()?))
    }

    /// Adds the file that keeps the document at hand.
    ///
    /// # Errors
    /// Returns an error if what an interrupted run left beside it cannot be deleted.
    pub(crate) fn keep(&self, changes: &mut Changes) -> Result<(), OutputError> {
        let Some(path) = path(&self.sha256) else { return Ok(()) };
        clean(&root::path().join(DIRECTORY))?;
        changes.replace(&path, &self.json);
        Ok(())
    }

    /// Returns a name of the document, for messages.
    pub(crate) fn name(&self) -> String {
        format!("{DIRECTORY}/{}.json", self.sha256)
    }

    /// Returns what the document says at a place.
    pub(crate) fn description(&self, pointer: &Pointer) -> Option<String> {
        let json = Cow::Borrowed(self.json.as_str());
        let document = Document::index("", &json).ok()?;
        let tokens: Vec<_> = pointer.tokens().collect();
        let (part, depth) = match tokens.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["components", "schemas", key, ..] => (document.schema(key)?.ok()?, 3),
            ["paths", path, ..] => (document.path(path)?.ok()?, 2),
            _ => return None,
        };
        let rest: String = pointer.as_str().split('/').skip(depth + 1).map(|token| format!("/{token}")).collect();
        let place = part.pointer(&rest)?;
        let text = place.get("description").or_else(|| place.get("summary"))?.as_str()?;
        (!text.is_empty()).then(|| text.to_owned())
    }
}

fn path(sha256: &str) -> Option<PathBuf> {
    let is_hash = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then(|| root::path().join(DIRECTORY).join(format!("{sha256}.json")))
}
