//! Responses that cannot be decoded.

use std::{error, fmt};

use http::header;

use super::response::RawResponse;
use crate::support::DecodeError;

/// A response that is neither what the operation returns nor a Stripe error: a proxy's page, a truncated body, an object of
/// another type.
///
/// The message says where the body differs from what is expected, and how.
pub struct UnexpectedResponse(Box<Inner>);

struct Inner {
    error: DecodeError,
    response: RawResponse,
}

impl UnexpectedResponse {
    pub(super) fn new(error: DecodeError, response: RawResponse) -> Self {
        let error = match response.request_id() {
            Some(id) => error.with_request_id(id),
            None => error,
        };
        Self(Box::new(Inner { error, response }))
    }

    /// Returns where the body differs from what is expected, and how.
    #[must_use]
    pub const fn error(&self) -> &DecodeError {
        &self.0.error
    }

    /// Returns the response as it arrived. Its body may hold secrets.
    #[must_use]
    pub const fn response(&self) -> &RawResponse {
        &self.0.response
    }

    /// How the body is compressed. Only names that are known, as errors do not show headers.
    fn compression(&self) -> Option<&'static str> {
        let encoding = self.response().headers().get(header::CONTENT_ENCODING)?.as_bytes();
        ["br", "compress", "deflate", "gzip", "zstd"]
            .into_iter()
            .find(|name| encoding.eq_ignore_ascii_case(name.as_bytes()))
            .filter(|_| self.error().path().is_empty())
    }
}

impl fmt::Display for UnexpectedResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.response().status();
        let error = self.error();
        write!(f, "unexpected response {status}: ")?;
        if status.is_redirection() {
            f.write_str("redirects are not followed, as they would take the API key along: check the base URL")?;
        } else if self.response().body().is_empty() {
            f.write_str("the body is empty")?;
        } else if let Some(encoding) = self.compression() {
            write!(f, "the body is compressed with `{encoding}`, which the request did not ask for: check the proxy")?;
        } else if status.is_success() {
            write!(f, "the body does not match the expected type: {}", error.reason())?;
        } else {
            write!(f, "the body is not a Stripe error, perhaps a proxy sent it: {}", error.reason())?;
        }
        if !error.path().is_empty() {
            write!(f, " at `{}`", error.path())?;
        }
        match self.response().request_id() {
            Some(id) => write!(f, " (request {id})"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for UnexpectedResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnexpectedResponse")
            .field("status", &self.response().status())
            .field("error", self.error())
            .finish_non_exhaustive()
    }
}

impl error::Error for UnexpectedResponse {
    /// The source of the [`DecodeError`], as the message has what that says.
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.error().source()
    }
}
