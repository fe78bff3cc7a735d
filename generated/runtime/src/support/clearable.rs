//! Parameters that can be cleared.

use std::collections::BTreeMap;

use super::{
    DateTime, Timestamp,
    encoder::{Encoder, ParamValue},
};

/// A parameter that takes a value, or clears the value set before.
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

impl<K: Into<String>, V: Into<T>, T, const N: usize> From<[(K, V); N]> for Clearable<BTreeMap<String, T>> {
    fn from(entries: [(K, V); N]) -> Self {
        Self::Value(entries.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}

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
