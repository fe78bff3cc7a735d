//! Creates a session for a customer, and prints its `client_secret`, which the browser needs to open it.
//!
//! `STRIPE_API_KEY=sk_test_… cargo run --example create --features reqwest -- cus_…`
//!
//! `STRIPE_API_BASE` overrides the base URL, such as for a test.

#![allow(clippy::print_stdout, reason = "an example prints")]

use std::{env, error::Error};

use stripe_financial_connections::{
    AccountHolderType, Client, CreateSession, CreateSessionAccountHolder, Endpoint, SessionPermission,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let customer = env::args().nth(1).ok_or("pass the id of a customer, such as cus_…")?;
    let base_url = env::var("STRIPE_API_BASE").unwrap_or_else(|_| Endpoint::DEFAULT_BASE_URL.to_owned());
    let client = Client::builder(env::var("STRIPE_API_KEY")?).base_url(base_url).build()?;

    let holder = CreateSessionAccountHolder::new(AccountHolderType::Customer).customer(customer);
    let create = CreateSession::new(holder, [SessionPermission::Balances, SessionPermission::PaymentMethod]);
    let session = client.send(&create).await?.into_value();

    println!("session: {}", session.id);
    // For the browser of this customer only, which opens the session with it. Not for a log.
    if let Some(secret) = session.client_secret.as_ref() {
        println!("client secret: {}", secret.expose());
    }
    Ok(())
}
