//! A web server whose page links a bank account: the handler creates a session and returns its `client_secret` to the page.
//!
//! `STRIPE_API_KEY=sk_test_… STRIPE_PUBLISHABLE_KEY=pk_test_… cargo run --example axum_handler --features reqwest -- cus_…`
//!
//! `STRIPE_API_BASE` overrides the base URL, such as for a test.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example prints")]

use std::{env, error::Error, sync::Arc};

use axum::{
    Router,
    extract::State,
    http::header,
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use serde_json::json;
use stripe_financial_connections::{
    AccountHolderType, Client, CreateSession, CreateSessionAccountHolder, Endpoint, SessionPermission,
};

const PAGE: &str = r#"<!doctype html>
<title>Link a bank account</title>
<script src="https://js.stripe.com/v3/"></script>
<button id="link">Link a bank account</button>
<script>
  document.getElementById("link").onclick = async () => {
    const { publishable_key, client_secret } = await (await fetch("/session", { method: "POST" })).json();
    const result = await Stripe(publishable_key).collectFinancialConnectionsAccounts({ clientSecret: client_secret });
    console.log(result.error ?? result.financialConnectionsSession.accounts);
  };
</script>
"#;

struct Shop {
    stripe: Client,
    publishable_key: String,
    /// A real shop would know the customer from the login.
    customer: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let base_url = env::var("STRIPE_API_BASE").unwrap_or_else(|_| Endpoint::DEFAULT_BASE_URL.to_owned());
    let shop = Arc::new(Shop {
        stripe: Client::builder(env::var("STRIPE_API_KEY")?).base_url(base_url).build()?,
        publishable_key: env::var("STRIPE_PUBLISHABLE_KEY")?,
        customer: env::args().nth(1).ok_or("pass the id of a customer, such as cus_…")?,
    });
    let router = Router::new().route("/", get(Html(PAGE))).route("/session", post(session)).with_state(shop);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}

/// Creates a session, and returns what the page needs to open it.
async fn session(State(shop): State<Arc<Shop>>) -> Result<Response, Failure> {
    let holder = CreateSessionAccountHolder::new(AccountHolderType::Customer).customer(&shop.customer);
    let create = CreateSession::new(holder, [SessionPermission::Balances]);
    let session = shop.stripe.send(&create).await?.into_value();
    let secret = session.client_secret.as_ref().map(|secret| secret.expose());
    let body = json!({"publishable_key": shop.publishable_key, "client_secret": secret}).to_string();
    // The secret is for this page only: no cache may keep it.
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, body).into_response())
}

/// An error of Stripe's API: the log gets the details, and the page only a status.
struct Failure(stripe_financial_connections::Error);

impl From<stripe_financial_connections::Error> for Failure {
    fn from(error: stripe_financial_connections::Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        eprintln!("{}", self.0);
        self.0.class().handler_status().into_response()
    }
}
