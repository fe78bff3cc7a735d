//! The text of a document, JSON or YAML, as JSON.
//!
//! This is the only module that knows `serde_yaml`, which writes what `spec/` stores.

use std::borrow::Cow;

use serde_json::Value;

use super::{HELP, kind, yaml};
use crate::diagnostic::{Diagnostic, Diagnostics, Pointer, excerpt};

/// The largest document that is read, in bytes: thirteen times the size of Stripe's.
pub const LIMIT: usize = 64 * 1024 * 1024;

/// The largest YAML document that is read, in bytes: twice the size of Stripe's. An anchor takes many times the memory of its text,
/// where a byte of JSON takes less than two.
pub const YAML_LIMIT: usize = 16 * 1024 * 1024;

/// Returns the document's text as JSON: itself, or rewritten where it is YAML.
///
/// # Errors
/// If the text is larger than [`LIMIT`], or [`YAML_LIMIT`] for YAML, empty, nested too deeply, or not a YAML object. (JSON is
/// checked by [`Document::index`](super::Document::index), which reads it anyway.)
pub fn to_json<'t>(name: &str, text: &'t str) -> Result<Cow<'t, str>, Diagnostics> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > LIMIT {
        return Err(too_large(name, text.len() as u64).into());
    }
    if text.trim_start().starts_with('{') {
        return Ok(Cow::Borrowed(text));
    }

    if text.len() > YAML_LIMIT {
        let help = "name the same document as JSON, or Stripe's OpenAPI document";
        return Err(larger_than(name, text.len() as u64, YAML_LIMIT, help).into());
    }
    let json = yaml::to_json(name, text)?;
    if json.is_empty() {
        let help = "name Stripe's OpenAPI document, as JSON or YAML";
        return Err(Diagnostic::new(name, Pointer::default(), "the document is empty", help).into());
    }
    match json.starts_with('{') {
        true => Ok(Cow::Owned(json)),
        false => Err(not_an_object(name, text, kind(&json)).into()),
    }
}

/// Returns the diagnostic for a YAML text that is of another kind than an object.
fn not_an_object(name: &str, text: &str, kind: &str) -> Diagnostic {
    let is_content = |line: &&str| !line.trim().is_empty() && !line.starts_with(['#', '%']) && line.trim() != "---";
    let (number, line) = text.lines().enumerate().find(|(_, line)| is_content(line)).unwrap_or_default();
    let column = line.len() - line.trim_start().len();
    let reason =
        format!("this is not an OpenAPI document, which is an object, but {kind}: `{}`", excerpt(line.trim(), 40));
    Diagnostic::new(name, Pointer::default(), reason, HELP).at(number + 1, column + 1)
}

/// Returns the diagnostic for a document of `bytes` bytes, for a caller that knows the size before it reads the text.
pub fn too_large(name: &str, bytes: u64) -> Diagnostic {
    larger_than(name, bytes, LIMIT, "name Stripe's OpenAPI document, which is about 5 MiB large")
}

fn larger_than(name: &str, bytes: u64, limit: usize, help: &str) -> Diagnostic {
    let mib = 1024 * 1024;
    let reason =
        format!("the document is {} MiB large, and the limit is {} MiB", bytes.div_ceil(mib), limit as u64 / mib);
    Diagnostic::new(name, Pointer::default(), reason, help)
}

/// Returns the YAML text of a selected document, for `spec/`.
///
/// # Errors
/// Where the value cannot be written as YAML.
pub fn to_yaml(value: &Value) -> Result<String, Diagnostics> {
    let yaml = serde_yaml::to_string(value).map_err(|error| {
        Diagnostic::new("", Pointer::default(), error.to_string(), "report this as a bug of the generator")
    })?;
    // These are line breaks for it, as in YAML 1.1 and no later version, which has no merge key either. JSON is YAML as well.
    let is_of_1_1 = yaml.contains(['\u{85}', '\u{2028}', '\u{2029}']) || yaml.contains("<<:");
    Ok(if is_of_1_1 { format!("{value:#}\n") } else { yaml })
}
