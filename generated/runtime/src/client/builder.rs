//! Settings of a client.

use std::{fmt, marker::PhantomData, time::Duration};

use super::{
    asynchronous::Client,
    call::Caller,
    endpoint::Endpoint,
    error::Error,
    input,
    timer::Timer,
    transport::{Transport, TransportLimits},
};
use crate::support::Secret;

/// Builds a client. Values are checked when it is built.
#[must_use]
pub struct ClientBuilder<C = Client> {
    key: Secret<String>,
    base_url: Option<String>,
    user_agent: Option<String>,
    app: Option<App>,
    account: Option<String>,
    context: Option<String>,
    api_version: Option<String>,
    headers: Vec<(String, String)>,
    timeout: Duration,
    deadline: Option<Duration>,
    retries: u32,
    max_body: usize,
    client: PhantomData<fn() -> C>,
}

struct App {
    name: String,
    version: Option<String>,
    url: Option<String>,
}

impl<C> ClientBuilder<C> {
    pub(super) fn new(key: Secret<String>) -> Self {
        Self {
            key,
            base_url: None,
            user_agent: None,
            app: None,
            account: None,
            context: None,
            api_version: None,
            headers: Vec::new(),
            timeout: Duration::from_secs(80),
            deadline: None,
            retries: 2,
            max_body: 16 * 1024 * 1024,
            client: PhantomData,
        }
    }

    /// Sets the base URL: an `https` URL, or an `http` URL of this machine. Default:
    /// [`Endpoint::DEFAULT_BASE_URL`].
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Sets the connected account on whose behalf requests are made: the header `Stripe-Account`. A request overrides it with
    /// [`Options::account`](crate::Options::account) or unsets it with
    /// [`Options::without_account`](crate::Options::without_account). Default: none.
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = Some(account.into());
        self
    }

    /// Sets the context of requests, such as an account of an organization: the header `Stripe-Context`. A request overrides
    /// it with [`Options::context`](crate::Options::context) or unsets it with
    /// [`Options::without_context`](crate::Options::without_context). Default: none.
    pub fn context(mut self, context: impl Into<String>) -> Self {
        self.context = Some(context.into());
        self
    }

    /// Sets the version of Stripe's API: the header `Stripe-Version`. Responses may then differ from the types of this crate,
    /// and fail to decode. A request overrides it with [`Options::api_version`](crate::Options::api_version) or unsets it
    /// with [`Options::without_api_version`](crate::Options::without_api_version). Default: the version that the types of
    /// the operation belong to.
    pub fn api_version(mut self, version: impl Into<String>) -> Self {
        self.api_version = Some(version.into());
        self
    }

    /// Adds a header to all requests. A request overrides it with [`Options::header`](crate::Options::header) or unsets it
    /// with [`Options::without_header`](crate::Options::without_header).
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the timeout of each attempt, from connecting to the last byte of the response. Default: 80 seconds.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets the deadline of a whole call: all attempts and the waits between them. Default: none, so that only the timeout
    /// and the number of retries limit a call.
    ///
    /// An attempt has no more time than is left. A retry whose wait would pass the deadline is not made: the call returns
    /// the outcome of the last attempt instead. The time is that of [`Instant`](std::time::Instant), which panics on
    /// `wasm32-unknown-unknown`.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Sets the maximum number of retries: after a failed connection, a timeout, or a response that asks for one. Default: 2.
    ///
    /// The wait is at most half a second before the first retry, and doubles up to five seconds; a random part of up to one
    /// half is taken off. It is longer if Stripe asks for it, up to a minute.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// Sets the maximum size of a response body, in bytes. Default: 16 MiB.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Sets the header `User-Agent`. Default: [`Endpoint::DEFAULT_USER_AGENT`].
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// Appends the name of the application to the header `User-Agent`, as Stripe asks of plugins.
    pub fn app_info(mut self, name: impl Into<String>, version: Option<&str>, url: Option<&str>) -> Self {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        self.app = Some(App { name: name.into(), version: owned(version), url: owned(url) });
        self
    }

    /// Builds what both clients share. The transport is made last, so that an invalid setting is reported before an error of
    /// the HTTP stack.
    pub(super) fn caller<T: Transport>(
        self,
        transport: impl FnOnce() -> Result<T, Error>,
        timer: impl Timer,
    ) -> Result<Caller, Error> {
        let limits =
            TransportLimits { timeout: input::timeout(self.timeout)?, max_body: input::max_body(self.max_body)? };
        let deadline = self.deadline.map(input::deadline).transpose()?;
        let retries = self.retries;
        let endpoint = self.endpoint()?;
        Ok(Caller { endpoint, transport: Box::new(transport()?), timer: Box::new(timer), limits, deadline, retries })
    }

    fn endpoint(self) -> Result<Endpoint, Error> {
        let mut endpoint = Endpoint::new(self.key)?;
        if let Some(url) = self.base_url {
            endpoint = endpoint.with_base_url(url)?;
        }
        if let Some(account) = self.account {
            endpoint = endpoint.with_account(account)?;
        }
        if let Some(context) = self.context {
            endpoint = endpoint.with_context(context)?;
        }
        if let Some(version) = self.api_version {
            endpoint = endpoint.with_api_version(version)?;
        }
        for (name, value) in self.headers {
            endpoint = endpoint.with_header(name, value)?;
        }
        let user_agent = self.user_agent.unwrap_or_else(|| Endpoint::DEFAULT_USER_AGENT.to_owned());
        let user_agent = match self.app {
            Some(app) => app.append_to(user_agent)?,
            None => user_agent,
        };
        endpoint.with_user_agent(user_agent)
    }
}

impl App {
    fn append_to(self, mut user_agent: String) -> Result<String, Error> {
        input::agent("user agent", &user_agent)?;
        input::agent("name of the application", &self.name)?;
        user_agent = format!("{user_agent} {}", self.name);
        if let Some(version) = self.version {
            input::agent("version of the application", &version)?;
            user_agent = format!("{user_agent}/{version}");
        }
        if let Some(url) = self.url {
            input::agent("URL of the application", &url)?;
            user_agent = format!("{user_agent} ({url})");
        }
        Ok(user_agent)
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("base_url", &self.base_url.as_deref().map(input::without_user_info))
            .field("account", &self.account)
            .field("context", &self.context)
            .field("api_version", &self.api_version)
            .field("headers", &self.headers.iter().map(|(name, _)| name).collect::<Vec<_>>())
            .field("timeout", &self.timeout)
            .field("deadline", &self.deadline)
            .field("retries", &self.retries)
            .field("max_response_bytes", &self.max_body)
            .finish_non_exhaustive()
    }
}
