//! Keeps the resources and operations that the configuration names, and everything that they reach up to the boundary.
//!
//! A resource (`x-resourceId`) that no row names is past the boundary: it is not followed, and a reference to it keeps its
//! id and its JSON. The result is a small document of its own, the one that `spec/` stores, and gives the same code again.

mod check;
mod subject;

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{Operation, Parameter, ReferenceOr, Schema};
use serde_json::{Map, Value, json};

use self::check::{alias_cycles, check};
pub(crate) use self::subject::{Page, Subject, subject};
use crate::config::{Lookup, OperationRow, Resource, Row};
use crate::diagnostic::{Collector, Diagnostic, Diagnostics, Pointer, nearest};
use crate::document::{Document, OperationHead, Section};
use crate::ir::Method;

/// What was kept of a document.
#[derive(Debug)]
pub struct Selection {
    /// The document's name, for diagnostics.
    pub name: String,
    /// The API version that the document states.
    pub version: String,
    /// The operations, in the order of the configuration.
    pub operations: Vec<SelectedOperation>,
    /// The component schemas, each whole or a stub, by key.
    pub schemas: BTreeMap<String, ReferenceOr<Schema>>,
    /// The keys among them that are stubs, since they are past the boundary, each with a place that refers to it.
    pub boundary: BTreeMap<String, Pointer>,
    /// The keys past the boundary that the document does not have at all.
    pub absent: BTreeSet<String>,
    /// The same as a document of its own, with sorted keys and nothing lost.
    pub value: Value,
}

impl Selection {
    /// Reports the references to schemas that the document does not have. A part of a document may lack resources past the
    /// boundary; a whole one may not.
    ///
    /// # Errors
    /// One diagnostic for each such schema.
    pub fn check_complete(&self) -> Result<(), Diagnostics> {
        let absent = self.absent.iter().enumerate().map(|(at, key)| {
            let from = self.boundary.get(key).cloned().unwrap_or_default();
            // A whole section that is missing is no mistake in a name.
            let others = self.schemas.keys().filter(|other| at < SUGGESTIONS && *other != key);
            let near = nearest(key, others.map(String::as_str));
            let reason = format!("`$ref` names the schema `{key}`, which the document does not have{near}");
            Diagnostic::new(&self.name, from, reason, "correct the document, or name the whole one")
        });
        let absent: Vec<_> = absent.collect();
        if absent.is_empty() { Ok(()) } else { Err(Diagnostics(absent)) }
    }
}

/// An operation that was kept.
#[derive(Debug)]
pub struct SelectedOperation {
    /// The component schema of the resource of its row.
    pub resource: String,
    /// The cargo feature of its row.
    pub feature: Option<String>,
    /// The Rust name that its row gives.
    pub rust_name: Option<String>,
    /// Its row.
    pub row: Row,
    /// Its method.
    pub method: Method,
    /// Its path.
    pub path: String,
    /// Its place.
    pub pointer: Pointer,
    /// The operation as the document has it.
    pub operation: Operation,
    /// The parameters of its path item, which precede its own.
    pub shared_parameters: Vec<ReferenceOr<Parameter>>,
}

/// Selects from `document`.
///
/// # Errors
/// Everything that is missing, dangling or not supported.
pub(crate) fn select(document: &Document<'_>, lookup: &Lookup<'_>) -> Result<Selection, Diagnostics> {
    let mut select = Select {
        document,
        lookup,
        heads: document.operations(),
        problems: Collector::new(document.name),
        schemas: BTreeMap::new(),
        boundary: BTreeMap::new(),
        absent: BTreeSet::new(),
        paths: Map::new(),
        pending: Vec::new(),
    };
    let mut operations = Vec::new();
    for resource in lookup.resources() {
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
    /// All operations of the document.
    heads: Vec<OperationHead>,
    problems: Collector<'a>,
    schemas: BTreeMap<String, Value>,
    boundary: BTreeMap<String, Pointer>,
    absent: BTreeSet<String>,
    paths: Map<String, Value>,
    /// Keys still to be visited, each with a place that refers to it.
    pending: Vec<(String, Pointer)>,
}

const ROW_HELP: &str = "name a document that has it, or correct the `[[resource]]` row of `codegen.toml`";

impl Select<'_> {
    fn resource(&mut self, resource: &Resource, operations: &mut Vec<Picked>) {
        let key = &resource.schema;
        if resource.operations.is_empty() {
            // The row says only that the resource is followed where something refers to it.
            return;
        }
        if !self.document.schema_keys().any(|k| k == key) {
            if self.lookup.may_be_absent(resource) {
                return;
            }
            let near = nearest(key, self.document.schema_keys());
            let reason = format!("the document has no schema `{key}`, which `codegen.toml` names as a resource{near}");
            self.problems.report(&Pointer::schema(key), reason, ROW_HELP);
            return;
        }
        for row in &resource.operations {
            operations.extend(self.operation(resource, row));
        }
    }

    fn operation(&mut self, resource: &Resource, row: &OperationRow) -> Option<Picked> {
        let is_named = |head: &&OperationHead| match row {
            OperationRow::Id(id) | OperationRow::NamedId { id, .. } => head.id == *id,
            OperationRow::Path { method, path, .. } => head.method == *method && head.path == *path,
        };
        let found: Vec<_> = self.heads.iter().filter(is_named).cloned().collect();
        let [OperationHead { method, path, .. }] = found.as_slice() else {
            if found.is_empty() && self.lookup.may_be_absent(resource) {
                return None;
            }
            self.not_one(row, &found);
            return None;
        };
        let pointer = Pointer::path(path);
        let mut item = self.keep(self.document.path(path)?)?;
        let operation = item.get_mut(method.key()).map(Value::take)?;
        let shared = item.get_mut("parameters").map(Value::take);

        // Every place in the operation keeps the pointer that it has in the whole document.
        self.walk(&operation, &pointer.child(method.key()), false);
        if let Some(shared) = &shared {
            self.walk(shared, &pointer.child("parameters"), false);
        }
        let kept = self.paths.entry(path).or_insert_with(|| json!({}));
        kept[method.key()] = operation;
        if let Some(shared) = shared {
            kept["parameters"] = shared;
        }
        Some(Picked {
            resource: resource.schema.clone(),
            feature: resource.feature.clone(),
            rust_name: row.name().map(str::to_owned),
            row: self.lookup.operation_row(resource, row),
            method: *method,
            path: path.clone(),
        })
    }

    /// Reports a row that does not name exactly one operation.
    fn not_one(&mut self, row: &OperationRow, found: &[OperationHead]) {
        let paths = Pointer::default().child("paths");
        if let [first, second, ..] = found {
            let reason = format!("the operation id `{row}` is that of `{}` and of `{}`", place(first), place(second));
            self.problems.report(&paths, reason, "name the operation by its `method` and `path`");
            return;
        }
        let near = match row {
            OperationRow::Path { path, .. } => nearest(path, self.document.paths()),
            _ => nearest(&row.to_string(), self.heads.iter().map(|head| head.id.as_str())),
        };
        self.problems.report(&paths, format!("the document has no operation `{row}`{near}"), ROW_HELP);
    }

    fn schema(&mut self, key: &str, from: &Pointer) {
        if self.schemas.contains_key(key) {
            return;
        }
        let Some(found) = self.document.schema(key) else {
            self.schemas.insert(key.to_owned(), stub(key, None));
            self.boundary.insert(key.to_owned(), from.clone());
            self.absent.insert(key.to_owned());
            return;
        };
        let Some(value) = self.keep(found) else { return };
        if is_resource(&value) && !self.lookup.is_resource(key) {
            self.schemas.insert(key.to_owned(), stub(key, Some(&value)));
            self.boundary.insert(key.to_owned(), from.clone());
            return;
        }
        self.walk(&value, &Pointer::schema(key), false);
        self.schemas.insert(key.to_owned(), value);
    }

    /// Follows the references below `value`.
    fn walk(&mut self, value: &Value, pointer: &Pointer, names: bool) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    let at = pointer.child(name);
                    // Under some keywords the members have names of the document's own; elsewhere they are keywords, and
                    // some keywords hold data.
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
        let help = "let it name a schema of the same document, as `#/components/schemas/name`";
        let Some(target) = target.as_str() else {
            self.problems.report(pointer, "`$ref` is not a string", help);
            return;
        };
        match schema_key(target) {
            Some(key) => self.pending.push((key, pointer.clone())),
            None if target.starts_with('#') => {
                self.problems.report(
                    pointer,
                    format!("`$ref` names `{target}`, which is not a component schema"),
                    help,
                );
            }
            None => {
                let reason = format!("`$ref` names `{target}`, which is outside the document and is not fetched");
                self.problems.report(pointer, reason, help);
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

        let version = self.version(&value);
        let schemas = self.decode_schemas(&value["components"]["schemas"]);
        let operations =
            picked.into_iter().filter_map(|picked| self.decode_operation(picked, &value["paths"])).collect();
        self.problems.finish(Selection {
            name: self.document.name.to_owned(),
            version,
            operations,
            schemas,
            boundary: self.boundary,
            absent: self.absent,
            value,
        })
    }

    /// The version, which names files and is in comments, so that no text will do.
    fn version(&mut self, value: &Value) -> String {
        let pointer = Pointer::default().child("info").child("version");
        let Some(version) = value["info"]["version"].as_str() else {
            self.problems.report(&pointer, "the document does not state its version", "add `version`, a string");
            return String::new();
        };
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let starts_well = version.starts_with(|c: char| c.is_ascii_alphanumeric());
        if !starts_well || !version.chars().all(is_plain) || version.len() > MAX_VERSION {
            let shown: String = version.chars().take(MAX_VERSION).collect();
            let reason = format!("the version {shown:?} is not a plain name of at most {MAX_VERSION} characters");
            let help = "use letters, digits, `.`, `_` and `-`, as in `2026-09-30.endive`";
            self.problems.report(&pointer, reason, help);
        }
        version.to_owned()
    }

    fn decode_schemas(&mut self, values: &Value) -> BTreeMap<String, ReferenceOr<Schema>> {
        let mut schemas = BTreeMap::new();
        let cycles = alias_cycles(values);
        for (key, value) in values.as_object().into_iter().flatten() {
            let pointer = Pointer::schema(key);
            if let Some(cycle) = cycles.get(key.as_str()) {
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
        let Picked { resource, feature, rust_name, row, method, path } = picked;
        let pointer = Pointer::path(&path).child(method.key());
        let item = &paths[&path];
        let shared = item.get("parameters").map_or(Ok(Vec::new()), decode::<Vec<ReferenceOr<Parameter>>>);
        match (decode::<Operation>(&item[method.key()]), shared) {
            (Ok(operation), Ok(shared_parameters)) => Some(SelectedOperation {
                resource,
                feature,
                rust_name,
                row,
                method,
                path,
                pointer,
                operation,
                shared_parameters,
            }),
            (Err(error), _) | (_, Err(error)) => {
                self.problems.report(&pointer, not_openapi(&error), HELP);
                None
            }
        }
    }
}

/// An operation that was picked, before it is decoded.
struct Picked {
    resource: String,
    feature: Option<String>,
    rust_name: Option<String>,
    row: Row,
    method: Method,
    path: String,
}

/// The most names for which similar ones are looked for.
const SUGGESTIONS: usize = 20;

/// The longest version that is taken, in bytes.
const MAX_VERSION: usize = 64;

const HELP: &str = "correct the document, or report the shape as a gap of the generator";

fn not_openapi(error: &serde_json::Error) -> String {
    format!("this is not OpenAPI 3.0: {error}")
}

fn decode<T: serde::de::DeserializeOwned>(value: &Value) -> Result<T, serde_json::Error> {
    T::deserialize(value)
}

fn place(head: &OperationHead) -> String {
    format!("{} {}", head.method.as_str(), head.path)
}

/// Whether a schema is a resource of its own. A deleted object is not: it belongs to the object that it was.
fn is_resource(schema: &Value) -> bool {
    schema.get("x-resourceId").is_some() && schema["properties"]["deleted"]["enum"] != json!([true])
}

/// The keys of the component schemas that a part of a document refers to.
pub(crate) fn references(part: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut pending = vec![part];
    while let Some(value) = pending.pop() {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str).and_then(schema_key));
                pending.extend(members.values());
            }
            Value::Array(elements) => pending.extend(elements),
            _ => {}
        }
    }
    found
}

/// The key of a reference to a component schema of the same document.
pub(crate) fn schema_key(reference: &str) -> Option<String> {
    let key = reference.strip_prefix("#/components/schemas/")?;
    (!key.contains('/')).then(|| key.replace("~1", "/").replace("~0", "~"))
}

/// The part that is kept of a schema past the boundary: what an object is recognised by.
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
