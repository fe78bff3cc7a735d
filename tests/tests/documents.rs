//! The documents under `spec/` compared with Stripe's own: the facts are the same, the descriptions are not.

use codegen::ir::Api;
use codegen::{Config, Generated, check_samples, descriptions, document, sample};
use serde_json::{Value, json};
use tests::{corpus, fixture, workspace};

fn generate(name: &str, text: &str) -> Generated {
    codegen::generate(&workspace::config(), None, name, text).unwrap_or_else(|error| panic!("{error}"))
}

/// The facts of what is selected, up to the boundary.
fn facts(generated: &Generated) -> Value {
    let mut value = generated.selection.value.clone();
    let schemas = value["components"]["schemas"].as_object_mut().expect("schemas were selected");
    schemas.retain(|key, _| !generated.selection.boundary.contains_key(key));
    descriptions::strip(&mut value);
    value
}

/// Each place where two values differ.
fn differences(ours: &Value, theirs: &Value, pointer: &str, found: &mut Vec<String>) {
    match (ours, theirs) {
        (Value::Object(a), Value::Object(b)) => {
            for key in a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))) {
                let at = format!("{pointer}/{}", key.replace('/', "~1"));
                match (a.get(key), b.get(key)) {
                    (Some(ours), Some(theirs)) => differences(ours, theirs, &at, found),
                    (Some(_), None) => found.push(format!("{at}: only ours")),
                    _ => found.push(format!("{at}: only theirs")),
                }
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (i, (ours, theirs)) in a.iter().zip(b).enumerate() {
                differences(ours, theirs, &format!("{pointer}/{i}"), found);
            }
        }
        (ours, theirs) if ours == theirs => {}
        (ours, theirs) => found.push(format!("{pointer}: ours {ours}, theirs {theirs}")),
    }
}

#[test]
fn the_facts_are_those_of_stripe() {
    let Some(theirs) = corpus::text(corpus::ENDIVE) else { return };
    let ours = generate("ours", &workspace::current_document());
    let theirs = generate("theirs", &theirs);
    if ours.api.version != theirs.api.version {
        println!(
            "skipped: Stripe's document at hand is of {}, and ours is of {}",
            theirs.api.version.text, ours.api.version.text
        );
        return;
    }
    let mut differing = Vec::new();
    differences(&facts(&ours), &facts(&theirs), "", &mut differing);
    assert!(differing.is_empty(), "{} structural differences:\n{}", differing.len(), differing.join("\n"));
    assert_eq!(ours.api.operations.len(), 11);
    println!(
        "no structural difference in {} schemas and {} operations",
        ours.selection.schema_keys().count(),
        ours.api.operations.len()
    );
}

#[test]
fn a_difference_would_be_found() {
    let text = workspace::current_document();
    let changed = text.replacen("- relink_required", "- relink_wanted", 1);
    assert_ne!(text, changed);
    let mut differing = Vec::new();
    differences(&facts(&generate("a", &text)), &facts(&generate("b", &changed)), "", &mut differing);
    assert_eq!(differing.len(), 1, "{differing:?}");
    // A description is not a fact.
    let changed = text.replace("description: Whose accounts", "description: Those whose accounts");
    assert_ne!(text, changed);
    let mut differing = Vec::new();
    differences(&facts(&generate("a", &text)), &facts(&generate("b", &changed)), "", &mut differing);
    assert_eq!(differing, [""; 0]);
}

#[test]
fn our_documents_contain_only_what_is_selected() {
    let text = workspace::current_document();
    let json = document::to_json("ours", &text).expect("it is YAML");
    let whole: Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!(generate("ours", &text).selection.value, whole);
}

#[test]
fn everything_is_described() {
    let generated = generate("ours", &workspace::current_document());
    let bare = descriptions::undescribed(&generated.api);
    assert!(bare.is_empty(), "these places have no description: {bare:#?}");
}

/// YAML and JSON generate the same code.
#[test]
fn json_gives_the_same_bytes_as_yaml() {
    for name in [corpus::V2023, corpus::V2020] {
        let Some(yaml) = corpus::text(name) else { return };
        let json = document::to_json(name, &yaml).expect("it is YAML");
        assert_eq!(generate(name, &yaml).files, generate(name, &json).files, "{name}");
    }
}

/// Whatever a document holds, what `spec/` stores of it is read as that.
#[test]
fn what_is_stored_is_read_as_what_it_was() {
    let parts = [
        "", "0", "1", "9", "x", "o", "b", "e", "E", "+", "-", ".", "_", "~", "null", "NULL", "true", "True", ".nan",
        ".inf", "y", "no", "off", ":", " ", "\n", "\t", "'", "\"", "#", "&a", "*a", "!", "|", ">", "%", "@", "`", "?",
        "[", "]", "{", "}", ",", "<<", "=", "---", "...", "\0", "\u{7}", "\r", "\u{7f}", "\u{85}", "\u{2028}",
        "\u{2029}", "\u{feff}", "é",
    ];
    let stored = |value: &Value| {
        let yaml = format!("# A comment.\n{}", document::to_yaml(value).expect("it can be written"));
        let json = document::to_json("stored", &yaml).unwrap_or_else(|error| panic!("{error}\n{yaml}"));
        serde_json::from_str::<Value>(&json).expect("it is JSON")
    };
    for first in parts {
        let texts: Vec<_> =
            parts.iter().flat_map(|second| [format!("{first}{second}"), format!("{second}a{first}")]).collect();
        for text in &texts {
            // Alone: one text decides how all are stored.
            let value = json!({text.as_str(): text, "list": [text, [text]]});
            assert_eq!(stored(&value), value);
        }
    }
    let numbers = json!({"a": [0, -1, i64::MIN, i64::MAX, u64::MAX, 0.1, 1e300, 5e-324, -0.0, 1e-7]});
    assert_eq!(stored(&numbers), numbers);
}

/// The selected part of a document generates the same code as the whole document.
#[test]
fn the_small_document_gives_the_same_bytes() {
    for name in [corpus::V2023, corpus::V2020, corpus::ENDIVE] {
        let Some(text) = corpus::text(name) else { return };
        let whole = generate(name, &text);
        let small = document::to_yaml(&whole.selection.value).expect("it can be written");
        let again = generate(name, &small);
        assert_eq!(whole.files, again.files, "{name}");
        assert_eq!(small, document::to_yaml(&again.selection.value).expect("it can be written"), "{name}");
        println!("{name}: {} kB become {} kB", text.len() / 1000, small.len() / 1000);
    }
}

/// The path selects an operation, since older documents have two operations of one kind.
#[test]
fn operations_are_picked_by_path() {
    for (name, permissions) in [(corpus::V2023, 4), (corpus::V2020, 4)] {
        let Some(text) = corpus::text(name) else { return };
        assert!(text.contains("/v1/link_account_sessions"));
        let config = workspace::session_config();
        let api = codegen::generate(&config, None, name, &text).unwrap_or_else(|error| panic!("{error}")).api;
        let paths: Vec<_> = api.operations.iter().map(|operation| operation.path.as_str()).collect();
        assert_eq!(paths, ["/v1/financial_connections/sessions", "/v1/financial_connections/sessions/{session}"]);
        let filters = api.params.named("CreateSessionFilters").expect("there are filters");
        assert_eq!(filters.fields[0].wire, "countries");
        assert!(filters.fields[0].is_required());
        let shared = api.enums.iter().find(|shown| shown.name == "SessionPermission").expect("there are permissions");
        assert_eq!(shared.variants.len(), permissions);
    }
}

/// The limit that is not repeated at each parameter is on the front page of the documentation.
#[test]
fn the_front_page_states_the_default_limit() {
    let limit = workspace::config().default_max_length.expect("a limit is configured");
    let words = format!("A string has at most {limit} characters");
    assert!(workspace::read("generated/README.md").contains(&words), "{words}");
    for file in ["endive/session/requests.rs", "endive/account/requests.rs"] {
        let requests = workspace::read(&format!("generated/src/releases/{file}"));
        assert!(!requests.contains(&format!("At most {limit} characters")), "{file}");
    }
}

/// Whoever looks an operation up sees how it is sent.
#[test]
fn every_operation_has_an_example() {
    let first = &workspace::config().releases[0];
    let name = format!("spec/{}", first.document);
    let api = generate(&name, &workspace::read(&name)).api;
    let without = api.operations.iter().filter(|operation| operation.origin.docs.example.is_none());
    let without: Vec<_> = without.map(|operation| &operation.name).collect();
    assert!(without.is_empty(), "without an `[[example]]` in spec/codegen.toml: {without:?}");
}

/// A `sample` row that applies nowhere, or gives a value that an enum does not list, does not stop an update, so a test reports it.
#[test]
fn every_value_of_a_sample_is_used() {
    let config = workspace::config();
    let mut unused: Vec<_> = config.samples.iter().map(|row| &*row.place).collect();
    for release in &config.releases {
        let name = format!("spec/{}", release.document);
        let samples = generate(&name, &workspace::read(&name)).api.samples;
        unused.retain(|place| !samples.contains_key(*place));
    }
    let current = generate("ours", &workspace::current_document());
    let unlisted = sample::unlisted(&current.api);
    assert!(unlisted.is_empty(), "list these values in the document, or correct the samples: {unlisted:#?}");
    assert!(unused.is_empty(), "correct or delete these rows of `spec/samples.toml`: {unused:#?}");
}

/// `explain` names the file that a type is in, whichever module its owner is in.
/// A row is refused only if no release has a field of its type, and where it stands.
#[test]
fn a_sample_has_to_be_of_the_type_of_one_release() {
    let scalars = workspace::read("tests/fixtures/emit/scalars.yaml");
    let api = |ty: &str| {
        let field = r#"text: {type: string, maxLength: 3, pattern: "^a", "#;
        let text = scalars.replace(field, &format!("text: {{type: {ty}, "));
        assert_ne!(text, scalars);
        let config = Config::parse("codegen.toml", &workspace::read("tests/fixtures/codegen.toml")).expect("it parses");
        codegen::generate(&config, None, "scalars.yaml", &text).unwrap_or_else(|error| panic!("{error}")).api
    };
    let (text, number, boolean) = (api("string"), api("integer"), api("boolean"));
    let check = |rows: &str, apis: &[&Api]| {
        let config = Config::parse("codegen.toml", &workspace::read("tests/fixtures/codegen.toml")).expect("it parses");
        let config = config.with_samples("samples.toml", &format!("sample = [\n{rows}]\n")).expect("it parses");
        check_samples(&config, apis).map_err(|error| error.to_string())
    };
    let (one, two) = ("{ place = \"thing/text\", value = \"x\" },\n", "{ place = \"thing/text\", value = 1 },\n");
    assert_eq!(check(one, &[&text, &number]), Ok(()), "the other release has a value of the rules");
    assert_eq!(check(&[one, two].concat(), &[&text, &number]), Ok(()));
    let error = check(&[one, two].concat(), &[&text]).expect_err("no release has an integer");
    assert!(error.contains("samples.toml:3:1: ") && error.contains("expected string, found `1`"), "{error}");
    let error = check(one, &[&number, &boolean, &boolean]).expect_err("no release has a string");
    assert!(error.contains("samples.toml:2:1: ") && error.contains("expected integer or boolean, found"), "{error}");
}

#[test]
fn every_type_is_in_the_file_that_is_named() {
    let releases = workspace::config().releases.into_iter().map(|release| format!("spec/{}", release.document));
    let releases = releases.map(|name| generate(&name, &workspace::read(&name)));
    let fixtures = fixture::all("emit").into_iter();
    let fixtures = fixtures.map(|path| fixture::generate(&path).unwrap_or_else(|error| panic!("{error}")));
    let mut apart = 0;
    for generated in releases.chain(fixtures) {
        let api = &generated.api;
        for item in api.items() {
            let path = format!("{}/{}.rs", item.module(), api.file(item).name());
            let file = generated.files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("{path}"));
            let defines = |line: &str| {
                let rest = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "));
                rest.and_then(|rest| rest.split([' ', '(', ';']).next()) == Some(item.name())
            };
            assert!(file.text.lines().any(defines), "{} is not in {path}:\n{}", item.name(), file.text);
        }
        let owner = |owner: &str, module: &str| api.named(owner).is_some_and(|owner| owner.module() != module);
        apart += api.enums.iter().filter(|item| owner(&item.owner, &item.module)).count();
        apart += api.unions.iter().filter(|item| owner(&item.owner, &item.module)).count();
    }
    assert!(apart > 0, "some have an owner in another module");
}
