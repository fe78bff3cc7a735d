//! `cargo xtask coverage` and `cargo xtask generate --resource`, as a person runs them.

use serde_json::Value;

use crate::harness::{root, xtask};

const PARCELS: &str = "tests/fixtures/own/parcels.yaml";
const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/emit/operations.yaml");

#[test]
fn every_operation_is_listed() {
    let output = xtask(&["coverage", "--spec", DOCUMENT]);
    let said = &output.stdout;
    assert!(output.is_ok(), "{}", output.stderr);
    for expected in [
        "thing: 7 of 7",
        "generated POST   /v1/things/{thing}/paint (PostThingsThingPaint)",
        "9 of 9 operations of 3 resources",
    ] {
        assert!(said.contains(expected), "`{expected}` is not in:\n{said}");
    }
}

#[test]
fn json_is_for_programs() {
    let output = xtask(&["coverage", "--spec", DOCUMENT, "--format", "json"]);
    let json: Value = serde_json::from_str(&output.stdout).expect("it is JSON");
    assert_eq!(
        (&json["version"], &json["operations"], &json["generated"]),
        (&"2024-01-01".into(), &9.into(), &9.into())
    );
    let part = &json["resources"][0];
    assert_eq!(part["schema"], "part");
    let operation = serde_json::json!({
        "id": "GetThingsThingPartsPart", "method": "GET", "path": "/v1/things/{thing}/parts/{part}", "refused": null,
    });
    assert_eq!(part["operations"], Value::from(vec![operation]));
}

#[test]
fn an_operation_that_is_refused_says_why() {
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/reject/body.yaml");
    let output = xtask(&["coverage", "--spec", document, "--format", "json"]);
    let json: Value = serde_json::from_str(&output.stdout).expect("it is JSON");
    let operations = json["resources"][0]["operations"].as_array().expect("it has operations");
    let refused: Vec<_> = operations.iter().filter_map(|operation| operation["refused"].as_str()).collect();
    assert!(
        refused.iter().any(|reason| reason.contains("a body as `application/json` is not supported")),
        "{refused:?}"
    );
}

#[test]
fn named_resources_are_generated_with_all_of_their_operations() {
    let out = tempfile::TempDir::new().expect("a directory can be made");
    let directory = out.path().join("out").display().to_string();
    let generate = |names: &[&str]| {
        let resources = names.iter().flat_map(|name| ["--resource", name]);
        let arguments: Vec<_> =
            ["generate", "--spec", DOCUMENT, "--out", &directory].into_iter().chain(resources).collect();
        xtask(&arguments)
    };
    let read = |file: &str| std::fs::read_to_string(out.path().join("out").join(file)).unwrap_or_default();

    assert!(generate(&["weather"]).is_ok());
    assert!(read("weather/requests.rs").contains("RetrieveWeather") && read("thing/requests.rs").is_empty());

    // The command that fixes what `--check` finds has the same flags: without them, it would delete what they wrote.
    std::fs::remove_file(out.path().join("out/weather/requests.rs")).expect("it is there");
    let check = ["generate", "--spec", DOCUMENT, "--out", &directory, "--resource", "weather", "--check"];
    let said = xtask(&check).stdout;
    let command = format!("fix it with `cargo xtask generate --spec {DOCUMENT} --out {directory} --resource weather`");
    assert!(said.contains(&command), "{said}");

    let output = generate(&["all"]);
    assert!(output.is_ok(), "{}", output.stderr);
    for name in ["CreateThing", "ListThings", "SearchThings", "DeleteThing", "PaintThing"] {
        assert!(read("thing/requests.rs").contains(&format!("pub struct {name} {{")), "{name}");
    }
    assert!(read("part/requests.rs").contains("pub struct RetrieveThingPart {"));

    let output = generate(&["wether"]);
    let said = &output.stderr;
    assert!(!output.is_ok() && said.contains("no operation of a resource `wether`"), "{said}");
}

fn fixture(name: &str) -> String {
    format!("{}/../tests/fixtures/coverage/{name}.json", env!("CARGO_MANIFEST_DIR"))
}

/// Generates resources of a fixture. Returns the exit code, what was said, and the modules that were written.
fn generated(name: &str, resource: &str) -> (Option<i32>, String, Vec<String>) {
    let out = tempfile::TempDir::new().expect("a directory can be made");
    let directory = out.path().join("out");
    let (spec, to) = (fixture(name), directory.display().to_string());
    let output = xtask(&["generate", "--spec", &spec, "--resource", resource, "--out", &to]);
    let entries = std::fs::read_dir(&directory).into_iter().flatten().flatten().filter(|entry| entry.path().is_dir());
    let mut modules: Vec<_> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    modules.sort();
    (output.code, output.said(), modules)
}

#[test]
fn a_resource_of_which_every_operation_is_refused_is_left_out_and_said() {
    for (name, resource, code, modules, expected) in [
        ("put", "all", 0, vec!["thing"], "left out 1 of 2 operations"),
        ("put", "thing", 0, vec!["thing"], "the method `PUT` is not supported"),
        ("v2_list", "all", 0, vec!["thing", "v2_thing"], "left out 1 of 3 operations"),
        ("v2_list", "thing", 0, vec!["thing"], "application/pdf"),
        ("v2_list", "v2.thing", 0, vec!["v2_thing"], ""),
        ("patch", "all", 3, vec!["thing"], "left out `v2.thing`, of which every operation is refused"),
        ("patch", "v2.thing", 1, vec![], "nothing was written"),
        ("no_version", "all", 1, vec![], "the document does not state its version"),
    ] {
        let (status, said, written) = generated(name, resource);
        assert_eq!((status, written), (Some(code), modules.into_iter().map(str::to_owned).collect()), "{name}: {said}");
        assert!(said.contains(expected), "{name}: {said}");
    }
}

#[test]
fn a_problem_of_no_single_operation_is_shown_and_counts() {
    let output = xtask(&["coverage", "--spec", &fixture("no_version")]);
    let said = &output.stdout;
    for expected in ["refused: all operations, for #/info/version", "0 of 1 operations of 1 resources"] {
        assert!(said.contains(expected), "`{expected}` is not in:\n{said}");
    }
    let output = xtask(&["coverage", "--spec", &fixture("no_version"), "--format", "json"]);
    let json: Value = serde_json::from_str(&output.stdout).expect("it is JSON");
    assert_eq!((&json["generated"], json["problems"].as_array().map(Vec::len)), (&0.into(), Some(1)));
}

/// A part of a document can be looked at, and is said to be one: a crate is made of whole documents only.
#[test]
fn a_reference_that_leads_nowhere_is_said_to_be_refused_by_an_update() {
    let directory = tempfile::TempDir::new().expect("a directory can be made");
    let spec = directory.path().join("part.yaml");
    let whole = std::fs::read_to_string(root().join(PARCELS)).expect("it is there");
    let part =
        whole.replace("        phone: {type: string}\n", "        phone: {$ref: \"#/components/schemas/phones\"}\n");
    std::fs::write(&spec, part).expect("the directory can be written");
    let spec = spec.display().to_string();
    let said = xtask(&["coverage", "--spec", &spec]).said();
    let note = "does not have the schema `phones`, which is taken to be past the boundary here; `update` and `generate --crate` refuse";
    assert!(said.contains(note), "{said}");
    let own = directory.path().join("parcels").display().to_string();
    let run = xtask(&["generate", "--crate", &own, "--spec", &spec, "--resource", "parcel"]);
    let refused = "`$ref` names the schema `phones`, which the document does not have";
    assert!(!run.is_ok() && run.stderr.contains(refused), "{}", run.said());
}

#[test]
fn every_reason_is_named_and_counted() {
    let output = xtask(&["coverage", "--spec", &fixture("several_problems")]);
    let said = &output.stdout;
    for expected in ["a/unknown1: ", "b/unknown2: ", "c/not: ", "c/type: "] {
        assert!(said.contains(&format!("#/components/schemas/thing/properties/{expected}")), "{expected}: {said}");
    }
    assert_eq!(said.matches("refused: as well, for #").count(), 3, "{said}");
    let expected = "0 of 2 operations of 1 resources can be generated; the others are refused for 4 reasons\n";
    assert!(said.ends_with(expected), "{said}");
    let output = xtask(&["coverage", "--spec", &fixture("several_problems"), "--format", "json"]);
    let json: Value = serde_json::from_str(&output.stdout).expect("it is JSON");
    let refusals = json["refusals"].as_array().expect("it is a list");
    assert_eq!(refusals.len(), 4, "{json}");
    assert!(refusals.iter().all(|one| one["refused"].is_string() && one["help"].is_string()), "{json}");
}

#[test]
fn the_table_of_fates_is_shown() {
    let output = xtask(&["explain", "--keys"]);
    let said = &output.stdout;
    assert!(output.is_ok(), "{}", output.stderr);
    for expected in [
        "schema, minimum: checked by Stripe, and in `diff`",
        "path item, servers: refused: only an operation can have a server of its own",
        "schema, writeOnly if `true` and in a response: refused",
        "any other key: refused",
    ] {
        assert!(said.contains(expected), "`{expected}` is not in:\n{said}");
    }
    let one = xtask(&["explain", "--keys", "discriminator"]).said();
    assert!(one.contains("schema, discriminator: refused") && !one.contains("minimum"), "{one}");
    assert!(xtask(&["explain", "--keys", "nullabel"]).said().contains("no row of the table is about a key `nullabel`"));
    let output = xtask(&["explain", "--keys", "--format", "json"]);
    let rows: Value = serde_json::from_str(&output.stdout).expect("it is JSON");
    let rows = rows.as_array().expect("it is a list");
    for row in rows {
        for member in ["place", "key", "when", "fate", "reason"] {
            assert!(row[member].is_string(), "{row}");
        }
        assert!(
            !["ignored", "refused"].contains(&row["fate"].as_str().unwrap_or_default()) || row["reason"] != "",
            "{row}"
        );
    }
    assert!(rows.len() > 200, "{}", rows.len());
    assert!(!xtask(&["explain"]).is_ok());
}
