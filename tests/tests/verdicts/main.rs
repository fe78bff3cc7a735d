//! The compiler checks the verdicts of `codegen::diff` on small edits of a document, of every kind.
//!
//! For each edit a program that uses everything before it is compiled against what comes after it, and the reverse. Where the
//! verdict is minor or patch it compiles; where it is major it does not, unless the rule says that the compiler cannot see it.

mod edits;
mod program;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use codegen::config::{FieldName, OperationRow, PlaceRow};
use codegen::diff::{Changes, Rule, Verdict, diff};
use codegen::{Config, File, Generated};
use serde_json::{Value, json};
use tests::prebuilt::{self, Libraries, in_parallel};
use tests::run::Run;
use tests::scratch::{Place, Scratch};
use tests::{corpus, workspace};

use self::edits::{
    ACCOUNT, CREATE, Edit, FEATURE, KEPT, KEPT_ARGUMENT, REFRESH, SESSION, edits, named, remove, set, without,
};

/// The document of the current release, and shapes beside that it does not have yet.
fn document() -> Value {
    let yaml = workspace::current_document();
    let json = codegen::document::to_json("endive", &yaml).expect("it is YAML");
    let mut document = serde_json::from_str(&json).expect("it is JSON");
    let d = &mut document;
    set(
        d,
        "/components/schemas/subject",
        json!({"anyOf": [
            {"$ref": "#/components/schemas/financial_connections.account_ownership"},
        {"$ref": "#/components/schemas/financial_connections.account_owner"},
        ]}),
    );
    set(d, "/components/schemas/mood", json!({"type": "string", "enum": ["bright", "dull"]}));
    set(d, &format!("{SESSION}/properties/subject"), json!({"$ref": "#/components/schemas/subject"}));
    set(d, &format!("{SESSION}/properties/mood"), json!({"$ref": "#/components/schemas/mood"}));
    // With a kind of its own, an object has an id of its own type. That is another change.
    remove(d, &format!("{REFRESH}/properties/id"));
    without(d, &format!("{REFRESH}/required"), "id");
    let parameter = json!({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]});
    set(d, &format!("{CREATE}/properties/subject"), parameter);
    let span = json!({"from": {"type": "string"}, "to": {"type": "string"}});
    set(
        d,
        &format!("{CREATE}/properties/span"),
        json!({"type": "object", "required": ["from", "to"], "properties": span}),
    );
    for name in ["subject", "span"] {
        let encoding = CREATE.replace("/schema", &format!("/encoding/{name}"));
        set(d, &encoding, json!({"style": "deepObject", "explode": true}));
    }
    document
}

/// The project's configuration. It names operations, so that their names do not follow their responses and paths.
fn config() -> Config {
    let mut config = workspace::session_config();
    // The samples are those of the unchanged document.
    config.samples.clear();
    for (name, place) in [
        ("return_url", format!("financial_connections.session/{KEPT}")),
        ("from", format!("CreateSession/span/{KEPT_ARGUMENT}")),
    ] {
        config.fields.push(FieldName { name: name.to_owned(), ..named(&place) });
    }
    for row in config.resources.iter_mut().flat_map(|resource| &mut resource.operations) {
        for (id, name) in [
            ("GetFinancialConnectionsSessionsSession", "RetrieveSession"),
            ("PostFinancialConnectionsSessions", "CreateSession"),
        ] {
            if matches!(row, OperationRow::Id(of) if of == id) {
                *row = OperationRow::NamedId { id: row.to_string(), name: Some(name.to_owned()) };
            }
        }
    }
    config
}

fn generate(config: &Config, document: &Value) -> Generated {
    let mut document = document.clone();
    let schemas = document["components"]["schemas"].as_object_mut().expect("it is an object");
    for schema in schemas.values_mut() {
        // As Stripe does where a property is gone.
        let properties = schema["properties"].as_object().cloned().unwrap_or_default();
        if let Some(Value::Array(names)) = schema.get_mut("x-expandableFields") {
            names.retain(|name| name.as_str().is_some_and(|name| properties.contains_key(name)));
        }
    }
    let mut generated =
        codegen::generate(config, None, "edited", &document.to_string()).unwrap_or_else(|error| panic!("{error}"));
    // The types of events are beside the module of the release: here they are in it, for the programs to use them.
    let is_root = |file: &&mut File| file.path == "mod.rs";
    generated.files.iter_mut().find(is_root).expect("it has a root").text.push_str("mod events;\npub use events::*;\n");
    generated.files.extend(codegen::releases(config).into_iter().filter(|file| file.path == "events.rs"));
    generated
}

/// An edit or its reverse: what changes, and where the two sides are.
struct Case<'a> {
    name: String,
    before: &'a Generated,
    /// Where the code after the change is.
    place: Place,
    changes: Changes,
}

#[test]
fn the_compiler_agrees() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("verdicts");
    let before = generate(&config(), &document());
    let mut bindings = Scratch::new(&directory.join("bindings"), &before).without_feature(FEATURE);
    let edited: Vec<_> = edits().map(|edit| (edit, edit.generate())).collect();
    let rules = |edit: &Edit, changes: &Changes| {
        let rules: Vec<_> = changes.changes.iter().map(|change| change.rule.name()).collect();
        (!rules.contains(&edit.rule.name())).then(|| format!("{}: {rules:?}\n", edit.name))
    };
    let unreported: String =
        edited.iter().filter_map(|(edit, after)| rules(edit, &diff(&before.api, &after.api))).collect();
    assert!(unreported.is_empty(), "another rule was expected:\n{unreported}");
    let mut cases = Vec::new();
    for (edit, after) in &edited {
        let changes = diff(&before.api, &after.api);
        let place = bindings.add(edit.name, after);
        let original = Place { library: place.library.clone(), module: "release".to_owned() };
        cases.push(Case { name: edit.name.to_owned(), before: &before, place, changes });
        let changes = diff(&after.api, &before.api);
        cases.push(Case { name: format!("{}_undone", edit.name), before: after, place: original, changes });
    }
    let libraries = Libraries::check(&bindings);
    let compile = |name: &str, before: &Generated, place: &Place| {
        let text = program::using(before, &format!("stripe_financial_connections::{}", place.module));
        let program = prebuilt::write(&directory.join("programs"), name, &text);
        let dependencies = [("serde_json", "serde_json"), ("stripe_financial_connections", place.library.as_str())];
        libraries.compile(&program, &dependencies)
    };
    for library in cases.iter().map(|case| &case.place.library).collect::<BTreeSet<_>>() {
        let unchanged = Place { library: library.clone(), module: "release".to_owned() };
        let compiled = compile(&format!("{library}_release"), &before, &unchanged);
        compiled.unwrap_or_else(|error| panic!("the program does not compile against its own release: {error}"));
    }
    let compiled = in_parallel(&cases, |case| compile(&case.name, case.before, &case.place));

    let (mut table, mut wrong) = (String::new(), String::new());
    for (case, compiled) in cases.iter().zip(compiled) {
        let changes = &case.changes.changes;
        let verdict = case.changes.verdict().expect("something changed").as_str();
        let visible = changes.iter().any(|change| change.verdict() == Verdict::Major && !change.rule.is_silent());
        let outcome = if compiled.is_ok() { "compiles" } else { "does not compile" };
        let _ = writeln!(table, "{:<36} {verdict:<6} {outcome}", case.name);
        let error = compiled.err().unwrap_or_default();
        if visible == error.is_empty() {
            let rules: Vec<_> = changes.iter().map(|change| change.rule.name()).collect();
            let _ = writeln!(wrong, "{}: {verdict} by {}\n{error}", case.name, rules.join(", "));
        }
    }
    println!("{table}");
    assert!(wrong.is_empty(), "{wrong}");
    let judged: BTreeSet<_> = cases.iter().flat_map(|case| &case.changes.changes).map(|change| change.rule).collect();
    let missing: Vec<_> = Rule::ALL.iter().filter(|rule| !judged.contains(rule)).collect();
    assert!(missing.is_empty(), "no edit leads to {missing:?}");
}

/// Each edit is reported where it is, and nothing else is.
#[test]
fn each_edit_has_its_report() {
    let before = generate(&config(), &document());
    let side = |side: &Option<String>| side.clone().unwrap_or_else(|| "—".to_owned());
    let mut report = String::new();
    for edit in edits() {
        let _ = writeln!(report, "{}", edit.name);
        for change in diff(&before.api, &edit.generate().api).changes {
            let (rule, wire) = (change.rule.name(), change.wire_effect());
            let _ = writeln!(report, "    {rule}: {} {} ({})", change.subject, change.path, change.item);
            let _ = writeln!(report, "        {} → {}: {wire}", side(&change.was.wire), side(&change.is.wire));
            let _ = writeln!(report, "        {} → {}", side(&change.was.rust), side(&change.is.rust));
        }
    }
    insta::assert_snapshot!("reports", report);
}

/// What breaks and `cargo-semver-checks` does not see: it compares which items there are, not of what type they are, nor
/// what goes over the wire.
const BLIND: &[&str] = &[
    "parameter_type",
    "parameter_no_longer_clears",
    "field_type",
    "field_required",
    "field_no_longer_null",
    "field_becomes_enum",
    "field_becomes_expandable",
    "object_renamed",
    "path",
    "output",
    "alternative_type",
    "base_url",
    "security_gone",
    "secrecy_lost",
    "argument_behind_another",
];

/// `cargo-semver-checks` sees no break where the verdict is minor or patch, and sees those that are major but for the ones
/// in [`BLIND`]. Takes minutes, so that it runs only where the tool is named by the variable `CARGO_SEMVER_CHECKS`.
#[test]
fn cargo_semver_checks_agrees() {
    let Some(tool) = std::env::var_os("CARGO_SEMVER_CHECKS") else {
        println!("skipped: CARGO_SEMVER_CHECKS does not name the tool");
        return;
    };
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("semver");
    let before = generate(&config(), &document());
    let release = |name: &str, generated: &Generated| {
        Scratch::single(&directory.join(name), generated).without_feature(FEATURE).cargo(&["check"]);
    };
    release("before", &before);
    let mut unseen = Vec::new();
    for edit in edits() {
        let after = edit.generate();
        let major = diff(&before.api, &after.api).verdict() == Some(Verdict::Major);
        release("after", &after);
        let run = Run::of(
            Command::new(&tool)
                .args([
                    "semver-checks",
                    "check-release",
                    "--release-type",
                    "minor",
                    "--only-explicit-features",
                    "--baseline-root",
                ])
                .arg(directory.join("before/crates/part-0"))
                .arg("--manifest-path")
                .arg(directory.join("after/crates/part-0/Cargo.toml"))
                .env("CARGO_TARGET_DIR", directory.join("target")),
        );
        let said = run.said();
        assert!(said.contains("Summary"), "{}: {said}", edit.name);
        let seen = !run.is_ok();
        println!(
            "{:<32} {:<6} {}",
            edit.name,
            if major { "major" } else { "" },
            if seen { "seen" } else { "not seen" }
        );
        assert!(major || !seen, "{}: {said}", edit.name);
        if major && !seen {
            unseen.push(edit.name);
        }
    }
    assert_eq!(unseen, BLIND);
}

#[test]
fn a_document_against_itself_is_nothing() {
    let same = generate(&config(), &document());
    assert_eq!(diff(&same.api, &same.api), Changes::default());
    for name in [corpus::V2023, corpus::V2020, corpus::ENDIVE] {
        let Some(text) = corpus::text(name) else { return };
        let api =
            codegen::generate(&workspace::config(), None, name, &text).unwrap_or_else(|error| panic!("{error}")).api;
        assert_eq!(diff(&api, &api).verdict(), None, "{name}");
    }
}

#[test]
fn order_and_what_is_not_selected_are_nothing() {
    let before = generate(&config(), &document());
    let mut after = document();
    // The order of values is that of the constant `VARIANTS`, and means nothing.
    after
        .pointer_mut(&format!("{ACCOUNT}/properties/category/enum"))
        .and_then(Value::as_array_mut)
        .expect("it is there")
        .reverse();
    after.pointer_mut(&format!("{SESSION}/required")).and_then(Value::as_array_mut).expect("it is there").reverse();
    set(&mut after, "/components/schemas/unrelated", json!({"type": "object"}));
    assert_eq!(diff(&before.api, &generate(&config(), &after).api).verdict(), None);
    let mut after = document();
    set(&mut after, &format!("{SESSION}/description"), json!("In other words."));
    assert_eq!(diff(&before.api, &generate(&config(), &after).api).verdict(), Some(Verdict::Patch));
}

#[test]
fn a_rename_is_guessed_where_the_shape_is_the_same() {
    let before = generate(&config(), &document());
    let mut after = document();
    let last4 = after.pointer(&format!("{ACCOUNT}/properties/last4")).expect("it is there").clone();
    remove(&mut after, &format!("{ACCOUNT}/properties/category"));
    without(&mut after, &format!("{ACCOUNT}/required"), "category");
    remove(&mut after, &format!("{ACCOUNT}/properties/transaction_refresh"));
    let refresh =
        document().pointer(&format!("{ACCOUNT}/properties/transaction_refresh")).expect("it is there").clone();
    set(&mut after, &format!("{ACCOUNT}/properties/latest_refresh"), refresh);
    set(&mut after, &format!("{ACCOUNT}/properties/digits"), last4);
    let changes = diff(&before.api, &generate(&config(), &after).api);
    let renamed: Vec<_> =
        changes.changes.iter().filter_map(|change| Some((&*change.path, &*change.guess.as_ref()?.renamed))).collect();
    assert_eq!(
        renamed,
        [
            ("accounts.data.transaction_refresh", "accounts.data.latest_refresh"),
            ("accounts.data.latest_refresh", "accounts.data.transaction_refresh"),
        ]
    );
}

/// A schema that is renamed takes its rows with it only on purpose, and the report starts with what was given up.
#[test]
fn the_secrets_of_a_renamed_schema_are_given_up_only_on_purpose() {
    const OLD: &str = "financial_connections.account_owner";
    const NEW: &str = "financial_connections.account_owner_details";
    let mut config = workspace::config();
    config.samples.clear();
    config.examples.clear();
    // Operations of a resource that is gone are refused before any row is judged.
    config.resources.retain(|resource| resource.schema != OLD || resource.operations.is_empty());
    let release = config.releases[0].module.clone();
    let generate = |config: &Config, text: &str| codegen::generate(config, Some(&release), "edited", text);
    let yaml = workspace::current_document();
    let old = codegen::document::to_json("endive", &yaml).expect("it is YAML");
    let new = old.replace(&format!("{OLD}\""), &format!("{NEW}\""));
    let before = generate(&config, &old).unwrap_or_else(|error| panic!("{error}"));
    let is_old = |row: &&PlaceRow| row.place().starts_with(&format!("{OLD}/"));
    let secrets: Vec<_> = config.sensitive.iter().filter(is_old).map(|row| row.place().to_owned()).collect();
    assert!(secrets.len() >= 4, "{secrets:?}");

    // The rows no longer match.
    let after = generate(&config, &new).unwrap_or_else(|error| panic!("{error}"));
    let error = config.check_rows(&[(Some(&release), &after)]).expect_err("rows match nothing").to_string();
    for place in &secrets {
        assert!(error.contains(&format!("`{place}` of `sensitive` matches nothing")), "{error}");
    }
    // Without them, each string is to be decided.
    let renamed = |place: &str| place.replace(&format!("{OLD}/"), &format!("{NEW}/"));
    for resource in config.resources.iter_mut().filter(|resource| resource.schema == OLD) {
        resource.schema = NEW.to_owned();
    }
    config.sensitive.retain(|row| !is_old(&row));
    config.public.retain(|row| !is_old(&row));
    // The operations of the resource take the ids of its old name.
    let is_of_operation =
        |place: &String| place.starts_with("ListAccountOwners/") || place.starts_with(&format!("{OLD}/"));
    config.ids.retain(|row| row.resource != OLD && !row.places.iter().any(is_of_operation));
    let error = generate(&config, &new).map(|generated| generated.used).expect_err("nothing is decided").to_string();
    for place in &secrets {
        let place = renamed(place);
        let row = format!("{{ place = {place:?}, releases = [{release:?}] }}");
        let line = format!("or else to `public`:\n    {row},");
        assert!(error.contains(&line), "`{line}` is not in:\n{error}");
    }
    // Making them public is reported first.
    let places = || secrets.iter().map(|place| PlaceRow::Place(renamed(place)));
    let mut public = config.clone();
    public.public.extend(places());
    let after = generate(&public, &new).unwrap_or_else(|error| panic!("{error}"));
    public.check_rows(&[(Some(&release), &after)]).unwrap_or_else(|error| panic!("{error}"));
    let changes = diff(&before.api, &after.api).changes;
    let lost = changes.iter().take_while(|change| change.rule == Rule::SecrecyLost).count();
    assert_eq!(lost, secrets.len(), "{changes:#?}");
    // With new rows nothing is lost.
    let place = PlaceRow::Place(format!("{NEW}/ownership"));
    config.sensitive.extend(places());
    config.public.push(place);
    let after = generate(&config, &new).unwrap_or_else(|error| panic!("{error}"));
    let changes = diff(&before.api, &after.api).changes;
    assert!(changes.iter().all(|change| change.rule != Rule::SecrecyLost), "{changes:#?}");
}

/// What changed between two of Stripe's own documents, some of which everyone who upgrades meets.
#[test]
fn stripes_own_documents() {
    let (Some(old), Some(new)) = (corpus::text(corpus::V2023), corpus::text(corpus::ENDIVE)) else { return };
    let api = |name, text: &str| {
        codegen::generate(&workspace::config(), None, name, text).unwrap_or_else(|error| panic!("{error}")).api
    };
    let changes = diff(&api("2023", &old), &api("2026", &new));
    for (subject, path, rule) in [
        ("CreateSession", "filters.countries", Rule::ParameterRemoved),
        ("CreateSession", "filters.country", Rule::OptionalParameterAdded),
        ("CreateSession", "filters.account_subcategories", Rule::OptionalParameterAdded),
        ("CreateSession", "filters.require_payment_method_support", Rule::OptionalParameterAdded),
        ("CreateSession", "limits", Rule::OptionalParameterAdded),
        ("CreateSession", "manual_entry", Rule::OptionalParameterAdded),
        ("CreateSession", "account_holder.customer_account", Rule::OptionalParameterAdded),
        ("Session", "bank_account_token", Rule::FieldAdded),
        ("Session", "limits", Rule::FieldAdded),
        ("Session", "manual_entry", Rule::FieldAdded),
        ("Session", "client_secret", Rule::FieldTypeChanged),
    ] {
        let is_reported =
            changes.changes.iter().any(|c| (c.subject.as_str(), c.path.as_str(), c.rule) == (subject, path, rule));
        assert!(is_reported, "{subject} {path}: {}", rule.name());
    }
    let secret = changes.changes.iter().find(|change| change.path == "client_secret").expect("it changed");
    assert_eq!(secret.was.wire.as_deref(), Some("string, required"));
    assert_eq!(secret.is.wire.as_deref(), Some("string or null, optional"));
    assert_eq!(changes.verdict(), Some(Verdict::Major));
}
