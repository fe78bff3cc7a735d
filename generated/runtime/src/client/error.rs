//! The error of a call.

use std::{error, fmt, time::Duration};

use http::StatusCode;

use super::{
    error_class::ErrorClass, response::RawResponse, retry, stripe_error::StripeError, transport_error::TransportError,
    unexpected_response::UnexpectedResponse,
};
use crate::InvalidInput;

/// The error of a call.
///
/// | [kind](Self::kind) | was it carried out? | what to do |
/// |---|---|---|
/// | [`Stripe`](ErrorKind::Stripe) | usually not; Stripe says why | see the [code](Self::code) and the [error object](StripeError::error) |
/// | [`UnexpectedResponse`](ErrorKind::UnexpectedResponse) | perhaps | look at the [body](RawResponse::body): did a proxy send it? |
/// | [`Transport`](ErrorKind::Transport) | perhaps | try again with the same [idempotency key](Self::idempotency_key) |
/// | [`InvalidInput`](ErrorKind::InvalidInput) | no, nothing was sent | fix the call |
///
/// Across the kinds, [`class`](Self::class) maps to what a web handler or a metric needs. Neither `Display` nor `Debug` shows
/// the API key, a body or a header.
///
/// # Examples
#[cfg_attr(feature = "client", doc = "```")]
#[cfg_attr(not(feature = "client"), doc = "```ignore")]
#[doc = include_str!("doctest_operation.txt")]
#[doc = include_str!("doctest_transport.txt")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), stripe_runtime::Error> {
/// # use stripe_runtime::{ErrorClass, ErrorKind, Fault, Options};
/// # let client = recorded()?;
/// let error = client.send(&RetrieveCustomer::new("cus_missing")).await.unwrap_err();
/// assert_eq!(error.class(), ErrorClass::NotFound);
/// assert_eq!((error.class().as_str(), error.class().fault()), ("not_found", Fault::Caller));
/// assert_eq!(error.class().handler_status(), 404);
/// assert_eq!(error.code(), Some("resource_missing"));
/// assert!(!error.is_retryable());
///
/// // Nothing was sent.
/// let options = Options::new().account("not an account");
/// let error = client.send_with(&RetrieveCustomer::new("cus_1"), &options).await.unwrap_err();
/// assert!(matches!(error.kind(), ErrorKind::InvalidInput(invalid) if invalid.input() == "account"));
/// # Ok(())
/// # }
/// ```
pub struct Error {
    kind: ErrorKind,
    /// Of the request, if a client sent it.
    idempotency_key: Option<Box<str>>,
}

/// What went wrong, with the details.
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Stripe returned an error.
    Stripe(StripeError),
    /// The response is neither what the operation returns nor a Stripe error.
    UnexpectedResponse(UnexpectedResponse),
    /// There is no response, or it did not arrive whole.
    Transport(TransportError),
    /// The client or the request cannot be made. Nothing was sent.
    InvalidInput(InvalidInput),
}

impl Error {
    #[cfg(feature = "client")]
    pub(super) fn with_idempotency_key(mut self, key: Option<String>) -> Self {
        self.idempotency_key = key.map(String::into_boxed_str);
        self
    }

    /// Returns what went wrong.
    #[must_use]
    pub const fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// Converts into what went wrong.
    #[must_use]
    pub fn into_kind(self) -> ErrorKind {
        self.kind
    }

    /// Returns what the error means to the program that made the call.
    #[must_use]
    pub fn class(&self) -> ErrorClass {
        match &self.kind {
            ErrorKind::Stripe(error) => error.class(),
            ErrorKind::UnexpectedResponse(error) => ErrorClass::of_unexpected(error.response().status()),
            ErrorKind::Transport(error) => ErrorClass::of_transport(error),
            ErrorKind::InvalidInput(_) => ErrorClass::InvalidInput,
        }
    }

    /// Returns the error that Stripe returned, if it did.
    #[must_use]
    pub const fn stripe(&self) -> Option<&StripeError> {
        match &self.kind {
            ErrorKind::Stripe(error) => Some(error),
            _ => None,
        }
    }

    /// Returns the response, if there was one.
    #[must_use]
    pub const fn response(&self) -> Option<&RawResponse> {
        match &self.kind {
            ErrorKind::Stripe(error) => Some(error.response()),
            ErrorKind::UnexpectedResponse(error) => Some(error.response()),
            ErrorKind::Transport(_) | ErrorKind::InvalidInput(_) => None,
        }
    }

    /// Returns the status of the response, if there was one. For the status of your own response, see
    /// [`ErrorClass::handler_status`].
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.response().map(RawResponse::status)
    }

    /// Returns the id of the request, which Stripe's support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.response().and_then(RawResponse::request_id)
    }

    /// Returns the idempotency key of the request, if it had one: pass it to
    /// [`Options::idempotency_key`](crate::Options::idempotency_key) to try again without doing anything twice.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        // Stripe repeats the key in the response, for a request that no client sent.
        let repeated = || self.response().and_then(RawResponse::idempotency_key);
        self.idempotency_key.as_deref().or_else(repeated)
    }

    /// Returns how long the response asks to wait before the next attempt: at most a year, so that it can be added to the
    /// current time.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.response().and_then(|response| retry::retry_after(response.headers()))
    }

    /// Returns Stripe's code, such as `resource_missing`. See <https://docs.stripe.com/error-codes>.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.stripe()?.error().code.as_deref()
    }

    /// Whether the same call may succeed later, with the same idempotency key. The clients have already retried it.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match &self.kind {
            ErrorKind::Transport(error) => error.is_retryable(),
            _ => self.response().is_some_and(retry::is_retryable),
        }
    }

    /// The kinds only name what they hold: messages and sources are those of the payloads.
    fn inner(&self) -> &(dyn error::Error + 'static) {
        match &self.kind {
            ErrorKind::Stripe(error) => error,
            ErrorKind::UnexpectedResponse(error) => error,
            ErrorKind::Transport(error) => error,
            ErrorKind::InvalidInput(error) => error,
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the idempotency key, which may be the invalid value.
        fmt::Debug::fmt(&self.kind, f)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.inner(), f)
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.inner().source()
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self { kind, idempotency_key: None }
    }
}

macro_rules! from_kinds {
    ($($kind:ident($error:ident))*) => {
        $(
            impl From<$error> for Error {
                fn from(error: $error) -> Self {
                    ErrorKind::$kind(error).into()
                }
            }
        )*
    };
}

from_kinds! {
    Stripe(StripeError) UnexpectedResponse(UnexpectedResponse) Transport(TransportError) InvalidInput(InvalidInput)
}
