//! What can go wrong, and who said so.

use std::{error, fmt, time::Duration};

use http::{HeaderMap, StatusCode};

use super::{input::InvalidInput, response::Raw, retry, transport::TransportError};
use crate::{ApiError, ApiErrorType, DecodeError};

/// Why a call failed.
///
/// | variant | was it carried out? | what to do |
/// |---|---|---|
/// | [`Stripe`](Self::Stripe) | no, mostly; Stripe says why | see the [code](Self::code) and the [message](StripeError::message) |
/// | [`UnexpectedResponse`](Self::UnexpectedResponse) | perhaps | look at the [body](Self::body): is it a proxy's, or news from Stripe? |
/// | [`Transport`](Self::Transport) | perhaps | try again with the same idempotency key |
/// | [`InvalidInput`](Self::InvalidInput) | no, nothing was sent | mend the call |
///
/// The helpers ask across the variants: [`is_retryable`](Self::is_retryable),
/// [`is_authentication`](Self::is_authentication) and so on. Neither `Display` nor `Debug` shows the API key, a body or a
/// header.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// Stripe answered with an error.
    Stripe(StripeError),
    /// There was an answer, but it is neither what the operation answers nor an error of Stripe's: a page of a proxy's, a
    /// body cut short, an object of another type.
    UnexpectedResponse(UnexpectedResponse),
    /// There was no answer, or none that could be taken whole.
    Transport(TransportError),
    /// The client or the request cannot be made. Nothing was sent.
    InvalidInput(InvalidInput),
}

impl Error {
    /// What Stripe said, if it was Stripe.
    #[must_use]
    pub const fn stripe(&self) -> Option<&StripeError> {
        match self {
            Self::Stripe(error) => Some(error),
            Self::UnexpectedResponse(_) | Self::Transport(_) | Self::InvalidInput(_) => None,
        }
    }

    fn raw(&self) -> Option<&Raw> {
        match self {
            Self::Stripe(error) => Some(&error.0.raw),
            Self::UnexpectedResponse(error) => Some(&error.0.raw),
            Self::Transport(_) | Self::InvalidInput(_) => None,
        }
    }

    /// The status of the answer, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.raw().map(|raw| raw.status)
    }

    /// The headers of the answer, if there was one.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.raw().map(|raw| &raw.headers)
    }

    /// The body of the answer as it came, if there was one. It may hold secrets.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.raw().map(|raw| &*raw.body)
    }

    /// The id of the request, which Stripe's support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.raw().and_then(Raw::request_id)
    }

    /// Returns the idempotency key of the request, if it had one. Sending it again under this key is safe: see
    /// [`Options::idempotency_key`](crate::Options::idempotency_key).
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        match self {
            Self::Stripe(_) | Self::UnexpectedResponse(_) => self.raw().and_then(Raw::idempotency_key),
            Self::Transport(error) => error.idempotency_key(),
            Self::InvalidInput(error) => error.idempotency_key(),
        }
    }

    /// How long the answer asks to wait before the next attempt.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.raw().and_then(|raw| retry::retry_after(&raw.headers))
    }

    /// Stripe's code, such as `resource_missing`. See <https://docs.stripe.com/error-codes>.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.stripe().and_then(StripeError::code)
    }

    /// Whether the same call may fare better later, with the same idempotency key. The clients have already tried.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Stripe(_) | Self::UnexpectedResponse(_) => {
                self.raw().is_some_and(|raw| retry::is_retryable(raw.status, &raw.headers))
            }
            Self::Transport(error) => error.is_retryable(),
            Self::InvalidInput(_) => false,
        }
    }

    /// Whether the key is not valid (401): it is mistyped, expired or revoked.
    #[must_use]
    pub fn is_authentication(&self) -> bool {
        self.status() == Some(StatusCode::UNAUTHORIZED)
    }

    /// Whether the key may not do this (403): a restricted key lacks a permission, or the account lacks the feature.
    #[must_use]
    pub fn is_permission(&self) -> bool {
        self.status() == Some(StatusCode::FORBIDDEN)
    }

    /// Whether there is no such object (404), at least not in this account and mode.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(StatusCode::NOT_FOUND)
    }

    /// Whether there were too many requests (429): slow down.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(StatusCode::TOO_MANY_REQUESTS)
    }

    /// Whether a parameter is wrong or missing, or the request is otherwise at fault.
    #[must_use]
    pub fn is_invalid_request(&self) -> bool {
        self.is_of(&ApiErrorType::InvalidRequestError)
    }

    /// Whether the idempotency key was used before for another request.
    #[must_use]
    pub fn is_idempotency(&self) -> bool {
        self.is_of(&ApiErrorType::IdempotencyError)
    }

    /// Whether the server failed (500 and above): Stripe, or a proxy before it.
    #[must_use]
    pub fn is_server(&self) -> bool {
        self.status().is_some_and(|status| status.is_server_error())
    }

    /// Whether the answer took too long.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Transport(error) if error.is_timeout())
    }

    /// Whether no connection came about, so that nothing was sent.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        matches!(self, Self::Transport(error) if error.is_connect())
    }

    /// Whether the answer could not be read.
    #[must_use]
    pub const fn is_unexpected_response(&self) -> bool {
        matches!(self, Self::UnexpectedResponse(_))
    }

    /// Whether the caller passed in something that cannot be used, so that nothing was sent.
    #[must_use]
    pub const fn is_invalid_input(&self) -> bool {
        matches!(self, Self::InvalidInput(_))
    }

    fn is_of(&self, kind: &ApiErrorType) -> bool {
        self.stripe().is_some_and(|error| error.type_() == kind)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stripe(error) => error.fmt(f),
            Self::UnexpectedResponse(error) => error.fmt(f),
            Self::Transport(error) => error.fmt(f),
            Self::InvalidInput(error) => error.fmt(f),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Stripe(error) => error.source(),
            Self::UnexpectedResponse(error) => error.source(),
            Self::Transport(error) => error.source(),
            Self::InvalidInput(error) => error.source(),
        }
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

/// An error that Stripe answered with.
pub struct StripeError(Box<Answer<ApiError>>);

/// An answer that is neither what the operation answers nor an error of Stripe's.
///
/// The [source](error::Error::source) is the [`DecodeError`].
pub struct UnexpectedResponse(Box<Answer<DecodeError>>);

/// What is made of an answer, and the answer.
struct Answer<T> {
    read: T,
    raw: Raw,
}

impl StripeError {
    pub(super) fn new(error: ApiError, raw: Raw) -> Self {
        Self(Box::new(Answer { read: error, raw }))
    }

    /// All that Stripe says.
    #[must_use]
    pub const fn error(&self) -> &ApiError {
        &self.0.read
    }

    /// The broad class of the error. One that this release does not know is kept as it came.
    #[must_use]
    pub const fn type_(&self) -> &ApiErrorType {
        &self.error().type_
    }

    /// A short code for programs, such as `resource_missing`. See <https://docs.stripe.com/error-codes>.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.error().code.as_deref()
    }

    /// The error in words. They may change, and they may repeat what was sent.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.error().message.as_deref()
    }

    /// The parameter at fault.
    #[must_use]
    pub fn param(&self) -> Option<&str> {
        self.error().param.as_deref()
    }

    /// Why an issuer declined.
    #[must_use]
    pub fn decline_code(&self) -> Option<&str> {
        self.error().decline_code.as_deref()
    }

    /// A page of Stripe's documentation on the code.
    #[must_use]
    pub fn doc_url(&self) -> Option<&str> {
        self.error().doc_url.as_deref()
    }

    /// The entry of the request in the log of Stripe's dashboard.
    #[must_use]
    pub fn request_log_url(&self) -> Option<&str> {
        self.error().request_log_url.as_deref()
    }

    /// The status. Not always one of an error.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.0.raw.status
    }

    /// The id of the request, which Stripe's support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.raw.request_id()
    }

    /// How long Stripe asks to wait before the next attempt.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        retry::retry_after(&self.0.raw.headers)
    }
}

impl fmt::Display for StripeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stripe answered {} with {}", self.status(), self.type_())?;
        if let Some(code) = self.code() {
            write!(f, ", {code}")?;
        }
        if let Some(code) = self.decline_code() {
            write!(f, ", {code}")?;
        }
        if let Some(message) = self.message() {
            write!(f, ": {message}")?;
        }
        if let Some(param) = self.param() {
            write!(f, " (parameter `{param}`)")?;
        }
        write_request_id(f, self.request_id())
    }
}

impl fmt::Debug for StripeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StripeError")
            .field("status", &self.status())
            .field("request_id", &self.request_id())
            .field("error", self.error())
            .finish_non_exhaustive()
    }
}

impl error::Error for StripeError {}

impl UnexpectedResponse {
    pub(super) fn new(error: DecodeError, raw: Raw) -> Self {
        let error = match raw.request_id() {
            Some(id) => error.with_request_id(id),
            None => error,
        };
        Self(Box::new(Answer { read: error, raw }))
    }

    /// Where the body departs from what was expected, and how.
    #[must_use]
    pub const fn error(&self) -> &DecodeError {
        &self.0.read
    }

    /// The status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.0.raw.status
    }

    /// The headers.
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        &self.0.raw.headers
    }

    /// The body as it came. It may hold secrets.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.0.raw.body
    }

    /// The id of the request, which Stripe's support asks for. A page of a proxy's has none.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.raw.request_id()
    }
}

impl fmt::Display for UnexpectedResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.status();
        write!(f, "the answer {status} ")?;
        let error = self.error();
        if status.is_redirection() {
            f.write_str("is a redirect, which is not followed, as it would take the key along: check the base URL")?;
        } else if self.body().is_empty() {
            f.write_str("has no body")?;
        } else if status.is_success() {
            write!(f, "has a body that is not what was asked for: {}", error.reason())?;
        } else {
            write!(f, "has a body that is not Stripe's, perhaps a proxy's: {}", error.reason())?;
        }
        if !error.path().is_empty() {
            write!(f, " at `{}`", error.path())?;
        }
        write_request_id(f, self.request_id())
    }
}

impl fmt::Debug for UnexpectedResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnexpectedResponse")
            .field("status", &self.status())
            .field("error", self.error())
            .finish_non_exhaustive()
    }
}

impl error::Error for UnexpectedResponse {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        Some(self.error())
    }
}

fn write_request_id(f: &mut fmt::Formatter<'_>, id: Option<&str>) -> fmt::Result {
    match id {
        Some(id) => write!(f, " (request {id})"),
        None => Ok(()),
    }
}
