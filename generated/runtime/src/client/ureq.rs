//! The transport over ureq, which blocks.

use ::ureq::{Agent, AsSendBody, Body, Error};

use super::transport::{
    IDLE_TIMEOUT, Transport, TransportError, TransportErrorKind, TransportLimits, is_local, kind_of_cause,
};

/// Sends requests over [ureq](::ureq), which blocks: the futures are ready when they are made.
///
/// - TLS is rustls with ring and Mozilla's certificates, unless the agent is set up otherwise.
/// - Redirects are not followed.
/// - A request to this machine never goes through a proxy.
/// - An idle connection is closed after 30 seconds, unless the agent says otherwise. Servers keep one longer, so that a
///   request seldom meets a connection that is being closed. [`Options::retries`](super::Options::retries) cover that case.
///
/// # Logging
/// **At the log level `TRACE`, ureq logs each request with the API key and each response with its secrets**, byte by byte,
/// under the target `ureq_proto::util`. ureq has no setting against it, so filter that target wherever `TRACE` is on: with
/// `RUST_LOG=trace,ureq_proto=debug` for `env_logger` or `tracing-subscriber`, or with
/// `.level_for("ureq_proto", LevelFilter::Debug)` for `fern`. The API key is in no other message.
#[derive(Clone, Debug)]
pub struct UreqTransport(Agent);

impl UreqTransport {
    /// Creates a transport from an agent with its settings: proxy, pool, certificates. For each request, redirects are
    /// turned off, and the timeout and the size limit are those of the client.
    #[must_use]
    pub const fn new(agent: Agent) -> Self {
        Self(agent)
    }

    fn exchange(
        &self,
        request: http::Request<Vec<u8>>,
        limits: TransportLimits,
    ) -> Result<http::Response<Vec<u8>>, Error> {
        // ureq announces a body, though an empty one, wherever there could be one: only a `POST` states a length.
        let response = if request.method() == http::Method::POST {
            self.run(request, limits)?
        } else {
            self.run(request.map(drop), limits)?
        };
        let (parts, mut body) = response.into_parts();
        // ureq takes a body that just reaches its limit for one that exceeds it. The caller checks the length again.
        let limit = u64::try_from(limits.max_body).unwrap_or(u64::MAX).saturating_add(1);
        let body = body.with_config().limit(limit).read_to_vec()?;
        Ok(http::Response::from_parts(parts, body))
    }

    /// Returns the head of the response, and its body to be read.
    fn run<B: AsSendBody + 'static>(
        &self,
        request: http::Request<B>,
        limits: TransportLimits,
    ) -> Result<http::Response<Body>, Error> {
        let is_local = is_local(&request);
        let mut config = self
            .0
            .configure_request(request)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(limits.timeout));
        if is_local {
            config = config.proxy(None);
        }
        self.0.run(config.build())
    }
}

impl Default for UreqTransport {
    fn default() -> Self {
        Self(Agent::config_builder().max_idle_age(IDLE_TIMEOUT).build().into())
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
