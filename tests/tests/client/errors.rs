//! What is made of each kind of answer that is not a good one.

use std::{error::Error as _, time::Duration};

use stripe_financial_connections::{ApiErrorType, DecodeError, DecodeErrorKind, Error, TransportErrorKind};
use tests::workspace;

use crate::{
    harness::{CLIENT_SECRET, KEY, Setup, Stack, chain, create, each_create, session},
    server::{Server, Step},
};

/// What each client makes of one answer, without retries.
fn outcome(step: Step, check: impl Fn(&Error)) {
    let server = Server::steps([step]);
    each_create(&server, &Setup::of(&server), |_, _, outcome| check(&outcome.unwrap_err()));
}

#[test]
fn an_error_can_be_sent_and_kept() {
    fn is<T: std::error::Error + Send + Sync + 'static>() {}
    is::<Error>();
    assert!(size_of::<Error>() <= 32, "results stay small");
}

#[test]
fn what_stripe_says_is_all_there() {
    let body = r#"{"error": {
        "type": "invalid_request_error", "code": "resource_missing", "message": "No such customer: 'cus_1'",
        "param": "account_holder[customer]", "doc_url": "https://docs.stripe.com/error-codes#resource-missing",
        "request_log_url": "https://dashboard.stripe.com/test/logs/req_1", "decline_code": "do_not_honor",
        "charge": "ch_1", "payment_intent": {"id": "pi_1", "object": "payment_intent", "client_secret": "pi_secret_1"},
        "something_new": {"a": 1}
    }}"#;
    outcome(Step::answer(400, body).header("retry-after", "3"), |error| {
        assert!(error.is_invalid_request() && !error.is_retryable() && !error.is_authentication());
        assert_eq!(error.code(), Some("resource_missing"));
        assert_eq!(error.retry_after(), Some(Duration::from_secs(3)));
        let stripe = error.stripe().unwrap();
        assert_eq!(stripe.status(), 400);
        assert_eq!(stripe.type_(), &ApiErrorType::InvalidRequestError);
        assert_eq!(stripe.code(), Some("resource_missing"));
        assert_eq!(stripe.message(), Some("No such customer: 'cus_1'"));
        assert_eq!(stripe.param(), Some("account_holder[customer]"));
        assert_eq!(stripe.decline_code(), Some("do_not_honor"));
        assert_eq!(stripe.doc_url(), Some("https://docs.stripe.com/error-codes#resource-missing"));
        assert_eq!(stripe.request_log_url(), Some("https://dashboard.stripe.com/test/logs/req_1"));
        assert_eq!(stripe.request_id(), Some("req_1"));
        assert_eq!(stripe.retry_after(), Some(Duration::from_secs(3)));
        assert_eq!(stripe.error().charge.as_deref(), Some("ch_1"));
        assert_eq!(stripe.error().payment_intent.as_ref().unwrap().id(), Some("pi_1"));
        assert_eq!(error.body().unwrap(), body.as_bytes());
        assert!(!format!("{error:?} {error}").contains("pi_secret_1"));
        assert_eq!(
            error.to_string(),
            "Stripe answered 400 Bad Request with invalid_request_error, resource_missing, do_not_honor: No such \
             customer: 'cus_1' (parameter `account_holder[customer]`) (request req_1)"
        );
    });
}

#[test]
fn the_helpers_tell_errors_apart() {
    type Is = fn(&Error) -> bool;
    let helpers: [(&str, Is); 8] = [
        ("authentication", Error::is_authentication),
        ("permission", Error::is_permission),
        ("not found", Error::is_not_found),
        ("rate limited", Error::is_rate_limited),
        ("invalid request", Error::is_invalid_request),
        ("idempotency", Error::is_idempotency),
        ("server", Error::is_server),
        ("retryable", Error::is_retryable),
    ];
    for (status, kind, expected) in [
        (400, "invalid_request_error", &["invalid request"][..]),
        (400, "idempotency_error", &["idempotency"]),
        (401, "invalid_request_error", &["authentication", "invalid request"]),
        (402, "card_error", &[]),
        (403, "invalid_request_error", &["permission", "invalid request"]),
        (404, "invalid_request_error", &["not found", "invalid request"]),
        (409, "idempotency_error", &["idempotency", "retryable"]),
        (429, "invalid_request_error", &["rate limited", "invalid request", "retryable"]),
        (500, "api_error", &["server", "retryable"]),
    ] {
        outcome(Step::answer(status, format!(r#"{{"error": {{"type": "{kind}"}}}}"#)), |error| {
            let found: Vec<_> = helpers.iter().filter(|(_, is)| is(error)).map(|(name, _)| *name).collect();
            assert_eq!(found, expected, "{status} {kind}");
            assert!(
                !error.is_timeout()
                    && !error.is_connect()
                    && !error.is_unexpected_response()
                    && !error.is_invalid_input()
            );
        });
    }
    // A proxy's answer says as much by its status.
    outcome(Step::answer(429, "slow down"), |error| assert!(error.is_rate_limited() && error.is_retryable()));
    outcome(Step::answer(401, ""), |error| assert!(error.is_authentication() && !error.is_retryable()));
}

#[test]
fn a_type_never_seen_before_is_kept() {
    outcome(Step::answer(418, r#"{"error": {"type": "teapot_error", "code": "short_and_stout"}}"#), |error| {
        let stripe = error.stripe().unwrap();
        assert_eq!(stripe.type_(), &ApiErrorType::Unknown("teapot_error".to_owned()));
        assert_eq!(stripe.status(), 418);
        assert!(error.to_string().contains("teapot_error, short_and_stout"), "{error}");
    });
}

#[test]
fn a_success_that_is_an_error_is_an_error() {
    outcome(Step::answer(200, r#"{"error": {"type": "api_error", "message": "not really"}}"#), |error| {
        assert_eq!(error.stripe().unwrap().message(), Some("not really"));
        assert_eq!(error.status().unwrap(), 200);
        assert!(!error.is_retryable());
    });
}

/// An answer that cannot be read: where, why, and all of it kept.
fn unreadable(step: Step, kind: DecodeErrorKind, path: &str, says: &str) {
    let Step::Answer(answer) = &step else { panic!("no answer") };
    outcome(step.clone(), |error| {
        let Error::UnexpectedResponse(unreadable) = error else { panic!("{error:?}") };
        assert_eq!(unreadable.error().kind(), kind, "{error:?}");
        assert_eq!(unreadable.error().path(), path);
        assert_eq!(unreadable.status(), answer.status());
        assert_eq!(unreadable.body(), answer.body());
        assert_eq!(unreadable.request_id(), Some("req_1"));
        assert_eq!(unreadable.error().request_id(), Some("req_1"));
        assert_eq!(unreadable.headers()["request-id"], "req_1");
        let text = error.to_string();
        for part in [says, path, answer.status().as_str(), "req_1"] {
            assert!(text.contains(part), "`{part}` is not in: {text}");
        }
        let source = error.source().unwrap().downcast_ref::<DecodeError>().unwrap();
        assert_eq!(source.path(), path);
    });
}

#[test]
fn answers_that_cannot_be_read_are_kept_and_explained() {
    let html = "<html><body>502 Bad Gateway</body></html>";
    for status in [200, 404, 502] {
        let says = if status == 200 { "not what was asked for" } else { "not Stripe's" };
        unreadable(Step::answer(status, html), DecodeErrorKind::Syntax, "", says);
        unreadable(Step::answer(status, ""), DecodeErrorKind::Truncated, "", "has no body");
        unreadable(Step::answer(status, b"\"\xff\"".to_vec()), DecodeErrorKind::Encoding, "", "UTF-8");
        unreadable(Step::answer(status, "{\"id\": \"fcsess_1\", \"ob"), DecodeErrorKind::Truncated, "", says);
    }
    unreadable(Step::answer(200, "null"), DecodeErrorKind::Mismatch, "", "not what was asked for");
    unreadable(Step::answer(200, "[]"), DecodeErrorKind::Mismatch, "", "not what was asked for");
    unreadable(Step::answer(500, r#"{"error": "broken"}"#), DecodeErrorKind::Mismatch, "error", "not Stripe's");
}

#[test]
fn a_success_of_another_type_is_an_error() {
    let customer = r#"{"id": "cus_1", "object": "customer", "email": "jo@example.com"}"#;
    unreadable(Step::answer(200, customer), DecodeErrorKind::Mismatch, "object", "not what was asked for");
    let deleted = session("fcsess_1").replace("financial_connections.session", "financial_connections.account");
    unreadable(Step::answer(200, deleted), DecodeErrorKind::Mismatch, "object", "not what was asked for");
}

#[test]
fn a_field_of_another_type_is_named() {
    let whole = workspace::read("tests/fixtures/session_ten_accounts.json");
    let broken = whole.replacen("\"as_of\":1789691260", "\"as_of\":\"2026-09-20\"", 1);
    assert_ne!(whole, broken);
    unreadable(Step::answer(200, broken), DecodeErrorKind::Mismatch, "accounts.data[8].balance.as_of", "not what was");
}

#[test]
fn connections_that_fail_say_how() {
    let halfway = format!("HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n{}", session("fcsess_1"));
    for (step, kind) in [
        (Step::Reset, TransportErrorKind::Interrupted),
        (Step::Raw(Vec::new()), TransportErrorKind::Interrupted),
        (Step::Raw(b"no HTTP at all\r\n\r\n".to_vec()), TransportErrorKind::Interrupted),
        (Step::Raw(b"HTTP/1.1 2".to_vec()), TransportErrorKind::Interrupted),
        (Step::Raw(halfway.into_bytes()), TransportErrorKind::Interrupted),
        (
            Step::Raw(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabc".to_vec()),
            TransportErrorKind::Interrupted,
        ),
    ] {
        outcome(step.clone(), |error| {
            let Error::Transport(transport) = error else { panic!("{step:?}: {error:?}") };
            assert_eq!(transport.kind(), kind, "{step:?}: {}", chain(error));
            assert!(error.source().is_some());
            assert!(error.is_retryable() && error.status().is_none() && error.body().is_none());
        });
    }
}

/// Without a length, only the JSON tells that something is missing.
#[test]
fn a_body_that_ends_early_without_a_length_is_truncated() {
    let text = session("fcsess_1");
    let cut = &text[..text.len() / 2];
    outcome(Step::Raw(format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{cut}").into_bytes()), |error| {
        let Error::UnexpectedResponse(unreadable) = error else { panic!("{error:?}") };
        assert_eq!(unreadable.error().kind(), DecodeErrorKind::Truncated);
        assert_eq!(unreadable.body(), cut.as_bytes());
        assert_eq!(unreadable.request_id(), None);
    });
}

#[test]
fn a_server_that_is_not_there_is_a_failed_connection() {
    let server = Server::steps([Step::Hang]);
    let setup = Setup::of(&server);
    drop(server);
    for stack in Stack::ALL {
        let error = stack.client(&setup).unwrap().send(&create()).unwrap_err();
        assert!(error.is_connect() && !error.is_timeout(), "{stack:?}: {error:?}");
        assert!(error.to_string().contains("could not connect"), "{error}");
    }
}

/// TLS is there: what answers here does not speak it.
#[test]
fn a_server_without_tls_is_refused_over_https() {
    let server = Server::steps([Step::answer(200, session("fcsess_1"))]);
    for stack in Stack::ALL {
        let setup = Setup { base_url: server.url().replace("http:", "https:"), ..Setup::of(&server) };
        let error = stack.client(&setup).unwrap().send(&create()).unwrap_err();
        assert!(matches!(&error, Error::Transport(_)), "{stack:?}: {error:?}");
        assert!(server.received().is_empty());
    }
}

#[test]
fn a_body_that_is_too_large_is_refused_while_it_streams() {
    let large = Step::answer(200, vec![b' '; 5000]);
    let large_error = Step::answer(500, vec![b' '; 5000]);
    for step in [large, large_error, Step::Endless] {
        let server = Server::steps([step.clone()]);
        let setup = Setup { max_bytes: 4999, retries: 2, ..Setup::of(&server) };
        each_create(&server, &setup, |stack, client, outcome| {
            let Err(Error::Transport(error)) = outcome else { panic!("{stack:?}: {step:?}") };
            assert_eq!(error.kind(), TransportErrorKind::TooLarge, "{stack:?}: {error:?}");
            assert!(client.waits.all().is_empty(), "it would be too large again");
        });
    }
}

#[test]
fn a_body_at_the_limit_is_taken() {
    let body = session("fcsess_1");
    let length = body.len();
    let chunked = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n");
    for step in [Step::answer(200, body), Step::Raw(chunked.into_bytes())] {
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
    let server = Server::steps([Step::answer(200, session("fcsess_1"))]);
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
        assert!(response.body().windows(CLIENT_SECRET.len()).any(|part| part == CLIENT_SECRET.as_bytes()));
        shown.push(format!("{response:?}"));
    }
    for text in shown {
        assert!(!text.contains(KEY) && !text.contains(CLIENT_SECRET), "{text}");
    }
}
