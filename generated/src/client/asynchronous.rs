//! The async client.

use std::{future::Future, sync::Arc};

use super::{
    builder::ClientBuilder, call::Caller, error::Error, options::Options, response::Response, timer::Timer,
    transport::Transport,
};
use crate::support::{Operation, Secret};

/// Sends operations to Stripe. Cheap to clone: clones share the connections.
///
/// With the feature `reqwest`, [`new`](Self::new) is all it takes; any other HTTP stack and runtime go through
/// [`build_with`](ClientBuilder::build_with). Drop a future to give up on its call.
///
/// A `POST` goes out with an idempotency key, its own or that of the [`Options`], which stays the same when it is sent again.
#[derive(Clone, Debug)]
pub struct Client(Arc<Caller>);

impl Client {
    /// A client over reqwest, with the defaults of [`builder`](Self::builder).
    ///
    /// # Errors
    /// When the key cannot be one, or reqwest cannot start.
    #[cfg(feature = "reqwest")]
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
    pub fn send<'a, O>(
        &'a self,
        operation: &O,
    ) -> impl Future<Output = Result<Response<O::Output>, Error>> + Send + use<'a, O>
    where
        O: Operation,
    {
        self.0.send(operation, &Options::new())
    }

    /// Carries out an operation with [`Options`] of its own.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn send_with<'a, O>(
        &'a self,
        operation: &O,
        options: &Options,
    ) -> impl Future<Output = Result<Response<O::Output>, Error>> + Send + use<'a, O>
    where
        O: Operation,
    {
        self.0.send(operation, options)
    }
}

impl ClientBuilder<Client> {
    /// A client over reqwest. For one that is set up otherwise (proxy, pool, certificates), pass
    /// [`ReqwestTransport::new`](super::ReqwestTransport::new) to [`build_with`](Self::build_with).
    ///
    /// # Errors
    /// When the key, the base URL, the user agent, the timeout or the limit of size cannot be one, or reqwest cannot start.
    #[cfg(feature = "reqwest")]
    pub fn build(self) -> Result<Client, Error> {
        Ok(Client(Arc::new(self.caller(super::ReqwestTransport::with_defaults, super::TokioTimer)?)))
    }

    /// A client over any HTTP stack, with a timer of the runtime that it runs on.
    ///
    /// # Errors
    /// When the key, the base URL, the user agent, the timeout or the limit of size cannot be one.
    pub fn build_with(self, transport: impl Transport, timer: impl Timer) -> Result<Client, Error> {
        Ok(Client(Arc::new(self.caller(|| Ok(transport), timer)?)))
    }
}
