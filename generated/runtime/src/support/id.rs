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
            pub fn new(id: impl ::core::convert::Into<::std::string::String>) -> Self {
                Self(::core::convert::Into::into(id))
            }

            /// Returns the id as a string slice.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        $crate::__private::text_type!($name);
        $crate::__private::transparent!($name);
        $crate::__private::id!(
            @from $name &str, ::std::string::String, &::std::string::String, ::std::borrow::Cow<'_, str>
        );

        // Lawful, as a newtype compares and hashes like the string in it.
        impl ::core::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl ::core::convert::From<$name> for ::std::string::String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl ::core::convert::From<&$name> for ::std::string::String {
            fn from(id: &$name) -> Self {
                ::core::clone::Clone::clone(&id.0)
            }
        }
    };

    (@from $name:ident $($text:ty),*) => {
        $(
            impl ::core::convert::From<$text> for $name {
                fn from(id: $text) -> Self {
                    Self(::core::convert::Into::into(id))
                }
            }
        )*
    };
}
