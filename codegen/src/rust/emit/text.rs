//! Documentation and literals of emitted items.

use crate::rust::render::Head;
use crate::visible::escaped_json;

pub(super) fn words(words: impl Into<String>) -> Head {
    Head::Words(words.into())
}

/// The text as a string literal.
pub(super) fn quoted(text: &str) -> String {
    format!("{text:?}")
}

/// The most `#` around a raw string literal.
const MARKS: usize = 255;

/// A JSON as a string literal that reads as JSON.
pub(super) fn raw(value: &serde_json::Value) -> String {
    let json = format!("{value:#}").replace('\n', "\n    ");
    let text = escaped_json(&json);
    // The literal must not contain its own end.
    let ends = text.split('"').skip(1).map(|rest| rest.bytes().take_while(|byte| *byte == b'#').count());
    let marks = ends.max().unwrap_or_default() + 1;
    if marks > MARKS {
        return quoted(&text);
    }
    let marks = "#".repeat(marks);
    format!("r{marks}\"{text}\"{marks}")
}

/// The derive macros that a type can share its name with.
const DERIVES: &[&str] =
    &["Clone", "Copy", "Debug", "Default", "Deserialize", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd", "Serialize"];

/// A link to a type.
pub(super) fn link(name: &str) -> String {
    if DERIVES.contains(&name) { format!("[`{name}`](type@{name})") } else { format!("[`{name}`]") }
}

/// The article before the name of a type.
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
        assert!(literal.starts_with("r##\"") && literal.ends_with("\"##"), "{literal}");
        let json = literal.trim_matches(['r', '#', '"']);
        assert_eq!(serde_json::from_str::<Value>(json).ok(), Some(value));
    }

    #[test]
    fn a_literal_has_as_many_marks_as_rust_allows() {
        for (marks, is_raw) in [(1, true), (254, true), (255, false), (100_000, false)] {
            let literal = raw(&json!(format!("\"{}", "#".repeat(marks))));
            assert_eq!(literal.starts_with(&format!("r{}\"", "#".repeat(marks + 1))), is_raw, "{marks}");
            assert!(syn::parse_str::<syn::LitStr>(&literal).is_ok(), "{marks}");
        }
    }
}
