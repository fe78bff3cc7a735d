//! Checks of selected schemas, before they are decoded into the types of `openapiv3`.

use std::collections::BTreeMap;

use openapiv3::{ReferenceOr, Schema};
use serde_json::{Map, Value};

use super::{HELP, decode, not_openapi, schema_key};
use crate::diagnostic::{Collector, Pointer};

/// The most names of a cycle that a message shows.
const SHOWN: usize = 10;

/// Returns the schemas that are references which lead back to themselves, each with the start of its chain.
pub(super) fn alias_cycles(schemas: &Value) -> BTreeMap<&str, Vec<&str>> {
    let schemas = schemas.as_object();
    let next = |key: &str| {
        let target = schemas?.get(key)?.get("$ref")?.as_str().and_then(schema_key)?;
        schemas?.get_key_value(&target).map(|(key, _)| key.as_str())
    };
    // Whether the chain of a schema leads into a cycle; until its end is known, it does.
    let mut is_cyclic: BTreeMap<&str, bool> = BTreeMap::new();
    for key in schemas.into_iter().flat_map(Map::keys) {
        let mut chain = Vec::new();
        let mut end = Some(key.as_str());
        while let Some(at) = end.filter(|at| !is_cyclic.contains_key(at)) {
            is_cyclic.insert(at, true);
            chain.push(at);
            end = next(at);
        }
        let is_open = end.is_none_or(|end| !is_cyclic.get(end).copied().unwrap_or_default());
        is_cyclic.extend(chain.into_iter().filter(|_| is_open).map(|at| (at, false)));
    }
    let cyclic = is_cyclic.iter().filter(|(_, is_cyclic)| **is_cyclic).map(|(key, _)| *key);
    let chain = |key| {
        let mut chain = vec![key];
        while let Some(at) = next(chain[chain.len() - 1]) {
            let is_closed = chain.contains(&at);
            chain.push(at);
            if is_closed {
                break;
            }
            if chain.len() == SHOWN {
                chain.push("…");
                break;
            }
        }
        chain
    };
    cyclic.map(|key| (key, chain(key))).collect()
}

/// Reports what the typed form of OpenAPI would refuse or silently leave out, at the innermost place.
pub(super) fn check(schema: &Value, pointer: &Pointer, problems: &mut Collector<'_>) -> bool {
    let mut children = Vec::new();
    if let Value::Object(members) = schema {
        let composed = ["anyOf", "oneOf", "allOf", "not"].into_iter().filter(|k| members.contains_key(*k));
        let composed: Vec<_> = members.contains_key("type").then_some("type").into_iter().chain(composed).collect();
        if composed.len() > 1 && !members.contains_key("$ref") {
            let reason = format!("a schema with {} at once is not supported", quoted(&composed));
            problems.report(pointer, reason, HELP);
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
            required_are_there(members, properties, pointer, problems);
        }
    }
    // Every child is looked at, so no `all`, which stops at the first.
    let mut well = true;
    for (child, at) in children {
        well &= check(child, &at, problems);
    }
    if well && let Err(error) = decode::<ReferenceOr<Schema>>(schema) {
        problems.report(pointer, not_openapi(&error), HELP);
        well = false;
    }
    well
}

/// Reports names under `required` that are no properties.
fn required_are_there(
    members: &Map<String, Value>,
    properties: &Map<String, Value>,
    pointer: &Pointer,
    problems: &mut Collector<'_>,
) {
    let required = members.get("required").and_then(Value::as_array).into_iter().flatten().enumerate();
    for (at, name) in required {
        if let Some(name) = name.as_str().filter(|name| !properties.contains_key(*name)) {
            let reason = format!("`required` names the property `{name}`, which the schema does not have");
            let help = "correct the document, or add a `[[fixup]]` row to `codegen.toml`";
            problems.report(&pointer.child("required").index(at), reason, help);
        }
    }
}

fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" and ")
}
