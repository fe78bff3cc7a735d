//! What an error means to the program that made the call.

use std::fmt;

use http::StatusCode;

use super::{
    response::{RawResponse, decode_error},
    transport::{TransportError, TransportErrorKind},
};
use crate::{ApiError, ApiErrorType};

/// What an error means to the program that made the call.
///
/// | class | fault | [status for a web handler](Self::handler_status) |
/// |---|---|---|
/// | [`Authentication`](Self::Authentication) | caller | 500 |
/// | [`Permission`](Self::Permission) | caller | 500 |
/// | [`InvalidRequest`](Self::InvalidRequest) | caller | 500 |
/// | [`InvalidInput`](Self::InvalidInput) | caller | 500 |
/// | [`Idempotency`](Self::Idempotency) | caller | 500 |
/// | [`NotFound`](Self::NotFound) | caller | 404 |
/// | [`Card`](Self::Card) | payer | 402 |
/// | [`IdempotencyKeyInUse`](Self::IdempotencyKeyInUse) | caller | 503 |
/// | [`Conflict`](Self::Conflict) | caller | 503 |
/// | [`RateLimited`](Self::RateLimited) | caller | 503 |
/// | [`Server`](Self::Server) | Stripe | 502 |
/// | [`UnexpectedResponse`](Self::UnexpectedResponse) | Stripe | 502 |
/// | [`Connection`](Self::Connection) | network | 502 |
/// | [`Tls`](Self::Tls) | network | 502 |
/// | [`Timeout`](Self::Timeout) | network | 504 |
///
/// Whether to retry depends on more than the class: see [`Error::is_retryable`](crate::Error::is_retryable).
///
/// # Examples
/// ```
/// # use stripe_runtime::{Endpoint, ErrorClass, Fault};
/// let class = Endpoint::new("pk_test_123").unwrap_err().class();
/// assert_eq!(class, ErrorClass::InvalidInput);
/// assert_eq!(class.as_str(), "invalid_input");
/// assert_eq!(class.fault(), Fault::Caller);
/// assert_eq!(class.handler_status(), 500);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorClass {
    /// The API key is invalid (401): mistyped, expired or revoked.
    Authentication,
    /// The card was declined or cannot be charged.
    Card,
    /// Another request holds the object (409, or the code `lock_timeout`).
    Conflict,
    /// There is no connection, it broke, or the HTTP stack failed.
    Connection,
    /// The idempotency key was used before, for a request with other parameters.
    Idempotency,
    /// Another request with the same idempotency key is still in progress.
    IdempotencyKeyInUse,
    /// The caller passed in a value that cannot be used. Nothing was sent.
    InvalidInput,
    /// Stripe refused the request: a parameter is invalid or missing.
    InvalidRequest,
    /// There is no such object (404), at least not in this account and mode.
    NotFound,
    /// The API key has no permission (403), or the account lacks the feature.
    Permission,
    /// There were too many requests (429, or the code `rate_limit`).
    RateLimited,
    /// Stripe failed (500 and above), or a proxy on the way.
    Server,
    /// The response did not arrive in time.
    Timeout,
    /// TLS failed, such as because a certificate is not trusted.
    Tls,
    /// The response is neither what the operation returns nor a Stripe error, or its body is too large.
    UnexpectedResponse,
}

/// Who has to act on an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// The program that made the call, its configuration or its input.
    Caller,
    /// The network between the program and Stripe.
    Network,
    /// The person who pays, such as with another card.
    Payer,
    /// Stripe, or a proxy that responded in its place.
    Stripe,
}

impl ErrorClass {
    /// Returns the name of the class in lower case, such as `rate_limited`, for metrics and logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Authentication => "authentication",
            Self::Card => "card",
            Self::Conflict => "conflict",
            Self::Connection => "connection",
            Self::Idempotency => "idempotency",
            Self::IdempotencyKeyInUse => "idempotency_key_in_use",
            Self::InvalidInput => "invalid_input",
            Self::InvalidRequest => "invalid_request",
            Self::NotFound => "not_found",
            Self::Permission => "permission",
            Self::RateLimited => "rate_limited",
            Self::Server => "server",
            Self::Timeout => "timeout",
            Self::Tls => "tls",
            Self::UnexpectedResponse => "unexpected_response",
        }
    }

    /// Returns who has to act.
    #[must_use]
    pub const fn fault(self) -> Fault {
        match self {
            Self::Authentication
            | Self::Conflict
            | Self::Idempotency
            | Self::IdempotencyKeyInUse
            | Self::InvalidInput
            | Self::InvalidRequest
            | Self::NotFound
            | Self::Permission
            | Self::RateLimited => Fault::Caller,
            Self::Connection | Self::Timeout | Self::Tls => Fault::Network,
            Self::Card => Fault::Payer,
            Self::Server | Self::UnexpectedResponse => Fault::Stripe,
        }
    }

    /// Returns the status for the response of a web handler whose call failed.
    ///
    /// It is not the status of Stripe's response: a wrong API key, for example, is no reason to tell the browser that it is
    /// not logged in.
    #[must_use]
    pub const fn handler_status(self) -> StatusCode {
        match self {
            Self::Authentication | Self::Idempotency | Self::InvalidInput | Self::InvalidRequest | Self::Permission => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Card => StatusCode::PAYMENT_REQUIRED,
            Self::Conflict | Self::IdempotencyKeyInUse | Self::RateLimited => StatusCode::SERVICE_UNAVAILABLE,
            Self::Connection | Self::Server | Self::Tls | Self::UnexpectedResponse => StatusCode::BAD_GATEWAY,
            Self::Timeout => StatusCode::GATEWAY_TIMEOUT,
        }
    }

    /// Classifies a response that is not a success.
    pub(super) fn of_response(response: &RawResponse) -> Self {
        match decode_error(response.body()) {
            Ok(error) => Self::of_stripe(response.status(), &error),
            Err(_) => Self::of_unexpected(response.status()),
        }
    }

    pub(super) fn of_stripe(status: StatusCode, error: &ApiError) -> Self {
        match (error.code.as_deref(), &error.type_) {
            (Some("idempotency_key_in_use"), _) => return Self::IdempotencyKeyInUse,
            (Some("lock_timeout"), _) => return Self::Conflict,
            (Some("rate_limit"), _) => return Self::RateLimited,
            (_, ApiErrorType::CardError) => return Self::Card,
            (_, ApiErrorType::IdempotencyError) => return Self::Idempotency,
            _ => {}
        }
        match status {
            StatusCode::UNAUTHORIZED => Self::Authentication,
            StatusCode::FORBIDDEN => Self::Permission,
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::CONFLICT => Self::Conflict,
            StatusCode::TOO_MANY_REQUESTS => Self::RateLimited,
            status if status.is_server_error() => Self::Server,
            _ if error.type_ == ApiErrorType::ApiError => Self::Server,
            _ => Self::InvalidRequest,
        }
    }

    /// A proxy's page says little: only the statuses that it would pass on mean what they mean from Stripe.
    pub(super) fn of_unexpected(status: StatusCode) -> Self {
        match status {
            StatusCode::UNAUTHORIZED => Self::Authentication,
            StatusCode::TOO_MANY_REQUESTS => Self::RateLimited,
            status if status.is_server_error() => Self::Server,
            _ => Self::UnexpectedResponse,
        }
    }

    pub(super) const fn of_transport(error: &TransportError) -> Self {
        match error.kind() {
            TransportErrorKind::Timeout => Self::Timeout,
            TransportErrorKind::Tls => Self::Tls,
            TransportErrorKind::TooLarge => Self::UnexpectedResponse,
            TransportErrorKind::Connect | TransportErrorKind::Interrupted | TransportErrorKind::Other => {
                Self::Connection
            }
        }
    }
}

impl fmt::Display for ErrorClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
