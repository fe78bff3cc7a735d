//! The transport for the tests of programs.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::json;
use stripe_financial_connections::{
    Account, CannedTransport, Client, ErrorClass, KeySource, List, ListAccounts, Method, Options, RetrieveAccount,
    RetrieveSession, Session, TransportErrorKind, TransportLimits, blocking,
};

use crate::harness::{KEY, transport_kind};

fn client(stripe: &CannedTransport) -> blocking::Client {
    blocking::Client::builder(KEY).build_with(stripe.clone(), stripe.clone()).unwrap()
}

/// A page of accounts with these ids.
fn page(ids: &[&str], has_more: bool) -> List<Account> {
    let account = |id: &&str| Account::sample().with(|account| account.id = (*id).into());
    let data: Vec<_> = ids.iter().map(account).collect();
    let page = json!({"object": "list", "data": data, "has_more": has_more, "url": "/v1/accounts"});
    List::from_json(page.to_string().as_bytes()).unwrap()
}

#[test]
fn responses_go_by_method_and_path_and_in_their_order() {
    let stripe = CannedTransport::new()
        .on_operation::<RetrieveSession>(&Session::sample())
        .on_operation::<ListAccounts>(&page(&["fca_1", "fca_2"], true))
        .on_operation::<ListAccounts>(&page(&["fca_3"], false));
    let client = client(&stripe);
    for id in ["fcsess_1", "fcsess_2"] {
        assert_eq!(client.send(&RetrieveSession::new(id)).unwrap().value(), &Session::sample());
    }
    let ids: Vec<_> = client.pages(ListAccounts::new()).items().map(|account| account.unwrap().id).collect();
    assert_eq!(ids, ["fca_1", "fca_2", "fca_3"]);
    // Of two paths that fit, the first one counts, however often it is asked for.
    let path = "/v1/financial_connections/sessions/fcsess_1";
    let several = CannedTransport::new().on(Method::Get, path, 200, &Session::sample()).on(
        Method::Get,
        "/v1/financial_connections/sessions/{session}",
        404,
        &json!({}),
    );
    let of_several = self::client(&several);
    for _ in 0..3 {
        assert!(of_several.send(&RetrieveSession::new("fcsess_1")).is_ok());
        assert!(of_several.send(&RetrieveSession::new("fcsess_2")).is_err());
    }
    // A longer path is another one.
    let error = client.send(&RetrieveAccount::new("fca_1")).unwrap_err();
    assert_eq!(transport_kind(&error), TransportErrorKind::Other);
    let requests: Vec<_> = stripe.requests().iter().map(|request| request.uri().to_string()).collect();
    let base = "https://api.stripe.com/v1/financial_connections";
    let expected =
        ["sessions/fcsess_1", "sessions/fcsess_2", "accounts", "accounts?starting_after=fca_2", "accounts/fca_1"];
    assert_eq!(requests, expected.map(|path| format!("{base}/{path}")));
}

/// A failure is retried as any other, without a wait.
#[tokio::test]
async fn failures_are_retried() {
    let path = "/v1/financial_connections/sessions/{session}";
    let stripe = CannedTransport::new()
        .on_failing(Method::Get, path, TransportErrorKind::Connect)
        .on(Method::Get, path, 429, &json!({"error": {"type": "invalid_request_error", "code": "rate_limit"}}))
        .on(Method::Get, path, 200, &Session::sample());
    let client = Client::builder(KEY).build_with(stripe.clone(), stripe.clone()).unwrap();
    let response = client.send(&RetrieveSession::new("fcsess_1")).await.unwrap();
    assert_eq!((response.value(), stripe.requests().len()), (&Session::sample(), 3));
    assert_eq!(format!("{stripe:?}"), "CannedTransport { responses: 3, requests: 3 }");
}

#[test]
fn a_transport_can_be_tested_with_limits() {
    let limits = TransportLimits::new(std::time::Duration::from_secs(1), 10);
    assert_eq!((limits.timeout.as_secs(), limits.max_body), (1, 10));
}

/// The first page of a list comes within another object, and the rest by requests.
#[test]
fn a_list_continues_after_a_page() {
    let stripe = CannedTransport::new().on_operation::<ListAccounts>(&page(&["fca_3"], false));
    let client = client(&stripe);
    let others = |first: &List<Account>| {
        let items = client.pages(ListAccounts::new().session("fcsess_1").limit(2)).after(first).items();
        items.map(|account| account.map(|account| account.id.to_string())).collect::<Result<Vec<_>, _>>()
    };
    assert_eq!(others(&page(&["fca_1", "fca_2"], true)).unwrap(), ["fca_3"]);
    let request = stripe.requests().remove(0);
    assert_eq!(request.uri().query(), Some("limit=2&session=fcsess_1&starting_after=fca_2"));

    // Nothing follows after the last page, and nothing can be asked for without an id.
    assert_eq!(others(&page(&["fca_1"], false)).unwrap(), [""; 0]);
    let error = client.pages(ListAccounts::new()).after(&page(&[], true)).next().unwrap().unwrap_err();
    let message = "page does not say what follows: at `data`, expected an object, as `has_more` is true, found none";
    assert!(error.to_string().contains(message), "{error}");
    assert_eq!(stripe.requests().len(), 1);

    // Backwards, a page has Stripe's order as well: the first object is the next cursor.
    let backwards = client.pages(ListAccounts::new().ending_before("fca_9")).after(&page(&["fca_7", "fca_8"], true));
    assert_eq!(backwards.items().map(|account| account.unwrap().id).collect::<Vec<_>>(), ["fca_3"]);
    assert_eq!(stripe.requests()[1].uri().query(), Some("ending_before=fca_7"));
}

/// A source is asked for each call, not for each attempt, and the key of the options goes first.
#[test]
fn a_key_can_change() {
    let path = "/v1/financial_connections/sessions/{session}";
    let stripe = CannedTransport::new()
        .on_failing(Method::Get, path, TransportErrorKind::Connect)
        .on_operation::<RetrieveSession>(&Session::sample());
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let source = KeySource::new(move || match counter.fetch_add(1, Ordering::Relaxed) {
        2 => "pk_test_public".to_owned(),
        call => format!("sk_test_{call}"),
    });
    assert_eq!(format!("{source:?}"), "KeySource(..)");
    let client = blocking::Client::builder(source).build_with(stripe.clone(), stripe.clone()).unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 0);
    let retrieve = RetrieveSession::new("fcsess_1");
    client.send(&retrieve).unwrap();
    client.send(&retrieve).unwrap();
    // An invalid key is an error of its call alone.
    assert_eq!(client.send(&retrieve).unwrap_err().class(), ErrorClass::InvalidInput);
    client.send_with(&retrieve, &Options::new().api_key("sk_test_own")).unwrap();
    client.send(&retrieve).unwrap();
    let keys: Vec<_> = stripe.requests().iter().map(|request| request.headers()["authorization"].clone()).collect();
    assert_eq!(
        keys,
        ["sk_test_0", "sk_test_0", "sk_test_1", "sk_test_own", "sk_test_3"].map(|key| format!("Bearer {key}"))
    );
    assert!(keys.iter().all(http::HeaderValue::is_sensitive));
}
