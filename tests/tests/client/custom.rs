//! Custom transports and timers.

use std::{
    future::poll_fn,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::Poll,
    time::Duration,
};

use stripe_financial_connections::{
    Client, Options, ThreadTimer, Transport, TransportError, TransportErrorKind, TransportLimits, blocking,
};

use crate::harness::{KEY, Waits, create, session, transport_kind};

/// Responds, fails or exceeds the limit, in turns.
#[derive(Default)]
struct Own {
    calls: AtomicUsize,
    limits: std::sync::Mutex<Vec<TransportLimits>>,
}

impl Transport for Own {
    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
        limits: TransportLimits,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        assert_eq!(request.uri().host(), Some("api.stripe.com"));
        self.limits.lock().unwrap().push(limits);
        // Pending at first, and woken from another thread.
        let mut woken = false;
        poll_fn(|context| {
            if woken {
                return Poll::Ready(());
            }
            woken = true;
            let waker = context.waker().clone();
            std::thread::spawn(move || waker.wake());
            Poll::Pending
        })
        .await;
        match self.calls.fetch_add(1, Ordering::Relaxed) {
            0 => Err(TransportError::new(TransportErrorKind::Interrupted, "the cable was cut")),
            1 => Err(TransportError::new(
                TransportErrorKind::Timeout,
                std::io::Error::from(std::io::ErrorKind::TimedOut),
            )),
            2 => Ok(http::Response::new(session("fcsess_1").into_bytes())),
            3 => Ok(http::Response::new(vec![b' '; 2000])),
            _ => Err(TransportError::new(TransportErrorKind::Other, "no more")),
        }
    }
}

#[test]
fn a_custom_transport_has_the_same_retries() {
    let transport = Arc::new(Own::default());
    let waits = Waits::default();
    let client = blocking::Client::builder(KEY)
        .defaults(Options::new().timeout(Duration::from_secs(5)))
        .max_response_bytes(1999)
        .build_with(Arc::clone(&transport), waits.clone())
        .unwrap();
    assert_eq!(client.send(&create()).unwrap().value().id.as_str(), "fcsess_1");
    assert_eq!(waits.all().len(), 2);

    let error = client.send(&create()).unwrap_err();
    assert_eq!(transport_kind(&error), TransportErrorKind::TooLarge);

    let error = client.send_with(&create(), &Options::new().timeout(Duration::from_secs(1))).unwrap_err();
    assert!(!error.is_retryable());
    assert_eq!(waits.all().len(), 2, "a permanent failure is not retried");

    let limits = transport.limits.lock().unwrap();
    assert_eq!((limits[0].timeout, limits[0].max_body), (Duration::from_secs(5), 1999));
    assert_eq!(limits.last().unwrap().timeout, Duration::from_secs(1));
}

/// The time between the call and its first attempt is the only part of the deadline that has passed.
#[test]
fn an_attempt_has_what_is_left_of_the_deadline() {
    let transport = Arc::new(Own::default());
    let client = blocking::Client::builder(KEY).build_with(Arc::clone(&transport), Waits::default()).unwrap();
    let (minute, hour) = (Duration::from_secs(60), Duration::from_secs(3600));
    for (timeout, deadline, expected) in [(Duration::MAX, hour, hour - minute..=hour), (minute, hour, minute..=minute)]
    {
        let _ = client.send_with(&create(), &Options::new().retries(0).timeout(timeout).deadline(deadline));
        let limits = transport.limits.lock().unwrap();
        assert!(expected.contains(&limits.last().unwrap().timeout), "{limits:?}");
    }
}

#[tokio::test]
async fn a_call_can_move_between_threads() {
    let client = Client::builder(KEY).build_with(Own::default(), Waits::default()).unwrap();
    let customer = String::from("cus_1");
    let call = {
        // The parameters need not outlive the call.
        let holder = stripe_financial_connections::CreateSessionAccountHolder::new("customer").customer(&customer);
        client.send(&stripe_financial_connections::CreateSession::new(holder, ["balances"]))
    };
    fn sendable<T: Send>(value: T) -> T {
        value
    }
    assert_eq!(sendable(call).await.unwrap().value().id.as_str(), "fcsess_1");
}

#[test]
fn the_thread_timer_waits() {
    use stripe_financial_connections::Timer as _;
    let start = std::time::Instant::now();
    let mut sleep = std::pin::pin!(ThreadTimer.sleep(Duration::from_millis(5)));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(sleep.as_mut().poll(&mut context).is_ready());
    assert!(start.elapsed() >= Duration::from_millis(5));
}
