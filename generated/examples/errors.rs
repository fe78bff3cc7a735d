//! Retrieves sessions and says of each kind of error what to do about it.
//!
//! `STRIPE_API_KEY=sk_test_… cargo run --example errors --features reqwest -- fcsess_… fcsess_missing ..`
//!
//! `STRIPE_API_BASE` names another server than Stripe's, such as one in a test.

#![allow(clippy::print_stdout, reason = "an example prints")]

use std::{env, error::Error as _, time::Duration};

use stripe_financial_connections::{ApiErrorType, Client, Endpoint, Error, Options, RetrieveSession};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let base_url = env::var("STRIPE_API_BASE").unwrap_or_else(|_| Endpoint::DEFAULT_BASE_URL.to_owned());
    let client = Client::builder(env::var("STRIPE_API_KEY")?).base_url(base_url).build()?;
    let options = Options::new().retries(0).timeout(Duration::from_secs(10));
    for id in env::args().skip(1) {
        match client.send_with(&RetrieveSession::new(&*id), &options).await {
            Ok(response) => println!("{id}: {} accounts", response.value().accounts.len()),
            Err(error) => println!("{id}: {}", advice(&error)),
        }
    }
    Ok(())
}

fn advice(error: &Error) -> String {
    // Across the kinds of errors, by what they mean.
    if error.is_authentication() {
        return format!("the key is wrong, stop and have it looked at: {error}");
    }
    if error.is_rate_limited() {
        let wait = error.retry_after().unwrap_or(Duration::from_secs(1));
        return format!("too many requests, wait {} s: {error}", wait.as_secs());
    }
    // By kind.
    match error {
        Error::Stripe(stripe) => match (stripe.type_(), stripe.code()) {
            (_, Some("resource_missing")) => "there is no such session".to_owned(),
            (ApiErrorType::InvalidRequestError, _) => {
                let param = stripe.param().unwrap_or("something");
                format!("{param} is wrong, see {}: {error}", stripe.doc_url().unwrap_or("the message"))
            }
            // Whatever Stripe comes up with later.
            (other, _) => format!("{other}, ask Stripe about {}", stripe.request_id().unwrap_or("it")),
        },
        // Stripe and this crate disagree, or something between them answered.
        Error::UnexpectedResponse(answer) => {
            format!("{} bytes that are not a session under {}: {error}", answer.body().len(), answer.status())
        }
        Error::Transport(transport) if transport.is_timeout() => "no answer in time, try later".to_owned(),
        Error::Transport(transport) => {
            let source = transport.source().map(ToString::to_string);
            format!("{transport} ({})", source.unwrap_or_default())
        }
        // A mistake in this program, or in what it was given.
        Error::InvalidInput(invalid) => format!("nothing was sent, {invalid}"),
        other => format!("something new: {other}"),
    }
}
