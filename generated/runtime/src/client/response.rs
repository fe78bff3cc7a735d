//! Responses: as they arrived, and decoded.

use std::fmt;

use http::{HeaderMap, StatusCode};
use serde_core::de::DeserializeOwned;
use serde_json::Value;

use super::{error::Error, stripe_error::StripeError, unexpected_response::UnexpectedResponse};
use crate::{
    ApiError, ErrorResponse,
    support::{DecodeError, Operation, decode::decode},
};

/// A successful response: the decoded value, and everything that arrived with it.
///
/// `Debug` leaves out the headers and the body, which may hold secrets.
///
/// # Examples
#[cfg_attr(feature = "client", doc = "```")]
#[cfg_attr(not(feature = "client"), doc = "```ignore")]
#[doc = include_str!("doctest_operation.txt")]
#[doc = include_str!("doctest_transport.txt")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), stripe_runtime::Error> {
/// # let client = recorded()?;
/// let response = client.send(&RetrieveCustomer::new("cus_1")).await?;
/// assert_eq!(response.status(), 200);
/// assert_eq!(response.request_id(), Some("req_1"));
/// assert_eq!(response.value().id(), Some("cus_1"));
///
/// // A field that this version of the crate does not know.
/// let json: serde_json::Value = response.raw().json()?;
/// assert_eq!(json["new_field"], 42);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq)]
pub struct Response<T> {
    value: T,
    raw: RawResponse,
}

impl<T> Response<T> {
    /// Decodes the response to an operation, from any HTTP stack.
    ///
    /// # Errors
    /// [`StripeError`] if Stripe refuses or fails, even with the status 200; [`UnexpectedResponse`] if the body is neither what the
    /// operation returns nor a Stripe error.
    pub fn from_http<O: Operation<Output = T>>(response: http::Response<impl AsRef<[u8]>>) -> Result<Self, Error> {
        Self::read::<O>(RawResponse::new(response.map(|body| body.as_ref().to_vec())))
    }

    pub(super) fn read<O: Operation<Output = T>>(raw: RawResponse) -> Result<Self, Error> {
        let raw = raw.checked()?;
        match O::decode(&raw.body) {
            Ok(value) => Ok(Self { value, raw }),
            // It may be an error despite its status, whatever is before it.
            Err(error) => Err(raw.into_error(Some(error))),
        }
    }

    /// Returns the decoded value.
    #[must_use]
    pub const fn value(&self) -> &T {
        &self.value
    }

    /// Returns the decoded value, owned.
    #[must_use]
    pub fn into_value(self) -> T {
        self.value
    }

    #[cfg(feature = "client")]
    pub(super) const fn value_mut(&mut self) -> &mut T {
        &mut self.value
    }

    #[cfg(feature = "client")]
    pub(super) fn into_raw(self) -> RawResponse {
        self.raw
    }

    /// Returns the response as it arrived, with its headers, its body and the idempotency key of the request.
    #[must_use]
    pub const fn raw(&self) -> &RawResponse {
        &self.raw
    }

    /// Returns the status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.raw.status
    }

    /// Returns the id of the request, which Stripe's support asks for: the header `Request-Id`.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.raw.request_id()
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

/// A response as it arrived: status, headers and body.
///
/// `Debug` leaves out the headers and the body, which may hold secrets.
#[derive(Clone, PartialEq)]
pub struct RawResponse {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
    /// The key of the request, if a client sent it.
    idempotency_key: Option<String>,
}

impl RawResponse {
    pub(super) fn new(response: http::Response<Vec<u8>>) -> Self {
        let (parts, body) = response.into_parts();
        Self { status: parts.status, headers: parts.headers, body, idempotency_key: None }
    }

    /// Takes a response from any HTTP stack.
    ///
    /// # Errors
    /// [`StripeError`] if the status is not a success, or if the first member of the body is a Stripe error;
    /// [`UnexpectedResponse`] for any other body if the status is not a success.
    pub fn from_http(response: http::Response<impl AsRef<[u8]>>) -> Result<Self, Error> {
        Self::new(response.map(|body| body.as_ref().to_vec())).checked()
    }

    pub(super) fn checked(self) -> Result<Self, Error> {
        if self.status.is_success() && !self.starts_with_error() {
            return Ok(self);
        }
        match decode_error(&self.body) {
            Err(_) if self.status.is_success() => Ok(self),
            _ => Err(self.into_error(None)),
        }
    }

    /// Whether the body may be that of an error: a cheap look, as a success may be large.
    fn starts_with_error(&self) -> bool {
        let members = self.body.trim_ascii_start().strip_prefix(b"{");
        members.is_some_and(|members| members.trim_ascii_start().starts_with(br#""error""#))
    }

    /// Turns a failure into its error. `unexpected` says why the body is not a success, if that is known.
    fn into_error(self, unexpected: Option<DecodeError>) -> Error {
        match decode_error(&self.body) {
            Ok(error) => StripeError::new(error, self).into(),
            Err(error) => UnexpectedResponse::new(unexpected.unwrap_or(error), self).into(),
        }
    }

    #[cfg(feature = "client")]
    pub(super) fn with_idempotency_key(mut self, key: Option<String>) -> Self {
        self.idempotency_key = key;
        self
    }

    /// Returns the status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers.
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the id of the request, which Stripe's support asks for: the header `Request-Id`.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.headers.get("request-id").and_then(|id| id.to_str().ok())
    }

    /// Returns the idempotency key of the request, if it had one.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        // Stripe repeats the key in a header of the response.
        let header = || self.headers.get("idempotency-key").and_then(|key| key.to_str().ok());
        self.idempotency_key.as_deref().or_else(header)
    }

    /// Returns the body. It may hold secrets, such as a `client_secret`.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Returns the body, owned.
    #[must_use]
    pub fn into_body(self) -> Vec<u8> {
        self.body
    }

    /// Decodes the body: as a model of this crate, a type of your own, or a [`serde_json::Value`].
    ///
    /// # Errors
    /// [`UnexpectedResponse`] if the body is not the JSON of a `T`.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        decode(&self.body).map_err(|error| UnexpectedResponse::new(error, self.clone()).into())
    }
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("status", &self.status())
            .field("request_id", &self.request_id())
            .finish_non_exhaustive()
    }
}

/// Decodes the body of a Stripe error. All releases of the API send the same form, so callers handle one type.
pub(super) fn decode_error(body: &[u8]) -> Result<ApiError, DecodeError> {
    let error = match decode::<ErrorResponse>(body) {
        Ok(ErrorResponse { error }) if is_telling(&error) => return Ok(error),
        Ok(_) => DecodeError::mismatch(body, "error".to_owned(), "expected a type, a code or a message, found none"),
        Err(error) => error,
    };
    partial_error(body).ok_or(error)
}

fn is_telling(error: &ApiError) -> bool {
    !error.type_.as_str().is_empty() || error.code.is_some() || error.message.is_some()
}

/// Decodes the texts of an error object that is not as documented: with invalid UTF-8 in its message, or with a field of another
/// type.
fn partial_error(body: &[u8]) -> Option<ApiError> {
    const TEXTS: [&str; 8] =
        ["type", "code", "message", "param", "decline_code", "doc_url", "request_log_url", "user_message"];
    let mut response: Value = serde_json::from_str(&String::from_utf8_lossy(body)).ok()?;
    let mut error = response.get_mut("error")?.take();
    error.as_object_mut()?.retain(|name, value| value.is_string() && TEXTS.contains(&&**name));
    serde_json::from_value(error).ok().filter(is_telling)
}
