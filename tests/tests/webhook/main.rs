//! Webhook events: which requests are accepted, why the others are rejected, and what an event holds.
//!
//! `conformance.rs` compares the same with Stripe's official libraries.

mod ages;
mod events;
mod headers;
mod notifications;
mod signatures;
mod times;
mod what_prints;

use std::error::Error;

use stripe_financial_connections::Timestamp;
use stripe_financial_connections::webhook::{Verifier, WebhookError};

const SECRET: &str = "whsec_5ecret/With+Symbols=";
const BODY: &[u8] = br#"{"id":"evt_1","object":"event"}"#;
/// When the bodies are signed, unless a test is about that.
const SIGNED_AT: i64 = 1_790_000_000;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds)
}

fn verifier() -> Verifier {
    Verifier::new(SECRET).unwrap()
}

/// The right signature of a body, 64 digits.
fn signature(body: &[u8]) -> String {
    verifier().sign_at(body, at(SIGNED_AT)).split_once("v1=").unwrap().1.to_owned()
}

/// Verifies [`BODY`] with a header, at the second in which it is signed.
fn verify(header: impl AsRef<[u8]>) -> Result<Timestamp, WebhookError> {
    verifier().verify_at(BODY, Some(header), at(SIGNED_AT))
}

/// The texts of an error and of its sources: what a log may get.
fn texts(error: &dyn Error) -> Vec<String> {
    let mut texts = Vec::new();
    let mut source = Some(error);
    while let Some(error) = source {
        texts.extend([error.to_string(), format!("{error:?}"), format!("{error:#?}")]);
        source = error.source();
    }
    texts
}
