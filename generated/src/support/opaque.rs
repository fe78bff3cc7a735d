//! Objects that this crate does not model, kept as JSON.

use std::fmt;

use serde_core::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};
use serde_json::{Map, Value};

use super::expandable::{Expanded, Object};

/// An object of Stripe's that this crate does not model: its JSON, whole.
///
/// `Debug` shows the `id` and the `object`, never the content, which may be personal.
#[derive(Clone, PartialEq)]
pub struct Opaque(Map<String, Value>);

impl Opaque {
    /// The field `id`, if it is a string.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.text("id")
    }

    /// The field `object`, which tells the kind of object, if it is a string.
    #[must_use]
    pub fn object(&self) -> Option<&str> {
        self.text("object")
    }

    /// A field of the object, by its name on the wire.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// The whole object.
    #[must_use]
    pub const fn as_json(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The whole object, owned.
    #[must_use]
    pub fn into_json(self) -> Map<String, Value> {
        self.0
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(Value::as_str)
    }

    /// Prints an object under the name of its type, without its content.
    pub(crate) fn fmt_as(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(name).field("id", &self.id()).field("object", &self.object()).finish_non_exhaustive()
    }
}

impl fmt::Debug for Opaque {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fmt_as("Opaque", f)
    }
}

impl Serialize for Opaque {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Opaque {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(OpaqueVisitor)
    }
}

/// Where `Map` would take `null` for an empty object, this does not.
struct OpaqueVisitor;

impl<'de> Visitor<'de> for OpaqueVisitor {
    type Value = Opaque;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Opaque, A::Error> {
        Map::deserialize(MapAccessDeserializer::new(map)).map(Opaque)
    }
}

/// A reference to one of several kinds of object, none of which is modelled.
impl Object for Opaque {
    /// Any: an object tells its kind itself.
    const OBJECT: &'static str = "";
    type Id = String;

    fn id(&self) -> Option<&str> {
        self.id()
    }
}

impl Expanded for Opaque {
    const DELETABLE: bool = true;
}

/// Implements an object that is not modelled, a tuple struct around one private `Opaque`.
macro_rules! opaque {
    ($name:ident, $id:ident, $object:literal) => {
        impl $name {
            /// What the field `object` of such an object holds. It is not checked when one is decoded.
            pub const OBJECT: &'static str = $object;

            /// The field `id`, if it is a string.
            #[must_use]
            pub fn id(&self) -> Option<&str> {
                self.0.id()
            }

            /// The field `object`, if it is a string.
            #[must_use]
            pub fn object(&self) -> Option<&str> {
                self.0.object()
            }

            /// A field of the object, by its name on the wire.
            #[must_use]
            pub fn get(&self, key: &str) -> Option<&serde_json::Value> {
                self.0.get(key)
            }

            /// The whole object.
            #[must_use]
            pub const fn as_json(&self) -> &serde_json::Map<String, serde_json::Value> {
                self.0.as_json()
            }

            /// The whole object, owned.
            #[must_use]
            pub fn into_json(self) -> serde_json::Map<String, serde_json::Value> {
                self.0.into_json()
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt_as(stringify!($name), f)
            }
        }

        impl serde_core::Serialize for $name {
            fn serialize<S: serde_core::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serde_core::Serialize::serialize(&self.0, serializer)
            }
        }

        impl<'de> serde_core::Deserialize<'de> for $name {
            fn deserialize<D: serde_core::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                serde_core::Deserialize::deserialize(deserializer).map(Self)
            }
        }

        impl $crate::support::expandable::Object for $name {
            const OBJECT: &'static str = $object;
            type Id = $id;

            fn id(&self) -> Option<&str> {
                self.0.id()
            }
        }

        impl $crate::support::expandable::Expanded for $name {
            const DELETABLE: bool = true;
        }
    };
}

pub(crate) use opaque;
