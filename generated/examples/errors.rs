//! Retrieves sessions, and says what to do about each kind of error.
//!
//! `STRIPE_API_KEY=sk_test_… cargo run --example errors --features reqwest -- fcsess_… fcsess_missing ..`
//!
//! `STRIPE_API_BASE` overrides the base URL, such as for a test.

#![allow(clippy::print_stdout, reason = "an example prints")]

use std::{env, error::Error as _, time::Duration};

use stripe_financial_connections::{
    ApiErrorType, Client, Endpoint, Error, ErrorClass, ErrorKind, Options, RetrieveSession,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let base_url = env::var("STRIPE_API_BASE").unwrap_or_else(|_| Endpoint::DEFAULT_BASE_URL.to_owned());
    let key = env::var("STRIPE_API_KEY").map_err(|error| format!("STRIPE_API_KEY: {error}"))?;
    let client = Client::builder(key).base_url(base_url).build()?;
    let options = Options::new().retries(0).timeout(Duration::from_secs(10));
    for id in env::args().skip(1) {
        match client.send_with(&RetrieveSession::new(&*id), &options).await {
            Ok(response) => println!("{id}: {} accounts on the first page", response.value().accounts.len()),
            Err(error) => println!("{id}: {}", advice(&error)),
        }
    }
    Ok(())
}

fn advice(error: &Error) -> String {
    // By class, whatever the variant.
    match error.class() {
        ErrorClass::Authentication => return format!("the API key is invalid, ask an operator: {error}"),
        ErrorClass::RateLimited => {
            let wait = error.retry_after().unwrap_or(Duration::from_secs(1));
            return format!("too many requests, wait {} s: {error}", wait.as_secs());
        }
        ErrorClass::NotFound => return "there is no such session".to_owned(),
        ErrorClass::Timeout => return "no response in time, try later".to_owned(),
        _ => {}
    }
    // By kind, for the details.
    match error.kind() {
        ErrorKind::Stripe(stripe) => match &stripe.error().type_ {
            ApiErrorType::InvalidRequestError => {
                let param = stripe.error().param.as_deref().unwrap_or("a parameter");
                format!(
                    "{param} is invalid, see {}: {error}",
                    stripe.error().doc_url.as_deref().unwrap_or("the message")
                )
            }
            // Including types that Stripe adds later.
            other => format!("{other}, ask Stripe about {}", error.request_id().unwrap_or("it")),
        },
        // Stripe and this crate disagree, or a proxy responded.
        ErrorKind::UnexpectedResponse(unexpected) => {
            let response = unexpected.response();
            let (length, status) = (response.body().len(), response.status());
            format!("{length} bytes with the status {status} that are not a session: {error}")
        }
        ErrorKind::Transport(transport) => {
            let source = transport.source().map(ToString::to_string);
            format!("{transport} ({})", source.unwrap_or_default())
        }
        // A mistake in this program, or in its input.
        ErrorKind::InvalidInput(invalid) => format!("nothing was sent, {invalid}"),
        _ => format!("unknown: {error}"),
    }
}
