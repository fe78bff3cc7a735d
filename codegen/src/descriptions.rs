//! Descriptions: which parts of a document are prose, which places lack a description, and how descriptions survive a new
//! document.
//!
//! A document under `spec/` takes its facts from Stripe and describes them in this project's own words.

mod keep;

pub use self::keep::{Reason, Review, keep};

use serde_json::{Map, Value};

use crate::diagnostic::Pointer;
use crate::ir::{Api, Field};

/// Keywords for people, which no program reads.
const PROSE: &[&str] = &["description", "summary", "x-enumDescriptions"];

/// Keywords whose members have names of the document's author. Elsewhere, a member is a keyword.
const NAMES: &[&str] = &["properties", "responses", "schemas", "securitySchemes"];

/// Removes the prose from a document, which leaves the facts.
pub fn strip(document: &mut Value) {
    walk(document, false, &mut |members| members.retain(|name, _| !is_prose(name)));
}

fn is_prose(name: &str) -> bool {
    PROSE.contains(&name)
}

/// Calls `visit` for each object other than a table of names.
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

/// Returns the places without a description.
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
        // An expandable path needs no description: the field that it leads to has one.
        let values = shown.variants.iter().enumerate().filter(|_| !shown.is_computed);
        for (i, variant) in values {
            note(&variant.docs, &shown.pointer.child("enum").index(i));
        }
    }
    found
}
