//! Ids: a newtype of a string for each kind of object, so that one cannot be passed for another.

/// Implements an id, a tuple struct of one private `String` that derives `Eq`, `Ord` and `Hash`.
///
/// Any string is accepted, since Stripe does not promise a format. An id that would change the path of a request is
/// refused when the request is built.
///
/// The paths are absolute, here and in all macros of this crate, so that a type of the document may have any name.
#[doc(hidden)]
#[macro_export]
macro_rules! __id {
    ($name:ident) => {
        impl $name {
            /// Creates an id from any string, since Stripe does not promise a format.
            #[must_use]
            #[inline]
            pub fn new(id: impl ::core::convert::Into<::std::string::String>) -> Self {
                Self(::core::convert::Into::into(id))
            }

            /// Returns the id as a string slice.
            #[must_use]
            #[inline]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Converts the id into a `String` without copying it.
            #[must_use]
            #[inline]
            pub fn into_string(self) -> ::std::string::String {
                self.0
            }
        }

        impl ::core::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl ::core::convert::AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        // Lawful, as a newtype compares and hashes like the string in it.
        impl ::core::borrow::Borrow<str> for $name {
            #[inline]
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl ::core::convert::From<&str> for $name {
            #[inline]
            fn from(id: &str) -> Self {
                Self(::std::borrow::ToOwned::to_owned(id))
            }
        }

        impl ::core::convert::From<::std::string::String> for $name {
            #[inline]
            fn from(id: ::std::string::String) -> Self {
                Self(id)
            }
        }

        impl ::core::convert::From<&::std::string::String> for $name {
            #[inline]
            fn from(id: &::std::string::String) -> Self {
                Self(::core::clone::Clone::clone(id))
            }
        }

        impl ::core::convert::From<::std::borrow::Cow<'_, str>> for $name {
            #[inline]
            fn from(id: ::std::borrow::Cow<'_, str>) -> Self {
                Self(id.into_owned())
            }
        }

        impl ::core::convert::From<&$name> for $name {
            #[inline]
            fn from(id: &$name) -> Self {
                ::core::clone::Clone::clone(id)
            }
        }

        impl ::core::convert::From<$name> for ::std::string::String {
            #[inline]
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl ::core::convert::From<&$name> for ::std::string::String {
            #[inline]
            fn from(id: &$name) -> Self {
                ::core::clone::Clone::clone(&id.0)
            }
        }

        $crate::__private::compare_with_str!($name);

        impl ::core::str::FromStr for $name {
            type Err = ::core::convert::Infallible;

            #[inline]
            fn from_str(id: &str) -> ::core::result::Result<Self, Self::Err> {
                ::core::result::Result::Ok(<Self as ::core::convert::From<&str>>::from(id))
            }
        }

        impl $crate::__private::serde_core::Serialize for $name {
            fn serialize<S: $crate::__private::serde_core::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> $crate::__private::serde_core::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde_core::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                <::std::string::String as $crate::__private::serde_core::Deserialize>::deserialize(deserializer)
                    .map(Self)
            }
        }

        impl $crate::__private::ParamValue for $name {
            #[inline]
            fn encode(&self, form: &mut $crate::__private::Form) {
                form.text(&self.0);
            }
        }
    };
}
