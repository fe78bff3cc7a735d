//! Objects that are kept as JSON, since any of their fields may tell what they are.

use std::fmt;

use serde_core::{
    Deserialize, Deserializer,
    de::{
        DeserializeSeed, Error, Expected, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor,
        value::MapAccessDeserializer,
    },
};
use serde_json::{Map, Value, map::Entry};

use super::Opaque;

/// Decodes a whole object, and reads it while the decoder is still at it: the error has its place.
pub fn deserialize_object<'de, T, D: Deserializer<'de>>(
    deserializer: D,
    read: impl FnOnce(Opaque) -> Result<T, serde_json::Error>,
) -> Result<T, D::Error> {
    deserializer.deserialize_map(ObjectVisitor(read))
}

/// Refuses `null`, which `Map` accepts as an empty object.
struct ObjectVisitor<F>(F);

impl<'de, T, F: FnOnce(Opaque) -> Result<T, serde_json::Error>> Visitor<'de> for ObjectVisitor<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        (self.0)(Opaque::new(Entries::new(map)?.into_fields()?)).map_err(A::Error::custom)
    }
}

/// A value of any type, within which no object has a field twice.
struct Kept(Value);

impl<'de> Deserialize<'de> for Kept {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KeptVisitor)
    }
}

struct KeptVisitor;

macro_rules! scalars {
    ($($visit:ident: $scalar:ty),*) => {
        $(
            fn $visit<E>(self, value: $scalar) -> Result<Kept, E> {
                Ok(Kept(value.into()))
            }
        )*
    };
}

impl<'de> Visitor<'de> for KeptVisitor {
    type Value = Kept;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    scalars! {
        visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str, visit_string: String
    }

    fn visit_unit<E>(self) -> Result<Kept, E> {
        Ok(Kept(Value::Null))
    }

    fn visit_none<E>(self) -> Result<Kept, E> {
        Ok(Kept(Value::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Kept, D::Error> {
        Kept::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Kept, A::Error> {
        let mut list = Vec::new();
        while let Some(Kept(value)) = seq.next_element()? {
            list.push(value);
        }
        Ok(Kept(list.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Kept, A::Error> {
        let entries = Entries::new(map)?;
        if entries.is_number() {
            return Value::deserialize(MapAccessDeserializer::new(entries)).map(Kept);
        }
        entries.into_fields().map(|fields| Kept(fields.into()))
    }
}

/// The entries of an object, of which the first key was read to tell that it is one.
///
/// For `deserialize_any` a number may be a map as well: serde_json's feature `arbitrary_precision`, which any crate of a program
/// turns on for all of them, passes on a number as a map of one key.
pub(crate) struct Entries<A> {
    first: Option<Option<String>>,
    rest: A,
}

impl<'de, A: MapAccess<'de>> Entries<A> {
    fn new(mut map: A) -> Result<Self, A::Error> {
        Ok(Self { first: Some(map.next_key()?), rest: map })
    }

    fn is_number(&self) -> bool {
        matches!(&self.first, Some(Some(key)) if key == "$serde_json::private::Number")
    }

    /// Takes the map for an object, or returns the error that it is a number.
    pub(crate) fn of_object(map: A, expected: &dyn Expected) -> Result<Self, A::Error> {
        let entries = Self::new(map)?;
        if entries.is_number() {
            return Err(A::Error::invalid_type(Unexpected::Other("number"), expected));
        }
        Ok(entries)
    }

    /// Reads all of them. A field that is there twice is an error as in a model, which may be read from them.
    pub(crate) fn into_fields(mut self) -> Result<Map<String, Value>, A::Error> {
        let mut fields = Map::new();
        let mut name = self.first.flatten();
        while let Some(next) = name {
            match fields.entry(next) {
                Entry::Vacant(entry) => drop(entry.insert(self.rest.next_value::<Kept>()?.0)),
                Entry::Occupied(entry) => {
                    let name: String = entry.key().chars().take(64).collect();
                    return Err(A::Error::custom(format_args!("duplicate field `{}`", name.escape_debug())));
                }
            }
            name = self.rest.next_key()?;
        }
        Ok(fields)
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Entries<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        match self.first.take() {
            Some(key) => key.map(|key| seed.deserialize(key.into_deserializer())).transpose(),
            None => self.rest.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.rest.next_value_seed(seed)
    }
}
