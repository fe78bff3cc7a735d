//! Keeps the resources that the configuration names, their operations, and what both reach, up to the boundary.
//!
//! The result is a small document of its own: the same one that `spec/` stores, and that gives the same crate again.

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{Operation, Parameter, ReferenceOr, Schema};
use serde_json::{Map, Value, json};

use crate::config::{Lookup, Resource, Verb};
use crate::diagnostic::{Collector, Diagnostic, Diagnostics, Pointer, nearest};
use crate::document::{Document, Section};

/// What was kept of a document.
#[derive(Debug)]
pub struct Selection {
    /// The document's name, for diagnostics.
    pub name: String,
    /// The API version that the document says it is of.
    pub version: String,
    /// The operations, in the configuration's order.
    pub operations: Vec<SelectedOperation>,
    /// The component schemas, each whole or a stub, by key.
    pub schemas: BTreeMap<String, ReferenceOr<Schema>>,
    /// The keys among them that are stubs, as they lie past the boundary.
    pub boundary: BTreeSet<String>,
    /// The same as a document of its own, with sorted keys and nothing lost.
    pub value: Value,
}

/// An operation that was kept.
#[derive(Debug)]
pub struct SelectedOperation {
    /// The component schema of the resource it belongs to.
    pub resource: String,
    /// What it does.
    pub verb: Verb,
    /// Its path.
    pub path: String,
    /// Where it stands.
    pub pointer: Pointer,
    /// All that the document says of it.
    pub operation: Operation,
    /// The parameters of its path item, which come before its own.
    pub shared_parameters: Vec<ReferenceOr<Parameter>>,
}

/// Selects from `document`.
///
/// # Errors
/// All that is missing, dangling or not understood.
pub(crate) fn select(document: &Document<'_>, lookup: &Lookup<'_>) -> Result<Selection, Diagnostics> {
    let mut select = Select {
        document,
        lookup,
        problems: Collector::new(document.name),
        schemas: BTreeMap::new(),
        boundary: BTreeSet::new(),
        paths: Map::new(),
        pending: Vec::new(),
    };
    let mut operations = Vec::new();
    for resource in &lookup.config.resources {
        select.resource(resource, &mut operations);
    }
    while let Some((key, from)) = select.pending.pop() {
        select.schema(&key, &from);
    }
    select.finish(operations)
}

struct Select<'a> {
    document: &'a Document<'a>,
    lookup: &'a Lookup<'a>,
    problems: Collector<'a>,
    schemas: BTreeMap<String, Value>,
    boundary: BTreeSet<String>,
    paths: Map<String, Value>,
    /// Keys still to be visited, each with a place that refers to it.
    pending: Vec<(String, Pointer)>,
}

impl Select<'_> {
    fn resource(&mut self, resource: &Resource, operations: &mut Vec<Picked>) {
        let key = &resource.schema;
        if !self.document.schema_keys().any(|k| k == key) {
            let near = nearest(key, self.document.schema_keys());
            self.problems.report(
                &Pointer::schema(key),
                format!("the document has no schema `{key}`, which `codegen.toml` names as a resource{near}"),
                "name a document that has it, or correct the `[[resource]]` row",
            );
            return;
        }
        self.pending.push((key.clone(), Pointer::schema(key)));
        for verb in &resource.operations {
            if let Some(operation) = self.operation(resource, *verb) {
                operations.push(operation);
            }
        }
    }

    fn operation(&mut self, resource: &Resource, verb: Verb) -> Option<Picked> {
        let path = self.document.paths().find(|path| match path.strip_prefix(&resource.path) {
            Some("") => !verb.of_one(),
            Some(rest) => verb.of_one() && is_one_parameter(rest),
            None => false,
        });
        let (method, what) = (verb.method(), if verb.of_one() { "/{…}" } else { "" });
        let missing = |problems: &mut Collector<'_>, pointer: &Pointer, near: &str| {
            problems.report(
                pointer,
                format!("the document has no operation `{method} {}{what}`{near}", resource.path),
                "name a document that has it, or correct the `[[resource]]` row",
            );
        };
        let Some(path) = path else {
            let near = nearest(&resource.path, self.document.paths());
            missing(&mut self.problems, &Pointer::default().child("paths"), &near);
            return None;
        };
        let pointer = Pointer::path(path);
        let mut item = self.keep(self.document.path(path)?)?;
        let Some(operation) = item.get_mut(method).map(Value::take) else {
            missing(&mut self.problems, &pointer, "");
            return None;
        };
        let shared = item.get_mut("parameters").map(Value::take);

        // Every place in the operation keeps the pointer that it has in the whole document.
        self.walk(&operation, &pointer.child(method), false);
        if let Some(shared) = &shared {
            self.walk(shared, &pointer.child("parameters"), false);
        }
        let kept = self.paths.entry(path).or_insert_with(|| json!({}));
        kept[method] = operation;
        if let Some(shared) = shared {
            kept["parameters"] = shared;
        }
        Some(Picked { resource: resource.schema.clone(), verb, path: path.to_owned() })
    }

    fn schema(&mut self, key: &str, from: &Pointer) {
        if self.schemas.contains_key(key) {
            return;
        }
        let found = self.document.schema(key);
        if self.lookup.is_boundary(key) {
            let full = match found {
                Some(full) => self.keep(full),
                None => None,
            };
            self.schemas.insert(key.to_owned(), stub(key, full.as_ref()));
            self.boundary.insert(key.to_owned());
            return;
        }
        let Some(found) = found else {
            let near = nearest(key, self.document.schema_keys());
            self.problems.report(
                from,
                format!("`$ref` names the schema `{key}`, which the document does not have{near}"),
                "correct the document, or list the schema under `boundary` in `codegen.toml`",
            );
            return;
        };
        let Some(value) = self.keep(found) else { return };
        self.walk(&value, &Pointer::schema(key), false);
        self.schemas.insert(key.to_owned(), value);
    }

    /// Follows the references below `value`.
    fn walk(&mut self, value: &Value, pointer: &Pointer, names: bool) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    let at = pointer.child(name);
                    // Under these keywords a member's name is anybody's; elsewhere it is a keyword, and what some of them
                    // hold is data.
                    match (names, name.as_str()) {
                        (false, "$ref") => self.reference(member, &at),
                        (false, "example" | "examples" | "default" | "enum") => {}
                        (false, "properties" | "responses" | "content" | "headers") => self.walk(member, &at, true),
                        _ => self.walk(member, &at, false),
                    }
                }
            }
            Value::Array(elements) => {
                for (i, element) in elements.iter().enumerate() {
                    self.walk(element, &pointer.index(i), false);
                }
            }
            _ => {}
        }
    }

    fn reference(&mut self, target: &Value, pointer: &Pointer) {
        let remedy = "let it name a schema of the same document, as `#/components/schemas/name`";
        let Some(target) = target.as_str() else {
            self.problems.report(pointer, "`$ref` is not a string", remedy);
            return;
        };
        match schema_key(target) {
            Some(key) => self.pending.push((key, pointer.clone())),
            None if target.starts_with('#') => {
                self.problems.report(pointer, format!("`$ref` names `{target}`, which is no component schema"), remedy);
            }
            None => {
                let reason = format!("`$ref` names `{target}`, which lies outside the document and is not fetched");
                self.problems.report(pointer, reason, remedy);
            }
        }
    }

    fn keep(&mut self, decoded: Result<Value, Diagnostic>) -> Option<Value> {
        decoded.map_err(|problem| self.problems.push(problem)).ok()
    }

    fn finish(mut self, picked: Vec<Picked>) -> Result<Selection, Diagnostics> {
        let mut root = Map::new();
        let mut components = Map::new();
        for (name, section) in [
            ("openapi", Section::OpenApi),
            ("info", Section::Info),
            ("servers", Section::Servers),
            ("security", Section::Security),
            ("securitySchemes", Section::SecuritySchemes),
        ] {
            match self.document.section(section) {
                Some(Ok(value)) if name == "securitySchemes" => components.insert(name.to_owned(), value),
                Some(Ok(value)) => root.insert(name.to_owned(), value),
                Some(Err(problem)) => {
                    self.problems.push(problem);
                    None
                }
                None => None,
            };
        }
        components.insert("schemas".to_owned(), std::mem::take(&mut self.schemas).into_iter().collect());
        root.insert("paths".to_owned(), std::mem::take(&mut self.paths).into());
        root.insert("components".to_owned(), components.into());
        let mut value = Value::from(root);
        self.lookup.fix(&mut value);

        let version = value["info"]["version"].as_str().map(str::to_owned);
        if version.is_none() {
            let pointer = Pointer::default().child("info").child("version");
            self.problems.report(&pointer, "the document does not say its version", "add `version`, a string");
        }
        let schemas = self.decode_schemas(&value["components"]["schemas"]);
        let operations =
            picked.into_iter().filter_map(|picked| self.decode_operation(picked, &value["paths"])).collect();
        self.problems.finish(Selection {
            name: self.document.name.to_owned(),
            version: version.unwrap_or_default(),
            operations,
            schemas,
            boundary: self.boundary,
            value,
        })
    }

    fn decode_schemas(&mut self, values: &Value) -> BTreeMap<String, ReferenceOr<Schema>> {
        let mut schemas = BTreeMap::new();
        for (key, value) in values.as_object().into_iter().flatten() {
            let pointer = Pointer::schema(key);
            if let Some(cycle) = alias_cycle(key, values) {
                let reason = format!("the schema is an alias of itself: {}", cycle.join(" → "));
                self.problems.report(&pointer, reason, "let one of them be a schema and not a `$ref`");
                continue;
            }
            check(value, &pointer, &mut self.problems);
            if let Ok(schema) = decode(value) {
                schemas.insert(key.clone(), schema);
            }
        }
        schemas
    }

    fn decode_operation(&mut self, picked: Picked, paths: &Value) -> Option<SelectedOperation> {
        let Picked { resource, verb, path } = picked;
        let pointer = Pointer::path(&path).child(verb.method());
        let item = &paths[&path];
        let shared = item.get("parameters").map_or(Ok(Vec::new()), decode::<Vec<ReferenceOr<Parameter>>>);
        match (decode::<Operation>(&item[verb.method()]), shared) {
            (Ok(operation), Ok(shared_parameters)) => {
                Some(SelectedOperation { resource, verb, path, pointer, operation, shared_parameters })
            }
            (Err(error), _) | (_, Err(error)) => {
                self.problems.report(&pointer, not_understood(&error), REMEDY);
                None
            }
        }
    }
}

/// An operation that was picked, before it is decoded.
struct Picked {
    resource: String,
    verb: Verb,
    path: String,
}

const REMEDY: &str = "correct the document, or report the shape as a gap of the generator";

fn not_understood(error: &serde_json::Error) -> String {
    format!("this is not understood as OpenAPI 3.0: {error}")
}

fn decode<T: serde::de::DeserializeOwned>(value: &Value) -> Result<T, serde_json::Error> {
    T::deserialize(value)
}

/// Whether a path's rest is `/{name}` and nothing more.
fn is_one_parameter(rest: &str) -> bool {
    rest.strip_prefix("/{").and_then(|rest| rest.strip_suffix('}')).is_some_and(|name| !name.contains(['/', '{']))
}

/// The key of a reference to a component schema of the same document.
pub(crate) fn schema_key(reference: &str) -> Option<String> {
    let key = reference.strip_prefix("#/components/schemas/")?;
    (!key.contains('/')).then(|| key.replace("~1", "/").replace("~0", "~"))
}

/// What is kept of a schema past the boundary: enough to know an object by.
fn stub(key: &str, full: Option<&Value>) -> Value {
    let Some(full) = full else {
        return json!({
            "required": ["id", "object"],
            "type": "object",
            "properties": {
                "id": { "maxLength": 5000, "type": "string" },
                "object": { "type": "string", "enum": [key] },
            },
            "x-resourceId": key,
        });
    };
    let kept = |name: &str| name == "id" || name == "object";
    let mut stub = Map::new();
    for name in ["title", "description", "type", "x-resourceId"] {
        if let Some(value) = full.get(name) {
            stub.insert(name.to_owned(), value.clone());
        }
    }
    if let Some(Value::Array(required)) = full.get("required") {
        let required = required.iter().filter(|name| name.as_str().is_some_and(kept));
        stub.insert("required".to_owned(), required.cloned().collect());
    }
    if let Some(Value::Object(properties)) = full.get("properties") {
        let properties = properties.iter().filter(|(name, _)| kept(name));
        stub.insert("properties".to_owned(), properties.map(|(k, v)| (k.clone(), v.clone())).collect());
    }
    stub.into()
}

/// The chain of references from `key` back to a schema that was in it already.
fn alias_cycle(key: &str, schemas: &Value) -> Option<Vec<String>> {
    let mut chain = vec![key.to_owned()];
    loop {
        let next = schemas.get(chain.last()?)?.get("$ref")?.as_str().and_then(schema_key)?;
        let closed = chain.contains(&next);
        chain.push(next);
        if closed {
            return Some(chain);
        }
    }
}

/// Reports what the typed form of OpenAPI would refuse, or silently leave out, at the innermost place.
fn check(schema: &Value, pointer: &Pointer, problems: &mut Collector<'_>) -> bool {
    let mut children = Vec::new();
    if let Value::Object(members) = schema {
        let composed = ["anyOf", "oneOf", "allOf", "not"].into_iter().filter(|k| members.contains_key(*k));
        let composed: Vec<_> = members.contains_key("type").then_some("type").into_iter().chain(composed).collect();
        if composed.len() > 1 && !members.contains_key("$ref") {
            let reason = format!("a schema with {} at once is not understood", quoted(&composed));
            problems.report(pointer, reason, REMEDY);
            return false;
        }
        for keyword in ["anyOf", "oneOf", "allOf"] {
            if let Some(Value::Array(parts)) = members.get(keyword) {
                let at = pointer.child(keyword);
                children.extend(parts.iter().enumerate().map(|(i, part)| (part, at.index(i))));
            }
        }
        for keyword in ["items", "additionalProperties", "not"] {
            if let Some(part @ Value::Object(_)) = members.get(keyword) {
                children.push((part, pointer.child(keyword)));
            }
        }
        if let Some(Value::Object(properties)) = members.get("properties") {
            let at = pointer.child("properties");
            children.extend(properties.iter().map(|(name, part)| (part, at.child(name))));
        }
    }
    // Every child is looked at, so no `all`, which stops at the first.
    let mut well = true;
    for (child, at) in children {
        well &= check(child, &at, problems);
    }
    if well && let Err(error) = decode::<ReferenceOr<Schema>>(schema) {
        problems.report(pointer, not_understood(&error), REMEDY);
        well = false;
    }
    well
}

fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" and ")
}
