//! `cargo xtask diff` and `explain` end to end.

use std::fs;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;
use tests::workspace;

use crate::harness::{DOCUMENT, Run, command, copy, root, xtask};

/// The version of the workspace.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The version after a change that breaks programs.
fn after_major() -> String {
    let version = VERSION.parse().expect("Cargo takes it as a version");
    codegen::diff::next_version(&version, Some(codegen::diff::Verdict::Major)).to_string()
}

/// The limit of a field.
const LIMIT: &str = "/components/schemas/financial_connections.account/properties/institution_name/maxLength";

/// The document as JSON.
fn document() -> Value {
    let json = codegen::document::to_json("document", &workspace::current_document()).expect("it is YAML").into_owned();
    serde_json::from_str(&json).expect("it is JSON")
}

/// The limit of the field in the document.
fn limit() -> u64 {
    document().pointer(LIMIT).and_then(Value::as_u64).expect("it has one")
}

/// The document after two changes, one of which breaks.
fn changed(directory: &TempDir) -> String {
    let mut document = document();
    *document.pointer_mut(LIMIT).expect("it has one") = 7.into();
    let text = document.to_string();
    let changed = text.replace("\"relink_required\"", "\"relink_wanted\"");
    assert_ne!(text, changed);
    let path = directory.path().join("changed.json");
    fs::write(&path, changed).expect("the directory can be written");
    path.display().to_string()
}

#[test]
fn diff_reports_place_effect_and_verdict_of_each_change() {
    let directory = TempDir::new().expect("a directory can be made");
    let changed = changed(&directory);
    let Run { code, stdout: said, .. } = xtask(&["diff", &DOCUMENT, &changed]);
    assert_eq!(code, Some(0), "a difference is no failure by itself");
    for expected in [
        "major ActiveStatusDetailsAction: relink_required",
        "minor ActiveStatusDetailsAction: relink_wanted",
        "value-removed: a variant is gone",
        "ActiveStatusDetailsAction::RelinkRequired: RelinkRequired → —",
        "patch Account: institution_name",
        &format!("at most {} characters", limit()),
        &format!("verdict major: 1 major, 1 minor, 1 patch; {VERSION} becomes {}", after_major()),
    ] {
        assert!(said.contains(expected), "`{expected}` is not in:\n{said}");
    }
    assert_eq!(xtask(&["diff", &DOCUMENT, &changed, "--exit-code"]).code, Some(1));
    assert_eq!(xtask(&["diff", &DOCUMENT, &DOCUMENT, "--exit-code"]).code, Some(0));
}

#[test]
fn the_same_document_has_no_changes() {
    let Run { code, stdout: said, .. } = xtask(&["diff", &DOCUMENT]);
    assert_eq!(code, Some(0));
    assert!(said.contains(&format!("nothing changed; the version stays {VERSION}")), "{said}");
}

#[test]
fn diff_prints_markdown_and_changelog_entries() {
    let directory = TempDir::new().expect("a directory can be made");
    let changed = changed(&directory);
    let said = xtask(&["diff", &DOCUMENT, &changed, "--format", "markdown"]).stdout;
    assert!(
        said.contains("**Verdict: major") && said.contains("### patch\n\n| where | was | is | Rust | rule |"),
        "{said}"
    );

    let said = xtask(&["diff", &DOCUMENT, &changed, "--format", "changelog"]).stdout;
    assert!(said.starts_with(&format!("## {}\n", after_major())), "{said}");
    assert!(
        said.contains("- Add support for new value `relink_wanted` on enum `ActiveStatusDetailsAction`\n"),
        "{said}"
    );
    assert!(
        said.contains("- ⚠️ Remove support for value `relink_required` on enum `ActiveStatusDetailsAction`\n"),
        "{said}"
    );
}

#[test]
fn a_guess_has_its_reason_in_every_format() {
    let directory = TempDir::new().expect("a directory can be made");
    let path = directory.path().join("renamed.json");
    let text = document().to_string().replace("\"institution_name\"", "\"institution_title\"");
    fs::write(&path, text).expect("the directory can be written");
    let path = path.display().to_string();
    for (format, guess) in [
        ("text", "guess renamed from `institution_name`: it has the same type in the same place"),
        ("markdown", "(probably renamed from `institution_name`: it has the same type in the same place)"),
        ("json", "\"rename_reason\": \"it has the same type in the same place\""),
    ] {
        let said = xtask(&["diff", &DOCUMENT, &path, "--format", format]).stdout;
        assert!(said.contains(guess), "`{guess}` is not in:\n{said}");
    }
}

#[test]
fn the_json_report_matches_its_schema() {
    let directory = TempDir::new().expect("a directory can be made");
    let changed = changed(&directory);
    let schema = workspace::read("xtask/diff.schema.json");
    let schema: Value = serde_json::from_str(&schema).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    for new in [changed.as_str(), &DOCUMENT] {
        let said = xtask(&["diff", &DOCUMENT, new, "--format", "json"]).stdout;
        let report: Value = serde_json::from_str(&said).expect("it is JSON");
        let problems: Vec<_> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert!(problems.is_empty(), "{problems:#?}");
    }
    assert!(!validator.is_valid(&serde_json::json!({"old": "a"})), "the schema refuses something");
}

#[test]
fn a_broken_side_is_named() {
    let directory = TempDir::new().expect("a directory can be made");
    let broken = directory.path().join("broken.yaml");
    fs::write(&broken, "openapi: 3.1.0\n").expect("the directory can be written");
    let broken = broken.display().to_string();
    let Run { code, stderr: said, .. } = xtask(&["diff", &DOCUMENT, &broken]);
    assert_eq!(code, Some(1));
    assert!(said.contains("the new side, ") && !said.contains("the old side"), "{said}");
    let said = xtask(&["diff", "no/such/file", &broken]).stderr;
    assert!(said.contains("the old side, no/such/file") && said.contains("the new side, "), "{said}");
}

#[test]
#[cfg(unix)]
fn diff_tells_why_a_revision_cannot_be_read() {
    let workspace = copy();
    fs::copy(root().join("Cargo.toml"), workspace.path().join("Cargo.toml")).expect("the directory can be written");
    let diff = |path: Option<&str>| {
        let mut command = command(workspace.path(), &["diff", "HEAD"]);
        command.env("GIT_CEILING_DIRECTORIES", std::env::temp_dir());
        if let Some(path) = path {
            command.env("PATH", path);
        }
        let run = Run::of(&mut command);
        assert_eq!(run.code, Some(1));
        run.stderr
    };
    let git = |arguments: &[&str]| {
        let author = ["-c", "user.name=Tests", "-c", "user.email=tests@localhost"];
        let status = Command::new("git").args(author).args(arguments).current_dir(workspace.path()).status();
        assert!(status.expect("git runs").success(), "{arguments:?}");
    };
    let said = diff(Some(""));
    assert!(said.contains("git cannot be run") && said.contains("help: install git"), "{said}");
    let said = diff(None);
    assert!(said.contains("is not in a git repository") && said.contains("help: run it in a clone"), "{said}");
    git(&["init", "--quiet"]);
    let said = diff(None);
    assert!(said.contains("the repository has no revision `HEAD`"), "{said}");
    git(&["add", "Cargo.toml"]);
    git(&["commit", "--quiet", "--message", "Without documents"]);
    let said = diff(None);
    assert!(said.contains("the revision `HEAD` has no file `spec/codegen.toml`"), "{said}");
    git(&["add", "."]);
    git(&["rm", "--quiet", "--cached", "spec/stripe-preview.yaml"]);
    git(&["commit", "--quiet", "--message", "Without the preview"]);
    let said = diff(None);
    assert!(said.contains("the revision `HEAD` has no file `spec/stripe-preview.yaml`"), "{said}");
}

#[test]
fn explain_finds_paths_items_and_keys() {
    for (query, expected) in [
        ("session.accounts.data.balance", "#/components/schemas/financial_connections.account/properties/balance"),
        ("session.client_secret", "sensitive = [\"financial_connections.session/client_secret\", …]"),
        ("create_session.limits.accounts", "integer or cleared"),
        ("Account::ownership", "pub ownership: Nullable<Expandable<AccountOwnership>>"),
        ("bank_connections_resource_accountholder", "[[rename]] from = \"bank_connections_resource_accountholder\""),
        ("customer", "past the boundary"),
        ("RefreshStatus", "[[shared_enum]] name = \"RefreshStatus\""),
    ] {
        let Run { code, stdout: said, stderr: error } = xtask(&["explain", query]);
        assert_eq!(code, Some(0), "{error}");
        assert!(said.contains(expected), "`{expected}` is not in:\n{said}");
    }
    let Run { code, stderr: said, .. } = xtask(&["explain", "session.acounts"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("the nearest are `session.accounts`"), "{said}");
    // What another release has is found there.
    let said = xtask(&["explain", "Account::authorization"]).stderr;
    assert!(said.contains("but in the release `preview` (`--release preview`); the nearest"), "{said}");
    let run = xtask(&["explain", "Account::authorization", "--release", "preview"]);
    assert!(run.is_ok() && run.stdout.contains("generated/src/releases/preview/session/models.rs"), "{}", run.said());
    let said = xtask(&["explain", "session", "--release", "previous"]).stderr;
    assert!(
        said.contains("there is no release `previous`") && said.contains("name one of `endive`, `preview`"),
        "{said}"
    );
}
