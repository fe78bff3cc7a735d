//! The same faults over both transports, with the same outcome.

use std::{
    env,
    future::Future as _,
    io::Write,
    net::{Shutdown, TcpStream},
    pin::pin,
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
    time::Duration,
};

use stripe_financial_connections::{
    API_VERSION, Client, Method, Options, Request, ReqwestTransport, TransportErrorKind, UreqTransport, blocking,
};

use crate::{
    fault_server::{self, Certificates, FaultServer, close_after, hang, reset_after, respond},
    harness::{
        AnyClient, KEY, Setup, Stack, Waits, chain, create, reqwest_without_proxy, session, transport_kind,
        ureq_without_proxy,
    },
    server::{Server, Step},
};

/// Where the client is pointed, and what keeps that up.
pub(crate) struct Target {
    pub(crate) base_url: String,
    proxy: Option<String>,
    /// The request that is to arrive never does.
    server: Option<FaultServer>,
}

impl Target {
    pub(crate) fn http(server: FaultServer) -> Self {
        Self { base_url: format!("http://{}", server.address()), proxy: None, server: Some(server) }
    }

    fn https(server: FaultServer) -> Self {
        Self { base_url: format!("https://{}", server.address()), proxy: None, server: Some(server) }
    }

    /// A host that is to be reached by a proxy only.
    fn proxy(server: FaultServer) -> Self {
        let proxy = Some(format!("http://{}", server.address()));
        Self { base_url: "https://stripe.invalid".to_owned(), proxy, server: Some(server) }
    }

    fn none(base_url: impl Into<String>) -> Self {
        Self { base_url: base_url.into(), proxy: None, server: None }
    }

    pub(crate) fn setup(&self, retries: u32) -> Setup {
        Setup { retries, max_bytes: 1000, ..Setup::at(&*self.base_url) }
    }

    pub(crate) fn reqwest(&self) -> ReqwestTransport {
        let Some(proxy) = &self.proxy else { return reqwest_without_proxy() };
        let builder = ReqwestTransport::builder().unwrap().proxy(reqwest::Proxy::all(proxy).unwrap());
        ReqwestTransport::new(builder).unwrap()
    }

    pub(crate) fn ureq(&self) -> UreqTransport {
        let Some(proxy) = &self.proxy else { return ureq_without_proxy() };
        let proxy = ureq::Proxy::new(proxy).unwrap();
        UreqTransport::new(ureq::Agent::config_builder().proxy(Some(proxy)).build().into())
    }
}

/// What a server does that speaks TLS 1.1 at most.
fn old_tls(mut stream: TcpStream) {
    stream.peek(&mut [0]).unwrap();
    // A fatal alert: protocol_version.
    stream.write_all(&[21, 3, 2, 0, 2, 2, 70]).unwrap();
    hang(stream);
}

fn close_handshake(stream: TcpStream) {
    stream.peek(&mut [0]).unwrap();
    let _ = stream.shutdown(Shutdown::Write);
    hang(stream);
}

fn tls(host: &str, year: i32) -> FaultServer {
    Certificates::new(host, year).serve(|mut stream| {
        fault_server::Request::read(&mut stream);
    })
}

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nrequest-id: req_1\r\ncontent-length: 500\r\n\r\n";

pub(crate) type Fault = (&'static str, TransportErrorKind, fn() -> Target);

pub(crate) fn faults() -> Vec<Fault> {
    use TransportErrorKind::{Connect, Interrupted, InvalidResponse, Timeout, Tls, TooLarge};
    let mut faults: Vec<Fault> = vec![
        // Longer than a label may be, so that no server is asked.
        ("a name that does not resolve", Connect, || Target::none(format!("https://{}.invalid", "a".repeat(64)))),
        ("a port where nothing listens", Connect, || {
            let address = FaultServer::start(|_| {}).address();
            Target::none(format!("http://{address}"))
        }),
        ("an untrusted certificate", Tls, || Target::https(tls("127.0.0.1", 4000))),
        ("TLS 1.1", Tls, || Target::https(FaultServer::start(old_tls))),
        ("no TLS", Tls, || {
            Target::https(FaultServer::start(|mut stream| {
                stream.peek(&mut [0]).unwrap();
                stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").unwrap();
                hang(stream);
            }))
        }),
        ("closed during the handshake", Interrupted, || Target::https(FaultServer::start(close_handshake))),
        ("reset during the handshake", Interrupted, || {
            Target::https(FaultServer::start(|stream| reset_after(stream, b"")))
        }),
        ("a proxy that refuses", Connect, || {
            Target::proxy(FaultServer::start(|stream| {
                close_after(stream, b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
            }))
        }),
        ("a proxy that wants a password", Connect, || {
            Target::proxy(FaultServer::start(|stream| {
                close_after(stream, b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
            }))
        }),
        ("a proxy that closes the connection", Connect, || {
            Target::proxy(FaultServer::start(|stream| close_after(stream, b"")))
        }),
        ("a proxy that is not there", Connect, || Target {
            proxy: Some(format!("http://{}", FaultServer::start(|_| {}).address())),
            ..Target::none("https://stripe.invalid")
        }),
        ("closed before the response", Interrupted, || {
            Target::http(FaultServer::start(|stream| close_after(stream, b"")))
        }),
        ("reset before the response", Interrupted, || {
            Target::http(FaultServer::start(|stream| reset_after(stream, b"")))
        }),
        ("closed during the headers", Interrupted, || {
            Target::http(FaultServer::start(|stream| close_after(stream, &HEAD[..30])))
        }),
        ("reset during the headers", Interrupted, || {
            Target::http(FaultServer::start(|stream| reset_after(stream, &HEAD[..30])))
        }),
        ("closed during the body", Interrupted, || {
            Target::http(FaultServer::start(|stream| close_after(stream, &[HEAD, b"{\"id\":"].concat())))
        }),
        ("reset during the body", Interrupted, || {
            Target::http(FaultServer::start(|stream| reset_after(stream, &[HEAD, b"{\"id\":"].concat())))
        }),
        ("closed during a chunk", Interrupted, || {
            let part = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"i";
            Target::http(FaultServer::start(|stream| close_after(stream, part)))
        }),
        ("a handshake without end", Timeout, || Target::https(FaultServer::start(hang))),
        ("no headers", Timeout, || Target::http(FaultServer::start(hang))),
        ("headers without end", Timeout, || {
            Target::http(FaultServer::start(|mut stream| {
                fault_server::Request::read(&mut stream);
                stream.write_all(&HEAD[..30]).unwrap();
                hang(stream);
            }))
        }),
        ("a body without end", Timeout, || {
            Target::http(FaultServer::start(|mut stream| {
                fault_server::Request::read(&mut stream);
                stream.write_all(HEAD).unwrap();
                hang(stream);
            }))
        }),
        ("informational responses without end", Timeout, || {
            Target::http(FaultServer::start(|mut stream| {
                fault_server::Request::read(&mut stream);
                while stream.write_all(b"HTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\n").is_ok() {
                    std::thread::sleep(Duration::from_millis(1));
                }
            }))
        }),
        ("what is not HTTP", InvalidResponse, || {
            Target::http(FaultServer::start(|stream| close_after(stream, b"220 smtp.example ESMTP\r\n\r\n")))
        }),
        ("a version of HTTP that is not known", InvalidResponse, || with_head("HTTP/3.0 200 OK\r\n")),
        ("a status of two digits", InvalidResponse, || with_head("HTTP/1.1 20 OK\r\n")),
        ("a header that is folded", InvalidResponse, || with_head("HTTP/1.1 200 OK\r\nx-folded: a\r\n b\r\n")),
        ("a space before a colon", InvalidResponse, || with_head("HTTP/1.1 200 OK\r\nx-spaced : a\r\n")),
        ("a header without a name", InvalidResponse, || with_head("HTTP/1.1 200 OK\r\n: a\r\n")),
        ("a length that is not a number", InvalidResponse, || with_head("HTTP/1.1 200 OK\r\ncontent-length: a\r\n")),
        ("two lengths", InvalidResponse, || with_head("HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n")),
        ("another transfer encoding", InvalidResponse, || with_head("HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n")),
        ("no transfer encoding, by its name", InvalidResponse, || {
            let response = b"HTTP/1.1 200 OK\r\ntransfer-encoding: identity\r\n\r\n{\"id\":";
            Target::http(FaultServer::start(|stream| close_after(stream, response)))
        }),
        ("two transfer encodings", InvalidResponse, || {
            let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
            Target::http(FaultServer::start(|stream| close_after(stream, head.as_bytes())))
        }),
        ("chunks in HTTP/1.0", InvalidResponse, || {
            let head = "HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
            Target::http(FaultServer::start(|stream| close_after(stream, head.as_bytes())))
        }),
        ("more headers than the limit", InvalidResponse, || with_head(&many_headers(101))),
        ("more headers than any transport accepts", InvalidResponse, || with_head(&many_headers(1000))),
        ("headers that are larger than the limit", InvalidResponse, || with_head(&large_header(64 << 10))),
        ("headers that are larger than any transport accepts", InvalidResponse, || with_head(&large_header(1 << 20))),
        ("a chunk without a length", Interrupted, || chunked("x\r\n{}\r\n0\r\n\r\n")),
        ("a chunk that is longer than its length", Interrupted, || chunked("1\r\n{}\r\n0\r\n\r\n")),
        ("a chunk extension without end", Interrupted, || chunked(&format!("2;{}", "x".repeat(1 << 20)))),
        ("a length of a chunk without end", Interrupted, || chunked(&"1".repeat(1 << 20))),
        ("a length that is too large", TooLarge, || {
            let head = b"HTTP/1.1 200 OK\r\ncontent-length: 2000000\r\n\r\nabc";
            Target::http(FaultServer::start(|stream| close_after(stream, head)))
        }),
        ("a length that is out of range", InvalidResponse, || {
            let head = b"HTTP/1.1 200 OK\r\ncontent-length: 18446744073709551615\r\n\r\nabc";
            Target::http(FaultServer::start(|stream| close_after(stream, head)))
        }),
        ("a body that is too large", TooLarge, || {
            Target::http(FaultServer::start(|mut stream| {
                fault_server::Request::read(&mut stream);
                respond(&mut stream, &" ".repeat(1001)).unwrap();
                hang(stream);
            }))
        }),
        ("chunks that are too large", TooLarge, || {
            Target::http(FaultServer::start(|stream| {
                let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
                close_after(stream, format!("{head}3e9\r\n{}\r\n0\r\n\r\n", " ".repeat(1001)).as_bytes());
            }))
        }),
    ];
    // A broadcast address of the loopback network: Linux has no route to it for TCP.
    if cfg!(target_os = "linux") {
        faults.push(("an unreachable network", Connect, || Target::none("http://127.255.255.255:9")));
    }
    faults
}

/// A response that has this status line and these headers, and an empty object as its body.
fn with_head(head: &str) -> Target {
    let response = format!("{head}content-length: 2\r\n\r\n{{}}");
    Target::http(FaultServer::start(move |stream| close_after(stream, response.as_bytes())))
}

/// A head with so many headers, together with the length of the body.
fn many_headers(count: usize) -> String {
    let headers = (1..count).map(|number| format!("x-{number}: a\r\n"));
    format!("HTTP/1.1 200 OK\r\n{}", headers.collect::<String>())
}

/// A head with headers of more than so many bytes.
fn large_header(size: usize) -> String {
    format!("HTTP/1.1 200 OK\r\nx-large: {}\r\n", "x".repeat(size))
}

/// A response in chunks.
fn chunked(chunks: &str) -> Target {
    let response = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{chunks}");
    Target::http(FaultServer::start(move |stream| close_after(stream, response.as_bytes())))
}

#[test]
fn every_fault_has_the_same_outcome_over_both_transports() {
    for (name, kind, target) in faults() {
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
    }
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

/// Clients that trust the authority of these certificates, and nobody else.
fn trusting(stack: Stack, certificates: &Certificates, setup: &Setup) -> AnyClient {
    let reqwest = || {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(certificates.roots())
            .with_no_client_auth();
        let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::limited(5));
        ReqwestTransport::new(builder.no_proxy().tls_backend_preconfigured(tls)).unwrap()
    };
    let ureq = || {
        use ureq::tls::{Certificate, RootCerts, TlsConfig};
        let roots = vec![Certificate::from_der(certificates.authority()).to_owned()];
        let tls = TlsConfig::builder().root_certs(RootCerts::Specific(Arc::new(roots))).build();
        UreqTransport::new(ureq::Agent::config_builder().proxy(None).tls_config(tls).build().into())
    };
    stack.client_over(setup, reqwest, ureq).unwrap()
}

#[test]
fn a_certificate_has_to_be_trusted_and_of_the_host_and_valid() {
    for (host, year, is_valid) in [("127.0.0.1", 4000, true), ("example.com", 4000, false), ("127.0.0.1", 2020, false)]
    {
        for stack in Stack::ALL {
            let certificates = Certificates::new(host, year);
            let target = Target::https(certificates.serve(|mut stream| {
                while fault_server::Request::read(&mut stream).is_some() {
                    respond(&mut stream, &session("fcsess_1")).unwrap();
                }
            }));
            let outcome = trusting(stack, &certificates, &target.setup(1)).send(&create());
            match outcome {
                Ok(_) => assert!(is_valid, "{stack:?}, {host}, {year}"),
                Err(error) => {
                    let cause = chain(&error);
                    assert!(!is_valid && cause.contains("certificate"), "{stack:?}: {cause}");
                    assert_eq!(transport_kind(&error), TransportErrorKind::Tls, "{stack:?}: {cause}");
                }
            }
        }
    }
}

/// Over TLS, the transport uses the builder that it was made of, which here follows redirects.
#[test]
fn a_redirect_is_not_followed_over_tls() {
    for stack in Stack::ALL {
        let requests = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&requests);
        let certificates = Certificates::new("127.0.0.1", 4000);
        let target = Target::https(certificates.serve(move |mut stream| {
            while fault_server::Request::read(&mut stream).is_some() {
                counted.fetch_add(1, Ordering::SeqCst);
                stream.write_all(b"HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n").unwrap();
                stream.flush().unwrap();
            }
        }));
        let error = trusting(stack, &certificates, &target.setup(0)).send(&create()).unwrap_err();
        assert_eq!(error.status().unwrap(), 302, "{stack:?}: {error:?}");
        assert_eq!(requests.load(Ordering::SeqCst), 1, "{stack:?}");
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

/// A proxy that refuses, and notes what it was told.
fn refusing_proxy() -> (FaultServer, Arc<Mutex<Vec<String>>>) {
    let heads = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&heads);
    let server = FaultServer::start(move |mut stream| {
        if let Some(request) = fault_server::Request::read(&mut stream) {
            noted.lock().unwrap().push(request.head);
            let _ = stream.write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
        }
    });
    (server, heads)
}

const HTTP_TARGET: &str = "TEST_HTTP_TARGET";
const HTTPS_TARGET: &str = "TEST_HTTPS_TARGET";

/// Runs in a process of its own, which the next test starts with proxies in its environment. Does nothing otherwise.
#[test]
fn in_an_environment_with_proxies() {
    let (Ok(http), Ok(https)) = (env::var(HTTP_TARGET), env::var(HTTPS_TARGET)) else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let asynchronous = |url: &str| Client::builder(KEY).base_url(url).defaults(Options::new().retries(0));
    let blocking = |url: &str| blocking::Client::builder(KEY).base_url(url).defaults(Options::new().retries(0));
    let own = || ReqwestTransport::new(ReqwestTransport::builder().unwrap()).unwrap();
    let send = |url: &str| {
        [
            runtime.block_on(asynchronous(url).build().unwrap().send(&create())),
            runtime.block_on(asynchronous(url).build_with(own(), Waits::default()).unwrap().send(&create())),
            blocking(url).build().unwrap().send(&create()),
        ]
    };
    for outcome in send(&http) {
        outcome.unwrap();
    }
    // Other hosts are for the proxy, but not their requests in clear.
    for outcome in send("https://stripe.invalid") {
        assert_eq!(transport_kind(&outcome.unwrap_err()), TransportErrorKind::Connect);
    }
    // A certificate of this machine is not trusted. A builder of the caller's own decides by itself about proxies.
    let [default, _, ureq] = send(&https);
    for outcome in [default, ureq] {
        assert_eq!(transport_kind(&outcome.unwrap_err()), TransportErrorKind::Tls);
    }
}

#[test]
fn no_proxy_of_the_environment_sees_the_key() {
    let server = Server::steps([Step::response(200, session("fcsess_1"))]);
    let tls = tls("127.0.0.1", 4000);
    let (proxy, heads) = refusing_proxy();
    let mut child = Command::new(env::current_exe().unwrap());
    child.args(["--exact", "faults::in_an_environment_with_proxies", "--nocapture"]);
    child.env(HTTP_TARGET, server.url()).env(HTTPS_TARGET, format!("https://{}", tls.address()));
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
        child.env(name, format!("http://{}", proxy.address()));
    }
    let output = child.env_remove("NO_PROXY").env_remove("no_proxy").output().unwrap();
    let shown = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && shown.contains("1 passed"), "{shown}");

    assert_eq!(server.received().len(), 3);
    let heads = heads.lock().unwrap();
    println!("{heads:?}");
    let unknown = heads.iter().filter(|head| head.starts_with("CONNECT stripe.invalid:443 ")).count();
    assert_eq!(unknown, 3, "the environment is heeded: {heads:?}");
    let own = heads.iter().filter(|head| head.starts_with("CONNECT 127.0.0.1:")).count();
    assert_eq!(unknown + own, heads.len(), "only tunnels: {heads:?}");
    assert!(own <= 1 && !heads.concat().contains(KEY), "{heads:?}");
}

/// Not even a proxy that the program itself names.
#[test]
fn no_proxy_of_the_program_sees_the_key() {
    for stack in Stack::ALL {
        let server = Server::steps([Step::response(200, session("fcsess_1"))]);
        let (proxy, heads) = refusing_proxy();
        let target = Target::proxy(proxy);
        let client = stack.client_over(&Setup::of(&server), || target.reqwest(), || target.ureq()).unwrap();
        client.send(&create()).unwrap();
        assert_eq!(server.received().len(), 1, "{stack:?}");
        assert!(heads.lock().unwrap().is_empty(), "{stack:?}");
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
