//! Documentation and literals of emitted items.

use crate::visible::escaped_json;

pub(super) fn quoted(text: &str) -> String {
    format!("{text:?}")
}

/// A JSON as a string literal that reads as JSON.
pub(super) fn raw(value: &serde_json::Value) -> String {
    let json = format!("{value:#}").replace('\n', "\n    ");
    let text = escaped_json(&json);
    // The literal must not contain its own end.
    let marks = (1..).map(|count| "#".repeat(count)).find(|marks| !text.contains(&format!("\"{marks}")));
    let marks = marks.unwrap_or_default();
    format!("r{marks}\"{text}\"{marks}")
}

/// The derive macros that a type can share its name with.
const DERIVES: &[&str] =
    &["Clone", "Copy", "Debug", "Default", "Deserialize", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd", "Serialize"];

pub(super) fn link(name: &str) -> String {
    if DERIVES.contains(&name) { format!("[`{name}`](type@{name})") } else { format!("[`{name}`]") }
}

pub(super) fn article(name: &str) -> &'static str {
    if name.starts_with(['A', 'E', 'I', 'O', 'U']) { "an" } else { "a" }
}
