//! The verdicts of `codegen::diff` are honest: small edits of a document of every kind, judged by the compiler.
//!
//! For each edit a program that uses everything before it is compiled against what comes after it. Where the verdict is
//! minor or patch it compiles; where it is major it does not, unless the rule says that the compiler cannot see it.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use codegen::Generated;
use codegen::diff::{Changes, Rule, Verdict, diff};
use serde_json::{Value, json};
use tests::prebuilt::{self, Libraries, in_parallel};
use tests::scratch::{Place, Scratch};
use tests::{corpus, program, workspace};

const CREATE: &str =
    "/paths/~1v1~1financial_connections~1sessions/post/requestBody/content/application~1x-www-form-urlencoded/schema";
const SESSION: &str = "/components/schemas/financial_connections.session";
const ACCOUNT: &str = "/components/schemas/financial_connections.account";
const HOLDER: &str = "/components/schemas/bank_connections_resource_accountholder";

/// A change of a document, and what must come of it.
struct Edit {
    name: &'static str,
    rule: Rule,
    edit: fn(&mut Value),
}

fn set(document: &mut Value, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').expect("the pointer names a member");
    let parent = document.pointer_mut(parent).unwrap_or_else(|| panic!("{parent} is there"));
    parent.as_object_mut().expect("it is an object").insert(name.replace("~1", "/"), value);
}

fn remove(document: &mut Value, pointer: &str) {
    let (parent, name) = pointer.rsplit_once('/').expect("the pointer names a member");
    let parent = document.pointer_mut(parent).unwrap_or_else(|| panic!("{parent} is there"));
    match parent {
        Value::Object(members) => drop(members.remove(name).unwrap_or_else(|| panic!("{pointer} is there"))),
        Value::Array(elements) => drop(elements.remove(name.parse().expect("an index"))),
        _ => panic!("{pointer} leads nowhere"),
    }
}

fn push(document: &mut Value, pointer: &str, value: Value) {
    let list = document.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} is there"));
    list.as_array_mut().expect("it is a list").push(value);
}

fn without(document: &mut Value, pointer: &str, value: &str) {
    let list = document.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} is there"));
    list.as_array_mut().expect("it is a list").retain(|element| element != value);
}

macro_rules! edits {
    ($($rule:ident $name:ident: |$document:ident| $edit:expr;)*) => {
        const EDITS: &[Edit] = &[$(Edit { name: stringify!($name), rule: Rule::$rule, edit: |$document| { $edit; } }),*];
    };
}

edits! {
    OptionalParameterAdded optional_parameter: |d| set(d, &format!("{CREATE}/properties/nickname"), json!({"type": "string"}));
    OptionalParameterAdded nested_parameter: |d| set(d, &format!("{CREATE}/properties/filters/properties/depth"), json!({"type": "integer"}));
    RequiredParameterAdded required_parameter: |d| {
        set(d, &format!("{CREATE}/properties/nickname"), json!({"type": "string"}));
        push(d, &format!("{CREATE}/required"), json!("nickname"));
    };
    ParameterRemoved parameter_gone: |d| remove(d, &format!("{CREATE}/properties/return_url"));
    ParameterRemoved last_string_gone: |d| remove(d, &format!("{CREATE}/properties/filters/properties/country"));
    OptionalParameterAdded first_string: |d| {
        set(d, &format!("{CREATE}/properties/limits/properties/nickname"), json!({"type": "string"}));
    };
    ParameterRequirednessChanged parameter_required: |d| push(d, &format!("{CREATE}/required"), json!("filters"));
    ParameterRequirednessChanged parameter_optional: |d| without(d, &format!("{CREATE}/required"), "permissions");
    ParameterTypeChanged parameter_type: |d| set(d, &format!("{CREATE}/properties/return_url"), json!({"type": "integer"}));
    ParameterTypeChanged parameter_no_longer_clears: |d| {
        set(d, &format!("{CREATE}/properties/limits/properties/accounts"), json!({"type": "boolean"}));
    };
    FieldAdded field: |d| set(d, &format!("{SESSION}/properties/colour"), json!({"type": "string"}));
    FieldRemoved field_gone: |d| remove(d, &format!("{ACCOUNT}/properties/last4"));
    FieldTypeChanged field_type: |d| set(d, &format!("{ACCOUNT}/properties/last4"), json!({"type": "integer"}));
    FieldTypeChanged field_required: |d| push(d, &format!("{SESSION}/required"), json!("return_url"));
    FieldTypeChanged field_no_longer_null: |d| remove(d, &format!("{SESSION}/properties/client_secret/nullable"));
    FieldTypeChanged field_becomes_enum: |d| {
        set(d, &format!("{ACCOUNT}/properties/institution_name"), json!({"type": "string", "enum": ["a", "b"]}));
    };
    FieldTypeChanged field_becomes_expandable: |d| {
        set(d, &format!("{HOLDER}/properties/customer_account"), json!({
            "anyOf": [{"type": "string"}, {"$ref": "#/components/schemas/account"}], "x-expansionResources": {}
        }));
    };
    ValueAdded value: |d| push(d, &format!("{ACCOUNT}/properties/category/enum"), json!("crypto"));
    ValueAdded value_of_a_shared_enum: |d| {
        push(d, &format!("{ACCOUNT}/properties/permissions/items/enum"), json!("everything"));
        push(d, &format!("{SESSION}/properties/permissions/items/enum"), json!("everything"));
        push(d, &format!("{CREATE}/properties/permissions/items/enum"), json!("everything"));
    };
    ValueRemoved value_gone: |d| without(d, &format!("{ACCOUNT}/properties/category/enum"), "other");
    ItemAdded model: |d| {
        set(d, &format!("{SESSION}/properties/weather"), json!({"type": "object", "properties": {"sun": {"type": "boolean"}}}));
    };
    ItemRemoved model_gone: |d| remove(d, &format!("{SESSION}/properties/bank_account_token"));
    ObjectAdded object: |d| {
        let refresh = "/components/schemas/bank_connections_resource_transaction_refresh";
        set(d, &format!("{refresh}/properties/object"), json!({"type": "string", "enum": ["transaction_refresh"]}));
        push(d, &format!("{refresh}/required"), json!("object"));
        // An id of its own is another type; that is another change, and not this one.
        remove(d, &format!("{refresh}/properties/id"));
    };
    ObjectChanged object_renamed: |d| {
        set(d, &format!("{ACCOUNT}/properties/object/enum"), json!(["financial_connections.bank_account"]));
    };
    PathChanged path: |d| {
        let item = d["paths"].as_object_mut().and_then(|paths| paths.remove("/v1/financial_connections/sessions/{session}"));
        let text = item.expect("it is there").to_string().replace("\"name\":\"session\"", "\"name\":\"id\"");
        d["paths"]["/v1/financial_connections/sessions/{id}"] = serde_json::from_str(&text).expect("it is JSON");
    };
    DeletableChanged deletable: |d| {
        set(d, "/components/schemas/deleted_ownership", json!({"type": "object", "required": ["deleted", "id", "object"], "properties": {
            "deleted": {"type": "boolean", "enum": [true]}, "id": {"type": "string"},
            "object": {"type": "string", "enum": ["financial_connections.account_ownership"]},
        }}));
        push(d, &format!("{ACCOUNT}/properties/ownership/anyOf"), json!({"$ref": "#/components/schemas/deleted_ownership"}));
    };
    ExpandableSetChanged expandable_set: |d| push(d, &format!("{SESSION}/x-expandableFields"), json!("livemode"));
    LimitChanged limit: |d| set(d, &format!("{CREATE}/properties/return_url/maxLength"), json!(2000));
    LimitChanged pattern: |d| set(d, &format!("{ACCOUNT}/properties/last4/pattern"), json!("^[0-9]{4}$"));
    VersionChanged version: |d| set(d, "/info/version", json!("2027-01-01.fennel"));
    DescriptionChanged words: |d| set(d, &format!("{SESSION}/description"), json!("In other words."));
}

fn document() -> Value {
    let yaml = workspace::current_document();
    serde_json::from_str(&codegen::document::to_json("endive", &yaml).expect("it is YAML")).expect("it is JSON")
}

fn generate(document: &Value) -> Generated {
    codegen::generate(&workspace::config(), None, "edited", &document.to_string())
        .unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_compiler_agrees() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("verdicts");
    let before = generate(&document());
    let mut bindings = Scratch::new(&directory.join("bindings"), &before);
    let mut cases = Vec::new();
    for edit in EDITS {
        let mut after = document();
        (edit.edit)(&mut after);
        let after = generate(&after);
        let changes = diff(&before.api, &after.api);
        assert!(changes.changes.iter().any(|change| change.rule == edit.rule), "{}: {changes:#?}", edit.name);
        cases.push((edit, changes, bindings.add(edit.name, &after)));
    }
    let libraries = Libraries::check(&bindings);
    let compile = |name: &str, place: &Place| {
        let text = program::using(&before, &format!("stripe_financial_connections::{}", place.module));
        let program = prebuilt::write(&directory.join("programs"), name, &text);
        let dependencies = [("serde_json", "serde_json"), ("stripe_financial_connections", place.library.as_str())];
        libraries.compile(&program, &dependencies)
    };
    for library in cases.iter().map(|(_, _, place)| &place.library).collect::<BTreeSet<_>>() {
        let unchanged = Place { library: library.clone(), module: "release".to_owned() };
        let compiled = compile(&format!("{library}_release"), &unchanged);
        compiled.unwrap_or_else(|error| panic!("the program does not compile against its own release: {error}"));
    }
    let compiled = in_parallel(&cases, |(edit, _, place)| compile(edit.name, place));

    let mut table = String::new();
    for ((edit, changes, _), compiled) in cases.iter().zip(compiled) {
        let verdict = changes.verdict().expect("something changed").as_str();
        let visible =
            changes.changes.iter().any(|change| change.verdict() == Verdict::Major && !change.rule.is_silent());
        let outcome = if compiled.is_ok() { "compiles" } else { "does not compile" };
        let _ = writeln!(table, "{:<32} {verdict:<6} {outcome}", edit.name);
        let error = compiled.err().unwrap_or_default();
        assert_eq!(visible, !error.is_empty(), "{}: {verdict} by {}\n{table}{error}", edit.name, edit.rule.name());
    }
    println!("{table}");
    let untested: Vec<_> =
        [Rule::OutputChanged].into_iter().filter(|rule| EDITS.iter().all(|edit| edit.rule != *rule)).collect();
    // Two operations on one resource cannot answer with anything else without a change of the configuration.
    assert_eq!(untested, [Rule::OutputChanged]);
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
    let before = generate(&document());
    let release = |name: &str, generated: &Generated| {
        Scratch::single(&directory.join(name), generated).cargo(&["check"]);
    };
    release("before", &before);
    let mut unseen = Vec::new();
    for edit in EDITS {
        let mut after = document();
        (edit.edit)(&mut after);
        let after = generate(&after);
        let major = diff(&before.api, &after.api).verdict() == Some(Verdict::Major);
        release("after", &after);
        let output = std::process::Command::new(&tool)
            .args([
                "semver-checks",
                "check-release",
                "--release-type",
                "minor",
                "--only-explicit-features",
                "--baseline-root",
            ])
            .arg(directory.join("before/part-0"))
            .arg("--manifest-path")
            .arg(directory.join("after/part-0/Cargo.toml"))
            .env("CARGO_TARGET_DIR", directory.join("target"))
            .output()
            .expect("the tool runs");
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("Summary"), "{}: {said}", edit.name);
        let seen = !output.status.success();
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
    let same = generate(&document());
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
    let before = generate(&document());
    let mut after = document();
    // The order of values is that of the constant `VARIANTS`, and means nothing.
    after
        .pointer_mut(&format!("{ACCOUNT}/properties/category/enum"))
        .and_then(Value::as_array_mut)
        .expect("it is there")
        .reverse();
    after.pointer_mut(&format!("{SESSION}/required")).and_then(Value::as_array_mut).expect("it is there").reverse();
    set(&mut after, "/components/schemas/unrelated", json!({"type": "object"}));
    assert_eq!(diff(&before.api, &generate(&after).api).verdict(), None);
    let mut after = document();
    set(&mut after, &format!("{SESSION}/description"), json!("In other words."));
    assert_eq!(diff(&before.api, &generate(&after).api).verdict(), Some(Verdict::Patch));
}

#[test]
fn a_rename_is_guessed_where_the_shape_is_the_same() {
    let before = generate(&document());
    let mut after = document();
    let last4 = after.pointer(&format!("{ACCOUNT}/properties/last4")).expect("it is there").clone();
    remove(&mut after, &format!("{ACCOUNT}/properties/category"));
    without(&mut after, &format!("{ACCOUNT}/required"), "category");
    remove(&mut after, &format!("{ACCOUNT}/properties/transaction_refresh"));
    let refresh =
        document().pointer(&format!("{ACCOUNT}/properties/transaction_refresh")).expect("it is there").clone();
    set(&mut after, &format!("{ACCOUNT}/properties/latest_refresh"), refresh);
    set(&mut after, &format!("{ACCOUNT}/properties/digits"), last4);
    let changes = diff(&before.api, &generate(&after).api);
    let renamed: Vec<_> =
        changes.changes.iter().filter_map(|change| Some((change.path.as_str(), change.renamed.as_deref()?))).collect();
    assert_eq!(
        renamed,
        [
            ("accounts.data.transaction_refresh", "accounts.data.latest_refresh"),
            ("accounts.data.latest_refresh", "accounts.data.transaction_refresh"),
        ]
    );
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
        let found =
            changes.changes.iter().any(|c| (c.subject.as_str(), c.path.as_str(), c.rule) == (subject, path, rule));
        assert!(found, "{subject} {path}: {}", rule.name());
    }
    let secret = changes.changes.iter().find(|change| change.path == "client_secret").expect("it changed");
    assert_eq!(secret.was.as_deref(), Some("string, required"));
    assert_eq!(secret.is.as_deref(), Some("string or null, optional"));
    assert_eq!(changes.verdict(), Some(Verdict::Major));
}
