//! JSON bodies: `{"display_name":"A shop","include":["identity"]}`.

use std::{
    hash::{Hash, Hasher},
    sync::OnceLock,
};

use serde_json::{Map, Value};

/// The most brackets of a name. What is written and dropped level by level must not be deeper than a stack.
const DEPTH: usize = 64;

/// The object that parameters are added to. Its text is written when it is asked for, and not again with each parameter.
#[derive(Clone, Debug)]
pub(crate) struct JsonBody {
    object: Value,
    text: OnceLock<String>,
}

impl JsonBody {
    pub(crate) fn new() -> Self {
        Self { object: Value::Object(Map::new()), text: OnceLock::new() }
    }

    pub(crate) fn text(&self) -> &str {
        self.text.get_or_init(|| self.object.to_string())
    }

    pub(crate) fn into_text(self) -> String {
        self.text.into_inner().unwrap_or_else(|| self.object.to_string())
    }

    /// Adds a parameter.
    ///
    /// A name in brackets leads into an object, or into a list if it is empty or an index. A value that was there before is
    /// replaced.
    pub(crate) fn insert(&mut self, name: &str, value: Value) {
        self.text.take();
        let (first, others) = name.split_once('[').map_or((name, None), |(first, others)| (first, Some(others)));
        let others =
            others.into_iter().flat_map(|others| others.strip_suffix(']').unwrap_or(others).splitn(DEPTH, "]["));
        *others.fold(below(&mut self.object, first), below) = value;
    }
}

/// The object alone counts, whether its text was asked for or not.
impl PartialEq for JsonBody {
    fn eq(&self, other: &Self) -> bool {
        self.object == other.object
    }
}

impl Eq for JsonBody {}

impl Hash for JsonBody {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.object.hash(state);
    }
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
