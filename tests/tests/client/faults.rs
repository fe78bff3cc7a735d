//! The same faults over both transports, with the same outcome.

mod proxies;
pub(crate) mod table;
mod tls;

use std::future::Future as _;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use stripe_financial_connections::{API_VERSION, Client, Method, Options, Request, TransportErrorKind};

use self::table::{Target, chunked, faults, large_header, many_headers, with_head};
use crate::fault_server;
use crate::fault_server::{FaultServer, close_after, reset_after, respond};
use crate::harness::{
    AnyClient, KEY, Setup, Stack, chain, create, reqwest_without_proxy, session, transport_kind, ureq_without_proxy,
};
use crate::server::{Server, Step};

#[test]
fn every_fault_has_the_same_outcome_over_both_transports() {
    // Each has a server of its own, and most of them wait.
    std::thread::scope(|scope| {
        for (name, kind, target) in faults() {
            scope.spawn(move || {
                let mut messages = Vec::new();
                for stack in Stack::ALL {
                    let target = target();
                    let timeout = Duration::from_millis(if kind == TransportErrorKind::Timeout { 200 } else { 60_000 });
                    let setup = Setup { timeout, ..target.setup(1) };
                    let client = stack.client_over(&setup, || target.reqwest(), || target.ureq()).unwrap();
                    let error = client.send(&create()).unwrap_err();
                    let shown = format!("{} {error:?}", chain(&error));
                    println!("{name}, {stack:?}: {shown}");
                    assert_eq!(transport_kind(&error), kind, "{name}, {stack:?}: {shown}");
                    let is_retryable = matches!(
                        kind,
                        TransportErrorKind::Connect | TransportErrorKind::Interrupted | TransportErrorKind::Timeout
                    );
                    assert_eq!(error.is_retryable(), is_retryable, "{name}, {stack:?}");
                    // One retry, of what is to be retried.
                    let attempts = 1 + usize::from(is_retryable);
                    assert_eq!(client.waits.all().len(), attempts - 1, "{name}, {stack:?}");
                    if let Some(server) = &target.server {
                        assert_eq!(server.connections(), attempts, "{name}, {stack:?}");
                    }
                    assert!(!shown.contains(KEY), "{name}, {stack:?}: {shown}");
                    messages.push(error.to_string());
                }
                assert_eq!(messages[0], messages[1], "{name}");
            });
        }
    });
}

/// Any response in JSON is a success of it.
fn request() -> Request {
    Request::new(Method::Post, "/v1/things", &[]).unwrap().with_api_version(API_VERSION)
}

#[test]
fn headers_at_the_limit_are_accepted() {
    for head in [many_headers(100), large_header((64 << 10) - "x-large: \r\ncontent-length: 2\r\n".len())] {
        for stack in Stack::ALL {
            let target = with_head(&head);
            let client = stack.client(&target.setup(0)).unwrap();
            let response = client.send_raw(request()).unwrap();
            assert_eq!(response.body(), b"{}", "{stack:?}");
        }
    }
}

/// Where the transports differ, as the documentation of `UreqTransport` says, and next to where they do not.
#[test]
fn the_transports_differ_only_as_documented() {
    use TransportErrorKind::{Connect, Interrupted, InvalidResponse};
    let extension = |length| format!("2;{}\r\n{{}}\r\n0\r\n\r\n", "x".repeat(length));
    let trailers = |count| format!("2\r\n{{}}\r\n0\r\n{}\r\n", "x: y\r\n".repeat(count));
    let not_http = || Target::proxy(FaultServer::start(|stream| close_after(stream, b"220 smtp.example\r\n\r\n")));
    let after = |informational: &str| with_head(&format!("HTTP/1.1 {informational}\r\nHTTP/1.1 200 OK\r\n"));
    for (name, target, reqwest, ureq) in [
        ("a line of a chunk of 20 bytes", chunked(&extension(18)), None, None),
        ("a line of a chunk of 21 bytes", chunked(&extension(19)), None, Some(Interrupted)),
        ("trailers", chunked(&trailers(2)), None, None),
        ("more trailers than the limit", chunked(&trailers(101)), Some(Interrupted), None),
        ("an early hint", after("103 Early Hints\r\nlink: a\r\n"), None, None),
        ("a status 100", after("100 Continue\r\n"), None, None),
        ("a status 100 with a header", after("100 Continue\r\nx-a: b\r\n"), None, Some(InvalidResponse)),
        ("a proxy that does not speak HTTP", not_http(), Some(Connect), Some(InvalidResponse)),
    ] {
        for (stack, kind) in [(Stack::Reqwest, reqwest), (Stack::Ureq, ureq)] {
            let client = stack.client_over(&target.setup(0), || target.reqwest(), || target.ureq()).unwrap();
            let outcome = client.send_raw(request()).map_err(|error| transport_kind(&error));
            assert_eq!(outcome.as_ref().err(), kind.as_ref(), "{name}, {stack:?}");
            assert!(outcome.is_ok_and(|response| response.body() == b"{}") == kind.is_none(), "{name}, {stack:?}");
        }
    }
}

/// Responses that state the end of their body in different ways, whole.
const WHOLE: [&str; 4] = [
    "HTTP/1.1 200 OK\r\nrequest-id: req_1\r\ncontent-length: 13\r\n\r\n{\"id\": \"fca\"}",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"id\"\r\n8\r\n: \"fca\"}\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nd;a=b\r\n{\"id\": \"fca\"}\r\n0\r\nx-trailer: a\r\n\r\n",
    // The body ends with the connection.
    "HTTP/1.0 200 OK\r\nrequest-id: req_1\r\n\r\n{\"id\": \"fca\"}",
];

/// Wherever a response is cut, the call fails as one that may have been carried out and is worth a retry.
#[test]
fn a_response_that_is_cut_anywhere_is_interrupted() {
    let cuts = WHOLE.iter().flat_map(|whole| (0..=whole.len()).map(move |end| (*whole, end)));
    let cases: Vec<_> = cuts.flat_map(|cut| [(cut, false), (cut, true)]).collect();
    let next = AtomicUsize::new(0);
    // Made once, as reading the certificates takes most of the time.
    let (reqwest, ureq) = (reqwest_without_proxy(), ureq_without_proxy());
    std::thread::scope(|scope| {
        // The server waits before each reset.
        for _ in 0..16 {
            scope.spawn(|| {
                while let Some(&((whole, end), is_reset)) = cases.get(next.fetch_add(1, Ordering::SeqCst)) {
                    for stack in Stack::ALL {
                        check_cut(whole, end, is_reset, stack, |setup| {
                            stack.client_over(setup, || reqwest.clone(), || ureq.clone()).unwrap()
                        });
                    }
                }
            });
        }
    });
}

fn check_cut(whole: &'static str, end: usize, is_reset: bool, stack: Stack, client: impl Fn(&Setup) -> AnyClient) {
    let sent = &whole[..end];
    let target = Target::http(FaultServer::start(move |stream| {
        if is_reset { reset_after(stream, sent.as_bytes()) } else { close_after(stream, sent.as_bytes()) }
    }));
    let outcome = client(&target.setup(0)).send_raw(request());
    // Nothing of the body is missing after the line of the last chunk: ureq may ignore what follows, and does so if that is
    // all that arrived.
    let has_last_chunk = stack == Stack::Ureq && whole.contains("chunked") && sent.contains("\r\n0\r\n");
    let may_succeed = end == whole.len() || has_last_chunk;
    let must_succeed = !is_reset && (end == whole.len() || has_last_chunk && sent.ends_with("\r\n0\r\n"));
    let case = format!("{stack:?}, {} after {sent:?}", if is_reset { "reset" } else { "closed" });
    match outcome {
        Ok(response) => {
            assert!(may_succeed, "{case}");
            assert_eq!(response.body(), br#"{"id": "fca"}"#, "{case}");
        }
        Err(error) => {
            assert!(!must_succeed, "{case}: {error:?}");
            assert_eq!(transport_kind(&error), TransportErrorKind::Interrupted, "{case}: {error:?}");
        }
    }
}

/// A body that nobody asked to compress is named as such, and kept with its status and request id.
#[test]
fn a_compressed_body_is_named() {
    // An empty object, as `gzip` writes it.
    let body = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xab\xae\x05\0C\xbf\xa6\xa3\x02\0\0\0";
    let server = Server::steps([Step::response(200, body.to_vec()).header("content-encoding", "gzip")]);
    for stack in Stack::ALL {
        let error = stack.client(&Setup::of(&server)).unwrap().send(&create()).unwrap_err();
        assert_eq!(error.response().unwrap().body(), body, "{stack:?}");
        assert!(!error.is_retryable(), "{stack:?}");
        assert_eq!(
            error.to_string(),
            "unexpected response 200 OK: the body is compressed with `gzip`, which the request did not ask for: check the \
             proxy (request req_1)",
            "{stack:?}"
        );
    }
    for request in server.received() {
        assert_eq!(request.header("accept-encoding"), None);
    }
}

/// Without retries, a call is one attempt, also if the server closes a connection while it is idle. The default retries cover that.
#[test]
fn a_closed_idle_connection_is_an_error_without_retries_only() {
    for (stack, is_retried) in Stack::ALL.into_iter().flat_map(|stack| [(stack, false), (stack, true)]) {
        let keys = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&keys);
        let target = Target::http(FaultServer::start(move |mut stream| {
            let note = |request: &fault_server::Request| {
                noted.lock().unwrap().push(request.header("idempotency-key").unwrap().to_owned());
            };
            note(&fault_server::Request::read(&mut stream).unwrap());
            respond(&mut stream, &session("fcsess_1")).unwrap();
            // Closes the connection with the next request in it, as if both had crossed.
            if let Some(request) = fault_server::Request::read(&mut stream) {
                note(&request);
            }
        }));
        let client = stack.client(&target.setup(if is_retried { 2 } else { 0 })).unwrap();
        let send = |key: &str| client.send_with(&create(), &Options::new().idempotency_key(key));
        send("first").unwrap();
        let outcome = send("second");
        let arrived = if is_retried { vec!["first", "second", "second"] } else { vec!["first", "second"] };
        assert_eq!(*keys.lock().unwrap(), arrived, "{stack:?}");
        match outcome {
            Ok(_) => assert!(is_retried, "{stack:?}"),
            Err(error) => {
                assert!(!is_retried && transport_kind(&error) == TransportErrorKind::Interrupted, "{error:?}")
            }
        }
    }
}

#[test]
fn without_a_runtime_there_is_an_error() {
    let client = Client::builder(KEY).base_url("http://127.0.0.1:9").build().unwrap();
    let operation = create();
    let mut call = pin!(client.send(&operation));
    let Poll::Ready(Err(error)) = call.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("neither ready nor an error")
    };
    assert_eq!(transport_kind(&error), TransportErrorKind::Other);
    assert!(chain(&error).contains("there is no tokio runtime here"), "{error:?}");
}
