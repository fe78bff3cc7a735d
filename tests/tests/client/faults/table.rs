//! Every fault, with its outcome.

use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use stripe_financial_connections::{ReqwestTransport, TransportErrorKind, UreqTransport};

use crate::fault_server;
use crate::fault_server::{Certificates, FaultServer, close_after, hang, reset_after, respond};
use crate::harness::{Setup, reqwest_without_proxy, ureq_without_proxy};

/// Where the client is pointed, and what keeps that up.
pub(crate) struct Target {
    pub(crate) base_url: String,
    proxy: Option<String>,
    /// The request that is to arrive never does.
    pub(crate) server: Option<FaultServer>,
}

impl Target {
    pub(crate) fn http(server: FaultServer) -> Self {
        Self { base_url: format!("http://{}", server.address()), proxy: None, server: Some(server) }
    }

    pub(crate) fn https(server: FaultServer) -> Self {
        Self { base_url: format!("https://{}", server.address()), proxy: None, server: Some(server) }
    }

    /// A host that is to be reached by a proxy only.
    pub(crate) fn proxy(server: FaultServer) -> Self {
        let proxy = Some(format!("http://{}", server.address()));
        Self { base_url: "https://stripe.invalid".to_owned(), proxy, server: Some(server) }
    }

    pub(crate) fn none(base_url: impl Into<String>) -> Self {
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

pub(crate) fn tls(host: &str, year: i32) -> FaultServer {
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
pub(crate) fn with_head(head: &str) -> Target {
    let response = format!("{head}content-length: 2\r\n\r\n{{}}");
    Target::http(FaultServer::start(move |stream| close_after(stream, response.as_bytes())))
}

/// A head with so many headers, together with the length of the body.
pub(crate) fn many_headers(count: usize) -> String {
    let headers = (1..count).map(|number| format!("x-{number}: a\r\n"));
    format!("HTTP/1.1 200 OK\r\n{}", headers.collect::<String>())
}

/// A head with headers of more than so many bytes.
pub(crate) fn large_header(size: usize) -> String {
    format!("HTTP/1.1 200 OK\r\nx-large: {}\r\n", "x".repeat(size))
}

/// A response in chunks.
pub(crate) fn chunked(chunks: &str) -> Target {
    let response = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{chunks}");
    Target::http(FaultServer::start(move |stream| close_after(stream, response.as_bytes())))
}
