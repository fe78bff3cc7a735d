//! Creates a session with the blocking client and an idempotency key of its own, and retrieves it.
//!
//! `STRIPE_API_KEY=sk_test_… cargo run --example blocking --features ureq -- cus_… order-42`
//!
//! `STRIPE_API_BASE` overrides the base URL, such as for a test.

#![allow(clippy::print_stdout, reason = "an example prints")]

use std::{env, error::Error};

use stripe_financial_connections::{
    AccountHolderType, CreateSession, CreateSessionAccountHolder, Endpoint, Options, RetrieveSession,
    SessionPermission, blocking::Client,
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let customer = arguments.next().ok_or("pass the id of a customer, such as cus_…")?;
    let order = arguments.next().ok_or("pass the id of an order, such as order-42")?;
    let base_url = env::var("STRIPE_API_BASE").unwrap_or_else(|_| Endpoint::DEFAULT_BASE_URL.to_owned());
    let client = Client::builder(env::var("STRIPE_API_KEY")?).base_url(base_url).build()?;

    let holder = CreateSessionAccountHolder::new(AccountHolderType::Customer).customer(customer);
    let create = CreateSession::new(holder, [SessionPermission::Balances]);
    // Running this twice for one order returns the same session twice.
    let created = client.send_with(&create, &Options::new().idempotency_key(order))?.into_value();

    let response = client.send(&RetrieveSession::new(&created.id))?;
    println!("request {}: {}", response.request_id().unwrap_or("unknown"), response.status());
    println!("session {}: {} accounts", response.value().id, response.value().accounts.len());
    Ok(())
}
