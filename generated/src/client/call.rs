//! One call, from the operation to the answer, with as many attempts as it takes.

use std::{fmt, future::Future};

use http::header::HeaderMap;
use uuid::Uuid;

use super::{
    endpoint::Endpoint,
    error::Error,
    input::{self, InvalidInput},
    options::Options,
    response::{Raw, Response},
    retry,
    timer::DynTimer,
    trace::Span,
    transport::{DynTransport, TransportError, TransportLimits},
};
use crate::support::Operation;

/// What both clients are made of.
pub(super) struct Caller {
    pub(super) endpoint: Endpoint,
    pub(super) transport: Box<dyn DynTransport>,
    pub(super) timer: Box<dyn DynTimer>,
    pub(super) limits: TransportLimits,
    pub(super) retries: u32,
}

/// What goes out, and within which bounds.
struct Prepared {
    request: http::Request<Vec<u8>>,
    idempotency_key: Option<String>,
    limits: TransportLimits,
    retries: u32,
}

impl Caller {
    /// Carries out an operation. It is read before the future is made, which thus moves between threads whatever it is.
    pub(super) fn send<'a, O>(
        &'a self,
        operation: &O,
        options: &Options,
    ) -> impl Future<Output = Result<Response<O::Output>, Error>> + Send + use<'a, O>
    where
        O: Operation,
    {
        let prepared =
            operation.request().map_err(InvalidInput::from).and_then(|request| self.prepare(request, options));
        async move {
            let span = Span::new(O::METHOD, O::PATH);
            let raw = span.around(self.exchange(prepared?, &span)).await?;
            Response::read::<O>(raw)
        }
    }

    /// Every error keeps the idempotency key, also one of input: trying again is then the same for all of them.
    fn prepare(&self, request: crate::support::Request, options: &Options) -> Result<Prepared, InvalidInput> {
        let idempotency_key = options
            .idempotency_key
            .clone()
            .or_else(|| (request.method() == crate::support::Method::Post).then(|| Uuid::new_v4().to_string()));
        let assemble = || {
            let timeout = options.timeout.map_or(Ok(self.limits.timeout), input::timeout)?;
            let request = self.endpoint.assemble(request, options, idempotency_key.as_deref())?;
            Ok((request, TransportLimits { timeout, ..self.limits }))
        };
        match assemble() {
            Ok((request, limits)) => {
                let retries = options.retries.unwrap_or(self.retries);
                Ok(Prepared { request, idempotency_key, limits, retries })
            }
            Err(error) => Err(InvalidInput::with_idempotency_key(error, idempotency_key)),
        }
    }

    /// Attempts until there is an answer that stands, or no attempt is left. Each sends the very same request.
    async fn exchange(&self, prepared: Prepared, span: &Span) -> Result<Raw, TransportError> {
        let Prepared { request, idempotency_key, limits, retries } = prepared;
        let mut backoff = retry::backoff();
        let mut attempts: u32 = 0;
        loop {
            attempts = attempts.saturating_add(1);
            let outcome = self.attempt(request.clone(), limits).await;
            let (retryable, headers): (bool, Option<&HeaderMap>) = match &outcome {
                Ok(raw) => (retry::is_retryable(raw.status, &raw.headers), Some(&raw.headers)),
                Err(error) => (error.is_retryable(), None),
            };
            if !retryable || attempts > retries {
                span.record(attempts, outcome.as_ref().ok());
                return match outcome {
                    Ok(raw) => Ok(Raw { idempotency_key, ..raw }),
                    Err(error) => Err(error.with_idempotency_key(idempotency_key)),
                };
            }
            self.timer.sleep_boxed(retry::wait(backoff.next(), headers)).await;
        }
    }

    async fn attempt(&self, request: http::Request<Vec<u8>>, limits: TransportLimits) -> Result<Raw, TransportError> {
        let (parts, body) = self.transport.send_boxed(request, limits).await?.into_parts();
        // A transport is to stop earlier, but not every one can.
        if body.len() > limits.max_body {
            return Err(TransportError::too_large(limits.max_body));
        }
        Ok(Raw { status: parts.status, headers: parts.headers, body, idempotency_key: None })
    }
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("endpoint", &self.endpoint)
            .field("limits", &self.limits)
            .field("retries", &self.retries)
            .finish_non_exhaustive()
    }
}
