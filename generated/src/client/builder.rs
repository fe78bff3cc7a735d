//! Making a client.

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

/// Makes a client. Nothing is checked before it is built.
#[must_use]
pub struct ClientBuilder<C = Client> {
    key: Secret<String>,
    base_url: Option<String>,
    user_agent: Option<String>,
    app: Option<App>,
    timeout: Duration,
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
            timeout: Duration::from_secs(80),
            retries: 2,
            max_body: 16 * 1024 * 1024,
            client: PhantomData,
        }
    }

    /// Another root than [Stripe's](Endpoint::DEFAULT_BASE_URL): an `https` URL, or an `http` one of this machine.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// How long each attempt may take, from connecting to the last byte of the answer. 80 seconds by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How often a request is sent again at most, after a connection that failed, a timeout, or an answer that says to try
    /// again. 2 by default, half a second to five apart; up to a minute where Stripe asks for it.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// How many bytes the body of an answer may have. 16 MiB by default.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Another header `User-Agent` than [this crate's](Endpoint::DEFAULT_USER_AGENT).
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// What the application is, appended to the header `User-Agent`: Stripe asks this of plugins.
    pub fn app_info(mut self, name: impl Into<String>, version: Option<&str>, url: Option<&str>) -> Self {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        self.app = Some(App { name: name.into(), version: owned(version), url: owned(url) });
        self
    }

    /// The transport is made last, as it may read certificates and what not, and its errors are not the caller's.
    pub(super) fn caller<T: Transport>(
        self,
        transport: impl FnOnce() -> Result<T, Error>,
        timer: impl Timer,
    ) -> Result<Caller, Error> {
        let mut endpoint = Endpoint::new(self.key)?;
        if let Some(url) = self.base_url {
            endpoint = endpoint.with_base_url(url)?;
        }
        let mut user_agent = self.user_agent.unwrap_or_else(|| Endpoint::DEFAULT_USER_AGENT.to_owned());
        if let Some(App { name, version, url }) = self.app {
            input::agent("user agent", &user_agent)?;
            input::agent("name of the application", &name)?;
            user_agent = format!("{user_agent} {name}");
            if let Some(version) = version {
                input::agent("version of the application", &version)?;
                user_agent = format!("{user_agent}/{version}");
            }
            if let Some(url) = url {
                input::agent("URL of the application", &url)?;
                user_agent = format!("{user_agent} ({url})");
            }
        }
        let endpoint = endpoint.with_user_agent(user_agent)?;
        let limits =
            TransportLimits { timeout: input::timeout(self.timeout)?, max_body: input::max_body(self.max_body)? };
        Ok(Caller {
            endpoint,
            transport: Box::new(transport()?),
            timer: Box::new(timer),
            limits,
            retries: self.retries,
        })
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("base_url", &self.base_url)
            .field("timeout", &self.timeout)
            .field("retries", &self.retries)
            .field("max_response_bytes", &self.max_body)
            .finish_non_exhaustive()
    }
}
