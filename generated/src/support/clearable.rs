//! Parameters that can be cleared.

use super::form::{Form, FormValue, Key};

/// A parameter that takes a value, or the empty string to clear what was set before.
///
/// ```
/// # use stripe_financial_connections::Clearable;
/// assert_eq!(Clearable::from(5), Clearable::Value(5));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Clearable<T> {
    /// Sets this value.
    Value(T),
    /// Clears the parameter: sent as `key=`.
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

impl<'a> From<&'a str> for Clearable<std::borrow::Cow<'a, str>> {
    fn from(value: &'a str) -> Self {
        Self::Value(value.into())
    }
}

impl<'a> From<String> for Clearable<std::borrow::Cow<'a, str>> {
    fn from(value: String) -> Self {
        Self::Value(value.into())
    }
}

impl<T: FormValue> FormValue for Clearable<T> {
    fn write(&self, key: &Key<'_>, form: &mut Form) {
        match self {
            Self::Value(value) => value.write(key, form),
            Self::Clear => form.plain(key, ""),
        }
    }
}
