//! A grammar of OpenAPI documents in Stripe's dialect: strategies for random documents, with every shape that Stripe uses and
//! names that are hard to convert to Rust.

use std::ops::Range;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use serde_json::{Map, Value, json};

use self::names::{HARD_KEYS, KEYS};
use self::schemas::{component, in_json, list, list_v2, parameters, reference, require_no_cycle};

mod names;
mod schemas;

/// A random document and its configuration.
#[derive(Clone, Debug)]
pub struct Case {
    /// The document.
    pub document: Value,
    /// The text of its `codegen.toml`.
    pub config: String,
}

/// The component key of the resource of the first row.
const ROOT: &str = "thing";

/// What an operation returns.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Response {
    Resource,
    List,
    Search,
    Deleted,
    ResourceOrDeleted,
    /// A list of another resource.
    OtherList,
    /// One of two resources.
    Either,
    /// A file, which the generator refuses.
    File,
}

/// An operation of a resource: the method, the path after the version, and what is returned. In the path, `RESOURCES` stands for the
/// resource's collection, and `ID` for the parameter of its id.
type Operation = (&'static str, &'static str, Response);

const OPERATIONS: &[Operation] = &[
    ("post", "RESOURCES", Response::Resource),
    ("get", "RESOURCES", Response::List),
    ("get", "RESOURCES/search", Response::Search),
    ("get", "RESOURCES/ID", Response::Resource),
    ("post", "RESOURCES/ID", Response::Resource),
    ("delete", "RESOURCES/ID", Response::Deleted),
    ("post", "RESOURCES/ID/cancel", Response::Resource),
    ("get", "RESOURCES/ID/parts/{part}", Response::ResourceOrDeleted),
    ("get", "RESOURCES/ID/others", Response::OtherList),
    ("post", "RESOURCES/ID/pick", Response::Either),
    ("get", "singleton/RESOURCES", Response::Resource),
];

/// An operation that the generator refuses.
const FILE: Operation = ("get", "RESOURCES/ID/file", Response::File);

/// A resource in the configuration.
#[derive(Clone, Debug)]
struct Row {
    key: &'static str,
    version: &'static str,
    operations: Vec<Operation>,
    feature: Option<&'static str>,
}

/// The feature to compile without.
pub const FEATURE_OFF: &str = "off";

/// The features that a row can have: one that is on where the module is compiled, and one that is off.
const FEATURES: &[&str] = &["on", FEATURE_OFF];

/// Returns a strategy for documents with their configuration.
///
/// The configuration selects some of the operations, in one row or in two, which may be of one resource.
pub fn cases() -> impl Strategy<Value = Case> {
    let version = prop_oneof![3 => Just("v1"), 2 => Just(V2)];
    (keys(), any::<Index>(), version, row(1..4), row(0..3), option::weighted(0.02, Just(FILE))).prop_flat_map(
        |(keys, second, version, mut row, other, file)| {
            row.version = version;
            let mut other = Row { key: keys[second.index(keys.len())], version, ..other };
            other.operations.retain(|operation| other.key != ROOT || !row.operations.contains(operation));
            row.operations.extend(file);
            let rows: Vec<_> = [row, other].into_iter().filter(|row| !row.operations.is_empty()).collect();
            let mut roots: Vec<_> = rows.iter().map(|row| row.key).collect();
            roots.dedup();
            let schemas: Vec<_> = keys.iter().map(|key| component(key, roots.contains(key), keys.clone())).collect();
            let bodies = vec((parameters(), any::<bool>()), roots.len() * (OPERATIONS.len() + 1));
            (schemas, bodies, parameters()).prop_map(move |(components, bodies, shared)| {
                let mut schemas = Map::new();
                for (index, mut component) in components.into_iter().enumerate() {
                    require_no_cycle(&mut component, &keys[..=index]);
                    schemas.insert(keys[index].to_owned(), component);
                }
                let merge = |(body, shares)| if shares { merged(body, &shared) } else { body };
                let bodies: Vec<_> = bodies.into_iter().map(merge).collect();
                Case { document: document(version, &keys, &roots, schemas, &bodies), config: config(&rows) }
            })
        },
    )
}

/// The keys of the components.
fn keys() -> impl Strategy<Value = Vec<&'static str>> {
    (subsequence(KEYS, 0..4), option::weighted(0.2, select(HARD_KEYS)))
        .prop_map(|(easy, hard)| [ROOT].into_iter().chain(easy).chain(hard).collect())
}

/// Some operations of the root.
fn row(count: Range<usize>) -> impl Strategy<Value = Row> {
    let feature = option::weighted(0.3, select(FEATURES));
    let operations = subsequence(OPERATIONS, count);
    (operations, feature).prop_map(|(operations, feature)| Row { key: ROOT, version: V2, operations, feature })
}

/// The parameters of a body with those of another one that have other names.
fn merged(mut body: Value, other: &Value) -> Value {
    let own = body["properties"].as_object_mut().expect("a body is an object");
    for (name, schema) in other["properties"].as_object().into_iter().flatten() {
        own.entry(name).or_insert_with(|| schema.clone());
    }
    body
}

/// The version of the paths whose bodies are JSON.
const V2: &str = "v2";

/// The path of an operation of the resource `key`.
fn path(version: &str, template: &str, key: &str) -> String {
    let collection = format!("{}s", key.replace('.', "/"));
    let id = format!("{{{}}}", key.rsplit('.').next().unwrap_or(key));
    format!("/{version}/{}", template.replace("RESOURCES", &collection).replace("ID", &id))
}

/// The version of each document.
const VERSION: &str = "2024-01-01";

/// The name of the release that the document is of. Its strings have to be decided to be secret or not.
pub const RELEASE: &str = "random";

fn config(rows: &[Row]) -> String {
    let rows = rows.iter().map(|row| {
        let operations: Vec<_> = row
            .operations
            .iter()
            .map(|(method, template, _)| {
                format!("{{ method = {method:?}, path = {:?} }}", path(row.version, template, row.key))
            })
            .collect();
        let feature = row.feature.map(|feature| format!("feature = {feature:?}\n")).unwrap_or_default();
        format!("[[resource]]\nschema = {:?}\noperations = [{}]\n{feature}\n", row.key, operations.join(", "))
    });
    let rows: String = rows.collect();
    format!(
        r#"
expand_depth = 4
upstream = "https://example.com/{{tag}}/openapi.json"
docs_url = "https://docs.example.com"

[secrecy]
patterns = ["*secret*"]

[[release]]
module = "{RELEASE}"
api_version = "{VERSION}"
document = "random.json"
sha256 = ""

{rows}"#
    )
}

fn document(version: &str, keys: &[&str], roots: &[&str], mut schemas: Map<String, Value>, bodies: &[Value]) -> Value {
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
    for (key, fields) in [("error", ["type", "message"]), ("v2.error", ["code", "user_message"])] {
        let fields = Map::from_iter(fields.map(|name| (name.to_owned(), json!({"type": "string"}))));
        let error = json!({"type": "object", "required": ["error"], "properties": {
            "error": {"type": "object", "properties": fields},
        }});
        schemas.insert(key.to_owned(), error);
    }
    let mut paths = Map::new();
    let operations =
        roots.iter().flat_map(|root| OPERATIONS.iter().chain([&FILE]).map(move |operation| (*root, operation)));
    for ((root, (method, template, response)), body) in operations.zip(bodies) {
        let other = keys.last().copied().unwrap_or(root);
        let path = path(version, template, root);
        let item = paths.entry(&path).or_insert_with(|| json!({}));
        item[method] = operation(method, &path, version == V2, &content(*response, version == V2, root, other), body);
    }
    json!({"openapi": "3.0.0", "info": {"title": "A random document", "version": VERSION},
        "paths": paths, "components": {"schemas": schemas}})
}

/// The content of a response.
fn content(response: Response, is_v2: bool, root: &str, other: &str) -> Value {
    let deleted = reference(&format!("deleted_{root}"));
    let schema = match response {
        Response::Resource => reference(root),
        Response::List if is_v2 => list_v2(reference(root)),
        Response::List => list("list", reference(root)),
        Response::Search => list("search_result", reference(root)),
        Response::Deleted => deleted,
        Response::ResourceOrDeleted => json!({"anyOf": [reference(root), deleted]}),
        Response::OtherList if is_v2 => list_v2(reference(other)),
        Response::OtherList => list("list", reference(other)),
        Response::Either => json!({"anyOf": [reference(root), reference(other)]}),
        Response::File => return json!({"application/pdf": {"schema": {"type": "string", "format": "binary"}}}),
    };
    json!({"application/json": {"schema": schema}})
}

fn operation(method: &str, path: &str, is_v2: bool, content: &Value, body: &Value) -> Value {
    let segments = path.split(['{', '}']).skip(1).step_by(2);
    let mut parameters: Vec<Value> = segments
        .map(|name| json!({"name": name, "in": "path", "required": true, "style": "simple", "schema": {"type": "string"}}))
        .collect();
    let error = match is_v2 {
        true => json!({"oneOf": [reference("error"), reference("v2.error")]}),
        false => reference("error"),
    };
    let mut operation = json!({
        "operationId": format!("{method} {path}"),
        "responses": {
            "200": {"description": "Success.", "content": content},
            "default": {"description": "Error.", "content": {"application/json": {"schema": error}}},
        },
    });
    if path.ends_with("/cancel") {
        operation["servers"] = json!([{"url": "https://other.example.com/"}]);
    }
    let properties = body["properties"].as_object().into_iter().flatten();
    if method == "post" && is_v2 {
        if body["properties"] != json!({}) {
            let json = json!({"schema": in_json(body.clone())});
            operation["requestBody"] = json!({"content": {"application/json": json}});
        }
    } else if method == "post" {
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
            let style =
                if schema.get("enum").is_none() && matches!(schema["type"].as_str(), Some("array" | "object") | None) {
                    "deepObject"
                } else {
                    "form"
                };
            let mut parameter =
                json!({"name": name, "in": "query", "required": required(name), "style": style, "schema": schema});
            if !is_v2 {
                parameter["explode"] = json!(true);
            }
            parameter
        }));
    }
    operation["parameters"] = Value::Array(parameters);
    operation
}
