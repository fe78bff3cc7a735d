//! Invalid input is an error before anything is sent, and is never repeated in the message.

use std::time::Duration;

use stripe_financial_connections::{
    Client, ClientBuilder, Endpoint, Error, ErrorClass, ErrorKind, Options, RetrieveSession, blocking,
};

use crate::{
    harness::{KEY, Setup, Stack, create, session},
    server::{Server, Step},
};

/// Checks that the error names the input, says what to do, and does not repeat the value.
fn assert_names(error: &Error, input: &str, value: &str) {
    let ErrorKind::InvalidInput(invalid) = error.kind() else { panic!("{error:?}") };
    assert_eq!(invalid.input(), input);
    assert!(error.class() == ErrorClass::InvalidInput && !error.is_retryable() && error.status().is_none());
    let text = error.to_string();
    assert!(text.starts_with(&format!("the {input} {}: ", invalid.reason())), "{text}");
    let own_words = value.len() < 4 || "pass an `https` URL such as `https://api.stripe.com`".contains(value);
    assert!(own_words || !format!("{text}{error:?}").contains(value), "{text}");
    println!("{text}");
}

fn both<C>(configure: impl Fn(ClientBuilder<Client>) -> ClientBuilder<Client>, blocking: C) -> [Error; 2]
where
    C: Fn(ClientBuilder<blocking::Client>) -> ClientBuilder<blocking::Client>,
{
    [
        configure(Client::builder(KEY)).build().unwrap_err(),
        blocking(blocking::Client::builder(KEY)).build().unwrap_err(),
    ]
}

const BAD_KEYS: [&str; 12] = [
    "",
    " ",
    "\n",
    "sk_test_1\n",
    "sk_test_1\r\nx-evil: 1",
    "sk test 1",
    "sk_test_é",
    "sk_test_\0",
    "sk_test_\u{7f}",
    "\"sk_test_1\"",
    "Bearer sk_test_1",
    "pk_test_123456",
];

#[test]
fn bad_keys() {
    for key in BAD_KEYS {
        assert_names(&Client::new(key).unwrap_err(), "API key", key);
        assert_names(&blocking::Client::new(key).unwrap_err(), "API key", key);
        assert_names(&Endpoint::new(key).unwrap_err(), "API key", key);
    }
    for key in ["sk_test_1", "rk_live_1", "sk_org_test_1", "ek_test_a-b.c", KEY] {
        assert!(Client::new(key).is_ok() && blocking::Client::new(key.to_owned()).is_ok(), "{key}");
    }
}

#[test]
fn a_port_that_cannot_be_is_named() {
    for (url, reason) in [
        ("https://api.stripe.com:99999/v1", "has the port 99999, which is not from 1 to 65535"),
        ("http://[::1]:65536", "has the port 65536, which is not from 1 to 65535"),
        ("http://127.0.0.1:0", "has the port 0, which is not from 1 to 65535"),
        ("https://api.stripe.com:", "ends with a colon, without a port"),
    ] {
        let error = Endpoint::new(KEY).unwrap().with_base_url(url).unwrap_err();
        let ErrorKind::InvalidInput(invalid) = error.kind() else { panic!("{error:?}") };
        assert_eq!((invalid.input(), invalid.reason()), ("base URL", reason));
        assert!(Client::builder(KEY).base_url(url).build().is_err(), "{url}");
    }
}

#[test]
fn bad_base_urls() {
    for url in [
        "",
        " ",
        "api.stripe.com",
        "/v1",
        "https://",
        "https:///v1",
        "https://api stripe.com",
        "ftp://api.stripe.com",
        "http://api.stripe.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://0.0.0.0",
        "http://192.168.0.1",
        "http://[::2]",
        "https://user@api.stripe.com",
        "https://user:pass@api.stripe.com",
        "https://user:pass@api.stripe.com:443",
        "https://api.stripe.com?a=b",
        "https://api.stripe.com/#a",
        "https://api.stripe.com\n",
        "https://a:99999",
        "https://a:65536",
        "https://a:0",
        "https://127.0.0.1:+443",
        "https://[]",
        "https://[::g]",
        "https://[1.2.3.4]",
        "https://256.1.1.1",
        "https://.",
        "https://a..b",
        "https://a.com/v/../w",
        "https://a.com/./",
        "https://a.com/%2e%2e/w",
        "https://a.com/{x}",
        "https://a.com/a\"b",
        "https://[::1]:99999",
        "https://a:b",
        "https://a:",
        "https://api.stripe.com\\@example.com",
        "javascript:alert(1)",
        "https://é.com",
        "http://127.0.0.1@example.com",
        "://",
        "https:/api.stripe.com",
    ] {
        for error in both(|builder| builder.base_url(url), |builder| builder.base_url(url)) {
            assert_names(&error, "base URL", url);
        }
    }
    for url in [
        "https://api.stripe.com",
        "https://api.stripe.com/",
        "https://example.com:8443/stripe/",
        "http://127.0.0.1:1",
        "http://127.9.9.9",
        "http://localhost:12111",
        "http://LOCALHOST",
        "http://[::1]:12111",
        "HTTPS://api.stripe.com",
    ] {
        assert!(Client::builder(KEY).base_url(url).build().is_ok(), "{url}");
        assert!(Endpoint::new(KEY).unwrap().with_base_url(url).is_ok(), "{url}");
    }
}

#[test]
fn bad_limits_and_names() {
    for error in both(|builder| builder.max_response_bytes(0), |builder| builder.max_response_bytes(0)) {
        assert_names(&error, "maximum response size", "");
    }
    for bad in ["", " ", "a\nb", "a\r\nx-evil: 1", "é", "a\0b"] {
        for error in both(|builder| builder.user_agent(bad), |builder| builder.user_agent(bad)) {
            assert_names(&error, "user agent", bad);
        }
    }
}

/// Checks both clients, and an endpoint for what it takes.
fn refused_as_default(defaults: &Options, input: &str, value: &str) {
    for error in both(|builder| builder.defaults(defaults.clone()), |builder| builder.defaults(defaults.clone())) {
        assert_names(&error, input, value);
    }
    if !["timeout", "deadline"].contains(&input) {
        assert_names(&Endpoint::new(KEY).unwrap().with_defaults(defaults).unwrap_err(), input, value);
    }
}

#[test]
fn bad_defaults() {
    for bad in ["", " ", "a b", "a\nb", "a\r\nx-evil: 1", "é", "a\0b"] {
        refused_as_default(&Options::new().account(bad), "account", bad);
        refused_as_default(&Options::new().context(bad), "context", bad);
        refused_as_default(&Options::new().api_version(bad), "API version", bad);
    }
    refused_as_default(&Options::new().header("a b", "value"), "name of an extra header", "value");
    refused_as_default(&Options::new().header("x-a", "va\nlue"), "header x-a", "va\nlue");
    refused_as_default(&Options::new().header("Host", "value-1"), "header host", "value-1");
    refused_as_default(&Options::new().timeout(Duration::ZERO), "timeout", "");
    refused_as_default(&Options::new().deadline(Duration::ZERO), "deadline", "");
    // What belongs to a single request.
    refused_as_default(&Options::new().api_key("sk_test_other"), "API key", "sk_test_other");
    refused_as_default(&Options::new().idempotency_key("order-42"), "idempotency key", "order-42");
    refused_as_default(&Options::new().param("limit", "value-1"), "extra parameter", "value-1");
}

#[test]
fn a_builder_does_not_show_the_user_info_of_a_base_url() {
    for (url, shown) in [
        ("https://user:pass@api.stripe.com/v1", "…"),
        ("https://us@er:pa/ss@api.stripe.com", "…"),
        ("user:pass@api.stripe.com", "…"),
        ("user:pass@https://api.stripe.com", "…"),
        ("https://user:pass", "…"),
        ("https://api.stripe.com/?key=pass", "…"),
        ("https://api.stripe.com", "https://api.stripe.com"),
    ] {
        let debug = format!("{:?}", Client::builder(KEY).base_url(url));
        assert!(debug.contains(&format!("{shown:?}")), "{debug}");
        assert!(!debug.contains("pass"), "{debug}");
        assert_eq!(debug, format!("{:?}", blocking::Client::builder(KEY).base_url(url)));
    }
}

/// Checks both clients, and that nothing reaches the server.
fn refused(options: &Options, input: &str, value: &str) {
    let server = Server::steps([Step::response(200, session("fcsess_1"))]);
    for stack in Stack::ALL {
        let client = stack.client(&Setup { retries: 2, ..Setup::of(&server) }).unwrap();
        assert_names(&client.send_with(&create(), options).unwrap_err(), input, value);
        assert!(client.waits.all().is_empty());
    }
    assert!(server.received().is_empty());
}

#[test]
fn bad_options() {
    for key in BAD_KEYS {
        refused(&Options::new().api_key(key), "API key", key);
    }
    for bad in ["", " ", "a b", "a\nb", "a\r\nx-evil: 1", "é", "a\0b"] {
        refused(&Options::new().account(bad), "account", bad);
        refused(&Options::new().context(bad), "context", bad);
        refused(&Options::new().api_version(bad), "API version", bad);
        refused(&Options::new().idempotency_key(bad), "idempotency key", bad);
    }
    let long = "k".repeat(256);
    refused(&Options::new().idempotency_key(&*long), "idempotency key", &long);
    refused(&Options::new().timeout(Duration::ZERO), "timeout", "");
    refused(&Options::new().deadline(Duration::ZERO), "deadline", "");
    refused(&Options::new().param("", "value"), "name of an extra parameter", "value");
    for name in ["", "a b", "a\nb", "a:b", "é"] {
        refused(&Options::new().header(name, "value"), "name of an extra header", "value");
        refused(&Options::new().without_header(name), "name of an extra header", name);
    }
    for value in ["a\nb", "a\r\nx-evil: 1", "a\0b", "\u{7f}"] {
        refused(&Options::new().header("X-Extra", value), "header x-extra", value);
    }
    for name in [
        "Authorization",
        "Idempotency-Key",
        "Stripe-Account",
        "Stripe-Context",
        "Stripe-Version",
        "Content-Type",
        "Content-Length",
        "Host",
        "Transfer-Encoding",
        "User-Agent",
        "Connection",
        "Upgrade",
    ] {
        refused(&Options::new().header(name, "value-1"), &format!("header {}", name.to_lowercase()), "value-1");
        refused(&Options::new().without_header(name), &format!("header {}", name.to_lowercase()), "value-1");
    }
}

#[test]
fn an_idempotency_key_of_255_characters_is_accepted() {
    let server = Server::steps([Step::response(200, session("fcsess_1"))]);
    let key = "k".repeat(255);
    for stack in Stack::ALL {
        let client = stack.client(&Setup::of(&server)).unwrap();
        client.send_with(&create(), &Options::new().idempotency_key(&*key)).unwrap();
        assert_eq!(server.received().pop().unwrap().header("idempotency-key"), Some(&*key));
    }
}

#[test]
fn a_very_long_timeout_is_accepted() {
    let server = Server::steps([Step::response(200, session("fcsess_1"))]);
    for stack in Stack::ALL {
        let client = stack.client(&Setup { timeout: Duration::MAX, ..Setup::of(&server) }).unwrap();
        client.send(&create()).unwrap();
    }
}

#[test]
fn an_id_that_would_change_the_path_is_refused() {
    let server = Server::steps([Step::response(200, session("fcsess_1"))]);
    for id in ["", ".", ".."] {
        for stack in Stack::ALL {
            let error = stack.client(&Setup::of(&server)).unwrap().send(&RetrieveSession::new(id)).unwrap_err();
            assert_names(&error, "path parameter `session`", id);
            assert!(std::error::Error::source(&error).is_none(), "the message says everything");
        }
    }
    assert!(server.received().is_empty());
}

#[test]
fn a_url_that_is_too_long_is_refused() {
    let id = "a".repeat(70_000);
    let server = Server::steps([Step::response(200, session("fcsess_1"))]);
    for stack in Stack::ALL {
        let error = stack.client(&Setup::of(&server)).unwrap().send(&RetrieveSession::new(&*id)).unwrap_err();
        assert_names(&error, "URL of the request", &id);
    }
}
