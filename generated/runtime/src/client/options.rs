//! Settings of a single request.

use std::fmt;
#[cfg(feature = "client")]
use std::time::Duration;

use crate::support::{
    Secret,
    form::{push_encoded, push_key},
};

/// Settings of a single request: they override those of the client or the [`Endpoint`](crate::Endpoint).
///
/// Values are checked when the request is made: an invalid one is an [`InvalidInput`](crate::InvalidInput), and nothing is
/// sent. `Debug` shows no value that could be secret.
///
/// # Examples
/// ```
/// use stripe_financial_connections::{Endpoint, Options, RetrieveSession};
///
/// let endpoint = Endpoint::new("sk_test_123")?.with_account("acct_1")?;
/// let retrieve = RetrieveSession::new("fcsess_1");
///
/// let other_account = Options::new().account("acct_2").param("new_parameter", "42");
/// let request = endpoint.request(&retrieve, &other_account)?;
/// assert_eq!(request.headers()["stripe-account"], "acct_2");
/// assert_eq!(request.uri().query(), Some("new_parameter=42"));
///
/// let own_account = Options::new().without_account();
/// assert!(!endpoint.request(&retrieve, &own_account)?.headers().contains_key("stripe-account"));
/// # Ok::<(), stripe_financial_connections::Error>(())
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct Options {
    pub(super) api_key: Option<Secret<String>>,
    pub(super) account: Setting,
    pub(super) context: Setting,
    pub(super) api_version: Setting,
    pub(super) idempotency_key: Option<String>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) unset_headers: Vec<String>,
    pub(super) params: Vec<(String, String)>,
    #[cfg(feature = "client")]
    pub(super) timeout: Option<Duration>,
    #[cfg(feature = "client")]
    pub(super) deadline: Option<Duration>,
    #[cfg(feature = "client")]
    pub(super) retries: Option<u32>,
}

/// How a request treats a default of the client.
#[derive(Clone, Debug, Default)]
pub(super) enum Setting {
    #[default]
    Default,
    Override(String),
    Unset,
}

impl Options {
    /// Creates options with nothing set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Overrides the API key.
    pub fn api_key(mut self, key: impl Into<Secret<String>>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// Sets the connected account on whose behalf the request is made: the header `Stripe-Account`.
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = Setting::Override(account.into());
        self
    }

    /// Makes the request on behalf of the account of the API key, whatever account the client sets.
    pub fn without_account(mut self) -> Self {
        self.account = Setting::Unset;
        self
    }

    /// Sets the context of the request, such as an account of an organization: the header `Stripe-Context`.
    pub fn context(mut self, context: impl Into<String>) -> Self {
        self.context = Setting::Override(context.into());
        self
    }

    /// Leaves out the context that the client sets.
    pub fn without_context(mut self) -> Self {
        self.context = Setting::Unset;
        self
    }

    /// Overrides the version of Stripe's API: the header `Stripe-Version`. The response may then differ from the types of
    /// this crate, and fail to decode.
    pub fn api_version(mut self, version: impl Into<String>) -> Self {
        self.api_version = Setting::Override(version.into());
        self
    }

    /// Uses the version of Stripe's API that the types of the operation belong to, whatever version the client sets.
    pub fn without_api_version(mut self) -> Self {
        self.api_version = Setting::Unset;
        self
    }

    /// Sets the idempotency key: 1 to 255 printable ASCII characters. Stripe carries out a request once for each key,
    /// however often it arrives. Default: the clients make a new key for each `POST`.
    ///
    /// To repeat a call that failed, pass the key of its error:
    /// [`Error::idempotency_key`](crate::Error::idempotency_key).
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }

    /// Adds a header. It replaces a header of that name that the client sets.
    ///
    /// Headers with an option of their own are refused here, and so are those that belong to the HTTP stack.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Leaves out a header that the client sets.
    pub fn without_header(mut self, name: impl Into<String>) -> Self {
        self.unset_headers.push(name.into());
        self
    }

    /// Adds a parameter that this crate does not know: to the body of a `POST`, otherwise to the query. The name of a nested
    /// parameter has brackets: `limits[accounts]`, `permissions[0]`.
    pub fn param(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.params.push((name.into(), value.into()));
        self
    }

    /// Overrides the timeout of each attempt, from connecting to the last byte of the response.
    #[cfg(feature = "client")]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Overrides the deadline of the whole call, over all attempts: see
    /// [`ClientBuilder::deadline`](crate::ClientBuilder::deadline).
    #[cfg(feature = "client")]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Overrides the maximum number of retries.
    #[cfg(feature = "client")]
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = Some(retries);
        self
    }

    /// Appends the extra parameters to those that the form has already.
    pub(super) fn append_params(&self, mut form: String) -> String {
        for (name, value) in &self.params {
            if !form.is_empty() {
                form.push('&');
            }
            push_key(&mut form, name);
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
            .field("context", &self.context)
            .field("api_version", &self.api_version)
            .field("idempotency_key", &self.idempotency_key)
            .field("headers", &names(&self.headers))
            .field("unset_headers", &self.unset_headers)
            .field("params", &names(&self.params));
        #[cfg(feature = "client")]
        debug.field("timeout", &self.timeout).field("deadline", &self.deadline).field("retries", &self.retries);
        debug.finish()
    }
}
