//! The feature `tracing`: one span for each call, and never a secret, whatever else the HTTP stacks log.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use stripe_financial_connections::Options;
use tracing_subscriber::{
    fmt::{MakeWriter, format::FmtSpan},
    layer::SubscriberExt as _,
};

use crate::{
    harness::{CLIENT_SECRET, Setup, Stack, create, retrieve, session},
    server::{Server, Step},
};

/// No other test uses it, as the log is one for all.
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

/// Takes what ureq and others log by way of the crate `log`.
impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let _ = writeln!(self.0.lock().unwrap(), "{} {}: {}", record.level(), record.target(), record.args());
    }

    fn flush(&self) {}
}

#[test]
fn a_call_is_one_span_without_secrets() {
    let logged = Log::default();
    log::set_boxed_logger(Box::new(logged.clone())).unwrap();
    log::set_max_level(log::LevelFilter::Trace);

    for stack in Stack::ALL {
        let closing = Step::answer(503, "").header("connection", "close");
        let server = Server::steps([closing, Step::Reset, Step::answer(200, session("fcsess_1"))]);
        let setup = Setup { key: KEY.to_owned(), retries: 2, ..Setup::of(&server) };
        let client = stack.client(&setup).unwrap();
        let log = Log::default();
        let layer =
            tracing_subscriber::fmt::layer().with_ansi(false).with_writer(log.clone()).with_span_events(FmtSpan::CLOSE);
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            client.send_with(&create(), &Options::new().param("secret", KEY)).unwrap();
            client.send(&retrieve()).unwrap();
        });

        let text = log.text();
        println!("{text}");
        let ours: Vec<_> = text
            .lines()
            .filter(|line| line.contains("stripe_financial_connections") && line.contains("close"))
            .collect();
        assert_eq!(ours.len(), 2, "{stack:?}: one span for each call");
        let sessions = "path=\"/v1/financial_connections/sessions\"";
        for part in ["stripe_call{method=\"POST\"", sessions, "status=200", "request_id=\"req_1\"", "attempts=3"] {
            assert!(ours[0].contains(part), "{part} is not in {}", ours[0]);
        }
        let path = "path=\"/v1/financial_connections/sessions/{session}\"";
        for part in ["stripe_call{method=\"GET\"", path, "status=200", "attempts=1"] {
            assert!(ours[1].contains(part), "{part} is not in {}", ours[1]);
        }
        assert!(!text.contains(KEY) && !text.contains(CLIENT_SECRET), "{stack:?}: {text}");
    }
    let text = logged.text();
    assert!(text.contains("ureq"), "ureq logs, so that there is something to look at");
    let shown: Vec<_> = text.lines().filter(|line| line.contains(KEY)).collect();
    assert!(shown.is_empty(), "the key is logged: {shown:?}");
}
