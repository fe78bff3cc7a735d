//! Settings of a client.

use std::{fmt, marker::PhantomData, time::Duration};

use super::{
    asynchronous::Client,
    call::Caller,
    endpoint::Endpoint,
    error::Error,
    input,
    key::KeySource,
    options::Options,
    timer::Timer,
    transport::{Transport, TransportLimits},
};
use crate::support::InvalidInput;

/// Builds a client. Values are checked when it is built.
#[must_use]
pub struct ClientBuilder<C = Client> {
    key: KeySource,
    base_url: Option<String>,
    user_agent: Option<String>,
    defaults: Options,
    max_body: usize,
    client: PhantomData<fn() -> C>,
}

impl<C> ClientBuilder<C> {
    pub(super) fn new(key: KeySource) -> Self {
        Self {
            key,
            base_url: None,
            user_agent: None,
            defaults: Options::new(),
            max_body: 16 * 1024 * 1024,
            client: PhantomData,
        }
    }

    /// Sets the base URL: an `https` URL, or an `http` URL of this machine. Default:
    /// [`Endpoint::DEFAULT_BASE_URL`].
    #[doc(alias = "api_base")]
    #[doc(alias = "host")]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Sets the defaults of requests, which [`Options`] of a request override. Defaults set earlier are dropped.
    ///
    /// An API key, an idempotency key or a parameter belongs to a single request and is refused here.
    pub fn defaults(mut self, defaults: Options) -> Self {
        self.defaults = defaults;
        self
    }

    /// Sets the maximum size of a response body, in bytes. Default: 16 MiB.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Sets the header `User-Agent`. Default: [`Endpoint::DEFAULT_USER_AGENT`].
    ///
    /// Stripe asks plugins to append their name, version and URL:
    /// `format!("{} MyPlugin/1.2.3 (https://example.com)", Endpoint::DEFAULT_USER_AGENT)`.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// Builds what both clients share. The transport is made last, so that an invalid setting is reported before an error of
    /// the HTTP stack.
    pub(super) fn caller<T: Transport>(
        self,
        transport: impl FnOnce() -> Result<T, Error>,
        timer: impl Timer,
    ) -> Result<Caller, Error> {
        let timeout = input::duration("timeout", self.defaults.timeout.unwrap_or(Duration::from_secs(80)))?;
        if self.max_body == 0 {
            let help = "leave room for a response, such as 1 MiB";
            return Err(InvalidInput::new("maximum response size", "is zero", help).into());
        }
        let limits = TransportLimits { timeout, max_body: self.max_body };
        let deadline = self.defaults.deadline.map(|deadline| input::duration("deadline", deadline)).transpose()?;
        let retries = self.defaults.retries.unwrap_or(2);
        let mut endpoint = Endpoint::new(self.key)?.with_defaults(&self.defaults)?;
        if let Some(url) = self.base_url {
            endpoint = endpoint.with_base_url(url)?;
        }
        if let Some(user_agent) = self.user_agent {
            endpoint = endpoint.with_user_agent(user_agent)?;
        }
        Ok(Caller { endpoint, transport: Box::new(transport()?), timer: Box::new(timer), limits, deadline, retries })
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            // An invalid one may have a password anywhere.
            .field(
                "base_url",
                &self.base_url.as_deref().map(|url| input::base_url(url).unwrap_or_else(|_| "…".to_owned())),
            )
            .field("defaults", &self.defaults)
            .field("max_response_bytes", &self.max_body)
            .finish_non_exhaustive()
    }
}
