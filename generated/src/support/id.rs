//! Identifiers: a newtype of a string for each kind of object, so that one is not taken for another.

/// Implements an identifier, a tuple struct around one private `String`.
///
/// Any string is accepted: the form of Stripe's identifiers is not promised. The one that would change a path is refused
/// when the request is built.
macro_rules! id {
    ($name:ident) => {
        impl $name {
            /// Takes any string, as Stripe does not promise what its identifiers look like.
            #[must_use]
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The identifier as Stripe spells it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The identifier as an owned string, without a copy.
            #[must_use]
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id)
            }
        }

        impl From<&$name> for $name {
            fn from(id: &$name) -> Self {
                id.clone()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl<'a> From<$name> for std::borrow::Cow<'a, str> {
            fn from(id: $name) -> Self {
                Self::Owned(id.0)
            }
        }

        impl<'a> From<&'a $name> for std::borrow::Cow<'a, str> {
            fn from(id: &'a $name) -> Self {
                Self::Borrowed(&id.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(id: &str) -> Result<Self, Self::Err> {
                Ok(Self::from(id))
            }
        }

        impl serde_core::Serialize for $name {
            fn serialize<S: serde_core::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> serde_core::Deserialize<'de> for $name {
            fn deserialize<D: serde_core::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <String as serde_core::Deserialize>::deserialize(deserializer).map(Self)
            }
        }

        impl $crate::support::form::FormValue for $name {
            fn write(&self, key: &$crate::support::form::Key<'_>, form: &mut $crate::support::form::Form) {
                form.text(key, &self.0);
            }
        }
    };
}

pub(crate) use id;
