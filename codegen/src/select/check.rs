//! Checks of selected schemas, before they are decoded into the types of `openapiv3`.

use openapiv3::{ReferenceOr, Schema};
use serde_json::{Map, Value};

use super::{HELP, decode, not_openapi, schema_key};
use crate::diagnostic::{Collector, Pointer};

/// Returns the chain of references from `key` back to a schema that is in it already.
pub(super) fn alias_cycle(key: &str, schemas: &Value) -> Option<Vec<String>> {
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
