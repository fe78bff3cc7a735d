//! The error for each kind of response that is not a success.

use std::{error::Error as _, time::Duration};

use stripe_financial_connections::{
    ApiErrorType, DecodeErrorKind, Error, ErrorClass, ErrorKind, Fault, Options, RawResponse, TransportError,
    TransportErrorKind,
};
use tests::workspace;

use crate::{
    harness::{CLIENT_SECRET, KEY, Setup, Stack, chain, create, each_create, retrieve, session, transport_kind},
    server::{Server, Step},
};

/// Checks the error of each client for one response, without retries.
fn outcome(step: Step, check: impl Fn(&Error)) {
    let server = Server::steps([step]);
    each_create(&server, &Setup::of(&server), |_, _, outcome| check(&outcome.unwrap_err()));
}

#[test]
fn an_error_can_be_sent_between_threads() {
    fn is<T: std::error::Error + Send + Sync + 'static>() {}
    is::<Error>();
    assert!(size_of::<Error>() <= 32, "results stay small");
}

#[test]
fn the_whole_error_object_is_kept() {
    let body = r#"{"error": {
        "type": "invalid_request_error", "code": "resource_missing", "message": "No such customer: 'cus_1'",
        "param": "account_holder[customer]", "doc_url": "https://docs.stripe.com/error-codes#resource-missing",
        "request_log_url": "https://dashboard.stripe.com/test/logs/req_1", "decline_code": "do_not_honor",
        "charge": "ch_1", "payment_intent": {"id": "pi_1", "object": "payment_intent", "client_secret": "pi_secret_1"},
        "something_new": {"a": 1}
    }}"#;
    outcome(Step::response(400, body).header("retry-after", "3"), |error| {
        assert!(error.class() == ErrorClass::InvalidRequest && !error.is_retryable());
        assert_eq!(error.code(), Some("resource_missing"));
        assert_eq!(error.retry_after(), Some(Duration::from_secs(3)));
        let stripe = error.stripe().unwrap();
        assert_eq!(error.status().unwrap(), 400);
        assert_eq!(stripe.error().type_, ApiErrorType::InvalidRequestError);
        assert_eq!(stripe.error().message.as_deref(), Some("No such customer: 'cus_1'"));
        assert_eq!(stripe.error().param.as_deref(), Some("account_holder[customer]"));
        assert_eq!(stripe.error().decline_code.as_deref(), Some("do_not_honor"));
        assert_eq!(stripe.error().doc_url.as_deref(), Some("https://docs.stripe.com/error-codes#resource-missing"));
        assert_eq!(stripe.error().request_log_url.as_deref(), Some("https://dashboard.stripe.com/test/logs/req_1"));
        assert_eq!(error.request_id(), Some("req_1"));
        assert_eq!(stripe.error().charge.as_deref(), Some("ch_1"));
        assert_eq!(stripe.error().payment_intent.as_ref().unwrap().id(), Some("pi_1"));
        assert_eq!(error.response().unwrap().body(), body.as_bytes());
        assert!(!format!("{error:?} {error}").contains("pi_secret_1"));
        assert_eq!(
            error.to_string(),
            "Stripe returned 400 Bad Request with invalid_request_error, resource_missing, do_not_honor: No such \
             customer: 'cus_1' (parameter `account_holder[customer]`) (request req_1)"
        );
    });
}

#[test]
fn the_class_says_what_an_error_means() {
    use ErrorClass as C;
    for (status, error, class, retryable) in [
        (400, r#""type": "invalid_request_error""#, C::InvalidRequest, false),
        (400, r#""type": "invalid_request_error", "code": "rate_limit""#, C::RateLimited, true),
        (400, r#""type": "idempotency_error""#, C::Idempotency, false),
        (401, r#""type": "invalid_request_error""#, C::Authentication, false),
        (402, r#""type": "card_error", "code": "card_declined""#, C::Card, false),
        (402, r#""type": "invalid_request_error""#, C::InvalidRequest, false),
        (403, r#""type": "invalid_request_error""#, C::Permission, false),
        (404, r#""type": "invalid_request_error""#, C::NotFound, false),
        (409, r#""type": "invalid_request_error""#, C::Conflict, true),
        (409, r#""type": "idempotency_error", "code": "idempotency_key_in_use""#, C::IdempotencyKeyInUse, true),
        (429, r#""type": "invalid_request_error", "code": "rate_limit""#, C::RateLimited, true),
        (429, r#""type": "invalid_request_error""#, C::RateLimited, true),
        (429, r#""type": "invalid_request_error", "code": "lock_timeout""#, C::Conflict, true),
        (500, r#""type": "api_error""#, C::Server, true),
        (200, r#""type": "api_error""#, C::Server, false),
        (418, r#""type": "teapot_error""#, C::InvalidRequest, false),
    ] {
        outcome(Step::response(status, format!(r#"{{"error": {{{error}}}}}"#)), |error| {
            assert_eq!((error.class(), error.is_retryable()), (class, retryable), "{error}");
            assert!(error.stripe().is_some());
        });
    }
    // From a proxy, a status says less.
    for (status, body, class, retryable) in [
        (401, "", C::Authentication, false),
        (403, "blocked", C::UnexpectedResponse, false),
        (404, "<html>", C::UnexpectedResponse, false),
        (429, "slow down", C::RateLimited, true),
        (502, "<html>", C::Server, true),
        (200, "{}", C::UnexpectedResponse, false),
    ] {
        outcome(Step::response(status, body), |error| {
            assert_eq!((error.class(), error.is_retryable()), (class, retryable), "{error}");
            assert!(matches!(error.kind(), ErrorKind::UnexpectedResponse(_)));
        });
    }
    outcome(Step::Reset, |error| assert_eq!(error.class(), C::Connection));
    for (error, class, retryable) in [
        (TransportError::new(TransportErrorKind::Connect, "refused"), C::Connection, true),
        (TransportError::new(TransportErrorKind::Interrupted, "reset"), C::Connection, true),
        (TransportError::new(TransportErrorKind::InvalidResponse, "no HTTP"), C::UnexpectedResponse, false),
        (TransportError::new(TransportErrorKind::Other, "no runtime"), C::Connection, false),
        (TransportError::new(TransportErrorKind::Timeout, "slow"), C::Timeout, true),
        (TransportError::new(TransportErrorKind::Tls, "unknown issuer"), C::Tls, false),
        (TransportError::too_large(1), C::UnexpectedResponse, false),
    ] {
        let error = Error::from(error);
        assert_eq!((error.class(), error.is_retryable()), (class, retryable));
    }
}

#[test]
fn a_class_maps_to_a_status_and_a_fault() {
    use ErrorClass as C;
    for (class, name, status, fault) in [
        (C::Authentication, "authentication", 500, Fault::Caller),
        (C::Card, "card", 402, Fault::Payer),
        (C::Conflict, "conflict", 503, Fault::Caller),
        (C::Connection, "connection", 502, Fault::Network),
        (C::Idempotency, "idempotency", 500, Fault::Caller),
        (C::IdempotencyKeyInUse, "idempotency_key_in_use", 503, Fault::Caller),
        (C::InvalidInput, "invalid_input", 500, Fault::Caller),
        (C::InvalidRequest, "invalid_request", 500, Fault::Caller),
        (C::NotFound, "not_found", 404, Fault::Caller),
        (C::Permission, "permission", 500, Fault::Caller),
        (C::RateLimited, "rate_limited", 503, Fault::Caller),
        (C::Server, "server", 502, Fault::Stripe),
        (C::Timeout, "timeout", 504, Fault::Network),
        (C::Tls, "tls", 502, Fault::Network),
        (C::UnexpectedResponse, "unexpected_response", 502, Fault::Stripe),
    ] {
        assert_eq!((class.as_str(), class.handler_status().as_u16(), class.fault()), (name, status, fault));
        assert_eq!(class.to_string(), name);
    }
}

#[test]
fn an_idempotency_key_in_use_is_explained() {
    let error = |message: &str| format!(r#"{{"error": {{{message} "code": "idempotency_key_in_use"}}}}"#);
    outcome(Step::response(409, error("")), |error| {
        assert!(error.class() == ErrorClass::IdempotencyKeyInUse && error.is_retryable());
        let text = error.to_string();
        assert!(text.contains("another request with the same idempotency key is still in progress"), "{text}");
    });
    outcome(Step::response(409, error(r#""message": "In use.","#)), |error| {
        assert!(error.to_string().contains("idempotency_key_in_use: In use. (request"), "{error}");
    });
}

#[test]
fn an_error_object_need_not_be_as_documented() {
    for body in [
        r#"{"error": {"code": "resource_missing", "message": "No such id", "param": "id"}}"#,
        r#"{"error": {"type": null, "code": "resource_missing", "message": "No such id", "param": "id"}}"#,
        r#"{"error": {"type": 7, "code": "resource_missing", "message": "No such id", "param": "id", "charge": {}}}"#,
    ] {
        outcome(Step::response(404, body), |error| {
            let stripe = error.stripe().unwrap().error();
            assert_eq!(
                (stripe.code.as_deref(), stripe.message.as_deref(), stripe.param.as_deref()),
                (Some("resource_missing"), Some("No such id"), Some("id"))
            );
            assert_eq!(stripe.type_, ApiErrorType::Unknown(String::new()));
            assert_eq!(error.class(), ErrorClass::NotFound);
            assert_eq!(
                error.to_string(),
                "Stripe returned 404 Not Found with resource_missing: No such id (parameter `id`) (request req_1)"
            );
        });
    }
    let latin1 = b"{\"error\": {\"type\": \"card_error\", \"code\": \"card_declined\", \"message\": \"Refus\xe9e\"}}";
    outcome(Step::response(402, latin1), |error| {
        let message = error.stripe().unwrap().error().message.as_deref();
        assert_eq!((error.code(), message), (Some("card_declined"), Some("Refus\u{fffd}e")));
        assert_eq!(error.class(), ErrorClass::Card);
        assert_eq!(error.response().unwrap().body(), latin1);
    });
    for body in [r#"{"error": {}}"#, r#"{"error": {"param": "id"}}"#, r#"{"error": "invalid"}"#, r#"{"error": null}"#] {
        outcome(Step::response(400, body), |error| assert_eq!(error.class(), ErrorClass::UnexpectedResponse, "{body}"));
    }
}

#[test]
fn every_error_and_response_has_the_idempotency_key() {
    let error = Step::response(500, r#"{"error": {"type": "api_error"}}"#);
    for step in [error, Step::response(502, "<html>"), Step::response(200, "{}"), Step::Reset, Step::Hang] {
        let server = Server::steps([step.clone()]);
        let hangs = matches!(step, Step::Hang);
        let setup = Setup { timeout: Duration::from_millis(if hangs { 200 } else { 60_000 }), ..Setup::of(&server) };
        each_create(&server, &setup, |stack, client, outcome| {
            let error = outcome.unwrap_err();
            let key = error.idempotency_key().expect("a POST has a key").to_owned();
            assert_eq!(server.received().last().unwrap().header("idempotency-key"), Some(&*key), "{stack:?}: {step:?}");

            let again = client.send_with(&create(), &Options::new().idempotency_key(&*key)).unwrap_err();
            assert_eq!(again.idempotency_key(), Some(&*key));
            assert_eq!(server.received().last().unwrap().header("idempotency-key"), Some(&*key));
        });
    }
    let server = Server::steps([Step::response(200, session("fcsess_1"))]);
    each_create(&server, &Setup::of(&server), |_, client, outcome| {
        let response = outcome.unwrap();
        assert_eq!(server.received().last().unwrap().header("idempotency-key"), response.raw().idempotency_key());
        assert_eq!(client.send(&retrieve()).unwrap().raw().idempotency_key(), None);

        let options = Options::new().idempotency_key("order-42").account("not an account");
        let error = client.send_with(&create(), &options).unwrap_err();
        assert_eq!((error.class(), error.idempotency_key()), (ErrorClass::InvalidInput, Some("order-42")));
    });
    // Without a client, from the header that Stripe repeats.
    let response = http::Response::builder().header("idempotency-key", "order-42").body("{}").unwrap();
    assert_eq!(RawResponse::from_http(response).unwrap().idempotency_key(), Some("order-42"));
}

/// A log that writes an error with its sources says each thing once.
#[test]
fn no_message_repeats_along_the_sources() {
    let check = |error: &Error| {
        let mut messages = vec![error.to_string()];
        let mut source = error.source();
        while let Some(error) = source {
            messages.push(error.to_string());
            source = error.source();
        }
        for (index, message) in messages.iter().enumerate() {
            // A part of a message, such as a reason, counts as well.
            let later = messages[index + 1..].iter().flat_map(|later| later.split([':', '(', '`']));
            for part in later.map(str::trim).filter(|part| part.len() > 10) {
                assert!(!message.contains(part), "`{message}` has `{part}`");
            }
        }
        messages.len()
    };
    for step in [
        Step::response(400, r#"{"error": {"type": "invalid_request_error", "message": "no"}}"#),
        Step::response(200, "{"),
        Step::response(200, r#"{"id": 7}"#),
        Step::response(200, b"\xff".to_vec()),
        Step::response(502, "<html>"),
        Step::response(302, ""),
        Step::Reset,
    ] {
        outcome(step, |error| assert!(check(error) < 6));
    }
    let client = stripe_financial_connections::blocking::Client::new(KEY).unwrap();
    check(&client.send(&stripe_financial_connections::RetrieveSession::new("..")).unwrap_err());
    check(&stripe_financial_connections::Client::builder(KEY).base_url("no URL").build().unwrap_err());
}

#[test]
fn an_unknown_error_type_is_kept() {
    outcome(Step::response(418, r#"{"error": {"type": "teapot_error", "code": "short_and_stout"}}"#), |error| {
        assert_eq!(error.stripe().unwrap().error().type_, ApiErrorType::Unknown("teapot_error".to_owned()));
        assert_eq!(error.status().unwrap(), 418);
        assert!(error.to_string().contains("teapot_error, short_and_stout"), "{error}");
    });
}

#[test]
fn an_error_with_the_status_of_a_success_is_an_error() {
    outcome(Step::response(200, r#"{"error": {"type": "api_error", "message": "not really"}}"#), |error| {
        assert_eq!(error.stripe().unwrap().error().message.as_deref(), Some("not really"));
        assert_eq!(error.status().unwrap(), 200);
        assert!(!error.is_retryable());
    });
}

/// Checks the error for a response that cannot be decoded: where, why, and that all of it is kept.
fn unexpected(step: Step, kind: DecodeErrorKind, path: &str, says: &str) {
    let Step::Response(response) = &step else { panic!("no response") };
    outcome(step.clone(), |error| {
        let ErrorKind::UnexpectedResponse(unexpected) = error.kind() else { panic!("{error:?}") };
        assert_eq!(unexpected.error().kind(), kind, "{error:?}");
        assert_eq!(unexpected.error().path(), path);
        assert_eq!(error.status(), Some(response.status()));
        assert_eq!(unexpected.response().body(), response.body());
        assert_eq!(error.request_id(), Some("req_1"));
        assert_eq!(unexpected.error().request_id(), Some("req_1"));
        let text = error.to_string();
        for part in [says, path, response.status().as_str(), "req_1"] {
            assert!(text.contains(part), "`{part}` is not in: {text}");
        }
    });
}

#[test]
fn responses_that_cannot_be_decoded_are_kept_and_explained() {
    let html = "<html><body>502 Bad Gateway</body></html>";
    for status in [200, 404, 502] {
        let says = if status == 200 { "does not match the expected type" } else { "not a Stripe error" };
        unexpected(Step::response(status, html), DecodeErrorKind::Syntax, "", says);
        unexpected(Step::response(status, ""), DecodeErrorKind::Truncated, "", "the body is empty");
        unexpected(Step::response(status, b"\"\xff\"".to_vec()), DecodeErrorKind::Encoding, "", "UTF-8");
        unexpected(Step::response(status, "{\"id\": \"fcsess_1\", \"ob"), DecodeErrorKind::Truncated, "", says);
    }
    unexpected(Step::response(200, "null"), DecodeErrorKind::Mismatch, "", "does not match the expected type");
    unexpected(Step::response(200, "[]"), DecodeErrorKind::Mismatch, "", "does not match the expected type");
    unexpected(Step::response(500, r#"{"error": "broken"}"#), DecodeErrorKind::Mismatch, "error", "not a Stripe error");
}

#[test]
fn a_success_of_another_type_is_an_error() {
    let customer = r#"{"id": "cus_1", "object": "customer", "email": "jo@example.com"}"#;
    unexpected(Step::response(200, customer), DecodeErrorKind::Mismatch, "object", "does not match the expected type");
    let deleted = session("fcsess_1").replace("financial_connections.session", "financial_connections.account");
    unexpected(Step::response(200, deleted), DecodeErrorKind::Mismatch, "object", "does not match the expected type");
}

#[test]
fn a_field_of_another_type_is_named() {
    let whole = workspace::read("tests/fixtures/session_ten_accounts.json");
    let broken = whole.replacen("\"as_of\":1789691260", "\"as_of\":\"2026-09-20\"", 1);
    assert_ne!(whole, broken);
    unexpected(
        Step::response(200, broken),
        DecodeErrorKind::Mismatch,
        "accounts.data[8].balance.as_of",
        "does not match",
    );
}

#[test]
fn a_failed_connection_has_a_kind() {
    let halfway = format!("HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n{}", session("fcsess_1"));
    for (step, kind) in [
        (Step::Reset, TransportErrorKind::Interrupted),
        (Step::Raw(Vec::new()), TransportErrorKind::Interrupted),
        (Step::Raw(b"no HTTP at all\r\n\r\n".to_vec()), TransportErrorKind::InvalidResponse),
        (Step::Raw(b"HTTP/1.1 2".to_vec()), TransportErrorKind::Interrupted),
        (Step::Raw(halfway.into_bytes()), TransportErrorKind::Interrupted),
        (
            Step::Raw(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabc".to_vec()),
            TransportErrorKind::Interrupted,
        ),
    ] {
        outcome(step.clone(), |error| {
            assert_eq!(transport_kind(error), kind, "{step:?}: {}", chain(error));
            assert!(error.source().is_some() && error.response().is_none());
            assert_eq!(error.is_retryable(), kind == TransportErrorKind::Interrupted);
        });
    }
}

/// Without a length, only the JSON shows that something is missing.
#[test]
fn a_body_that_ends_early_without_a_length_is_interrupted() {
    let text = session("fcsess_1");
    for (status, body) in [("200 OK", &text[..text.len() / 2]), ("200 OK", ""), ("400 Bad Request", r#"{"error": {"#)] {
        outcome(Step::Raw(format!("HTTP/1.1 {status}\r\nconnection: close\r\n\r\n{body}").into_bytes()), |error| {
            assert_eq!(transport_kind(error), TransportErrorKind::Interrupted, "{status}: {body}");
        });
    }
    // The status says more than that nothing follows, and a page of a proxy has no end that is known.
    for (status, body) in [("502 Bad Gateway", ""), ("502 Bad Gateway", "<html><body>"), ("200 OK", "<html><body>")] {
        outcome(Step::Raw(format!("HTTP/1.1 {status}\r\nconnection: close\r\n\r\n{body}").into_bytes()), |error| {
            assert_eq!(error.response().unwrap().body(), body.as_bytes());
            assert_eq!(error.is_retryable(), status.starts_with('5'));
        });
    }
}

#[test]
fn a_server_that_does_not_listen_is_a_failed_connection() {
    let server = Server::steps([Step::Hang]);
    let setup = Setup::of(&server);
    drop(server);
    for stack in Stack::ALL {
        let error = stack.client(&setup).unwrap().send(&create()).unwrap_err();
        assert_eq!(transport_kind(&error), TransportErrorKind::Connect, "{stack:?}: {error:?}");
        assert!(error.to_string().contains("could not connect"), "{error}");
    }
}

/// TLS is built in: this server does not speak it.
#[test]
fn a_server_without_tls_is_refused_over_https() {
    let server = Server::steps([Step::response(200, session("fcsess_1"))]);
    for stack in Stack::ALL {
        let setup = Setup { base_url: server.url().replace("http:", "https:"), ..Setup::of(&server) };
        let error = stack.client(&setup).unwrap().send(&create()).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Transport(_)), "{stack:?}: {error:?}");
        assert!(server.received().is_empty());
    }
}

#[test]
fn a_body_that_is_too_large_is_refused_while_it_streams() {
    let large = Step::response(200, vec![b' '; 5000]);
    let large_error = Step::response(500, vec![b' '; 5000]);
    for step in [large, large_error, Step::Endless] {
        let server = Server::steps([step.clone()]);
        let setup = Setup { max_bytes: 4999, retries: 2, ..Setup::of(&server) };
        each_create(&server, &setup, |stack, client, outcome| {
            let error = outcome.unwrap_err();
            assert_eq!(transport_kind(&error), TransportErrorKind::TooLarge, "{stack:?}: {error:?}");
            assert!(client.waits.all().is_empty(), "a retry would not help");
        });
    }
}

#[test]
fn a_body_at_the_limit_is_accepted() {
    let body = session("fcsess_1");
    let length = body.len();
    let chunked = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n");
    for step in [Step::response(200, body), Step::Raw(chunked.into_bytes())] {
        let server = Server::steps([step]);
        for (max_bytes, fits) in [(length, true), (length - 1, false)] {
            each_create(&server, &Setup { max_bytes, ..Setup::of(&server) }, |stack, _, outcome| {
                assert_eq!(outcome.is_ok(), fits, "{stack:?}: {outcome:?}");
            });
        }
    }
}

#[test]
fn the_key_is_not_shown() {
    use stripe_financial_connections::{Client, Endpoint, Options, blocking};
    let server = Server::steps([Step::response(200, session("fcsess_1"))]);
    let options = Options::new().api_key(KEY).header("x-secret", KEY).param("secret", KEY);
    let request = Endpoint::new(KEY).unwrap().request(&create(), &options.clone().idempotency_key("1")).unwrap();
    let mut shown = vec![
        format!("{:?}", Client::builder(KEY)),
        format!("{:?}", blocking::Client::builder(KEY)),
        format!("{:?}", Endpoint::new(KEY).unwrap()),
        format!("{options:?}"),
        format!("{:?}", request.headers()),
    ];
    for stack in Stack::ALL {
        let client = stack.client(&Setup::of(&server)).unwrap();
        shown.push(client.debug());
        let response = client.send(&create()).unwrap();
        assert!(response.raw().body().windows(CLIENT_SECRET.len()).any(|part| part == CLIENT_SECRET.as_bytes()));
        shown.push(format!("{response:?}"));
    }
    for text in shown {
        assert!(!text.contains(KEY) && !text.contains(CLIENT_SECRET), "{text}");
    }
}
