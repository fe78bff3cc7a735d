//! What is generated is bounded by the size of the document, however its schemas refer to each other.

use codegen::Generated;
use serde_json::{Map, Value, json};
use tests::fixture;
use tests::shapes::{self, models, reference};

/// The most bytes of a sample, as it is laid out in a file. Most of them are the indentation of what is deep inside.
const SAMPLE: usize = 50_000;

fn generate(schemas: &Map<String, Value>) -> Generated {
    let text = shapes::document(schemas);
    codegen::generate(&shapes::config(), None, "document", &text).unwrap_or_else(|error| panic!("{error}"))
}

/// Checks that no sample is larger than the bound, and that each can be read.
fn check_samples(generated: &Generated) -> usize {
    let mut count = 0;
    for file in generated.files.iter().filter(|file| file.path.ends_with("samples.rs")) {
        for sample in file.text.split("r#\"").skip(1) {
            let json = sample.split_once("\"#").expect("the literal ends").0;
            assert!(json.len() <= SAMPLE, "{} bytes", json.len());
            serde_json::from_str::<Value>(json).expect("a sample is JSON");
            count += 1;
        }
    }
    count
}

#[test]
fn samples_are_bounded() {
    let nullable = |model: Value| json!({ "anyOf": [model], "nullable": true });
    let array = |model: Value| json!({ "type": "array", "items": model });
    for (name, schemas, samples) in [
        ("a mesh of references", models(10, 10, true, false, nullable), 11),
        ("a mesh of arrays", models(30, 25, true, false, array), 31),
        ("a mesh of required references that can be null", models(10, 10, true, true, nullable), 11),
        // The smallest sample of the first ones would be too large.
        ("two required fields of the next model", models(20, 2, false, true, |model| model), 9),
        ("a chain of optional models", models(1000, 1, false, false, |model| model), 1000),
        // The last ones are nested no deeper than the bound.
        ("a chain of required models", models(1000, 1, false, true, |model| model), 16),
    ] {
        let generated = generate(&schemas);
        println!("{name}: {} samples", check_samples(&generated));
        assert_eq!(check_samples(&generated), samples, "{name}");
    }
}

#[test]
fn chains_of_references_are_no_stack_of_calls() {
    let chain = |link: fn(Value) -> Value| {
        let mut schemas: Map<String, Value> =
            (0..10_000).map(|at| (format!("link_{at}"), link(reference(&format!("link_{}", at + 1))))).collect();
        schemas.insert("link_10000".to_owned(), json!({ "type": "string" }));
        let thing = models(1, 0, false, false, |model| model).remove("thing").expect("it is there");
        schemas.insert("thing".to_owned(), thing);
        schemas["thing"]["properties"]["first"] = reference("link_0");
        schemas
    };
    let generated = generate(&chain(|next| next));
    assert!(generated.files.iter().any(|file| file.text.contains("pub first: Option<String>")));
    for link in [|next| json!({ "type": "array", "items": next }), |next| json!({ "allOf": [next] })] {
        let result = std::panic::catch_unwind(|| generate(&chain(link)));
        let error = result.map(|_| ()).expect_err("it is refused");
        let reason = error.downcast_ref::<String>().expect("it is a message");
        assert!(reason.contains("more than 128 schemas inside each other"), "{reason}");
    }
}

#[test]
fn a_chain_of_models_is_no_stack_of_calls() {
    for (is_circle, boxes) in [(false, 0), (true, 10_000)] {
        let generated = generate(&models(10_000, 1, is_circle, false, |model| model));
        let boxed = generated.files.iter().map(|file| file.text.matches(": Option<Box<").count()).sum::<usize>();
        assert_eq!(boxed, boxes);
    }
}

#[test]
fn the_cases_are_generated() {
    for path in fixture::all("cost") {
        let generated = fixture::generate(&path).unwrap_or_else(|error| panic!("{error}"));
        let size: usize = generated.files.iter().map(|file| file.text.len()).sum();
        println!("{}: {size} bytes", path.display());
        assert!(check_samples(&generated) > 0 && size < 500_000, "{}", path.display());
    }
}
