//! The API key, or where it comes from.

use std::{fmt, sync::Arc};

use http::HeaderValue;

use super::input;
use crate::support::{InvalidInput, Secret};

/// The API key of a client: fixed, or asked for before each call.
///
/// Whatever converts into a [`Secret`] is a fixed key. A source is for a key that changes while the program runs, such as one
/// that a vault rotates: its function is called once for each call of a client, and for each request of an
/// [`Endpoint`](crate::Endpoint). It should return at once, such as from memory.
///
/// # Examples
/// ```
#[doc = include_str!("doctest_operation.txt")]
/// # use std::sync::{Arc, RwLock};
/// # use stripe_runtime::{Endpoint, KeySource, Options};
/// let current = Arc::new(RwLock::new("sk_test_old".to_owned()));
/// let shared = Arc::clone(&current);
/// let source = KeySource::new(move || shared.read().expect("no writer panics").clone());
/// let endpoint = Endpoint::new(source)?;
///
/// *current.write().expect("no reader panics") = "sk_test_new".to_owned();
/// let request = endpoint.request(&RetrieveCustomer::new("cus_1"), &Options::new())?;
/// assert_eq!(request.headers()["authorization"], "Bearer sk_test_new");
/// # Ok::<(), stripe_runtime::Error>(())
/// ```
#[derive(Clone)]
pub struct KeySource(Key);

#[derive(Clone)]
enum Key {
    Fixed(Secret<String>),
    Source(Arc<dyn Fn() -> Secret<String> + Send + Sync>),
}

impl KeySource {
    /// Creates a source from a function. An invalid key that it returns is an [`InvalidInput`](crate::InvalidInput) of the call,
    /// and nothing is sent.
    pub fn new<K: Into<Secret<String>>>(source: impl Fn() -> K + Send + Sync + 'static) -> Self {
        Self(Key::Source(Arc::new(move || source().into())))
    }

    /// Checks a fixed key. Nothing is known of one that changes.
    pub(super) fn check(&self) -> Result<(), InvalidInput> {
        match &self.0 {
            Key::Fixed(key) => input::authorization(key.expose()).map(drop),
            Key::Source(_) => Ok(()),
        }
    }

    /// Returns the header with the key of now.
    pub(super) fn authorization(&self) -> Result<HeaderValue, InvalidInput> {
        match &self.0 {
            Key::Fixed(key) => input::authorization(key.expose()),
            Key::Source(source) => input::authorization(source().expose()),
        }
    }
}

impl<K: Into<Secret<String>>> From<K> for KeySource {
    fn from(key: K) -> Self {
        Self(Key::Fixed(key.into()))
    }
}

impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KeySource").finish_non_exhaustive()
    }
}
