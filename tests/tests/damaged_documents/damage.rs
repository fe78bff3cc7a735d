//! Damage to a document or a configuration, at random places.

use codegen::Pointer;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

/// How one place of a document is damaged.
#[derive(Clone, Debug)]
pub(crate) enum Damage {
    /// It is removed.
    Removed,
    /// It has another value.
    Replaced(Value),
    /// It is replaced by a copy of another place.
    Copied(Index),
    /// It has another name.
    Renamed(String),
    /// It is a string with a prefix.
    Prefixed(String),
    /// A member is added beside it.
    Joined(String, Value),
}

/// What is damaged.
pub(crate) struct Original {
    /// The whole of it.
    pub(crate) value: Value,
    /// The JSON pointer of each place in it.
    pub(crate) places: Vec<String>,
}

impl Original {
    /// Finds the places in a value.
    pub(crate) fn new(value: Value) -> Self {
        let mut places = Vec::new();
        collect(&value, "", &mut places);
        Self { value, places }
    }

    /// Returns a damaged copy.
    pub(crate) fn damaged(&self, damages: &[(Index, Damage)]) -> Value {
        let mut value = self.value.clone();
        for (place, what) in damages {
            self.damage(&mut value, place.get::<String>(&self.places), what);
        }
        value
    }

    /// Damages one place, if an earlier damage has left it there.
    pub(crate) fn damage(&self, document: &mut Value, place: &str, damage: &Damage) {
        let Some(present) = document.pointer(place).cloned() else { return };
        let Some((parent, key)) = place.rsplit_once('/') else { return };
        let instead = match damage {
            Damage::Removed => None,
            Damage::Replaced(other) => Some(other.clone()),
            Damage::Copied(from) => {
                Some(document.pointer(from.get::<String>(&self.places)).cloned().unwrap_or(present))
            }
            Damage::Prefixed(with) => Some(prefixed(with, present)),
            Damage::Renamed(_) | Damage::Joined(..) => Some(present),
        };
        match document.pointer_mut(parent) {
            Some(Value::Object(members)) => {
                let key = Pointer::unescaped(key);
                members.remove(&key);
                if let Damage::Joined(name, other) = damage {
                    members.insert(name.clone(), other.clone());
                }
                let key = if let Damage::Renamed(name) = damage { name.clone() } else { key };
                members.extend(instead.map(|value| (key, value)));
            }
            Some(Value::Array(items)) => {
                let Ok(at) = key.parse::<usize>() else { return };
                let instead = if let Damage::Renamed(name) = damage { Some(json!(name)) } else { instead };
                items.splice(at..=at, instead);
                if let Damage::Joined(_, other) = damage {
                    items.push(other.clone());
                }
            }
            _ => {}
        }
    }
}

fn prefixed(with: &str, value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(format!("{with}{text}")),
        other => other,
    }
}

fn collect(value: &Value, place: &str, places: &mut Vec<String>) {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => {
            members.iter().map(|(key, value)| (Pointer::escaped(key).into_owned(), value)).collect()
        }
        Value::Array(items) => items.iter().enumerate().map(|(i, item)| (i.to_string(), item)).collect(),
        _ => Vec::new(),
    };
    for (key, value) in members {
        let place = format!("{place}/{key}");
        collect(value, &place, places);
        places.push(place);
    }
}

/// Words that mean something to OpenAPI, to Rust, or to the generator.
fn word() -> impl Strategy<Value = String> {
    const WORDS: &[&str] = &[
        "",
        "\t",
        "$ref",
        "3d_secure",
        "Session",
        "Unknown",
        "_",
        "a-b",
        "additionalProperties",
        "allOf",
        "anyOf",
        "array",
        "boolean",
        "crate",
        "data",
        "default",
        "deleted",
        "description",
        "enum",
        "error",
        "expand",
        "format",
        "id",
        "integer",
        "items",
        "maxLength",
        "nullable",
        "number",
        "object",
        "oneOf",
        "pattern",
        "properties",
        "required",
        "self",
        "string",
        "type",
        "unix-time",
        "x-expandableFields",
        "x-expansionResources",
        "x-resourceId",
        "z\u{301}",
        "🎉",
        "*/ \"# ` <b> {}",
        "#/components/schemas/error",
        "#/components/schemas/nothing",
        "#/paths",
        "{session}",
    ];
    prop_oneof![4 => select(WORDS).prop_map(str::to_owned), 1 => any::<String>()]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        select(vec![json!(null), json!(true), json!(0), json!(-1), json!(0.5), json!(1e300), json!([]), json!({})]),
        word().prop_map(Value::from),
        word().prop_map(|name| json!({ "$ref": format!("#/components/schemas/{name}") })),
        select(vec!["string", "integer", "number", "boolean", "object", "array"]).prop_map(|ty| json!({ "type": ty })),
        vec(word(), 1..4).prop_map(|values| json!({ "type": "string", "enum": values })),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((word(), inner.clone()), 0..4).prop_map(|members| Value::Object(members.into_iter().collect())),
            vec((word(), inner.clone()), 0..4).prop_map(|members| {
                let members: serde_json::Map<_, _> = members.into_iter().collect();
                json!({ "type": "object", "properties": members })
            }),
            inner.clone().prop_map(|items| json!({ "type": "array", "items": items })),
            inner.clone().prop_map(|values| json!({ "type": "object", "additionalProperties": values })),
            vec(inner, 1..3).prop_map(|parts| json!({ "anyOf": parts })),
        ]
    })
}

/// Returns a strategy for damage at a few places.
pub(crate) fn damages() -> impl Strategy<Value = Vec<(Index, Damage)>> {
    let one = prop_oneof![
        1 => Just(Damage::Removed),
        2 => value().prop_map(Damage::Replaced),
        2 => any::<Index>().prop_map(Damage::Copied),
        1 => word().prop_map(Damage::Renamed),
        1 => word().prop_map(Damage::Prefixed),
        1 => (word(), value()).prop_map(|(name, value)| Damage::Joined(name, value)),
    ];
    vec((any::<Index>(), one), 1..4)
}
