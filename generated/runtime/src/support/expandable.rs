//! References to other objects, which Stripe sends as an id or, if the request expands it, as the object.

use std::{fmt, marker::PhantomData};

use serde_core::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeOwned, Error, MapAccess, Visitor, value::MapAccessDeserializer},
    ser::SerializeMap,
};
use serde_json::{Map, Value};

use super::{
    decode::decode_kept,
    kept::{Entries, deserialize_object},
};

/// An object of Stripe's API that has an id and that other objects refer to.
///
/// Only generated types implement it: how an object is read is hidden, and may change in any release.
pub trait Object: DeserializeOwned {
    /// Value of the field `object`. Empty for [`Opaque`](super::Opaque), which can be any kind of object.
    const OBJECT: &'static str;

    /// Whether Stripe may send a deleted object where a reference to one is expanded.
    #[doc(hidden)]
    const DELETABLE: bool;

    /// Type of its id.
    type Id: Clone
        + fmt::Debug
        + PartialEq
        + AsRef<str>
        + From<String>
        + for<'a> From<&'a str>
        + Serialize
        + DeserializeOwned;

    /// Returns the id. `None` only if the object is kept as JSON and has no id.
    fn id(&self) -> Option<&str>;
}

/// A reference to an object: its id, or the object itself if the request expanded it.
///
/// # Examples
/// ```
/// # use stripe_runtime::{Expandable, Opaque};
/// let reference: Expandable<Opaque> = serde_json::from_str(r#""cus_123""#)?;
/// assert_eq!(reference.id(), Some("cus_123"));
/// assert!(reference.as_object().is_none());
///
/// let expanded: Expandable<Opaque> =
///     serde_json::from_str(r#"{"id": "cus_123", "object": "customer"}"#)?;
/// assert_eq!(expanded.id(), Some("cus_123"));
/// assert_eq!(
///     expanded.as_object().and_then(|customer| customer.object()),
///     Some("customer")
/// );
///
/// let deleted: Expandable<Opaque> = serde_json::from_str(
///     r#"{"id": "cus_123", "object": "customer", "deleted": true}"#,
/// )?;
/// assert!(deleted.is_deleted());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Expandable<T: Object> {
    /// Not expanded: only the id.
    Id(T::Id),
    /// Expanded.
    Object(Box<T>),
    /// Expanded, but the object is deleted: only its id and its kind are left.
    Deleted(Deleted),
}

/// A deleted object, of which Stripe only sends the id and the kind.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Deleted {
    /// Id of the object.
    pub id: String,
    /// Kind of the object, such as `customer`.
    pub object: String,
}

impl<T: Object> Expandable<T> {
    /// Returns the id, whether expanded or not. `None` only if the object is kept as JSON and has no id.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Id(id) => Some(id.as_ref()),
            Self::Object(object) => object.id(),
            Self::Deleted(deleted) => Some(&deleted.id),
        }
    }

    /// Returns the id as its own type, for a request for the object. `None` as in [`id`](Self::id).
    #[must_use]
    pub fn to_id(&self) -> Option<T::Id> {
        match self {
            Self::Id(id) => Some(id.clone()),
            _ => self.id().map(T::Id::from),
        }
    }

    /// Returns the object, if it was expanded and is not deleted.
    #[must_use]
    pub fn as_object(&self) -> Option<&T> {
        match self {
            Self::Object(object) => Some(object),
            Self::Id(_) | Self::Deleted(_) => None,
        }
    }

    /// Converts into the object, if it was expanded and is not deleted.
    #[must_use]
    pub fn into_object(self) -> Option<T> {
        match self {
            Self::Object(object) => Some(*object),
            Self::Id(_) | Self::Deleted(_) => None,
        }
    }

    /// Whether the object was expanded and is deleted. `false` for an id, which does not tell.
    #[must_use]
    pub fn is_deleted(&self) -> bool {
        matches!(self, Self::Deleted(_))
    }
}

impl<T: Object + Serialize> Serialize for Expandable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Id(id) => id.serialize(serializer),
            Self::Object(object) => object.serialize(serializer),
            Self::Deleted(deleted) => deleted.serialize(serializer),
        }
    }
}

pub(crate) const EXPECTED: &str = "an id or an object";

impl<'de, T: Object> Deserialize<'de> for Expandable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ExpandableVisitor(PhantomData))
    }
}

struct ExpandableVisitor<T>(PhantomData<T>);

impl<'de, T: Object> Visitor<'de> for ExpandableVisitor<T> {
    type Value = Expandable<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(EXPECTED)
    }

    fn visit_str<E: Error>(self, id: &str) -> Result<Self::Value, E> {
        Ok(Expandable::Id(id.into()))
    }

    fn visit_string<E: Error>(self, id: String) -> Result<Self::Value, E> {
        Ok(Expandable::Id(id.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let entries = Entries::of_object(map, &self)?;
        if !T::DELETABLE {
            let object = T::deserialize(MapAccessDeserializer::new(entries));
            return object.map(|object| Expandable::Object(Box::new(object)));
        }
        // The field `deleted` may be the last one, and a serde deserializer cannot go back.
        let map = entries.into_fields()?;
        if let Some(deleted) = Deleted::from_json(&map) {
            return Ok(Expandable::Deleted(deleted));
        }
        decode_kept(&map).map(|object| Expandable::Object(Box::new(object))).map_err(A::Error::custom)
    }
}

impl Serialize for Deleted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("id", &self.id)?;
        map.serialize_entry("object", &self.object)?;
        map.serialize_entry("deleted", &true)?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Deleted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_object(deserializer, |object| {
            let deleted = Self::from_json(object.as_json());
            deleted.ok_or_else(|| Error::custom("expected what is left of a deleted object"))
        })
    }
}

impl Deleted {
    /// Returns the id, as every object with an id does.
    #[allow(clippy::unnecessary_wraps, dead_code, reason = "the method of an alternative of a union")]
    #[doc(hidden)]
    pub fn id(&self) -> Option<&str> {
        Some(&self.id)
    }

    /// Returns the deleted object, or `None` if the object is not deleted.
    fn from_json(map: &Map<String, Value>) -> Option<Self> {
        let text = |name| map.get(name).and_then(Value::as_str).map(str::to_owned);
        match map.get("deleted") {
            Some(Value::Bool(true)) => Some(Self { id: text("id")?, object: text("object")? }),
            _ => None,
        }
    }
}
