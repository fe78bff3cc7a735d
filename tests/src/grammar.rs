//! A grammar of OpenAPI documents in Stripe's dialect: strategies for random documents, with every shape that Stripe uses and
//! names that are hard to convert to Rust.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};

/// A random document and its configuration.
#[derive(Clone, Debug)]
pub struct Case {
    /// The document.
    pub document: Value,
    /// The text of its `codegen.toml`.
    pub config: String,
}

/// The component key of the resource that has all the operations.
const ROOT: &str = "thing";

/// Component keys that are easy to convert.
const KEYS: &[&str] = &["account", "balance", "owner", "part", "thing.part", "some.nested_resource", "transaction"];

/// Component keys that are hard to convert, or give the names of Rust's, the standard library's or the crate's own items.
const HARD_KEYS: &[&str] = &[
    "as_ref",
    "box",
    "clone",
    "debug",
    "item",
    "list",
    "option",
    "partial_eq",
    "request",
    "result",
    "secret",
    "self",
    "string",
    "type",
    "vec",
    "3d_model",
    "a-b",
    "a_b",
    "ünïcode",
];

/// Names of properties, parameters and enum values that are easy to convert.
const NAMES: &[&str] = &[
    "amount",
    "created",
    "description",
    "expand",
    "id",
    "items",
    "kind",
    "metadata",
    "mode",
    "none",
    "object",
    "some",
    "status",
    "url",
    "a_b",
    "3d_secure",
];

/// Names that are hard to convert, or that Rust or the emitted code uses itself.
const HARD_NAMES: &[&str] = &[
    "body",
    "data",
    "deleted",
    "fn",
    "key",
    "method",
    "new",
    "operation",
    "path",
    "query",
    "request",
    "self",
    "thing",
    "type",
    "unknown",
    "value",
    "a-b",
    "aB",
    "A",
    "_",
    "1",
    "crate",
    "ünïcode",
    "x.y",
    "with space",
    "",
];

/// Descriptions: none, plain, and with everything that means something to Markdown, HTML or Rust.
const DESCRIPTIONS: &[&str] = &[
    "A short description.",
    "Two sentences. With <code>code</code> and a [link](/docs/link).",
    "*/ \"# ` <b> {} [Unbalanced](",
    "A line\n\n    and code\n\n- a list\n# heading",
    "",
];

/// The operations of a document: the method, the path, and the kind of response.
const OPERATIONS: &[(&str, &str, &str)] = &[
    ("post", "/v1/things", "thing"),
    ("get", "/v1/things", "list"),
    ("get", "/v1/things/search", "search_result"),
    ("get", "/v1/things/{thing}", "thing"),
    ("post", "/v1/things/{thing}", "thing"),
    ("delete", "/v1/things/{thing}", "deleted"),
    ("post", "/v1/things/{thing}/cancel", "thing"),
    ("get", "/v1/things/{thing}/parts/{part}", "thing or deleted"),
    ("get", "/v1/singleton", "thing"),
];

/// Returns a strategy for documents with their configuration.
///
/// The configuration selects some of the operations.
pub fn cases() -> impl Strategy<Value = Case> {
    let keys = (subsequence(KEYS, 0..4), option::weighted(0.2, select(HARD_KEYS)));
    (keys, subsequence(OPERATIONS, 1..=OPERATIONS.len())).prop_flat_map(|((easy, hard), operations)| {
        let keys: Vec<&'static str> = [ROOT].into_iter().chain(easy).chain(hard).collect();
        let schemas: Vec<_> = keys.iter().map(|key| component(key, keys.clone())).collect();
        let bodies = vec(parameters(), OPERATIONS.len());
        (schemas, bodies).prop_map(move |(components, bodies)| {
            let mut schemas = Map::new();
            for (index, mut component) in components.into_iter().enumerate() {
                require_no_cycle(&mut component, &keys[..=index]);
                schemas.insert(keys[index].to_owned(), component);
            }
            Case { document: document(&keys, schemas, &bodies), config: config(&operations) }
        })
    })
}

fn config(operations: &[(&str, &str, &str)]) -> String {
    let rows: Vec<_> =
        operations.iter().map(|(method, path, _)| format!("{{ method = {method:?}, path = {path:?} }}")).collect();
    format!(
        "expand_depth = 4\nupstream = \"https://example.com/{{tag}}/openapi.json\"\ndocs_url = \"https://docs.example.com\"\n\n\
         [[resource]]\nschema = \"{ROOT}\"\noperations = [{}]\n\n[[rename]]\nfrom = \"error\"\nto = \"error_response\"\n",
        rows.join(", ")
    )
}

fn document(keys: &[&str], mut schemas: Map<String, Value>, bodies: &[Value]) -> Value {
    let stub = |object: &str| {
        json!({"type": "object", "required": ["id", "object"], "properties": {
            "id": {"type": "string"}, "object": {"type": "string", "enum": [object]},
        }})
    };
    for key in keys.iter().chain(&["past"]) {
        let mut deleted = stub(key);
        deleted["properties"]["deleted"] = json!({"type": "boolean", "enum": [true]});
        deleted["required"] = json!(["deleted", "id", "object"]);
        schemas.insert(format!("deleted_{key}"), deleted);
    }
    let mut past = stub("past");
    past["x-resourceId"] = json!("past");
    schemas.insert("past".to_owned(), past);
    schemas.insert(
        "error".to_owned(),
        json!({"type": "object", "required": ["error"], "properties": {
            "error": {"type": "object", "required": ["type"], "properties": {"type": {"type": "string"}}},
        }}),
    );
    let operations = OPERATIONS.iter().map(|(method, path, kind)| {
        let deleted = reference(&format!("deleted_{ROOT}"));
        let response = match *kind {
            "deleted" => deleted,
            "list" | "search_result" => page(kind),
            "thing or deleted" => json!({"anyOf": [reference(ROOT), deleted]}),
            _ => reference(ROOT),
        };
        (*method, *path, response)
    });
    let mut paths = Map::new();
    for ((method, path, response), body) in operations.zip(bodies) {
        let item = paths.entry(path).or_insert_with(|| json!({}));
        item[method] = operation(method, path, response, body);
    }
    json!({"openapi": "3.0.0", "info": {"title": "A random document", "version": "2024-01-01"},
        "paths": paths, "components": {"schemas": schemas}})
}

fn operation(method: &str, path: &str, response: Value, body: &Value) -> Value {
    let segments = path.split(['{', '}']).skip(1).step_by(2);
    let mut parameters: Vec<Value> = segments
        .map(|name| json!({"name": name, "in": "path", "required": true, "style": "simple", "schema": {"type": "string"}}))
        .collect();
    let content = |schema: &Value| json!({"schema": schema});
    let mut operation = json!({
        "operationId": format!("{method} {path}"),
        "responses": {
            "200": {"description": "Success.", "content": {"application/json": content(&response)}},
            "default": {"description": "Error.", "content": {"application/json": content(&reference("error"))}},
        },
    });
    let properties = body["properties"].as_object().into_iter().flatten();
    if method == "post" {
        let encoding: Map<_, _> = properties
            .filter(|(_, schema)| {
                schema["type"] != "string" && schema["type"] != "integer" && schema["type"] != "boolean"
            })
            .map(|(name, _)| (name.clone(), json!({"style": "deepObject", "explode": true})))
            .collect();
        let form = json!({"schema": body, "encoding": encoding});
        operation["requestBody"] = json!({"content": {"application/x-www-form-urlencoded": form}, "required": false});
    } else {
        let required = |name: &String| body["required"].as_array().is_some_and(|all| all.contains(&json!(name)));
        parameters.extend(properties.map(|(name, schema)| {
            let style = if matches!(schema["type"].as_str(), Some("array" | "object") | None) { "deepObject" } else { "form" };
            json!({"name": name, "in": "query", "required": required(name), "style": style, "explode": true, "schema": schema})
        }));
    }
    operation["parameters"] = Value::Array(parameters);
    operation
}

fn reference(key: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{key}")})
}

/// Stripe's list object of the root resource.
fn page(object: &str) -> Value {
    list(object, reference(ROOT))
}

fn list(object: &str, item: Value) -> Value {
    json!({"type": "object", "required": ["data", "has_more", "object", "url"], "properties": {
        "data": {"type": "array", "items": item}, "has_more": {"type": "boolean"},
        "object": {"type": "string", "enum": [object]}, "url": {"type": "string"},
    }})
}

/// A component schema: a resource with an id, or an object without one.
fn component(key: &'static str, keys: Vec<&'static str>) -> BoxedStrategy<Value> {
    (object(name(), shape(keys)), any::<bool>(), select(DESCRIPTIONS))
        .prop_map(move |(mut schema, resource, description)| {
            if resource || key == ROOT {
                schema["properties"]["id"] = json!({"type": "string", "maxLength": 5000});
                schema["properties"]["object"] = json!({"type": "string", "enum": [key]});
                let mut required: Vec<Value> = schema["required"].as_array().cloned().unwrap_or_default();
                required.retain(|name| name != "id" && name != "object");
                required.extend([json!("id"), json!("object")]);
                schema["required"] = required.into();
            }
            schema["description"] = json!(description);
            schema
        })
        .boxed()
}

/// A name of a property, parameter or enum value.
fn name() -> BoxedStrategy<&'static str> {
    prop_oneof![30 => select(NAMES), 1 => select(HARD_NAMES)].boxed()
}

/// Makes each required property optional that refers to one of `keys`: a value that has to hold another one of its own kind
/// would be infinite.
fn require_no_cycle(schema: &mut Value, keys: &[&str]) {
    let back = |schema: &Value| keys.iter().any(|key| *schema == reference(key));
    if let Some(properties) = schema["properties"].as_object() {
        let back: Vec<Value> =
            properties.iter().filter(|(_, property)| back(property)).map(|(name, _)| json!(name)).collect();
        if let Some(required) = schema["required"].as_array_mut() {
            required.retain(|name| !back.contains(name));
        }
    }
    match schema {
        Value::Object(members) => members.values_mut().for_each(|member| require_no_cycle(member, keys)),
        Value::Array(elements) => elements.iter_mut().for_each(|element| require_no_cycle(element, keys)),
        _ => {}
    }
}

/// An object with a few properties, some of them required.
fn object(name: BoxedStrategy<&'static str>, value: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let property = (value, option::of(select(DESCRIPTIONS)), any::<bool>());
    btree_map(name, property, 0..6)
        .prop_map(|members| {
            let required: Vec<_> =
                members.iter().filter(|(_, (_, _, required))| *required).map(|(name, _)| *name).collect();
            let properties: Map<_, _> = members
                .iter()
                .map(|(name, (schema, description, _))| ((*name).to_owned(), described(schema.clone(), *description)))
                .collect();
            let mut object = json!({"type": "object", "properties": properties});
            if !required.is_empty() {
                object["required"] = json!(required);
            }
            object
        })
        .boxed()
}

/// A reference has no room for a description beside it.
fn described(mut schema: Value, description: Option<&str>) -> Value {
    if let Some(description) = description.filter(|_| schema.get("$ref").is_none()) {
        schema["description"] = json!(description);
    }
    schema
}

/// The shape of a value in a response.
fn shape(keys: Vec<&'static str>) -> BoxedStrategy<Value> {
    let key = move || select(keys.clone());
    let expandable = (key(), any::<bool>()).prop_map(|(key, deleted)| {
        let mut forms = vec![json!({"type": "string", "maxLength": 5000}), reference(key)];
        forms.extend(deleted.then(|| reference(&format!("deleted_{key}"))));
        json!({"anyOf": forms, "x-expansionResources": {"oneOf": [reference(key)]}})
    });
    let past = Just(
        json!({"anyOf": [{"type": "string"}, reference("past")], "x-expansionResources": {"oneOf": [reference("past")]}}),
    );
    let union = (key(), key()).prop_map(|(one, two)| json!({"anyOf": [reference(one), reference(two)]}));
    let leaf = prop_oneof![
        20 => scalar(),
        10 => enumeration(),
        2 => Just(json!({})),
        2 => Just(json!({"type": "object"})),
        10 => key().prop_map(reference),
        4 => expandable,
        4 => past,
        1 => union,
    ];
    let inner = leaf.prop_recursive(3, 12, 4, |inner| {
        let inner = inner.boxed();
        prop_oneof![
            3 => inner.clone().prop_map(|items| json!({"type": "array", "items": items})),
            2 => inner.clone().prop_map(|values| json!({"type": "object", "additionalProperties": values})),
            3 => object(name(), inner.clone()),
            2 => inner.prop_map(|item| list("list", item)),
        ]
    });
    (inner, any::<bool>()).prop_map(|(schema, nullable)| if nullable { nullable_form(schema) } else { schema }).boxed()
}

/// The same value or `null`, as Stripe writes it.
fn nullable_form(mut schema: Value) -> Value {
    if schema.get("$ref").is_some() {
        return json!({"nullable": true, "anyOf": [schema]});
    }
    schema["nullable"] = json!(true);
    schema
}

fn scalar() -> BoxedStrategy<Value> {
    select(vec![
        json!({"type": "string"}),
        json!({"type": "string", "maxLength": 5000, "pattern": "^[a-z]+$"}),
        json!({"type": "string", "format": "decimal"}),
        json!({"type": "integer"}),
        json!({"type": "integer", "format": "unix-time"}),
        json!({"type": "number"}),
        json!({"type": "boolean"}),
    ])
    .boxed()
}

fn enumeration() -> BoxedStrategy<Value> {
    vec(name(), 1..5)
        .prop_map(|mut values| {
            values.sort_unstable();
            values.dedup();
            json!({"type": "string", "enum": values})
        })
        .boxed()
}

/// The schema of a request's body.
fn parameters() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![30 => scalar(), 20 => enumeration(), 1 => range_or_value(), 1 => Just(json!({"type": "object", "properties": {}}))];
    let value = leaf.prop_recursive(2, 8, 4, |inner| {
        let inner = inner.boxed();
        prop_oneof![
            3 => inner.clone().prop_map(|items| json!({"type": "array", "items": items})),
            1 => inner.clone().prop_map(|values| json!({"type": "object", "additionalProperties": values})),
            3 => object(name(), inner.clone()),
            2 => inner.prop_map(|value| json!({"anyOf": [value, {"type": "string", "enum": [""]}]})),
        ]
    });
    (object(name(), value.boxed()), any::<bool>())
        .prop_map(|(mut body, expand)| {
            if expand {
                body["properties"]["expand"] = json!({"type": "array", "items": {"type": "string", "maxLength": 5000}});
            }
            body
        })
        .boxed()
}

/// A timestamp, or the bounds of a range of them.
fn range_or_value() -> BoxedStrategy<Value> {
    let bounds: Map<_, _> =
        ["gt", "gte", "lt", "lte"].map(|name| (name.to_owned(), json!({"type": "integer"}))).into_iter().collect();
    Just(json!({"anyOf": [{"type": "object", "properties": bounds}, {"type": "integer"}]})).boxed()
}
