//! Retries: when, how often, after which wait, and that each sends the same request.

use std::time::{Duration, Instant, SystemTime};

use stripe_financial_connections::{ErrorClass, Options, Timer, TransportErrorKind, blocking};

use crate::{
    harness::{KEY, Setup, Stack, Waits, create, each_create, retrieve, session, transport_kind, ureq_without_proxy},
    server::{Received, Server, Step},
};

const MILLI: Duration = Duration::from_millis(1);

fn good() -> Step {
    Step::response(200, session("fcsess_1"))
}

fn failing(status: u16) -> Step {
    Step::response(status, r#"{"error": {"type": "api_error", "message": "later"}}"#)
}

/// Checks that all requests are the same, with the same key.
fn assert_same(received: &[Received]) {
    let key = received[0].header("idempotency-key").expect("a POST has an idempotency key");
    for request in received {
        assert_eq!(request.header("idempotency-key"), Some(key));
        assert_eq!(request.body, received[0].body);
        assert_eq!(request.headers, received[0].headers);
        assert_eq!(request.target, received[0].target);
    }
}

/// Returns the waits of a call with two retries, over each stack.
fn attempts(steps: &[Step], succeeds: bool) -> Vec<Vec<Duration>> {
    let run = |stack: Stack| {
        let server = Server::steps(steps);
        let setup = Setup { retries: 2, ..Setup::of(&server) };
        let client = stack.client(&setup).unwrap();
        let outcome = client.send(&create());
        assert_eq!(outcome.is_ok(), succeeds, "{stack:?}: {outcome:?}");
        let received = server.received();
        let waits = client.waits.all();
        assert_eq!(received.len(), waits.len() + 1, "{stack:?}");
        assert_same(&received);
        waits
    };
    Stack::ALL.map(run).to_vec()
}

#[test]
fn a_temporary_failure_is_retried() {
    for status in [409, 429, 500, 502, 503, 504, 599] {
        for waits in attempts(&[failing(status), failing(status), good()], true) {
            assert_eq!(waits.len(), 2, "{status}");
            assert!((250 * MILLI..=500 * MILLI).contains(&waits[0]), "{waits:?}");
            assert!((500 * MILLI..=1000 * MILLI).contains(&waits[1]), "{waits:?}");
        }
    }
}

#[test]
fn a_permanent_failure_is_not_retried() {
    for status in [400, 401, 402, 403, 404, 405, 410, 424, 304] {
        for waits in attempts(&[failing(status), good()], false) {
            assert!(waits.is_empty(), "{status}");
        }
    }
    // A success that cannot be decoded would not decode the next time.
    for waits in attempts(&[Step::response(200, "{}"), good()], false) {
        assert!(waits.is_empty());
    }
}

#[test]
fn a_broken_connection_is_retried() {
    let halfway = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{\"id\": \"fc".to_vec();
    for step in [Step::Reset, Step::Raw(Vec::new()), Step::Raw(halfway)] {
        for waits in attempts(&[step.clone(), step, good()], true) {
            assert_eq!(waits.len(), 2);
        }
    }
    for waits in attempts(&[Step::Raw(b"no HTTP\r\n\r\n".to_vec()), good()], false) {
        assert!(waits.is_empty(), "what is not HTTP would be the same again");
    }
}

#[test]
fn a_refused_connection_is_retried() {
    let server = Server::steps([good()]);
    let setup = Setup { retries: 3, ..Setup::of(&server) };
    drop(server);
    for stack in Stack::ALL {
        let client = stack.client(&setup).unwrap();
        assert_eq!(transport_kind(&client.send(&create()).unwrap_err()), TransportErrorKind::Connect);
        assert_eq!(client.waits.all().len(), 3);
    }
}

#[test]
fn a_timeout_is_retried() {
    let server = Server::steps([Step::Hang]);
    for stack in Stack::ALL {
        let setup = Setup { retries: 1, timeout: 50 * MILLI, ..Setup::of(&server) };
        let client = stack.client(&setup).unwrap();
        let before = server.received().len();
        let error = client.send(&create()).unwrap_err();
        assert!(error.class() == ErrorClass::Timeout && error.is_retryable(), "{stack:?}: {error:?}");
        assert_eq!(client.waits.all().len(), 1);
        assert_same(&server.received()[before..]);
    }
}

#[test]
fn a_body_that_does_not_arrive_is_a_timeout() {
    let stuck = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{".to_vec();
    // Written past hyper, after which the request hangs: the connection stays open.
    let (listener, url) = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        (listener, url)
    };
    let thread = std::thread::spawn(move || {
        let mut open = Vec::new();
        for _ in 0..2 {
            use std::io::{Read as _, Write as _};
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]).unwrap();
            stream.write_all(&stuck).unwrap();
            open.push(stream);
        }
        open
    });
    let server = Server::steps([good()]);
    for stack in Stack::ALL {
        let setup = Setup { timeout: 50 * MILLI, base_url: url.clone(), ..Setup::of(&server) };
        let error = stack.client(&setup).unwrap().send(&retrieve()).unwrap_err();
        assert_eq!(error.class(), ErrorClass::Timeout, "{stack:?}: {error:?}");
    }
    drop(thread.join().unwrap());
}

#[test]
fn the_number_of_attempts_is_limited() {
    for retries in [0, 1, 2, 5] {
        let server = Server::steps([failing(503)]);
        each_create(&server, &Setup { retries, ..Setup::of(&server) }, |_, client, outcome| {
            let error = outcome.unwrap_err();
            assert_eq!(error.status().unwrap(), 503);
            assert!(error.is_retryable() && error.class() == ErrorClass::Server);
            assert_eq!(client.waits.all().len(), retries as usize);
        });
        assert_eq!(server.received().len(), 2 * (retries as usize + 1));
    }
}

#[test]
fn should_retry_takes_precedence_over_the_status() {
    for waits in attempts(&[failing(400).header("stripe-should-retry", "true"), good()], true) {
        assert_eq!(waits.len(), 1);
    }
    for status in [409, 429, 500, 503] {
        for waits in attempts(&[failing(status).header("stripe-should-retry", "false"), good()], false) {
            assert!(waits.is_empty(), "{status}");
        }
    }
    // Any other value is ignored.
    for waits in attempts(&[failing(500).header("stripe-should-retry", "maybe"), good()], true) {
        assert_eq!(waits.len(), 1);
    }
    for waits in attempts(&[good().header("stripe-should-retry", "true"), failing(400)], true) {
        assert!(waits.is_empty(), "a success is a success");
    }
}

#[test]
fn retry_after_is_respected_up_to_a_minute() {
    let beyond_64_bits = "18446744073709551616";
    for (value, seconds) in [("7", 7), (" 7 ", 7), ("60", 60), ("61", 60), (beyond_64_bits, 60)] {
        for waits in attempts(&[failing(429).header("retry-after", value), good()], true) {
            assert_eq!(waits, [Duration::from_secs(seconds)], "{value}");
        }
    }
    for value in ["0", "-1", "+1", "1.5", "", "soon", "Wed, 21 Oct 2026 07:28:00 GMT"] {
        for waits in attempts(&[failing(429).header("retry-after", value), good()], true) {
            assert!((250 * MILLI..=500 * MILLI).contains(&waits[0]), "{value}: {waits:?}");
        }
    }
}

/// A caller adds it to the current time, which would panic on an overflow.
#[test]
fn retry_after_is_at_most_a_year() {
    const YEAR: u64 = 365 * 24 * 60 * 60;
    for (value, seconds) in [("31535999", YEAR - 1), ("31536001", YEAR), ("18446744073709551615", YEAR)] {
        let server = Server::steps([failing(429).header("retry-after", value)]);
        each_create(&server, &Setup::of(&server), |_, _, outcome| {
            let wait = outcome.unwrap_err().retry_after().unwrap();
            assert_eq!(wait, Duration::from_secs(seconds), "{value}");
            assert!(Instant::now() + wait > Instant::now() && SystemTime::now() + wait > SystemTime::now());
        });
    }
}

#[test]
fn the_waits_grow_to_five_seconds_and_no_further() {
    let server = Server::steps([failing(500)]);
    let client = Stack::Ureq.client(&Setup { retries: 200, ..Setup::of(&server) }).unwrap();
    client.send(&create()).unwrap_err();
    let waits = client.waits.all();
    assert_eq!(waits.len(), 200);
    for (wait, most) in waits.iter().zip([500, 1000, 2000, 4000].into_iter().chain(std::iter::repeat(5000))) {
        assert!((most / 2 * MILLI..=most * MILLI).contains(wait), "{wait:?} is not {most} ms to half of that");
    }
    let mut different = waits[3..].to_vec();
    different.sort();
    different.dedup();
    assert!(different.len() > 10, "clients that fail together would come back together");
}

#[test]
fn each_call_has_its_own_idempotency_key() {
    let server = Server::steps([failing(500), good()]);
    let client = Stack::Reqwest.client(&Setup { retries: 2, ..Setup::of(&server) }).unwrap();
    client.send(&create()).unwrap();
    client.send(&create()).unwrap();
    let keys: Vec<_> =
        server.received().iter().map(|request| request.header("idempotency-key").unwrap().to_owned()).collect();
    assert_eq!(keys.len(), 3);
    assert_eq!(keys[0], keys[1]);
    assert_ne!(keys[1], keys[2]);
}

#[test]
fn the_callers_idempotency_key_is_kept() {
    for stack in Stack::ALL {
        let server = Server::steps([failing(500).header("connection", "close"), Step::Reset, good()]);
        let client = stack.client(&Setup { retries: 2, ..Setup::of(&server) }).unwrap();
        client.send_with(&create(), &Options::new().idempotency_key("order-42")).unwrap();
        let received = server.received();
        assert_eq!(received.len(), 3);
        assert_eq!(received[0].header("idempotency-key"), Some("order-42"));
        assert_same(&received);
    }
}

#[test]
fn a_retrieve_request_is_retried_without_a_key() {
    for stack in Stack::ALL {
        let server = Server::steps([failing(500), good()]);
        stack.client(&Setup { retries: 2, ..Setup::of(&server) }).unwrap().send(&retrieve()).unwrap();
        assert_eq!(server.received().len(), 2);
        assert_eq!(server.received()[1].header("idempotency-key"), None);
    }
}

#[test]
fn a_request_overrides_retries_and_timeout() {
    for stack in Stack::ALL {
        let server = Server::steps([failing(500), failing(500), failing(500), Step::Hang]);
        let client = stack.client(&Setup { retries: 2, ..Setup::of(&server) }).unwrap();
        client.send_with(&create(), &Options::new().retries(0)).unwrap_err();
        assert_eq!(server.received().len(), 1);
        client.send_with(&create(), &Options::new().retries(1)).unwrap_err();
        assert_eq!(server.received().len(), 3);
        let error = client.send_with(&create(), &Options::new().retries(0).timeout(50 * MILLI)).unwrap_err();
        assert_eq!(error.class(), ErrorClass::Timeout);
    }
}

#[test]
fn a_rate_limit_with_the_status_400_is_retried() {
    let limited = Step::response(400, r#"{"error": {"type": "invalid_request_error", "code": "rate_limit"}}"#);
    for waits in attempts(&[limited, good()], true) {
        assert_eq!(waits.len(), 1);
    }
}

/// The waits are recorded, so only the attempts take time.
#[test]
fn a_deadline_limits_all_attempts_together() {
    for stack in Stack::ALL {
        // One attempt takes the whole time, though its timeout is longer.
        let server = Server::steps([Step::Hang]);
        let setup = Setup { deadline: Some(500 * MILLI), retries: 5, ..Setup::of(&server) };
        let client = stack.client(&setup).unwrap();
        let error = client.send(&create()).unwrap_err();
        assert!(error.class() == ErrorClass::Timeout && error.is_retryable(), "{stack:?}: {error:?}");
        // With the timeout of an attempt, there would be six of them.
        assert_eq!((server.received().len(), client.waits.all()), (1, Vec::new()));

        // A wait that would pass the deadline is not begun: the outcome of the attempt is returned at once.
        let server = Server::steps([failing(503).header("retry-after", "7")]);
        let setup = Setup { deadline: Some(6000 * MILLI), retries: 5, ..Setup::of(&server) };
        let client = stack.client(&setup).unwrap();
        assert_eq!(client.send(&create()).unwrap_err().status().unwrap(), 503);
        assert!(client.waits.all().is_empty());

        // A request overrides it.
        let options = Options::new().deadline(Duration::from_secs(3600));
        assert_eq!(client.send_with(&create(), &options).unwrap_err().status().unwrap(), 503);
        assert_eq!(client.waits.all().len(), 5);

        // Attempts within the deadline are not limited.
        let server = Server::steps([failing(503), failing(503), good()]);
        let setup = Setup { deadline: Some(Duration::MAX), retries: 2, ..Setup::of(&server) };
        stack.client(&setup).unwrap().send(&create()).unwrap();
    }
}

#[test]
fn three_attempts_by_default_wait_about_a_second() {
    let server = Server::steps([failing(500)]);
    let waits = Waits::default();
    let client = blocking::Client::builder(KEY).base_url(server.url());
    let client = client.build_with(ureq_without_proxy(), waits.clone()).unwrap();
    client.send(&create()).unwrap_err();
    assert_eq!((server.received().len(), waits.all().len()), (3, 2));
    let waited: Duration = waits.all().iter().sum();
    assert!((750 * MILLI..=1500 * MILLI).contains(&waited), "{waited:?}");
}

/// A timer that takes longer than it was asked to does not lead to an attempt after the deadline.
#[test]
fn no_attempt_starts_after_the_deadline() {
    struct Slow;
    impl Timer for Slow {
        async fn sleep(&self, wait: Duration) {
            std::thread::sleep(wait + 1000 * MILLI);
        }
    }
    let server = Server::steps([failing(500)]);
    let client = blocking::Client::builder(KEY).base_url(server.url()).defaults(Options::new().deadline(1000 * MILLI));
    let client = client.build_with(ureq_without_proxy(), Slow).unwrap();
    assert_eq!(client.send(&create()).unwrap_err().status().unwrap(), 500);
    assert_eq!(server.received().len(), 1);
}
