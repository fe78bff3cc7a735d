//! Values that are one of several types.

use serde_core::{Deserialize, Deserializer, de::DeserializeOwned, de::Error};
use serde_json::{Map, Value};

use super::Opaque;

/// An object of a response, with what tells its kind.
pub(crate) struct Tagged {
    object: Map<String, Value>,
}

impl Tagged {
    /// Whether the object is of this kind.
    pub(crate) fn is(&self, object: &str, deleted: bool) -> bool {
        let is_deleted = matches!(self.object.get("deleted"), Some(Value::Bool(true)));
        self.object.get("object").and_then(Value::as_str) == Some(object) && is_deleted == deleted
    }

    /// Reads the object as its kind.
    pub(crate) fn read<T: DeserializeOwned, E: Error>(self) -> Result<T, E> {
        T::deserialize(Value::Object(self.object)).map_err(E::custom)
    }
}

impl<'de> Deserialize<'de> for Tagged {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Opaque::deserialize(deserializer).map(|object| Self { object: object.into_json() })
    }
}

/// Implements a union of objects that their fields `object` and `deleted` tell apart.
macro_rules! tagged_union {
    ($name:ident $(, referable = $referable:tt)? { $($variant:ident = $object:literal $($deleted:ident)?),* $(,)? }) => {
        impl<'de> ::serde_core::Deserialize<'de> for $name {
            fn deserialize<D: ::serde_core::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                let object =
                    <$crate::support::union::Tagged as ::serde_core::Deserialize>::deserialize(deserializer)?;
                $(
                    if object.is($object, $crate::support::tagged_union!(@deleted $($deleted)?)) {
                        return object.read().map(Self::$variant);
                    }
                )*
                object.read().map(Self::Unknown)
            }
        }

        impl ::serde_core::Serialize for $name {
            fn serialize<S: ::serde_core::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(object) => ::serde_core::Serialize::serialize(object, serializer),)*
                    Self::Unknown(object) => ::serde_core::Serialize::serialize(object, serializer),
                }
            }
        }

        $crate::support::tagged_union!(@object $name [$($referable)?] $($variant)*);
    };

    (@deleted) => { false };
    (@deleted deleted) => { true };

    (@object $name:ident [] $($variant:ident)*) => {};
    (@object $name:ident [true] $($variant:ident)*) => {
        impl $crate::support::expandable::Object for $name {
            // Any: an object tells its kind itself.
            const OBJECT: &'static str = "";
            type Id = ::std::string::String;

            fn id(&self) -> ::core::option::Option<&str> {
                #[allow(unused_imports, reason = "an object that is kept as JSON has the method itself")]
                use $crate::support::expandable::Object as _;
                match self {
                    $(Self::$variant(object) => object.id(),)*
                    Self::Unknown(object) => object.id(),
                }
            }
        }

        impl $crate::support::expandable::Expanded for $name {
            const DELETABLE: bool = false;
        }
    };
}

pub(crate) use tagged_union;

/// Implements a union of objects that no field tells apart, a tuple struct around one private `Opaque`.
macro_rules! untagged_union {
    ($name:ident { $($method:ident = $alternative:ty),* $(,)? }) => {
        impl $name {
            $(
                #[doc = ::core::concat!("Reads the object as `", ::core::stringify!($alternative), "`.")]
                ///
                /// # Errors
                /// Returns an error if the JSON is not that of such an object.
                pub fn $method(&self) -> ::core::result::Result<$alternative, ::serde_json::Error> {
                    <$alternative as ::serde_core::Deserialize>::deserialize(self.0.as_json())
                }
            )*

            /// Returns the whole object.
            #[must_use]
            pub const fn as_json(&self) -> &::serde_json::Map<::std::string::String, ::serde_json::Value> {
                self.0.as_json()
            }

            /// Returns the whole object, owned.
            #[must_use]
            pub fn into_json(self) -> ::serde_json::Map<::std::string::String, ::serde_json::Value> {
                self.0.into_json()
            }
        }

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                self.0.fmt_as(::core::stringify!($name), f)
            }
        }

        impl ::serde_core::Serialize for $name {
            fn serialize<S: ::serde_core::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                ::serde_core::Serialize::serialize(&self.0, serializer)
            }
        }

        impl<'de> ::serde_core::Deserialize<'de> for $name {
            fn deserialize<D: ::serde_core::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                ::serde_core::Deserialize::deserialize(deserializer).map(Self)
            }
        }
    };
}

pub(crate) use untagged_union;

/// Implements a parameter of several types. One that owns all of them has a variant for its lifetime, which has no value.
macro_rules! parameter_union {
    ($name:ident<$lifetime:lifetime>, owned = true { $($variant:ident($alternative:ty)),* $(,)? }) => {
        $crate::support::parameter_union!(@from $name $lifetime $($variant($alternative))*);
        $crate::support::parameter_union!(@write $name { $($variant)* } Self::Lifetime_(never, _) => match *never {},);
    };
    ($name:ident<$lifetime:lifetime> { $($variant:ident($alternative:ty)),* $(,)? }) => {
        $crate::support::parameter_union!(@from $name $lifetime $($variant($alternative))*);
        $crate::support::parameter_union!(@write $name { $($variant)* });
    };

    (@from $name:ident $lifetime:lifetime $($variant:ident($alternative:ty))*) => {
        $(
            impl<$lifetime> ::core::convert::From<$alternative> for $name<$lifetime> {
                fn from(value: $alternative) -> Self {
                    Self::$variant(value)
                }
            }
        )*
    };

    (@write $name:ident { $($variant:ident)* } $($never:tt)*) => {
        impl $crate::support::form::FormValue for $name<'_> {
            fn write(&self, key: &$crate::support::form::Key<'_>, form: &mut $crate::support::form::Form) {
                match self {
                    $(Self::$variant(value) => $crate::support::form::FormValue::write(value, key, form),)*
                    $($never)*
                }
            }
        }
    };
}

pub(crate) use parameter_union;
