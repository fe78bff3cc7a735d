//! What of a document is prose, and so ours, and what is fact, and so Stripe's.
//!
//! A document under `spec/` carries facts over exactly and says everything else in this project's own words. When a new
//! document comes, those words stay where the facts did.

use serde_json::{Map, Value};

use crate::diagnostic::Pointer;
use crate::ir::{Api, Field};

/// What a person reads and no program does.
const PROSE: &[&str] = &["description", "summary", "x-enumDescriptions"];

/// Keywords whose members are named by whoever wrote the document; elsewhere a member is a keyword.
const NAMES: &[&str] = &["properties", "responses", "schemas", "securitySchemes"];

/// Takes the prose out of a document: what is left is fact.
pub fn strip(document: &mut Value) {
    walk(document, false, &mut |members| members.retain(|name, _| !is_prose(name)));
}

fn is_prose(name: &str) -> bool {
    PROSE.contains(&name)
}

/// Calls `visit` for each object that is not a table of names.
fn walk(value: &mut Value, names: bool, visit: &mut impl FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Object(members) => {
            if !names {
                visit(members);
            }
            for (name, member) in members {
                walk(member, !names && NAMES.contains(&name.as_str()), visit);
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(|element| walk(element, false, visit)),
        _ => {}
    }
}

/// Puts the prose of `old` into `new` wherever the facts of the place are the same, and takes out what prose `new` brought.
pub fn keep(old: &Value, new: &mut Value) {
    keep_in(Some(old), new, false);
}

fn keep_in(old: Option<&Value>, new: &mut Value, names: bool) {
    match new {
        Value::Object(members) => {
            if !names {
                members.retain(|name, _| !is_prose(name));
                if let Some(Value::Object(old)) = old.filter(|old| facts(old) == facts_of(members)) {
                    let ours = old.iter().filter(|(name, _)| is_prose(name));
                    members.extend(ours.map(|(name, value)| (name.clone(), value.clone())));
                }
            }
            for (name, member) in members.iter_mut().filter(|(name, _)| names || !is_prose(name)) {
                keep_in(old.and_then(|old| old.get(name)), member, !names && NAMES.contains(&name.as_str()));
            }
        }
        Value::Array(elements) => {
            for (i, element) in elements.iter_mut().enumerate() {
                keep_in(old.and_then(|old| old.get(i)), element, false);
            }
        }
        _ => {}
    }
}

/// The facts that a description of the place itself speaks of: not what is further inside, which has words of its own.
fn facts(value: &Value) -> Vec<(&str, &Value)> {
    value.as_object().map(facts_of).unwrap_or_default()
}

fn facts_of(members: &Map<String, Value>) -> Vec<(&str, &Value)> {
    let own = |(name, value): &(&str, &Value)| {
        let inner = value.is_object() || value.as_array().is_some_and(|array| array.iter().any(Value::is_object));
        !is_prose(name) && !inner && !matches!(*name, "required" | "title" | "version" | "x-expandableFields")
    };
    members.iter().map(|(name, value)| (name.as_str(), value)).filter(own).collect()
}

/// The places that nothing describes.
pub fn undescribed(api: &Api) -> Vec<Pointer> {
    let mut found = Vec::new();
    let mut note = |docs: &str, pointer: &Pointer| {
        if docs.is_empty() {
            found.push(pointer.clone());
        }
    };
    let mut fields: Vec<&Field> = Vec::new();
    for operation in &api.operations {
        note(&operation.docs, &operation.pointer);
        fields.extend(operation.path_params.iter().chain(&operation.params));
    }
    for model in &api.models {
        note(&model.docs, &model.pointer);
        fields.extend(&model.fields);
    }
    for params in &api.params {
        note(&params.docs, &params.pointer);
        fields.extend(&params.fields);
    }
    for field in fields {
        note(&field.docs, &field.pointer);
    }
    for shown in &api.enums {
        // The meanings of an expandable path are those of the fields it leads to.
        let values = shown.variants.iter().enumerate().filter(|_| !shown.is_computed);
        for (i, variant) in values {
            note(&variant.docs, &shown.pointer.child("enum").index(i));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn words_stay_where_the_facts_did() {
        let old = json!({"schemas": {"a": {
        "type": "object", "description": "ours", "properties": {
            "description": {"type": "string", "description": "ours too"},
            "same": {"type": "string", "description": "ours as well"},
            "other": {"type": "string", "description": "of a string"},
            "gone": {"type": "string", "description": "gone"},
        }}}});
        let mut new = json!({"schemas": {"a": {
        "type": "object", "description": "theirs", "properties": {
            "come": {"type": "string", "description": "theirs"},
            "description": {"type": "string", "description": "theirs"},
            "same": {"type": "string", "description": "theirs"},
            "other": {"type": "integer", "description": "theirs"},
        }}}});
        keep(&old, &mut new);
        assert_eq!(
            new,
            json!({"schemas": {"a": {
            "type": "object", "description": "ours", "properties": {
                "come": {"type": "string"},
                "description": {"type": "string", "description": "ours too"},
                "same": {"type": "string", "description": "ours as well"},
                "other": {"type": "integer"},
            }}}})
        );
    }
}
