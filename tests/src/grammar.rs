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

/// What an operation returns.
#[derive(Clone, Copy, Debug)]
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

/// The operations of a resource: the method, the path after `/v1`, and what is returned. `RESOURCES` stands for the resource's
/// collection, and `ID` for the parameter of its id.
const OPERATIONS: &[(&str, &str, Response)] = &[
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
const FILE: (&str, &str, Response) = ("get", "RESOURCES/ID/file", Response::File);

/// A row of resources in the configuration: the schema, its operations, and the feature.
#[derive(Clone, Debug)]
struct Row {
    key: &'static str,
    operations: Vec<(&'static str, &'static str, Response)>,
    feature: Option<&'static str>,
}

/// A feature of a row that is on where the module is compiled, and one that is off.
const FEATURES: &[&str] = &["on", FEATURE_OFF];

/// The feature to compile without.
pub const FEATURE_OFF: &str = "off";

/// Returns a strategy for documents with their configuration.
///
/// The configuration selects some of the operations, of one resource or of two.
pub fn cases() -> impl Strategy<Value = Case> {
    let keys = (subsequence(KEYS, 0..4), option::weighted(0.2, select(HARD_KEYS)));
    let rows = (row(ROOT, 1..4), any::<prop::sample::Index>(), row(ROOT, 0..3), option::weighted(0.02, Just(FILE)));
    (keys, rows).prop_flat_map(|((easy, hard), (mut row, second, other, file))| {
        let keys: Vec<&'static str> = [ROOT].into_iter().chain(easy).chain(hard).collect();
        row.operations.extend(file);
        let mut rows = vec![row];
        let second = *second.get(&keys);
        if second != ROOT && !other.operations.is_empty() {
            rows.push(Row { key: second, ..other });
        }
        let roots: Vec<_> = rows.iter().map(|row| row.key).collect();
        let schemas: Vec<_> = keys.iter().map(|key| component(key, roots.contains(key), keys.clone())).collect();
        let bodies = vec((parameters(), any::<bool>()), roots.len() * (OPERATIONS.len() + 1));
        (schemas, bodies, parameters()).prop_map(move |(components, bodies, shared)| {
            let mut schemas = Map::new();
            for (index, mut component) in components.into_iter().enumerate() {
                require_no_cycle(&mut component, &keys[..=index]);
                schemas.insert(keys[index].to_owned(), component);
            }
            let bodies: Vec<_> =
                bodies.into_iter().map(|(body, shares)| if shares { merged(body, &shared) } else { body }).collect();
            Case { document: document(&keys, &roots, schemas, &bodies), config: config(&rows) }
        })
    })
}

/// Some operations of a resource.
fn row(key: &'static str, count: std::ops::Range<usize>) -> impl Strategy<Value = Row> {
    let feature = option::weighted(0.3, select(FEATURES));
    (subsequence(OPERATIONS, count), feature).prop_map(move |(operations, feature)| Row { key, operations, feature })
}

/// The parameters of a body with those of another one that have other names.
fn merged(mut body: Value, other: &Value) -> Value {
    for (name, schema) in other["properties"].as_object().into_iter().flatten() {
        body["properties"].as_object_mut().expect("a body is an object").entry(name).or_insert_with(|| schema.clone());
    }
    body
}

/// The path of an operation of the resource `key`.
fn path(template: &str, key: &str) -> String {
    let collection = format!("{}s", key.replace('.', "/"));
    let id = format!("{{{}}}", key.rsplit('.').next().unwrap_or(key));
    format!("/v1/{}", template.replace("RESOURCES", &collection).replace("ID", &id))
}

fn config(rows: &[Row]) -> String {
    let rows = rows.iter().map(|row| {
        let operations: Vec<_> = row
            .operations
            .iter()
            .map(|(method, template, _)| format!("{{ method = {method:?}, path = {:?} }}", path(template, row.key)))
            .collect();
        let feature = row.feature.map(|feature| format!("feature = {feature:?}\n")).unwrap_or_default();
        format!("[[resource]]\nschema = {:?}\noperations = [{}]\n{feature}\n", row.key, operations.join(", "))
    });
    format!(
        "expand_depth = 4\nupstream = \"https://example.com/{{tag}}/openapi.json\"\ndocs_url = \"https://docs.example.com\"\n\n\
         {}[[rename]]\nfrom = \"error\"\nto = \"error_response\"\n",
        rows.collect::<String>()
    )
}

fn document(keys: &[&str], roots: &[&str], mut schemas: Map<String, Value>, bodies: &[Value]) -> Value {
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
    let mut paths = Map::new();
    let operations =
        roots.iter().flat_map(|root| OPERATIONS.iter().chain([&FILE]).map(move |operation| (*root, operation)));
    for ((root, (method, template, response)), body) in operations.zip(bodies) {
        let other = keys.last().copied().unwrap_or(root);
        let path = path(template, root);
        let item = paths.entry(&path).or_insert_with(|| json!({}));
        item[method] = operation(method, &path, &content(*response, root, other), body);
    }
    json!({"openapi": "3.0.0", "info": {"title": "A random document", "version": "2024-01-01"},
        "paths": paths, "components": {"schemas": schemas}})
}

/// The content of a response.
fn content(response: Response, root: &str, other: &str) -> Value {
    let deleted = reference(&format!("deleted_{root}"));
    let schema = match response {
        Response::Resource => reference(root),
        Response::List => list("list", reference(root)),
        Response::Search => list("search_result", reference(root)),
        Response::Deleted => deleted,
        Response::ResourceOrDeleted => json!({"anyOf": [reference(root), deleted]}),
        Response::OtherList => list("list", reference(other)),
        Response::Either => json!({"anyOf": [reference(root), reference(other)]}),
        Response::File => return json!({"application/pdf": {"schema": {"type": "string", "format": "binary"}}}),
    };
    json!({"application/json": {"schema": schema}})
}

fn operation(method: &str, path: &str, content: &Value, body: &Value) -> Value {
    let segments = path.split(['{', '}']).skip(1).step_by(2);
    let mut parameters: Vec<Value> = segments
        .map(|name| json!({"name": name, "in": "path", "required": true, "style": "simple", "schema": {"type": "string"}}))
        .collect();
    let mut operation = json!({
        "operationId": format!("{method} {path}"),
        "responses": {
            "200": {"description": "Success.", "content": content},
            "default": {"description": "Error.", "content": {"application/json": {"schema": reference("error")}}},
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

/// Stripe's list object, or a page of search results.
fn list(object: &str, item: Value) -> Value {
    json!({"type": "object", "required": ["data", "has_more", "object", "url"], "properties": {
        "data": {"type": "array", "items": item}, "has_more": {"type": "boolean"},
        "object": {"type": "string", "enum": [object]}, "url": {"type": "string"},
    }})
}

/// A component schema: a resource with an id, which may be past the boundary, or an object without one.
fn component(key: &'static str, is_root: bool, keys: Vec<&'static str>) -> BoxedStrategy<Value> {
    (object(name(), shape(keys)), any::<bool>(), any::<bool>(), select(DESCRIPTIONS))
        .prop_map(move |(mut schema, is_resource, is_marked, description)| {
            if is_resource || is_root {
                if is_marked {
                    schema["x-resourceId"] = json!(key);
                }
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
    let leaf = prop_oneof![
        30 => scalar(),
        20 => enumeration(),
        1 => range_or_value(),
        1 => Just(json!({"type": "object", "properties": {}})),
    ];
    let value = leaf.prop_recursive(2, 8, 4, |inner| {
        let inner = inner.boxed();
        prop_oneof![
            3 => inner.clone().prop_map(|items| json!({"type": "array", "items": items})),
            1 => inner.clone().prop_map(|values| json!({"type": "object", "additionalProperties": values})),
            3 => object(name(), inner.clone()),
            1 => several_types(object(name(), inner.clone())),
            1 => titled_objects(object(name(), inner.clone())),
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

/// A parameter of several types: an object or a string, a keyword or a time, and so on. `""` may be one of them.
fn several_types(object: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let types = vec![
        json!({"type": "array", "items": {"type": "string"}}),
        json!({"type": "string", "maxLength": 5000}),
        json!({"type": "integer", "format": "unix-time"}),
        json!({"type": "integer"}),
        json!({"type": "boolean"}),
        json!({"type": "string", "enum": [""]}),
    ];
    (option::of(object), option::of(enumeration()), subsequence(types, 1..3))
        .prop_map(|(object, keyword, types)| {
            let forms: Vec<_> = object.into_iter().chain(keyword).chain(types).collect();
            json!({"anyOf": forms})
        })
        .boxed()
}

/// A parameter that is one of two objects, which only their titles tell apart.
fn titled_objects(object: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    (object.clone(), object, name())
        .prop_map(|(mut one, mut two, name)| {
            one["title"] = json!(format!("{name}_one"));
            two["title"] = json!(format!("{name}_two"));
            json!({"anyOf": [one, two]})
        })
        .boxed()
}
