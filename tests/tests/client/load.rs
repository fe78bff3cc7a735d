//! Many calls at once over a network that fails in every way of the table of faults, with the default number of retries.

use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use http::{Request, Response, Uri};
use stripe_financial_connections::{
    CreateSession, CreateSessionAccountHolder, Error, Options, RetrieveSession, Session, Transport, TransportError,
    TransportErrorKind, TransportLimits,
};

use crate::{
    fault_server::{self, FaultServer, respond},
    faults::{Target, faults},
    harness::{AnyClient, Setup, Stack, session, transport_kind},
};

/// Calls over both transports together.
const CALLS: usize = 10_000;
const THREADS: usize = 16;
/// Of the calls that have a deadline.
const DEADLINE: Duration = Duration::from_millis(600);
/// How much later than its deadline a call may return on a busy machine.
const SLACK: Duration = Duration::from_secs(5);

/// Returns a number that looks random, and is the same in each run.
fn scatter(call: usize, salt: usize) -> usize {
    let mut bits =
        (call as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (salt as u64).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 31)).wrapping_mul(0x94d0_49bb_1331_11eb);
    usize::try_from((bits ^ (bits >> 29)) >> 8).unwrap()
}

/// An attempt, as the client made it.
struct Attempt {
    sent: Vec<u8>,
    started: Instant,
    timeout: Duration,
    failed: Option<TransportErrorKind>,
}

/// The attempts of each call.
type Attempts = Arc<Mutex<BTreeMap<usize, Vec<Attempt>>>>;

/// Sends every tenth attempt to a target of the table instead.
struct Faulty<T> {
    good: T,
    faults: Vec<(TransportErrorKind, Target, T)>,
    attempts: Attempts,
}

impl<T> Faulty<T> {
    fn new(good: T, attempts: &Attempts, transport: impl Fn(&Target) -> T) -> Self {
        let faults = faults().into_iter().map(|(_, kind, target)| {
            let target = target();
            let transport = transport(&target);
            (kind, target, transport)
        });
        Self { good, faults: faults.collect(), attempts: Arc::clone(attempts) }
    }
}

impl<T: Transport> Transport for Faulty<T> {
    async fn send(
        &self,
        mut request: Request<Vec<u8>>,
        mut limits: TransportLimits,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let key = request.headers().get("idempotency-key").map(|key| key.to_str().unwrap());
        let call = call_of(key.unwrap_or_else(|| request.uri().path().rsplit('/').next().unwrap()));
        let attempt = Attempt {
            sent: request.body().clone(),
            started: Instant::now(),
            timeout: limits.timeout,
            failed: Some(TransportErrorKind::Other),
        };
        let number = {
            let mut attempts = self.attempts.lock().unwrap();
            let attempts = attempts.entry(call).or_default();
            attempts.push(attempt);
            attempts.len() - 1
        };
        let turn = scatter(call, number);
        let outcome = if turn.is_multiple_of(10) {
            let (kind, target, transport) = &self.faults[turn / 10 % self.faults.len()];
            *request.uri_mut() = format!("{}{}", target.base_url, request.uri().path()).parse::<Uri>().unwrap();
            if *kind == TransportErrorKind::Timeout && limits.timeout > DEADLINE {
                limits.timeout = Duration::from_millis(50);
            }
            transport.send(request, limits).await
        } else {
            self.good.send(request, limits).await
        };
        self.attempts.lock().unwrap().get_mut(&call).unwrap()[number].failed =
            outcome.as_ref().err().map(TransportError::kind);
        outcome
    }
}

/// Returns the number of a call from its key or the id that it asks for.
fn call_of(name: &str) -> usize {
    name.strip_prefix("call-").unwrap().parse().unwrap()
}

/// The bodies that arrived, by the key or the id of the call.
type Arrivals = Arc<Mutex<BTreeMap<String, Vec<Vec<u8>>>>>;

/// Responds with the key or the id of each request. It closes some connections when they become idle, and some with the
/// next request in them.
fn server(arrivals: &Arrivals) -> FaultServer {
    let (arrivals, responses) = (Arc::clone(arrivals), AtomicUsize::new(0));
    FaultServer::start(move |mut stream| {
        let read = |stream: &mut _| {
            let request = fault_server::Request::read(stream)?;
            let target = request.head.split(' ').nth(1).unwrap();
            let name =
                request.header("idempotency-key").unwrap_or_else(|| target.rsplit('/').next().unwrap()).to_owned();
            arrivals.lock().unwrap().entry(name.clone()).or_default().push(request.body);
            Some(name)
        };
        while let Some(name) = read(&mut stream) {
            if respond(&mut stream, &session(&name)).is_err() {
                return;
            }
            match responses.fetch_add(1, Ordering::SeqCst) % 20 {
                7 => return,
                14 => drop(read(&mut stream)),
                _ => continue,
            }
            return;
        }
    })
}

/// Makes a call. Half of them are a `POST` with a body of its own; some have a deadline.
fn send(client: &AnyClient, call: usize) -> Result<Session, Error> {
    let name = format!("call-{call}");
    let options = if has_deadline(call) { Options::new().deadline(DEADLINE) } else { Options::new() };
    let response = if call.is_multiple_of(2) {
        let holder = CreateSessionAccountHolder::new("customer").customer(format!("cus_{call}"));
        client.send_with(&CreateSession::new(holder, ["balances"]), &options.idempotency_key(name))
    } else {
        client.send_with(&RetrieveSession::new(name), &options)
    };
    response.map(|response| response.into_value())
}

fn has_deadline(call: usize) -> bool {
    scatter(call, 9).is_multiple_of(5)
}

/// Checks the attempts of a call against its outcome.
fn check(call: usize, attempts: &[Attempt], outcome: &Result<Session, Error>, elapsed: Duration) {
    let last = attempts.last().unwrap_or_else(|| panic!("call {call} was not sent: {outcome:?}"));
    assert!(attempts.iter().all(|attempt| attempt.sent == attempts[0].sent), "call {call}");
    assert!(attempts.len() <= 3, "call {call}");
    match outcome {
        Ok(session) => assert!(session.id == *format!("call-{call}") && last.failed.is_none(), "call {call}"),
        Err(error) => {
            let kind = transport_kind(error);
            assert_eq!(last.failed, Some(kind), "call {call}");
            // A retryable error ends a call only after the last attempt, or if no time is left for another one.
            assert!(!error.is_retryable() || attempts.len() == 3 || has_deadline(call), "call {call}: {error:?}");
        }
    }
    if has_deadline(call) {
        assert!(elapsed < DEADLINE + SLACK, "call {call} took {elapsed:?}");
        // The thread may be put aside between the look at the clock and the attempt.
        let end = attempts[0].started + DEADLINE + Duration::from_secs(1);
        assert!(attempts.iter().all(|attempt| attempt.started + attempt.timeout <= end), "call {call}");
    }
}

fn run(stack: Stack, calls: Range<usize>) {
    let (arrivals, attempts) = (Arrivals::default(), Attempts::default());
    let target = Target::http(server(&arrivals));
    let setup = Setup { timeout: Duration::from_secs(5), ..target.setup(2) };
    let reqwest = || Faulty::new(target.reqwest(), &attempts, Target::reqwest);
    let ureq = || Faulty::new(target.ureq(), &attempts, Target::ureq);
    let client = stack.client_over(&setup, reqwest, ureq).unwrap().on_threads();
    let next = AtomicUsize::new(calls.start);
    let outcomes = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let call = next.fetch_add(1, Ordering::SeqCst);
                    if call >= calls.end {
                        break;
                    }
                    let start = Instant::now();
                    let outcome = send(&client, call);
                    outcomes.lock().unwrap().insert(call, (outcome, start.elapsed()));
                }
            });
        }
    });
    let (outcomes, attempts) = (outcomes.into_inner().unwrap(), attempts.lock().unwrap());
    assert_eq!(outcomes.len(), calls.len());
    for (call, (outcome, elapsed)) in &outcomes {
        check(*call, attempts.get(call).map_or(&[], Vec::as_slice), outcome, *elapsed);
    }
    let arrivals = arrivals.lock().unwrap();
    for (name, bodies) in &*arrivals {
        assert!(bodies.iter().all(|body| *body == bodies[0]), "{name} arrived with two bodies");
        assert_eq!(bodies[0], attempts[&call_of(name)][0].sent, "{name}");
    }
    let succeeded = outcomes.iter().filter(|(_, (outcome, _))| outcome.is_ok());
    let arrived = succeeded.clone().filter(|(call, _)| arrivals.contains_key(&format!("call-{call}"))).count();
    let succeeded = succeeded.count();
    let retried = attempts.values().filter(|attempts| attempts.len() > 1).count();
    let kinds: BTreeMap<_, _> =
        attempts.values().flatten().filter_map(|attempt| attempt.failed).fold(BTreeMap::new(), |mut kinds, kind| {
            *kinds.entry(format!("{kind:?}")).or_insert(0) += 1;
            kinds
        });
    println!("{stack:?}: {succeeded} of {} calls succeeded, {retried} retried, {kinds:?}", calls.len());
    assert_eq!(arrived, succeeded);
    // The faults are many, and nearly all of those that may pass do.
    assert!(retried > calls.len() / 20 && succeeded > calls.len() * 9 / 10, "{succeeded} succeeded, {retried} retried");
}

#[test]
fn ten_thousand_calls_over_a_failing_network_lose_nothing() {
    std::thread::scope(|scope| {
        scope.spawn(|| run(Stack::Reqwest, 0..CALLS / 2));
        scope.spawn(|| run(Stack::Ureq, CALLS / 2..CALLS));
    });
}
