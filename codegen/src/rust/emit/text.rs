//! Documentation and literals of emitted items.

use crate::rust::render::Head;
use crate::visible::escaped_json;

pub(super) fn words(words: impl Into<String>) -> Head {
    Head::Words(words.into())
}

pub(super) fn quoted(text: &str) -> String {
    format!("{text:?}")
}

/// A JSON as a string literal that reads as JSON.
pub(super) fn raw(value: &serde_json::Value) -> String {
    let json = format!("{value:#}").replace('\n', "\n    ");
    let text = escaped_json(&json);
    // The literal must not contain its own end.
    let marks = ["#", "##", "###"].into_iter().find(|marks| !text.contains(&format!("\"{marks}")));
    marks.map_or_else(|| quoted(&text), |marks| format!("r{marks}\"{text}\"{marks}"))
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn what_is_not_seen_is_escaped() {
        let value = json!({"zero\u{200b}width": "turned\u{202e}", "größe": "🎉", "\u{e0001}": "\"#"});
        let literal = raw(&value);
        assert_eq!(literal.lines().nth(1), Some(r#"      "größe": "🎉","#));
        assert!(literal.contains(r#""zero\u200bwidth": "turned\u202e""#), "{literal}");
        let json = literal.trim_matches(['r', '#', '"']);
        assert_eq!(serde_json::from_str::<Value>(json).ok(), Some(value));
        assert!(literal.starts_with("r##\"") && literal.ends_with("\"##"), "{literal}");
        let with_end = json!({"end": "\"###"});
        let literal: syn::LitStr = syn::parse_str(&raw(&with_end)).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&literal.value()).ok(), Some(with_end));
    }
}
