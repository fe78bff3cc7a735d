//! The facts of the items that are lowered, from the document as it is written: what Stripe checks, and keys that need not change
//! the code.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Lower, shapes};
use crate::diagnostic::Pointer;
use crate::ir::{Facts, Type};
use crate::openapi::descriptions;
use crate::openapi::keys::facts::SCHEMAS;
use crate::openapi::keys::{Context, Fate, Place, Side, row};
use crate::openapi::node::{COMPOSITIONS, Kind, Node};

impl<'a> Lower<'a> {
    /// The facts of a model, a field or a parameter.
    pub(super) fn schema_facts(&self, side: Side, schema: Node<'_>) -> Facts {
        let mut collect = Collect::new(self, side);
        collect.schema(schema, "", true);
        collect.facts
    }

    /// The facts of an object that is not a schema.
    pub(super) fn key_facts(&self, place: Place, object: Node<'_>, path: &str) -> Facts {
        let mut collect = Collect::new(self, Side::Request);
        collect.keys(place, object, path, false);
        collect.facts
    }

    /// The facts of a schema past the boundary and of its properties, by which its objects are recognised.
    pub(super) fn boundary_facts(&self, schema: Node<'_>) -> Facts {
        let mut collect = Collect::new(self, Side::Response);
        collect.keys(Place::Boundary, schema, "", false);
        for (name, property) in schema.members("properties") {
            let kind = property.get("enum").or_else(|| property.get("type")).unwrap_or(&Value::Null);
            collect.facts.used.insert(name.clone(), kind.to_string());
            // It makes no type of its own here.
            collect
                .facts
                .used
                .extend(property.get("format").map(|format| (format!("{name}/format"), format.to_string())));
            collect.schema(property, &format!("{name}/"), false);
        }
        collect.facts
    }

    /// The facts of the document as a whole.
    pub(super) fn document_facts(&self) -> Facts {
        let mut collect = Collect::new(self, Side::Response);
        let document = Node(&self.selection.value);
        for (i, server) in document.list("servers").iter().enumerate().skip(1) {
            collect.keys(Place::Server, Node(server), &format!("servers/{i}/"), false);
        }
        // As a whole: which requirements stand together, and whether one is empty, is not in the names of the schemes.
        if let Some(security) = document.get("security") {
            collect.facts.used.insert("security".to_owned(), security.to_string());
        }
        for (name, scheme) in Node(&document.0["components"]).members("securitySchemes") {
            collect.keys(Place::SecurityScheme, scheme, &format!("securitySchemes/{name}/"), false);
        }
        collect.facts
    }

    /// Adds the component schemas that became no item, such as those of errors, which the runtime has.
    pub(super) fn facts_of_the_rest(&mut self) {
        for (key, schema) in self.selection.schemas().filter(|(key, _)| !self.components.contains_key(*key)) {
            whole(schema, &format!("{SCHEMAS}{key}"), &mut self.api.facts);
        }
    }

    /// The facts of what an operation sends and returns, without those of its parameters.
    pub(super) fn operation_facts(&self, operation: Node<'_>, success: Node<'_>, failure: Node<'_>) -> Facts {
        let mut collect = Collect::new(self, Side::Request);
        collect.keys(Place::Operation, operation, "", false);
        if let Some(body) = operation.inside("requestBody") {
            collect.keys(Place::RequestBody, body, "requestBody/", false);
            if let Some(schema) = body.members("content").next().and_then(|(_, media)| media.inside("schema")) {
                collect.schema(schema, "requestBody/", false);
            }
        }
        collect.side = Side::Response;
        collect.followed.clear();
        collect.schema(success, "responses/200/", false);
        // The runtime has the errors.
        whole(failure, "responses/default", &mut collect.facts);
        collect.facts
    }
}

/// Collects facts of one item.
struct Collect<'l, 'a> {
    lower: &'l Lower<'a>,
    side: Side,
    facts: Facts,
    followed: BTreeSet<String>,
}

impl<'l, 'a> Collect<'l, 'a> {
    fn new(lower: &'l Lower<'a>, side: Side) -> Self {
        Self { lower, side, facts: Facts::default(), followed: BTreeSet::new() }
    }

    /// Adds the keys of an object.
    fn keys(&mut self, place: Place, object: Node<'_>, path: &str, is_field: bool) {
        let (context, kind) = (Context::new(object.0, self.side, false), object.kind());
        // Any object is the same type in Rust as any JSON.
        if place == Place::Schema && kind == Kind::Object && object.members("properties").next().is_none() {
            self.facts.used.insert(format!("{path}type"), "object".to_owned());
        }
        for (key, value) in object.0.as_object().into_iter().flatten() {
            let is_type = key == "format"
                && match kind {
                    Kind::Integer => shapes::is_unix_time(object),
                    Kind::String => !object.has("enum") && shapes::text_type(object) != Type::String,
                    _ => false,
                };
            let is_known = is_type || is_field && key == "deprecated";
            let Some(row) = row(place, key, &context).filter(|row| row.is_recorded && !is_known) else { continue };
            let facts = match row.fate {
                Fate::Checked => &mut self.facts.checked,
                Fate::Documentation => &mut self.facts.prose,
                _ => &mut self.facts.used,
            };
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            facts.insert(format!("{path}{key}"), text);
        }
    }

    /// Adds those of a schema, or of the one that a reference leads to, without the ones of properties that are fields of their own.
    /// The deprecation of a field is one of its own as well. There are none of a schema that is an item of its own or was followed
    /// before.
    fn schema(&mut self, schema: Node<'_>, path: &str, mut is_field: bool) {
        let mut schema = schema;
        // A document can have references to references of any length.
        while let Some(key) = schema.reference() {
            if self.lower.is_item(&key) || self.followed.contains(&key) {
                return;
            }
            schema = self.lower.component_schema(&key);
            self.followed.insert(key);
            is_field = false;
        }
        self.keys(Place::Schema, schema, path, is_field);
        for keyword in COMPOSITIONS {
            let parts = schema.list(keyword);
            let targets: BTreeSet<_> = parts.iter().filter_map(|part| Node(part).reference()).collect();
            if !targets.is_empty() {
                // Objects of which none is modelled are kept as JSON, whichever they are.
                let targets = targets.into_iter().collect::<Vec<_>>().join(", ");
                self.facts.used.insert(format!("{path}{keyword}"), targets);
            }
            for (i, part) in parts.iter().enumerate() {
                self.schema(Node(part), &format!("{path}{keyword}/{i}/"), false);
            }
        }
        for keyword in ["items", "additionalProperties"] {
            if let Some(inner) = schema.inside(keyword) {
                self.schema(inner, &format!("{path}{keyword}/"), false);
            }
        }
        let has_fields = shapes::has_fields(schema, self.side);
        if !has_fields && schema.members("properties").next().is_some() {
            let mut record = |key: &str, names: BTreeSet<&str>| {
                self.facts.used.insert(format!("{path}{key}"), names.into_iter().collect::<Vec<_>>().join(", "));
            };
            // Which there are: a list can have a `total_count`.
            record("properties", schema.members("properties").map(|(name, _)| name.as_str()).collect());
            if schema.has("required") {
                record("required", schema.texts("required").collect());
            }
        }
        for (name, property) in schema.members("properties") {
            if !has_fields || name == "object" && self.side == Side::Response {
                // It has no type of its own, which the values would be in.
                let values = property.get("enum").map(|values| (format!("{path}{name}/enum"), values.to_string()));
                self.facts.used.extend(values);
                self.schema(property, &format!("{path}{name}/"), false);
            }
        }
    }
}

impl Lower<'_> {
    /// Whether a component schema is an item with facts of its own. One that is another one by a composition is none.
    fn is_item(&self, key: &str) -> bool {
        let is_own = |name: &str| self.keys.get(name).is_some_and(|own| own == key);
        let is_model = matches!(self.components.get(key), Some(Some((Type::Model(name), _))) if is_own(name));
        is_model || self.selection.boundary.contains_key(key)
    }
}

/// Returns the component schemas that a value can be, by the references and compositions at its place.
pub(super) fn kinds(document: &Value, pointer: &Pointer) -> BTreeSet<String> {
    let mut kinds = BTreeSet::new();
    let mut pending: Vec<_> = document.pointer(pointer.as_str()).into_iter().collect();
    while let Some(schema) = pending.pop() {
        let node = Node(schema);
        if let Some(key) = node.reference().filter(|key| !kinds.contains(key)) {
            pending.extend(document["components"]["schemas"].get(&key));
            kinds.insert(key);
        }
        pending.extend(COMPOSITIONS.iter().flat_map(|keyword| node.list(keyword)));
        pending.extend(["items", "additionalProperties"].iter().filter_map(|keyword| node.get(keyword)));
    }
    kinds
}

/// Adds all of a schema, each of its properties for itself, and its prose as one.
fn whole(schema: Node<'_>, path: &str, facts: &mut Facts) {
    let mut schema = schema.0.clone();
    let prose = descriptions::strip(&mut schema);
    if !prose.is_empty() {
        facts.prose.insert(path.to_owned(), Value::from(prose).to_string());
    }
    for (key, value) in schema.as_object().into_iter().flatten() {
        match value.as_object().filter(|_| key == "properties") {
            Some(properties) => {
                let properties = properties.iter();
                facts
                    .used
                    .extend(properties.map(|(name, value)| (format!("{path}/properties/{name}"), value.to_string())));
            }
            None => drop(facts.used.insert(format!("{path}/{key}"), value.to_string())),
        }
    }
}
