//! How the connection to a server can fail.

use std::{error, fmt};

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
