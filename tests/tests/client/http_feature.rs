//! The feature `http`: requests and answers as the types of the crate `http`, for any stack.

use stripe_financial_connections::{CreateSession, Endpoint, Error, Options, Response, RetrieveSession};

use crate::harness::{KEY, create, retrieve, session};

#[test]
fn a_request_is_whole() {
    let endpoint = Endpoint::new(KEY).unwrap().with_user_agent("mine/1").unwrap();
    let request = endpoint.request(&create(), &Options::new().idempotency_key("order-42")).unwrap();
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "https://api.stripe.com/v1/financial_connections/sessions");
    assert_eq!(request.headers()["idempotency-key"], "order-42");
    assert_eq!(request.headers()["user-agent"], "mine/1");
    assert_eq!(request.headers()["authorization"], format!("Bearer {KEY}"));
    assert!(request.headers()["authorization"].is_sensitive());
    assert_eq!(
        String::from_utf8(request.into_body()).unwrap(),
        "account_holder[customer]=cus_1&account_holder[type]=customer&permissions[0]=balances"
    );
    let request = endpoint.request(&retrieve(), &Options::new()).unwrap();
    assert!(request.body().is_empty());
}

/// It could not be sent again safely, and nobody here could keep a key that was made up.
#[test]
fn a_post_without_an_idempotency_key_is_refused() {
    let error = Endpoint::new(KEY).unwrap().request(&create(), &Options::new()).unwrap_err();
    assert!(error.is_invalid_input() && error.to_string().contains("the idempotency key is missing"), "{error}");
}

#[test]
fn an_answer_is_read_whatever_holds_its_body() {
    let text = session("fcsess_1");
    let answer = |status: u16| http::Response::builder().status(status).header("request-id", "req_2");
    let id = |response: Response<stripe_financial_connections::Session>| {
        assert_eq!(response.request_id(), Some("req_2"));
        assert_eq!(response.body(), text.as_bytes());
        response.into_value().id.into_string()
    };
    let read = Response::from_http::<RetrieveSession>(answer(200).body(text.clone()).unwrap());
    assert_eq!(id(read.unwrap()), "fcsess_1");
    let read = Response::from_http::<CreateSession<'_>>(answer(200).body(text.as_bytes()).unwrap());
    assert_eq!(id(read.unwrap()), "fcsess_1");
    let read =
        Response::from_http::<RetrieveSession>(answer(201).body(hyper::body::Bytes::from(text.clone())).unwrap());
    assert_eq!(id(read.unwrap()), "fcsess_1");
    let body = r#"{"error": {"type": "api_error"}}"#;
    let read = Response::from_http::<RetrieveSession>(answer(500).body(body).unwrap());
    assert!(matches!(read, Err(Error::Stripe(error)) if error.request_id() == Some("req_2")));
}
