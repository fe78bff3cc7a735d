//! Retrieves a session with the owners of its accounts, which Stripe sends only if they are expanded.
//!
//! `STRIPE_API_KEY=sk_test_… cargo run --example retrieve_expand --features reqwest,accounts -- fcsess_…`
//!
//! `STRIPE_API_BASE` overrides the base URL, such as for a test.

#![allow(clippy::print_stdout, reason = "an example prints")]

use std::{env, error::Error};

use stripe_financial_connections::{AccountListExpand, Client, Endpoint, ListAccounts, RetrieveSession, SessionExpand};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let session = env::args().nth(1).ok_or("pass the id of a session, such as fcsess_…")?;
    let base_url = env::var("STRIPE_API_BASE").unwrap_or_else(|_| Endpoint::DEFAULT_BASE_URL.to_owned());
    let key = env::var("STRIPE_API_KEY").map_err(|error| format!("STRIPE_API_KEY: {error}"))?;
    let client = Client::builder(key).base_url(base_url).build()?;

    let retrieve = RetrieveSession::new(session)
        .expand([SessionExpand::AccountHolderCustomer, SessionExpand::AccountsDataOwnership]);
    let session = client.send(&retrieve).await?.into_value();

    if let Some(customer) = session.account_holder.as_ref().and_then(|holder| holder.customer.as_ref()) {
        // The id is there, expanded or not. This crate has no model of a customer: the expanded object is JSON.
        let balance = customer.as_object().and_then(|customer| customer.get("balance"));
        println!("customer {}: balance {balance:?}", customer.id().unwrap_or("without an id"));
    }
    // The session holds the first page of its accounts only.
    let list = ListAccounts::new().session(&session.id).expand([AccountListExpand::DataOwnership]);
    let mut others = client.pages(list).after(&session.accounts).items();
    let mut accounts = session.accounts.data;
    while let Some(account) = others.next().await {
        accounts.push(account?);
    }
    for account in accounts {
        print!("account {} at {} ({})", account.id, account.institution_name, account.status);
        match account.ownership.as_ref() {
            None => println!(": owners not known"),
            Some(ownership) => match ownership.as_object() {
                None => println!(": owners not expanded"),
                // Names are personal data, so `Debug` hides them.
                Some(ownership) => println!(": {} owners, {:?}", ownership.owners.len(), ownership.owners.data),
            },
        }
    }
    Ok(())
}
