//! Documents whose schemas refer to each other in ways that cost more than their size, unless a generator takes care.

use codegen::Config;
use serde_json::{Map, Value, json};

use crate::workspace;

/// Returns the configuration for these documents.
pub fn config() -> Config {
    Config::parse("codegen.toml", &workspace::read("tests/fixtures/codegen.toml")).expect("the configuration parses")
}

/// Returns a document of one operation, whose response is the schema `thing`.
pub fn document(schemas: &Map<String, Value>) -> String {
    let minimal = workspace::read("tests/fixtures/emit/minimal.yaml");
    let json = codegen::document::to_json("minimal", &minimal).expect("the fixture is YAML");
    let mut document: Value = serde_json::from_str(&json).expect("it is JSON");
    let present = document["components"]["schemas"].as_object_mut().expect("there are schemas");
    present.extend(schemas.clone());
    document.to_string()
}

/// Returns the schema `thing`, with one member beside its id.
pub fn thing(name: &str, member: Value) -> (String, Value) {
    let id = ("id".to_owned(), json!({ "type": "string" }));
    let constant = ("object".to_owned(), json!({ "type": "string", "enum": ["thing"] }));
    ("thing".to_owned(), object(vec![id, constant, (name.to_owned(), member)], false))
}

/// Returns a reference to a component schema.
pub fn reference(key: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{key}") })
}

/// Returns an object with these members.
pub fn object(properties: Vec<(String, Value)>, is_required: bool) -> Value {
    let required: Vec<_> = properties.iter().map(|(name, _)| name.clone()).filter(|_| is_required).collect();
    json!({ "type": "object", "properties": properties.into_iter().collect::<Map<_, _>>(), "required": required })
}

/// Returns models of which each has fields that refer to those after it, around a circle or up to the last one.
pub fn models(
    count: usize,
    fields: usize,
    is_circle: bool,
    is_required: bool,
    holds: impl Fn(Value) -> Value,
) -> Map<String, Value> {
    let target = |model: usize, field: usize| match is_circle {
        true => (model + field + 1) % count,
        false => model + 1,
    };
    let model = |at: usize| {
        let members = (0..fields)
            .filter(|field| target(at, *field) < count)
            .map(|field| (format!("field_{field}"), holds(reference(&format!("model_{}", target(at, field))))));
        (format!("model_{at}"), object(members.collect(), is_required))
    };
    (0..count).map(model).chain([thing("first", reference("model_0"))]).collect()
}

/// Returns a model with `count` fields.
pub fn wide(count: usize) -> Map<String, Value> {
    let properties = (0..count).map(|at| (format!("property_{at}"), json!({ "type": "string" })));
    Map::from_iter([thing("wide", object(properties.collect(), false))])
}

/// A name, a size to measure, and the schemas for a size.
pub type Shape = (&'static str, usize, fn(usize) -> Map<String, Value>);

/// Returns shapes that once cost the square of their size, or more.
pub fn all() -> Vec<Shape> {
    fn nullable(model: Value) -> Value {
        json!({ "anyOf": [model], "nullable": true })
    }
    fn array(model: Value) -> Value {
        json!({ "type": "array", "items": model })
    }
    fn expandable(model: Value) -> Value {
        json!({ "anyOf": [{ "type": "string" }, model], "x-expansionResources": { "oneOf": [model] } })
    }
    vec![
        ("models, each with ten nullable references", 100, |n| models(n, 10, true, false, nullable)),
        ("models, each with two required fields of the next", 1_000, |n| models(n, 2, false, true, |model| model)),
        ("a chain of references", 500, |n| models(n, 1, false, false, |model| model)),
        ("models, each with 110 arrays of others", 75, |n| models(n, 110, true, false, array)),
        ("models, each with ten references to expand", 100, |n| models(n, 10, true, false, expandable)),
        ("the values of an enum", 20_000, |n| {
            let values: Vec<_> = (0..n).map(|at| format!("value_{at}")).collect();
            Map::from_iter([thing("kind", json!({ "type": "string", "enum": values }))])
        }),
        ("the properties of a schema", 5_000, wide),
        ("aliases, each of the next", 10_000, |n| {
            let mut schemas: Map<_, _> =
                (0..n).map(|at| (format!("alias_{at}"), reference(&format!("alias_{}", at + 1)))).collect();
            schemas.insert(format!("alias_{n}"), json!({ "type": "string" }));
            schemas.extend([thing("first", reference("alias_0"))]);
            schemas
        }),
    ]
}
