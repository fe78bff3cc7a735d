//! Months of documents, one after another, as a maintainer lives them: takes each, does what the list says and nothing else, and
//! merges. Stripe's own documents of 2020, 2023 and 2026 are for a run by hand, with `STRIPE_OPENAPI_DIR`.

use std::fs;
use std::path::Path;

use codegen::Config;
use serde_json::{Value, json};
use tests::scratch::Scratch;
use tests::{corpus, workspace};

use crate::follow::{Done, follow};
use crate::next::{DETAILS, Next};
use crate::rehearsal::{Rehearsal, add_field, current, git, read, session, xtask};

/// A clone that a maintainer works in, and what was generated after each step.
struct Maintainer {
    rehearsal: Rehearsal,
    compiled: Scratch,
}

impl Maintainer {
    fn new(name: &str) -> Self {
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("replay-{name}"));
        let release = codegen::generate(&workspace::config(), None, "release", &workspace::current_document());
        let release = release.unwrap_or_else(|error| panic!("{error}"));
        Self { rehearsal: Rehearsal::new(), compiled: Scratch::single(&directory, &release) }
    }

    /// Takes a document and follows the list. Prints what a person had in each round.
    fn take(&mut self, name: &str, document: &str) -> Vec<Done> {
        let clone = self.rehearsal.clone();
        let path = self.rehearsal.path("openapi.json");
        fs::write(&path, document).expect("the directory can be written");
        let published = path.display().to_string();
        let (code, first) = xtask(&clone, &["update", &published]);
        assert_eq!(code, Some(0), "{name}: {first}");
        let own = format!("spec/{}", self.config().releases[0].document);
        println!("$ cargo xtask update {name}");
        let (rounds, said) = follow(&clone, &own, &first);
        for (round, Done { described, pasted, read }) in rounds.iter().enumerate() {
            println!("  round {}: {described} to describe, {pasted} to paste, {read} to read", round + 1);
            if described + pasted > 0 {
                println!("$ cargo xtask update {own}");
            }
        }
        let verdict = said.lines().find(|line| line.trim_start().starts_with("verdict")).expect("it has one");
        println!("{verdict}");
        self.check(name);
        // The same again changes nothing.
        let before = self.tree();
        for input in [own.as_str(), &published] {
            let (code, text) = xtask(&clone, &["update", input]);
            assert_eq!(code, Some(0), "{name}: {text}");
            assert_eq!(self.tree(), before, "{name}: {input} changes something: {text}");
        }
        let text = read(&clone.join(&own));
        let generated = codegen::generate(&self.config(), Some(&self.config().releases[0].module), name, &text);
        self.compiled.add(name, &generated.unwrap_or_else(|error| panic!("{name}: {error}")));
        rounds
    }

    fn config(&self) -> Config {
        let text = read(&self.rehearsal.clone().join("spec/codegen.toml"));
        Config::parse("codegen.toml", &text).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Checks that everything agrees, and that the changelog has what the comparison with the base prints.
    fn check(&self, name: &str) {
        let clone = self.rehearsal.clone();
        let (code, text) = xtask(&clone, &["generate", "--check"]);
        assert_eq!(code, Some(0), "{name}: {text}");
        let (code, text) = xtask(&clone, &["release"]);
        assert_eq!(code, Some(0), "{name}: {text}");
        let base = git(&clone, &["merge-base", "HEAD", "origin/main"]);
        let (_, changes) = xtask(&clone, &["diff", base.trim(), "--format", "changelog"]);
        let log = read(&clone.join("CHANGELOG.md"));
        let base_log = git(&clone, &["show", &format!("{}:CHANGELOG.md", base.trim())]);
        let entries = changes.lines().filter(|line| line.starts_with("- ")).count();
        if entries == 0 {
            assert_eq!(log, base_log, "{name}: {changes}");
        } else {
            let rest = base_log.find("\n## ").map_or("", |at| &base_log[at..]);
            let head = &base_log[..base_log.len() - rest.len()];
            assert_eq!(log, format!("{head}\n{}\n{}", changes.trim_end(), rest), "{name}");
        }
        let description = read(&clone.join(format!("spec/{}", self.config().releases[0].document)));
        let version = &self.config().releases[0].api_version;
        assert!(description.contains(&format!("at version `{version}`")), "{name}: `info.description` names another");
    }

    /// The tree of everything in the clone.
    fn tree(&self) -> String {
        git(&self.rehearsal.clone(), &["add", "--all"]);
        git(&self.rehearsal.clone(), &["write-tree"])
    }

    /// Commits on a branch of its own, which another week continues.
    fn commit(&self, branch: &str) {
        let clone = self.rehearsal.clone();
        let exists = !git(&clone, &["branch", "--list", branch]).is_empty();
        if !exists {
            git(&clone, &["switch", "--quiet", "--create", branch]);
        }
        git(&clone, &["add", "--all"]);
        git(&clone, &["commit", "--quiet", "--allow-empty", "--message", "Take a document"]);
    }

    /// Merges what was done into main, so that the next document is compared with it.
    fn merge(&self) {
        let clone = self.rehearsal.clone();
        git(&clone, &["add", "--all"]);
        git(&clone, &["commit", "--quiet", "--allow-empty", "--message", "Take a document"]);
        git(&clone, &["push", "--quiet", "origin", "HEAD:main"]);
        git(&clone, &["fetch", "--quiet", "origin"]);
    }

    /// Compiles what was generated after each step, and its documentation.
    fn compile(&self) {
        self.compiled.cargo(&["clippy"]);
        self.compiled.cargo(&["doc", "--no-deps"]);
    }
}

fn total(rounds: &[Done]) -> usize {
    rounds.iter().map(|done| done.described + done.pasted).sum()
}

/// The current document of Stripe's, of which only a part is at hand: what it refers to past the boundary is as in ours.
fn slice(text: &str) -> Value {
    let mut document: Value = serde_json::from_str(text).expect("it is JSON");
    let ours = current();
    for (key, schema) in ours["components"]["schemas"].as_object().expect("it is an object") {
        let schemas = document["components"]["schemas"].as_object_mut().expect("it is an object");
        schemas.entry(key).or_insert_with(|| schema.clone());
    }
    document
}

/// The document of 2020, that of 2023, the current one and the made-up next one.
#[test]
#[ignore = "takes minutes: cargo test --package xtask --test update -- --ignored --nocapture"]
fn stripes_own_documents() {
    let (Some(first), Some(second), Some(third)) =
        (corpus::text(corpus::V2020), corpus::text(corpus::V2023), corpus::text(corpus::ENDIVE))
    else {
        return;
    };
    let mut maintainer = Maintainer::new("stripe");
    maintainer.take("2020", &first);
    maintainer.merge();
    let rounds = maintainer.take("2023", &second);
    // What 2023 has and nobody selected is told, with its row.
    let rows = read(&maintainer.rehearsal.clone().join("spec/codegen.toml"));
    for operation in ["PostFinancialConnectionsAccountsAccountSubscribe", "GetFinancialConnectionsTransactions"] {
        assert!(rows.contains(operation), "{operation} was not proposed");
    }
    assert!(total(&rounds) > 0);
    maintainer.merge();
    let third = slice(&third);
    maintainer.take("2026", &third.to_string());
    maintainer.merge();
    let next = Next::new();
    let mut document = third.clone();
    next.edit(&mut document);
    maintainer.take("next", &document.to_string());

    // Back to the one before, and forth again: nothing accumulates.
    maintainer.take("back", &third.to_string());
    maintainer.take("forth", &document.to_string());
    maintainer.merge();
    maintainer.compile();
}

/// The same with documents that are made up, one of them with everything that the list can have.
#[test]
fn documents_that_are_made_up() {
    let mut maintainer = Maintainer::new("made-up");
    let clone = maintainer.rehearsal.clone();
    let start = maintainer.tree();
    let first = current();
    let next = Next::new();

    // Taken back before anything was pasted, nothing stays.
    let mut second = first.clone();
    add_field(&mut second, "livelier");
    let path = maintainer.rehearsal.path("openapi.json");
    for document in [&second, &first, &second, &first] {
        fs::write(&path, document.to_string()).expect("the directory can be written");
        let (code, text) = xtask(&clone, &["update", &path.display().to_string()]);
        assert_eq!(code, Some(0), "{text}");
        maintainer.check("back and forth");
    }
    assert_eq!(maintainer.tree(), start, "{}", git(&clone, &["diff", "--cached"]));

    // Three weeks on one branch. Each brings another version, and more.
    let versions = ["aster", "briar", "clover"].map(|name| format!("{}-01-15.{name}x", next.year));
    for (week, version) in versions.iter().enumerate() {
        let mut document = first.clone();
        document["info"]["version"] = json!(version);
        for field in 0..=week {
            add_field(&mut document, &format!("week_{field}"));
        }
        if week < 2 {
            // What only the first weeks have is not in the changelog of the last one.
            add_field(&mut document, "for_some_weeks");
        }
        maintainer.take(version, &document.to_string());
        maintainer.commit("weeks");
    }
    let log = read(&clone.join("CHANGELOG.md"));
    assert_eq!(log.matches("Change the API version").count(), 1, "{log}");
    assert!(!log.contains("for_some_weeks") && log.contains("`week_0`, `week_1`, `week_2`"), "{log}");
    maintainer.merge();

    let mut document = first.clone();
    next.edit(&mut document);
    grow(&mut document);
    maintainer.take("next", &document.to_string());
    let rows = read(&clone.join("spec/codegen.toml"));
    for row in [
        "operations = [\"PostFinancialConnectionsSessionsSessionCancel\"]",
        "schema = \"financial_connections.institution\"\nfeature = \"institutions\"",
        "name = \"SessionPace\"",
        "to = \"ownership_refresh\"",
        "name = \"expected_deactivation_date\"",
    ] {
        assert!(rows.contains(row), "`{row}` was not proposed");
    }
    assert!(read(&clone.join("generated/Cargo.toml")).contains("\ninstitutions = []\n"));
    assert!(read(&clone.join("generated/src/releases/events.rs")).contains("AccountRenamed = \""));
    maintainer.merge();
    maintainer.compile();
}

/// Adds what nobody selects yet: an operation, a resource and an event; an enum of a field and a parameter, and a field with another
/// name.
fn grow(document: &mut Value) {
    let refer = |key: &str| json!({"$ref": format!("#/components/schemas/{key}")});
    let responses = |key: &str| {
        let content = |key: &str| json!({"application/json": {"schema": refer(key)}});
        json!({
            "200": {"description": "Stripe's.", "content": content(key)},
            "default": {"description": "Stripe's.", "content": content("error")},
        })
    };
    let parameter = |name: &str| {
        json!([{
            "name": name, "in": "path", "required": true, "style": "simple", "description": "Stripe's.",
            "schema": {"type": "string", "maxLength": 5000},
        }])
    };
    document["paths"]["/v1/financial_connections/sessions/{session}/cancel"]["post"] = json!({
        "operationId": "PostFinancialConnectionsSessionsSessionCancel", "description": "Stripe's.",
        "parameters": parameter("session"), "responses": responses("financial_connections.session"),
    });
    let institution = "financial_connections.institution";
    document["components"]["schemas"][institution] = json!({
        "type": "object", "title": "Institution", "description": "Stripe's.", "required": ["id", "object"],
        "x-resourceId": institution, "x-expandableFields": [],
        "properties": {
            "id": {"type": "string", "maxLength": 5000, "description": "Stripe's."},
            "object": {"type": "string", "enum": [institution], "description": "Stripe's."},
        },
    });
    document["paths"]["/v1/financial_connections/institutions/{institution}"]["get"] = json!({
        "operationId": "GetFinancialConnectionsInstitutionsInstitution", "description": "Stripe's.",
        "parameters": parameter("institution"), "responses": responses(institution),
    });
    let events = ["financial_connections.account.created", "financial_connections.account.renamed", "charge.failed"];
    let events = json!({"type": "array", "items": {"type": "string", "enum": events}});
    document["paths"]["/v1/webhook_endpoints"]["post"] = json!({
        "operationId": "PostWebhookEndpoints", "responses": responses("error"),
        "requestBody": {"content": {"application/x-www-form-urlencoded": {
            "schema": {"type": "object", "properties": {"enabled_events": events}},
        }}},
    });
    let pace = json!({"type": "string", "enum": ["brisk", "calm"], "description": "Stripe's."});
    session(document).insert("pace".to_owned(), pace.clone());
    let create = &mut document["paths"]["/v1/financial_connections/sessions"]["post"]["requestBody"]["content"];
    create["application/x-www-form-urlencoded"]["schema"]["properties"]["pace"] = pace;
    let details = document["components"]["schemas"][DETAILS]["properties"].as_object_mut().expect("it is an object");
    let mut date = details.remove("expected_deactivation_date").expect("it is there");
    // It is what it was: the made-up next document changes a fact of it.
    let is_nullable = date["nullable"] == true;
    date["nullable"] = json!(!is_nullable);
    details.insert("deactivation_date".to_owned(), date);
    let required = document["components"]["schemas"][DETAILS]["required"].as_array_mut();
    for name in required.into_iter().flatten().filter(|name| *name == "expected_deactivation_date") {
        *name = json!("deactivation_date");
    }
}
