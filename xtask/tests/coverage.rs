//! `cargo xtask coverage` and `cargo xtask generate --resource`, as a person runs them.

#![allow(clippy::expect_used, reason = "an unexpected result fails the test")]

use std::process::{Command, Output};

use serde_json::Value;

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/emit/operations.yaml");

fn xtask(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).output().expect("xtask runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn every_operation_is_listed() {
    let output = xtask(&["coverage", "--spec", DOCUMENT]);
    let said = text(&output.stdout);
    assert!(output.status.success(), "{}", text(&output.stderr));
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
    let json: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
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
    let json: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
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

    assert!(generate(&["weather"]).status.success());
    assert!(read("weather/requests.rs").contains("RetrieveWeather") && read("thing/requests.rs").is_empty());

    let output = generate(&["all"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    for name in ["CreateThing", "ListThings", "SearchThings", "DeleteThing", "PaintThing"] {
        assert!(read("thing/requests.rs").contains(&format!("pub struct {name} {{")), "{name}");
    }
    assert!(read("part/requests.rs").contains("pub struct RetrieveThingPart {"));

    let output = generate(&["wether"]);
    let said = text(&output.stderr);
    assert!(!output.status.success() && said.contains("no operation of a resource `wether`"), "{said}");
}
