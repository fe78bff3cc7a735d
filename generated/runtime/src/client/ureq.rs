//! The transport over ureq, which blocks.

use ::ureq::{Agent, AsSendBody, Body, Error};

use super::{
    stack::{IDLE_TIMEOUT, check_end, check_head, is_local, kind_of_cause},
    transport::{Transport, TransportLimits},
    transport_error::{TransportError, TransportErrorKind},
};

/// Sends requests over [ureq](::ureq), which blocks: the futures are ready when they are made.
///
/// - TLS is rustls with ring and Mozilla's certificates, unless the agent is set up otherwise.
/// - Redirects are not followed.
/// - A request to this machine never goes through a proxy.
/// - A connection that was idle for 30 seconds is not used again, unless the agent says otherwise. Servers keep one longer, so a
///   request seldom meets a connection that is being closed. [`Options::retries`](super::Options::retries) cover that case.
///
/// # Differences from reqwest
/// The same failure has the same [kind](TransportErrorKind) over both transports, except that ureq:
/// - fails with [`Interrupted`](TransportErrorKind::Interrupted) or a timeout if a server answers and closes before it has read a
///   large body, where reqwest returns the answer;
/// - takes a body in chunks for complete once the line of the last chunk has arrived, also if the connection is closed before
///   the empty line at the very end. No byte of the body is missing then, and [RFC 9112, section 8][rfc] calls it complete; ureq
///   does so [on purpose][pull];
/// - does not look at the trailers of a body, nor limit their number;
/// - fails with [`Interrupted`](TransportErrorKind::Interrupted) if the line with the length of a chunk has more than 20 bytes,
///   such as because of an extension;
/// - fails with [`InvalidResponse`](TransportErrorKind::InvalidResponse) if a status 100 has headers, or if informational
///   responses (1xx) arrive faster than it reads them;
/// - fails with the same kind if a proxy does not speak HTTP, which is [`Connect`](TransportErrorKind::Connect) over reqwest, if
///   a `Content-Length` beside chunks or in a response without a body is not a number or is there twice with two values, or if a reason or the blanks after a header
///   are longer than its buffer;
/// - takes a reset at the end of a body without a length for its end, if its JSON is complete or the status is a failure;
/// - accepts blanks, a plus sign and a bare line feed in the line with the length of a chunk.
///
/// [rfc]: https://www.rfc-editor.org/rfc/rfc9112#section-8
/// [pull]: https://github.com/algesten/ureq-proto/pull/22
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
            .max_response_header_size(MAX_HEAD)
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
        // ureq announces a body, though an empty one, wherever there could be one: only a `POST` states a length.
        let response = if request.method() == http::Method::POST {
            self.run(request, limits)
        } else {
            self.run(request.map(drop), limits)
        };
        let response = response.map_err(head_error)?;
        check_head(&response, limits)?;
        let (parts, mut body) = response.into_parts();
        // ureq takes a body that just reaches its limit for one that exceeds it. The caller checks the length again.
        let limit = u64::try_from(limits.max_body).unwrap_or(u64::MAX).saturating_add(1);
        let body = body.with_config().limit(limit).read_to_vec().map_err(|error| body_error(error, limits))?;
        let response = http::Response::from_parts(parts, body);
        check_end(&response)?;
        Ok(response)
    }
}

/// Maximum size of the head of a response: more than [`check_head`] accepts, and less than ureq's buffer of 128 KiB, since
/// ureq takes a full buffer for a broken connection.
const MAX_HEAD: usize = 96 * 1024;

/// Returns the error of a response whose head did not arrive.
fn head_error(error: Error) -> TransportError {
    let kind = kind_of(&error).unwrap_or(match &error {
        Error::LargeResponseHeader(..) | Error::Protocol(_) => TransportErrorKind::InvalidResponse,
        // Connecting is all that is left: a failed lookup of a name has no kind of its own in the standard library.
        Error::Io(_) | Error::ConnectionFailed | Error::ConnectProxyFailed(_) | Error::HostNotFound | Error::Tls(_) => {
            TransportErrorKind::Connect
        }
        _ => TransportErrorKind::Other,
    });
    TransportError::new(kind, error)
}

/// Returns the error of a response whose head arrived, but not its whole body.
fn body_error(error: Error, limits: TransportLimits) -> TransportError {
    if let Error::BodyExceedsLimit(_) = error {
        return TransportError::too_large(limits.max_body);
    }
    // ureq has several errors for a body that ends in the line of a chunk, and the same ones for a line without end.
    TransportError::new(kind_of(&error).unwrap_or(TransportErrorKind::Interrupted), error)
}

fn kind_of(error: &Error) -> Option<TransportErrorKind> {
    match error {
        Error::Timeout(_) => Some(TransportErrorKind::Timeout),
        Error::Rustls(_) => Some(TransportErrorKind::Tls),
        Error::Io(error) => kind_of_cause(error),
        _ => None,
    }
}
