//! The facts of an item that its type does not show, for comparisons: what Stripe checks, and keys that need not change the
//! code.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{Context, Fate, Kind, Place, Side, row};
use crate::select::schema_key;

/// Facts, each by its path of keys inside the item: `items/maxLength`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// What Stripe checks or applies.
    pub checked: BTreeMap<String, String>,
    /// What the code is generated from, although it can be the same without.
    pub used: BTreeMap<String, String>,
}

/// The path of the facts of component schemas.
pub(crate) const SCHEMAS: &str = "schemas/";

/// The component schema that a path is of.
fn component(path: &str) -> Option<&str> {
    path.strip_prefix(SCHEMAS)?.split('/').next()
}

impl Facts {
    /// Those that are of no component schema, or of one that the other side has as well.
    pub(crate) fn shared(&self, other: &Self) -> Self {
        let theirs: BTreeSet<_> = other.used.keys().filter_map(|path| component(path)).collect();
        let mut facts = self.clone();
        facts.used.retain(|path, _| component(path).is_none_or(|key| theirs.contains(key)));
        facts
    }

    /// Adds those facts of the same item of another operation that are others.
    pub(crate) fn share(&mut self, other: &Self, operation: &str) {
        for (own, other) in [(&mut self.checked, &other.checked), (&mut self.used, &other.used)] {
            let of = format!(" of {operation}");
            let is_own = |path: &&String| !path.contains(" of ");
            let gone = own.keys().filter(is_own).filter(|path| !other.contains_key(*path));
            let mut added: Vec<_> = gone.map(|path| (format!("{path}{of}"), "none".to_owned())).collect();
            let others = other.iter().filter(|(path, value)| own.get(*path) != Some(value));
            added.extend(others.map(|(path, value)| (format!("{path}{of}"), value.clone())));
            own.extend(added);
        }
    }
}

/// Collects facts of one document.
pub(crate) struct Collect<'v> {
    schemas: Option<&'v Map<String, Value>>,
    /// Whether a component schema is an item with facts of its own.
    is_item: &'v dyn Fn(&str) -> bool,
    side: Side,
    facts: Facts,
    followed: BTreeSet<String>,
}

impl<'v> Collect<'v> {
    pub(crate) fn new(document: &'v Value, is_item: &'v dyn Fn(&str) -> bool, side: Side) -> Self {
        let schemas = document["components"]["schemas"].as_object();
        Self { schemas, is_item, side, facts: Facts::default(), followed: BTreeSet::new() }
    }

    pub(crate) fn finish(self) -> Facts {
        self.facts
    }

    /// Adds the keys of an object that is not a schema.
    pub(crate) fn keys(&mut self, place: Place, value: Option<&Value>, path: &str) {
        let Some(members) = value.and_then(Value::as_object) else { return };
        self.own(place, members, path, false);
    }

    /// Adds those of a schema, without the ones of properties that are fields of their own. The deprecation of a field is one of
    /// its own as well.
    pub(crate) fn schema(&mut self, value: Option<&'v Value>, path: &str, is_field: bool) {
        let Some((members, is_field)) = self.target(value, is_field) else { return };
        self.own(Place::Schema, members, path, is_field);
        for keyword in ["anyOf", "oneOf", "allOf"] {
            let parts = members.get(keyword).and_then(Value::as_array);
            let targets = parts.into_iter().flatten().filter_map(|part| part.get("$ref")?.as_str());
            let targets: BTreeSet<_> = targets.filter_map(schema_key).collect();
            if !targets.is_empty() {
                // Objects of which none is modelled are kept as JSON, whichever they are.
                let targets = targets.into_iter().collect::<Vec<_>>().join(", ");
                self.facts.used.insert(format!("{path}{keyword}"), targets);
            }
            for (i, part) in parts.into_iter().flatten().enumerate() {
                self.schema(Some(part), &format!("{path}{keyword}/{i}/"), false);
            }
        }
        for keyword in ["items", "additionalProperties"] {
            self.schema(members.get(keyword), &format!("{path}{keyword}/"), false);
        }
        let properties = members.get("properties").and_then(Value::as_object);
        let has_fields = has_fields(members, self.side);
        let required =
            members.get("required").and_then(Value::as_array).filter(|_| !has_fields && properties.is_some());
        if let Some(required) = required {
            let names: BTreeSet<_> = required.iter().filter_map(Value::as_str).collect();
            self.facts.used.insert(format!("{path}required"), names.into_iter().collect::<Vec<_>>().join(", "));
        }
        for (name, property) in properties.into_iter().flatten() {
            if !has_fields || name == "object" && self.side == Side::Response {
                // It has no type of its own, which the values would be in.
                let values = property.get("enum").map(|values| (format!("{path}{name}/enum"), values.to_string()));
                self.facts.used.extend(values);
                self.schema(Some(property), &format!("{path}{name}/"), false);
            }
        }
    }

    /// The schema that a reference leads to, which is no field, or the schema itself. There is none for one that is an item of its
    /// own or was followed before. A document can have references to references of any length.
    fn target(&mut self, value: Option<&'v Value>, mut is_field: bool) -> Option<(&'v Map<String, Value>, bool)> {
        let mut members = value?.as_object()?;
        while let Some(target) = members.get("$ref").and_then(Value::as_str) {
            let key = schema_key(target).filter(|key| !(self.is_item)(key))?;
            members = self.schemas?.get(&key)?.as_object()?;
            if !self.followed.insert(key) {
                return None;
            }
            is_field = false;
        }
        Some((members, is_field))
    }

    /// Adds those of a schema past the boundary and of its properties, by which its objects are recognised.
    pub(crate) fn boundary(&mut self, value: Option<&'v Value>) {
        self.keys(Place::Boundary, value, "");
        let properties = value.and_then(|value| value.get("properties")?.as_object());
        for (name, property) in properties.into_iter().flatten() {
            let kind = property.get("enum").or_else(|| property.get("type")).unwrap_or(&Value::Null);
            self.facts.used.insert(name.clone(), kind.to_string());
            self.schema(Some(property), &format!("{name}/"), false);
        }
    }

    fn own(&mut self, place: Place, members: &Map<String, Value>, path: &str, is_field: bool) {
        let context = Context::new(members, self.side, false);
        // Any object is the same type in Rust as any JSON.
        if place == Place::Schema
            && context.kind == Kind::Object
            && members.get("properties").and_then(Value::as_object).is_none_or(Map::is_empty)
        {
            self.facts.used.insert(format!("{path}type"), "object".to_owned());
        }
        for (key, value) in members {
            let is_type = key == "format"
                && match context.kind {
                    Kind::Integer => value == "unix-time",
                    Kind::String => !members.contains_key("enum") && (value == "date-time" || value == "int64"),
                    _ => false,
                };
            let is_known = is_type || is_field && key == "deprecated";
            let Some(row) = row(place, key, &context).filter(|row| row.is_recorded && !is_known) else { continue };
            let facts = if row.fate == Fate::Checked { &mut self.facts.checked } else { &mut self.facts.used };
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            facts.insert(format!("{path}{key}"), text);
        }
    }
}

/// Whether the properties of an object are fields of their own: neither those of a page, nor of a range, nor of what is left of a
/// deleted object.
fn has_fields(members: &Map<String, Value>, side: Side) -> bool {
    let Some(properties) = members.get("properties").and_then(Value::as_object) else { return false };
    let only = |names: &[&str]| properties.keys().all(|name| names.contains(&name.as_str()));
    let object = properties.get("object").and_then(|object| object.pointer("/enum/0")?.as_str());
    match side {
        Side::Request => properties.is_empty() || !only(&["gt", "gte", "lt", "lte"]),
        Side::Response => {
            let is_page = matches!(object, Some("list" | "search_result"))
                || only(&["data", "next_page_url", "previous_page_url"]) && properties.contains_key("next_page_url");
            let is_deleted = properties.contains_key("deleted") && only(&["deleted", "id", "object"]);
            !is_page && !is_deleted
        }
    }
}

/// Returns the facts of the document as a whole.
pub(crate) fn of_document(document: &Value) -> Facts {
    let mut collect = Collect::new(document, &|_| true, Side::Response);
    let list = |name: &str| document.get(name).and_then(Value::as_array).into_iter().flatten().enumerate();
    for (i, server) in list("servers").skip(1) {
        collect.keys(Place::Server, Some(server), &format!("servers/{i}/"));
    }
    // As a whole: which requirements stand together, and whether one is empty, is not in the names of the schemes.
    if let Some(security) = document.get("security") {
        collect.facts.used.insert("security".to_owned(), security.to_string());
    }
    let schemes = document.pointer("/components/securitySchemes").and_then(Value::as_object);
    for (name, scheme) in schemes.into_iter().flatten() {
        collect.keys(Place::SecurityScheme, Some(scheme), &format!("securitySchemes/{name}/"));
    }
    collect.finish()
}
