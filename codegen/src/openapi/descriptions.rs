//! Descriptions: which parts of a document are prose, which places lack a description, and how descriptions survive a new
//! document.
//!
//! A document under `spec/` takes its facts from Stripe and describes them in this project's own words.

mod keep;
mod moves;
mod texts;

pub use self::keep::{Reason, Review, fill, keep};
pub use self::moves::{Move, moves};
pub use self::texts::{Text, texts};

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::diagnostic::Pointer;
use crate::ir::{Api, Named};
use crate::openapi::keys::{holds_names, is_prose};

/// Removes the prose from a document, which leaves the facts, and returns it.
pub fn strip(document: &mut Value) -> Vec<Value> {
    let mut prose = Vec::new();
    walk(document, false, &mut |members| {
        members.retain(|name, value| {
            if is_prose(name) {
                prose.push(value.take());
            }
            !is_prose(name)
        });
    });
    prose
}

/// Calls `visit` for each object other than a table of names.
fn walk(value: &mut Value, names: bool, visit: &mut impl FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Object(members) => {
            if !names {
                visit(members);
            }
            for (name, member) in members {
                walk(member, !names && holds_names(name), visit);
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(|element| walk(element, false, visit)),
        _ => {}
    }
}

/// Returns each object of a document other than a table of names, with its pointer, by its place: the pointer with another token
/// for each element of a list, of its index and its value.
fn objects(
    document: &Value,
    element: impl Fn(usize, &Value) -> String,
) -> BTreeMap<String, (Pointer, &Map<String, Value>)> {
    let mut objects = BTreeMap::new();
    let mut pending = vec![(Pointer::default(), Pointer::default(), document, false)];
    while let Some((place, pointer, value, is_names)) = pending.pop() {
        match value {
            Value::Object(members) => {
                for (name, member) in members.iter().filter(|(name, _)| is_names || !is_prose(name)) {
                    let is_names = !is_names && holds_names(name);
                    pending.push((place.child(name), pointer.child(name), member, is_names));
                }
                if !is_names {
                    objects.insert(place.as_str().to_owned(), (pointer, members));
                }
            }
            Value::Array(elements) => pending.extend(
                elements
                    .iter()
                    .enumerate()
                    .map(|(i, one)| (place.child(&element(i, one)), pointer.index(i), one, false)),
            ),
            _ => {}
        }
    }
    objects
}

/// Returns the places that have no description.
pub fn undescribed(api: &Api) -> Vec<Pointer> {
    let fields = api.items().flat_map(Named::fields).map(|field| &field.origin);
    let items = api.items().filter(|item| matches!(item, Named::Operation(_) | Named::Model(_) | Named::Params(_)));
    // The meanings of an expandable path are those of the fields it leads to.
    let values = api.enums.iter().filter(|item| !item.is_computed).flat_map(|item| &item.variants);
    let origins = items.map(Named::origin).chain(fields).chain(values.map(|variant| &variant.origin));
    let mut pointers: Vec<_> =
        origins.filter(|origin| !origin.docs.is_described).map(|origin| origin.pointer.clone()).collect();
    pointers.sort();
    pointers.dedup();
    pointers
}
