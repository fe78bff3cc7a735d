//! Requests that the crate does not know, sent with the behaviour of any other call.

use http::Method as HttpMethod;
use stripe_financial_connections::{
    API_VERSION, Account, Error, ErrorClass, ErrorKind, InvalidInput, Method, Opaque, Operation, Options, RawResponse,
    Request, Response, Session,
};

use crate::{
    harness::{KEY, Setup, Stack, session},
    server::{Server, Step},
};

fn post() -> Request {
    let request = Request::new(Method::Post, "/v1/new_objects", &[]).unwrap().with_api_version(API_VERSION);
    request.param("features", ["balance"])
}

#[test]
fn a_raw_request_is_retried_under_one_idempotency_key() {
    for stack in Stack::ALL {
        let server = Server::steps([
            Step::response(503, ""),
            Step::response(409, r#"{"error": {"code": "lock_timeout"}}"#),
            Step::response(200, r#"{"id": "new_1", "amount": 7}"#).header("x-other", "1"),
        ]);
        let client = stack.client(&Setup { retries: 2, ..Setup::of(&server) }).unwrap();
        let response = client.send_raw(post()).unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.request_id(), Some("req_1"));
        assert_eq!(response.headers()["x-other"], "1");
        assert_eq!(response.body(), br#"{"id": "new_1", "amount": 7}"#);
        assert_eq!(response.json::<serde_json::Value>().unwrap()["amount"], 7);

        let received = server.received();
        assert_eq!(received.len(), 3, "{stack:?}");
        for request in &received {
            assert_eq!((&request.method, &*request.target), (&HttpMethod::POST, "/v1/new_objects"));
            assert_eq!(request.body, "features[0]=balance");
            assert_eq!(request.header("idempotency-key"), response.idempotency_key());
            assert_eq!(request.header("authorization"), Some(&*format!("Bearer {KEY}")));
            assert_eq!(request.header("stripe-version"), Some(API_VERSION));
        }
    }
}

#[test]
fn a_raw_request_has_options() {
    let server = Server::steps([Step::response(200, "{}")]);
    let options = Options::new()
        .account("acct_1")
        .idempotency_key("order-42")
        .api_version("2025-01-27.acacia")
        .param("metadata[a]", "b");
    for stack in Stack::ALL {
        let client = stack.client(&Setup::of(&server)).unwrap();
        client.send_raw_with(post(), &options).unwrap();
        let received = server.received().pop().unwrap();
        assert_eq!(received.body, "features[0]=balance&metadata[a]=b");
        assert_eq!(received.header("stripe-account"), Some("acct_1"));
        assert_eq!(received.header("idempotency-key"), Some("order-42"));
        assert_eq!(received.header("stripe-version"), Some("2025-01-27.acacia"));
    }
}

#[test]
fn a_raw_request_has_the_errors_of_any_call() {
    let stripe = r#"{"error": {"type": "invalid_request_error", "code": "resource_missing"}}"#;
    let is_unexpected = |error: &Error| matches!(error.kind(), ErrorKind::UnexpectedResponse(_));
    for (step, check) in [
        (Step::response(404, stripe), (|error| error.class() == ErrorClass::NotFound) as fn(&Error) -> bool),
        (Step::response(200, stripe), |error| error.stripe().is_some()),
        (Step::response(200, format!("\n {{ {}", &stripe[1..])), |error| error.stripe().is_some()),
        (Step::response(502, "<html>"), is_unexpected),
        (Step::response(302, ""), is_unexpected),
        (Step::Reset, |error| matches!(error.kind(), ErrorKind::Transport(_))),
    ] {
        let server = Server::steps([step.clone()]);
        for stack in Stack::ALL {
            let client = stack.client(&Setup::of(&server)).unwrap();
            let error = client.send_raw(post()).unwrap_err();
            assert!(check(&error), "{stack:?}: {step:?}: {error:?}");
            assert!(error.idempotency_key().is_some());
        }
    }
}

/// Such as a file: what a success holds is up to the caller.
#[test]
fn a_raw_success_may_have_any_body() {
    for body in [&b"%PDF-1.7\xff"[..], b"", br#"{"error": null}"#, br#"{"error": "no object"}"#] {
        let server = Server::steps([Step::response(200, body)]);
        for stack in Stack::ALL {
            let client = stack.client(&Setup::of(&server)).unwrap();
            assert_eq!(client.send_raw(post()).unwrap().into_body(), body, "{stack:?}");
        }
    }
}

#[test]
fn a_raw_response_decodes_as_a_model() {
    let server = Server::steps([Step::response(200, session("fcsess_1")), Step::response(200, r#"{"id": 7}"#)]);
    let client = Stack::Ureq.client(&Setup::of(&server)).unwrap();
    let session: Session = client.send_raw(post()).unwrap().json().unwrap();
    assert_eq!(session.id.as_str(), "fcsess_1");

    let error = client.send_raw(post()).unwrap().json::<Session>().unwrap_err();
    let ErrorKind::UnexpectedResponse(unexpected) = error.kind() else { panic!("{error:?}") };
    assert_eq!(unexpected.error().path(), "id");
    assert_eq!(error.request_id(), Some("req_1"));
    assert!(error.idempotency_key().is_some());
}

/// An operation that the crate does not have.
struct RefreshAccount<'a>(&'a str);

impl Operation for RefreshAccount<'_> {
    type Output = Account;

    const API_VERSION: Option<&'static str> = Some(API_VERSION);
    const METHOD: Method = Method::Post;
    const PATH: &'static str = "/v1/financial_connections/accounts/{account}/refresh";

    fn request(&self) -> Result<Request, InvalidInput> {
        Ok(Request::new(Self::METHOD, Self::PATH, &[("account", self.0)])?.param("features", ["balance"]))
    }
}

#[test]
fn an_operation_of_the_callers_own_is_sent_like_any_other() {
    let account = serde_json::to_string(&Account::sample()).unwrap();
    for stack in Stack::ALL {
        let server = Server::steps([Step::response(500, ""), Step::response(200, &*account)]);
        let client = stack.client(&Setup { retries: 1, ..Setup::of(&server) }).unwrap();
        let response = client.send(&RefreshAccount("fca_1")).unwrap();
        assert_eq!(response.value(), &Account::sample());
        let received = server.received();
        assert_eq!(received.len(), 2);
        assert_eq!(received[1].target, "/v1/financial_connections/accounts/fca_1/refresh");
        assert_eq!(received[1].body, "features[0]=balance");
        assert_eq!(received[1].header("idempotency-key"), response.raw().idempotency_key());
        assert_eq!(received[1].header("stripe-version"), Some(API_VERSION), "that of the operation");

        let error = client.send(&RefreshAccount("..")).unwrap_err();
        assert!(error.class() == ErrorClass::InvalidInput && server.received().len() == 2, "{error}");
    }
}

#[test]
fn an_error_with_the_status_of_a_success_is_no_object_of_any_kind() {
    struct Anything;
    impl Operation for Anything {
        type Output = Opaque;
        const API_VERSION: Option<&'static str> = None;
        const METHOD: Method = Method::Get;
        const PATH: &'static str = "/v1/anything";

        fn request(&self) -> Result<Request, InvalidInput> {
            Request::new(Self::METHOD, Self::PATH, &[])
        }
    }
    let response = |body: &'static str| http::Response::builder().status(200).body(body).unwrap();
    let error = r#"{"error": {"type": "api_error", "message": "not really"}}"#;
    assert!(Response::from_http::<Anything>(response(error)).unwrap_err().stripe().is_some());
    assert!(RawResponse::from_http(response(error)).unwrap_err().stripe().is_some());
    // An object can have a field of that name.
    for body in [r#"{"error": null}"#, r#"{"error": "none"}"#, r#"{"id": "a", "error": {"type": "b"}}"#] {
        assert!(Response::from_http::<Anything>(response(body)).is_ok(), "{body}");
    }
}
