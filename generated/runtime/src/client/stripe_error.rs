//! Errors that Stripe returns.

use std::{error, fmt};

use super::{error_class::ErrorClass, response::RawResponse};
use crate::{ApiError, ApiErrorType};

/// An error that Stripe returned.
pub struct StripeError(Box<Inner>);

struct Inner {
    error: ApiError,
    response: RawResponse,
}

impl StripeError {
    pub(super) fn new(error: ApiError, response: RawResponse) -> Self {
        Self(Box::new(Inner { error, response }))
    }

    /// Returns the whole error object.
    #[must_use]
    pub const fn error(&self) -> &ApiError {
        &self.0.error
    }

    /// Returns the response as it arrived. Its status may be that of a success.
    #[must_use]
    pub const fn response(&self) -> &RawResponse {
        &self.0.response
    }

    pub(super) fn class(&self) -> ErrorClass {
        ErrorClass::of_stripe(self.response().status(), self.error())
    }

    /// Returns the type of the error: `Unknown` with Stripe's spelling if this version of the crate does not know it, with an
    /// empty string if Stripe sent none.
    #[must_use]
    pub const fn type_(&self) -> &ApiErrorType {
        &self.error().type_
    }

    /// Returns a short code for programs, such as `resource_missing`. See <https://docs.stripe.com/error-codes>.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.error().code.as_deref()
    }

    /// Returns the error in words. The wording may change, and may repeat parameters of the request.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.error().message.as_deref()
    }

    /// Returns the parameter at fault.
    #[must_use]
    pub fn param(&self) -> Option<&str> {
        self.error().param.as_deref()
    }

    /// Returns why the card issuer declined.
    #[must_use]
    pub fn decline_code(&self) -> Option<&str> {
        self.error().decline_code.as_deref()
    }

    /// Returns the URL of Stripe's documentation on the code.
    #[must_use]
    pub fn doc_url(&self) -> Option<&str> {
        self.error().doc_url.as_deref()
    }

    /// Returns the URL of the request in the log of Stripe's dashboard.
    #[must_use]
    pub fn request_log_url(&self) -> Option<&str> {
        self.error().request_log_url.as_deref()
    }
}

impl fmt::Display for StripeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stripe returned {}", self.response().status())?;
        let type_ = Some(self.type_().as_str()).filter(|type_| !type_.is_empty());
        let mut separator = " with ";
        for text in [type_, self.code(), self.decline_code()].into_iter().flatten() {
            write!(f, "{separator}{text}")?;
            separator = ", ";
        }
        match self.message() {
            Some(message) => write!(f, ": {message}")?,
            None if self.class() == ErrorClass::IdempotencyKeyInUse => {
                f.write_str(": another request with the same idempotency key is still in progress")?;
            }
            None => {}
        }
        if let Some(param) = self.param() {
            write!(f, " (parameter `{param}`)")?;
        }
        match self.response().request_id() {
            Some(id) => write!(f, " (request {id})"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for StripeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StripeError")
            .field("status", &self.response().status())
            .field("request_id", &self.response().request_id())
            .field("error", self.error())
            .finish_non_exhaustive()
    }
}

impl error::Error for StripeError {}
