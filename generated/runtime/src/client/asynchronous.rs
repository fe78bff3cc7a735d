//! The async client.

use std::{future::Future, sync::Arc};

use super::{
    builder::{ClientBuilder, client},
    call::Caller,
    error::Error,
    key::KeySource,
    options::Options,
    pages::{Page, Pages},
    response::{RawResponse, Response},
    timer::Timer,
    transport::Transport,
};
use crate::support::{Operation, Request};

/// Sends operations to Stripe. Cheap to clone: clones share their connections.
///
/// With the feature `reqwest`, [`new`](Self::new) creates a client; for another HTTP stack or runtime, use
/// [`build_with`](ClientBuilder::build_with). To cancel a call, drop its future.
///
/// Every `POST`, and every `DELETE` below `/v2/`, has an idempotency key, its own or that of the [`Options`], which stays the same over
/// all attempts.
///
/// Over reqwest, a call without a tokio runtime fails with an error, and one on a runtime without IO or time
/// panics.
///
/// # Examples
/// ```
#[doc = include_str!("doctest_operation.txt")]
#[doc = include_str!("doctest_transport.txt")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), stripe_runtime::Error> {
/// # use stripe_runtime::{Client, Options};
/// # #[cfg(feature = "reqwest")]
/// let client = Client::new("sk_test_123")?;
/// # let client = recorded()?;
/// let retrieve = RetrieveCustomer::new("cus_1");
/// let customer = client.send(&retrieve).await?.into_value();
/// assert_eq!(customer.id(), Some("cus_1"));
///
/// // With settings for this request only.
/// let response = client.send_with(&retrieve, &Options::new().account("acct_1")).await?;
/// assert_eq!(response.value(), &customer);
/// # Ok(())
/// # }
/// ```
///
/// # Tracing
/// With the feature `tracing`, each call has a span `stripe_call` of the level INFO and the target
/// `stripe_financial_connections`, whichever crate the operation is from. Names are those of OpenTelemetry's conventions for
/// HTTP clients, where they exist:
///
/// | field | value |
/// |---|---|
/// | `http.request.method` | `POST` |
/// | `url.template` | the path without ids: `/v1/financial_connections/sessions/{session}`; none for [`send_raw`](Self::send_raw) |
/// | `server.address`, `server.port` | those of the base URL, or of the server of the operation |
/// | `http.response.status_code` | the status of the last response |
/// | `http.request.resend_count` | the number of retries, if there were any |
/// | `error.type` | the name of the [`ErrorClass`](crate::ErrorClass), or `cancelled` if the future was dropped |
/// | `stripe.account`, `stripe.context` | the headers of these names |
/// | `stripe.attempts` | the number of attempts; 0 if nothing was sent |
/// | `stripe.request_id` | the id of the request, from the last response |
/// | `stripe.error_code` | Stripe's code, such as `resource_missing` |
/// | `otel.kind`, `otel.name`, `otel.status_code` | what `tracing-opentelemetry` reads |
///
/// `url.full` is left out, since it contains ids.
///
/// Each retry is an event `retrying` of the level WARN within the span, with `error.type` and
/// `http.response.status_code` of the attempt that failed, its number as `stripe.attempts`, and the wait before the next one
/// as `stripe.wait_ms`.
#[derive(Clone, Debug)]
pub struct Client(Arc<Caller>);

client! {
    Client, over "reqwest", ReqwestTransport,
    |builder| builder.caller(crate::ReqwestTransport::with_defaults, crate::TokioTimer),
    any ", with a timer for its runtime",
    missing "`Client::new` and `ClientBuilder::build` of the async client need the feature `reqwest`",
    "the feature `reqwest` is off"
}

impl Client {
    /// Sends an operation.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn send<'a, O: Operation>(
        &'a self,
        operation: &O,
    ) -> impl Future<Output = Result<Response<O::Output>, Error>> + Send + use<'a, O> {
        self.0.send(operation, &Options::new())
    }

    /// Sends an operation with [`Options`] for this request.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn send_with<'a, O: Operation>(
        &'a self,
        operation: &O,
        options: &Options,
    ) -> impl Future<Output = Result<Response<O::Output>, Error>> + Send + use<'a, O> {
        self.0.send(operation, options)
    }

    /// Sends a [`Request`], such as one to an endpoint that this crate does not know, with the retries and the idempotency
    /// keys of any call. [`RawResponse::json`] decodes its response.
    ///
    /// # Errors
    /// See [`Error`]. A response with the status of a success is returned whatever its body is, except for a Stripe error.
    #[doc(alias = "raw_request")]
    #[doc(alias = "rawRequest")]
    pub fn send_raw<'a>(
        &'a self,
        request: Request,
    ) -> impl Future<Output = Result<RawResponse, Error>> + Send + use<'a> {
        self.0.send_raw(request, &Options::new())
    }

    /// Sends a [`Request`] with [`Options`] for this request.
    ///
    /// # Errors
    /// See [`send_raw`](Self::send_raw).
    pub fn send_raw_with<'a>(
        &'a self,
        request: Request,
        options: &Options,
    ) -> impl Future<Output = Result<RawResponse, Error>> + Send + use<'a> {
        self.0.send_raw(request, options)
    }
}
