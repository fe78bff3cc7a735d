//! The facts of the items that are lowered, from the document as it is written.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Lower;
use crate::diagnostic::Pointer;
use crate::ir::{Facts, Type};
use crate::openapi::descriptions;
use crate::openapi::keys::facts::{Collect, SCHEMAS};
use crate::openapi::keys::{Place, Side};
use crate::select::{SelectedOperation, schema_key};

impl<'a> Lower<'a> {
    /// The facts of a value of a response.
    pub(super) fn facts_at<F>(&self, pointer: &Pointer, add: F) -> Facts
    where
        F: for<'c> FnOnce(&mut Collect<'c>, Option<&'c Value>),
    {
        self.facts(Side::Response, |collect, document| add(collect, at(document, pointer.as_str())))
    }

    /// The facts of a parameter.
    pub(super) fn request_facts(&self, pointer: &Pointer) -> Facts {
        self.facts(Side::Request, |collect, document| {
            collect.schema(at(document, pointer.as_str()), "", true);
            // A parameter of the path or the query has keys beside its schema.
            let parameter = pointer.as_str().strip_suffix("/schema");
            let is_element = |at: &&str| at.rsplit_once('/').is_some_and(|(list, _)| list.ends_with("/parameters"));
            if let Some(parameter) = parameter.filter(is_element) {
                collect.keys(Place::Parameter, at(document, parameter), "");
            }
            // One of a body has them beside the schema of the body.
            let of_body = pointer.as_str().split_once("/schema/properties/").filter(|(_, name)| !name.contains('/'));
            if let Some((media, name)) = of_body.filter(|(media, _)| media.contains("/requestBody/content/")) {
                collect.keys(Place::Encoding, at(document, &format!("{media}/encoding/{name}")), "encoding/");
            }
        })
    }

    /// Adds the component schemas that became no item, such as those of errors, which the runtime has.
    pub(super) fn facts_of_the_rest(&mut self) {
        let schemas = self.selection.value.pointer("/components/schemas").and_then(Value::as_object);
        for (key, schema) in schemas.into_iter().flatten().filter(|(key, _)| !self.components.contains_key(*key)) {
            whole(schema, &format!("{SCHEMAS}{key}"), &mut self.api.facts);
        }
    }

    /// The facts of what an operation sends and returns, without those of its parameters.
    pub(super) fn operation_facts(&self, selected: &SelectedOperation) -> Facts {
        let place = |path: &str| format!("{}/{path}", selected.pointer);
        let mut facts = self.facts(Side::Request, |collect, document| {
            collect.keys(Place::Operation, at(document, selected.pointer.as_str()), "");
            let body = at(document, &place("requestBody"));
            collect.keys(Place::RequestBody, body, "requestBody/");
            let media = body.and_then(|body| body["content"].as_object()?.values().next());
            collect.schema(media.and_then(|media| media.get("schema")), "requestBody/", false);
        });
        let responses = self.facts(Side::Response, |collect, document| {
            let schema = at(document, &place("responses/200/content/application~1json/schema"));
            collect.schema(schema, "responses/200/", false);
        });
        // The runtime has the errors.
        let error = at(&self.selection.value, &place("responses/default/content/application~1json/schema"));
        if let Some(error) = error {
            whole(error, "responses/default", &mut facts);
        }
        facts.checked.extend(responses.checked);
        facts.used.extend(responses.used);
        facts
    }

    fn facts<F>(&self, side: Side, add: F) -> Facts
    where
        F: for<'c> FnOnce(&mut Collect<'c>, &'c Value),
    {
        // A component that is another one by a composition has no item of its own.
        let is_own = |key: &str, name: &str| self.keys.get(name).is_some_and(|own| own == key);
        let is_model = |key: &str| match self.components.get(key) {
            Some(Some((Type::Model(name), _))) => is_own(key, name),
            _ => false,
        };
        let is_item = |key: &str| self.selection.boundary.contains_key(key) || is_model(key);
        let mut collect = Collect::new(&self.selection.value, &is_item, side);
        add(&mut collect, &self.selection.value);
        collect.finish()
    }
}

/// Returns the component schemas that a value can be, by the references and compositions at its place.
pub(super) fn kinds(document: &Value, pointer: &Pointer) -> BTreeSet<String> {
    let mut kinds = BTreeSet::new();
    let mut pending: Vec<_> = at(document, pointer.as_str()).into_iter().collect();
    while let Some(schema) = pending.pop() {
        let key = schema.get("$ref").and_then(Value::as_str).and_then(schema_key);
        if let Some(key) = key.filter(|key| !kinds.contains(key)) {
            pending.extend(document["components"]["schemas"].get(&key));
            kinds.insert(key);
        }
        let lists = ["anyOf", "oneOf", "allOf"].iter().filter_map(|keyword| schema.get(keyword)?.as_array());
        pending.extend(lists.flatten());
        pending.extend(["items", "additionalProperties"].iter().filter_map(|keyword| schema.get(keyword)));
    }
    kinds
}

/// Returns what a pointer leads to, as [`Value::pointer`] does, which copies each key.
fn at<'v>(document: &'v Value, pointer: &str) -> Option<&'v Value> {
    pointer.split('/').skip(1).try_fold(document, |value, token| match value {
        Value::Object(members) if token.contains('~') => members.get(&Pointer::unescaped(token)),
        Value::Object(members) => members.get(token),
        Value::Array(elements) => elements.get(token.parse::<usize>().ok()?),
        _ => None,
    })
}

/// Adds all of a schema but its prose, each of its properties for itself.
fn whole(schema: &Value, path: &str, facts: &mut Facts) {
    let mut schema = schema.clone();
    descriptions::strip(&mut schema);
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
