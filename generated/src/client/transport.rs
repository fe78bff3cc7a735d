//! What carries a request to a server and the answer back.

use std::{error, fmt};
#[cfg(feature = "client")]
use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

/// Carries a request to a server and the answer back: the one thing that a client needs of an HTTP stack.
///
/// Retries, headers and errors are not its business, and neither is the meaning of a status: any answer is `Ok`. What it
/// must do:
/// - send the request as it is, to the host in its URI, and check the certificate of an `https` one;
/// - follow no redirect, since the key would go along;
/// - give up with [`TransportError::timeout`] after [`TransportLimits::timeout`], the body included;
/// - give up with [`TransportError::too_large`] as soon as the body is known to exceed [`TransportLimits::max_body`];
/// - keep the headers, the key above all, out of logs and errors.
///
/// A blocking stack returns a future that is ready: an `async` block or function without an `.await` in it.
#[cfg(feature = "client")]
pub trait Transport: Send + Sync + 'static {
    /// Sends a request, and collects the answer.
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
        limits: TransportLimits,
    ) -> impl Future<Output = Result<http::Response<Vec<u8>>, TransportError>> + Send;
}

#[cfg(feature = "client")]
impl<T: Transport> Transport for Arc<T> {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
        limits: TransportLimits,
    ) -> impl Future<Output = Result<http::Response<Vec<u8>>, TransportError>> + Send {
        T::send(self, request, limits)
    }
}

/// How far a [`Transport`] may go with one attempt.
#[cfg(feature = "client")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TransportLimits {
    /// How long the attempt may take, from connecting to the last byte of the answer.
    pub timeout: Duration,
    /// How many bytes the body of the answer may have.
    pub max_body: usize,
}

#[cfg(feature = "client")]
pub(super) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A transport behind a pointer, so that the clients need no type parameter.
#[cfg(feature = "client")]
pub(super) trait DynTransport: Send + Sync {
    fn send_boxed(
        &self,
        request: http::Request<Vec<u8>>,
        limits: TransportLimits,
    ) -> BoxFuture<'_, Result<http::Response<Vec<u8>>, TransportError>>;
}

#[cfg(feature = "client")]
impl<T: Transport> DynTransport for T {
    fn send_boxed(
        &self,
        request: http::Request<Vec<u8>>,
        limits: TransportLimits,
    ) -> BoxFuture<'_, Result<http::Response<Vec<u8>>, TransportError>> {
        Box::pin(self.send(request, limits))
    }
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection came about: the name, the network, the server or its certificate. Nothing was sent.
    Connect,
    /// The connection broke, or what came over it is not HTTP.
    Interrupted,
    /// Anything else. It would happen again.
    Other,
    /// It took too long.
    Timeout,
    /// The body of the answer is larger than allowed.
    TooLarge,
}

/// No answer, or none that could be taken whole. The error of the HTTP stack is the [source](error::Error::source).
pub struct TransportError(Box<Inner>);

struct Inner {
    kind: TransportErrorKind,
    /// Added by the client, which knows the request.
    idempotency_key: Option<String>,
    source: Box<dyn error::Error + Send + Sync>,
}

impl TransportError {
    /// No connection came about.
    pub fn connect(source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self::new(TransportErrorKind::Connect, source)
    }

    /// The connection broke, or what came over it is not HTTP.
    pub fn interrupted(source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self::new(TransportErrorKind::Interrupted, source)
    }

    /// Anything that would happen again.
    pub fn other(source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self::new(TransportErrorKind::Other, source)
    }

    /// It took too long.
    pub fn timeout(source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self::new(TransportErrorKind::Timeout, source)
    }

    /// The body of the answer is larger than this many bytes.
    #[must_use]
    pub fn too_large(limit: usize) -> Self {
        Self::new(TransportErrorKind::TooLarge, format!("more than {limit} bytes"))
    }

    fn new(kind: TransportErrorKind, source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self(Box::new(Inner { kind, idempotency_key: None, source: source.into() }))
    }

    #[cfg(feature = "client")]
    pub(super) fn with_idempotency_key(mut self, key: Option<String>) -> Self {
        self.0.idempotency_key = key;
        self
    }

    /// Returns the idempotency key of the request, if it had one. Sending it again under this key is safe.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        self.0.idempotency_key.as_deref()
    }

    /// What happened.
    #[must_use]
    pub const fn kind(&self) -> TransportErrorKind {
        self.0.kind
    }

    /// Whether it took too long.
    #[must_use]
    pub const fn is_timeout(&self) -> bool {
        matches!(self.0.kind, TransportErrorKind::Timeout)
    }

    /// Whether no connection came about, so that nothing was sent.
    #[must_use]
    pub const fn is_connect(&self) -> bool {
        matches!(self.0.kind, TransportErrorKind::Connect)
    }

    /// Whether the same request may fare better later.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        match self.0.kind {
            TransportErrorKind::Connect | TransportErrorKind::Interrupted | TransportErrorKind::Timeout => true,
            TransportErrorKind::Other | TransportErrorKind::TooLarge => false,
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0.kind {
            TransportErrorKind::Connect => "no connection to Stripe: check the network, the proxy and the base URL",
            TransportErrorKind::Interrupted => "the connection broke before the answer was there",
            TransportErrorKind::Other => "the request could not be sent",
            TransportErrorKind::Timeout => "the answer took longer than the timeout",
            TransportErrorKind::TooLarge => "the body of the answer is larger than allowed",
        })
    }
}

impl fmt::Debug for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportError")
            .field("kind", &self.0.kind)
            .field("source", &self.0.source)
            .finish_non_exhaustive()
    }
}

impl error::Error for TransportError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        Some(&*self.0.source)
    }
}
