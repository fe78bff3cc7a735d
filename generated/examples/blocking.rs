//! Creates a session for a customer with the blocking client, and prints its `client_secret`, which the browser needs to open it.
//!
//! `STRIPE_API_KEY=sk_test_… cargo run --example blocking --features ureq -- cus_… order-42`
//!
//! `STRIPE_API_BASE` overrides the base URL, such as for a test.

#![allow(clippy::print_stdout, reason = "an example prints")]

use std::{env, error::Error};

use stripe_financial_connections::{
    AccountHolderType, CreateSession, CreateSessionAccountHolder, Endpoint, Options, SessionPermission,
    blocking::Client,
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let customer = arguments.next().ok_or("pass the id of a customer, such as cus_…")?;
    let order = arguments.next().ok_or("pass the id of an order, such as order-42")?;
    let base_url = env::var("STRIPE_API_BASE").unwrap_or_else(|_| Endpoint::DEFAULT_BASE_URL.to_owned());
    let key = env::var("STRIPE_API_KEY").map_err(|error| format!("STRIPE_API_KEY: {error}"))?;
    let client = Client::builder(key).base_url(base_url).build()?;

    let holder = CreateSessionAccountHolder::new(AccountHolderType::Customer).customer(customer);
    let create = CreateSession::new(holder, [SessionPermission::Balances, SessionPermission::PaymentMethod]);
    // With the same key, running this twice for one order creates one session.
    let response = client.send_with(&create, &Options::new().idempotency_key(order))?;

    let session = response.value();
    println!("request {}: session {}", response.request_id().unwrap_or("unknown"), session.id);
    // For the browser of this customer only, which opens the session with it. Not for a log.
    if let Some(secret) = session.client_secret.as_ref() {
        println!("client secret: {}", secret.expose());
    }
    Ok(())
}
