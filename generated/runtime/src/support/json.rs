//! JSON bodies: `{"display_name":"A shop","include":["identity"]}`.

use serde_json::{Map, Value};

/// The most brackets of a name. What is written and dropped level by level must not be deeper than a stack.
const DEPTH: usize = 64;

/// Adds a parameter to an object.
///
/// A name in brackets leads into an object, or into a list if it is empty or an index. A value that was there before is
/// replaced.
pub(crate) fn insert(object: &mut Value, name: &str, value: Value) {
    let (first, others) = name.split_once('[').map_or((name, None), |(first, others)| (first, Some(others)));
    let others = others.into_iter().flat_map(|others| others.strip_suffix(']').unwrap_or(others).splitn(DEPTH, "]["));
    *others.fold(below(object, first), below) = value;
}

/// Returns the place below another one, which becomes an object or a list if it is neither. An index behind the end of a list is the
/// next one, and a list with another name in it becomes an object.
fn below<'a>(place: &'a mut Value, name: &str) -> &'a mut Value {
    if place.is_null() && matches!(name, "" | "0") {
        *place = Value::Array(Vec::new());
    }
    let index = if name.is_empty() { Some(usize::MAX) } else { name.parse().ok() };
    match (&mut *place, index) {
        (Value::Array(list), None) => {
            let members = std::mem::take(list).into_iter().enumerate();
            *place = members.map(|(index, value)| (index.to_string(), value)).collect::<Map<_, _>>().into();
        }
        (Value::Array(list), Some(index)) if index >= list.len() => list.push(Value::Null),
        (Value::Array(_) | Value::Object(_), _) => {}
        _ => *place = Value::Null,
    }
    match (place, index) {
        (Value::Array(list), Some(index)) => {
            let at = index.min(list.len() - 1);
            &mut list[at]
        }
        (place, _) => &mut place[name],
    }
}
