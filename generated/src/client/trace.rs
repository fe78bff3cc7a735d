//! A span for each call, where the feature `tracing` is on; else nothing.

use std::future::Future;

use super::response::Raw;
use crate::support::Method;

/// The span of one call. It has the path as the documentation writes it, without ids, and nothing that is secret.
pub(super) struct Span {
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

#[cfg(feature = "tracing")]
impl Span {
    pub(super) fn new(method: Method, path: &'static str) -> Self {
        use tracing::field::Empty;
        let method = method.as_str();
        let span =
            tracing::info_span!("stripe_call", method, path, status = Empty, request_id = Empty, attempts = Empty);
        Self { span }
    }

    pub(super) fn around<F: Future>(&self, future: F) -> impl Future<Output = F::Output> + use<F> {
        tracing::Instrument::instrument(future, self.span.clone())
    }

    pub(super) fn record(&self, attempts: u32, answer: Option<&Raw>) {
        self.span.record("attempts", attempts);
        if let Some(raw) = answer {
            self.span.record("status", raw.status.as_u16());
            self.span.record("request_id", raw.request_id());
        }
    }
}

#[cfg(not(feature = "tracing"))]
impl Span {
    pub(super) const fn new(_: Method, _: &'static str) -> Self {
        Self {}
    }

    #[expect(clippy::unused_self, reason = "as with the feature")]
    pub(super) const fn around<F: Future>(&self, future: F) -> F {
        future
    }

    #[expect(clippy::unused_self, reason = "as with the feature")]
    pub(super) const fn record(&self, _: u32, _: Option<&Raw>) {}
}
