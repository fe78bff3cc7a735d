//! Requests as they arrive at the server.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use http::Method;
use stripe_financial_connections::{
    self as api, API_VERSION, Client, Endpoint, ErrorKind, Operation as _, Options, Request, RetrieveSession, Session,
    SessionExpand, blocking,
};
use tokio::task::JoinSet;

use crate::{
    fault_server::{self, FaultServer, respond},
    harness::{
        KEY, Setup, Stack, Waits, create, each_create, reqwest_without_proxy, retrieve, session, ureq_without_proxy,
    },
    server::{Server, Step},
};

const SESSIONS: &str = "/v1/financial_connections/sessions";

#[test]
fn a_create_request_arrives_whole() {
    let server = Server::steps([Step::response(200, session("fcsess_1")).header("x-other", "1")]);
    each_create(&server, &Setup::of(&server), |stack, _, outcome| {
        let response = outcome.unwrap();
        assert_eq!(response.value().id.as_str(), "fcsess_1");
        assert_eq!(response.status(), 200);
        assert_eq!(response.request_id(), Some("req_1"));
        assert_eq!(response.raw().headers()["x-other"], "1");
        assert_eq!(response.raw().body(), session("fcsess_1").as_bytes());
        assert_eq!(response.into_value().client_secret.as_ref().unwrap().expose(), crate::harness::CLIENT_SECRET);

        let received = server.received().pop().unwrap();
        assert_eq!(received.method, Method::POST);
        assert_eq!(received.target, SESSIONS);
        assert_eq!(received.body, create().request().unwrap().body().unwrap());
        assert_eq!(received.header("authorization"), Some(&*format!("Bearer {KEY}")));
        assert_eq!(received.header("stripe-version"), Some(API_VERSION));
        assert_eq!(received.header("content-type"), Some("application/x-www-form-urlencoded"));
        assert_eq!(received.header("user-agent"), Some(Endpoint::DEFAULT_USER_AGENT));
        assert_eq!(received.header("accept"), Some("application/json"));
        assert_eq!(received.header("stripe-account"), None);
        assert_eq!(received.header("idempotency-key").unwrap().len(), 36);
        for name in ["authorization", "content-type", "idempotency-key", "user-agent", "host", "content-length"] {
            assert_eq!(received.headers.get_all(name).iter().count(), 1, "{stack:?}: {name}");
        }
    });
}

#[test]
fn a_retrieve_request_arrives_whole() {
    let server = Server::steps([Step::response(200, session("fcsess_1"))]);
    for stack in Stack::ALL {
        let client = stack.client(&Setup::of(&server)).unwrap();
        client.send(&retrieve().expand([SessionExpand::AccountsDataOwnership])).unwrap();
        let received = server.received().pop().unwrap();
        assert_eq!(received.method, Method::GET);
        assert_eq!(received.target, format!("{SESSIONS}/fcsess_1?expand[0]=accounts.data.ownership"));
        assert_eq!(received.body, "");
        for name in ["content-type", "idempotency-key", "content-length", "transfer-encoding"] {
            assert_eq!(received.header(name), None, "{stack:?}: {name}");
        }
    }
}

/// Some gateways answer a `POST` without a length with the status 411, and servers expect none of a request without a body.
#[test]
fn a_post_states_its_length_though_its_body_is_empty() {
    for stack in Stack::ALL {
        let heads = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&heads);
        let server = FaultServer::start(move |mut stream| {
            while let Some(request) = fault_server::Request::read(&mut stream) {
                noted.lock().unwrap().push(request.head);
                respond(&mut stream, "{}").unwrap();
            }
        });
        let client = stack.client(&Setup::at(format!("http://{}", server.address()))).unwrap();
        let request = |method| Request::new(method, "/v1/new_objects", &[]).unwrap().with_api_version(API_VERSION);
        client.send_raw(request(api::Method::Post)).unwrap();
        client.send_raw(request(api::Method::Post).param("limit", 3)).unwrap();
        client.send_raw(request(api::Method::Get)).unwrap();
        client.send_raw(request(api::Method::Delete)).unwrap();

        let lengths = |head: &String| {
            let lines = head.lines().map(str::to_ascii_lowercase);
            let framing = |line: &String| line.starts_with("content-length") || line.starts_with("transfer-encoding");
            lines.filter(framing).collect::<Vec<_>>()
        };
        let lengths: Vec<_> = heads.lock().unwrap().iter().map(lengths).collect();
        assert_eq!(lengths, [vec!["content-length: 0"], vec!["content-length: 7"], vec![], vec![]], "{stack:?}");
    }
}

/// No URL library on the way may change the encoding.
#[test]
fn odd_ids_arrive_as_they_were_encoded() {
    let server = Server::steps([Step::response(200, session("fcsess_1"))]);
    let ids =
        ["a/b", "a b", "%2e%2e", "..%2f", "a?b#c", "é😀", "a%b", "a\\b", "a;b=c", "a'\"<>`{}|^[]", "~a.-_", "a\nb"];
    for stack in Stack::ALL {
        let client = stack.client(&Setup::of(&server)).unwrap();
        for id in ids {
            let operation = RetrieveSession::new(id).expand([id]);
            client.send(&operation).unwrap();
            let target = server.received().pop().unwrap().target;
            assert_eq!(target, operation.request().unwrap().url(""), "{stack:?}: {id}");
        }
    }
}

#[test]
fn options_apply_to_one_request() {
    let server = Server::steps([Step::response(200, session("fcsess_1"))]);
    let options = Options::new()
        .api_key("rk_test_other")
        .account("acct_1")
        .api_version("2025-01-27.acacia")
        .idempotency_key("order-42")
        .header("x-extra", "one")
        .header("x-extra", "two three")
        .param("limits[a b]", "1&2=3")
        .param("new", "");
    for stack in Stack::ALL {
        let client = stack.client(&Setup::of(&server)).unwrap();
        client.send_with(&create(), &options).unwrap();
        let received = server.received().pop().unwrap();
        assert_eq!(received.header("authorization"), Some("Bearer rk_test_other"));
        assert_eq!(received.header("stripe-account"), Some("acct_1"));
        assert_eq!(received.header("stripe-version"), Some("2025-01-27.acacia"));
        assert_eq!(received.header("idempotency-key"), Some("order-42"));
        assert_eq!(received.headers.get_all("x-extra").iter().collect::<Vec<_>>(), ["one", "two three"]);
        let plain = create().request().unwrap().into_body().unwrap();
        assert_eq!(received.body, format!("{plain}&limits[a%20b]=1%262%3D3&new="));

        client.send_with(&retrieve(), &options).unwrap();
        let received = server.received().pop().unwrap();
        assert_eq!(received.target, format!("{SESSIONS}/fcsess_1?limits[a%20b]=1%262%3D3&new="));
        assert_eq!(received.body, "");

        client.send(&create()).unwrap();
        let received = server.received().pop().unwrap();
        assert_eq!(received.header("authorization"), Some(&*format!("Bearer {KEY}")));
        assert_eq!(received.header("stripe-account"), None);
        assert_eq!(received.body, plain);
    }
}

#[test]
fn a_client_has_defaults_that_a_request_overrides_or_unsets() {
    let server = Server::steps([Step::response(200, session("fcsess_1"))]);
    let defaults = Options::new()
        .account("acct_client")
        .context("acct_a/acct_b")
        .api_version("2025-01-27.acacia")
        .header("x-tenant", "one")
        .header("x-tenant", "two")
        .header("x-other", "kept");
    for stack in Stack::ALL {
        let client = stack.client(&Setup { defaults: defaults.clone(), ..Setup::of(&server) }).unwrap();
        let sent = |options: &Options| {
            client.send_with(&create(), options).unwrap();
            let received = server.received().pop().unwrap();
            let all = |name| {
                received
                    .headers
                    .get_all(name)
                    .iter()
                    .map(|value| value.to_str().unwrap().to_owned())
                    .collect::<Vec<_>>()
            };
            ["stripe-account", "stripe-context", "stripe-version", "x-tenant", "x-other"]
                .map(|name| all(name).join("+"))
        };
        assert_eq!(
            sent(&Options::new()),
            ["acct_client", "acct_a/acct_b", "2025-01-27.acacia", "one+two", "kept"],
            "{stack:?}"
        );
        let overridden = Options::new()
            .account("acct_request")
            .context("acct_c")
            .api_version("2025-03-31.basil")
            .header("X-Tenant", "three")
            .header("x-tenant", "four");
        assert_eq!(sent(&overridden), ["acct_request", "acct_c", "2025-03-31.basil", "three+four", "kept"]);
        let unset = Options::new().without_account().without_context().without_api_version().without_header("X-Tenant");
        assert_eq!(sent(&unset), ["", "", API_VERSION, "", "kept"]);
    }
}

#[test]
fn the_application_is_named() {
    let server = Server::steps([Step::response(200, session("fcsess_1"))]);
    let agent = format!("{} shop/1.2 (https://example.com)", Endpoint::DEFAULT_USER_AGENT);
    let builder = blocking::Client::builder(KEY).base_url(server.url()).user_agent(&*agent);
    builder.build_with(ureq_without_proxy(), Waits::default()).unwrap().send(&retrieve()).unwrap();
    assert_eq!(server.received().pop().unwrap().header("user-agent"), Some(&*agent));
}

#[test]
fn a_base_url_may_have_a_path() {
    let server = Server::steps([Step::response(200, session("fcsess_1"))]);
    for stack in Stack::ALL {
        for end in ["", "/", "//"] {
            let setup = Setup { base_url: format!("{}/mock/stripe{end}", server.url()), ..Setup::of(&server) };
            stack.client(&setup).unwrap().send(&retrieve()).unwrap();
            assert_eq!(server.received().pop().unwrap().target, format!("/mock/stripe{SESSIONS}/fcsess_1"));
        }
    }
}

/// The default clients, as `new` creates them except for the base URL.
#[tokio::test]
async fn the_default_clients_send() {
    let server = Server::steps([Step::response(200, session("fcsess_1"))]);
    let client = Client::builder(KEY).base_url(server.url()).build().unwrap();
    let session: Session = client.send(&create()).await.unwrap().into_value();
    assert_eq!(session.id.as_str(), "fcsess_1");

    let client = blocking::Client::builder(KEY).base_url(server.url()).build().unwrap();
    let sent = tokio::task::spawn_blocking(move || client.send(&create()).unwrap().into_value());
    assert_eq!(sent.await.unwrap(), session);
    assert!(Client::new(KEY).is_ok());
    assert!(blocking::Client::new(KEY).is_ok());
}

#[test]
fn redirects_are_not_followed() {
    let elsewhere = Server::steps([Step::response(200, session("fcsess_stolen"))]);
    let target: &'static str = Box::leak(format!("{}/stolen", elsewhere.url()).into_boxed_str());
    for location in [target, "/elsewhere"] {
        for status in [301, 302, 303, 307, 308] {
            // With a body that would be valid with another status.
            let server = Server::steps([Step::response(status, session("fcsess_1")).header("location", location)]);
            each_create(&server, &Setup { retries: 2, ..Setup::of(&server) }, |stack, client, outcome| {
                let error = outcome.unwrap_err();
                assert!(matches!(error.kind(), ErrorKind::UnexpectedResponse(_)), "{stack:?}: {error:?}");
                assert_eq!(error.status().unwrap(), status);
                assert!(error.to_string().contains("redirect"), "{error}");
                assert_eq!(error.response().unwrap().headers()["location"], location);
                assert_eq!(client.send(&retrieve()).unwrap_err().status().unwrap(), status);
            });
            assert_eq!(server.received().len(), 4, "two for each stack");
        }
    }
    assert!(elsewhere.received().is_empty());
}

/// Each response must belong to its request, and each request must have its own idempotency key.
fn echo() -> Server {
    Server::start(|_, received| match received.target.rsplit('/').next() {
        Some("sessions") => Step::response(200, session(received.header("idempotency-key").unwrap())),
        id => Step::response(200, session(id.unwrap())),
    })
}

/// Both ends of a thousand connections are in this process.
fn allow_many_files() {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    setrlimit(Resource::RLIMIT_NOFILE, hard.min(soft.max(8192)), hard).unwrap();
}

#[test]
fn a_thousand_calls_at_once_do_not_mix() {
    const CALLS: usize = 1000;
    allow_many_files();
    let server = echo();
    let client =
        Client::builder(KEY).base_url(server.url()).build_with(reqwest_without_proxy(), Waits::default()).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let keys: BTreeSet<String> = runtime.block_on(async {
        let mut calls = JoinSet::new();
        for call in 0..CALLS {
            let client = client.clone();
            calls.spawn(async move {
                let id = format!("fcsess_{call}");
                let retrieved = client.send(&RetrieveSession::new(&*id)).await.unwrap();
                assert_eq!(retrieved.value().id.as_str(), id);
                String::from(client.send(&create()).await.unwrap().into_value().id)
            });
        }
        calls.join_all().await.into_iter().collect()
    });
    assert_eq!(keys.len(), CALLS);
    assert_eq!(server.received().len(), 2 * CALLS);
}

#[test]
fn a_thousand_blocking_calls_do_not_mix() {
    const THREADS: usize = 20;
    const CALLS: usize = 50;
    allow_many_files();
    let server = echo();
    let client = blocking::Client::builder(KEY).base_url(server.url()).build().unwrap();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let client = client.clone();
            scope.spawn(move || {
                for call in 0..CALLS {
                    let id = format!("fcsess_{thread}_{call}");
                    assert_eq!(client.send(&RetrieveSession::new(&*id)).unwrap().value().id.as_str(), id);
                }
            });
        }
    });
    assert_eq!(server.received().len(), THREADS * CALLS);
}
