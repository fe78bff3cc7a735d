//! What an error means to the program that made the call.

use std::fmt;

use http::StatusCode;

use super::{
    response::{RawResponse, decode_error},
    transport_error::{TransportError, TransportErrorKind},
};
use crate::{ApiError, ApiErrorType};

/// Defines the classes, each with its name, who has to act, and the status for a web handler.
macro_rules! classes {
    ($($(#[$doc:meta])+ $class:ident = $name:literal, $fault:ident, $code:literal $status:ident;)+) => {
        /// What an error means to the program that made the call.
        ///
        /// | class | [fault](Self::fault) | [status for a web handler](Self::handler_status) |
        /// |---|---|---|
        $(#[doc = concat!(
            "| [`", stringify!($class), "`](Self::", stringify!($class), ") | [`", stringify!($fault), "`](Fault::",
            stringify!($fault), ") | ", $code, " |",
        )])+
        ///
        /// Whether to retry depends on more than the class: see [`Error::is_retryable`](crate::Error::is_retryable).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorClass {
            $($(#[$doc])+ $class,)+
        }

        impl ErrorClass {
            /// Returns the name of the class in lower case, such as `rate_limited`, for metrics and logs.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$class => $name,)+ }
            }

            /// Returns who has to act.
            #[must_use]
            pub const fn fault(self) -> Fault {
                match self { $(Self::$class => Fault::$fault,)+ }
            }

            /// Returns the status for the response of a web handler whose call failed.
            ///
            /// It is not the status of Stripe's response: a wrong API key, for example, is no reason to tell the browser that
            /// it is not logged in.
            #[must_use]
            pub const fn handler_status(self) -> StatusCode {
                match self { $(Self::$class => StatusCode::$status,)+ }
            }
        }
    };
}

classes! {
    /// The API key is invalid (401): mistyped, expired or revoked.
    Authentication = "authentication", Caller, 500 INTERNAL_SERVER_ERROR;
    /// The card was declined or cannot be charged.
    Card = "card", Payer, 402 PAYMENT_REQUIRED;
    /// Another request holds the object (409, or the code `lock_timeout`).
    Conflict = "conflict", Caller, 503 SERVICE_UNAVAILABLE;
    /// There is no connection, it broke, or the HTTP stack failed.
    Connection = "connection", Network, 502 BAD_GATEWAY;
    /// The idempotency key was used before, for a request with other parameters.
    Idempotency = "idempotency", Caller, 500 INTERNAL_SERVER_ERROR;
    /// Another request with the same idempotency key is still in progress.
    IdempotencyKeyInUse = "idempotency_key_in_use", Caller, 503 SERVICE_UNAVAILABLE;
    /// The caller passed in a value that cannot be used. Nothing was sent.
    InvalidInput = "invalid_input", Caller, 500 INTERNAL_SERVER_ERROR;
    /// Stripe refused the request: a parameter is invalid or missing.
    InvalidRequest = "invalid_request", Caller, 500 INTERNAL_SERVER_ERROR;
    /// There is no such object (404), at least not in this account and mode.
    NotFound = "not_found", Caller, 404 NOT_FOUND;
    /// The API key has no permission (403), or the account lacks the feature.
    Permission = "permission", Caller, 500 INTERNAL_SERVER_ERROR;
    /// There were too many requests (429, or the code or the type `rate_limit`).
    RateLimited = "rate_limited", Caller, 503 SERVICE_UNAVAILABLE;
    /// Stripe failed (500 to 599), or a proxy on the way.
    Server = "server", Stripe, 502 BAD_GATEWAY;
    /// The response did not arrive in time.
    Timeout = "timeout", Network, 504 GATEWAY_TIMEOUT;
    /// TLS failed, such as because a certificate is not trusted.
    Tls = "tls", Network, 502 BAD_GATEWAY;
    /// The response is neither what the operation returns nor a Stripe error, is not valid HTTP, or is too large.
    UnexpectedResponse = "unexpected_response", Stripe, 502 BAD_GATEWAY;
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
            // The type of this error below `/v2/`, where the code says what is limited.
            (_, ApiErrorType::Unknown(type_)) if type_ == "rate_limit" => return Self::RateLimited,
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
            TransportErrorKind::InvalidResponse | TransportErrorKind::TooLarge => Self::UnexpectedResponse,
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
