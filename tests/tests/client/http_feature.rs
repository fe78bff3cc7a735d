//! The feature `http`: requests and responses as the types of the crate `http`, for any HTTP stack.

use stripe_financial_connections::{
    API_VERSION, CreateSession, Endpoint, ErrorClass, Method, Options, RawResponse, Request, Response, RetrieveSession,
};

use crate::harness::{KEY, create, retrieve, session};

#[test]
fn a_request_is_complete() {
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

/// It could not be repeated safely: a key made here would be lost.
#[test]
fn a_post_without_an_idempotency_key_is_refused() {
    let error = Endpoint::new(KEY).unwrap().request(&create(), &Options::new()).unwrap_err();
    assert!(
        error.class() == ErrorClass::InvalidInput && error.to_string().contains("the idempotency key is missing"),
        "{error}"
    );
}

#[test]
fn a_response_is_decoded_from_any_body() {
    let text = session("fcsess_1");
    let response = |status: u16| http::Response::builder().status(status).header("request-id", "req_2");
    let id = |response: Response<stripe_financial_connections::Session>| {
        assert_eq!(response.request_id(), Some("req_2"));
        assert_eq!(response.raw().body(), text.as_bytes());
        String::from(response.into_value().id)
    };
    let read = Response::from_http::<RetrieveSession>(response(200).body(text.clone()).unwrap());
    assert_eq!(id(read.unwrap()), "fcsess_1");
    let read = Response::from_http::<CreateSession>(response(200).body(text.as_bytes()).unwrap());
    assert_eq!(id(read.unwrap()), "fcsess_1");
    let read =
        Response::from_http::<RetrieveSession>(response(201).body(hyper::body::Bytes::from(text.clone())).unwrap());
    assert_eq!(id(read.unwrap()), "fcsess_1");
    let body = r#"{"error": {"type": "api_error"}}"#;
    let read = Response::from_http::<RetrieveSession>(response(500).body(body).unwrap());
    assert!(matches!(read, Err(error) if error.stripe().is_some() && error.request_id() == Some("req_2")));
}

#[test]
fn a_raw_request_and_its_response_need_no_client() {
    let defaults = Options::new().account("acct_1").header("x-tenant", "one");
    let endpoint = Endpoint::new(KEY).unwrap().with_defaults(&defaults).unwrap();
    let request = Request::new(Method::Get, "/v1/new_objects/{id}", &[("id", "a/b")]).unwrap().param("limit", 3);
    let error = endpoint.raw_request(request.clone(), &Options::new()).unwrap_err();
    assert_eq!(error.class(), ErrorClass::InvalidInput);
    assert!(error.to_string().contains("`API_VERSION`"), "{error}");
    let request = request.with_api_version(API_VERSION);
    let request = endpoint.raw_request(request, &Options::new().param("new", "1")).unwrap();
    assert_eq!(request.uri(), "https://api.stripe.com/v1/new_objects/a%2Fb?limit=3&new=1");
    assert_eq!(request.headers()["stripe-account"], "acct_1");
    assert_eq!(request.headers()["x-tenant"], "one");

    let post = Request::new(Method::Post, "/v1/new_objects", &[]).unwrap().with_api_version(API_VERSION);
    let error = endpoint.raw_request(post, &Options::new()).unwrap_err();
    assert_eq!(error.class(), ErrorClass::InvalidInput, "there is no idempotency key");

    let response = http::Response::builder().header("request-id", "req_2").body(r#"{"limit": 3}"#).unwrap();
    let response = RawResponse::from_http(response).unwrap();
    assert_eq!(response.json::<serde_json::Value>().unwrap()["limit"], 3);
    assert_eq!(response.request_id(), Some("req_2"));
    let response = http::Response::builder().status(404).body(r#"{"error": {"code": "resource_missing"}}"#).unwrap();
    assert_eq!(RawResponse::from_http(response).unwrap_err().class(), ErrorClass::NotFound);
}
