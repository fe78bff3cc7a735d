//! JSON bodies: `{"display_name":"A shop","include":["identity"]}`.

use serde_json::Value;

/// Adds a parameter to the text of an object.
///
/// A name in brackets leads into an object, or into a list if it is empty or an index that comes next. A value that was there before is
/// replaced.
pub(crate) fn insert(body: &mut String, name: &str, value: Value) {
    let key = format!("{}:", Value::from(name));
    // As in generated code, where no name has brackets or comes twice.
    if !name.contains('[') && !body.contains(&key) {
        body.pop();
        if body.len() > 1 {
            body.push(',');
        }
        body.extend([&*key, &value.to_string(), "}"]);
        return;
    }
    let mut object: Value = serde_json::from_str(body).unwrap_or_default();
    let (first, others) = name.split_once('[').map_or((name, None), |(first, others)| (first, Some(others)));
    let others = others.into_iter().flat_map(|others| others.strip_suffix(']').unwrap_or(others).split("]["));
    *others.fold(&mut object[first], below) = value;
    *body = object.to_string();
}

/// Returns the place below another one, which becomes an object or a list if it is neither.
fn below<'a>(place: &'a mut Value, name: &str) -> &'a mut Value {
    if place.is_null() && ["", "0"].contains(&name) {
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
