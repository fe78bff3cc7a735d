//! The transport over ureq, which blocks.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use ::ureq::{Agent, AsSendBody, Body, Error};
use http::header;

use super::transport::{
    Transport, TransportError, TransportErrorKind, TransportLimits, is_idempotent, is_local, kind_of_cause,
};

/// Sends requests over [ureq](::ureq), which blocks: the futures are ready when they are made.
///
/// - TLS is rustls with ring and Mozilla's certificates, unless the agent is set up otherwise.
/// - Redirects are not followed.
/// - A request to this machine never goes through a proxy.
/// - A request is sent once more, on a new connection, if the server closed a connection before the response and the
///   connection may have been idle, and the request is a `GET` or carries an idempotency key. This is no attempt that
///   [`retries`](super::ClientBuilder::retries) counts.
///
/// # Logging
/// **At the log level `TRACE`, ureq logs each request with the API key and each response with its secrets**, byte by byte,
/// under the target `ureq_proto::util`. ureq has no setting against it, so filter that target wherever `TRACE` is on: with
/// `RUST_LOG=trace,ureq_proto=debug` for `env_logger` or `tracing-subscriber`, or with
/// `.level_for("ureq_proto", LevelFilter::Debug)` for `fern`. The API key is in no other message.
#[derive(Clone, Debug)]
pub struct UreqTransport {
    agent: Agent,
    /// Whether a connection has ever become idle. ureq does not say whether a request went over such a one.
    has_idle: Arc<AtomicBool>,
}

impl UreqTransport {
    /// Creates a transport from an agent with its settings: proxy, pool, certificates. For each request, redirects are
    /// turned off, and the timeout and the size limit are those of the client.
    #[must_use]
    pub fn new(agent: Agent) -> Self {
        Self { agent, has_idle: Arc::default() }
    }

    /// Sends a request, once more if an idle connection turns out to be closed.
    fn exchange(
        &self,
        request: http::Request<Vec<u8>>,
        limits: TransportLimits,
    ) -> Result<http::Response<Vec<u8>>, Error> {
        let started = Instant::now();
        let again = is_idempotent(&request).then(|| request.clone());
        let response = match (self.run(request, limits.timeout, false), again) {
            (Err(Error::Io(error)), Some(again))
                if kind_of_cause(&error) == Some(TransportErrorKind::Interrupted)
                    && self.has_idle.load(Ordering::Relaxed) =>
            {
                self.run(again, limits.timeout.saturating_sub(started.elapsed()), true)?
            }
            (outcome, _) => outcome?,
        };
        let (parts, mut body) = response.into_parts();
        // Before the body is read, whose end makes the connection idle.
        if parts.headers.get(header::CONNECTION).is_none_or(|value| !value.as_bytes().eq_ignore_ascii_case(b"close")) {
            self.has_idle.store(true, Ordering::Relaxed);
        }
        // ureq takes a body that just reaches its limit for one that exceeds it. The caller checks the length again.
        let limit = u64::try_from(limits.max_body).unwrap_or(u64::MAX).saturating_add(1);
        let body = body.with_config().limit(limit).read_to_vec()?;
        Ok(http::Response::from_parts(parts, body))
    }

    /// Returns the head of the response, and its body to be read.
    fn run(
        &self,
        request: http::Request<Vec<u8>>,
        timeout: Duration,
        on_new_connection: bool,
    ) -> Result<http::Response<Body>, Error> {
        // ureq announces a body, though an empty one, wherever there could be one.
        if request.method() == http::Method::POST {
            self.run_with(request, timeout, on_new_connection)
        } else {
            self.run_with(request.map(drop), timeout, on_new_connection)
        }
    }

    fn run_with<B: AsSendBody + 'static>(
        &self,
        request: http::Request<B>,
        timeout: Duration,
        on_new_connection: bool,
    ) -> Result<http::Response<Body>, Error> {
        let is_local = is_local(&request);
        let mut config = self
            .agent
            .configure_request(request)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(timeout));
        if is_local {
            config = config.proxy(None);
        }
        if on_new_connection {
            config = config.max_idle_age(Duration::ZERO);
        }
        self.agent.run(config.build())
    }
}

impl Default for UreqTransport {
    fn default() -> Self {
        Self::new(Agent::new_with_defaults())
    }
}

impl Transport for UreqTransport {
    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
        limits: TransportLimits,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        self.exchange(request, limits).map_err(|error| from_ureq(error, limits))
    }
}

fn from_ureq(error: Error, limits: TransportLimits) -> TransportError {
    let kind = match &error {
        Error::BodyExceedsLimit(_) => return TransportError::too_large(limits.max_body),
        Error::Timeout(_) => TransportErrorKind::Timeout,
        Error::Rustls(_) => TransportErrorKind::Tls,
        // Connecting is all that is left: a failed lookup of a name has no kind of its own in the standard library.
        Error::Io(error) => kind_of_cause(error).unwrap_or(TransportErrorKind::Connect),
        Error::ConnectionFailed | Error::ConnectProxyFailed(_) | Error::HostNotFound | Error::Tls(_) => {
            TransportErrorKind::Connect
        }
        Error::LargeResponseHeader(..) | Error::Protocol(_) => TransportErrorKind::Interrupted,
        _ => TransportErrorKind::Other,
    };
    TransportError::new(kind, error)
}
