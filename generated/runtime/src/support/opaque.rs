//! Objects that this crate has no fields for, kept as JSON.

use std::fmt;

use serde_core::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::{expandable::Object, kept::deserialize_object};

/// An object of Stripe's API that this crate has no fields for: its whole JSON.
///
/// `Debug` shows the `id` and the `object`, never the rest, which may be personal data.
///
/// # Examples
/// ```
/// # use stripe_runtime::Opaque;
/// let object: Opaque =
///     serde_json::from_str(r#"{"id": "card_123", "object": "card", "last4": "4242"}"#)?;
/// assert_eq!(object.id(), Some("card_123"));
/// assert_eq!(object.get("last4").and_then(|last4| last4.as_str()), Some("4242"));
/// assert_eq!(
///     format!("{object:?}"),
///     r#"Opaque { id: Some("card_123"), object: Some("card"), .. }"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Opaque(Map<String, Value>);

impl Opaque {
    pub(super) const fn new(fields: Map<String, Value>) -> Self {
        Self(fields)
    }

    /// Returns the field `id`, if it is a string.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.text("id")
    }

    /// Returns the field `object`, which states the kind of object, if it is a string.
    #[must_use]
    pub fn object(&self) -> Option<&str> {
        self.text("object")
    }

    /// Returns a field of the object by its name in the JSON.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// Returns the whole object.
    #[must_use]
    pub const fn as_json(&self) -> &Map<String, Value> {
        &self.0
    }

    /// Converts into the whole object.
    #[must_use]
    pub fn into_json(self) -> Map<String, Value> {
        self.0
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(Value::as_str)
    }

    /// Formats the object under the name of its type, without its content.
    #[doc(hidden)]
    pub fn fmt_as(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
        deserialize_object(deserializer, Ok)
    }
}

/// For a reference to one of several kinds of object, none of which has a model.
impl Object for Opaque {
    /// Empty: any kind of object is possible, and [`Opaque::object`] tells which.
    const OBJECT: &'static str = "";
    const DELETABLE: bool = true;
    type Id = String;

    fn id(&self) -> Option<&str> {
        self.id()
    }
}

/// Implements an object without a model, a tuple struct of one private `Opaque`.
#[doc(hidden)]
#[macro_export]
macro_rules! __opaque {
    ($name:ident, $id:ident, $object:literal $(,)?) => {
        impl $name {
            /// Value of the field `object` of such an object. Decoding does not check it.
            pub const OBJECT: &'static str = $object;

            /// Returns the field `id`, if it is a string.
            #[must_use]
            pub fn id(&self) -> ::core::option::Option<&str> {
                self.0.id()
            }

            /// Returns the field `object`, if it is a string.
            #[must_use]
            pub fn object(&self) -> ::core::option::Option<&str> {
                self.0.object()
            }

            /// Returns a field of the object by its name in the JSON.
            #[must_use]
            pub fn get(&self, key: &str) -> ::core::option::Option<&$crate::__private::serde_json::Value> {
                self.0.get(key)
            }
        }

        $crate::__private::json_object!($name);

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                self.0.fmt_as(::core::stringify!($name), f)
            }
        }

        impl $crate::__private::Object for $name {
            const OBJECT: &'static str = $object;
            const DELETABLE: bool = true;
            type Id = $id;

            fn id(&self) -> ::core::option::Option<&str> {
                self.0.id()
            }
        }
    };
}

/// Implements what all types around one private `Opaque` have in common.
#[doc(hidden)]
#[macro_export]
macro_rules! __json_object {
    ($name:ident) => {
        impl $name {
            /// Returns the whole object.
            #[must_use]
            pub const fn as_json(
                &self,
            ) -> &$crate::__private::serde_json::Map<::std::string::String, $crate::__private::serde_json::Value> {
                self.0.as_json()
            }

            /// Converts into the whole object.
            #[must_use]
            pub fn into_json(
                self,
            ) -> $crate::__private::serde_json::Map<::std::string::String, $crate::__private::serde_json::Value> {
                self.0.into_json()
            }
        }

        $crate::__private::transparent!($name);
    };
}
