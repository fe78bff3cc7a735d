//! A field of a response that may be absent, null, or have a value.

use std::ops::Deref;

use serde_core::{Deserialize, Deserializer, Serialize, Serializer};

/// A field that Stripe may leave out, send as `null`, or send with a value.
///
/// The three cases are told apart: a decoded object encodes with the fields that it came with. The methods are the most used
/// ones of [`Option`]; [`as_ref`](Self::as_ref) and [`into_option`](Self::into_option) give the rest. They treat absent and
/// null alike, except for [`map`](Self::map) and [`and_then`](Self::and_then), which keep the case.
///
/// # Examples
/// ```
/// # use stripe_runtime::Nullable;
/// let return_url = Nullable::Value("https://example.com".to_owned());
/// assert_eq!(return_url.as_deref(), Some("https://example.com"));
/// assert!(return_url.is_some_and(|url| url.starts_with("https:")));
///
/// let return_url = Nullable::<String>::Null;
/// assert!(return_url.is_null() && return_url.is_none());
/// assert_eq!(return_url.unwrap_or_default(), "");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nullable<T> {
    /// The field was left out.
    #[default]
    Absent,
    /// The field was `null`.
    Null,
    /// The field had a value.
    Value(T),
}

impl<T> Nullable<T> {
    /// Whether there is a value.
    #[must_use]
    pub const fn is_some(&self) -> bool {
        matches!(self, Self::Value(_))
    }

    /// Whether there is a value that satisfies a condition.
    #[must_use]
    pub fn is_some_and(self, f: impl FnOnce(T) -> bool) -> bool {
        self.into_option().is_some_and(f)
    }

    /// Whether the field was left out or `null`.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        !self.is_some()
    }

    /// Whether the field was left out.
    #[must_use]
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether the field was `null`.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Returns a reference to the value, if any.
    #[must_use]
    pub const fn as_ref(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Dereferences the value, if any: `Option<&str>` for a `String`.
    #[must_use]
    pub fn as_deref(&self) -> Option<&T::Target>
    where
        T: Deref,
    {
        self.as_ref().map(T::deref)
    }

    /// Converts into an `Option`: absent and null become `None`.
    #[must_use]
    pub fn into_option(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Returns the value, or `default` without one.
    #[must_use]
    pub fn unwrap_or(self, default: T) -> T {
        self.into_option().unwrap_or(default)
    }

    /// Returns the value, or the default of its type without one.
    #[must_use]
    pub fn unwrap_or_default(self) -> T
    where
        T: Default,
    {
        self.into_option().unwrap_or_default()
    }

    /// Converts the value; absent stays absent and null stays null.
    #[must_use]
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Nullable<U> {
        self.and_then(|value| Nullable::Value(f(value)))
    }

    /// Converts the value, or returns `default` without one.
    #[must_use]
    pub fn map_or<U>(self, default: U, f: impl FnOnce(T) -> U) -> U {
        self.into_option().map_or(default, f)
    }

    /// Converts the value into another nullable one; absent stays absent and null stays null.
    #[must_use]
    pub fn and_then<U>(self, f: impl FnOnce(T) -> Nullable<U>) -> Nullable<U> {
        match self {
            Self::Absent => Nullable::Absent,
            Self::Null => Nullable::Null,
            Self::Value(value) => f(value),
        }
    }

    /// Returns the value, or `error` without one.
    ///
    /// # Errors
    /// Returns `error` if the field is absent or null.
    pub fn ok_or<E>(self, error: E) -> Result<T, E> {
        self.into_option().ok_or(error)
    }
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T> From<Option<T>> for Nullable<T> {
    /// `None` becomes [`Nullable::Null`].
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl<T: Serialize> Serialize for Nullable<T> {
    /// A model leaves out an absent field. On its own, absent is encoded as `null`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_ref().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::from)
    }
}
