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
/// # Examples
///
/// A transport that returns the same session for every request, for a test without a network:
///
/// ```
#[doc = include_str!("doctest_operation.txt")]
/// # use stripe_runtime::{ThreadTimer, Transport, TransportError, TransportErrorKind, TransportLimits, blocking};
/// struct Canned(&'static str);
///
/// impl Transport for Canned {
///     async fn send(
///         &self,
///         request: http::Request<Vec<u8>>,
///         limits: TransportLimits,
///     ) -> Result<http::Response<Vec<u8>>, TransportError> {
///         if request.uri().path() != "/v1/customers/cus_1" {
///             return Err(TransportError::new(TransportErrorKind::Other, "no such path"));
///         }
///         if self.0.len() > limits.max_body {
///             return Err(TransportError::too_large(limits.max_body));
///         }
///         Ok(http::Response::new(self.0.into()))
///     }
/// }
///
/// let transport = Canned(r#"{"id": "cus_1", "object": "customer"}"#);
/// let client = blocking::Client::builder("sk_test_123").build_with(transport, ThreadTimer)?;
/// let customer = client.send(&RetrieveCustomer::new("cus_1"))?;
/// assert_eq!(customer.value().id(), Some("cus_1"));
///
/// let error = client.send(&RetrieveCustomer::new("cus_2")).unwrap_err();
/// assert!(!error.is_retryable());
/// # Ok::<(), stripe_runtime::Error>(())
/// ```
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
