//! The backend of a shop that links bank accounts: it creates a session for the browser, stores the linked accounts when
//! the browser is done, and keeps them up to date with events from Stripe.
//!
//! `STRIPE_API_KEY=sk_test_… STRIPE_PUBLISHABLE_KEY=pk_test_… STRIPE_WEBHOOK_SECRET=whsec_… cargo run --example axum_handler
//! --features reqwest,webhook,accounts -- cus_…`
//!
//! `stripe listen --forward-to …/events` forwards events to it. Thin events go to `…/notifications`, and are signed with a secret of
//! their own if `STRIPE_THIN_SECRET` is set. `STRIPE_API_BASE` overrides the base URL, such as for a test.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example prints")]

use std::{
    collections::BTreeMap,
    env,
    error::Error,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use stripe_financial_connections::{
    Account, AccountHolderType, AccountId, AccountStatus, Client, CreateSession, CreateSessionAccountHolder, Endpoint,
    ListAccounts, RetrieveAccount, RetrieveSession, SessionPermission,
    webhook::{EventObject, SIGNATURE_HEADER, Verifier, WebhookError},
};

const PAGE: &str = r#"<!doctype html>
<title>Link a bank account</title>
<script src="https://js.stripe.com/v3/"></script>
<button id="link">Link a bank account</button>
<script>
  const call = async (path) => (await fetch(path, { method: "POST" })).json();
  document.getElementById("link").onclick = async () => {
    const { publishable_key, client_secret, id } = await call("/sessions");
    const result = await Stripe(publishable_key).collectFinancialConnectionsAccounts({ clientSecret: client_secret });
    console.log(result.error ?? (await call(`/sessions/${id}/complete`)));
  };
</script>
"#;

struct Shop {
    stripe: Client,
    verifier: Verifier,
    /// That of thin events, which a destination of their own receives.
    thin_verifier: Verifier,
    publishable_key: String,
    /// A real shop would know the customer from the login.
    customer: String,
    /// A real shop would have a database.
    accounts: Mutex<BTreeMap<AccountId, Account>>,
}

impl Shop {
    /// Stores an account, or removes it if it was disconnected.
    fn store(&self, account: Account) {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if account.status == AccountStatus::Disconnected {
            accounts.remove(&account.id);
        } else {
            accounts.insert(account.id.clone(), account);
        }
    }
}

/// Reads a variable, and names it if it is not set.
fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|error| format!("{name}: {error}"))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let base_url = env::var("STRIPE_API_BASE").unwrap_or_else(|_| Endpoint::DEFAULT_BASE_URL.to_owned());
    let stripe = Client::builder(variable("STRIPE_API_KEY")?).base_url(base_url).build()?;
    let webhook_secret = variable("STRIPE_WEBHOOK_SECRET")?;
    let thin_secret = env::var("STRIPE_THIN_SECRET");
    let shop = Arc::new(Shop {
        stripe,
        verifier: Verifier::new(&webhook_secret)?,
        thin_verifier: Verifier::new(thin_secret.as_ref().unwrap_or(&webhook_secret))?,
        publishable_key: variable("STRIPE_PUBLISHABLE_KEY")?,
        customer: env::args().nth(1).ok_or("pass the id of a customer, such as cus_…")?,
        accounts: Mutex::default(),
    });
    let router = Router::new()
        .route("/", get(Html(PAGE)))
        .route("/sessions", post(create_session))
        .route("/sessions/{id}/complete", post(complete_session))
        .route("/accounts", get(list_accounts))
        .route("/events", post(receive_event))
        .route("/notifications", post(receive_notification))
        .with_state(shop);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}

/// Creates a session, and returns what the page needs to open it.
async fn create_session(State(shop): State<Arc<Shop>>) -> Result<Response, StatusCode> {
    let holder = CreateSessionAccountHolder::new(AccountHolderType::Customer).customer(&shop.customer);
    let create = CreateSession::new(holder, [SessionPermission::Balances]);
    let session = shop.stripe.send(&create).await.map_err(failed)?.into_value();
    let secret = session.client_secret.as_ref().map(|secret| secret.expose());
    Ok(private(&json!({ "publishable_key": shop.publishable_key, "client_secret": secret, "id": session.id })))
}

/// Stores the accounts of a session that the browser has completed.
async fn complete_session(State(shop): State<Arc<Shop>>, Path(id): Path<String>) -> Result<Response, StatusCode> {
    let session = shop.stripe.send(&RetrieveSession::new(id)).await.map_err(failed)?.into_value();
    // The id comes from a browser, which must not see the accounts of another customer.
    let holder = session.account_holder.as_ref().and_then(|holder| holder.customer.as_ref());
    if holder.and_then(|customer| customer.id()) != Some(&*shop.customer) {
        return Err(StatusCode::NOT_FOUND);
    }
    // The session holds the first page of its accounts only.
    let mut accounts = shop.stripe.pages(ListAccounts::new().session(&session.id)).items();
    while let Some(account) = accounts.next().await {
        shop.store(account.map_err(failed)?);
    }
    Ok(list_accounts(State(shop)).await)
}

/// Returns the accounts as far as the page shows them.
async fn list_accounts(State(shop): State<Arc<Shop>>) -> Response {
    let accounts = shop.accounts.lock().unwrap_or_else(PoisonError::into_inner);
    let shown = accounts
        .values()
        .map(|account| json!({ "bank": account.institution_name, "last4": account.last4, "status": account.status }));
    private(&Value::Array(shown.collect()))
}

/// Receives an event from Stripe. The body is taken as it arrived, because that is what Stripe signs.
async fn receive_event(State(shop): State<Arc<Shop>>, headers: HeaderMap, body: Bytes) -> Result<(), StatusCode> {
    let event = shop.verifier.event(&body, headers.get(SIGNATURE_HEADER)).map_err(rejected)?;
    if let EventObject::Account(account) = event.data.object {
        // Stripe may send an event twice, and events in any order: the account as it is now is right in any case.
        let account = shop.stripe.send(&RetrieveAccount::new(&account.id)).await;
        shop.store(account.map_err(failed)?.into_value());
    }
    Ok(())
}

/// Receives a thin event from Stripe, which holds only the id of its account.
async fn receive_notification(
    State(shop): State<Arc<Shop>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(), StatusCode> {
    let notification = shop.thin_verifier.notification(&body, headers.get(SIGNATURE_HEADER)).map_err(rejected)?;
    if let Some(id) = notification.account_id() {
        let account = shop.stripe.send_with(&RetrieveAccount::new(id), &notification.options()).await;
        shop.store(account.map_err(failed)?.into_value());
    }
    Ok(())
}

/// Returns JSON for one browser only, which no cache may keep.
fn private(json: &Value) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    (headers, json.to_string()).into_response()
}

/// The log gets the details of an error, and the sender of the request only a status.
fn failed(error: stripe_financial_connections::Error) -> StatusCode {
    eprintln!("{error}");
    error.class().handler_status()
}

/// The same, for a request that is not from Stripe.
fn rejected(error: WebhookError) -> StatusCode {
    eprintln!("{error}");
    error.class().handler_status()
}
