//! The connection to a server: what an HTTP stack must do for the clients, and how it can fail.

use std::{error, fmt};
#[cfg(feature = "client")]
use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

/// Sends one HTTP request and collects its response: everything that a client needs of an HTTP stack.
///
/// Retries, headers and the meaning of a status belong to the client, so any response is `Ok`. An implementation must:
/// - send the request unchanged to the host in its URI, and verify the certificate of an `https` host;
/// - follow no redirect, because a redirect would take the key along;
/// - send no request to this machine (`localhost`, `127.0.0.0/8`, `::1`) through a proxy, which would read the key of an
///   `http` request;
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
#[cfg(feature = "client")]
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

/// Limits of one attempt of a [`Transport`].
#[cfg(feature = "client")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TransportLimits {
    /// Time from the start of the attempt to the last byte of the response.
    pub timeout: Duration,
    /// Maximum size of the response body, in bytes.
    pub max_body: usize,
}

#[cfg(feature = "client")]
impl TransportLimits {
    /// Creates limits, for the tests of a transport: the clients make their own.
    #[must_use]
    pub const fn new(timeout: Duration, max_body: usize) -> Self {
        Self { timeout, max_body }
    }
}

#[cfg(feature = "client")]
pub(super) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A [`Transport`] as a trait object, so that the clients need no type parameter.
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

/// Why there is no response, or no complete one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection: the name did not resolve, nothing listens there, the network is unreachable, or a proxy refused.
    /// Nothing was sent. Retried.
    Connect,
    /// The connection broke, or the chunks of the body are not valid HTTP. The server may have processed the request. Retried.
    ///
    /// A body without a stated length ends with the connection. It is incomplete if its JSON is.
    Interrupted,
    /// The status line or a header is not valid HTTP, such as a header that is folded or has a space before its colon, or there
    /// are more than 100 headers or 64 KiB of them. The server may have processed the request. It would repeat, so it is not
    /// retried.
    InvalidResponse,
    /// Any other failure. It would repeat, so it is not retried.
    Other,
    /// The timeout expired. The server may have processed the request. Retried.
    Timeout,
    /// TLS failed: the certificate is not trusted, has expired or is for another host, or the server offers no supported
    /// version. It would repeat, so it is not retried.
    Tls,
    /// The response body exceeds the limit. It would repeat, so it is not retried.
    TooLarge,
}

/// No response, or no complete one. The error of the HTTP stack is the [source](error::Error::source).
pub struct TransportError(Box<Inner>);

struct Inner {
    kind: TransportErrorKind,
    source: Box<dyn error::Error + Send + Sync>,
}

impl TransportError {
    /// Creates an error from that of the HTTP stack. The kind decides whether the request is retried.
    pub fn new(kind: TransportErrorKind, source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self(Box::new(Inner { kind, source: source.into() }))
    }

    /// Creates an error of the kind [`TooLarge`](TransportErrorKind::TooLarge), for a limit in bytes.
    #[must_use]
    pub fn too_large(limit: usize) -> Self {
        Self::new(TransportErrorKind::TooLarge, format!("more than {limit} bytes"))
    }

    /// Returns what happened.
    #[must_use]
    pub const fn kind(&self) -> TransportErrorKind {
        self.0.kind
    }

    /// Whether to retry: the failure may be temporary.
    pub(super) const fn is_retryable(&self) -> bool {
        matches!(
            self.0.kind,
            TransportErrorKind::Connect | TransportErrorKind::Interrupted | TransportErrorKind::Timeout
        )
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0.kind {
            TransportErrorKind::Connect => "could not connect to Stripe: check the network, the proxy and the base URL",
            TransportErrorKind::Interrupted => "the connection broke before the response was complete",
            TransportErrorKind::InvalidResponse => {
                "the response is not valid HTTP or has too many headers: check the base URL and the proxy"
            }
            TransportErrorKind::Other => "the request could not be sent",
            TransportErrorKind::Timeout => "there was no complete response within the timeout",
            TransportErrorKind::Tls => {
                "could not set up TLS with Stripe: check the system's certificates and clock, the proxy and base URL"
            }
            TransportErrorKind::TooLarge => "the response body exceeds the size limit",
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

/// How long both transports keep an idle connection by default.
#[cfg(any(feature = "reqwest", feature = "ureq"))]
pub(super) const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// Limits of the headers of a response. hyper's own are 100 headers and 408 KiB; ureq's are 128 headers and a size to be set.
#[cfg(any(feature = "reqwest", feature = "ureq"))]
const MAX_HEADERS: usize = 100;
#[cfg(any(feature = "reqwest", feature = "ureq"))]
const MAX_HEADERS_SIZE: usize = 64 * 1024;

/// Checks the head of a response, so that both transports refuse the same: too many headers, a body whose end only one of them
/// finds, and one that is announced to be too large.
#[cfg(any(feature = "reqwest", feature = "ureq"))]
pub(super) fn check_head<B>(response: &http::Response<B>, limits: TransportLimits) -> Result<(), TransportError> {
    use http::{StatusCode, Version, header};
    let headers = response.headers();
    let invalid = |source: String| Err(TransportError::new(TransportErrorKind::InvalidResponse, source));
    // Each as a line of its own: `name: value`.
    let size: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if headers.len() > MAX_HEADERS || size > MAX_HEADERS_SIZE {
        return invalid(format!("more than {MAX_HEADERS} headers or {MAX_HEADERS_SIZE} bytes of them"));
    }
    let mut encodings = headers.get_all(header::TRANSFER_ENCODING).iter();
    if let Some(encoding) = encodings.next() {
        let is_chunked = encoding.as_bytes().eq_ignore_ascii_case(b"chunked") && encodings.next().is_none();
        return match is_chunked && response.version() != Version::HTTP_10 {
            true => Ok(()),
            false => invalid("a transfer encoding other than `chunked`, or one in HTTP/1.0".to_owned()),
        };
    }
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let has_body = ![StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED].contains(&response.status());
    match length.filter(|_| has_body) {
        // hyper keeps the two largest numbers for itself.
        Some(length) if length > u64::MAX - 2 => invalid("the length of the body is out of range".to_owned()),
        Some(length) if usize::try_from(length).map_or(true, |length| length > limits.max_body) => {
            Err(TransportError::too_large(limits.max_body))
        }
        _ => Ok(()),
    }
}

/// Checks a body without a stated length, which ends with the connection: its JSON tells whether it is complete. ureq takes
/// even a reset for the end.
#[cfg(any(feature = "reqwest", feature = "ureq"))]
pub(super) fn check_end(response: &http::Response<Vec<u8>>) -> Result<(), TransportError> {
    use http::{StatusCode, header};
    let (status, headers, body) = (response.status(), response.headers(), response.body());
    if headers.contains_key(header::CONTENT_LENGTH) || headers.contains_key(header::TRANSFER_ENCODING) {
        return Ok(());
    }
    // Without a body, the status of a failure still says something.
    let may_be_empty = !status.is_success() || status == StatusCode::NO_CONTENT;
    if body.is_empty() && may_be_empty {
        return Ok(());
    }
    match serde_json::from_slice::<serde_core::de::IgnoredAny>(body) {
        Err(error) if error.is_eof() => {
            let source = "the connection was closed within the JSON of a body without a length";
            Err(TransportError::new(TransportErrorKind::Interrupted, source))
        }
        _ => Ok(()),
    }
}

/// Returns the kind that follows from the error of rustls or of the operating system that caused an error, if there is
/// one. Both transports ask it first, so that the same failure has the same kind over both.
#[cfg(any(feature = "reqwest", feature = "ureq"))]
pub(super) fn kind_of_cause(error: &(dyn error::Error + 'static)) -> Option<TransportErrorKind> {
    use std::io;
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<rustls::Error>() {
            return Some(TransportErrorKind::Tls);
        }
        if let Some(error) = error.downcast_ref::<io::Error>() {
            // `io::Error::source` skips the error inside and returns the source of that one.
            if let Some(kind) = error.get_ref().and_then(|inner| kind_of_cause(inner)) {
                return Some(kind);
            }
            match error.kind() {
                io::ErrorKind::TimedOut => return Some(TransportErrorKind::Timeout),
                io::ErrorKind::BrokenPipe
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::ConnectionReset
                | io::ErrorKind::NotConnected
                | io::ErrorKind::UnexpectedEof
                | io::ErrorKind::WriteZero => return Some(TransportErrorKind::Interrupted),
                _ => {}
            }
        }
        cause = error.source();
    }
    None
}

/// Whether a request stays on this machine, where no proxy is of use.
#[cfg(any(feature = "reqwest", feature = "ureq"))]
pub(super) fn is_local<B>(request: &http::Request<B>) -> bool {
    request.uri().host().is_some_and(super::input::is_loopback)
}
