//! Enums that stay open: a value that this release does not know is kept as it came.

/// Implements an open enum from its variants and their values on the wire.
///
/// The enum itself has one more variant, `Unknown(String)`. A value that is listed never becomes `Unknown`.
macro_rules! open_enum {
    ($name:ident { $($variant:ident = $value:literal),* $(,)? }) => {
        impl $name {
            /// Every value that this release knows, in the order of the variants.
            pub const VARIANTS: &'static [Self] = &[$(Self::$variant),*];

            /// The value as Stripe spells it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Unknown(value) => value,
                }
            }

            fn from_wire(value: std::borrow::Cow<'_, str>) -> Self {
                match &*value {
                    $($value => Self::$variant,)*
                    _ => Self::Unknown(value.into_owned()),
                }
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                Self::from_wire(value.into())
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                Self::from_wire(value.into())
            }
        }

        impl From<&$name> for $name {
            fn from(value: &$name) -> Self {
                value.clone()
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(value: &str) -> Result<Self, Self::Err> {
                Ok(Self::from(value))
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde_core::Serialize for $name {
            fn serialize<S: serde_core::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde_core::Deserialize<'de> for $name {
            fn deserialize<D: serde_core::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <$crate::support::text::Text<'_> as serde_core::Deserialize>::deserialize(deserializer)
                    .map(|text| Self::from_wire(text.0))
            }
        }

        impl $crate::support::form::FormValue for $name {
            fn write(&self, key: &$crate::support::form::Key<'_>, form: &mut $crate::support::form::Form) {
                const PLAIN: bool = true $(&& $crate::support::form::is_plain($value))*;
                if PLAIN && !matches!(self, Self::Unknown(_)) {
                    form.plain(key, self.as_str());
                } else {
                    form.text(key, self.as_str());
                }
            }
        }
    };
}

pub(crate) use open_enum;
