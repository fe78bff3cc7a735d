//! What came back.

use std::fmt;

use http::{HeaderMap, StatusCode};

use super::error::{Error, StripeError, UnexpectedResponse};
use crate::{
    ErrorResponse,
    support::{DecodeError, Operation},
};

/// An answer that says what it should: its value, and all that came with it.
///
/// `Debug` leaves out the headers and the body, which may hold secrets.
#[derive(Clone, PartialEq)]
pub struct Response<T> {
    value: T,
    raw: Raw,
}

/// Reads an error, which all releases of the API send in the same form: one type for all of them is what a caller can
/// handle.
fn decode_error(body: &[u8]) -> Result<ErrorResponse, DecodeError> {
    crate::support::decode::decode(body)
}

impl<T> Response<T> {
    /// Reads the answer to an operation, from whatever HTTP stack it comes.
    ///
    /// # Errors
    /// [`Error::Stripe`] where Stripe refuses or fails, also where it says so under the status 200; [`Error::UnexpectedResponse`]
    /// where the body is neither what the operation answers nor an error of Stripe's.
    pub fn from_http<O>(response: http::Response<impl AsRef<[u8]>>) -> Result<Self, Error>
    where
        O: Operation<Output = T>,
    {
        let (parts, body) = response.into_parts();
        Self::read::<O>(Raw {
            status: parts.status,
            headers: parts.headers,
            body: body.as_ref().to_vec(),
            idempotency_key: None,
        })
    }

    pub(super) fn read<O>(raw: Raw) -> Result<Self, Error>
    where
        O: Operation<Output = T>,
    {
        let reason = if raw.status.is_success() {
            match O::decode(&raw.body) {
                Ok(value) => return Ok(Self { value, raw }),
                Err(reason) => reason,
            }
        } else {
            match decode_error(&raw.body) {
                Ok(error) => return Err(StripeError::new(error.error, raw).into()),
                Err(reason) => return Err(UnexpectedResponse::new(reason, raw).into()),
            }
        };
        // A success that does not decode may be an error in disguise.
        Err(match decode_error(&raw.body) {
            Ok(error) => StripeError::new(error.error, raw).into(),
            Err(_) => UnexpectedResponse::new(reason, raw).into(),
        })
    }

    /// What the operation answers.
    #[must_use]
    pub const fn value(&self) -> &T {
        &self.value
    }

    /// What the operation answers, owned.
    #[must_use]
    pub fn into_value(self) -> T {
        self.value
    }

    /// The status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.raw.status
    }

    /// The headers.
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        &self.raw.headers
    }

    /// The id of the request, which Stripe's support asks for: the header `Request-Id`.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.raw.request_id()
    }

    /// Returns the idempotency key of the request, if it had one.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        self.raw.idempotency_key()
    }

    /// The body as it came. It may hold secrets, such as a `client_secret`.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.raw.body
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status())
            .field("request_id", &self.request_id())
            .field("value", &self.value)
            .finish_non_exhaustive()
    }
}

/// An answer as it came, good or bad.
#[derive(Clone, PartialEq)]
pub(super) struct Raw {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    /// The key of the request, where the client sent it.
    pub(super) idempotency_key: Option<String>,
}

impl Raw {
    pub(super) fn request_id(&self) -> Option<&str> {
        self.headers.get("request-id").and_then(|id| id.to_str().ok())
    }

    /// Stripe repeats the key of the request in a header of the response.
    pub(super) fn idempotency_key(&self) -> Option<&str> {
        let echoed = || self.headers.get("idempotency-key").and_then(|key| key.to_str().ok());
        self.idempotency_key.as_deref().or_else(echoed)
    }
}
