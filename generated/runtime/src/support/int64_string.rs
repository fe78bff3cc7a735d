//! Integers that are strings in JSON, whose numbers are not exact beyond 2⁵³ in every language.

use std::fmt;

use super::text::string_value;

/// A 64-bit integer that is a string on the wire, as operations below `/v2/` have it: `"9007199254740993"`. It keeps the number and not its
/// spelling: `"007"` encodes to `"7"`.
///
/// # Examples
/// ```
/// # use stripe_runtime::Int64String;
/// let quantity: Int64String = serde_json::from_str(r#""9007199254740993""#)?;
/// assert_eq!(quantity.get(), 9_007_199_254_740_993);
/// assert_eq!(serde_json::to_string(&Int64String::from(5))?, r#""5""#);
/// assert_eq!(serde_json::from_str::<Int64String>(r#""007""#)?, Int64String::from(7));
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

string_value!(Int64String, "a string with a 64-bit integer", |text| text.parse().ok().map(Int64String));
