//! The client over another HTTP stack: hyper, with tokio's timer.
//!
//! hyper alone does not speak TLS, so this is for a server on the same machine:
//! `STRIPE_API_KEY=sk_test_… STRIPE_API_BASE=http://localhost:12111 cargo run --example custom_transport --features tokio --
//! fcsess_…`

#![allow(clippy::print_stdout, reason = "an example prints")]

use std::{env, error::Error};

use axum::body::Bytes;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper_util::{
    client::legacy::{Client as Hyper, connect::HttpConnector},
    rt::TokioExecutor,
};
use stripe_financial_connections::{
    Client, RetrieveSession, TokioTimer, Transport, TransportError, TransportErrorKind, TransportLimits,
};

struct HyperTransport(Hyper<HttpConnector, Full<Bytes>>);

impl HyperTransport {
    async fn exchange(
        &self,
        request: http::Request<Vec<u8>>,
        max_body: usize,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let response = self.0.request(request.map(Full::from)).await;
        // The kind of the error decides whether the client retries: it does for both of these.
        let response = response.map_err(|error| {
            let kind = if error.is_connect() { TransportErrorKind::Connect } else { TransportErrorKind::Interrupted };
            TransportError::new(kind, error)
        })?;
        let (parts, body) = response.into_parts();
        // Stops as soon as the body exceeds the limit, not when all of it has arrived.
        let body = Limited::new(body, max_body).collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() {
                TransportError::too_large(max_body)
            } else {
                TransportError::new(TransportErrorKind::Interrupted, error)
            }
        })?;
        Ok(http::Response::from_parts(parts, body.to_bytes().to_vec()))
    }
}

impl Transport for HyperTransport {
    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
        limits: TransportLimits,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        tokio::time::timeout(limits.timeout, self.exchange(request, limits.max_body))
            .await
            .unwrap_or_else(|elapsed| Err(TransportError::new(TransportErrorKind::Timeout, elapsed)))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let session = env::args().nth(1).ok_or("pass the id of a session, such as fcsess_…")?;
    let transport = HyperTransport(Hyper::builder(TokioExecutor::new()).build_http());
    let key = env::var("STRIPE_API_KEY").map_err(|error| format!("STRIPE_API_KEY: {error}"))?;
    let client = Client::builder(key)
        .base_url(env::var("STRIPE_API_BASE").map_err(|error| format!("STRIPE_API_BASE: {error}"))?)
        .build_with(transport, TokioTimer)?;

    let session = client.send(&RetrieveSession::new(session)).await?.into_value();
    println!("session {}: {} accounts on the first page", session.id, session.accounts.len());
    Ok(())
}
