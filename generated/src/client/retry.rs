//! When a request is sent again, and how long after.

use std::time::Duration;

use http::{HeaderMap, StatusCode, header::RETRY_AFTER};

/// Whether the same request may fare better later. Stripe knows best, where it says.
pub(super) fn is_retryable(status: StatusCode, headers: &HeaderMap) -> bool {
    match headers.get("stripe-should-retry").map(http::HeaderValue::as_bytes) {
        _ if status.is_success() => false,
        Some(b"true") => true,
        Some(b"false") => false,
        // 409: the object is locked, or another request with the same idempotency key is under way.
        _ => status == StatusCode::CONFLICT || status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error(),
    }
}

/// How long to wait, as the header `Retry-After` has it in seconds. A date, which Stripe never sends there, is not read:
/// it would be measured by a clock that may be wrong.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

/// The waits before the second attempt, the third, and so on: from half a second, doubled, with jitter, up to five.
#[cfg(feature = "client")]
pub(super) fn backoff() -> impl Iterator<Item = Duration> {
    use backon::BackoffBuilder as _;
    // The jitter adds up to as much again.
    backon::ExponentialBuilder::new()
        .with_min_delay(Duration::from_millis(500))
        .with_max_delay(Duration::from_millis(2_500))
        .with_jitter()
        .without_max_times()
        .build()
}

/// The wait before the next attempt: the backoff, or longer where Stripe asks for it, within reason.
#[cfg(feature = "client")]
pub(super) fn wait(backoff: Option<Duration>, headers: Option<&HeaderMap>) -> Duration {
    const MAX_RETRY_AFTER: Duration = Duration::from_secs(60);
    let asked = headers.and_then(retry_after).unwrap_or_default();
    backoff.unwrap_or_default().max(asked.min(MAX_RETRY_AFTER))
}
