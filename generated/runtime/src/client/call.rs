//! A call, from the request to the response: as many attempts as it takes.

use std::{
    fmt,
    future::Future,
    time::{Duration, Instant},
};

use uuid::Uuid;

use super::{
    endpoint::{Endpoint, request_of},
    error::Error,
    error_class::ErrorClass,
    input,
    options::Options,
    response::{RawResponse, Response},
    retry,
    timer::DynTimer,
    trace::Trace,
    transport::{DynTransport, TransportLimits},
    transport_error::TransportError,
};
use crate::support::{InvalidInput, Method, Operation, Request};

/// What both clients share.
pub(super) struct Caller {
    pub(super) endpoint: Endpoint,
    pub(super) transport: Box<dyn DynTransport>,
    pub(super) timer: Box<dyn DynTimer>,
    pub(super) limits: Limits,
}

/// Limits of a call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    attempt: TransportLimits,
    deadline: Option<Duration>,
    retries: u32,
}

impl Limits {
    /// The defaults, as the [`Options`] state them.
    pub(super) const fn new(max_body: usize) -> Self {
        Self { attempt: TransportLimits::new(Duration::from_secs(80), max_body), deadline: None, retries: 2 }
    }

    /// Sets what the options set.
    pub(super) fn with(mut self, options: &Options) -> Result<Self, InvalidInput> {
        if let Some(timeout) = options.timeout {
            self.attempt.timeout = input::duration("timeout", timeout)?;
        }
        if let Some(deadline) = options.deadline {
            self.deadline = Some(input::duration("deadline", deadline)?);
        }
        self.retries = options.retries.unwrap_or(self.retries);
        Ok(self)
    }
}

/// A request that was checked, and its limits.
pub(super) struct Prepared {
    request: http::Request<Vec<u8>>,
    idempotency_key: Option<String>,
    limits: Limits,
}

impl Caller {
    pub(super) fn send<'a, O: Operation>(
        &'a self,
        operation: &O,
        options: &Options,
    ) -> impl Future<Output = Result<Response<O::Output>, Error>> + Send + use<'a, O> {
        // Done before the future starts: the future can be sent between threads even if the operation cannot.
        let request = request_of(operation).map_err(Error::from);
        let prepared = request.and_then(|request| self.prepare(request, options));
        self.call(O::METHOD, Some(O::PATH), prepared, Response::read::<O>)
    }

    pub(super) fn send_raw<'a>(
        &'a self,
        request: Request,
        options: &Options,
    ) -> impl Future<Output = Result<RawResponse, Error>> + Send + use<'a> {
        self.call(request.method(), None, self.prepare(request, options), RawResponse::checked)
    }

    /// Checks a request. An error has its idempotency key, so that callers can treat all errors alike.
    pub(super) fn prepare(&self, request: Request, options: &Options) -> Result<Prepared, Error> {
        let made = || request.needs_idempotency_key().then(|| Uuid::new_v4().to_string());
        let idempotency_key = options.idempotency_key.clone().or_else(made);
        let checked = self.limits.with(options).and_then(|limits| {
            self.endpoint.assemble(request, options, idempotency_key.as_deref()).map(|request| (request, limits))
        });
        match checked {
            Ok((request, limits)) => Ok(Prepared { request, idempotency_key, limits }),
            Err(error) => Err(Error::from(error).with_idempotency_key(idempotency_key)),
        }
    }

    /// Makes a call, under one span. `path` is a template, without ids.
    pub(super) async fn call<T>(
        &self,
        method: Method,
        path: Option<&'static str>,
        prepared: Result<Prepared, Error>,
        read: impl FnOnce(RawResponse) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let request = prepared.as_ref().ok().map(|prepared| &prepared.request);
        let mut trace = Trace::new(method, path, &self.endpoint, request);
        let outcome = match prepared {
            Ok(mut prepared) => {
                let key = prepared.idempotency_key.take();
                let response = Trace::within(trace.span(), self.exchange(prepared, &mut trace)).await;
                let outcome = response.map_err(Error::from).and_then(|response| {
                    trace.response(&response);
                    read(response.with_idempotency_key(key.clone()))
                });
                outcome.map_err(|error| error.with_idempotency_key(key))
            }
            Err(error) => Err(error),
        };
        trace.finish(outcome.as_ref().err());
        outcome
    }

    /// Sends the same request until there is a final outcome, no retry is left, or the deadline would pass.
    async fn exchange(&self, prepared: Prepared, trace: &mut Trace) -> Result<RawResponse, TransportError> {
        let Prepared { request, limits: Limits { attempt: limits, deadline, retries }, .. } = prepared;
        // The clock is read only for a deadline: not every platform has one.
        let deadline = deadline.map(|deadline| (Instant::now(), deadline));
        let time_left = || deadline.map_or(Duration::MAX, |(start, deadline)| deadline.saturating_sub(start.elapsed()));
        loop {
            let attempts = trace.attempt();
            // Not zero, which some HTTP stacks take for no timeout.
            let timeout = limits.timeout.min(time_left()).max(Duration::from_millis(1));
            let outcome = self.attempt(request.clone(), TransportLimits { timeout, ..limits }).await;
            let (retryable, response) = match &outcome {
                Ok(response) => (retry::is_retryable(response), Some(response)),
                Err(error) => (error.is_retryable(), None),
            };
            if !retryable || attempts > retries {
                return outcome;
            }
            let wait = retry::wait(attempts, response.map(RawResponse::headers));
            if wait >= time_left() {
                return outcome;
            }
            let reason = || match &outcome {
                Ok(response) => ErrorClass::of_response(response),
                Err(error) => ErrorClass::of_transport(error),
            };
            trace.retry(reason, response.map(RawResponse::status), wait);
            self.timer.sleep_boxed(wait).await;
            // The timer may have taken longer than it was asked to.
            if time_left().is_zero() {
                return outcome;
            }
        }
    }

    async fn attempt(
        &self,
        request: http::Request<Vec<u8>>,
        limits: TransportLimits,
    ) -> Result<RawResponse, TransportError> {
        let response = self.transport.send_boxed(request, limits).await?;
        // A transport should stop earlier, but not every HTTP stack can.
        if response.body().len() > limits.max_body {
            return Err(TransportError::too_large(limits.max_body));
        }
        Ok(RawResponse::new(response))
    }
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("endpoint", &self.endpoint).field("limits", &self.limits).finish_non_exhaustive()
    }
}
