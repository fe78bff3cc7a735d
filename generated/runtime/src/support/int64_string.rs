//! Integers that are strings in JSON, whose numbers are not exact beyond 2⁵³ in every language.

use std::fmt;

use serde_core::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, Unexpected, Visitor},
};

use super::encoder::{Encoder, ParamValue};

/// A 64-bit integer that is a string on the wire, as operations below `/v2/` have it: `"9007199254740993"`.
///
/// # Examples
/// ```
/// # use stripe_runtime::Int64String;
/// let quantity: Int64String = serde_json::from_str(r#""9007199254740993""#)?;
/// assert_eq!(quantity.get(), 9_007_199_254_740_993);
/// assert_eq!(serde_json::to_string(&Int64String::from(5))?, r#""5""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Int64String(i64);

impl Int64String {
    /// Creates the string of an integer.
    #[must_use]
    pub const fn new(value: i64) -> Self {
        Self(value)
    }

    /// Returns the integer.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

macro_rules! integers {
    ($($integer:ty)*) => {$(
        impl From<$integer> for Int64String {
            fn from(value: $integer) -> Self {
                Self(value.into())
            }
        }
    )*};
}

integers! { i8 i16 i32 i64 u8 u16 u32 }

impl From<Int64String> for i64 {
    fn from(value: Int64String) -> Self {
        value.0
    }
}

impl fmt::Display for Int64String {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl ParamValue for Int64String {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.text(&self.to_string());
    }
}

impl Serialize for Int64String {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Int64String {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Int64Visitor)
    }
}

struct Int64Visitor;

impl Visitor<'_> for Int64Visitor {
    type Value = Int64String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string with a 64-bit integer")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Int64String, E> {
        text.parse().map(Int64String).map_err(|_| E::invalid_value(Unexpected::Other("another string"), &self))
    }
}
