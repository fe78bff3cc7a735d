//! The connection to a server: what an HTTP stack must do for the clients.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use super::transport_error::TransportError;
#[cfg(doc)]
use super::transport_error::TransportErrorKind;

/// Sends one HTTP request and collects its response: everything that a client needs of an HTTP stack.
///
/// Retries, headers and the meaning of a status belong to the client, so any response is `Ok`. An implementation must:
/// - send the request unchanged to the host in its URI, and verify the certificate of an `https` host;
/// - follow no redirect, because a redirect would take the key along;
/// - send no `http` request through a proxy, which would read its key: it goes to this machine (`localhost`, `127.0.0.0/8`, `::1`);
/// - fail with [`TransportErrorKind::Timeout`] after [`TransportLimits::timeout`], which includes the body;
/// - fail with [`TransportError::too_large`] as soon as the body is known to exceed [`TransportLimits::max_body`];
/// - choose the [kind](TransportErrorKind) of any other error with care, because it decides whether the request is retried;
/// - keep the headers, and above all the key, out of logs and errors.
///
/// A blocking HTTP stack returns a future that is ready: an `async` block or function without an `.await` in it.
///
/// The example `custom_transport` of the generated crate sends over hyper. For tests, there is `CannedTransport`.
pub trait Transport: Send + Sync + 'static {
    /// Sends a request, and returns its response with the whole body.
    ///
    /// # Errors
    /// When there is no response, or it is not complete. See [`TransportErrorKind`].
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
        limits: TransportLimits,
    ) -> impl Future<Output = Result<http::Response<Vec<u8>>, TransportError>> + Send;
}

impl<T: Transport> Transport for Arc<T> {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
        limits: TransportLimits,
    ) -> impl Future<Output = Result<http::Response<Vec<u8>>, TransportError>> + Send {
        T::send(self, request, limits)
    }
}

/// Limits of one attempt of a [`Transport`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TransportLimits {
    /// Time from the start of the attempt to the last byte of the response.
    pub timeout: Duration,
    /// Maximum size of the response body, in bytes.
    pub max_body: usize,
}

impl TransportLimits {
    /// Creates limits, for the tests of a transport: the clients make their own.
    #[must_use]
    pub const fn new(timeout: Duration, max_body: usize) -> Self {
        Self { timeout, max_body }
    }
}

pub(super) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A [`Transport`] as a trait object, so that the clients need no type parameter.
pub(super) trait DynTransport: Send + Sync {
    fn send_boxed(
        &self,
        request: http::Request<Vec<u8>>,
        limits: TransportLimits,
    ) -> BoxFuture<'_, Result<http::Response<Vec<u8>>, TransportError>>;
}

impl<T: Transport> DynTransport for T {
    fn send_boxed(
        &self,
        request: http::Request<Vec<u8>>,
        limits: TransportLimits,
    ) -> BoxFuture<'_, Result<http::Response<Vec<u8>>, TransportError>> {
        Box::pin(self.send(request, limits))
    }
}
