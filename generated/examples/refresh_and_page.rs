//! After linking: lists the accounts of a session, refreshes the balance of each, and pages through its transactions.
//!
//! `STRIPE_API_KEY=sk_test_… cargo run --example refresh_and_page --features reqwest,accounts,transactions -- fcsess_…`
//!
//! `STRIPE_API_BASE` overrides the base URL, such as for a test.

#![allow(clippy::print_stdout, reason = "an example prints")]

use std::{env, error::Error};

use stripe_financial_connections::{AccountFeature, Client, Endpoint, ListAccounts, ListTransactions, RefreshAccount};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let session = env::args().nth(1).ok_or("pass the id of a session, such as fcsess_…")?;
    let base_url = env::var("STRIPE_API_BASE").unwrap_or_else(|_| Endpoint::DEFAULT_BASE_URL.to_owned());
    let key = env::var("STRIPE_API_KEY").map_err(|error| format!("STRIPE_API_KEY: {error}"))?;
    let client = Client::builder(key).base_url(base_url).build()?;

    let mut accounts = client.pages(ListAccounts::new().session(session).limit(2)).items();
    while let Some(account) = accounts.next().await {
        let account = account?;
        // Stripe fetches the balance in the background: `status` tells how far it is.
        let refreshed = client.send(&RefreshAccount::new(&account.id, [AccountFeature::Balance])).await?.into_value();
        let status = refreshed.balance_refresh.as_ref().map(|refresh| refresh.status.as_str());
        println!("account {}: balance {}", account.id, status.unwrap_or("never refreshed"));

        let mut transactions = client.pages(ListTransactions::new(&account.id).limit(2)).items();
        while let Some(transaction) = transactions.next().await {
            let transaction = transaction?;
            // The amount is in the smallest unit of the currency, and secret: it shows only where it is exposed.
            println!("  {}: {} {}", transaction.id, transaction.amount.expose(), transaction.currency);
        }
    }
    Ok(())
}
