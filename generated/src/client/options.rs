//! What one request may have other than the rest.

use std::fmt;
#[cfg(feature = "client")]
use std::time::Duration;

use crate::support::{Secret, form::push_encoded};

/// What one request has other than the rest: its key, account, headers, and so on.
///
/// Nothing is checked here: what cannot be used is an error of the request, before it is sent. `Debug` shows no value that
/// could be secret.
///
/// ```
/// # use stripe_financial_connections::Options;
/// let options = Options::new().account("acct_1").idempotency_key("order-42").param("metadata[order]", "42");
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct Options {
    pub(super) api_key: Option<Secret<String>>,
    pub(super) account: Option<String>,
    pub(super) api_version: Option<String>,
    pub(super) idempotency_key: Option<String>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) params: Vec<(String, String)>,
    #[cfg(feature = "client")]
    pub(super) timeout: Option<Duration>,
    #[cfg(feature = "client")]
    pub(super) retries: Option<u32>,
}

impl Options {
    /// None other.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another API key.
    pub fn api_key(mut self, key: impl Into<Secret<String>>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// The connected account on whose behalf the request is made: the header `Stripe-Account`.
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = Some(account.into());
        self
    }

    /// Another version of Stripe's API: the header `Stripe-Version`. The answer may then have another shape than the types
    /// of this crate, and fail to decode.
    pub fn api_version(mut self, version: impl Into<String>) -> Self {
        self.api_version = Some(version.into());
        self
    }

    /// Under which key Stripe notes the request, so that it is carried out once however often it arrives: 1 to 255
    /// characters. The clients make one where there is none.
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }

    /// Adds a header, beside those that have an option of their own.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Adds a parameter that this crate does not know, to the body of a `POST`, else to the query. What is nested or a list
    /// has brackets in its name: `limits[accounts]`, `permissions[0]`.
    pub fn param(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.params.push((name.into(), value.into()));
        self
    }

    /// How long each attempt may take, from connecting to the last byte of the answer.
    #[cfg(feature = "client")]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// How often the request is sent again at most.
    #[cfg(feature = "client")]
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = Some(retries);
        self
    }

    /// The extra parameters in the form encoding, after those that are there already.
    pub(super) fn append_params(&self, mut form: String) -> String {
        for (name, value) in &self.params {
            if !form.is_empty() {
                form.push('&');
            }
            // Brackets go as they are, as in the parameters that this crate knows.
            for part in name.split_inclusive(['[', ']']) {
                let text = part.trim_end_matches(['[', ']']);
                push_encoded(&mut form, text);
                form.push_str(&part[text.len()..]);
            }
            form.push('=');
            push_encoded(&mut form, value);
        }
        form
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |pairs: &[(String, String)]| pairs.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        let mut debug = f.debug_struct("Options");
        debug
            .field("api_key", &self.api_key)
            .field("account", &self.account)
            .field("api_version", &self.api_version)
            .field("idempotency_key", &self.idempotency_key)
            .field("headers", &names(&self.headers))
            .field("params", &names(&self.params));
        #[cfg(feature = "client")]
        debug.field("timeout", &self.timeout).field("retries", &self.retries);
        debug.finish()
    }
}
