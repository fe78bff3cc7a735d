//! What the transports over reqwest and over ureq share, so that both treat a response and a failure alike.

use std::{error::Error, io, time::Duration};

use http::{StatusCode, Version, header};

use super::{
    input::is_loopback,
    transport::TransportLimits,
    transport_error::{TransportError, TransportErrorKind},
};

/// How long both transports keep an idle connection by default.
pub(super) const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// Limits of the headers of a response. hyper's own are 100 headers and 408 KiB; ureq's are 128 headers and a size to be set.
const MAX_HEADERS: usize = 100;
const MAX_HEADERS_SIZE: usize = 64 * 1024;

/// Checks the head of a response, so that both transports refuse the same: too many headers, a body whose end only one of them
/// finds, and one that is announced to be too large.
pub(super) fn check_head<B>(response: &http::Response<B>, limits: TransportLimits) -> Result<(), TransportError> {
    let headers = response.headers();
    let invalid = |source: String| Err(TransportError::new(TransportErrorKind::InvalidResponse, source));
    // Each as a line of its own: `name: value`.
    let size: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if headers.len() > MAX_HEADERS || size > MAX_HEADERS_SIZE {
        return invalid(format!("more than {MAX_HEADERS} headers or {MAX_HEADERS_SIZE} bytes of them"));
    }
    let mut encodings = headers.get_all(header::TRANSFER_ENCODING).iter();
    if let Some(encoding) = encodings.next() {
        let is_chunked = encoding.as_bytes().eq_ignore_ascii_case(b"chunked") && encodings.next().is_none();
        return match is_chunked && response.version() != Version::HTTP_10 {
            true => Ok(()),
            false => invalid("a transfer encoding other than `chunked`, or one in HTTP/1.0".to_owned()),
        };
    }
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let has_body = ![StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED].contains(&response.status());
    match length.filter(|_| has_body) {
        // hyper keeps the two largest numbers for itself.
        Some(length) if length > u64::MAX - 2 => invalid("the length of the body is out of range".to_owned()),
        Some(length) if usize::try_from(length).map_or(true, |length| length > limits.max_body) => {
            Err(TransportError::too_large(limits.max_body))
        }
        _ => Ok(()),
    }
}

/// Checks a body without a stated length, which ends with the connection: its JSON tells whether it is complete. ureq takes
/// even a reset for the end.
pub(super) fn check_end(response: &http::Response<Vec<u8>>) -> Result<(), TransportError> {
    let (status, headers, body) = (response.status(), response.headers(), response.body());
    if headers.contains_key(header::CONTENT_LENGTH) || headers.contains_key(header::TRANSFER_ENCODING) {
        return Ok(());
    }
    // Without a body, the status of a failure still says something.
    let may_be_empty = !status.is_success() || status == StatusCode::NO_CONTENT;
    if body.is_empty() && may_be_empty {
        return Ok(());
    }
    match serde_json::from_slice::<serde_core::de::IgnoredAny>(body) {
        Err(error) if error.is_eof() => {
            let source = "the connection was closed within the JSON of a body without a length";
            Err(TransportError::new(TransportErrorKind::Interrupted, source))
        }
        _ => Ok(()),
    }
}

/// Returns the kind that follows from the error of rustls or of the operating system that caused an error, if there is
/// one. Both transports ask it first, so that the same failure has the same kind over both.
pub(super) fn kind_of_cause(error: &(dyn Error + 'static)) -> Option<TransportErrorKind> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<rustls::Error>() {
            return Some(TransportErrorKind::Tls);
        }
        if let Some(error) = error.downcast_ref::<io::Error>() {
            // `io::Error::source` skips the error inside and returns the source of that one.
            if let Some(kind) = error.get_ref().and_then(|inner| kind_of_cause(inner)) {
                return Some(kind);
            }
            match error.kind() {
                io::ErrorKind::TimedOut => return Some(TransportErrorKind::Timeout),
                io::ErrorKind::BrokenPipe
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::ConnectionReset
                | io::ErrorKind::NotConnected
                | io::ErrorKind::UnexpectedEof
                | io::ErrorKind::WriteZero => return Some(TransportErrorKind::Interrupted),
                _ => {}
            }
        }
        cause = error.source();
    }
    None
}

/// Whether a request stays on this machine, where no proxy is of use.
pub(super) fn is_local<B>(request: &http::Request<B>) -> bool {
    request.uri().host().is_some_and(is_loopback)
}
