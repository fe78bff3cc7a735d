//! The error of a call.

use std::{error, fmt, time::Duration};

use http::{HeaderMap, StatusCode};

use super::{
    error_class::ErrorClass, input::InvalidInput, response::RawResponse, retry, stripe_error::StripeError,
    transport::TransportError, unexpected_response::UnexpectedResponse,
};
use crate::support::RequestError;

/// The error of a call.
///
/// | variant | was it carried out? | what to do |
/// |---|---|---|
/// | [`Stripe`](Self::Stripe) | usually not; Stripe says why | see the [code](Self::code) and the [message](StripeError::message) |
/// | [`UnexpectedResponse`](Self::UnexpectedResponse) | perhaps | look at the [body](Self::body): did a proxy send it? |
/// | [`Transport`](Self::Transport) | perhaps | try again with the same [idempotency key](Self::idempotency_key) |
/// | [`InvalidInput`](Self::InvalidInput) | no, nothing was sent | fix the call |
///
/// Across the variants, [`class`](Self::class) maps to what a web handler or a metric needs, and helpers such as
/// [`is_retryable`](Self::is_retryable) and [`is_card`](Self::is_card) ask single questions. Neither `Display` nor `Debug`
/// shows the API key, a body or a header.
///
/// # Examples
#[cfg_attr(feature = "client", doc = "```")]
#[cfg_attr(not(feature = "client"), doc = "```ignore")]
#[doc = include_str!("doctest_transport.txt")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), stripe_financial_connections::Error> {
/// # let client = recorded()?;
/// use stripe_financial_connections::{Error, ErrorClass, Options, RetrieveSession};
///
/// let error = client.send(&RetrieveSession::new("fcsess_missing")).await.unwrap_err();
/// assert_eq!(error.class(), ErrorClass::NotFound);
/// assert_eq!(error.class().handler_status(), 404);
/// assert_eq!(error.code(), Some("resource_missing"));
/// assert!(!error.is_retryable());
///
/// // Nothing was sent.
/// let options = Options::new().account("not an account");
/// let error = client.send_with(&RetrieveSession::new("fcsess_1"), &options).await.unwrap_err();
/// assert!(matches!(&error, Error::InvalidInput(invalid) if invalid.input() == "account"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
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
    /// Returns what the error means to the program that made the call.
    #[must_use]
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Stripe(error) => error.class(),
            Self::UnexpectedResponse(error) => ErrorClass::of_unexpected(error.status()),
            Self::Transport(error) => ErrorClass::of_transport(error),
            Self::InvalidInput(_) => ErrorClass::InvalidInput,
        }
    }

    /// Returns the error that Stripe returned, if it did.
    #[must_use]
    pub const fn stripe(&self) -> Option<&StripeError> {
        match self {
            Self::Stripe(error) => Some(error),
            Self::UnexpectedResponse(_) | Self::Transport(_) | Self::InvalidInput(_) => None,
        }
    }

    /// Returns the response, if there was one.
    #[must_use]
    pub const fn response(&self) -> Option<&RawResponse> {
        match self {
            Self::Stripe(error) => Some(error.response()),
            Self::UnexpectedResponse(error) => Some(error.response()),
            Self::Transport(_) | Self::InvalidInput(_) => None,
        }
    }

    /// Returns the status of the response, if there was one. For the status of your own response, see
    /// [`ErrorClass::handler_status`].
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.response().map(RawResponse::status)
    }

    /// Returns the headers of the response, if there was one.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.response().map(RawResponse::headers)
    }

    /// Returns the body of the response as it arrived, if there was one. It may hold secrets.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.response().map(RawResponse::body)
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
        match self {
            Self::Stripe(error) => error.idempotency_key(),
            Self::UnexpectedResponse(error) => error.idempotency_key(),
            Self::Transport(error) => error.idempotency_key(),
            Self::InvalidInput(error) => error.idempotency_key(),
        }
    }

    /// Returns how long the response asks to wait before the next attempt.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.headers().and_then(retry::retry_after)
    }

    /// Returns Stripe's code, such as `resource_missing`. See <https://docs.stripe.com/error-codes>.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.stripe().and_then(StripeError::code)
    }

    /// Whether the same call may succeed later, with the same idempotency key. The clients have already retried it.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Stripe(_) | Self::UnexpectedResponse(_) => self.response().is_some_and(retry::is_retryable),
            Self::Transport(error) => error.is_retryable(),
            Self::InvalidInput(_) => false,
        }
    }

    /// Whether the API key is invalid (401): mistyped, expired or revoked.
    #[must_use]
    pub fn is_authentication(&self) -> bool {
        self.class() == ErrorClass::Authentication
    }

    /// Whether the card was declined or cannot be charged: [`StripeError::decline_code`] says why.
    #[must_use]
    pub fn is_card(&self) -> bool {
        self.class() == ErrorClass::Card
    }

    /// Whether the API key has no permission (403), or the account lacks the feature.
    #[must_use]
    pub fn is_permission(&self) -> bool {
        self.class() == ErrorClass::Permission
    }

    /// Whether there is no such object (404), at least not in this account and mode.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.class() == ErrorClass::NotFound
    }

    /// Whether there were too many requests (429, or the code `rate_limit`).
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.class() == ErrorClass::RateLimited
    }

    /// Whether Stripe refused the request: a parameter is invalid or missing.
    #[must_use]
    pub fn is_invalid_request(&self) -> bool {
        self.class() == ErrorClass::InvalidRequest
    }

    /// Whether the idempotency key was used before, for a request with other parameters.
    #[must_use]
    pub fn is_idempotency(&self) -> bool {
        self.class() == ErrorClass::Idempotency
    }

    /// Whether another request with the same idempotency key is still in progress.
    #[must_use]
    pub fn is_idempotency_key_in_use(&self) -> bool {
        self.class() == ErrorClass::IdempotencyKeyInUse
    }

    /// Whether Stripe failed (500 and above), or a proxy on the way.
    #[must_use]
    pub fn is_server(&self) -> bool {
        self.class() == ErrorClass::Server
    }

    /// Whether the response did not arrive in time.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.class() == ErrorClass::Timeout
    }

    /// Whether no connection was made, so that nothing was sent.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        matches!(self, Self::Transport(error) if error.is_connect())
    }

    /// Whether the response is neither what the operation returns nor a Stripe error.
    #[must_use]
    pub const fn is_unexpected_response(&self) -> bool {
        matches!(self, Self::UnexpectedResponse(_))
    }

    /// Whether the caller passed in a value that cannot be used, so that nothing was sent.
    #[must_use]
    pub const fn is_invalid_input(&self) -> bool {
        matches!(self, Self::InvalidInput(_))
    }

    /// The variants only name what they hold: messages and sources are those of the payloads.
    fn inner(&self) -> &(dyn error::Error + 'static) {
        match self {
            Self::Stripe(error) => error,
            Self::UnexpectedResponse(error) => error,
            Self::Transport(error) => error,
            Self::InvalidInput(error) => error,
        }
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

impl From<StripeError> for Error {
    fn from(error: StripeError) -> Self {
        Self::Stripe(error)
    }
}

impl From<UnexpectedResponse> for Error {
    fn from(error: UnexpectedResponse) -> Self {
        Self::UnexpectedResponse(error)
    }
}

impl From<TransportError> for Error {
    fn from(error: TransportError) -> Self {
        Self::Transport(error)
    }
}

impl From<InvalidInput> for Error {
    fn from(error: InvalidInput) -> Self {
        Self::InvalidInput(error)
    }
}

impl From<RequestError> for Error {
    fn from(error: RequestError) -> Self {
        InvalidInput::from(error).into()
    }
}
