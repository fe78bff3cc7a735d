//! JSON whose keys are checked while it is decoded.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// The members of an object that has no key twice: the second one would silently win.
#[derive(Debug)]
pub(super) struct Members<V>(pub(super) BTreeMap<String, V>);

/// The members of an object, each the slice of the text that it is.
pub(super) type Slices<'t> = Members<&'t RawValue>;

impl<V> Members<V> {
    /// The keys other than some.
    pub(super) fn keys_without(&self, known: &[&str]) -> Vec<&str> {
        self.0.keys().map(String::as_str).filter(|key| !known.contains(key)).collect()
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Members<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor(PhantomData))
    }
}

struct MembersVisitor<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for MembersVisitor<V> {
    type Value = Members<V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<V>, A::Error> {
        let mut members = BTreeMap::new();
        while let Some(key) = map.next_key::<String>()? {
            if members.contains_key(&key) {
                return Err(A::Error::custom(format_args!("the key `{key}` is in one object twice")));
            }
            members.insert(key, map.next_value()?);
        }
        Ok(Members(members))
    }
}

/// JSON in which no object has a key twice.
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

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value, A::Error> {
        let Members(members) = MembersVisitor(PhantomData).visit_map(map)?;
        Ok(members.into_iter().map(|(key, Unique(value))| (key, value)).collect())
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
