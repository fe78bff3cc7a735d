//! The facts of Stripe's whole document that are kept beside a document in `spec/`: `stripe-VERSION.known.json`.

use std::collections::BTreeMap;

use codegen::config::Release;
use codegen::descriptions;
use codegen::known::Known;
use codegen::{Diagnostic, Diagnostics, Pointer};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::root;
use crate::update::command;

const ABOUT: &str = "Facts of Stripe's whole document, written by `cargo xtask update`: what a row could take, and a hash of each \
                     text that Stripe describes a selected place with. `codegen::known` documents the keys.";

/// The number of hexadecimal digits of a hash.
const DIGITS: usize = 12;

/// Returns the path of the file beside a document, from the root of the workspace.
pub(crate) fn beside(document: &str) -> String {
    format!("spec/{}.known.json", document.strip_suffix(".yaml").unwrap_or(document))
}

/// Returns the text of the file beside a document, if it is there.
pub(crate) fn text_beside(document: &str) -> Option<String> {
    let path = root::path().join(beside(document));
    path.exists().then(|| root::read(&path).ok()).flatten()
}

/// Returns the facts beside the document of a release.
pub(crate) fn of(release: &Release) -> Result<Known, Diagnostics> {
    read(&beside(&release.document), text_beside(&release.document).as_deref())
}

/// Returns the text of the file: the facts of a document, with the hashes of the texts of its selected part as Stripe wrote it.
pub(crate) fn text(known: &Known, selected: &Value) -> Result<String, Diagnostics> {
    let mut facts = selected.clone();
    descriptions::strip(&mut facts);
    let known = Known {
        about: ABOUT.to_owned(),
        selected: sha256(&facts.to_string()),
        texts: hashes(selected),
        ..known.clone()
    };
    let text = serde_json::to_string_pretty(&known);
    let invalid =
        |error: serde_json::Error| Diagnostic::new("known", Pointer::default(), error.to_string(), "report this");
    Ok(text.map_err(invalid)? + "\n")
}

/// Reads the text of the file `name`. Without one, nothing is known.
pub(crate) fn read(name: &str, text: Option<&str>) -> Result<Known, Diagnostics> {
    let Some(text) = text else { return Ok(Known::default()) };
    serde_json::from_str(text).map_err(|error| {
        let update = command("update");
        let help = format!("restore the file with git, or delete it: the next `{update}` writes it again");
        Diagnostic::new(name, Pointer::default(), error.to_string(), help).into()
    })
}

/// Returns a hash of each text that says what a place of a request or a response means.
fn hashes(selected: &Value) -> BTreeMap<String, String> {
    let texts = descriptions::texts(selected).into_iter();
    let is_of_api = |place: &str| {
        (place.starts_with("/paths/") || place.starts_with("/components/schemas/")) && !place.contains("/responses/")
    };
    texts.filter(|(place, _)| is_of_api(place)).map(|(place, text)| (place, hash(text.text))).collect()
}

/// Returns a hash of the words of a text: how they are broken into lines says nothing.
fn hash(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    let mut hash = sha256(&words.join(" "));
    hash.truncate(DIGITS);
    hash
}

/// Returns the SHA-256 of a text, in hexadecimal.
pub(crate) fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}
