//! JSON bodies: `{"display_name":"A shop","include":["identity"]}`.

use serde_json::Value;

/// Adds a parameter to an object.
///
/// A name in brackets leads into an object, or into a list if it is empty or an index that comes next. A value that was there before is
/// replaced.
pub(crate) fn insert(object: &mut Value, name: &str, value: Value) {
    let (first, others) = name.split_once('[').map_or((name, None), |(first, others)| (first, Some(others)));
    let others = others.into_iter().flat_map(|others| others.strip_suffix(']').unwrap_or(others).split("]["));
    *others.fold(below(object, first), below) = value;
}

/// Returns the place below another one, which becomes an object or a list if it is neither.
fn below<'a>(place: &'a mut Value, name: &str) -> &'a mut Value {
    if place.is_null() && matches!(name, "" | "0") {
        *place = Value::Array(Vec::new());
    }
    let index = place.as_array().and_then(|list| {
        let index = if name.is_empty() { Some(list.len()) } else { name.parse().ok() };
        index.filter(|index| *index <= list.len())
    });
    match (place, index) {
        (Value::Array(list), Some(index)) => {
            if index == list.len() {
                list.push(Value::Null);
            }
            &mut list[index]
        }
        (place, _) => {
            if !place.is_object() {
                *place = Value::Null;
            }
            &mut place[name]
        }
    }
}
