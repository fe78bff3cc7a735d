//! Proxies.

use std::env;
use std::io::Write as _;
use std::process::Command;
use std::sync::{Arc, Mutex};

use stripe_financial_connections::{Client, Options, ReqwestTransport, TransportErrorKind, blocking};

use crate::fault_server;
use crate::fault_server::FaultServer;
use crate::faults::table::{Target, tls};
use crate::harness::{KEY, Setup, Stack, Waits, create, session, transport_kind};
use crate::server::{Server, Step};

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
    child.args(["--exact", "faults::proxies::in_an_environment_with_proxies", "--nocapture"]);
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
