//! Settings of a client.

use std::{fmt, marker::PhantomData};

use super::{
    asynchronous::Client,
    call::{Caller, Limits},
    endpoint::Endpoint,
    error::Error,
    input,
    key::KeySource,
    options::Options,
    timer::Timer,
    transport::Transport,
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
        if self.max_body == 0 {
            let help = "leave room for a response, such as 1 MiB";
            return Err(InvalidInput::new("maximum response size", "is zero", help).into());
        }
        let limits = Limits::new(self.max_body).with(&self.defaults)?;
        let mut endpoint = Endpoint::new(self.key)?.with_defaults(&self.defaults)?;
        if let Some(url) = self.base_url {
            endpoint = endpoint.with_base_url(url)?;
        }
        if let Some(user_agent) = self.user_agent {
            endpoint = endpoint.with_user_agent(user_agent)?;
        }
        Ok(Caller { endpoint, transport: Box::new(transport()?), timer: Box::new(timer), limits })
    }
}

/// Defines what both clients have alike: how one is made, over the HTTP stack of the feature of its name or over any other one, and
/// how it returns pages, the `Pages` of its module.
///
/// Without the feature, no type implements `Missing`, and the compiler says so where a method is called. Without `for<'a> …` it would
/// do so where the method is defined.
macro_rules! client {
    (
        $client:ident, over $stack:literal, $transport:ident, |$builder:ident| $caller:expr,
        any $any:literal, missing $message:literal, $label:literal
    ) => {
        impl $client {
            #[doc = concat!("Creates a client over ", $stack, ", with the defaults of the [builder](ClientBuilder).")]
            ///
            /// # Errors
            /// [`InvalidInput`](crate::InvalidInput) if the key is invalid. Over reqwest, also
            /// [`TransportError`](crate::TransportError) if it cannot start.
            #[cfg(feature = $stack)]
            pub fn new(key: impl Into<KeySource>) -> Result<Self, Error> {
                Self::builder(key).build()
            }

            #[cfg(not(feature = $stack))]
            #[doc(hidden)]
            #[expect(private_bounds, reason = "for the message of the compiler only")]
            pub fn new(key: impl Into<KeySource>) -> Result<Self, Error>
            where
                for<'a> Self: Missing<'a>,
            {
                Self::builder(key).build()
            }

            /// Returns a builder for a client with custom settings. The key is fixed, or a [source](KeySource) of keys that change.
            pub fn builder(key: impl Into<KeySource>) -> ClientBuilder<Self> {
                ClientBuilder::new(key.into())
            }

            /// Returns the pages of a list, from the one that the operation selects. Nothing is sent until a page is asked for.
            ///
            /// See [`Pages`] for the rules, the errors and an example.
            #[doc(alias = "auto_paging")]
            #[doc(alias = "auto_paging_iter")]
            #[doc(alias = "autoPagingEach")]
            #[doc(alias = "autoPagingToArray")]
            #[doc(alias = "cursor")]
            #[doc(alias = "paginate")]
            #[doc(alias = "pagination")]
            pub fn pages<O: Operation<Output: Page>>(&self, operation: O) -> Pages<O::Output> {
                self.pages_with(operation, &Options::new())
            }

            /// Returns the pages of a list, with [`Options`] for all their requests. The timeout, the deadline and the retries are
            /// those of each request.
            pub fn pages_with<O: Operation<Output: Page>>(&self, operation: O, options: &Options) -> Pages<O::Output> {
                Pages::new(&self.0, &operation, options)
            }
        }

        impl ClientBuilder<$client> {
            #[doc = concat!(
                        "Builds a client over ", $stack, ". For a custom proxy, pool or certificates, pass [`",
                        stringify!($transport), "::new`](crate::", stringify!($transport),
                        "::new) to [`build_with`](Self::build_with).",
                    )]
            ///
            /// # Errors
            /// [`InvalidInput`](crate::InvalidInput) if a setting is invalid. Over reqwest, also
            /// [`TransportError`](crate::TransportError) if it cannot start.
            #[cfg(feature = $stack)]
            pub fn build(self) -> Result<$client, Error> {
                let $builder = self;
                $caller.map(|caller| $client(Arc::new(caller)))
            }

            #[cfg(not(feature = $stack))]
            #[doc(hidden)]
            #[expect(private_bounds, reason = "for the message of the compiler only")]
            pub fn build(self) -> Result<$client, Error>
            where
                for<'a> $client: Missing<'a>,
            {
                Missing::build(self)
            }

            #[doc = concat!("Builds a client over any HTTP stack", $any, ".")]
            ///
            /// # Errors
            /// [`InvalidInput`](crate::InvalidInput) if a setting is invalid.
            pub fn build_with(self, transport: impl Transport, timer: impl Timer) -> Result<$client, Error> {
                Ok($client(Arc::new(self.caller(|| Ok(transport), timer)?)))
            }
        }

        #[cfg(not(feature = $stack))]
        #[diagnostic::on_unimplemented(
                    message = $message,
                    label = $label,
                    note = "enable it in `Cargo.toml`, or pass a transport of your own to `ClientBuilder::build_with`"
                )]
        trait Missing<'a>: Sized {
            fn build(builder: ClientBuilder<Self>) -> Result<Self, Error>;
        }
    };
}

pub(super) use client;

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
