//! Parameters that can be cleared.

use std::collections::{BTreeMap, HashMap};

use super::{
    DateTime, Timestamp,
    encoder::{Encoder, ParamValue},
};

/// A parameter that takes a value, or clears the value set before.
///
/// A map also converts from an array, a `Vec`, a `HashMap` or a `BTreeMap` of keys and values, each a `&str` or a `String`. To send
/// what an iterator yields, collect it into a `Vec`.
///
/// # Examples
/// ```
/// # use stripe_runtime::{Clearable, Method, Request};
/// let request = |limit: Clearable<i64>| {
///     Ok(Request::new(Method::Post, "/v1/things", &[])?.param("limit", limit))
/// };
/// assert_eq!(request(5.into())?.body(), Some("limit=5"));
/// assert_eq!(request(Clearable::Clear)?.body(), Some("limit="));
///
/// let things = Request::new(Method::Post, "/v2/things", &[])?;
/// let request = things.param("limit", Clearable::<i64>::Clear);
/// assert_eq!(request.body(), Some(r#"{"limit":null}"#));
/// # Ok::<(), stripe_runtime::InvalidInput>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Clearable<T> {
    /// Sets this value.
    Value(T),
    /// Clears the parameter: sent as `key=` in a form, and as `null` in JSON.
    Clear,
}

impl<T> From<T> for Clearable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

// No conversion from a `Clearable<&str>`: with it, the type of a `Clearable::Clear` that is passed to a setter would be ambiguous.
impl From<&str> for Clearable<String> {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

impl From<&String> for Clearable<String> {
    fn from(value: &String) -> Self {
        Self::Value(value.clone())
    }
}

macro_rules! from_entries {
    ($($entries:ty $(=> [$($generic:tt)+])?),+) => {$(
        impl<K: Into<String>, V: Into<T>, T $(, $($generic)+)?> From<$entries> for Clearable<BTreeMap<String, T>> {
            fn from(entries: $entries) -> Self {
                Self::Value(entries.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
            }
        }
    )+};
}

from_entries! {
    [(K, V); N] => [const N: usize],
    Vec<(K, V)>,
    HashMap<K, V, S> => [S]
}

impl<V: Into<T>, T> From<BTreeMap<&str, V>> for Clearable<BTreeMap<String, T>> {
    fn from(entries: BTreeMap<&str, V>) -> Self {
        Self::from(Vec::from_iter(entries))
    }
}

/// For these values alone: generic ones would overlap with the conversion of a `T` above.
macro_rules! from_texts {
    ($($given:ty => $value:ty),+) => {$(
        impl From<BTreeMap<String, $given>> for Clearable<BTreeMap<String, $value>> {
            fn from(entries: BTreeMap<String, $given>) -> Self {
                Self::from(Vec::from_iter(entries))
            }
        }
    )+};
}

from_texts!(&str => String, &str => Clearable<String>, String => Clearable<String>);

impl From<std::time::SystemTime> for Clearable<Timestamp> {
    fn from(time: std::time::SystemTime) -> Self {
        Self::Value(time.into())
    }
}

impl From<std::time::SystemTime> for Clearable<DateTime> {
    fn from(time: std::time::SystemTime) -> Self {
        Self::Value(time.into())
    }
}

impl<T: ParamValue> ParamValue for Clearable<T> {
    fn encode(&self, encoder: &mut Encoder) {
        match self {
            Self::Value(value) => value.encode(encoder),
            Self::Clear => encoder.clear(),
        }
    }
}
