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

use http::{Response, Uri};
use stripe_financial_connections::{
    API_VERSION, CreateSession, CreateSessionAccountHolder, Error, Operation, Options, RawResponse, Request,
    RetrieveSession, Session, Transport, TransportError, TransportErrorKind, TransportLimits,
};
use tokio::task::JoinSet;

use crate::{
    fault_server::{self, FaultServer, respond},
    faults::table::{Target, faults},
    harness::{Setup, Stack, session, transport_kind},
};

/// Calls over both transports together.
const CALLS: usize = 10_000;
const THREADS: usize = 16;
const TIMEOUT: Duration = Duration::from_secs(5);
/// Three attempts. The waits between them are recorded only.
const ALLOWED: Duration = TIMEOUT.saturating_mul(3);
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
        mut request: http::Request<Vec<u8>>,
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

/// Returns the request of a call. Half of them are a `POST` with a body of its own; some have a deadline.
fn prepare(call: usize) -> (Request, Options) {
    let name = format!("call-{call}");
    let options = if has_deadline(call) { Options::new().deadline(DEADLINE) } else { Options::new() };
    let (request, options) = if call.is_multiple_of(2) {
        let holder = CreateSessionAccountHolder::new("customer").customer(format!("cus_{call}"));
        (CreateSession::new(holder, ["balances"]).request(), options.idempotency_key(name))
    } else {
        (RetrieveSession::new(name).request(), options)
    };
    (request.unwrap().with_api_version(API_VERSION), options)
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

/// Makes calls, so many at once, and checks each. Returns how long the slowest one took.
fn run(stack: Stack, calls: Range<usize>, at_once: usize) -> Duration {
    let (arrivals, attempts) = (Arrivals::default(), Attempts::default());
    let target = Target::http(server(&arrivals));
    let setup = Setup { timeout: TIMEOUT, ..target.setup(2) };
    let reqwest = || Faulty::new(target.reqwest(), &attempts, Target::reqwest);
    let ureq = || Faulty::new(target.ureq(), &attempts, Target::ureq);
    let client = stack.client_over(&setup, reqwest, ureq).unwrap().on_threads();
    let work = Arc::new((AtomicUsize::new(calls.start), Mutex::new(BTreeMap::new())));
    let next = {
        let (work, end) = (Arc::clone(&work), calls.end);
        move || Some(work.0.fetch_add(1, Ordering::SeqCst)).filter(|call| *call < end)
    };
    let note = {
        let work = Arc::clone(&work);
        move |call, start: Instant, outcome: Result<RawResponse, Error>| {
            let outcome = outcome.and_then(|response| response.json::<Session>());
            work.1.lock().unwrap().insert(call, (outcome, start.elapsed()));
        }
    };
    match client.asynchronous() {
        Some((client, runtime)) => runtime.block_on(async {
            let mut tasks = JoinSet::new();
            for _ in 0..at_once {
                let (client, next, note) = (client.clone(), next.clone(), note.clone());
                tasks.spawn(async move {
                    while let Some(call) = next() {
                        let (request, options) = prepare(call);
                        note(call, Instant::now(), client.send_raw_with(request, &options).await);
                    }
                });
            }
            tasks.join_all().await;
        }),
        None => std::thread::scope(|scope| {
            for _ in 0..at_once {
                scope.spawn(|| {
                    while let Some(call) = next() {
                        let (request, options) = prepare(call);
                        note(call, Instant::now(), client.send_raw_with(request, &options));
                    }
                });
            }
        }),
    }
    let outcomes = std::mem::take(&mut *work.1.lock().unwrap());
    let attempts = attempts.lock().unwrap();
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
    let slowest = outcomes.values().map(|(_, elapsed)| *elapsed).max().unwrap_or_default();
    println!(
        "{stack:?}: {succeeded} of {} calls succeeded, {retried} retried, failed attempts {kinds:?}, slowest {slowest:.1?}",
        calls.len()
    );
    assert_eq!(arrived, succeeded);
    // The faults are many, and nearly all of those that may pass do. With too many calls at once, a deadline is short.
    let patient = outcomes.iter().filter(|(call, _)| !has_deadline(**call));
    let (good, bad): (Vec<_>, Vec<_>) = patient.partition(|(_, (outcome, _))| outcome.is_ok());
    assert!(retried > calls.len() / 20 && good.len() > 9 * bad.len(), "{} failed, {retried} retried", bad.len());
    slowest
}

#[test]
fn ten_thousand_calls_over_a_failing_network_lose_nothing() {
    std::thread::scope(|scope| {
        scope.spawn(|| run(Stack::Reqwest, 0..CALLS / 2, THREADS));
        scope.spawn(|| run(Stack::Ureq, CALLS / 2..CALLS, THREADS));
    });
}

/// Prints how the calls end, how long the slowest takes and how much memory all of it needs, the servers and a thread for
/// each call and connection included.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "its figures are those of a release build, and of a machine with nothing else to do"]
fn ten_thousand_calls_at_once() {
    use nix::sys::resource::{Resource, UsageWho, getrlimit, getrusage, setrlimit};

    // Both ends of each connection are in this process, and connections that were given up are there for a while.
    let (_, files) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    setrlimit(Resource::RLIMIT_NOFILE, files, files).unwrap();
    let most = usize::try_from(files / 5 * 2).unwrap();
    let memory = || getrusage(UsageWho::RUSAGE_SELF).unwrap().max_rss() / 1024;
    for (stack, calls, at_once) in [(Stack::Reqwest, 0..CALLS, CALLS), (Stack::Ureq, CALLS..2 * CALLS, 4000)] {
        let at_once = at_once.min(most);
        let slowest = run(stack, calls, at_once);
        println!("{stack:?}: {at_once} at once, at most {ALLOWED:.1?} allowed, peak memory so far {} MiB", memory());
        assert!(slowest < ALLOWED + SLACK, "{stack:?}: {slowest:?} of {ALLOWED:?}");
    }
}
