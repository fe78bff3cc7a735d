//! What the coverage calls generated is generated, and the rest is refused, each with one reason.

use std::collections::BTreeSet;

use codegen::config::{PlaceRow, Row, Table};
use codegen::coverage::{Coverage, coverage, generate};
use codegen::document::{Document, to_json};
use codegen::{Config, Generated};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use tests::grammar::cases;
use tests::prebuilt::in_parallel;
use tests::{corpus, fixture, workspace};

/// Compares the coverage of a document with what is generated of it. `None` if it cannot be read.
fn check(config: &Config, name: &str, text: &str) -> Option<(Coverage, Option<Generated>)> {
    let json = to_json(name, text).ok()?;
    let document = Document::index(name, &json).ok()?;
    let (covered, generated) = generate(config, &document, None).ok()?;
    let operations = document.operations().len();
    assert_eq!(covered.operations(), operations, "{name}: every operation is counted");
    let said: BTreeSet<_> = covered
        .resources
        .iter()
        .flat_map(|resource| &resource.operations)
        .filter(|(_, refused)| refused.is_none())
        .map(|(head, _)| format!("{} {}", head.method.as_str(), head.path))
        .collect();
    let operations = generated.iter().flat_map(|generated| generated.api.operations.iter());
    let done: BTreeSet<_> =
        operations.map(|operation| format!("{} {}", operation.method.as_str(), operation.path)).collect();
    assert_eq!(said, done, "{name}");
    assert_eq!(generated.is_some(), covered.generated() > 0, "{name}");
    for resource in &covered.resources {
        assert!(!resource.schema.is_empty() && !resource.operations.is_empty(), "{name}: {resource:?}");
        for (_, refused) in &resource.operations {
            assert!(refused.as_ref().is_none_or(|one| !one.reason.is_empty() && !one.help.is_empty()), "{name}");
        }
    }
    assert!(covered.problems.is_empty() || covered.generated() == 0, "{name}: a problem of all operations stops them");
    Some((covered, generated))
}

fn shared() -> Config {
    Config::parse("codegen.toml", &workspace::read("tests/fixtures/codegen.toml")).expect("it is valid")
}

#[test]
fn what_is_said_of_the_fixtures_is_done() {
    let mut checked = 0;
    for directory in ["emit", "reject", "coverage"] {
        for path in fixture::all(directory) {
            let text = std::fs::read_to_string(&path).expect("the fixture can be read");
            checked += usize::from(check(&shared(), &fixture::name(&path), &text).is_some());
        }
    }
    assert!(checked > 60, "{checked}");
}

/// A path item without an operation that can be found is reported, and not left out.
#[test]
fn path_items_without_an_operation_are_reported() {
    let thing = workspace::read("tests/fixtures/emit/minimal.yaml");
    for (item, place) in [
        ("{$ref: '#/components/pathItems/a'}", "/paths/~1v1~1others/$ref"),
        ("{GET: {}}", "/paths/~1v1~1others"),
        ("null", "/paths/~1v1~1others"),
        ("[]", "/paths/~1v1~1others"),
        ("{get: null}", "/paths/~1v1~1others/get"),
    ] {
        let text = thing.replacen("paths:\n", &format!("paths:\n  /v1/others: {item}\n"), 1);
        let json = to_json("document", &text).expect("it is YAML");
        let document = Document::index("document", &json).expect("it is a document");
        let problems = coverage(&shared(), &document).expect_err(item);
        let places: Vec<_> = problems.0.iter().map(|problem| problem.pointer.as_str()).collect();
        assert_eq!(places, [place], "{item}");
    }
}

/// The operations of each fixture, how many of them are generated, and why the others are not, if there are any.
#[test]
fn each_operation_is_refused_for_one_true_reason() {
    for (name, operations, generated, reason) in [
        ("operation_servers", 1, 1, ""),
        ("patch", 2, 1, "the method `PATCH` is not supported"),
        ("clash_with_refused", 2, 1, "a path parameter that is not a string is not supported"),
        ("put", 2, 1, "the method `PUT` is not supported"),
        ("shared_parameter", 1, 0, "only parameters in the path and in the query are supported"),
        ("v2_error_oneof", 3, 3, ""),
        ("v2_json_body", 1, 1, ""),
        ("v2_list", 3, 2, "a response of the media type `application/pdf` is not supported"),
        ("v2_no_body", 1, 1, ""),
        ("nowhere", 2, 1, "names no resource"),
        ("no_version", 1, 0, "does not state its version"),
    ] {
        let text = workspace::read(&format!("tests/fixtures/coverage/{name}.json"));
        let (covered, _) = check(&shared(), name, &text).expect("it can be read");
        assert_eq!((covered.operations(), covered.generated()), (operations, generated), "{name}");
        let refused: Vec<_> = covered.refusals().iter().map(|one| one.reason.clone()).collect();
        assert!(refused.is_empty() == reason.is_empty(), "{name}: {refused:?}");
        assert!(refused.iter().all(|one| one.contains(reason)), "{name}: {refused:?}");
    }
}

/// Each operation has one reason, and the refusals are everything that is wrong.
#[test]
fn all_that_is_wrong_with_an_operation_is_said_at_once() {
    let text = workspace::read("tests/fixtures/coverage/several_problems.json");
    let (covered, _) = check(&shared(), "several_problems", &text).expect("it can be read");
    let refusals = covered.refusals();
    let places =
        refusals.iter().filter_map(|one| one.pointer.as_str().strip_prefix("/components/schemas/thing/properties/"));
    assert_eq!(places.collect::<Vec<_>>(), ["a/unknown1", "b/unknown2", "c/not", "c/type"]);
    assert_eq!((covered.generated(), refusals.len()), (0, 4));
}

/// The rows for the releases of this workspace need not fit another document.
#[test]
fn a_row_of_a_release_refuses_no_other_document() {
    let config = workspace::config();
    let is_of_id = |row: &&PlaceRow| row.place() == "token/id";
    assert!(config.sensitive.iter().any(|row| is_of_id(&row)), "the fixture is about this row");
    let text = workspace::read("tests/fixtures/coverage/id_that_references_show.json");
    let (covered, generated) = check(&config, "id_that_references_show", &text).expect("it can be read");
    assert_eq!(covered.refusals(), []);
    let generated = generated.expect("nothing is refused");
    let models = generated.api.models.iter().find(|model| model.origin.place == "token").expect("it is followed");
    assert!(models.is_referable && models.fields.iter().all(|field| !field.is_secret), "{models:?}");
    let is_used = |row: &Row| row.table == Table::Sensitive && row.key == "token/id";
    assert!(!generated.used.iter().any(is_used), "a crate of one's own gets no such row");
}

#[test]
fn what_is_said_of_random_documents_is_done() {
    let mut runner = TestRunner::deterministic();
    let strategy = cases();
    let mut generated = 0;
    for _ in 0..60 {
        let case = strategy.new_tree(&mut runner).expect("nothing is filtered").current();
        let config = Config::parse("codegen.toml", &case.config).expect("it is valid");
        let (covered, _) = check(&config, "random", &case.document.to_string()).expect("it can be read");
        generated += covered.generated();
    }
    assert!(generated > 100, "{generated}");
}

#[test]
fn what_is_said_of_the_whole_documents_is_done() {
    in_parallel(&[corpus::COMPOSED, corpus::V2023, corpus::V2020, corpus::V2], |name| {
        let Some(text) = corpus::text(name) else { return };
        let (covered, _) = check(&workspace::config(), name, &text).expect("it can be read");
        println!("{name}: {} of {} operations", covered.generated(), covered.operations());
        assert!(covered.generated() * 10 >= covered.operations() * 9, "{name}");
        for (head, refused) in covered.resources.iter().flat_map(|resource| &resource.operations) {
            assert!(refused.is_none() || !head.path.starts_with("/v2/"), "{name}: {head:?} {refused:?}");
        }
    });
}
