//! JSON whose keys are checked while it is decoded.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// The members of an object that has no key twice, each the slice of the text that it is.
#[derive(Debug, Default)]
pub(super) struct Members<'t>(pub(super) BTreeMap<String, &'t RawValue>);

impl Members<'_> {
    /// The keys other than some.
    pub(super) fn keys_without(&self, known: &[&str]) -> Vec<&str> {
        self.0.keys().map(String::as_str).filter(|key| !known.contains(key)).collect()
    }
}

impl<'t, 'de: 't> Deserialize<'de> for Members<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor(Self::default()))
    }
}

struct MembersVisitor<'t>(Members<'t>);

impl<'t, 'de: 't> Visitor<'de> for MembersVisitor<'t> {
    type Value = Members<'t>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Members<'t>, A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if self.0.0.contains_key(&key) {
                return Err(twice(&key));
            }
            self.0.0.insert(key, map.next_value()?);
        }
        Ok(self.0)
    }
}

/// Returns the error for a key that an object has twice.
fn twice<E: serde::de::Error>(key: &str) -> E {
    E::custom(format_args!("the key `{key}` is in one object twice"))
}

/// JSON in which no object has a key twice: the second one would silently win.
pub(super) struct Unique(pub(super) Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueVisitor).map(Self)
    }
}

struct UniqueVisitor;

macro_rules! scalars {
    ($($visit:ident($of:ty))+) => {
        $(
            fn $visit<E>(self, value: $of) -> Result<Value, E> {
                Ok(value.into())
            }
        )+
    };
}

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = serde_json::Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if members.contains_key(&key) {
                return Err(twice(&key));
            }
            members.insert(key, map.next_value::<Unique>()?.0);
        }
        Ok(members.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(Unique(element)) = seq.next_element()? {
            elements.push(element);
        }
        Ok(elements.into())
    }

    scalars! { visit_str(&str) visit_bool(bool) visit_i64(i64) visit_u64(u64) visit_f64(f64) }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
}
