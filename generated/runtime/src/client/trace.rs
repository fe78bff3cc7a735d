//! The span of a call, with the feature `tracing`; without it, nothing is recorded.
//!
//! The names are documented at [`Client`](super::Client): a change is a breaking change for dashboards.
#![cfg_attr(not(feature = "tracing"), allow(unused_variables, reason = "nothing is recorded"))]

use std::{future::Future, time::Duration};

use http::StatusCode;
#[cfg(feature = "tracing")]
use tracing::{Instrument as _, Level, Span, field::Empty};

use super::{endpoint::Endpoint, error::Error, error_class::ErrorClass, response::RawResponse};
#[cfg(feature = "tracing")]
use crate::client::input::{STRIPE_ACCOUNT, STRIPE_CONTEXT};
use crate::support::Method;

/// Not the name of this crate, which programs do not know: they filter by it.
#[cfg(feature = "tracing")]
const TARGET: &str = "stripe_financial_connections";

/// A span that records nothing.
#[cfg(not(feature = "tracing"))]
#[derive(Clone)]
pub(super) struct Span;

#[cfg(not(feature = "tracing"))]
impl Span {
    #[expect(clippy::unused_self, reason = "the method of the span of `tracing`")]
    fn record<V>(&self, _: &str, _: V) {}
}

/// The span of a call. The outcome is recorded at its end, also if its future is dropped before.
pub(super) struct Trace {
    span: Span,
    attempts: u32,
    finished: bool,
}

impl Trace {
    /// Nothing secret goes into the span. `path` is a template: an id in it would make a new name for each object.
    pub(super) fn new(
        method: Method,
        path: Option<&'static str>,
        endpoint: &Endpoint,
        request: Option<&http::Request<Vec<u8>>>,
    ) -> Self {
        #[cfg(not(feature = "tracing"))]
        let span = Span;
        #[cfg(feature = "tracing")]
        let span = {
            let header = |name| request?.headers().get(name)?.to_str().ok();
            let method = method.as_str();
            let span = tracing::info_span!(
                target: TARGET,
                "stripe_call",
                otel.kind = "client",
                otel.name = path.map(|path| format!("{method} {path}")).as_deref().unwrap_or(method),
                otel.status_code = Empty,
                http.request.method = method,
                http.request.resend_count = Empty,
                http.response.status_code = Empty,
                url.template = path,
                server.address = Empty,
                server.port = Empty,
                "error.type" = Empty,
                stripe.account = header(STRIPE_ACCOUNT),
                stripe.context = header(STRIPE_CONTEXT),
                stripe.attempts = Empty,
                stripe.request_id = Empty,
                stripe.error_code = Empty,
            );
            if !span.is_disabled()
                && let Ok(url) = request.map_or_else(|| endpoint.root().try_into(), |request| Ok(request.uri().clone()))
            {
                let default_port = if url.scheme() == Some(&http::uri::Scheme::HTTP) { 80 } else { 443 };
                span.record("server.address", url.host());
                span.record("server.port", url.port_u16().unwrap_or(default_port));
            }
            span
        };
        Self { span, attempts: 0, finished: false }
    }

    pub(super) fn span(&self) -> Span {
        self.span.clone()
    }

    /// Runs a future within the span, so that what the HTTP stack logs belongs to the call.
    pub(super) fn within<F: Future>(span: Span, future: F) -> impl Future<Output = F::Output> {
        #[cfg(feature = "tracing")]
        let future = future.instrument(span);
        future
    }

    /// Counts an attempt, and returns its number.
    pub(super) const fn attempt(&mut self) -> u32 {
        self.attempts = self.attempts.saturating_add(1);
        self.attempts
    }

    pub(super) fn retry(&self, reason: impl FnOnce() -> ErrorClass, status: Option<StatusCode>, wait: Duration) {
        #[cfg(feature = "tracing")]
        tracing::event!(target: TARGET, parent: &self.span, Level::WARN, {
            message = "retrying",
            "error.type" = reason().as_str(),
            http.response.status_code = status.map(|status| status.as_u16()),
            stripe.attempts = self.attempts,
            stripe.wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
        });
    }

    pub(super) fn response(&self, response: &RawResponse) {
        self.span.record("http.response.status_code", response.status().as_u16());
        self.span.record("stripe.request_id", response.request_id());
    }

    pub(super) fn finish(&mut self, error: Option<&Error>) {
        self.record(error.map(|error| error.class().as_str()));
        self.span.record("stripe.error_code", error.and_then(Error::code));
    }

    fn record(&mut self, error_type: Option<&str>) {
        self.finished = true;
        self.span.record("stripe.attempts", self.attempts);
        self.span.record("http.request.resend_count", self.attempts.checked_sub(1).filter(|resent| *resent > 0));
        if let Some(error_type) = error_type {
            self.span.record("error.type", error_type);
            self.span.record("otel.status_code", "ERROR");
        }
    }
}

impl Drop for Trace {
    fn drop(&mut self) {
        if !self.finished {
            self.record(Some("cancelled"));
        }
    }
}
