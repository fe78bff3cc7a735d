//! Errors that Stripe returns.

use std::{error, fmt};

use super::{error_class::ErrorClass, response::RawResponse};
use crate::ApiError;

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

    /// Returns the error object.
    ///
    /// Its type is `Unknown` with an empty string if Stripe sent none. Its message may repeat parameters of the request.
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
}

impl fmt::Display for StripeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ApiError { type_, code, decline_code, message, param, .. } = self.error();
        write!(f, "Stripe returned {}", self.response().status())?;
        let type_ = Some(type_.as_str()).filter(|type_| !type_.is_empty());
        let mut separator = " with ";
        for text in [type_, code.as_deref(), decline_code.as_deref()].into_iter().flatten() {
            write!(f, "{separator}{text}")?;
            separator = ", ";
        }
        match message {
            Some(message) => write!(f, ": {message}")?,
            None if self.class() == ErrorClass::IdempotencyKeyInUse => {
                f.write_str(": another request with the same idempotency key is still in progress")?;
            }
            None => {}
        }
        if let Some(param) = param {
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
