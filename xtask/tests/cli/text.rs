//! Whatever a document holds, the commands print it as text: no control character and no character that turns the text around
//! it reaches the terminal, or a file for one.

use std::fs;

use codegen::visible::{escaped, is_hidden};
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::workspace;

use crate::harness::xtask;

/// Text that moves the cursor, rings, turns what follows, hides, starts a line that looks like one of ours, and ends a code span.
const HOSTILE: &str = "\u{1b}[31m\u{7}\u{7f}\u{85}\u{9b}\u{202e}\u{2066}\u{200b}\u{feff}\r\nerror: ours` ~~~ <script>|";

/// Runs a command, and returns what it prints.
fn printed(arguments: &[&str]) -> String {
    let said = xtask(arguments).said();
    assert!(!said.contains(|c| c != '\n' && is_hidden(c)), "{arguments:?}:\n{}", said.escape_debug());
    assert!(!said.contains("\nerror: ours"), "{arguments:?}:\n{said}");
    said
}

/// The document of the current release after an edit.
fn document(directory: &TempDir, name: &str, edit: impl FnOnce(&mut Value)) -> String {
    let yaml = workspace::current_document();
    let json = codegen::document::to_json("document", &yaml).expect("it is YAML");
    let mut document = serde_json::from_str(&json).expect("it is JSON");
    edit(&mut document);
    let path = directory.path().join(name);
    fs::write(&path, document.to_string()).expect("the directory can be written");
    path.display().to_string()
}

/// Puts hostile text wherever a document has text of its own.
fn damage(document: &mut Value) {
    let session = &mut document["components"]["schemas"]["financial_connections.session"];
    session["description"] = HOSTILE.into();
    session["properties"][format!("name{HOSTILE}")] = json!({
        "type": "string", "description": HOSTILE, "enum": [format!("value{HOSTILE}"), "other"],
        "x-enumDescriptions": { "other": HOSTILE },
    });
    session["properties"]["pattern"] = json!({ "type": "string", "pattern": HOSTILE, "format": HOSTILE });
    let mut created = document["paths"]["/v1/financial_connections/sessions"].clone();
    created["post"]["operationId"] = HOSTILE.into();
    document["paths"][format!("/v1/path{HOSTILE}")] = created;
}

#[test]
fn text_of_a_document_reaches_the_terminal_as_text() {
    let directory = TempDir::new().expect("a directory can be made");
    let (old, hostile) = (document(&directory, "old.json", |_| {}), document(&directory, "new.json", damage));
    let out = directory.path().join("out").display().to_string();
    let shown = escaped(HOSTILE);
    let is_shown = |said: &str| assert!(said.contains(&*shown), "{said}");
    let said = printed(&["generate", "--spec", &hostile, "--out", &out]);
    assert!(said.contains("done in"), "{said}");
    fs::write(directory.path().join("out/mod.rs"), format!("{}` {HOSTILE}\n", codegen::MARK)).expect("it is there");
    let said = printed(&["generate", "--check", "--spec", &hostile, "--out", &out]);
    assert!(said.contains("\\u{1b}[31m"), "{said}");
    is_shown(&printed(&["coverage", "--spec", &hostile]));
    let covered: Value =
        serde_json::from_str(&printed(&["coverage", "--spec", &hostile, "--format", "json"])).expect("it is JSON");
    assert!(covered.to_string().contains(json!(HOSTILE).to_string().trim_matches('"')), "{covered}");
    for format in ["text", "changelog"] {
        is_shown(&printed(&["diff", &old, &hostile, "--format", format]));
    }
    let changes: Value =
        serde_json::from_str(&printed(&["diff", &old, &hostile, "--format", "json"])).expect("it is JSON");
    assert!(changes.to_string().contains(json!(HOSTILE).to_string().trim_matches('"')), "{changes}");
    let markdown = printed(&["diff", &old, &hostile, "--format", "markdown"]);
    let fault = codegen::markdown::fault(&markdown, &|_| false, &|_| false);
    assert!(fault.is_none() && markdown.contains("\\u{202e}"), "{fault:?}\n{markdown}");
    for query in ["session.pattern", &format!("session.name{HOSTILE}"), HOSTILE] {
        assert!(printed(&["explain", query, "--spec", &hostile]).contains("\\u{1b}"), "{query}");
    }
    for format in ["mermaid", "dot"] {
        printed(&["graph", "--spec", &hostile, "--format", format]);
    }
    let refused = document(&directory, "refused.json", |document| {
        document["info"]["version"] = HOSTILE.into();
        let session = &mut document["components"]["schemas"]["financial_connections.session"];
        session["properties"][HOSTILE] = json!({ "type": "string", "enum": [HOSTILE, format!("{HOSTILE}-")] });
        session["properties"]["not"] = json!({ "type": HOSTILE });
    });
    is_shown(&printed(&["generate", "--spec", &refused, "--out", &out]));
    is_shown(&printed(&["diff", &old, &refused]));
    printed(&["explain", "session", "--spec", &refused]);
}
