//! Values that must not be logged by accident.

use std::fmt;

use super::encoder::{Encoder, ParamValue};

/// A secret or a piece of personal data, which is not printed.
///
/// `Debug` prints `Secret(…)`, and there is no `Display`. [`expose`](Self::expose) returns the value. Serializing writes
/// the value, so an object can be stored and read again: the JSON of such an object is as secret as the value.
///
/// # Examples
/// ```
/// # use stripe_runtime::Secret;
/// let secret: Secret<String> = "fcsess_client_secret_1".into();
/// assert_eq!(format!("{secret:?}"), "Secret(…)");
/// assert_eq!(secret.expose(), "fcsess_client_secret_1");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Wraps a value.
    #[must_use]
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Returns the value. A review can search for the calls of this method.
    #[must_use]
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// Converts into the value.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl From<&str> for Secret<String> {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

super::transparent!(Secret<T>);

impl<T: ParamValue> ParamValue for Secret<T> {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.mark_secret();
        self.0.encode(encoder);
    }
}
