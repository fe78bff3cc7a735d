//! Which responses are worth a retry, and the wait before it.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, StatusCode, header::RETRY_AFTER};

use super::{error_class::ErrorClass, input::YEAR, response::RawResponse};

/// Whether to retry. `Stripe-Should-Retry` takes precedence over the status.
pub(super) fn is_retryable(response: &RawResponse) -> bool {
    let status = response.status();
    match response.headers().get("stripe-should-retry").map(HeaderValue::as_bytes) {
        _ if status.is_success() => false,
        Some(b"true") => true,
        Some(b"false") => false,
        _ => match status {
            // 409: the object is locked, or another request with the same idempotency key is in progress.
            StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS => true,
            // Some rate limits arrive with this status, and are told by their code only.
            StatusCode::BAD_REQUEST => ErrorClass::of_response(response) == ErrorClass::RateLimited,
            status => status.is_server_error(),
        },
    }
}

/// Returns the wait that the header `Retry-After` asks for, in seconds, up to a year. A date, which Stripe never sends there,
/// is ignored: it would be measured by a clock that may be wrong.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let is_number = !seconds.is_empty() && seconds.bytes().all(|byte| byte.is_ascii_digit());
    // A number of more than 64 bits is a long time as well.
    is_number.then(|| Duration::from_secs(seconds.parse().unwrap_or(u64::MAX)).min(YEAR))
}

/// Returns the wait after so many failed attempts: half a second, doubled each time up to five seconds, less a random part
/// of up to one half.
///
/// Stripe's own libraries use the same range, except that they never wait less than half a second, so that clients that
/// failed together would all come back together.
#[cfg(feature = "client")]
fn backoff(failed_attempts: u32) -> Duration {
    const FIRST: Duration = Duration::from_millis(500);
    const MAX: Duration = Duration::from_secs(5);
    let doubled = 2_u32.saturating_pow(failed_attempts.saturating_sub(1));
    let longest = FIRST.saturating_mul(doubled).min(MAX);
    // The random bits of a new UUID, as the crate that makes the idempotency keys has them at hand.
    let random = f64::from(uuid::Uuid::new_v4().as_fields().0) / f64::from(u32::MAX);
    longest.mul_f64(1.0 - random / 2.0)
}

/// Returns the wait before the next attempt: the backoff, or longer if Stripe asks for it, up to a minute.
#[cfg(feature = "client")]
pub(super) fn wait(failed_attempts: u32, headers: Option<&HeaderMap>) -> Duration {
    const MAX_RETRY_AFTER: Duration = Duration::from_secs(60);
    let retry_after = headers.and_then(retry_after).unwrap_or_default();
    backoff(failed_attempts).max(retry_after.min(MAX_RETRY_AFTER))
}
