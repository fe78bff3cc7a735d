//! Stripe's documents as they were taken last, under `target/`: `spec/` has neither Stripe's words nor what is not selected.

use codegen::Pointer;
use codegen::config::Release;
use serde_json::Value;

use crate::output::Changes;
use crate::root;

/// The directory, below the root of the workspace. git ignores it, and nothing depends on it.
pub(crate) const DIRECTORY: &str = "target/stripe";

/// Returns the document that a release was taken from, in JSON as Stripe published it, and its path below the root, if it is at hand.
pub(crate) fn at_hand(release: &Release) -> Option<(String, String)> {
    let is_hash = |text: &&String| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    // The name is part of a path.
    let name = name(release.upstream_sha256.as_ref().filter(is_hash)?);
    let json = root::read(&root::path().join(&name)).ok()?;
    Some((name, json))
}

/// Reads the document that a release was taken from, if it is at hand.
pub(crate) fn document(release: &Release) -> Option<Value> {
    serde_json::from_str(&at_hand(release)?.1).ok()
}

/// Adds the file that keeps the document with a SHA-256 at hand.
pub(crate) fn keep(sha256: &str, json: &str, changes: &mut Changes) {
    changes.replace(&root::path().join(name(sha256)), json);
}

fn name(sha256: &str) -> String {
    format!("{DIRECTORY}/{sha256}.json")
}

/// Returns what a document says at a place.
pub(crate) fn description(document: &Value, pointer: &Pointer) -> Option<String> {
    let place = document.pointer(pointer.as_str())?;
    let text = place.get("description").or_else(|| place.get("summary"))?.as_str()?;
    (!text.is_empty()).then(|| text.to_owned())
}
