//! The feature `tracing`: the documented span of each call, and no secret in any log, whatever the HTTP stacks write.

use std::{
    collections::BTreeMap,
    fmt,
    io::{self, Write},
    sync::{Arc, LazyLock, Mutex},
    time::Duration,
};

use stripe_financial_connections::{Method, Options, Request, RetrieveSession};
use tracing::{
    Dispatch, Event, Id, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Record},
    subscriber::NoSubscriber,
};
use tracing_subscriber::{
    Layer,
    fmt::{MakeWriter, format::FmtSpan},
    layer::{Context, SubscriberExt as _},
    registry::LookupSpan,
};

use crate::{
    harness::{CLIENT_SECRET, Setup, Stack, create, retrieve, session},
    server::{Server, Step},
};

/// No other test uses it, as all tests share the log.
const KEY: &str = "sk_test_LOGGED_NOWHERE";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// Records what ureq and others log through the crate `log`.
impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let _ = writeln!(self.0.lock().unwrap(), "{} {}: {}", record.level(), record.target(), record.args());
    }

    fn flush(&self) {}
}

/// The fields of a span or an event, and of a span the events in it.
#[derive(Clone, Debug, Default)]
struct Recorded {
    name: &'static str,
    fields: BTreeMap<&'static str, String>,
    events: Vec<Recorded>,
}

impl Visit for Recorded {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let earlier = self.fields.insert(field.name(), format!("{value:?}"));
        assert_eq!(earlier, None, "`{}` is recorded twice, which some subscribers would show twice", field.name());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }
}

impl Recorded {
    #[track_caller]
    fn assert<const N: usize>(&self, expected: [(&str, &str); N]) {
        let fields: BTreeMap<_, _> = self.fields.iter().map(|(name, value)| (*name, &**value)).collect();
        assert_eq!(fields, BTreeMap::from(expected));
    }
}

/// Collects the spans of calls when they close.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Vec<Recorded>>>);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Spans {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if attributes.metadata().target() == "stripe_financial_connections" {
            let mut recorded = Recorded { name: attributes.metadata().name(), ..Recorded::default() };
            attributes.record(&mut recorded);
            context.span(id).unwrap().extensions_mut().insert(recorded);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(recorded) = context.span(id).unwrap().extensions_mut().get_mut::<Recorded>() {
            values.record(recorded);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let Some(span) = context.event_span(event) else { return };
        if event.metadata().target() == "stripe_financial_connections"
            && let Some(recorded) = span.extensions_mut().get_mut::<Recorded>()
        {
            let mut fields = Recorded { name: event.metadata().level().as_str(), ..Recorded::default() };
            event.record(&mut fields);
            recorded.events.push(fields);
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        if let Some(recorded) = context.span(&id).unwrap().extensions_mut().remove::<Recorded>() {
            self.0.lock().unwrap().push(recorded);
        }
    }
}

/// Calls a function with a subscriber that this thread alone has.
fn subscribed(subscriber: impl Subscriber + Send + Sync + 'static, calls: impl FnOnce()) {
    // While there is one subscriber, `tracing` asks only the thread that first reaches a span or an event whether anyone wants
    // it. That may be the thread of another test, which has none.
    static SECOND: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(NoSubscriber::new()));
    LazyLock::force(&SECOND);
    tracing::subscriber::with_default(subscriber, calls);
}

/// Returns the one span of what a function does.
fn span_of(calls: impl FnOnce()) -> Recorded {
    let spans = Spans::default();
    subscribed(tracing_subscriber::registry().with(spans.clone()), calls);
    let mut spans = spans.0.lock().unwrap().clone();
    assert_eq!(spans.len(), 1, "{spans:?}");
    let span = spans.remove(0);
    println!("{span:?}");
    assert_eq!(span.name, "stripe_call");
    span
}

const SESSIONS: &str = "/v1/financial_connections/sessions";
const SESSION: &str = "/v1/financial_connections/sessions/{session}";

#[test]
fn a_span_has_the_documented_fields_and_an_event_for_each_retry() {
    for stack in Stack::ALL {
        let server = Server::steps([
            Step::response(503, "").header("retry-after", "7").header("connection", "close"),
            Step::Reset,
            Step::response(200, session("fcsess_1")),
        ]);
        let defaults = Options::new().account("acct_1").context("acct_2");
        let setup = Setup { retries: 2, defaults, ..Setup::of(&server) };
        let client = stack.client(&setup).unwrap();
        let span = span_of(|| drop(client.send(&create()).unwrap()));
        let port = server.url().rsplit_once(':').unwrap().1.to_owned();
        span.assert([
            ("otel.kind", "client"),
            ("otel.name", &format!("POST {SESSIONS}")),
            ("http.request.method", "POST"),
            ("http.request.resend_count", "2"),
            ("http.response.status_code", "200"),
            ("url.template", SESSIONS),
            ("server.address", "127.0.0.1"),
            ("server.port", &port),
            ("stripe.account", "acct_1"),
            ("stripe.context", "acct_2"),
            ("stripe.attempts", "3"),
            ("stripe.request_id", "req_1"),
        ]);
        let [first, second] = &span.events[..] else { panic!("{:?}", span.events) };
        assert_eq!((first.name, second.name), ("WARN", "WARN"));
        first.assert([
            ("message", "retrying"),
            ("error.type", "server"),
            ("http.response.status_code", "503"),
            ("stripe.attempts", "1"),
            ("stripe.wait_ms", "7000"),
        ]);
        second.assert([
            ("message", "retrying"),
            ("error.type", "connection"),
            ("stripe.attempts", "2"),
            ("stripe.wait_ms", &client.waits.all()[1].as_millis().to_string()),
        ]);
    }
}

#[test]
fn the_span_of_a_failed_call_has_its_outcome() {
    let hurry = Options::new().timeout(Duration::from_millis(50));
    let error = r#"{"error": {"type": "invalid_request_error", "code": "resource_missing"}}"#;
    for stack in Stack::ALL {
        let failed = |step: Step, options: &Options| {
            let server = Server::steps([step]);
            let client = stack.client(&Setup::of(&server)).unwrap();
            let mut span = span_of(|| drop(client.send_with(&retrieve(), options).unwrap_err()));
            let fields =
                ["http.request.method", "url.template", "otel.name", "otel.kind", "server.address", "server.port"];
            for field in fields {
                assert!(span.fields.remove(field).is_some(), "{field}");
            }
            assert_eq!(span.fields.remove("otel.status_code").as_deref(), Some("ERROR"));
            span
        };
        failed(Step::response(404, error), &Options::new()).assert([
            ("error.type", "not_found"),
            ("http.response.status_code", "404"),
            ("stripe.attempts", "1"),
            ("stripe.error_code", "resource_missing"),
            ("stripe.request_id", "req_1"),
        ]);
        failed(Step::response(200, "{}"), &Options::new()).assert([
            ("error.type", "unexpected_response"),
            ("http.response.status_code", "200"),
            ("stripe.attempts", "1"),
            ("stripe.request_id", "req_1"),
        ]);
        failed(Step::Hang, &hurry).assert([("error.type", "timeout"), ("stripe.attempts", "1")]);
        failed(Step::Hang, &Options::new().account("not an account"))
            .assert([("error.type", "invalid_input"), ("stripe.attempts", "0")]);
    }
}

#[test]
fn the_span_of_a_cancelled_call_says_so() {
    let server = Server::steps([Step::Hang]);
    let client = stripe_financial_connections::Client::builder(KEY).base_url(server.url());
    let client =
        client.build_with(crate::harness::reqwest_without_proxy(), stripe_financial_connections::TokioTimer).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let span = span_of(|| {
        runtime.block_on(async {
            let call = client.send(&RetrieveSession::new("fcsess_1"));
            tokio::time::timeout(Duration::from_millis(50), call).await.unwrap_err();
        });
    });
    assert_eq!(span.fields["error.type"], "cancelled");
    assert_eq!(span.fields["otel.status_code"], "ERROR");
    assert_eq!(span.fields["stripe.attempts"], "1");
    assert_eq!(span.fields["url.template"], SESSION);
}

/// The path may have ids in it, which would make a new name for each object.
#[test]
fn the_span_of_a_raw_request_has_no_path() {
    let server = Server::steps([Step::response(200, "{}")]);
    let client = Stack::Ureq.client(&Setup::of(&server)).unwrap();
    let request = Request::new(Method::Get, "/v1/new_objects/{id}", &[("id", "new_1")]).unwrap();
    let request = request.with_api_version(stripe_financial_connections::API_VERSION);
    let span = span_of(|| drop(client.send_raw(request).unwrap()));
    assert_eq!(span.fields["otel.name"], "GET");
    assert_eq!(span.fields["http.response.status_code"], "200");
    assert!(!span.fields.contains_key("url.template") && !format!("{span:?}").contains("new_1"));
}

#[test]
fn no_log_shows_a_secret_but_that_of_ureqs_protocol_crate() {
    let logged = Log::default();
    log::set_boxed_logger(Box::new(logged.clone())).unwrap();
    log::set_max_level(log::LevelFilter::Trace);

    for stack in Stack::ALL {
        let closing = Step::response(503, "").header("connection", "close");
        let server = Server::steps([closing, Step::Reset, Step::response(200, session("fcsess_1"))]);
        let setup = Setup { key: KEY.to_owned(), retries: 2, ..Setup::of(&server) };
        let client = stack.client(&setup).unwrap();
        let log = Log::default();
        let layer =
            tracing_subscriber::fmt::layer().with_ansi(false).with_writer(log.clone()).with_span_events(FmtSpan::CLOSE);
        subscribed(tracing_subscriber::registry().with(layer), || {
            client.send_with(&create(), &Options::new().param("secret", KEY)).unwrap();
            client.send(&retrieve()).unwrap();
        });

        let text = log.text();
        let ours = text.lines().filter(|line| line.contains("stripe_financial_connections: close"));
        assert_eq!(ours.count(), 2, "{stack:?}: one span for each call: {text}");
        assert!(!text.contains(KEY) && !text.contains(CLIENT_SECRET), "{stack:?}: {text}");
    }
    // ureq's protocol crate dumps what is sent in rows of sixteen bytes, as the documentation of `UreqTransport` warns: should
    // it stop, the warning can go. Of the part of the key that is in no other key, half is in one row.
    let text = logged.text();
    let shows_key =
        |line: &&str| KEY.as_bytes()[8..].windows(7).any(|part| line.contains(str::from_utf8(part).unwrap()));
    let (dumped, other): (Vec<_>, Vec<_>) = text.lines().partition(|line| line.starts_with("TRACE ureq_proto::util: "));
    assert!(dumped.iter().any(shows_key), "the warning about ureq is out of date");
    assert!(other.iter().any(|line| line.contains("ureq")), "ureq logs, or this test would prove nothing");
    let shown: Vec<_> = other.into_iter().filter(shows_key).collect();
    assert!(shown.is_empty(), "the key is logged: {shown:?}");
}
