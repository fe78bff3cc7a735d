//! Enums that stay open: a value unknown to this version of the crate is kept as Stripe sent it.

/// Implements an open enum from its variants and their values.
///
/// The enum itself has one more variant, `Unknown(String)`. A value that is listed is never decoded as `Unknown`.
#[doc(hidden)]
#[macro_export]
macro_rules! __open_enum {
    ($name:ident { $($variant:ident = $value:literal),* $(,)? }) => {
        impl $name {
            /// All values known to this version of the crate, in the order of the variants.
            pub const VARIANTS: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the value as Stripe spells it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Unknown(value) => value,
                }
            }

            fn from_wire(value: ::std::borrow::Cow<'_, str>) -> Self {
                match &*value {
                    $($value => Self::$variant,)*
                    _ => Self::Unknown(value.into_owned()),
                }
            }
        }

        impl ::core::convert::From<&str> for $name {
            fn from(value: &str) -> Self {
                Self::from_wire(::std::borrow::Cow::Borrowed(value))
            }
        }

        impl ::core::convert::From<::std::string::String> for $name {
            fn from(value: ::std::string::String) -> Self {
                Self::from_wire(::std::borrow::Cow::Owned(value))
            }
        }

        $crate::__private::text_type!($name);

        /// Orders by the value as Stripe spells it.
        impl ::core::cmp::Ord for $name {
            fn cmp(&self, other: &Self) -> ::core::cmp::Ordering {
                // A caller can wrap a known value in `Unknown`, which is not equal to its variant.
                let is_unknown = |value: &Self| ::core::matches!(value, Self::Unknown(_));
                ::core::cmp::Ord::cmp(
                    &(self.as_str(), is_unknown(self)),
                    &(other.as_str(), is_unknown(other)),
                )
            }
        }

        impl ::core::cmp::PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> ::core::option::Option<::core::cmp::Ordering> {
                ::core::option::Option::Some(::core::cmp::Ord::cmp(self, other))
            }
        }

        impl $crate::__private::serde_core::Serialize for $name {
            fn serialize<__S: $crate::__private::serde_core::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::__private::serde_core::Deserialize<'de> for $name {
            fn deserialize<__D: $crate::__private::serde_core::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                <$crate::__private::Text<'_> as $crate::__private::serde_core::Deserialize>::deserialize(deserializer)
                    .map(|text| Self::from_wire(text.0))
            }
        }
    };
}
