//! The blocking client.

use std::sync::Arc;

use super::{
    builder::ClientBuilder,
    call::Caller,
    error::Error,
    options::Options,
    response::{RawResponse, Response},
    timer::Timer,
    transport::Transport,
};
use crate::support::{Operation, Request, Secret};

/// Sends operations to Stripe, and blocks the thread until the response has arrived. Cheap to clone: clones share their
/// connections.
///
/// It behaves like the [async client](crate::Client), with the same retries, errors, options and
/// [spans](crate::Client#tracing). Do not use it in async code, where it would block other tasks.
///
/// **At the log level `TRACE`, ureq logs the API key and the bodies of responses.** Turn that off with the filter
/// `ureq_proto=debug`, for example `RUST_LOG=trace,ureq_proto=debug`.
///
/// # Examples
/// ```
#[doc = include_str!("doctest_transport.txt")]
/// # use stripe_financial_connections::ThreadTimer;
/// use stripe_financial_connections::{RetrieveSession, blocking::Client};
///
/// # #[cfg(feature = "ureq")]
/// let client = Client::new("sk_test_123")?;
/// # let client = Client::builder("sk_test_123").build_with(Recorded, ThreadTimer)?;
/// let session = client.send(&RetrieveSession::new("fcsess_1"))?.into_value();
/// assert_eq!(session.id.as_str(), "fcsess_1");
/// # Ok::<(), stripe_financial_connections::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Client(Arc<Caller>);

impl Client {
    /// Creates a client over ureq, with the defaults of the [builder](ClientBuilder).
    ///
    /// # Errors
    /// [`Error::InvalidInput`] if the key is invalid.
    #[cfg(feature = "ureq")]
    pub fn new(key: impl Into<Secret<String>>) -> Result<Self, Error> {
        Self::builder(key).build()
    }

    /// Returns a builder for a client with custom settings.
    pub fn builder(key: impl Into<Secret<String>>) -> ClientBuilder<Self> {
        ClientBuilder::new(key.into())
    }

    /// Sends an operation.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn send<O>(&self, operation: &O) -> Result<Response<O::Output>, Error>
    where
        O: Operation,
    {
        self.send_with(operation, &Options::new())
    }

    /// Sends an operation with [`Options`] for this request.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn send_with<O>(&self, operation: &O, options: &Options) -> Result<Response<O::Output>, Error>
    where
        O: Operation,
    {
        pollster::block_on(self.0.send(operation, options))
    }

    /// Sends a [`Request`], such as one to an endpoint that this crate does not know, with the retries and the idempotency
    /// keys of any call.
    ///
    /// # Errors
    /// See [`Error`]. A response with the status of a success is returned whatever its body is, except for a Stripe error.
    pub fn send_raw(&self, request: Request) -> Result<RawResponse, Error> {
        self.send_raw_with(request, &Options::new())
    }

    /// Sends a [`Request`] with [`Options`] for this request.
    ///
    /// # Errors
    /// See [`send_raw`](Self::send_raw).
    pub fn send_raw_with(&self, request: Request, options: &Options) -> Result<RawResponse, Error> {
        pollster::block_on(self.0.send_raw(request, options))
    }
}

impl ClientBuilder<Client> {
    /// Builds a client over ureq. For a custom proxy, pool or certificates, pass
    /// [`UreqTransport::new`](super::UreqTransport::new) to [`build_with`](Self::build_with).
    ///
    /// # Errors
    /// [`Error::InvalidInput`] if a setting is invalid.
    #[cfg(feature = "ureq")]
    pub fn build(self) -> Result<Client, Error> {
        self.build_with(super::UreqTransport::default(), super::ThreadTimer)
    }

    /// Builds a client over any HTTP stack whose futures can be driven by a blocked thread.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] if a setting is invalid.
    pub fn build_with(self, transport: impl Transport, timer: impl Timer) -> Result<Client, Error> {
        Ok(Client(Arc::new(self.caller(|| Ok(transport), timer)?)))
    }
}
