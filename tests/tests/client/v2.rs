//! Calls below `/v2/`: JSON bodies, idempotency keys, errors, and operations with a server of their own.

use http::Method as HttpMethod;
use serde_json::{Value, json};
use stripe_financial_connections::{
    ApiErrorType, CannedTransport, Clearable, Client, Endpoint, Error, ErrorClass, ErrorKind, InvalidInput, Method,
    Operation, Options, Request, blocking,
};

use crate::{
    harness::{KEY, Setup, Stack},
    server::{Received, Server, Step},
};

const VERSION: &str = "2026-10-28.endive";

/// An operation of any method, path and server.
struct Call<const METHOD: char> {
    path: &'static str,
    request: fn(Request) -> Request,
}

const fn call<const METHOD: char>(path: &'static str, request: fn(Request) -> Request) -> Call<METHOD> {
    Call { path, request }
}

impl<const METHOD: char> Operation for Call<METHOD> {
    type Output = Value;

    const API_VERSION: Option<&'static str> = Some(VERSION);
    const METHOD: Method = match METHOD {
        'D' => Method::Delete,
        'G' => Method::Get,
        _ => Method::Post,
    };
    const PATH: &'static str = "/v2/things";

    fn request(&self) -> Result<Request, InvalidInput> {
        Request::new(Self::METHOD, self.path, &[]).map(self.request)
    }
}

fn create() -> Call<'P'> {
    call("/v2/core/accounts", |request| {
        request
            .param("contact_email", "a@example.com")
            .param("display_name", Clearable::<String>::Clear)
            .param("include", ["identity"])
    })
}

/// Responds to each request after another, over each stack with up to two retries, and returns what arrived.
fn each<const METHOD: char>(
    steps: &[Step],
    operation: &Call<METHOD>,
    options: &Options,
    check: impl Fn(&[Received], Result<stripe_financial_connections::Response<Value>, Error>),
) {
    for stack in Stack::ALL {
        println!("{stack:?}");
        let server = Server::steps(steps);
        let client = stack.client(&Setup { retries: 2, ..Setup::of(&server) }).unwrap();
        let outcome = client.send_with(operation, options);
        check(&server.received(), outcome);
    }
}

#[test]
fn a_post_sends_json_under_one_idempotency_key() {
    let steps = [Step::response(503, ""), Step::response(200, r#"{"id": "acct_1"}"#)];
    each(&steps, &create(), &Options::new(), |received, outcome| {
        let response = outcome.unwrap();
        assert_eq!(response.value()["id"], "acct_1");
        assert_eq!(received.len(), 2);
        for request in received {
            assert_eq!((&request.method, &*request.target), (&HttpMethod::POST, "/v2/core/accounts"));
            assert_eq!(request.body, r#"{"contact_email":"a@example.com","display_name":null,"include":["identity"]}"#);
            assert_eq!(request.header("content-type"), Some("application/json"));
            assert_eq!(request.header("stripe-version"), Some(VERSION));
            assert_eq!(request.header("authorization"), Some(&*format!("Bearer {KEY}")));
            assert_eq!(request.header("idempotency-key").map(str::len), Some(36));
            assert_eq!(request.header("idempotency-key"), response.raw().idempotency_key());
        }
    });
}

#[test]
fn a_post_without_parameters_sends_an_empty_object() {
    let steps = [Step::response(200, "{}")];
    each(
        &steps,
        &call::<'P'>("/v2/core/accounts/acct_1/close", |request| request),
        &Options::new(),
        |received, outcome| {
            outcome.unwrap();
            assert_eq!((&*received[0].body, received[0].header("content-length")), ("{}", Some("2")));
        },
    );
}

#[test]
fn extra_parameters_join_the_json() {
    let options = Options::new().param("metadata[a]", "b").param("include[]", "defaults").param("new", "\"");
    each(&[Step::response(200, "{}")], &create(), &options, |received, outcome| {
        outcome.unwrap();
        let body: Value = serde_json::from_str(&received[0].body).unwrap();
        assert_eq!(
            body,
            json!({
                "contact_email": "a@example.com", "display_name": null, "include": ["identity", "defaults"],
                "metadata": {"a": "b"}, "new": "\"",
            })
        );
    });
    let retrieve =
        call::<'G'>("/v2/core/accounts/acct_1", |request| request.param("include", ["identity", "defaults"]));
    each(&[Step::response(200, "{}")], &retrieve, &options, |received, outcome| {
        outcome.unwrap();
        let query = "include[0]=identity&include[1]=defaults&metadata[a]=b&include[]=defaults&new=%22";
        assert_eq!(received[0].target, format!("/v2/core/accounts/acct_1?{query}"));
        assert_eq!((&*received[0].body, received[0].header("content-type")), ("", None));
        assert_eq!(received[0].header("idempotency-key"), None);
    });
}

#[test]
fn only_below_v2_does_a_delete_have_an_idempotency_key() {
    let steps = [Step::response(500, ""), Step::response(200, r#"{"id": "ed_1"}"#)];
    let delete = call::<'D'>("/v2/core/event_destinations/ed_1", |request| request);
    each(&steps, &delete, &Options::new(), |received, outcome| {
        let response = outcome.unwrap();
        let key = response.raw().idempotency_key().unwrap();
        assert_eq!(received.len(), 2);
        for request in received {
            assert_eq!((&request.method, &*request.body), (&HttpMethod::DELETE, ""));
            assert_eq!((request.header("idempotency-key"), request.header("content-type")), (Some(key), None));
        }
    });
    let own = Options::new().idempotency_key("delete-42").retries(0);
    each(&[Step::Reset], &delete, &own, |received, outcome| {
        assert_eq!(outcome.unwrap_err().idempotency_key(), Some("delete-42"));
        assert_eq!(received[0].header("idempotency-key"), Some("delete-42"));
    });
    each(&steps, &call::<'D'>("/v1/things/1", |request| request), &Options::new(), |received, outcome| {
        assert_eq!(outcome.unwrap().raw().idempotency_key(), None);
        assert_eq!((received.len(), received[1].header("idempotency-key")), (2, None));
    });

    let endpoint = Endpoint::new(KEY).unwrap();
    let error = endpoint.request(&delete, &Options::new()).unwrap_err();
    assert!(error.to_string().contains("idempotency key is missing"), "{error}");
    let request = endpoint.request(&delete, &Options::new().idempotency_key("delete-42")).unwrap();
    assert_eq!(request.headers()["idempotency-key"], "delete-42");
    endpoint.request(&call::<'D'>("/v1/things/1", |request| request), &Options::new()).unwrap();
}

#[test]
fn an_error_has_a_message_for_the_user() {
    let body = r#"{"error": {
        "type": "temporary_session_expired", "code": "billing_meter_event_session_expired", "message": "Expired.",
        "doc_url": "https://docs.stripe.com/error-codes", "user_message": "Try again."
    }}"#;
    each(&[Step::response(400, body)], &create(), &Options::new(), |received, outcome| {
        let error = outcome.unwrap_err();
        let stripe = error.stripe().unwrap().error();
        assert_eq!(stripe.type_, ApiErrorType::Unknown("temporary_session_expired".to_owned()));
        let texts = [&stripe.code, &stripe.message, &stripe.doc_url, &stripe.user_message].map(Option::as_deref);
        let expected =
            ["billing_meter_event_session_expired", "Expired.", "https://docs.stripe.com/error-codes", "Try again."];
        assert_eq!(texts, expected.map(Some));
        assert_eq!((error.class(), received.len()), (ErrorClass::InvalidRequest, 1));
    });
}

#[test]
fn an_error_without_a_type_is_an_error() {
    let body = r#"{"error": {"code": "not_found", "message": "No such account", "user_message": 7}}"#;
    for body in [body, &body.replace(", \"user_message\": 7", "")] {
        each(&[Step::response(404, body)], &create(), &Options::new(), |_, outcome| {
            let error = outcome.unwrap_err();
            assert_eq!(error.stripe().unwrap().error().type_, ApiErrorType::Unknown(String::new()));
            assert_eq!((error.class(), error.code()), (ErrorClass::NotFound, Some("not_found")));
        });
    }
}

#[test]
fn the_rules_of_retries_are_those_of_every_call() {
    let error = |status, type_: &str| {
        Step::response(status, format!(r#"{{"error": {{"type": "{type_}", "code": "c", "message": "m"}}}}"#))
    };
    for (first, attempts, class) in [
        (error(400, "rate_limit"), 3, ErrorClass::RateLimited),
        (error(429, "rate_limit"), 3, ErrorClass::RateLimited),
        (error(409, "conflict"), 3, ErrorClass::Conflict),
        (error(500, "api_error"), 3, ErrorClass::Server),
        (error(500, "api_error").header("stripe-should-retry", "false"), 1, ErrorClass::Server),
        (error(400, "idempotency_error"), 1, ErrorClass::Idempotency),
        (error(400, "quota_exceeded"), 1, ErrorClass::InvalidRequest),
        (error(400, "quota_exceeded").header("stripe-should-retry", "true"), 3, ErrorClass::InvalidRequest),
    ] {
        each(&[first], &create(), &Options::new(), |received, outcome| {
            assert_eq!((received.len(), outcome.unwrap_err().class()), (attempts, class));
            let key = received[0].header("idempotency-key");
            assert!(received.iter().all(|request| request.header("idempotency-key") == key));
        });
    }
}

/// An operation with a server of its own.
struct Upload;

impl Operation for Upload {
    type Output = Value;

    const API_VERSION: Option<&'static str> = Some(VERSION);
    const METHOD: Method = Method::Post;
    const PATH: &'static str = "/v2/billing/meter_event_stream";
    const BASE_URL: Option<&'static str> = Some("https://meter-events.stripe.com/");

    fn request(&self) -> Result<Request, InvalidInput> {
        Request::new(Self::METHOD, Self::PATH, &[])
    }
}

#[test]
fn an_operation_is_sent_to_its_own_server() {
    let stripe = || CannedTransport::new().on(Method::Post, Upload::PATH, 200, &json!({}));
    let url = |transport: &CannedTransport| transport.requests()[0].uri().to_string();
    let expected = "https://meter-events.stripe.com/v2/billing/meter_event_stream";

    let transport = stripe();
    let client = blocking::Client::builder(KEY).build_with(transport.clone(), transport.clone()).unwrap();
    client.send(&Upload).unwrap();
    assert_eq!(url(&transport), expected);

    let transport = stripe();
    let client = Client::builder(KEY).build_with(transport.clone(), transport.clone()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(client.send(&Upload)).unwrap();
    assert_eq!(url(&transport), expected);

    let endpoint = Endpoint::new(KEY).unwrap();
    let options = Options::new().idempotency_key("1");
    assert_eq!(endpoint.request(&Upload, &options).unwrap().uri(), expected);
    let by_hand = Upload.request().unwrap().with_api_version(VERSION);
    let uri = |request: Request| endpoint.raw_request(request, &options).unwrap().uri().to_string();
    assert_eq!(uri(by_hand.clone()), format!("{}{}", Endpoint::DEFAULT_BASE_URL, Upload::PATH));
    assert_eq!(
        uri(by_hand.with_base_url("https://files.stripe.com")),
        format!("https://files.stripe.com{}", Upload::PATH)
    );
}

#[test]
fn a_base_url_that_is_set_takes_precedence() {
    for stack in Stack::ALL {
        let server = Server::steps([Step::response(200, "{}")]);
        stack.client(&Setup::of(&server)).unwrap().send(&Upload).unwrap();
        assert_eq!(server.received()[0].target, Upload::PATH);
    }
    for base_url in [Endpoint::DEFAULT_BASE_URL, "https://proxy.example/stripe"] {
        let endpoint = Endpoint::new(KEY).unwrap().with_base_url(base_url).unwrap();
        let request = endpoint.request(&Upload, &Options::new().idempotency_key("1")).unwrap();
        assert_eq!(request.uri(), &*format!("{base_url}{}", Upload::PATH));
    }
}

#[test]
fn only_a_server_gets_the_key() {
    let transport = CannedTransport::new();
    let client = blocking::Client::builder(KEY).build_with(transport.clone(), transport.clone()).unwrap();
    for base_url in [
        "http://files.stripe.com",
        "http://127.0.0.1:8080",
        "https://files.stripe.com/v1",
        "https://files.stripe.com?a=b",
        "https://files.stripe.com#a",
        "https://user@files.stripe.com",
        "https://",
        "//files.stripe.com",
        "files.stripe.com",
        "ftp://files.stripe.com",
        "",
    ] {
        let request = Request::new(Method::Get, "/v1/files", &[]).unwrap().with_api_version(VERSION);
        let error = client.send_raw(request.with_base_url(base_url)).unwrap_err();
        let ErrorKind::InvalidInput(invalid) = error.kind() else { panic!("{base_url}: {error:?}") };
        assert!(invalid.input().starts_with("base URL"), "{base_url}: {error}");
    }
    assert!(transport.requests().is_empty());
}
