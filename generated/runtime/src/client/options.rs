//! Settings of requests.

use std::fmt;
#[cfg(feature = "client")]
use std::time::Duration;

use http::HeaderMap;

use super::input::{self, STRIPE_ACCOUNT, STRIPE_CONTEXT, STRIPE_VERSION};
use crate::support::{InvalidInput, Secret};

/// Settings of requests: of a single one, or the defaults of a client or an [`Endpoint`](crate::Endpoint).
///
/// What a request sets takes precedence over the defaults, and `without_…` leaves a default out. Values are checked when the
/// client is built or the request is made: an invalid one is an [`InvalidInput`](crate::InvalidInput), and nothing is sent.
/// `Debug` shows no value that could be secret.
///
/// # Examples
/// ```
#[doc = include_str!("doctest_operation.txt")]
/// # use stripe_runtime::{Endpoint, Options};
/// let endpoint = Endpoint::new("sk_test_123")?.with_defaults(&Options::new().account("acct_1"))?;
/// let retrieve = RetrieveCustomer::new("cus_1");
///
/// let other_account = Options::new().account("acct_2").param("new_parameter", "42");
/// let request = endpoint.request(&retrieve, &other_account)?;
/// assert_eq!(request.headers()["stripe-account"], "acct_2");
/// assert_eq!(request.uri().query(), Some("new_parameter=42"));
///
/// let own_account = Options::new().without_account();
/// assert!(!endpoint.request(&retrieve, &own_account)?.headers().contains_key("stripe-account"));
/// # Ok::<(), stripe_runtime::Error>(())
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct Options {
    pub(super) api_key: Option<Secret<String>>,
    account: Setting,
    context: Setting,
    api_version: Setting,
    pub(super) idempotency_key: Option<String>,
    headers: Vec<(String, String)>,
    unset_headers: Vec<String>,
    pub(super) params: Vec<(String, String)>,
    #[cfg(feature = "client")]
    pub(super) timeout: Option<Duration>,
    #[cfg(feature = "client")]
    pub(super) deadline: Option<Duration>,
    #[cfg(feature = "client")]
    pub(super) retries: Option<u32>,
}

/// How options treat a default.
#[derive(Clone, Debug, Default)]
enum Setting {
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

    /// Overrides the API key for a single request.
    pub fn api_key(mut self, key: impl Into<Secret<String>>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// Sets the connected account on whose behalf the request is made: the header `Stripe-Account`.
    #[doc(alias = "stripe_account")]
    #[doc(alias = "stripeAccount")]
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = Setting::Override(account.into());
        self
    }

    /// Makes the request on behalf of the account of the API key, whatever account the defaults set.
    pub fn without_account(mut self) -> Self {
        self.account = Setting::Unset;
        self
    }

    /// Sets the context of the request, such as an account of an organization: the header `Stripe-Context`.
    pub fn context(mut self, context: impl Into<String>) -> Self {
        self.context = Setting::Override(context.into());
        self
    }

    /// Leaves out the context that the defaults set.
    pub fn without_context(mut self) -> Self {
        self.context = Setting::Unset;
        self
    }

    /// Sets the version of Stripe's API: the header `Stripe-Version`. Default: the version that the types of the operation
    /// belong to. The response of another version may differ from these types, and fail to decode.
    pub fn api_version(mut self, version: impl Into<String>) -> Self {
        self.api_version = Setting::Override(version.into());
        self
    }

    /// Uses the version of Stripe's API that the types of the operation belong to, whatever version the defaults set.
    pub fn without_api_version(mut self) -> Self {
        self.api_version = Setting::Unset;
        self
    }

    /// Sets the idempotency key of a single request: 1 to 255 printable ASCII characters. Stripe carries out a request once for
    /// each key, however often it arrives. Default: the clients make a new key for each `POST`, and for each `DELETE` below `/v2/`.
    ///
    /// Stripe keeps the outcome for at least 24 hours, also that of a failure, and returns it again. Below `/v2/`, it tries again what
    /// failed.
    ///
    /// To repeat a call that failed, pass the key of its error:
    /// [`Error::idempotency_key`](crate::Error::idempotency_key).
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }

    /// Adds a header. It replaces a header of that name that the defaults set.
    ///
    /// Headers with an option of their own are refused here, and so are those that belong to the HTTP stack.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Leaves out a header that the defaults set.
    pub fn without_header(mut self, name: impl Into<String>) -> Self {
        self.unset_headers.push(name.into());
        self
    }

    /// Adds a parameter that this crate does not know to a single request: to the body of a `POST`, otherwise to the query. The
    /// name of a nested parameter has brackets: `limits[accounts]`, `permissions[0]`. In a JSON body, the value is a string, and
    /// replaces one of that name: see [`Request::param`](crate::Request::param).
    pub fn param(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.params.push((name.into(), value.into()));
        self
    }

    /// Sets the timeout of each attempt, from connecting to the last byte of the response. Default: 80 seconds.
    #[cfg(feature = "client")]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets the deadline of a whole call: all attempts and the waits between them. Default: none, so that only the timeout
    /// and the number of retries limit a call.
    ///
    /// An attempt has no more time than is left. A retry whose wait would pass the deadline is not made: the call returns
    /// the outcome of the last attempt instead. The time is that of [`Instant`](std::time::Instant), which panics on
    /// `wasm32-unknown-unknown`.
    #[cfg(feature = "client")]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Sets the maximum number of retries: after a failed connection, a timeout, or a response that asks for one. Default: 2,
    /// which also covers a connection that the server closes while it is idle. With 0, a call is a single attempt.
    ///
    /// The wait is at most half a second before the first retry, and doubles up to five seconds; a random part of up to one
    /// half is taken off. It is longer if Stripe asks for it, up to a minute.
    #[doc(alias = "backoff")]
    #[doc(alias = "retry")]
    #[doc(alias = "max_network_retries")]
    #[doc(alias = "maxNetworkRetries")]
    #[cfg(feature = "client")]
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = Some(retries);
        self
    }

    /// Checks that nothing is set that belongs to a single request, so that these can be defaults.
    pub(super) fn check_defaults(&self) -> Result<(), InvalidInput> {
        let single = [
            ("API key", self.api_key.is_some()),
            ("idempotency key", self.idempotency_key.is_some()),
            ("extra parameter", !self.params.is_empty()),
        ];
        match single.into_iter().find(|(_, is_set)| *is_set) {
            Some((input, _)) => {
                Err(InvalidInput::new(input, "is set in the defaults", "set it in the options of a single request"))
            }
            None => Ok(()),
        }
    }

    /// Sets or removes the headers that any request can have.
    pub(super) fn apply(&self, headers: &mut HeaderMap) -> Result<(), InvalidInput> {
        for (setting, name, input, help) in [
            (&self.account, STRIPE_ACCOUNT, "account", "pass the id of a connected account, such as `acct_…`"),
            (&self.context, STRIPE_CONTEXT, "context", "pass the id of an account, such as `acct_…`, or a path of ids"),
            (&self.api_version, STRIPE_VERSION, "API version", "pass a version such as `2026-09-30.endive`"),
        ] {
            match setting {
                Setting::Default => {}
                Setting::Override(value) => drop(headers.insert(name, input::token(input, value, help)?)),
                Setting::Unset => drop(headers.remove(name)),
            }
        }
        for name in &self.unset_headers {
            headers.remove(input::extra_header_name(name)?);
        }
        let extra = self.headers.iter().map(|(name, value)| input::extra_header(name, value));
        let extra = extra.collect::<Result<Vec<_>, _>>()?;
        for (name, _) in &extra {
            headers.remove(name);
        }
        headers.extend(extra);
        Ok(())
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
