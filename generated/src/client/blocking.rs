//! The client for programs that are not async.

use std::sync::Arc;

use super::{
    builder::ClientBuilder, call::Caller, error::Error, options::Options, response::Response, timer::Timer,
    transport::Transport,
};
use crate::support::{Operation, Secret};

/// Sends operations to Stripe, and blocks the thread until the answer is there. Cheap to clone: clones share the
/// connections.
///
/// It is the [async client](crate::Client) driven to its end: the same retries, errors and options. Do not call it from
/// async code, where a thread that blocks holds up others.
#[derive(Clone, Debug)]
pub struct Client(Arc<Caller>);

impl Client {
    /// A client over ureq, with the defaults of [`builder`](Self::builder).
    ///
    /// # Errors
    /// When the key cannot be one.
    #[cfg(feature = "ureq")]
    pub fn new(key: impl Into<Secret<String>>) -> Result<Self, Error> {
        Self::builder(key).build()
    }

    /// Makes a client that is other than the default.
    pub fn builder(key: impl Into<Secret<String>>) -> ClientBuilder<Self> {
        ClientBuilder::new(key.into())
    }

    /// Carries out an operation.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn send<O>(&self, operation: &O) -> Result<Response<O::Output>, Error>
    where
        O: Operation,
    {
        self.send_with(operation, &Options::new())
    }

    /// Carries out an operation with [`Options`] of its own.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn send_with<O>(&self, operation: &O, options: &Options) -> Result<Response<O::Output>, Error>
    where
        O: Operation,
    {
        pollster::block_on(self.0.send(operation, options))
    }
}

impl ClientBuilder<Client> {
    /// A client over ureq. For one that is set up otherwise (proxy, pool, certificates), pass
    /// [`UreqTransport::new`](super::UreqTransport::new) to [`build_with`](Self::build_with).
    ///
    /// # Errors
    /// When the key, the base URL, the user agent, the timeout or the limit of size cannot be one.
    #[cfg(feature = "ureq")]
    pub fn build(self) -> Result<Client, Error> {
        self.build_with(super::UreqTransport::default(), super::ThreadTimer)
    }

    /// A client over any HTTP stack that can be driven by a thread that waits.
    ///
    /// # Errors
    /// When the key, the base URL, the user agent, the timeout or the limit of size cannot be one.
    pub fn build_with(self, transport: impl Transport, timer: impl Timer) -> Result<Client, Error> {
        Ok(Client(Arc::new(self.caller(|| Ok(transport), timer)?)))
    }
}
