//! The compiler checks the verdicts of `codegen::diff` on small edits of a document, of every kind.
//!
//! For each edit a program that uses everything before it is compiled against what comes after it, and the reverse. Where the
//! verdict is minor or patch it compiles; where it is major it does not, unless the rule says that the compiler cannot see it.

mod program;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use codegen::config::{Event, FieldName, OperationRow, PlaceRow};
use codegen::diff::{Changes, Rule, Verdict, diff};
use codegen::{Config, File, Generated};
use serde_json::{Value, json};
use tests::prebuilt::{self, Libraries, in_parallel};
use tests::run::Run;
use tests::scratch::{Place, Scratch};
use tests::{corpus, workspace};

const CREATE: &str =
    "/paths/~1v1~1financial_connections~1sessions/post/requestBody/content/application~1x-www-form-urlencoded/schema";
const SESSION: &str = "/components/schemas/financial_connections.session";
const ACCOUNT: &str = "/components/schemas/financial_connections.account";
const HOLDER: &str = "/components/schemas/bank_connections_resource_accountholder";
const REFRESH: &str = "/components/schemas/bank_connections_resource_transaction_refresh";
const OWNER: &str = "/components/schemas/financial_connections.account_owner";
const RETRIEVE: &str = "/paths/~1v1~1financial_connections~1sessions~1{session}/get";

/// A change of a document or of the configuration, and a rule that reports it.
struct Edit {
    name: &'static str,
    rule: Rule,
    edit: Input,
}

/// What an edit changes.
enum Input {
    Document(fn(&mut Value)),
    Config(fn(&mut Config)),
}

impl Edit {
    /// Returns what is generated after the edit.
    fn generate(&self) -> Generated {
        let (mut document, mut config) = (document(), config());
        match self.edit {
            Input::Document(edit) => edit(&mut document),
            Input::Config(edit) => edit(&mut config),
        }
        generate(&config, &document)
    }
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
    ($list:ident of $input:ident: $($rule:ident $name:ident: |$edited:ident| $edit:expr;)*) => {
        const $list: &[Edit] =
            &[$(Edit { name: stringify!($name), rule: Rule::$rule, edit: Input::$input(|$edited| { $edit; }) }),*];
    };
}

fn edits() -> impl Iterator<Item = &'static Edit> {
    DOCUMENT_EDITS.iter().chain(CONFIG_EDITS)
}

edits! { DOCUMENT_EDITS of Document:
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
    FieldTypeChanged field_becomes_time: |d| set(d, &format!("{ACCOUNT}/properties/last4/format"), json!("date-time"));
    FieldTypeChanged field_becomes_int64: |d| set(d, &format!("{ACCOUNT}/properties/last4/format"), json!("int64"));
    ParameterTypeChanged parameter_becomes_time: |d| set(d, &format!("{CREATE}/properties/return_url/format"), json!("date-time"));
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
        set(d, &format!("{REFRESH}/properties/object"), json!({"type": "string", "enum": ["transaction_refresh"]}));
        push(d, &format!("{REFRESH}/required"), json!("object"));
    };
    ObjectChanged object_renamed: |d| {
        set(d, &format!("{ACCOUNT}/properties/object/enum"), json!(["financial_connections.bank_account"]));
    };
    PathChanged path: |d| {
        let item = d["paths"].as_object_mut().and_then(|paths| paths.remove("/v1/financial_connections/sessions/{session}"));
        d["paths"]["/v1/financial_connections/link_sessions/{session}"] = item.expect("it is there");
    };
    PathChanged form_to_json: |d| {
        let accounts = json!({"type": "integer", "nullable": true});
        set(d, &format!("{CREATE}/properties/limits/properties/accounts"), accounts);
        let item = d["paths"].as_object_mut().and_then(|paths| paths.remove("/v1/financial_connections/sessions"));
        let text = item.expect("it is there").to_string().replace("application/x-www-form-urlencoded", "application/json");
        d["paths"]["/v2/financial_connections/sessions"] = serde_json::from_str(&text).expect("it is JSON");
    };
    ArgumentRenamed argument: |d| {
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
    OutputChanged output: |d| {
        let account = json!({"$ref": "#/components/schemas/financial_connections.account"});
        set(d, &format!("{RETRIEVE}/responses/200/content/application~1json/schema"), account);
    };
    OutputChanged page_by_url: |d| {
        set(d, &format!("{RETRIEVE}/responses/200/content/application~1json/schema"), json!({
            "type": "object", "required": ["data", "next_page_url"], "properties": {
                "data": {"type": "array", "items": {"$ref": "#/components/schemas/financial_connections.session"}},
                "next_page_url": {"type": "string", "nullable": true},
            },
        }));
    };
    RequiredFieldAdded required_field: |d| {
        set(d, &format!("{SESSION}/properties/colour"), json!({"type": "string"}));
        push(d, &format!("{SESSION}/required"), json!("colour"));
    };
    IdRemoved id_gone: |d| {
        remove(d, &format!("{OWNER}/properties/id"));
        without(d, &format!("{OWNER}/required"), "id");
    };
    BoundaryReached boundary: |d| {
        set(d, "/components/schemas/charge", json!({"type": "object", "required": ["id", "object"], "properties": {
            "id": {"type": "string"}, "object": {"type": "string", "enum": ["charge"]},
        }, "x-resourceId": "charge"}));
        set(d, &format!("{SESSION}/properties/charge"), json!({
            "anyOf": [{"type": "string"}, {"$ref": "#/components/schemas/charge"}], "x-expansionResources": {}
        }));
    };
    AlternativeAdded alternative: |d| {
        push(d, "/components/schemas/subject/anyOf", json!({"$ref": "#/components/schemas/financial_connections.account"}));
    };
    AlternativeAdded parameter_alternative: |d| push(d, &format!("{CREATE}/properties/subject/anyOf"), json!({"type": "boolean"}));
    AlternativeTypeChanged alternative_type: |d| {
        set(d, &format!("{CREATE}/properties/subject/anyOf/1/items"), json!({"type": "integer"}));
    };
    UnionKindChanged union_kind: |d| {
        set(d, "/components/schemas/other_token", json!({"type": "object", "properties": {
            "object": {"type": "string", "enum": ["financial_connections.account_owner"]}, "weight": {"type": "integer"},
        }}));
        push(d, "/components/schemas/subject/anyOf", json!({"$ref": "#/components/schemas/other_token"}));
    };
    OpennessChanged openness: |d| set(d, &format!("{SESSION}/additionalProperties"), json!(true));
    BaseUrlChanged base_url: |d| set(d, "/servers/0/url", json!("https://eu.stripe.com/"));
    BaseUrlChanged server_of_an_operation: |d| set(d, &format!("{RETRIEVE}/servers"), json!([{"url": "https://files.stripe.com/"}]));
    SecurityAdded security: |d| push(d, "/security", json!({"anotherAuth": []}));
    SecurityRemoved security_gone: |d| remove(d, "/security/1");
    ItemRemoved version_that_cannot_be_sent: |d| set(d, "/info/version", json!("next"));
    WireNameChanged wire_name: |d| {
        let field = d.pointer(&format!("{SESSION}/properties/return_url")).expect("it is there").clone();
        remove(d, &format!("{SESSION}/properties/return_url"));
        set(d, &format!("{SESSION}/properties/{KEPT}"), field);
    };
    Deprecated field_deprecated: |d| set(d, &format!("{SESSION}/properties/return_url/deprecated"), json!(true));
    Deprecated model_deprecated: |d| set(d, &format!("{ACCOUNT}/deprecated"), json!(true));
    Deprecated union_deprecated: |d| set(d, "/components/schemas/subject/deprecated", json!(true));
    Deprecated enum_deprecated: |d| set(d, "/components/schemas/mood/deprecated", json!(true));
    Deprecated parameter_deprecated: |d| set(d, &format!("{CREATE}/properties/filters/properties/country/deprecated"), json!(true));
    Deprecated query_deprecated: |d| set(d, &format!("{RETRIEVE}/parameters/0/deprecated"), json!(true));
    Deprecated operation_deprecated: |d| set(d, &format!("{RETRIEVE}/deprecated"), json!(true));
    LimitChanged minimum: |d| {
        set(d, "/components/schemas/bank_connections_resource_link_account_session_limits/properties/accounts/minimum", json!(1));
    };
    LimitChanged maximum: |d| set(d, &format!("{CREATE}/properties/limits/properties/accounts/anyOf/0/maximum"), json!(50));
    LimitChanged max_items: |d| set(d, &format!("{CREATE}/properties/permissions/maxItems"), json!(4));
    LimitChanged format: |d| set(d, &format!("{SESSION}/properties/return_url/format"), json!("uri"));
    LimitChanged limit_of_elements: |d| set(d, &format!("{CREATE}/properties/expand/items/maxLength"), json!(100));
    LimitChanged limit: |d| set(d, &format!("{CREATE}/properties/return_url/maxLength"), json!(2000));
    LimitChanged pattern: |d| set(d, &format!("{ACCOUNT}/properties/last4/pattern"), json!("^[0-9]{4}$"));
    VersionChanged version: |d| set(d, "/info/version", json!("2027-01-01.fennel"));
    DescriptionChanged words: |d| set(d, &format!("{SESSION}/description"), json!("In other words."));
}

edits! { CONFIG_EDITS of Config:
    // Without a row, it would be secret by its name.
    SecrecyLost secrecy_lost: |c| {
        c.sensitive.retain(|row| row.place() != "financial_connections.account_owner/email");
        c.public.push(PlaceRow::Place("financial_connections.account_owner/email".to_owned()))
    };
    SecrecyGained secret_parameter: |c| c.sensitive.push(PlaceRow::Place("CreateSession/return_url".to_owned()));
    NameChanged field_name: |c| c.fields.push(named("financial_connections.account/last4"));
    NameChanged parameter_name: |c| c.fields.push(named("CreateSession/return_url"));
    ValueAdded event: |c| c.events.push(event("financial_connections.account.renamed"));
    ValueAdded thin_event: |c| c.events.push(event("v1.financial_connections.account.renamed"));
    ValueRemoved event_gone: |c| c.events.retain(|event| event.type_ != "financial_connections.account.created");
    NameChanged event_name: |c| c.events[0].name = Some("Another".to_owned());
    ItemRemoved thin_events_gone: |c| c.events.retain(|event| !Event::is_thin_type(&event.type_));
    FeaturesChanged features: |c| c.resources[0].feature = Some(FEATURE.to_owned());
}

/// The new name on the wire of `Session::return_url`, which keeps its name in Rust by a row.
const KEPT: &str = "return_to";

/// The feature of an edit. It is off, as in a program that enables the features that it enabled before.
const FEATURE: &str = "beta";

fn named(place: &str) -> FieldName {
    FieldName { place: place.to_owned(), name: "another".to_owned(), releases: Vec::new() }
}

fn event(type_: &str) -> Event {
    Event { type_: type_.to_owned(), name: None, description: "It was renamed.".to_owned() }
}

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
    let encoding = CREATE.replace("/schema", "/encoding/subject");
    set(d, &encoding, json!({"style": "deepObject", "explode": true}));
    document
}

/// The project's configuration. It names operations, so that their names do not follow their responses and paths.
fn config() -> Config {
    let mut config = workspace::session_config();
    // The samples are those of the unchanged document.
    config.samples.clear();
    config
        .fields
        .push(FieldName { name: "return_url".to_owned(), ..named(&format!("financial_connections.session/{KEPT}")) });
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
            let _ = writeln!(report, "        {} → {}: {wire}", side(&change.was), side(&change.is));
            let _ = writeln!(report, "        {} → {}", side(&change.rust_was), side(&change.rust_is));
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
        changes.changes.iter().filter_map(|change| Some((change.path.as_str(), change.renamed.as_deref()?))).collect();
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
    assert_eq!(secret.was.as_deref(), Some("string, required"));
    assert_eq!(secret.is.as_deref(), Some("string or null, optional"));
    assert_eq!(changes.verdict(), Some(Verdict::Major));
}
