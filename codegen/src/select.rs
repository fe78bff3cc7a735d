//! Keeps the resources and operations that the configuration names, and everything that they reach up to the boundary.
//!
//! A resource (`x-resourceId`) that no row names is past the boundary: it is not followed, and a reference to it keeps its
//! id and its JSON. The result is a small document of its own, the one that `spec/` stores, and gives the same code again.

mod boundary;
mod check;
mod subject;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

pub(crate) use self::boundary::is_resource;
use self::boundary::stub;
use self::check::check;
pub(crate) use self::subject::{Page, subject};
use crate::config::{Lookup, OperationRow, Resource};
use crate::diagnostic::{Collector, Diagnostic, Diagnostics, Pointer, nearest};
use crate::ir::Method;
use crate::openapi::document::{Document, OperationHead, Verb};
use crate::openapi::keys::walk::{Trail, Walk};
use crate::openapi::keys::{Fate, Place, Row, Side, holds_names};
use crate::openapi::node::Node;

/// What was kept of a document.
#[derive(Debug)]
pub struct Selection {
    /// The document's name, for diagnostics.
    pub name: String,
    /// The API version that the document states.
    pub version: String,
    /// The keys of the component schemas that are stubs, since they are past the boundary, each with a place that refers to it.
    pub boundary: BTreeMap<String, Pointer>,
    /// The keys past the boundary that the document does not have at all, each with a place that refers to it.
    pub absent: BTreeMap<String, Pointer>,
    /// What was kept as a document of its own, with sorted keys and nothing lost.
    pub value: Value,
}

impl Selection {
    /// Returns the keys of the component schemas.
    pub fn schema_keys(&self) -> impl Iterator<Item = &str> {
        self.schemas().map(|(key, _)| key.as_str())
    }

    /// Returns the component schemas by key, each whole or a stub.
    pub(crate) fn schemas(&self) -> impl Iterator<Item = (&String, Node<'_>)> {
        Node(&self.value["components"]).members("schemas")
    }

    /// Returns every key of what was selected with what becomes of it, each by its place.
    pub fn keys(&self) -> Vec<(Pointer, &'static Row)> {
        let mut rows = Vec::new();
        let is_boundary = |key: &str| self.boundary.contains_key(key);
        check(&self.value, is_boundary, &mut Collector::new(&self.name), Some(&mut rows));
        rows
    }

    /// Reports the references to schemas that the document does not have. A part of a document may lack resources past the
    /// boundary; a whole one may not.
    ///
    /// # Errors
    /// One diagnostic for each such schema.
    pub fn check_complete(&self) -> Result<(), Diagnostics> {
        let absent = self.absent.keys().enumerate().map(|(at, key)| {
            // A whole section that is missing is no mistake in a name.
            let others = self.schema_keys().filter(|other| at < SUGGESTIONS && !self.absent.contains_key(*other));
            let near = nearest(key, others);
            self.absence(key, &near)
        });
        Diagnostics::of(absent.collect())
    }

    /// Returns the diagnostic for a schema that the document does not have; `near` names a similar one.
    pub(crate) fn absence(&self, key: &str, near: &str) -> Diagnostic {
        let from = self.absent.get(key).cloned().unwrap_or_default();
        let reason = format!("`$ref` names the schema `{key}`, which the document does not have{near}");
        Diagnostic::new(&self.name, from, reason, "correct the document, or name the whole one")
    }
}

/// An operation that was kept.
#[derive(Debug)]
pub(crate) struct SelectedOperation<'c> {
    /// The row of its resource.
    pub(crate) resource: &'c Resource,
    /// Its own row in that.
    pub(crate) row: &'c OperationRow,
    /// Its method.
    pub(crate) method: Method,
    /// Its path.
    pub(crate) path: String,
}

/// Selects from `document`.
///
/// # Errors
/// Returns everything that is missing, dangling or not supported.
pub(crate) fn select<'c>(
    document: &Document<'_>,
    lookup: &Lookup<'c>,
) -> Result<(Selection, Vec<SelectedOperation<'c>>), Diagnostics> {
    let mut select = Select {
        document,
        lookup,
        heads: document.operations(),
        problems: Collector::new(document.name),
        schemas: BTreeMap::new(),
        boundary: BTreeMap::new(),
        absent: BTreeMap::new(),
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
    Ok((select.finish()?, operations))
}

struct Select<'a, 'c> {
    document: &'a Document<'a>,
    lookup: &'a Lookup<'c>,
    /// All operations of the document.
    heads: Vec<OperationHead>,
    problems: Collector<'a>,
    schemas: BTreeMap<String, Value>,
    boundary: BTreeMap<String, Pointer>,
    absent: BTreeMap<String, Pointer>,
    paths: Map<String, Value>,
    /// Keys still to be visited, each with a place that refers to it.
    pending: Vec<(String, Pointer)>,
}

const ROW_HELP: &str = "name a document that has it, take one with `cargo xtask update`, or correct the `[[resource]]` row of `codegen.toml`";

impl<'c> Select<'_, 'c> {
    fn resource(&mut self, resource: &'c Resource, operations: &mut Vec<SelectedOperation<'c>>) {
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

    fn operation(&mut self, resource: &'c Resource, row: &'c OperationRow) -> Option<SelectedOperation<'c>> {
        let named: Vec<_> = self.heads.iter().filter(|head| row.names(head)).cloned().collect();
        let [OperationHead { method, path, .. }] = named.as_slice() else {
            if named.is_empty() && self.lookup.may_be_absent(resource) {
                return None;
            }
            self.not_one(row, &named);
            return None;
        };
        let pointer = Pointer::path(path);
        let method = match supported(*method) {
            Ok(method) => method,
            Err(reason) => {
                self.problems.report(&pointer.child(method.key()), reason, NOT_YET);
                return None;
            }
        };
        if self.paths.get(path).is_some_and(|kept| kept.get(method.key()).is_some()) {
            let reason = format!("`{row}` selects this operation, which another row selects as well");
            self.problems.report(&pointer.child(method.key()), reason, "delete one of the two rows of `codegen.toml`");
            return None;
        }
        let item = self.keep(self.document.path(path)?, &Pointer::path(path))?;
        let Value::Object(mut item) = item else { return None };
        let operation = item.remove(method.key())?;
        // What is beside the operations is about each of them.
        item.retain(|key, _| Verb::of_key(key).is_none());

        // Every place in the operation keeps the pointer that it has in the whole document.
        let at = Trail::Root(pointer);
        self.walk(&operation, &Trail::Key(&at, method.key()));
        for (key, member) in &item {
            self.walk(member, &Trail::Key(&at, key));
        }
        let kept = self.paths.entry(path).or_insert_with(|| Map::new().into());
        kept[method.key()] = operation;
        for (key, member) in item {
            kept[&key] = member;
        }
        Some(SelectedOperation { resource, row, method, path: path.clone() })
    }

    /// Reports a row that does not name exactly one operation.
    fn not_one(&mut self, row: &OperationRow, named: &[OperationHead]) {
        let paths = Pointer::default().child("paths");
        if let [first, second, ..] = named {
            let reason = format!("the operation id `{row}` is that of `{first}` and of `{second}`");
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
        let Some(decoded) = self.document.schema(key) else {
            self.schemas.insert(key.to_owned(), stub(key, None));
            self.boundary.insert(key.to_owned(), from.clone());
            self.absent.insert(key.to_owned(), from.clone());
            return;
        };
        let Some(value) = self.keep(decoded, &Pointer::schema(key)) else { return };
        if is_resource(&value) && !self.lookup.follows(key) {
            self.schemas.insert(key.to_owned(), stub(key, Some(&value)));
            self.boundary.insert(key.to_owned(), from.clone());
            return;
        }
        self.walk(&value, &Trail::Root(Pointer::schema(key)));
        self.schemas.insert(key.to_owned(), value);
    }

    /// Follows the references below `value`. One that leads nowhere is reported once the table of fates is applied.
    fn walk(&mut self, value: &Value, at: &Trail<'_>) {
        each_reference(value, at, false, &mut |key, at| {
            if !self.schemas.contains_key(&key) {
                self.pending.push((key, at.pointer()));
            }
        });
    }

    /// Corrects a part of the document, and reports one that cannot be decoded.
    fn keep(&mut self, decoded: Result<Value, Diagnostic>, at: &Pointer) -> Option<Value> {
        let mut part = decoded.map_err(|problem| self.problems.push(problem)).ok()?;
        self.lookup.fix(at, &mut part);
        Some(part)
    }

    fn finish(mut self) -> Result<Selection, Diagnostics> {
        let mut root = Map::new();
        let mut components = Map::new();
        let mut keep = |members: &mut Map<String, Value>, key: &str, value| match value {
            Some(Ok(value)) => drop(members.insert(key.to_owned(), value)),
            Some(Err(problem)) => self.problems.push(problem),
            None => {}
        };
        for key in ["openapi", "info", "servers", "security"] {
            keep(&mut root, key, self.document.root_member(key));
        }
        keep(&mut components, "securitySchemes", self.document.component("securitySchemes"));
        components.insert("schemas".to_owned(), std::mem::take(&mut self.schemas).into_iter().collect());
        root.insert("paths".to_owned(), std::mem::take(&mut self.paths).into());
        root.insert("components".to_owned(), components.into());
        let mut value = Value::from(root);
        // The paths and the schemas were corrected before anything followed them.
        self.lookup.fix(&Pointer::default(), &mut value);

        for (at, keys) in self.document.other_keys() {
            let place = if at == Pointer::default() { Place::Document } else { Place::Components };
            // Their values were not kept.
            let members = keys.into_iter().map(|key| (key.to_owned(), Value::Null)).collect();
            let mut walk = Walk { problems: &mut self.problems, rows: None };
            walk.object(place, Side::Response, &Value::Object(members), &Trail::Root(at), false);
        }
        let version = self.version(&value);
        check(&value, |key| self.boundary.contains_key(key), &mut self.problems, None);
        let selection = Selection {
            name: self.document.name.to_owned(),
            version,
            boundary: self.boundary,
            absent: self.absent,
            value,
        };
        self.problems.finish(selection)
    }

    /// Returns the version, which has to be a plain name: it names files and is in comments.
    fn version(&mut self, value: &Value) -> String {
        let pointer = Pointer::default().child("info").child("version");
        let Some(version) = value["info"]["version"].as_str() else {
            // Another kind of value is reported by the table, and `info` that cannot be read by itself.
            if value["info"]["version"].is_null() && !matches!(self.document.root_member("info"), Some(Err(_))) {
                self.problems.report(&pointer, "the document does not state its version", "add `version`, a string");
            }
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
}

/// Removes the keys that have no effect on the bindings, by the table of fates, from the selected part of a document.
pub fn strip_ignored(document: &mut Value) {
    let mut rows = Vec::new();
    // What is wrong with the document is for others to report.
    check(document, |_| false, &mut Collector::new(""), Some(&mut rows));
    for (key, _) in rows.iter().filter(|(_, row)| row.fate == Fate::Ignored) {
        let Some((parent, name)) = key.as_str().rsplit_once('/') else { continue };
        if let Some(members) = document.pointer_mut(parent).and_then(Value::as_object_mut) {
            members.remove(&Pointer::unescaped(name));
        }
    }
}

/// The most names for which similar ones are looked for.
const SUGGESTIONS: usize = 20;
/// What to do about an operation that is not supported as a whole.
pub(crate) const NOT_YET: &str = "select other operations, or send this one by hand, as a `Request`";

/// Returns the method of an operation, or why no operation like it is supported.
pub(crate) fn supported(verb: Verb) -> Result<Method, String> {
    verb.method()
        .ok_or_else(|| format!("the method `{}` is not supported, only `GET`, `POST` and `DELETE`", verb.as_str()))
}

/// Whether a path is of `/v2`, where bodies are JSON, and lists and errors are others than those of `/v1`.
pub(crate) fn is_v2(path: &str) -> bool {
    path.starts_with("/v2/")
}

/// The longest version that is taken, in bytes.
const MAX_VERSION: usize = 64;

/// Returns the keys of the component schemas that a part of a document refers to.
pub(crate) fn references(part: &Value) -> Vec<String> {
    let mut keys = Vec::new();
    each_reference(part, &Trail::Root(Pointer::default()), false, &mut |key, _| keys.push(key));
    keys
}

/// Calls `visit` with the key of each component schema that a value refers to and the place of the reference. Under some keywords the
/// members have names of the document's own (`is_names`); elsewhere they are keywords, and some keywords hold data.
fn each_reference(value: &Value, at: &Trail<'_>, is_names: bool, visit: &mut impl FnMut(String, &Trail<'_>)) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let at = Trail::Key(at, name);
                match (is_names, name.as_str()) {
                    (false, "$ref") => {
                        if let Some(key) = member.as_str().and_then(schema_key) {
                            visit(key, &at);
                        }
                    }
                    (false, "example" | "examples" | "default" | "enum") => {}
                    _ => each_reference(member, &at, !is_names && holds_names(name), visit),
                }
            }
        }
        Value::Array(elements) => {
            for (i, element) in elements.iter().enumerate() {
                each_reference(element, &Trail::Index(at, i), false, visit);
            }
        }
        _ => {}
    }
}

/// Returns the key of a reference to a component schema of the same document.
pub(crate) fn schema_key(reference: &str) -> Option<String> {
    let key = reference.strip_prefix("#/components/schemas/")?;
    (!key.contains('/')).then(|| Pointer::unescaped(key))
}
