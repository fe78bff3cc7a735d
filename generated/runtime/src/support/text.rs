//! Strings of a response, and what ids and enums have in common.

use std::{borrow::Cow, fmt};

use serde_core::de::{Deserialize, Deserializer, Error, Expected, Unexpected, Visitor};

/// A string of the input, borrowed if the input contains it without escapes.
///
/// Open enums are read through this single type, so that one visitor is compiled for all of them and a known value needs
/// no allocation.
pub struct Text<'de>(pub Cow<'de, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor(&"a string"))
    }
}

/// Reads what a function returns for a string. `None` from it is an error.
pub(super) fn parse_text<'de, T, D: Deserializer<'de>>(
    deserializer: D,
    expected: &dyn Expected,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<T, D::Error> {
    let Text(text) = deserializer.deserialize_str(TextVisitor(expected))?;
    parse(&text).ok_or_else(|| D::Error::invalid_value(Unexpected::Other("another string"), expected))
}

struct TextVisitor<'a>(&'a dyn Expected);

impl<'de> Visitor<'de> for TextVisitor<'_> {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Text(Cow::Owned(text.to_owned())))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Text(Cow::Borrowed(text)))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Self::Value, E> {
        Ok(Text(Cow::Owned(text)))
    }
}

/// Implements a value that is a string on the wire: `Display` writes it, and a function from `&str` to an `Option` reads it.
macro_rules! string_value {
    ($name:ident, $expected:literal, $parse:expr) => {
        impl super::ParamValue for $name {
            fn encode(&self, encoder: &mut super::encoder::Encoder) {
                encoder.text(&self.to_string());
            }
        }

        impl serde_core::Serialize for $name {
            fn serialize<S: serde_core::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde_core::Deserialize<'de> for $name {
            fn deserialize<D: serde_core::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                super::text::parse_text(deserializer, &$expected, $parse)
            }
        }
    };
}

pub(super) use string_value;

/// Implements what ids and open enums have in common, for a type with `as_str` that is made from a string slice.
#[doc(hidden)]
#[macro_export]
macro_rules! __text_type {
    ($name:ident) => {
        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::core::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::core::convert::From<&$name> for $name {
            fn from(value: &$name) -> Self {
                ::core::clone::Clone::clone(value)
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = ::core::convert::Infallible;

            fn from_str(text: &str) -> ::core::result::Result<Self, ::core::convert::Infallible> {
                ::core::result::Result::Ok(<Self as ::core::convert::From<&str>>::from(text))
            }
        }

        impl $crate::__private::ParamValue for $name {
            fn encode(&self, encoder: &mut $crate::__private::Encoder) {
                encoder.text(self.as_str());
            }
        }

        $crate::__private::text_type!(@equal $name => str; $name => &str; str => $name; &str => $name);
    };

    (@equal $($left:ty => $right:ty);*) => {
        $(
            impl ::core::cmp::PartialEq<$right> for $left {
                fn eq(&self, other: &$right) -> bool {
                    let other: &str = ::core::convert::AsRef::as_ref(other);
                    <Self as ::core::convert::AsRef<str>>::as_ref(self) == other
                }
            }
        )*
    };
}
